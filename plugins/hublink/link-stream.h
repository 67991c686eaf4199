/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkStream: a participant's track as it comes over the link: put in order, timed, asked for again. The link's
 * thread puts in, a pad's thread takes out. Referenced by both. */
#pragma once

#include "plugins/hublink/jitter.h"
#include "plugins/hublink/timing.h"
#include "plugins/hubtransport/nack.h"
#include "plugins/hubtransport/reception.h"
#include "plugins/hubtransport/rtcp.h"

G_BEGIN_DECLS

typedef struct
{
  char *participant;
  char *kind;
  gboolean video;
  guint8 payload_type; /* 0: nothing came yet */
  guint64 packets;
  guint64 lost;       /* given up */
  guint64 recovered;  /* came when asked for again */
  guint64 overflowed; /* times that the decoder was so slow that all had to go */
  guint64 keyframe_requests;
  guint queued;      /* packets */
  gboolean reported; /* its time is the hub's */
  gint64 delay_us;   /* from capture until the newest packet came */
} GrLinkStreamStats;

typedef struct _GrLinkStream GrLinkStream;

GrLinkStream *gr_link_stream_new (const char *participant, const char *kind);
GrLinkStream *gr_link_stream_ref (GrLinkStream *stream);
void gr_link_stream_unref (GrLinkStream *stream);

const char *gr_link_stream_get_participant (const GrLinkStream *stream);
const char *gr_link_stream_get_kind (const GrLinkStream *stream);

/* Whether a packet came. */
gboolean gr_link_stream_has_begun (GrLinkStream *stream);
/* By its codec, once a packet came. */
gboolean gr_link_stream_is_video (GrLinkStream *stream);

void gr_link_stream_get_stats (GrLinkStream *stream, GrLinkStreamStats *stats);
void gr_link_stream_stats_clear (GrLinkStreamStats *stats);

/* Any thread: a picture without a past. */
void gr_link_stream_want_keyframe (GrLinkStream *stream);

/* The link's thread. Its streams in the hub; others than before, and it begins anew. */
void gr_link_stream_set_ssrcs (GrLinkStream *stream, guint32 ssrc, guint32 rtx_ssrc);
guint32 gr_link_stream_get_ssrc (GrLinkStream *stream);
guint32 gr_link_stream_get_rtx_ssrc (const GrLinkStream *stream);
/* TRUE for its first packet ever. */
gboolean gr_link_stream_receive (GrLinkStream *stream, guint8 *packet, gsize length, gint64 now);
/* @time: the monotonic time of the report's. */
void gr_link_stream_report (GrLinkStream *stream, guint32 timestamp, gint64 time);
/* Writes what has to be asked for now. Returns when there is something next (µs). */
gint64 gr_link_stream_ask (GrLinkStream *stream, GrRtcpWriter *writer, guint32 sender, gint64 now);
/* FALSE: nothing came yet. */
gboolean gr_link_stream_describe (GrLinkStream *stream, GrRtcpReportBlock *block);

typedef struct
{
  GstBuffer *packet; /* RTP; owned by whoever takes it. Its PTS is the monotonic clock's */
  guint8 payload_type;
  gboolean discont; /* packets before it never came */
} GrLinkTaken;

/* The pad's thread: waits for the next packet, @patience µs for one that is missing. FALSE when it is stopped. */
gboolean gr_link_stream_take (GrLinkStream *stream, gint64 patience, GrLinkTaken *taken);
void gr_link_stream_set_flowing (GrLinkStream *stream, gboolean flowing);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrLinkStream, gr_link_stream_unref)

G_END_DECLS
