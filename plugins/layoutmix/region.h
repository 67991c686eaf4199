/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRegion: the part of the canvas that nothing opaque covers yet, as rectangles that do not overlap. It never
 * allocates: what would need too many rectangles stays uncovered, which costs a little drawing and is never wrong. Any
 * thread. */
#pragma once

#include "plugins/layoutmix/placement.h"

G_BEGIN_DECLS

#define GR_REGION_MAX_RECTS 64

typedef struct
{
  guint n_rects;
  GrRect rects[GR_REGION_MAX_RECTS];
} GrRegion;

void gr_region_init (GrRegion *region, const GrRect *rect);
void gr_region_subtract (GrRegion *region, const GrRect *hole);
/* Whether any of @rect is in the region. */
gboolean gr_region_touches (const GrRegion *region, const GrRect *rect);

G_END_DECLS
