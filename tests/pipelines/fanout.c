/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the fan-out: encoded buffers in, whole pictures out, whatever a consumer does. */
#include "media/program/fanout.h"

#define FRAME (GST_SECOND / 30)
#define SOUND (20 * GST_MSECOND)
#define EVERY 30 /* frames from one keyframe to the next */

typedef struct
{
  GrFanout *fanout;
  GstSegment segment;
  guint wanted;
} Scene;

static void
want_keyframe (gpointer user_data)
{
  Scene *scene = user_data;

  scene->wanted++;
}

static void
set_up (Scene *scene, gconstpointer data)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-h264");

  scene->fanout = gr_fanout_new (GR_FANOUT_PROGRAMME_STREAMS, GR_FANOUT_VIDEO, want_keyframe, scene);
  gst_segment_init (&scene->segment, GST_FORMAT_TIME);
  /* As x264enc's, an hour ahead. */
  scene->segment.start = 3600 * GST_SECOND;
  gr_fanout_set_caps (scene->fanout, GR_FANOUT_VIDEO, caps);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gr_fanout_unref (scene->fanout);
}

static void
push (Scene *scene, guint stream, GstClockTime time, gboolean key, gsize bytes)
{
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, bytes, NULL);

  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = scene->segment.start + time;
  GST_BUFFER_DURATION (buffer) = stream == GR_FANOUT_VIDEO ? FRAME : SOUND;
  if (!key)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  gr_fanout_push (scene->fanout, stream, buffer, &scene->segment, 0);
}

static void
push_frames (Scene *scene, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    push (scene, GR_FANOUT_VIDEO, i * FRAME, i % EVERY == 0, 100);
}

static GstBuffer *
pull (GstElement *sink)
{
  g_autoptr (GstSample) sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), GST_SECOND / 5);

  return sample != NULL ? gst_buffer_ref (gst_sample_get_buffer (sample)) : NULL;
}

/* An appsrc in a pipeline of its own. */
static GstElement *
play (GrFanoutConsumer *consumer, guint stream, GstElement **sink)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *source = gr_fanout_consumer_get_source (consumer, stream);

  *sink = gst_element_factory_make ("appsink", NULL);
  g_object_set (*sink, "sync", FALSE, NULL);
  gst_bin_add_many (GST_BIN (pipeline), source, *sink, NULL);
  g_assert_true (gst_element_link (source, *sink));
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static void
test_begins_with_keyframe (Scene *scene, gconstpointer data)
{
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_AAC, .rebase = TRUE };
  GrFanoutConsumer *consumer;
  GstElement *video, *audio, *pipelines[2];
  GstBuffer *buffer;

  g_test_summary ("A consumer begins with a keyframe at 0, and with what is heard from there on");
  push (scene, GR_FANOUT_AAC, 0, TRUE, 10);
  push_frames (scene, 0, 10);
  consumer = gr_fanout_join (scene->fanout, &options);
  g_assert_cmpuint (scene->wanted, ==, 1);
  pipelines[0] = play (consumer, GR_FANOUT_VIDEO, &video);
  pipelines[1] = play (consumer, GR_FANOUT_AAC, &audio);
  push_frames (scene, 10, 20);
  push (scene, GR_FANOUT_AAC, 29 * FRAME, TRUE, 10);
  /* Before the picture that it belongs to, which took longer. */
  push (scene, GR_FANOUT_AAC, 30 * FRAME, TRUE, 10);
  push_frames (scene, 30, 2);
  push (scene, GR_FANOUT_AAC, 30 * FRAME + SOUND, TRUE, 10);

  buffer = pull (video);
  g_assert_nonnull (buffer);
  g_assert_false (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT));
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, 0);
  gst_buffer_unref (buffer);
  buffer = pull (video);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, FRAME);
  gst_buffer_unref (buffer);
  for (guint i = 0; i < 2; i++)
    {
      buffer = pull (audio);
      g_assert_nonnull (buffer);
      g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, i * SOUND);
      gst_buffer_unref (buffer);
    }

  gr_fanout_consumer_end (consumer);
  gr_fanout_consumer_leave (consumer);
  stop (pipelines[0]);
  stop (pipelines[1]);
}

static void
test_waits_for_all (Scene *scene, gconstpointer data)
{
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_AAC, .rebase = TRUE };
  GrFanoutConsumer *consumer = gr_fanout_join (scene->fanout, &options);
  GrFanoutStats stats;

  g_test_summary ("While sound has not begun nothing does; then a keyframe is asked for at once");
  push_frames (scene, 0, 40);
  gr_fanout_consumer_get_stats (consumer, &stats);
  g_assert_false (stats.begun);
  g_assert_cmpuint (stats.dropped, ==, 0);
  g_assert_cmpuint (scene->wanted, ==, 1);

  /* It is ahead of the pictures. */
  push (scene, GR_FANOUT_AAC, 41 * FRAME, TRUE, 10);
  push (scene, GR_FANOUT_VIDEO, 40 * FRAME, TRUE, 100);
  g_assert_cmpuint (scene->wanted, ==, 1);
  push (scene, GR_FANOUT_VIDEO, 41 * FRAME, FALSE, 100);
  g_assert_cmpuint (scene->wanted, ==, 2);
  push (scene, GR_FANOUT_VIDEO, 42 * FRAME, TRUE, 100);
  gr_fanout_consumer_get_stats (consumer, &stats);
  g_assert_true (stats.begun);
  g_assert_cmpuint (stats.base, ==, 42 * FRAME);
  g_assert_cmpuint (stats.buffers, ==, 1);

  gr_fanout_consumer_leave (consumer);
}

static void
test_no_sound_twice (Scene *scene, gconstpointer data)
{
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_AAC, .max_bytes = 150 };
  GrFanoutConsumer *consumer = gr_fanout_join (scene->fanout, &options);
  GstElement *video, *audio, *pipelines[2];
  GstBuffer *buffer;

  g_test_summary ("Who falls behind and goes on hears nothing again that was there before");
  push (scene, GR_FANOUT_AAC, 0, TRUE, 10);
  /* Ahead of the pictures, of which the third does not fit. */
  push (scene, GR_FANOUT_AAC, 4 * FRAME, TRUE, 10);
  for (guint i = 0; i < 3; i++)
    push (scene, GR_FANOUT_VIDEO, i * FRAME, i == 0, 100);
  pipelines[0] = play (consumer, GR_FANOUT_VIDEO, &video);
  pipelines[1] = play (consumer, GR_FANOUT_AAC, &audio);
  for (guint i = 0; i < 2; i++)
    {
      buffer = pull (video);
      g_assert_nonnull (buffer);
      gst_buffer_unref (buffer);
    }
  push (scene, GR_FANOUT_VIDEO, 3 * FRAME, TRUE, 100);
  push (scene, GR_FANOUT_AAC, 5 * FRAME, TRUE, 10);

  for (guint i = 0; i < 3; i++)
    {
      static const GstClockTime expected[] = { 0, 4 * FRAME, 5 * FRAME };

      buffer = pull (audio);
      g_assert_nonnull (buffer);
      g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, expected[i]);
      gst_buffer_unref (buffer);
    }

  gr_fanout_consumer_leave (consumer);
  stop (pipelines[0]);
  stop (pipelines[1]);
}

static void
test_slow_consumer (Scene *scene, gconstpointer data)
{
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO, .max_bytes = 5000 };
  GrFanoutConsumer *slow = gr_fanout_join (scene->fanout, &options);
  GrFanoutConsumer *fast = gr_fanout_join (scene->fanout, &options);
  GrFanoutStats stats;
  GstElement *sinks[2], *pipelines[2];
  GstBuffer *buffer;
  guint n = 0;

  g_test_summary ("Who does not take what is there loses up to a keyframe, and nobody else loses anything");
  pipelines[1] = play (fast, GR_FANOUT_VIDEO, &sinks[1]);
  for (guint i = 0; i < 300; i++)
    {
      push_frames (scene, i, 1);
      buffer = pull (sinks[1]);
      g_assert_nonnull (buffer);
      g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, i * FRAME);
      gst_buffer_unref (buffer);
    }
  gr_fanout_consumer_get_stats (fast, &stats);
  g_assert_cmpuint (stats.dropped, ==, 0);
  gr_fanout_consumer_get_stats (slow, &stats);
  g_assert_cmpuint (stats.dropped, >=, 240);
  g_assert_cmpuint (stats.queued_bytes, <=, 5100);

  /* Once it takes again, it goes on with a keyframe. */
  pipelines[0] = play (slow, GR_FANOUT_VIDEO, &sinks[0]);
  while ((buffer = pull (sinks[0])) != NULL)
    {
      gst_buffer_unref (buffer);
      n++;
    }
  g_assert_cmpuint (n, ==, 50);
  push_frames (scene, 301, 40);
  buffer = pull (sinks[0]);
  g_assert_nonnull (buffer);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, 330 * FRAME);
  gst_buffer_unref (buffer);

  gr_fanout_consumer_leave (slow);
  gr_fanout_consumer_leave (fast);
  stop (pipelines[0]);
  stop (pipelines[1]);
}

static void
test_encoder_delay (Scene *scene, gconstpointer data)
{
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_AAC };
  g_autoptr (GrFanout) fanout = gr_fanout_new (2, GR_FANOUT_NO_GATE, NULL, NULL);
  GstSegment segment;
  GrFanoutConsumer *consumer;
  GstElement *sink, *pipeline;
  GstBuffer *buffer;

  g_test_summary ("An encoder's delay is taken off, and sound from before the beginning is left out");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  consumer = gr_fanout_join (fanout, &options);
  pipeline = play (consumer, GR_FANOUT_AAC, &sink);
  for (guint i = 0; i < 3; i++)
    {
      buffer = gst_buffer_new ();
      GST_BUFFER_PTS (buffer) = i * SOUND;
      gr_fanout_push (fanout, GR_FANOUT_AAC, buffer, &segment, 21333 * GST_USECOND);
      gst_buffer_unref (buffer);
    }
  buffer = pull (sink);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, 2 * SOUND - 21333 * GST_USECOND);
  gst_buffer_unref (buffer);

  gr_fanout_consumer_leave (consumer);
  stop (pipeline);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);

  g_test_add ("/fanout/begins-with-keyframe", Scene, NULL, set_up, test_begins_with_keyframe, tear_down);
  g_test_add ("/fanout/waits-for-all", Scene, NULL, set_up, test_waits_for_all, tear_down);
  g_test_add ("/fanout/no-sound-twice", Scene, NULL, set_up, test_no_sound_twice, tear_down);
  g_test_add ("/fanout/slow-consumer", Scene, NULL, set_up, test_slow_consumer, tear_down);
  g_test_add ("/fanout/encoder-delay", Scene, NULL, set_up, test_encoder_delay, tear_down);

  return g_test_run ();
}
