/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/planes.h"

#include <libyuv.h>

GrPlanes *
gr_planes_new (gint width, gint height)
{
  GrPlanes *planes = g_new0 (GrPlanes, 1);
  gsize luma, chroma;

  *planes = (GrPlanes){ .width = width, .height = height, .stride = { (width + 63) & ~63 } };
  planes->stride[1] = planes->stride[2] = planes->stride[0] / 2;
  luma = (gsize) planes->stride[0] * height;
  chroma = (gsize) planes->stride[1] * ((height + 1) / 2);
  planes->data[0] = g_malloc (luma + 2 * chroma);
  planes->data[1] = planes->data[0] + luma;
  planes->data[2] = planes->data[1] + chroma;
  return planes;
}

void
gr_planes_free (GrPlanes *planes)
{
  if (planes == NULL)
    return;
  g_free (planes->data[0]);
  g_free (planes);
}

/* Where the pixel @x, @y of the plane lies; luma pixels, even. */
static guint8 *
at (const GrPlanes *planes, guint plane, gint x, gint y)
{
  gint shift = plane > 0;

  return planes->data[plane] + (gsize) (y >> shift) * planes->stride[plane] + (x >> shift);
}

void
gr_colour_to_yuv (guint32 colour, guint8 yuv[3])
{
  gint red = colour >> 16 & 0xff, green = colour >> 8 & 0xff, blue = colour & 0xff;

  yuv[0] = 16 + ((47 * red + 157 * green + 16 * blue + 128) >> 8);
  yuv[1] = 128 + ((-26 * red - 86 * green + 112 * blue + 128) >> 8);
  yuv[2] = 128 + ((112 * red - 102 * green - 10 * blue + 128) >> 8);
}

void
gr_planes_fill (GrPlanes *canvas, const GrRect *rect, guint32 colour)
{
  guint8 yuv[3];

  gr_colour_to_yuv (colour, yuv);
  for (guint plane = 0; plane < 3; plane++)
    SetPlane (at (canvas, plane, rect->x, rect->y), canvas->stride[plane], rect->width >> (plane > 0),
              rect->height >> (plane > 0), yuv[plane]);
}

void
gr_planes_copy (GrPlanes *canvas, const GrPlanes *from, const GrRect *rect)
{
  for (guint plane = 0; plane < 3; plane++)
    CopyPlane (at (from, plane, rect->x, rect->y), from->stride[plane], at (canvas, plane, rect->x, rect->y),
               canvas->stride[plane], rect->width >> (plane > 0), rect->height >> (plane > 0));
}

/* Takes what is outside the canvas off @destination, and off @source in proportion. */
static gboolean
clip (const GrPlanes *canvas, GrRect *source, GrRect *destination)
{
  GrRect whole = *destination;
  double zoom_x = (double) source->width / whole.width, zoom_y = (double) source->height / whole.height;

  if (!gr_rect_intersect (&whole, &(GrRect){ 0, 0, canvas->width, canvas->height }, destination))
    return FALSE;
  if (gr_rect_equal (&whole, destination))
    return TRUE;

  source->x += 2 * (gint) ((destination->x - whole.x) * zoom_x / 2);
  source->y += 2 * (gint) ((destination->y - whole.y) * zoom_y / 2);
  source->width = MAX (2 * (gint) (destination->width * zoom_x / 2), 2);
  source->height = MAX (2 * (gint) (destination->height * zoom_y / 2), 2);
  return TRUE;
}

/* Box averages what is made less than half as large, and is bilinear otherwise. */
static void
scale (const GrPlanes *picture, const GrRect *source, GrPlanes *canvas, gint x, gint y, gint width, gint height)
{
  I420Scale (at (picture, 0, source->x, source->y), picture->stride[0], at (picture, 1, source->x, source->y),
             picture->stride[1], at (picture, 2, source->x, source->y), picture->stride[2], source->width,
             source->height, at (canvas, 0, x, y), canvas->stride[0], at (canvas, 1, x, y), canvas->stride[1],
             at (canvas, 2, x, y), canvas->stride[2], width, height, kFilterBox);
}

static void
mix (GrPlanes *canvas, const GrPlanes *other, gint x, gint y, gint width, gint height, guint8 alpha)
{
  for (guint plane = 0; plane < 3; plane++)
    InterpolatePlane (at (canvas, plane, x, y), canvas->stride[plane], at (other, plane, 0, 0), other->stride[plane],
                      at (canvas, plane, x, y), canvas->stride[plane], width >> (plane > 0), height >> (plane > 0),
                      alpha);
}

void
gr_planes_draw (GrPlanes *canvas,
                const GrPlanes *picture,
                const GrRect *source,
                const GrRect *destination,
                guint8 alpha,
                GrPlanes *scratch)
{
  GrRect from = *source, to = *destination;

  if (alpha == 0 || gr_rect_is_empty (source) || gr_rect_is_empty (destination) || !clip (canvas, &from, &to))
    return;

  if (alpha == 255)
    {
      scale (picture, &from, canvas, to.x, to.y, to.width, to.height);
      return;
    }
  scale (picture, &from, scratch, 0, 0, to.width, to.height);
  mix (canvas, scratch, to.x, to.y, to.width, to.height, alpha);
}

void
gr_planes_mix (GrPlanes *canvas, const GrPlanes *other, guint8 alpha)
{
  mix (canvas, other, 0, 0, canvas->width, canvas->height, alpha);
}
