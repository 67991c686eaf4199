/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/composer.h"

#include "plugins/layoutmix/region.h"

struct _GrComposer
{
  GrRect canvas;
  GrPlanes *scratch;    /* a picture on its way to be mixed */
  GrPlanes *other;      /* the scene that comes, while it dissolves */
  GrPlanes *background; /* NULL: the colour */
  guint8 *blend_scratch;
  guint32 colour;
};

GrComposer *
gr_composer_new (void)
{
  return g_new0 (GrComposer, 1);
}

static void
forget_size (GrComposer *composer)
{
  g_clear_pointer (&composer->scratch, gr_planes_free);
  g_clear_pointer (&composer->other, gr_planes_free);
  g_clear_pointer (&composer->background, gr_planes_free);
  g_clear_pointer (&composer->blend_scratch, g_free);
}

void
gr_composer_free (GrComposer *composer)
{
  if (composer == NULL)
    return;
  forget_size (composer);
  g_free (composer);
}

void
gr_composer_set_size (GrComposer *composer, gint width, gint height)
{
  forget_size (composer);
  composer->canvas = (GrRect){ 0, 0, width, height };
  composer->scratch = gr_planes_new (width, height);
  composer->other = gr_planes_new (width, height);
  composer->blend_scratch = g_malloc (gr_mix_image_scratch_bytes (width));
}

void
gr_composer_set_background (GrComposer *composer, guint32 colour, const GrMixImage *image)
{
  GrRect source, destination;

  composer->colour = colour;
  g_clear_pointer (&composer->background, gr_planes_free);
  if (image == NULL)
    return;

  composer->background = gr_planes_new (composer->canvas.width, composer->canvas.height);
  gr_place (&composer->canvas, GR_FIT_CROP, gr_mix_image_get_width (image), gr_mix_image_get_height (image), &source,
            &destination);
  gr_planes_draw (composer->background, gr_mix_image_get_planes (image), &source, &destination, 255, NULL);
}

static void
sort (GrLayer *layers, guint n_layers)
{
  for (guint i = 1; i < n_layers; i++)
    {
      GrLayer layer = layers[i];
      guint place = i;

      for (; place > 0 && layers[place - 1].z > layer.z; place--)
        layers[place] = layers[place - 1];
      layers[place] = layer;
    }
}

static gboolean
is_opaque (const GrLayer *layer)
{
  return layer->alpha == 255 && (layer->image == NULL || gr_mix_image_is_opaque (layer->image));
}

/* What is left for those below a layer, and for the background below all. */
static void
cover (GrRegion *region, const GrLayer *layer)
{
  if (layer->visible && is_opaque (layer) && (layer->image != NULL || layer->planes != NULL))
    gr_region_subtract (region, &layer->destination);
}

guint
gr_composer_plan (const GrComposer *composer, GrLayer *layers, guint n_layers)
{
  GrRegion region;
  guint visible = 0;

  sort (layers, n_layers);
  gr_region_init (&region, &composer->canvas);
  for (guint i = n_layers; i-- > 0;)
    {
      GrLayer *layer = &layers[i];

      layer->visible
          = layer->alpha > 0 && !gr_rect_is_empty (&layer->source) && gr_region_touches (&region, &layer->destination);
      visible += layer->visible;
      if (layer->visible && is_opaque (layer))
        gr_region_subtract (&region, &layer->destination);
    }
  return visible;
}

static void
draw_background (GrComposer *composer, const GrLayer *layers, guint n_layers, GrPlanes *canvas)
{
  GrRegion region;

  gr_region_init (&region, &composer->canvas);
  for (guint i = 0; i < n_layers; i++)
    cover (&region, &layers[i]);
  for (guint i = 0; i < region.n_rects; i++)
    if (composer->background != NULL)
      gr_planes_copy (canvas, composer->background, &region.rects[i]);
    else
      gr_planes_fill (canvas, &region.rects[i], composer->colour);
}

void
gr_composer_draw (GrComposer *composer, const GrLayer *layers, guint n_layers, GrPlanes *canvas)
{
  draw_background (composer, layers, n_layers, canvas);
  for (guint i = 0; i < n_layers; i++)
    {
      const GrLayer *layer = &layers[i];

      if (!layer->visible)
        continue;
      if (layer->image != NULL)
        gr_mix_image_blend (layer->image, &layer->source, canvas, layer->destination.x, layer->destination.y,
                            layer->alpha, composer->blend_scratch);
      else if (layer->planes != NULL)
        gr_planes_draw (canvas, layer->planes, &layer->source, &layer->destination, layer->alpha, composer->scratch);
    }
}

void
gr_composer_dissolve (GrComposer *composer, const GrLayer *layers, guint n_layers, guint8 alpha, GrPlanes *canvas)
{
  gr_composer_draw (composer, layers, n_layers, composer->other);
  gr_planes_mix (canvas, composer->other, alpha);
}
