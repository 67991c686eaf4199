/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who gets the slots of one subscriber. Pictures are those it asked for, the most wanted first. Sound needs no asking:
 * the programmes it looks at come first, then what belongs to its screens, then people by the ranking of who speaks,
 * whose hysteresis is why slots do not flicker. A source that has a slot keeps it for as long as it may stay at all.
 * Pure. The hub's thread. */
#pragma once

#include "media/hub/assignment.h"

G_BEGIN_DECLS

typedef struct
{
  const GrSourceId *own; /* the subscriber's, and what is not for it: it never gets them */
  guint n_own;
  const GrSourceId *unranked; /* to be heard before all, and never among those who speak: programmes */
  guint n_unranked;
  const GrSourceId *pinned; /* to be heard whoever speaks */
  guint n_pinned;
  const GrSourceId *shown; /* to be seen */
  guint n_shown;
} GrCastWish;

/* Whether @source sends this now: sound, or else a picture. */
typedef gboolean (*GrCastSendsFunc) (GrSourceId source, gboolean sound, gpointer user_data);

/* Fills the slots of @audio (at most GR_CAST_MAX_SOUNDS are looked at) and @video. */
void gr_cast (const GrSpeakers *speakers,
              const GrCastWish *wish,
              GrCastSendsFunc sends,
              gpointer user_data,
              GrAssignment *audio,
              GrAssignment *video);

#define GR_CAST_MAX_SOUNDS 64

G_END_DECLS
