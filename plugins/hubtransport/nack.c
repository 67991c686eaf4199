/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/nack.h"

#include <string.h>

#include "plugins/hubtransport/rtp.h"

static gboolean
take_out (GrNackList *list, guint16 sequence)
{
  for (guint i = 0; i < list->n_missing; i++)
    if (list->missing[i].sequence == sequence)
      {
        list->n_missing--;
        memmove (&list->missing[i], &list->missing[i + 1], (list->n_missing - i) * sizeof *list->missing);
        return TRUE;
      }

  return FALSE;
}

GrNackResult
gr_nack_receive (GrNackList *list, guint16 sequence, gint64 now)
{
  gint16 ahead = gr_rtp_ahead (sequence, list->highest);

  if (!list->started)
    {
      list->started = TRUE;
      list->highest = sequence;
      return GR_NACK_NEXT;
    }
  if (ahead <= 0)
    {
      if (!take_out (list, sequence))
        return GR_NACK_KNOWN;
      list->recovered++;
      return GR_NACK_RECOVERED;
    }

  list->missed += ahead - 1;
  if (list->n_missing + ahead - 1 > GR_NACK_MAX_MISSING)
    {
      list->given_up += list->n_missing + ahead - 1;
      list->n_missing = 0;
      list->highest = sequence;
      return GR_NACK_GAP;
    }

  for (guint16 missing = list->highest + 1; missing != sequence; missing++)
    list->missing[list->n_missing++] = (GrNackMissing){ missing, 0, now, now + GR_NACK_REORDER_TIME };
  list->highest = sequence;
  return GR_NACK_NEXT;
}

guint
gr_nack_take_due (GrNackList *list, gint64 now, gint64 round_trip, guint16 *sequences, guint max)
{
  guint n_due = 0, n_kept = 0;

  for (guint i = 0; i < list->n_missing; i++)
    {
      GrNackMissing missing = list->missing[i];

      if (now - missing.since >= GR_NACK_MAX_AGE || (missing.tries >= GR_NACK_MAX_TRIES && missing.next <= now))
        {
          list->given_up++;
          continue;
        }
      if (missing.next <= now && n_due < max)
        {
          sequences[n_due++] = missing.sequence;
          missing.tries++;
          missing.next = now + MAX (round_trip, GR_NACK_MIN_INTERVAL);
        }
      list->missing[n_kept++] = missing;
    }
  list->n_missing = n_kept;

  return n_due;
}

gint64
gr_nack_next_due (const GrNackList *list)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < list->n_missing; i++)
    next = MIN (next, list->missing[i].next);

  return next;
}
