/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/overlay.h"

#include <math.h>

#include "plugins/layoutmix/composer.h"

typedef struct
{
  GrMixOverlay what; /* its image is ours, and NULL where there is no overlay; its anchor is only compared */
  double alpha;
  gboolean goes;
  GstClockTime fade;
  GstClockTime begin; /* of a ticker's way */
} Slot;

struct _GrOverlays
{
  Slot slots[GR_MIX_MAX_OVERLAYS];
};

GrOverlays *
gr_overlays_new (void)
{
  return g_new0 (GrOverlays, 1);
}

static void
clear (Slot *slot)
{
  g_clear_pointer (&slot->what.image, gr_mix_image_unref);
  slot->alpha = 0;
}

void
gr_overlays_free (GrOverlays *overlays)
{
  for (guint i = 0; i < GR_MIX_MAX_OVERLAYS; i++)
    clear (&overlays->slots[i]);
  g_free (overlays);
}

void
gr_overlays_set (GrOverlays *overlays, guint number, const GrMixOverlay *overlay, GstClockTime fade)
{
  Slot *slot = &overlays->slots[number];
  GrMixImage *old = slot->what.image;

  slot->fade = fade;
  slot->goes = overlay == NULL;
  if (overlay == NULL)
    return;

  /* A ticker whose text stays goes on where it is. */
  if (old != overlay->image)
    slot->begin = GST_CLOCK_TIME_NONE;
  slot->what = *overlay;
  slot->what.image = gr_mix_image_ref (overlay->image);
  slot->what.x &= ~1;
  slot->what.y &= ~1;
  slot->what.width &= ~1;
  g_clear_pointer (&old, gr_mix_image_unref);
}

void
gr_overlays_forget_anchor (GrOverlays *overlays, GstPad *pad)
{
  for (guint i = 0; i < GR_MIX_MAX_OVERLAYS; i++)
    if (overlays->slots[i].what.anchor == pad)
      {
        clear (&overlays->slots[i]);
        overlays->slots[i].what.anchor = NULL;
      }
}

void
gr_overlays_advance (GrOverlays *overlays, GstClockTime now, GstClockTime duration)
{
  for (guint i = 0; i < GR_MIX_MAX_OVERLAYS; i++)
    {
      Slot *slot = &overlays->slots[i];
      double step = slot->fade == 0 ? 1 : (double) duration / slot->fade;

      if (slot->what.image == NULL)
        continue;
      if (!GST_CLOCK_TIME_IS_VALID (slot->begin))
        slot->begin = now;
      slot->alpha = CLAMP (slot->alpha + (slot->goes ? -step : step), 0, 1);
      if (slot->goes && slot->alpha <= 0)
        clear (slot);
    }
}

/* The part @window of the image, its corner at @x, @y. What of it is outside the image is not part of the layer, or it
 * would seem to cover something. */
static void
add (GArray *layers, const Slot *slot, const GrRect *window, gint x, gint y, double alpha)
{
  GrLayer layer = { .z = slot->what.z, .alpha = slot->alpha * alpha * 255 + 0.5 };
  GrRect whole = { 0, 0, gr_mix_image_get_width (slot->what.image), gr_mix_image_get_height (slot->what.image) };

  if (layer.alpha == 0 || !gr_rect_intersect (window, &whole, &layer.source))
    return;
  layer.destination = (GrRect){ x + layer.source.x - window->x, y + layer.source.y - window->y, layer.source.width,
                                layer.source.height };
  layer.image = gr_mix_image_ref (slot->what.image);
  g_array_append_val (layers, layer);
}

void
gr_overlays_add_anchored (const GrOverlays *overlays, GArray *layers, GstPad *pad, const GrRect *box, double alpha)
{
  for (guint i = 0; i < GR_MIX_MAX_OVERLAYS; i++)
    {
      const Slot *slot = &overlays->slots[i];
      gint width, height;

      if (slot->what.image == NULL || slot->what.anchor != pad)
        continue;
      width = MIN (gr_mix_image_get_width (slot->what.image), box->width - slot->what.x);
      height = MIN (gr_mix_image_get_height (slot->what.image), box->height - slot->what.y);
      add (layers, slot, &(GrRect){ 0, 0, width, height }, box->x + slot->what.x,
           box->y + box->height - slot->what.y - height, alpha);
    }
}

/* The part of a ticker that is in its window: it enters at the right edge, leaves at the left one and begins again. */
static GrRect
window (const Slot *slot, GstClockTime now)
{
  gint width = gr_mix_image_get_width (slot->what.image);
  GrRect rect = { 0, 0, slot->what.width > 0 ? slot->what.width : width, gr_mix_image_get_height (slot->what.image) };

  if (slot->what.speed > 0 && now > slot->begin)
    rect.x = 2 * (gint) (fmod ((now - slot->begin) * slot->what.speed / GST_SECOND, width + rect.width) / 2);
  if (slot->what.speed > 0)
    rect.x -= rect.width;
  return rect;
}

void
gr_overlays_add_standing (const GrOverlays *overlays, GArray *layers, GstClockTime now)
{
  for (guint i = 0; i < GR_MIX_MAX_OVERLAYS; i++)
    {
      const Slot *slot = &overlays->slots[i];

      GrRect part;

      if (slot->what.image == NULL || slot->what.anchor != NULL)
        continue;
      part = window (slot, now);
      add (layers, slot, &part, slot->what.x, slot->what.y, 1);
    }
}
