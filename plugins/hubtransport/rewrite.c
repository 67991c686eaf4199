/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/rewrite.h"

#include "plugins/hubtransport/rtp.h"

/* No receiver has use for what comes later than this. */
#define MAX_LATE_PACKETS 8192
/* A longer gap is a source that was paused: nobody should ask for all of it. */
#define MAX_GAP_PACKETS 4096
/* Numbers of one segment are compared modulo 2^16, so that its known part may not grow over half of that. */
#define MAX_SEGMENT_PACKETS 0x7fff
/* An hour in µs: products with a clock rate stay in range. */
#define MAX_PAUSE G_GINT64_CONSTANT (3600000000)

static GrRewriteSegment *
newest_segment (GrRewrite *rewrite)
{
  return &rewrite->segments[(rewrite->n_segments - 1) % GR_REWRITE_SEGMENTS];
}

static void
add_segment (GrRewrite *rewrite, GrRewriteSegment segment)
{
  rewrite->segments[rewrite->n_segments % GR_REWRITE_SEGMENTS] = segment;
  rewrite->n_segments++;
  /* Keeps the count from wrapping, and its remainder as it is. */
  if (rewrite->n_segments >= 4 * GR_REWRITE_SEGMENTS)
    rewrite->n_segments -= 2 * GR_REWRITE_SEGMENTS;
}

/* The remembered segment @back steps before the newest one, or NULL; *@last is the last sequence number that was in it.
 */
static const GrRewriteSegment *
segment_back (const GrRewrite *rewrite, guint back, guint16 *last)
{
  guint at;

  if (back >= MIN (rewrite->n_segments, GR_REWRITE_SEGMENTS))
    return NULL;

  at = rewrite->n_segments - 1 - back;
  *last = back == 0 ? rewrite->highest : rewrite->segments[(at + 1) % GR_REWRITE_SEGMENTS].first - 1;
  return &rewrite->segments[at % GR_REWRITE_SEGMENTS];
}

/* A segment holds nothing while all that came since its begin was left out. */
static gboolean
is_in_segment (const GrRewrite *rewrite, const GrRewriteSegment *segment, guint16 last, guint16 out)
{
  return (guint16) (last + 1) != segment->first && (guint16) (out - segment->first) <= (guint16) (last - segment->first)
         && (guint16) (rewrite->highest - out) <= MAX_LATE_PACKETS;
}

/* Forgets the begin of a segment that got long, and with it all that were before it. */
static void
shorten_segment (GrRewrite *rewrite)
{
  GrRewriteSegment segment = *newest_segment (rewrite);

  if ((guint16) (rewrite->highest - segment.first) <= MAX_SEGMENT_PACKETS)
    return;

  segment.first = rewrite->highest - MAX_LATE_PACKETS;
  rewrite->segments[0] = segment;
  rewrite->n_segments = 1;
}

/* The time that the last packet was shown for is as long as it took the next one to come, and never nothing: two frames
 * with one timestamp would be one frame to a receiver. */
static guint32
elapsed_ticks (const GrRewrite *rewrite, gint64 now)
{
  gint64 elapsed = CLAMP (now - rewrite->newest_at, 0, MAX_PAUSE);

  return MAX (1, elapsed * rewrite->clock_rate / G_USEC_PER_SEC);
}

static void
begin_segment (GrRewrite *rewrite, guint32 source, guint16 sequence, guint32 timestamp, gint64 now)
{
  guint16 first = rewrite->highest + 1;
  guint32 out_timestamp = rewrite->newest_timestamp;

  if (rewrite->n_segments > 0)
    out_timestamp += elapsed_ticks (rewrite, now);
  add_segment (rewrite, (GrRewriteSegment){ source, first, first - sequence, timestamp - out_timestamp });

  rewrite->switching = FALSE;
  rewrite->highest = first;
  rewrite->newest_timestamp = out_timestamp;
  rewrite->newest_at = now;
}

/* A packet that fills a gap that was left when it should have come. */
static gboolean
place_late (
    const GrRewrite *rewrite, guint32 source, guint16 sequence, guint32 timestamp, guint16 *out, guint32 *out_timestamp)
{
  const GrRewriteSegment *segment;
  guint16 last;

  for (guint back = 0; (segment = segment_back (rewrite, back, &last)) != NULL; back++)
    {
      guint16 candidate = sequence + segment->offset;

      if (segment->source != source || !is_in_segment (rewrite, segment, last, candidate))
        continue;

      *out = candidate;
      *out_timestamp = timestamp - segment->timestamp_back;
      return TRUE;
    }

  return FALSE;
}

void
gr_rewrite_init (GrRewrite *rewrite, guint32 clock_rate, guint16 sequence, guint32 timestamp)
{
  *rewrite = (GrRewrite){
    .clock_rate = clock_rate,
    .switching = TRUE,
    .highest = sequence - 1,
    .newest_timestamp = timestamp,
  };
}

void
gr_rewrite_switch (GrRewrite *rewrite)
{
  rewrite->switching = TRUE;
}

gboolean
gr_rewrite_packet (GrRewrite *rewrite,
                   guint32 source,
                   guint16 sequence,
                   guint32 timestamp,
                   gint64 now,
                   guint16 *out_sequence,
                   guint32 *out_timestamp)
{
  GrRewriteSegment *segment;
  gint16 ahead;

  if (rewrite->switching)
    begin_segment (rewrite, source, sequence, timestamp, now);

  segment = newest_segment (rewrite);
  ahead = gr_rtp_ahead (sequence + segment->offset, rewrite->highest);
  if (segment->source != source || ahead < 0)
    return place_late (rewrite, source, sequence, timestamp, out_sequence, out_timestamp);
  if (ahead > MAX_GAP_PACKETS)
    {
      begin_segment (rewrite, source, sequence, timestamp, now);
      segment = newest_segment (rewrite);
    }

  *out_sequence = sequence + segment->offset;
  *out_timestamp = timestamp - segment->timestamp_back;
  rewrite->highest = *out_sequence;
  if ((gint32) (*out_timestamp - rewrite->newest_timestamp) > 0)
    {
      rewrite->newest_timestamp = *out_timestamp;
      rewrite->newest_at = now;
    }
  shorten_segment (rewrite);
  return TRUE;
}

gboolean
gr_rewrite_leave_out (GrRewrite *rewrite, guint32 source, guint16 sequence)
{
  GrRewriteSegment *segment;

  if (rewrite->switching)
    return TRUE;

  segment = newest_segment (rewrite);
  if (segment->source != source || (guint16) (sequence + segment->offset) != (guint16) (rewrite->highest + 1))
    return FALSE;

  /* One that follows another that was left out moves the same segment, so that a burst of probes takes one place. */
  if (segment->first == (guint16) (rewrite->highest + 1))
    segment->offset--;
  else
    add_segment (rewrite,
                 (GrRewriteSegment){ source, rewrite->highest + 1, segment->offset - 1, segment->timestamp_back });
  return TRUE;
}

gboolean
gr_rewrite_find (
    const GrRewrite *rewrite, guint16 out_sequence, guint32 *source, guint16 *sequence, guint32 *timestamp_back)
{
  const GrRewriteSegment *segment;
  guint16 last;

  for (guint back = 0; (segment = segment_back (rewrite, back, &last)) != NULL; back++)
    {
      if (!is_in_segment (rewrite, segment, last, out_sequence))
        continue;

      *source = segment->source;
      *sequence = out_sequence - segment->offset;
      *timestamp_back = segment->timestamp_back;
      return TRUE;
    }

  return FALSE;
}

gboolean
gr_rewrite_timestamp (const GrRewrite *rewrite, guint32 source, guint32 timestamp, guint32 *out_timestamp)
{
  guint16 last;
  const GrRewriteSegment *segment = segment_back (rewrite, 0, &last);

  if (segment == NULL || segment->source != source)
    return FALSE;

  *out_timestamp = timestamp - segment->timestamp_back;
  return TRUE;
}
