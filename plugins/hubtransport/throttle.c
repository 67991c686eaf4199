/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/throttle.h"

void
gr_throttle_want (GrThrottle *throttle)
{
  throttle->wanted = TRUE;
}

gboolean
gr_throttle_take (GrThrottle *throttle, gint64 now)
{
  if (gr_throttle_next_due (throttle) > now)
    return FALSE;

  throttle->last = now;
  return TRUE;
}

gint64
gr_throttle_next_due (const GrThrottle *throttle)
{
  if (!throttle->wanted)
    return G_MAXINT64;

  return throttle->last > 0 ? throttle->last + throttle->interval : 0;
}

void
gr_throttle_satisfy (GrThrottle *throttle)
{
  throttle->wanted = FALSE;
}

gboolean
gr_budget_take (GrBudget *budget, gsize bytes, gint64 now)
{
  gint64 elapsed = budget->at > 0 ? CLAMP (now - budget->at, 0, 60 * G_USEC_PER_SEC) : 0;
  gint64 earned = elapsed * budget->rate / G_USEC_PER_SEC;

  /* Time that has not earned a whole byte is left for the next call. */
  if (budget->at == 0 || earned > 0)
    budget->at = now;
  budget->level = MIN (budget->level + earned, budget->burst);
  if (budget->level < (gint64) bytes)
    return FALSE;

  budget->level -= bytes;
  return TRUE;
}
