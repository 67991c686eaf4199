/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of GrLinkEnd share: link-end.c (the socket, its thread, and who sends), link-intake.c (what comes). */
#pragma once

#include "plugins/hublink/link-end.h"
#include "plugins/hubtransport/link-wire.h"

G_BEGIN_DECLS

#define MAX_PUBLISHERS 4

struct _GrLinkEnd
{
  GObject parent;

  GThread *thread;
  int wake; /* eventfd */
  guint32 ssrc;

  /* The link's thread. */
  GrLinkReader *reader;
  GHashTable *by_ssrc; /* → GrLinkStream, its retransmissions too */
  gint64 next_report;
  gint64 next_check;
  gint64 hub_clock; /* µs: monotonic − the hub's NTP time; G_MAXINT64: not known */

  GMutex mutex; /* guards what follows; before write_mutex */
  gboolean quit;
  int fd;             /* −1: none */
  int coming;         /* takes the place of fd; −1: none */
  GPtrArray *streams; /* GrLinkStream */
  GrLinkEndStats stats;

  GRecMutex listeners; /* held while they are called: they are gone when they were taken away */
  GrLinkStreamFunc stream_func;
  gpointer stream_data;
  GrLinkPublisher publishers[MAX_PUBLISHERS];
  guint n_publishers;

  GMutex write_mutex; /* taken last */
  GrLinkWriter *writer;
  int write_fd; /* −1: none */
};

/* The link's thread. One packet of the hub's: RTP, RTCP or its list of streams. FALSE if it was of no use. */
gboolean gr_link_end_take_packet (GrLinkEnd *end, guint8 *packet, gsize length, gint64 now);

/* A GDestroyNotify of streams. */
void gr_link_end_free_stream (gpointer stream);

G_END_DECLS
