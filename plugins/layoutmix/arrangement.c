/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/layout-mix-private.h"

/* How far the transition is, eased; 1 when there is none. */
static double
progress_at (GrLayoutMix *mix, GstClockTime now)
{
  if (mix->duration == 0 || mix->kind == GR_TRANSITION_CUT)
    return 1;
  if (!GST_CLOCK_TIME_IS_VALID (mix->begin) || now <= mix->begin)
    return 0;
  return gr_ease_out ((double) (now - mix->begin) / mix->duration);
}

void
gr_layout_mix_drop_released (GrLayoutMix *mix)
{
  for (guint i = mix->pads->len; i-- > 0;)
    {
      GrLayoutMixPad *pad = mix->pads->pdata[i];

      if (pad->released && pad->buffer == NULL)
        {
          gr_overlays_forget_anchor (mix->overlays, GST_PAD (pad));
          g_ptr_array_remove_index (mix->pads, i);
        }
    }
}

gboolean
gr_layout_mix_choose (GrLayoutMix *mix, GstClockTime now, GstClockTime duration, gboolean *over)
{
  gboolean settled = TRUE;
  guint n_here = 0;

  *over = TRUE;
  for (guint i = 0; i < mix->pads->len; i++)
    {
      GrLayoutMixPad *pad = mix->pads->pdata[i];

      if (pad->released)
        continue;
      n_here++;
      settled = gr_layout_mix_pad_choose (pad, now, duration) && settled;
      *over = *over && gr_layout_mix_pad_is_done (pad);
    }
  /* That the last one was released ends nothing: another may come. */
  *over = *over && n_here > 0;
  return settled;
}

static void
collect (GrLayoutMix *mix, GstClockTime now)
{
  GrFrame *frame = mix->frame;
  double progress = progress_at (mix, now);
  gboolean dissolves = mix->kind == GR_TRANSITION_FADE && progress < 1;

  frame->dissolve = dissolves ? progress : 0;
  for (guint i = 0; i < mix->pads->len; i++)
    {
      GrLayoutMixPad *pad = mix->pads->pdata[i];

      if (!mix->committed)
        pad->from = pad->to = gr_layout_mix_pad_get_own_shot (pad, mix->info.width, mix->info.height);
      if (dissolves)
        {
          gr_frame_add_pad (frame, frame->layers, mix->overlays, pad, &pad->from, &pad->from, 1);
          gr_frame_add_pad (frame, frame->arriving, mix->overlays, pad, &pad->to, &pad->to, 1);
        }
      else
        gr_frame_add_pad (frame, frame->layers, mix->overlays, pad, &pad->from, &pad->to, progress);
    }

  gr_overlays_add_standing (mix->overlays, frame->layers, now);
  if (dissolves)
    gr_overlays_add_standing (mix->overlays, frame->arriving, now);
}

void
gr_layout_mix_prepare (GrLayoutMix *mix, GstClockTime now, GstClockTime duration)
{
  double step = mix->fade == 0 ? 1 : (double) duration / mix->fade;

  if (!GST_CLOCK_TIME_IS_VALID (mix->begin))
    mix->begin = now;
  for (guint i = 0; i < mix->pads->len; i++)
    gr_layout_mix_pad_advance (mix->pads->pdata[i], now, step);
  gr_layout_mix_drop_released (mix);
  gr_overlays_advance (mix->overlays, now, duration);
  if (mix->background_changed)
    gr_composer_set_background (mix->frame->composer, mix->colour, mix->background);
  mix->background_changed = FALSE;
  collect (mix, now);
  mix->now = now;
  mix->frames++;
}

void
gr_layout_mix_announce (GrLayoutMix *mix)
{
  guint serial;
  gboolean news;

  g_mutex_lock (&mix->lock);
  mix->drawn += mix->frame->drawn;
  mix->hidden += mix->frame->hidden;
  news = mix->committed && !mix->arrived && progress_at (mix, mix->now) >= 1;
  mix->arrived = mix->arrived || news;
  serial = mix->serial;
  g_mutex_unlock (&mix->lock);

  if (news)
    gst_element_post_message (GST_ELEMENT (mix),
                              gst_message_new_element (GST_OBJECT (mix),
                                                       gst_structure_new ("layoutmix-shown", "serial", G_TYPE_UINT,
                                                                          serial, NULL)));
}

static const GrMixBox *
find_box (const GrMixBox *boxes, gsize n_boxes, GrLayoutMixPad *pad)
{
  for (gsize i = 0; i < n_boxes; i++)
    if (boxes[i].pad == GST_PAD (pad))
      return &boxes[i];
  return NULL;
}

void
gr_layout_mix_commit (
    GrLayoutMix *mix, guint serial, const GrMixBox *boxes, gsize n_boxes, GrTransition kind, GstClockTime duration)
{
  double progress;

  g_mutex_lock (&mix->lock);
  progress = progress_at (mix, mix->now);
  for (guint i = 0; i < mix->pads->len; i++)
    {
      GrLayoutMixPad *pad = mix->pads->pdata[i];
      const GrMixBox *box = find_box (boxes, n_boxes, pad);

      pad->from = gr_shot_between (&pad->from, &pad->to, mix->kind, progress);
      if (box != NULL)
        pad->to = (GrShot){ gr_rect_even (&box->cell), box->fit, box->z, 1 };
      else
        {
          pad->to = pad->from;
          pad->to.alpha = 0;
        }
    }
  mix->committed = TRUE;
  mix->kind = duration == 0 ? GR_TRANSITION_CUT : kind;
  mix->begin = GST_CLOCK_TIME_NONE;
  mix->duration = duration;
  mix->serial = serial;
  mix->arrived = FALSE;
  g_mutex_unlock (&mix->lock);
}

void
gr_layout_mix_set_overlay (GrLayoutMix *mix, guint number, const GrMixOverlay *overlay, GstClockTime fade)
{
  g_return_if_fail (number < GR_MIX_MAX_OVERLAYS);

  g_mutex_lock (&mix->lock);
  gr_overlays_set (mix->overlays, number, overlay, fade);
  g_mutex_unlock (&mix->lock);
}

void
gr_layout_mix_set_background (GrLayoutMix *mix, guint32 colour, GrMixImage *image)
{
  GrMixImage *old;

  g_mutex_lock (&mix->lock);
  old = mix->background;
  mix->background = image != NULL ? gr_mix_image_ref (image) : NULL;
  mix->colour = colour & 0xffffff;
  mix->background_changed = TRUE;
  g_mutex_unlock (&mix->lock);
  g_clear_pointer (&old, gr_mix_image_unref);
}
