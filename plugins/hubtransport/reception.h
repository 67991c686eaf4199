/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrReception: how well a stream arrives, for receiver reports (RFC 3550, section 6.4.1 and appendices A.1, A.3, A.8).
 * Owned by a track; no memory of its own. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean started;
  guint32 base;    /* the first sequence number, extended */
  guint32 highest; /* extended */
  guint32 received;
  guint32 expected_before; /* at the last report */
  guint32 received_before;
  gint32 transit;
  guint32 jitter; /* in units of the clock, times 16 */
} GrReception;

/* A packet of the stream itself, not a retransmission, came at @now (µs, monotonic). @clock_rate in Hz. */
void gr_reception_packet (GrReception *reception, guint16 sequence, guint32 timestamp, guint32 clock_rate, gint64 now);

/* Packets that never came, or came only as retransmissions. */
guint32 gr_reception_lost (const GrReception *reception);

/* The share of 256 that was lost since the last call. */
guint8 gr_reception_take_fraction_lost (GrReception *reception);

/* In units of the clock. */
static inline guint32
gr_reception_jitter (const GrReception *reception)
{
  return reception->jitter >> 4;
}

G_END_DECLS
