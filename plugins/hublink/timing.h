/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkTiming: when the packets of a stream were captured, on this machine's monotonic clock. At first by when they
 * come, then by the hub's sender reports, whose clock is the same for all streams: what was said and shown together
 * gets the same time. Pure; owned by a stream. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 clock_rate; /* Hz; set by the owner before the first packet */
  gboolean started;
  gboolean reported; /* a sender report came */
  guint32 newest;    /* RTP timestamp */
  gint64 ticks;      /* the same, extended */
  gint64 offset;     /* µs: a packet was captured at offset + its ticks */
  gint64 fastest;    /* µs: the same by the packet that was the shortest time on its way */
  gint64 wanted;     /* µs: what offset ought to be, by the last report */
  gint64 adjusted;   /* µs, monotonic: when offset last moved */
} GrLinkTiming;

/* The time of a packet with @timestamp that came at @now (both µs, monotonic). A report that came meanwhile moves the
 * times slowly, or at once when it is far off. */
gint64 gr_link_timing_packet (GrLinkTiming *timing, guint32 timestamp, gint64 now);

/* A sender report: @timestamp was captured at @time (µs, monotonic). One that no packet can be true to is not believed:
 * captured after it came, or more than a second before. */
void gr_link_timing_report (GrLinkTiming *timing, guint32 timestamp, gint64 time);

G_END_DECLS
