/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPlanes: a picture in I420 (BT.709, limited range) that somebody else owns, and what the mixer draws with. libyuv
 * does the work with the SIMD the machine has. Destinations are even and are clipped to the canvas; any thread, one at
 * a time for a canvas. */
#pragma once

#include "plugins/layoutmix/placement.h"

G_BEGIN_DECLS

typedef struct
{
  guint8 *data[3];
  gint stride[3];
  gint width;
  gint height;
} GrPlanes;

/* Memory for a picture of even size, for gr_planes_free(). */
GrPlanes *gr_planes_new (gint width, gint height);
void gr_planes_free (GrPlanes *planes);

/* Fills @rect with the colour 0xRRGGBB. */
void gr_planes_fill (GrPlanes *canvas, const GrRect *rect, guint32 colour);
/* Copies @rect of @from, a picture of the same size. */
void gr_planes_copy (GrPlanes *canvas, const GrPlanes *from, const GrRect *rect);
/* Scales the part @source of @picture onto @destination. With @alpha under 255 what was there shines through; then
 * @scratch, as large as the canvas, is overwritten. */
void gr_planes_draw (GrPlanes *canvas,
                     const GrPlanes *picture,
                     const GrRect *source,
                     const GrRect *destination,
                     guint8 alpha,
                     GrPlanes *scratch);
/* Mixes @other, a picture of the same size, over the canvas: 0 leaves it, 255 replaces it. */
void gr_planes_mix (GrPlanes *canvas, const GrPlanes *other, guint8 alpha);

/* 0xRRGGBB in BT.709, limited range. */
void gr_colour_to_yuv (guint32 colour, guint8 yuv[3]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrPlanes, gr_planes_free)

G_END_DECLS
