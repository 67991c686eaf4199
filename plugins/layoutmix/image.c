/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/image.h"

#include <libyuv.h>

/* Rows that share one note of where they are not transparent. */
#define BAND_ROWS 16

typedef struct
{
  gint first; /* even; the first and the column after the last that is not transparent */
  gint end;
} Band;

struct _GrMixImage
{
  gatomicrefcount references;
  GrPlanes *planes; /* not premultiplied */
  guint8 *alpha;    /* as luma */
  guint8 *chroma_alpha;
  Band *bands;
  gboolean opaque;
};

typedef struct
{
  const guint8 *pixels;
  gint width;
  gint height;
  gint stride;
} Source;

/* Blue, green, red and alpha of a pixel, all 0 outside the picture. */
static void
read_pixel (const Source *source, gint x, gint y, gint bgra[4])
{
  const guint8 *pixel;

  for (guint i = 0; i < 4; i++)
    bgra[i] = 0;
  if (x >= source->width || y >= source->height)
    return;

  pixel = source->pixels + (gsize) y * source->stride + 4 * (gsize) x;
  for (guint i = 0; i < 4; i++)
    bgra[i] = pixel[i];
}

/* The colour of premultiplied components, or of the sum of some; black where all is transparent. */
static guint32
colour_of (const gint bgra[4])
{
  guint32 colour = 0;

  if (bgra[3] == 0)
    return 0;
  for (gint i = 2; i >= 0; i--)
    colour = colour << 8 | (guint32) CLAMP ((bgra[i] * 255 + bgra[3] / 2) / bgra[3], 0, 255);
  return colour;
}

/* Two by two pixels: four of luma, one of chroma, weighted by their alpha as premultiplied colours are by themselves.
 */
static void
convert_block (GrMixImage *image, const Source *source, gint x, gint y)
{
  GrPlanes *planes = image->planes;
  gsize chroma = (gsize) (y / 2) * planes->stride[1] + x / 2;
  gint sum[4] = { 0 };
  guint8 yuv[3];

  for (gint i = 0; i < 4; i++)
    {
      gsize luma = (gsize) (y + i / 2) * planes->stride[0] + x + i % 2;
      gint bgra[4];

      read_pixel (source, x + i % 2, y + i / 2, bgra);
      gr_colour_to_yuv (colour_of (bgra), yuv);
      planes->data[0][luma] = yuv[0];
      image->alpha[luma] = bgra[3];
      for (guint component = 0; component < 4; component++)
        sum[component] += bgra[component];
    }

  gr_colour_to_yuv (colour_of (sum), yuv);
  planes->data[1][chroma] = yuv[1];
  planes->data[2][chroma] = yuv[2];
  image->chroma_alpha[chroma] = (sum[3] + 2) / 4;
  image->opaque = image->opaque && sum[3] == 4 * 255;
  if (sum[3] > 0)
    {
      Band *band = &image->bands[y / BAND_ROWS];

      band->first = MIN (band->first, x);
      band->end = MAX (band->end, x + 2);
    }
}

GrMixImage *
gr_mix_image_new (const guint8 *pixels, gint width, gint height, gint stride)
{
  Source source = { pixels, width, height, stride };
  gint even_width = (width + 1) & ~1, even_height = (height + 1) & ~1;
  GrMixImage *image;

  if (width < 1 || height < 1 || width > GR_MIX_IMAGE_MAX_SIDE || height > GR_MIX_IMAGE_MAX_SIDE)
    return NULL;

  image = g_new0 (GrMixImage, 1);
  g_atomic_ref_count_init (&image->references);
  image->opaque = TRUE;
  image->planes = gr_planes_new (even_width, even_height);
  image->alpha = g_malloc ((gsize) image->planes->stride[0] * even_height);
  image->chroma_alpha = g_malloc ((gsize) image->planes->stride[1] * (even_height / 2));
  image->bands = g_new (Band, (even_height + BAND_ROWS - 1) / BAND_ROWS);
  for (gint y = 0; y < even_height; y += 2)
    {
      if (y % BAND_ROWS == 0)
        image->bands[y / BAND_ROWS] = (Band){ even_width, 0 };
      for (gint x = 0; x < even_width; x += 2)
        convert_block (image, &source, x, y);
    }
  return image;
}

GrMixImage *
gr_mix_image_ref (GrMixImage *image)
{
  g_atomic_ref_count_inc (&image->references);
  return image;
}

void
gr_mix_image_unref (GrMixImage *image)
{
  if (!g_atomic_ref_count_dec (&image->references))
    return;
  gr_planes_free (image->planes);
  g_free (image->alpha);
  g_free (image->chroma_alpha);
  g_free (image->bands);
  g_free (image);
}

gint
gr_mix_image_get_width (const GrMixImage *image)
{
  return image->planes->width;
}

gint
gr_mix_image_get_height (const GrMixImage *image)
{
  return image->planes->height;
}

gboolean
gr_mix_image_is_opaque (const GrMixImage *image)
{
  return image->opaque;
}

const GrPlanes *
gr_mix_image_get_planes (const GrMixImage *image)
{
  return image->planes;
}

gsize
gr_mix_image_scratch_bytes (gint width)
{
  return (gsize) BAND_ROWS * MIN (width, GR_MIX_IMAGE_MAX_SIDE);
}

/* @rows of @width alphas, each times @alpha, go to @scratch, one row after the other. */
static void
fade (const guint8 *from, gint stride, guint8 *scratch, gint width, gint rows, guint8 alpha)
{
  for (gint y = 0; y < rows; y++)
    for (gint x = 0; x < width; x++)
      scratch[y * width + x] = (from[(gsize) y * stride + x] * alpha + 127) / 255;
}

/* One plane's part of @rect, in luma pixels of the image, inside one band. */
static void
blend_plane (const GrMixImage *image,
             guint plane,
             const GrRect *rect,
             GrPlanes *canvas,
             gint x,
             gint y,
             guint8 alpha,
             guint8 *scratch)
{
  gint shift = plane > 0, stride = image->planes->stride[plane], width = rect->width >> shift;
  gint rows = rect->height >> shift, alpha_stride = stride;
  gsize offset = (gsize) (rect->y >> shift) * stride + (rect->x >> shift);
  const guint8 *alphas = (plane > 0 ? image->chroma_alpha : image->alpha) + offset;
  guint8 *to = canvas->data[plane] + (gsize) (y >> shift) * canvas->stride[plane] + (x >> shift);

  if (alpha < 255)
    {
      fade (alphas, stride, scratch, width, rows, alpha);
      alphas = scratch;
      alpha_stride = width;
    }
  BlendPlane (image->planes->data[plane] + offset, stride, to, canvas->stride[plane], alphas, alpha_stride, to,
              canvas->stride[plane], width, rows);
}

void
gr_mix_image_blend (
    const GrMixImage *image, const GrRect *source, GrPlanes *canvas, gint x, gint y, guint8 alpha, guint8 *scratch)
{
  GrRect part;

  /* The canvas in the image's pixels, and what both share. */
  if (alpha == 0
      || !gr_rect_intersect (&(GrRect){ source->x - x, source->y - y, canvas->width, canvas->height }, source, &part)
      || !gr_rect_intersect (&part, &(GrRect){ 0, 0, image->planes->width, image->planes->height }, &part))
    return;

  for (gint row = part.y; row < part.y + part.height;)
    {
      const Band *band = &image->bands[row / BAND_ROWS];
      gint next = MIN ((row / BAND_ROWS + 1) * BAND_ROWS, part.y + part.height);
      GrRect rect;

      if (gr_rect_intersect (&part, &(GrRect){ band->first, row, band->end - band->first, next - row }, &rect))
        for (guint plane = 0; plane < 3; plane++)
          blend_plane (image, plane, &rect, canvas, x + rect.x - source->x, y + rect.y - source->y, alpha, scratch);
      row = next;
    }
}
