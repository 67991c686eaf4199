/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkEnd: the program's end of a link to the hub (plugins/hubtransport/link-wire.h): a thread of its own, "link",
 * reads packets into streams, asks again for what is missing and for keyframes, and reports; hublinksrc and hublinksink
 * are its GStreamer face. It outlives its socket: when the hub was replaced, the streams go on over another one. Any
 * thread. */
#pragma once

#include <gst/gst.h>

#include "plugins/hublink/link-stream.h"

G_BEGIN_DECLS

#define GR_TYPE_LINK_END (gr_link_end_get_type ())
G_DECLARE_FINAL_TYPE (GrLinkEnd, gr_link_end, GR, LINK_END, GObject)

GrLinkEnd *gr_link_end_new (void);

/* Takes over @fd, a SOCK_SEQPACKET; what was there before is closed. */
void gr_link_end_set_socket (GrLinkEnd *end, int fd);

/* What comes. @func is called when a stream's first packet came (@here), at once for those that are there, and when the
 * hub says that it is not watched any more; on the link's thread or on this one, perhaps twice. NULL: nobody listens
 * any more, once this returned. */
typedef void (*GrLinkStreamFunc) (GrLinkStream *stream, gboolean here, gpointer user_data);
void gr_link_end_on_stream (GrLinkEnd *end, GrLinkStreamFunc func, gpointer user_data);

/* What goes. The functions are called on the link's thread when the hub asks for a packet again, or for a keyframe.
 * They do not come any more once gr_link_end_unpublish() returned. */
typedef struct
{
  guint32 ssrc;
  void (*again) (guint16 sequence, gpointer user_data);
  void (*keyframe) (gpointer user_data);
  gpointer user_data;
} GrLinkPublisher;

void gr_link_end_publish (GrLinkEnd *end, const GrLinkPublisher *publisher);
void gr_link_end_unpublish (GrLinkEnd *end, guint32 ssrc);

/* Queues a packet, and sends what is queued if @flush. What the hub has no room for is dropped and counted; it asks
 * again. */
void gr_link_end_send (GrLinkEnd *end, const guint8 *packet, gsize length, gboolean flush);

typedef struct
{
  gboolean open;
  guint64 packets_in;
  guint64 bytes_in;
  guint64 packets_out;
  guint64 bytes_out;
  guint64 dropped_out; /* the hub had no room */
  guint64 refused;     /* of no stream that the hub has named, or malformed */
} GrLinkEndStats;

void gr_link_end_get_stats (GrLinkEnd *end, GrLinkEndStats *stats);
/* (transfer full) (element-type GrLinkStream) */
GPtrArray *gr_link_end_get_streams (GrLinkEnd *end);

G_END_DECLS
