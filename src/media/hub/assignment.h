/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which source is in which slot of a subscriber. Pure. Owned by the participant, one for audio and one for video. The
 * hub's thread. */
#pragma once

#include "media/hub/speakers.h"

G_BEGIN_DECLS

typedef struct _GrAssignment GrAssignment;

GrAssignment *gr_assignment_new (guint n_slots);
void gr_assignment_free (GrAssignment *assignment);

/* More slots come empty; slots that go take their sources with them. */
void gr_assignment_resize (GrAssignment *assignment, guint n_slots);

/* Puts @wanted, the most important first and at most as many as there are slots, into slots. A source that has a slot
 * keeps it. A newcomer goes where @twin (the other kind; may be NULL) has the same source, so that browsers synchronise
 * the two, else into an empty slot, else in place of one that is not wanted any more. Those not wanted whose place
 * nobody needs stay: an empty slot is no better than a silent one.
 *
 * Returns: whether anything has changed. */
gboolean
gr_assignment_update (GrAssignment *assignment, const GrSourceId *wanted, guint n_wanted, const GrAssignment *twin);

/* Empties the slot of a source that has left. */
void gr_assignment_forget (GrAssignment *assignment, GrSourceId source);

guint gr_assignment_get_n_slots (const GrAssignment *assignment);

/* The source in @slot, or 0; 0 past the last slot as well. */
GrSourceId gr_assignment_get (const GrAssignment *assignment, guint slot);

/* The slot of @source, or G_MAXUINT. */
guint gr_assignment_find (const GrAssignment *assignment, GrSourceId source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrAssignment, gr_assignment_free)

G_END_DECLS
