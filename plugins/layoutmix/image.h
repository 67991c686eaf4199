/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrMixImage: a title, a logo or a background, turned once from premultiplied BGRA into I420 and alpha at both sizes,
 * so that a frame only blends. Immutable and reference counted; any thread. */
#pragma once

#include "plugins/layoutmix/planes.h"

G_BEGIN_DECLS

/* The longest side of an image, in pixels. A ticker is as wide as its text. */
#define GR_MIX_IMAGE_MAX_SIDE 16384

typedef struct _GrMixImage GrMixImage;

/* @pixels are @height rows, @stride bytes apart, of @width pixels in memory order blue, green, red, alpha,
 * premultiplied: Cairo's CAIRO_FORMAT_ARGB32 on a little-endian machine. They are copied. An odd side gets a
 * transparent column or row. NULL when a side is not 1…GR_MIX_IMAGE_MAX_SIDE. */
GrMixImage *gr_mix_image_new (const guint8 *pixels, gint width, gint height, gint stride);
GrMixImage *gr_mix_image_ref (GrMixImage *image);
void gr_mix_image_unref (GrMixImage *image);

gint gr_mix_image_get_width (const GrMixImage *image);
gint gr_mix_image_get_height (const GrMixImage *image);
/* Whether nothing shines through. */
gboolean gr_mix_image_is_opaque (const GrMixImage *image);
/* The colours without the alpha. Owned by the image. */
const GrPlanes *gr_mix_image_get_planes (const GrMixImage *image);

/* The bytes of scratch that gr_mix_image_blend() needs for images up to @width pixels wide. */
gsize gr_mix_image_scratch_bytes (gint width);
/* Blends the part @source (even) of the image onto the canvas with its corner at @x, @y (even), @alpha 0…255 times as
 * opaque as it is. What lies outside the image or the canvas is left out. */
void gr_mix_image_blend (
    const GrMixImage *image, const GrRect *source, GrPlanes *canvas, gint x, gint y, guint8 alpha, guint8 *scratch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrMixImage, gr_mix_image_unref)

G_END_DECLS
