/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRewrite: what a slot's subscriber sees as one stream, while its source changes behind it. Sequence numbers and
 * timestamps go on without a gap, packets that come late around a switch find their place, and an outgoing sequence
 * number leads back to the packet it was made from. Owned by a slot; no memory of its own. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Switches and left-out packets that are remembered. What is older cannot be retransmitted. */
#define GR_REWRITE_SEGMENTS 16

/* A run of packets of one source with the same offsets. */
typedef struct
{
  gint64 first; /* outgoing sequence number, extended: the wire carries its low 16 bits */
  guint32 source;
  guint32 timestamp_back; /* incoming − outgoing timestamp, modulo 2^32 */
  guint16 offset;         /* outgoing − incoming sequence number, modulo 2^16 */
} GrRewriteSegment;

typedef struct
{
  guint32 clock_rate; /* Hz */
  guint n_segments;   /* 0 before the first packet; the newest is segments[(n_segments − 1) % GR_REWRITE_SEGMENTS] */
  gboolean switching;
  guint32 newest_timestamp;
  gint64 newest_at; /* µs, when the packet with newest_timestamp came */
  gint64 highest;   /* outgoing, extended */
  GrRewriteSegment segments[GR_REWRITE_SEGMENTS];
} GrRewrite;

/* Starts a stream that nothing was sent of. @sequence is below 32768, so that a receiver that misses the first packets
 * still guesses SRTP's rollover counter right (RFC 3711, section 3.3.1); @timestamp is anything. */
void gr_rewrite_init (GrRewrite *rewrite, guint32 clock_rate, guint16 sequence, guint32 timestamp);

/* The next packet begins a new segment: another source, or the same one after a pause. For video the caller lets a
 * keyframe's first packet be that one. */
void gr_rewrite_switch (GrRewrite *rewrite);

/* Gives the outgoing numbers of a packet of @source that came at @now (µs, monotonic). FALSE if it has no place in the
 * stream: it is of another source than the current one or from before the switch, and was not part of an earlier
 * segment. */
gboolean gr_rewrite_packet (GrRewrite *rewrite,
                            guint32 source,
                            guint16 sequence,
                            guint32 timestamp,
                            gint64 now,
                            guint16 *out_sequence,
                            guint32 *out_timestamp);

/* The packet with @sequence, the next one after the newest of the current source, is not to be sent (a probe without
 * payload, a layer): later ones close up. FALSE if it is not the next one, which is then better sent. */
gboolean gr_rewrite_leave_out (GrRewrite *rewrite, guint32 source, guint16 sequence);

/* Leads from an outgoing sequence number that was NACKed to the packet at its source. FALSE if it was not sent or its
 * segment is forgotten. */
gboolean gr_rewrite_find (
    const GrRewrite *rewrite, guint16 out_sequence, guint32 *source, guint16 *sequence, guint32 *timestamp_back);

/* The outgoing timestamp for a sender report of @source; FALSE if it is not the current source. */
gboolean gr_rewrite_timestamp (const GrRewrite *rewrite, guint32 source, guint32 timestamp, guint32 *out_timestamp);

G_END_DECLS
