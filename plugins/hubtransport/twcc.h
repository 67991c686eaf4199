/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1): which
 * packets of ours came to the peer, and when. No allocation. Hub thread. */
#pragma once

#include "plugins/hubtransport/rtcp.h"

G_BEGIN_DECLS

/* Feedback comes every 50 to 250 ms; more packets than this are not in flight, but a few bytes can claim 65535. */
#define GR_TWCC_MAX_PACKETS 4096

typedef struct
{
  const guint8 *bytes;
  gsize chunk;  /* offset of the next chunk */
  gsize delta;  /* offset of the next receive delta */
  gsize length; /* of the feedback packet */
  guint left;   /* packets that are still to come */
  guint16 sequence;
  gint64 time; /* in 250 µs */
  guint16 symbols;
  guint n_symbols;   /* left in @symbols, or in the run */
  guint symbol_bits; /* 1 or 2 in a vector, 0 in a run of @symbols */
  guint8 feedback;   /* the counter of feedback packets, modulo 256 */
  gboolean malformed;
} GrTwccReader;

typedef struct
{
  guint16 sequence;
  gboolean received;
  gint64 time; /* of arrival, in µs on the peer's clock modulo 64 ms × 2^24; of received packets */
} GrTwccStatus;

/* FALSE if @packet is not such feedback, or claims more than GR_TWCC_MAX_PACKETS. */
gboolean gr_twcc_reader_init (GrTwccReader *reader, const GrRtcpPacket *packet);

/* FALSE after the last packet, and where the rest is cut off: `malformed` tells. */
gboolean gr_twcc_reader_next (GrTwccReader *reader, GrTwccStatus *status);

G_END_DECLS
