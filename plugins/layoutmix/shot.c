/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/shot.h"

GrShot
gr_shot_between (const GrShot *from, const GrShot *to, GrTransition kind, double progress)
{
  GrShot shot = *to;

  if (kind == GR_TRANSITION_CUT || progress >= 1)
    return shot;
  if (kind == GR_TRANSITION_FADE)
    return progress < 0.5 ? *from : *to;

  shot.alpha = from->alpha + (to->alpha - from->alpha) * progress;
  if (to->alpha <= 0)
    {
      shot.cell = from->cell;
      shot.fit = from->fit;
      shot.z = from->z;
    }
  else if (from->alpha > 0)
    shot.cell = gr_rect_between (&from->cell, &to->cell, progress);
  return shot;
}

void
gr_shot_place (
    const GrShot *from, const GrShot *to, double progress, gint width, gint height, GrRect *source, GrRect *destination)
{
  GrShot shot = gr_shot_between (from, to, GR_TRANSITION_MOVE, progress);
  GrRect first_source, first_destination;

  gr_place (&shot.cell, shot.fit, width, height, source, destination);
  if (progress >= 1 || from->fit == to->fit || from->alpha <= 0 || to->alpha <= 0)
    return;

  /* From cropped to whole or back: what is seen of it grows or shrinks with the box. */
  gr_place (&from->cell, from->fit, width, height, &first_source, &first_destination);
  gr_place (&to->cell, to->fit, width, height, source, destination);
  *source = gr_rect_between (&first_source, source, progress);
  *destination = gr_rect_between (&first_destination, destination, progress);
  gr_rect_intersect (source, &(GrRect){ 0, 0, width, height }, source);
}
