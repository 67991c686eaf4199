/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/region.h"

void
gr_region_init (GrRegion *region, const GrRect *rect)
{
  region->rects[0] = *rect;
  region->n_rects = gr_rect_is_empty (rect) ? 0 : 1;
}

/* What is left of @rect around @shared, which lies in it: above, below, at the left, at the right. */
static guint
split (const GrRect *rect, const GrRect *shared, GrRect *left_over)
{
  gint bottom = shared->y + shared->height, right = shared->x + shared->width;
  GrRect around[] = {
    { rect->x, rect->y, rect->width, shared->y - rect->y },
    { rect->x, bottom, rect->width, rect->y + rect->height - bottom },
    { rect->x, shared->y, shared->x - rect->x, shared->height },
    { right, shared->y, rect->x + rect->width - right, shared->height },
  };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (around); i++)
    if (!gr_rect_is_empty (&around[i]))
      left_over[n++] = around[i];
  return n;
}

void
gr_region_subtract (GrRegion *region, const GrRect *hole)
{
  guint before = region->n_rects;

  for (guint i = 0; i < before;)
    {
      GrRect shared, left_over[4];
      guint n;

      if (!gr_rect_intersect (&region->rects[i], hole, &shared))
        {
          i++;
          continue;
        }
      n = split (&region->rects[i], &shared, left_over);
      if (region->n_rects - 1 + n > GR_REGION_MAX_RECTS)
        return;

      /* The last of those still to be looked at takes the place, and the pieces, which no longer touch the hole, go to
       * the end. */
      region->rects[i] = region->rects[before - 1];
      region->rects[before - 1] = region->rects[region->n_rects - 1];
      region->n_rects--;
      before--;
      for (guint piece = 0; piece < n; piece++)
        region->rects[region->n_rects++] = left_over[piece];
    }
}

gboolean
gr_region_touches (const GrRegion *region, const GrRect *rect)
{
  for (guint i = 0; i < region->n_rects; i++)
    if (gr_rect_intersect (&region->rects[i], rect, NULL))
      return TRUE;
  return FALSE;
}
