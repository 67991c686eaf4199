/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How one input stands in the picture, and what it looks like on the way from one scene to the next. Pure values. */
#pragma once

#include "plugins/layoutmix/placement.h"

G_BEGIN_DECLS

typedef enum
{
  GR_TRANSITION_CUT,
  GR_TRANSITION_FADE, /* the old scene dissolves into the new one */
  GR_TRANSITION_MOVE  /* who stays moves to the new place, who comes or goes fades */
} GrTransition;

typedef struct
{
  GrRect cell; /* even */
  GrFit fit;
  gint z;
  double alpha; /* 0: not in the scene */
} GrShot;

/* The shot at @progress, 0…1 and eased, of a transition. A fade dissolves whole pictures, which is not for a shot to
 * show: it gives @from before its middle and @to after. */
GrShot gr_shot_between (const GrShot *from, const GrShot *to, GrTransition kind, double progress);

/* Places a picture of @width × @height pixels as gr_place() does, on the way from @from to @to, too. */
void gr_shot_place (const GrShot *from,
                    const GrShot *to,
                    double progress,
                    gint width,
                    gint height,
                    GrRect *source,
                    GrRect *destination);

G_END_DECLS
