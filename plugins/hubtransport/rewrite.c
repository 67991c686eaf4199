/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/rewrite.h"

#include "plugins/hubtransport/rtp.h"

/* No receiver has use for what comes later than this. */
#define MAX_LATE_PACKETS 8192
/* A longer gap is a source that was paused: nobody should ask for all of it. */
#define MAX_GAP_PACKETS 4096
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

/* The remembered segment @back steps before the newest one, or NULL; *@end is behind the last number that was in it. */
static const GrRewriteSegment *
segment_back (const GrRewrite *rewrite, guint back, gint64 *end)
{
  guint at;

  if (back >= MIN (rewrite->n_segments, GR_REWRITE_SEGMENTS))
    return NULL;

  at = rewrite->n_segments - 1 - back;
  *end = back == 0 ? rewrite->highest + 1 : rewrite->segments[(at + 1) % GR_REWRITE_SEGMENTS].first;
  return &rewrite->segments[at % GR_REWRITE_SEGMENTS];
}

/* The extended number that is nearest to the newest one. Extended, because segments of long runs would overlap modulo
 * 2^16. */
static gint64
extend (const GrRewrite *rewrite, guint16 out)
{
  return rewrite->highest + gr_rtp_ahead (out, (guint16) rewrite->highest);
}

static gboolean
is_in_segment (const GrRewrite *rewrite, const GrRewriteSegment *segment, gint64 end, gint64 out)
{
  return out >= segment->first && out < end && rewrite->highest - out <= MAX_LATE_PACKETS;
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
  gint64 first = rewrite->highest + 1;
  guint32 out_timestamp = rewrite->newest_timestamp;

  if (rewrite->n_segments > 0)
    out_timestamp += elapsed_ticks (rewrite, now);
  add_segment (rewrite, (GrRewriteSegment){ first, source, timestamp - out_timestamp, first - sequence });

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
  gint64 end;

  for (guint back = 0; (segment = segment_back (rewrite, back, &end)) != NULL; back++)
    {
      guint16 candidate = sequence + segment->offset;

      if (segment->source != source || !is_in_segment (rewrite, segment, end, extend (rewrite, candidate)))
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
    .highest = (gint64) sequence - 1,
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
  gint64 out;

  if (rewrite->switching)
    begin_segment (rewrite, source, sequence, timestamp, now);

  segment = newest_segment (rewrite);
  out = extend (rewrite, sequence + segment->offset);
  if (segment->source != source || out <= rewrite->highest)
    return place_late (rewrite, source, sequence, timestamp, out_sequence, out_timestamp);
  if (out - rewrite->highest > MAX_GAP_PACKETS)
    {
      begin_segment (rewrite, source, sequence, timestamp, now);
      segment = newest_segment (rewrite);
      out = rewrite->highest;
    }

  rewrite->highest = out;
  *out_sequence = out;
  *out_timestamp = timestamp - segment->timestamp_back;
  if ((gint32) (*out_timestamp - rewrite->newest_timestamp) > 0)
    {
      rewrite->newest_timestamp = *out_timestamp;
      rewrite->newest_at = now;
    }
  return TRUE;
}

gboolean
gr_rewrite_leave_out (GrRewrite *rewrite, guint32 source, guint16 sequence)
{
  GrRewriteSegment *segment;

  if (rewrite->switching)
    return TRUE;

  segment = newest_segment (rewrite);
  if (segment->source != source || extend (rewrite, sequence + segment->offset) != rewrite->highest + 1)
    return FALSE;

  /* One that follows another that was left out moves the same segment, so that a burst of probes takes one place. */
  if (segment->first == rewrite->highest + 1)
    segment->offset--;
  else
    add_segment (rewrite,
                 (GrRewriteSegment){ rewrite->highest + 1, source, segment->timestamp_back, segment->offset - 1 });
  return TRUE;
}

gboolean
gr_rewrite_find (
    const GrRewrite *rewrite, guint16 out_sequence, guint32 *source, guint16 *sequence, guint32 *timestamp_back)
{
  const GrRewriteSegment *segment;
  gint64 end;

  for (guint back = 0; (segment = segment_back (rewrite, back, &end)) != NULL; back++)
    {
      if (!is_in_segment (rewrite, segment, end, extend (rewrite, out_sequence)))
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
  gint64 end;
  const GrRewriteSegment *segment = segment_back (rewrite, 0, &end);

  if (segment == NULL || segment->source != source)
    return FALSE;

  *out_timestamp = timestamp - segment->timestamp_back;
  return TRUE;
}
