/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/timing.h"

/* µs. What is heard as an echo or seen as a slip is set right at once. */
#define JUMP 40000
#define FIRST_JUMP 5000
/* Of the time that passes: a fine drift that nobody hears. */
#define SLEW 200
/* What may lie between capture and arrival. */
#define MAX_DELAY G_USEC_PER_SEC
#define MAX_AHEAD 50000
/* A timestamp that is further off than this is another beginning. */
#define MAX_STEP (5 * G_USEC_PER_SEC)

static gint64
to_us (const GrLinkTiming *timing, gint64 ticks)
{
  return ticks * G_USEC_PER_SEC / timing->clock_rate;
}

static void
approach (GrLinkTiming *timing, gint64 wanted, gint64 now)
{
  gint64 difference = wanted - timing->offset;
  gint64 step = (now - timing->adjusted) / SLEW;

  if (ABS (difference) > JUMP)
    timing->offset = wanted;
  else
    timing->offset += CLAMP (difference, -step, step);
}

static void
begin (GrLinkTiming *timing, guint32 timestamp, gint64 now)
{
  *timing = (GrLinkTiming){
    .clock_rate = timing->clock_rate,
    .started = TRUE,
    .newest = timestamp,
    .offset = now,
    .fastest = now,
    .adjusted = now,
  };
}

gint64
gr_link_timing_packet (GrLinkTiming *timing, guint32 timestamp, gint64 now)
{
  gint64 passed = now - timing->adjusted;

  if (!timing->started || ABS (to_us (timing, (gint32) (timestamp - timing->newest)) - passed) > MAX_STEP)
    begin (timing, timestamp, now);

  timing->ticks += (gint32) (timestamp - timing->newest);
  timing->newest = timestamp;
  /* A sender's clock may be slower than ours. */
  timing->fastest = MIN (timing->fastest + passed / SLEW, now - to_us (timing, timing->ticks));
  if (timing->reported)
    approach (timing, timing->wanted, now);
  else
    timing->offset = timing->fastest;
  timing->adjusted = now;

  return timing->offset + to_us (timing, timing->ticks);
}

void
gr_link_timing_report (GrLinkTiming *timing, guint32 timestamp, gint64 time)
{
  gint64 delay;

  if (!timing->started)
    return;

  timing->wanted = time - to_us (timing, timing->ticks + (gint32) (timestamp - timing->newest));
  delay = timing->fastest - timing->wanted;
  if (delay < -MAX_AHEAD || delay > MAX_DELAY)
    {
      timing->reported = FALSE;
      return;
    }

  if (!timing->reported && ABS (timing->wanted - timing->offset) > FIRST_JUMP)
    timing->offset = timing->wanted;
  timing->reported = TRUE;
}
