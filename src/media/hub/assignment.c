/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/assignment.h"

struct _GrAssignment
{
  GArray *slots; /* of GrSourceId; 0 is empty */
};

static GrSourceId *
slot_at (const GrAssignment *assignment, guint slot)
{
  return &g_array_index (assignment->slots, GrSourceId, slot);
}

static gboolean
is_wanted (const GrSourceId *wanted, guint n_wanted, GrSourceId source)
{
  for (guint i = 0; i < n_wanted; i++)
    if (wanted[i] == source)
      return TRUE;

  return FALSE;
}

/* Where a newcomer goes: its twin's slot if that can be had, else an empty one, else one that can be had. Slots whose
 * twin waits for somebody else who is wanted come last, so that those two may still meet. */
static guint
place_for (const GrAssignment *assignment,
           GrSourceId source,
           const GrSourceId *wanted,
           guint n_wanted,
           const GrAssignment *twin)
{
  guint best = G_MAXUINT;
  guint best_merit = 0;

  for (guint slot = 0; slot < assignment->slots->len; slot++)
    {
      GrSourceId holder = *slot_at (assignment, slot);
      GrSourceId other = twin != NULL ? gr_assignment_get (twin, slot) : 0;
      guint merit = 1;

      if (holder != 0 && is_wanted (wanted, n_wanted, holder))
        continue;
      if (other == source)
        merit += 4;
      else if (other == 0 || !is_wanted (wanted, n_wanted, other))
        merit += 2;
      if (holder == 0)
        merit += 1;
      if (merit > best_merit)
        {
          best = slot;
          best_merit = merit;
        }
    }

  return best;
}

GrAssignment *
gr_assignment_new (guint n_slots)
{
  GrAssignment *assignment = g_new0 (GrAssignment, 1);

  assignment->slots = g_array_new (FALSE, TRUE, sizeof (GrSourceId));
  gr_assignment_resize (assignment, n_slots);
  return assignment;
}

void
gr_assignment_free (GrAssignment *assignment)
{
  g_array_unref (assignment->slots);
  g_free (assignment);
}

void
gr_assignment_resize (GrAssignment *assignment, guint n_slots)
{
  g_array_set_size (assignment->slots, n_slots);
}

gboolean
gr_assignment_update (GrAssignment *assignment, const GrSourceId *wanted, guint n_wanted, const GrAssignment *twin)
{
  gboolean changed = FALSE;

  n_wanted = MIN (n_wanted, assignment->slots->len);
  for (guint i = 0; i < n_wanted; i++)
    {
      guint slot;

      if (wanted[i] == 0 || gr_assignment_find (assignment, wanted[i]) != G_MAXUINT)
        continue;

      slot = place_for (assignment, wanted[i], wanted, n_wanted, twin);
      /* Only where something is wanted twice is there no place left. */
      if (slot == G_MAXUINT)
        break;
      *slot_at (assignment, slot) = wanted[i];
      changed = TRUE;
    }

  return changed;
}

void
gr_assignment_forget (GrAssignment *assignment, GrSourceId source)
{
  guint slot = gr_assignment_find (assignment, source);

  if (slot != G_MAXUINT)
    *slot_at (assignment, slot) = 0;
}

guint
gr_assignment_get_n_slots (const GrAssignment *assignment)
{
  return assignment->slots->len;
}

GrSourceId
gr_assignment_get (const GrAssignment *assignment, guint slot)
{
  return slot < assignment->slots->len ? *slot_at (assignment, slot) : 0;
}

guint
gr_assignment_find (const GrAssignment *assignment, GrSourceId source)
{
  for (guint slot = 0; source != 0 && slot < assignment->slots->len; slot++)
    if (*slot_at (assignment, slot) == source)
      return slot;

  return G_MAXUINT;
}
