/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mixbench.h"

#include <gst/app/gstappsink.h>
#include <stdlib.h>

#define DEADLINE (30 * G_USEC_PER_SEC)

static void
input_free (gpointer data)
{
  MixInput *input = data;

  gst_pad_set_active (input->src, FALSE);
  gst_object_unref (input->src);
  gst_object_unref (input->sink);
  g_free (input);
}

MixBench *
mix_bench_new (gint width, gint height, const char *properties)
{
  g_autoptr (GError) error = NULL;
  MixBench *bench = g_new0 (MixBench, 1);
  g_autofree char *text = g_strdup_printf ("layoutmix name=mix %s ! video/x-raw,width=%d,height=%d,framerate=30/1 ! "
                                           "appsink name=sink sync=false async=false",
                                           properties, width, height);

  bench->pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  bench->mix = GR_LAYOUT_MIX (gst_bin_get_by_name (GST_BIN (bench->pipeline), "mix"));
  bench->sink = gst_bin_get_by_name (GST_BIN (bench->pipeline), "sink");
  bench->clock = GST_TEST_CLOCK (gst_test_clock_new ());
  bench->inputs = g_ptr_array_new_with_free_func (input_free);
  gst_pipeline_use_clock (GST_PIPELINE (bench->pipeline), GST_CLOCK (bench->clock));
  g_assert_cmpint (gst_element_set_state (bench->pipeline, GST_STATE_PLAYING), !=, GST_STATE_CHANGE_FAILURE);
  return bench;
}

void
mix_bench_free (MixBench *bench)
{
  gst_element_set_state (bench->pipeline, GST_STATE_NULL);
  g_ptr_array_unref (bench->inputs);
  g_clear_pointer (&bench->sample, gst_sample_unref);
  gst_object_unref (bench->mix);
  gst_object_unref (bench->sink);
  gst_object_unref (bench->pipeline);
  gst_object_unref (bench->clock);
  g_free (bench);
}

void
mix_input_set_size (MixInput *input, gint width, gint height)
{
  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, width,
                                       "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, 0, 1, NULL);

  input->width = width;
  input->height = height;
  g_assert_true (gst_pad_push_event (input->src, gst_event_new_caps (caps)));
  gst_caps_unref (caps);
}

MixInput *
mix_bench_add (MixBench *bench, gint width, gint height)
{
  MixInput *input = g_new0 (MixInput, 1);
  GstSegment segment;

  input->bench = bench;
  input->src = gst_pad_new (NULL, GST_PAD_SRC);
  input->sink = gst_element_request_pad_simple (GST_ELEMENT (bench->mix), "sink_%u");
  g_ptr_array_add (bench->inputs, input);
  gst_pad_set_active (input->src, TRUE);
  g_assert_cmpint (gst_pad_link (input->src, input->sink), ==, GST_PAD_LINK_OK);
  gst_pad_push_event (input->src, gst_event_new_stream_start ("test"));
  mix_input_set_size (input, width, height);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (input->src, gst_event_new_segment (&segment));
  return input;
}

static GstBuffer *
new_frame (MixInput *input, const guint32 *colours, const gint *edges)
{
  GstVideoInfo info;
  GstVideoFrame frame;
  GstBuffer *buffer;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, input->width, input->height);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_WRITE));
  for (guint plane = 0; plane < 3; plane++)
    for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane); y++)
      for (gint x = 0, stripe = 0; x < GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane); x++)
        {
          guint8 yuv[3];

          while (stripe < 2 && x << (plane > 0) >= edges[stripe])
            stripe++;
          gr_colour_to_yuv (colours[stripe], yuv);
          ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, plane))[y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) + x]
              = yuv[plane];
        }
  gst_video_frame_unmap (&frame);
  return buffer;
}

static void
push (MixInput *input, GstBuffer *buffer, GstClockTime time)
{
  GST_BUFFER_PTS (buffer) = time;
  g_assert_cmpint (gst_pad_push (input->src, buffer), ==, GST_FLOW_OK);
}

void
mix_input_push_at (MixInput *input, guint32 colour, GstClockTime time)
{
  const guint32 colours[] = { colour, colour, colour };
  const gint edges[] = { input->width, input->width };

  push (input, new_frame (input, colours, edges), time);
}

void
mix_input_push (MixInput *input, guint32 colour)
{
  mix_input_push_at (input, colour, input->bench->next);
}

void
mix_input_push_striped (MixInput *input, guint32 a, gint second, guint32 b, gint third, guint32 c)
{
  const guint32 colours[] = { a, b, c };
  const gint edges[] = { second, third };

  push (input, new_frame (input, colours, edges), input->bench->next);
}

void
mix_input_end (MixInput *input)
{
  g_assert_true (gst_pad_push_event (input->src, gst_event_new_eos ()));
}

void
mix_input_release (MixInput *input)
{
  gst_pad_unlink (input->src, input->sink);
  gst_element_release_request_pad (GST_ELEMENT (input->bench->mix), input->sink);
  g_ptr_array_remove (input->bench->inputs, input);
}

void
mix_bench_pull (MixBench *bench)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE;
  GstSample *sample;

  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (bench->sink), GST_MSECOND)) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (gst_test_clock_peek_id_count (bench->clock) > 0)
        gst_test_clock_crank (bench->clock);
    }

  g_clear_pointer (&bench->sample, gst_sample_unref);
  bench->sample = sample;
  bench->pts = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  bench->next = bench->pts + GST_BUFFER_DURATION (gst_sample_get_buffer (sample));
}

void
mix_bench_next (MixBench *bench)
{
  GstClockTime expected = bench->next;

  mix_bench_pull (bench);
  g_assert_cmpuint (bench->pts, ==, expected);
}

void
mix_bench_next_with (MixBench *bench, MixInput *input, guint32 colour)
{
  mix_input_push (input, colour);
  mix_bench_next (bench);
}

void
mix_bench_jump (MixBench *bench, GstClockTime time)
{
  gst_test_clock_wait_for_next_pending_id (bench->clock, NULL);
  gst_test_clock_set_time (bench->clock, time);
}

static void
read_pixel (MixBench *bench, gint x, gint y, gint yuv[3])
{
  GstVideoInfo info;
  GstVideoFrame frame;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (bench->sample)));
  g_assert_true (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (bench->sample), GST_MAP_READ));
  g_assert_true (x >= 0 && x < info.width && y >= 0 && y < info.height);
  for (guint plane = 0; plane < 3; plane++)
    yuv[plane] = ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (
        &frame, plane))[(y >> (plane > 0)) * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane) + (x >> (plane > 0))];
  gst_video_frame_unmap (&frame);
}

gint
mix_bench_luma (MixBench *bench, gint x, gint y)
{
  gint yuv[3];

  read_pixel (bench, x, y, yuv);
  return yuv[0];
}

gboolean
mix_bench_is_colour (MixBench *bench, gint x, gint y, guint32 colour)
{
  guint8 expected[3];
  gint yuv[3];

  read_pixel (bench, x, y, yuv);
  gr_colour_to_yuv (colour, expected);
  for (guint plane = 0; plane < 3; plane++)
    if (abs (yuv[plane] - expected[plane]) > 3)
      return FALSE;
  return TRUE;
}

void
mix_bench_assert_colour (MixBench *bench, gint x, gint y, guint32 colour)
{
  guint8 expected[3];
  gint yuv[3];

  if (mix_bench_is_colour (bench, x, y, colour))
    return;
  read_pixel (bench, x, y, yuv);
  gr_colour_to_yuv (colour, expected);
  g_error ("the pixel at %d, %d of the frame at %" GST_TIME_FORMAT " is %d, %d, %d and not %d, %d, %d", x, y,
           GST_TIME_ARGS (bench->pts), yuv[0], yuv[1], yuv[2], expected[0], expected[1], expected[2]);
}

guint
mix_bench_shown (MixBench *bench)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (bench->pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT)) != NULL)
    {
      if (gst_message_has_name (message, "layoutmix-shown"))
        gst_structure_get_uint (gst_message_get_structure (message), "serial", &bench->shown);
      gst_message_unref (message);
    }
  return bench->shown;
}

void
mix_bench_stats (MixBench *bench, guint64 *drawn, guint64 *hidden)
{
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (bench->mix, "stats", &stats, NULL);
  g_assert_true (gst_structure_get_uint64 (stats, "drawn", drawn));
  g_assert_true (gst_structure_get_uint64 (stats, "hidden", hidden));
}

GrMixImage *
mix_image (gint width, gint height, guint32 colour)
{
  g_autofree guint32 *pixels = g_new (guint32, width * height);

  for (gint i = 0; i < width * height; i++)
    pixels[i] = GUINT32_TO_LE (colour);
  return gr_mix_image_new ((const guint8 *) pixels, width, height, width * 4);
}
