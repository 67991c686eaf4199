/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/placement.h"

static gint
even (double value)
{
  return 2 * (gint) (value / 2 + (value < 0 ? -0.5 : 0.5));
}

/* Rounded to even, from 2 to @limit. */
static gint
even_size (double value, gint limit)
{
  return CLAMP (even (value), 2, MAX (limit & ~1, 2));
}

gboolean
gr_rect_equal (const GrRect *a, const GrRect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width && a->height == b->height;
}

gboolean
gr_rect_is_empty (const GrRect *rect)
{
  return rect->width <= 0 || rect->height <= 0;
}

gboolean
gr_rect_contains (const GrRect *outer, const GrRect *inner)
{
  return inner->x >= outer->x && inner->y >= outer->y && inner->x + inner->width <= outer->x + outer->width
         && inner->y + inner->height <= outer->y + outer->height;
}

gboolean
gr_rect_intersect (const GrRect *a, const GrRect *b, GrRect *shared)
{
  gint left = MAX (a->x, b->x), top = MAX (a->y, b->y);
  gint right = MIN (a->x + a->width, b->x + b->width), bottom = MIN (a->y + a->height, b->y + b->height);
  gboolean some = right > left && bottom > top;

  if (shared != NULL)
    *shared = some ? (GrRect){ left, top, right - left, bottom - top } : (GrRect){ 0 };
  return some;
}

GrRect
gr_rect_even (const GrRect *rect)
{
  gint x = even (rect->x), y = even (rect->y);

  if (gr_rect_is_empty (rect))
    return (GrRect){ x, y, 0, 0 };
  return (GrRect){ x, y, MAX (even (rect->x + rect->width) - x, 2), MAX (even (rect->y + rect->height) - y, 2) };
}

static double
mix (gint from, gint to, double progress)
{
  return from + (to - from) * progress;
}

GrRect
gr_rect_between (const GrRect *from, const GrRect *to, double progress)
{
  /* Edges, not sizes, are rounded: a side that does not move must not tremble. */
  gint left = even (mix (from->x, to->x, progress)), top = even (mix (from->y, to->y, progress));
  gint right = even (mix (from->x + from->width, to->x + to->width, progress));
  gint bottom = even (mix (from->y + from->height, to->y + to->height, progress));

  return (GrRect){ left, top, MAX (right - left, 2), MAX (bottom - top, 2) };
}

double
gr_ease_out (double progress)
{
  double left = 1 - CLAMP (progress, 0, 1);

  return 1 - left * left * left;
}

static void
crop (const GrRect *cell, gint width, gint height, GrRect *source)
{
  double wanted = (double) cell->width / cell->height;

  source->width = even_size (MIN (width, height * wanted), width);
  source->height = even_size (MIN (height, width / wanted), height);
  source->x = MAX (even ((width - source->width) / 2.0 - 0.5), 0);
  source->y = MAX (even ((height - source->height) / 2.0 - 0.5), 0);
}

static void
letterbox (const GrRect *cell, gint width, gint height, GrRect *destination)
{
  double aspect = (double) width / height;

  destination->width = even_size (MIN (cell->width, cell->height * aspect), cell->width);
  destination->height = even_size (MIN (cell->height, cell->width / aspect), cell->height);
  destination->x = cell->x + (cell->width - destination->width) / 4 * 2;
  destination->y = cell->y + (cell->height - destination->height) / 4 * 2;
}

void
gr_place (const GrRect *cell, GrFit fit, gint width, gint height, GrRect *source, GrRect *destination)
{
  *destination = *cell;
  *source = (GrRect){ 0, 0, MAX (width, 0), MAX (height, 0) };
  if (width < 2 || height < 2 || gr_rect_is_empty (cell))
    return;

  if (fit == GR_FIT_CROP)
    crop (cell, width, height, source);
  else
    letterbox (cell, width, height, destination);
}
