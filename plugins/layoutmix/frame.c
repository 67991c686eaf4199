/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/frame.h"

typedef struct
{
  GstBuffer *buffer;
  GstVideoInfo info;
  GstVideoFrame frame;
  GrPlanes planes;
  gboolean mapped;
} Input;

GrFrame *
gr_frame_new (void)
{
  GrFrame *frame = g_new0 (GrFrame, 1);

  frame->composer = gr_composer_new ();
  frame->inputs = g_array_sized_new (FALSE, FALSE, sizeof (Input), 32);
  frame->layers = g_array_sized_new (FALSE, FALSE, sizeof (GrLayer), 128);
  frame->arriving = g_array_sized_new (FALSE, FALSE, sizeof (GrLayer), 128);
  return frame;
}

void
gr_frame_free (GrFrame *frame)
{
  gr_frame_clear (frame);
  gr_composer_free (frame->composer);
  g_array_unref (frame->inputs);
  g_array_unref (frame->layers);
  g_array_unref (frame->arriving);
  g_free (frame);
}

/* The place of the pad's frame among the inputs: both scenes of a fade share it. */
static guint
find_input (GrFrame *frame, GrLayoutMixPad *pad)
{
  Input *input;

  for (guint i = 0; i < frame->inputs->len; i++)
    if (g_array_index (frame->inputs, Input, i).buffer == pad->buffer)
      return i;

  g_array_set_size (frame->inputs, frame->inputs->len + 1);
  input = &g_array_index (frame->inputs, Input, frame->inputs->len - 1);
  input->buffer = gst_buffer_ref (pad->buffer);
  input->info = pad->info;
  input->mapped = FALSE;
  return frame->inputs->len - 1;
}

void
gr_frame_add_pad (GrFrame *frame,
                  GArray *layers,
                  const GrOverlays *overlays,
                  GrLayoutMixPad *pad,
                  const GrShot *from,
                  const GrShot *to,
                  double progress)
{
  GrShot shot = gr_shot_between (from, to, GR_TRANSITION_MOVE, progress);
  gboolean has_frame = pad->buffer != NULL;
  GrLayer layer = { .z = shot.z };

  if (shot.alpha <= 0)
    return;

  gr_shot_place (from, to, progress, has_frame ? pad->info.width : 0, has_frame ? pad->info.height : 0, &layer.source,
                 &layer.destination);
  layer.alpha = shot.alpha * pad->presence * 255 + 0.5;
  if (has_frame && layer.alpha > 0)
    {
      layer.input = find_input (frame, pad);
      g_array_append_val (layers, layer);
    }

  /* After its picture: of two layers at the same height the later one lies above. */
  gr_overlays_add_anchored (overlays, layers, GST_PAD (pad), &layer.destination, shot.alpha);
}

static void
map_input (Input *input)
{
  if (input->mapped || !gst_video_frame_map (&input->frame, &input->info, input->buffer, GST_MAP_READ))
    return;

  input->mapped = TRUE;
  input->planes.width = input->info.width;
  input->planes.height = input->info.height;
  for (guint plane = 0; plane < 3; plane++)
    {
      input->planes.data[plane] = GST_VIDEO_FRAME_PLANE_DATA (&input->frame, plane);
      input->planes.stride[plane] = GST_VIDEO_FRAME_PLANE_STRIDE (&input->frame, plane);
    }
}

/* Only what is seen is mapped. */
static void
plan (GrFrame *frame, GArray *layers)
{
  guint visible = gr_composer_plan (frame->composer, (GrLayer *) (void *) layers->data, layers->len);

  frame->drawn += visible;
  frame->hidden += layers->len - visible;
  for (guint i = 0; i < layers->len; i++)
    {
      GrLayer *layer = &g_array_index (layers, GrLayer, i);
      Input *input;

      if (!layer->visible || layer->image != NULL)
        continue;
      input = &g_array_index (frame->inputs, Input, layer->input);
      map_input (input);
      layer->planes = input->mapped ? &input->planes : NULL;
    }
}

gboolean
gr_frame_draw (GrFrame *frame, GstVideoInfo *info, GstBuffer *buffer)
{
  GstVideoFrame mapped;
  GrPlanes canvas = { .width = info->width, .height = info->height };

  if (!gst_video_frame_map (&mapped, info, buffer, GST_MAP_READWRITE))
    return FALSE;
  for (guint plane = 0; plane < 3; plane++)
    {
      canvas.data[plane] = GST_VIDEO_FRAME_PLANE_DATA (&mapped, plane);
      canvas.stride[plane] = GST_VIDEO_FRAME_PLANE_STRIDE (&mapped, plane);
    }

  frame->drawn = frame->hidden = 0;
  plan (frame, frame->layers);
  gr_composer_draw (frame->composer, (GrLayer *) (void *) frame->layers->data, frame->layers->len, &canvas);
  if (frame->dissolve > 0)
    {
      plan (frame, frame->arriving);
      gr_composer_dissolve (frame->composer, (GrLayer *) (void *) frame->arriving->data, frame->arriving->len,
                            frame->dissolve * 255 + 0.5, &canvas);
    }
  gst_video_frame_unmap (&mapped);
  return TRUE;
}

static void
clear_layers (GArray *layers)
{
  for (guint i = 0; i < layers->len; i++)
    if (g_array_index (layers, GrLayer, i).image != NULL)
      gr_mix_image_unref ((GrMixImage *) g_array_index (layers, GrLayer, i).image);
  g_array_set_size (layers, 0);
}

void
gr_frame_clear (GrFrame *frame)
{
  for (guint i = 0; i < frame->inputs->len; i++)
    {
      Input *input = &g_array_index (frame->inputs, Input, i);

      if (input->mapped)
        gst_video_frame_unmap (&input->frame);
      gst_buffer_unref (input->buffer);
    }
  g_array_set_size (frame->inputs, 0);
  clear_layers (frame->layers);
  clear_layers (frame->arriving);
}
