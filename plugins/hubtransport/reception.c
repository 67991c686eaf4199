/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/reception.h"

static gint32
expected (const GrReception *reception)
{
  return reception->started ? (gint32) (reception->highest - reception->base + 1) : 0;
}

void
gr_reception_packet (GrReception *reception, guint16 sequence, guint32 timestamp, guint32 clock_rate, gint64 now)
{
  gint32 transit = (gint32) ((guint32) (now * clock_rate / G_USEC_PER_SEC) - timestamp);
  gint16 ahead;

  if (!reception->started)
    {
      reception->started = TRUE;
      reception->base = reception->highest = sequence;
      reception->transit = transit;
    }

  ahead = (gint16) (sequence - (guint16) reception->highest);
  if (ahead > 0)
    reception->highest += ahead;
  reception->received++;

  if (ahead >= 0)
    {
      guint32 difference = ABS ((gint64) transit - reception->transit);

      /* A jump of the sender's clock is no jitter. */
      if (difference < clock_rate * 10)
        reception->jitter += difference - ((reception->jitter + 8) >> 4);
      reception->transit = transit;
    }
}

guint32
gr_reception_lost (const GrReception *reception)
{
  return MAX (0, expected (reception) - (gint32) reception->received);
}

guint8
gr_reception_take_fraction_lost (GrReception *reception)
{
  guint32 all = expected (reception);
  gint32 interval = all - reception->expected_before;
  gint32 lost = interval - (gint32) (reception->received - reception->received_before);

  reception->expected_before = all;
  reception->received_before = reception->received;
  return interval <= 0 || lost <= 0 ? 0 : MIN (255, lost * 256 / interval);
}
