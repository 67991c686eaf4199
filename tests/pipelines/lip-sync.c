/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of lip sync: a guest's flashes and beeps go in as RTP over the link and are looked for in what viewers get: the
 * finished recording, an RTMP server's file, and the sound that goes back to the hub. */
#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "base/json.h"
#include "base/main-call.h"
#include "fake-hub.h"
#include "media/program/show.h"
#include "plugins/hublink/link-source.h"
#include "plugins/layoutmix/layout-mix.h"
#include "stage.h"

#define WATCHDOG 120
/* The guest's camera is out of step with the programme by a little more from flash to flash, so that in nine of them
 * the programme's frames lie before and after the guest's as far as they can. */
#define CAMERA_RATE 27
#define FLASH_FRAMES 25
#define MARK (FLASH_FRAMES / (double) CAMERA_RATE) /* seconds from one to the next */
#define MARK_LENGTH (3.0 / CAMERA_RATE)
#define PITCH 1000
#define RATE 48000
#define CAMERA "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=27/1"
#define MICROPHONE                                                                                                     \
  "audiotestsrc is-live=true samplesperbuffer=480 wave=silence ! "                                                     \
  "audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2 ! identity name=microphone"
#define SOUND                                                                                                          \
  "audioconvert ! audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=2 ! "                                \
  "fakesink name=sound sync=false async=false"
#define PICTURES "avdec_h264 max-threads=1 ! fakesink name=pictures sync=false async=false"
/* Those before: until the first reports have come. */
#define FIRST_MARK 3
#define MARKS (FIRST_MARK + 10)
/* The issue's. */
#define TARGET_MS 20
/* Files count in milliseconds. */
#define ROUNDING_MS 1

typedef struct
{
  gint frames_per_second;
  double said_late; /* seconds: how much later a guest's sound is than its packets say */
} Plan;

/* What a guest's own pipeline knows. */
typedef struct
{
  const Plan *plan;
  gsize
      began; /* atomic: the time of its first frame and 1 ns; 0: not yet. The first of a live source is a little late */
} Camera;

/* Seen and heard; seconds of running time. */
typedef struct
{
  GMutex mutex; /* guards what follows: streaming threads look */
  gboolean bright;
  double quiet_since;
  GArray *flashes; /* of double */
  GArray *beeps;
} Marks;

static void
marks_init (Marks *marks)
{
  *marks = (Marks){ .quiet_since = -1 };
  g_mutex_init (&marks->mutex);
  marks->flashes = g_array_new (FALSE, FALSE, sizeof (double));
  marks->beeps = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
marks_clear (Marks *marks)
{
  g_array_unref (marks->flashes);
  g_array_unref (marks->beeps);
  g_mutex_clear (&marks->mutex);
}

static guint
count (Marks *marks, GArray *events)
{
  guint n;

  g_mutex_lock (&marks->mutex);
  n = events->len;
  g_mutex_unlock (&marks->mutex);
  return n;
}

/* White for the first frames of every period, from the camera's first frame on. */
static GstPadProbeReturn
flash (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Camera *camera = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  gsize size = gst_buffer_get_size (buffer);
  long frame;

  if (g_once_init_enter (&camera->began))
    g_once_init_leave (&camera->began, GST_BUFFER_PTS (buffer) + 1);
  frame = lround ((GST_BUFFER_PTS (buffer) - (camera->began - 1)) / 1e9 * CAMERA_RATE);
  gst_buffer_memset (buffer, 0, frame % FLASH_FRAMES < 3 ? 235 : 16, size * 2 / 3);
  gst_buffer_memset (buffer, size * 2 / 3, 128, size / 3);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
beep (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Camera *camera = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  gsize began = g_atomic_pointer_get (&camera->began);
  GstMapInfo map;
  float *samples;

  gst_buffer_map (buffer, &map, GST_MAP_READWRITE);
  samples = (float *) (gpointer) map.data;
  for (gsize i = 0; i < map.size / sizeof (float); i++)
    {
      double time
          = ((double) GST_BUFFER_PTS (buffer) - began) / 1e9 + (i / 2) / (double) RATE - camera->plan->said_late;
      double since = fmod (time + 10 * MARK, MARK);

      samples[i] = began > 0 && since < MARK_LENGTH ? 0.5 * sin (2 * G_PI * PITCH * since) : 0;
    }
  gst_buffer_unmap (buffer, &map);
  /* It is no silence any more. */
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static double
time_of (GstPad *pad, GstBuffer *buffer)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment;
  int sign;
  guint64 running;

  gst_event_parse_segment (event, &segment);
  sign = gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer), &running);
  return sign * (running / 1e9);
}

static GstPadProbeReturn
look (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Marks *marks = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  double time = time_of (pad, buffer);
  guint8 luma;

  /* In the middle. */
  gst_buffer_extract (buffer, 640 * 180 + 320, &luma, 1);
  g_mutex_lock (&marks->mutex);
  if (luma > 120 && !marks->bright)
    g_array_append_val (marks->flashes, time);
  marks->bright = luma > 120;
  g_mutex_unlock (&marks->mutex);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
listen (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Marks *marks = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  double begin = time_of (pad, buffer);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_mutex_lock (&marks->mutex);
  for (gsize i = 0; i < map.size / sizeof (float); i += 2)
    {
      double time = begin + (i / 2) / (double) RATE;
      /* Louder than what an encoder lets be heard before it. */
      gboolean loud = fabsf (((const float *) (gconstpointer) map.data)[i]) > 0.25;

      if (loud && time - marks->quiet_since > MARK / 2)
        g_array_append_val (marks->beeps, time);
      if (loud)
        marks->quiet_since = time;
    }
  g_mutex_unlock (&marks->mutex);
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *pipeline, const char *element, GstPadProbeCallback func, gpointer user_data)
{
  g_autoptr (GstElement) found = gst_bin_get_by_name (GST_BIN (pipeline), element);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (found, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, func, user_data, NULL);
}

static void
end_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* @demuxer's file, as a player takes it. */
static void
play_file (const char *path, const char *demuxer, Marks *marks)
{
  g_autofree char *text = g_strdup_printf ("filesrc location=%s ! %s name=file file. ! queue ! h264parse ! " PICTURES
                                           " file. ! queue ! aacparse ! avdec_aac ! " SOUND,
                                           path, demuxer);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  add_probe (pipeline, "pictures", look, marks);
  add_probe (pipeline, "sound", listen, marks);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  end_pipeline (pipeline);
}

/* One encoded stream of the running show, as WHEP viewers get it. */
static GstElement *
watch (GrFanoutConsumer *consumer, guint stream, const char *text, GstPadProbeCallback func, Marks *marks)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, &error);
  GstElement *source = gr_fanout_consumer_get_source (consumer, stream);

  g_assert_no_error (error);
  gst_bin_add_many (GST_BIN (pipeline), source, bin, NULL);
  g_assert_true (gst_element_link (source, bin));
  add_probe (pipeline, stream == GR_FANOUT_VIDEO ? "pictures" : "sound", func, marks);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static GrShow *
start_show (const Plan *plan, int fd)
{
  const GrShowEvents events = { 0 };
  const GrShowSettings settings = {
    .width = 640,
    .height = 360,
    .frames_per_second = plan->frames_per_second,
    .video_bits = 1000000,
    .audio_bits = 128000,
    .keyframe_seconds = 1,
  };
  g_autoptr (GError) error = NULL;
  GrShow *show = gr_show_new (&events);

  gr_show_set_socket (show, fd);
  gr_show_start (show, &settings, &error);
  g_assert_no_error (error);
  gr_show_set_people (show, gr_people_read ("[{\"participantId\":\"ann\",\"onStage\":true}]", &error));
  gr_show_set_scene (show, gr_scene_read ("{\"layout\":\"solo\",\"order\":[{\"participantId\":\"ann\",\"kind\":"
                                          "\"camera\"}]}",
                                          &error));
  g_assert_no_error (error);
  return show;
}

static void
start_guest (Guest *guest, Camera *camera)
{
  guest_prepare (guest, CAMERA, MICROPHONE);
  add_probe (guest_get_pipeline (guest), "camera", flash, camera);
  add_probe (guest_get_pipeline (guest), "microphone", beep, camera);
  gst_element_set_state (guest_get_pipeline (guest), GST_STATE_PLAYING);
}

static gint
by_size (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

/* How many ms each beep comes after its flash, sorted. */
static GArray *
compare (Marks *marks, const char *where)
{
  GArray *late = g_array_new (FALSE, FALSE, sizeof (double));
  double sum = 0;

  for (guint i = FIRST_MARK; i < marks->flashes->len; i++)
    for (guint j = 0; j < marks->beeps->len; j++)
      {
        double flash_time = g_array_index (marks->flashes, double, i);
        double by = (g_array_index (marks->beeps, double, j) - flash_time) * 1000;

        if (fabs (by) > MARK * 1000 / 2)
          continue;
        g_test_message ("%s: flash at %.3f s, its beep %+.1f ms", where, flash_time, by);
        g_array_append_val (late, by);
        sum += by;
      }
  g_array_sort (late, by_size);
  g_assert_cmpuint (late->len, >=, MARKS - FIRST_MARK - 2);
  g_test_message ("%s: %u beeps are %+.1f ms after their flashes, %+.1f to %+.1f", where, late->len, sum / late->len,
                  g_array_index (late, double, 0), g_array_index (late, double, late->len - 1));
  return late;
}

/* At 30 frames/s, 17 ms of it are the guest's frames, which lie between the programme's. One flash at either end may be
 * a frame that came too late because the machine had other things to do. */
static void
judge (Marks *marks, const char *where, const Plan *plan)
{
  g_autoptr (GArray) late = compare (marks, where);

  g_assert_cmpfloat (g_array_index (late, double, 1), >, plan->said_late * 1000 - TARGET_MS - ROUNDING_MS);
  g_assert_cmpfloat (g_array_index (late, double, late->len - 2), <, plan->said_late * 1000 + TARGET_MS + ROUNDING_MS);
}

static gboolean
has_enough (gpointer data)
{
  Marks *marks = data;

  return count (marks, marks->flashes) >= MARKS && count (marks, marks->beeps) >= MARKS;
}

static void
test_lip_sync (gconstpointer data)
{
  const Plan *plan = data;
  Camera camera = { .plan = plan };
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_OPUS };
  int fd;
  FakeHub *hub = fake_hub_new (&fd);
  GrShow *show = start_show (plan, fd);
  Stage *stage = stage_new_with (gr_show_get_fanout (show));
  g_autofree char *mkv = stage_path (stage, "mix.mkv");
  g_autofree char *flv = stage_path (stage, "received.flv");
  guint16 port = stage_free_port ();
  Guest *ann = fake_hub_add (hub, "ann");
  GrFanoutConsumer *consumer = gr_fanout_join (stage->fanout, &options);
  GSubprocess *server;
  Watched *recording, *destination;
  GstElement *viewer[2];
  Marks seen_live, seen_in_file, seen_by_rtmp;

  g_test_summary (
      "A flash and a beep of one moment are at one moment in the recording, at an RTMP server and for viewers");
  alarm (WATCHDOG);
  marks_init (&seen_live);
  marks_init (&seen_in_file);
  marks_init (&seen_by_rtmp);
  viewer[0] = watch (consumer, GR_FANOUT_VIDEO, PICTURES, look, &seen_live);
  viewer[1] = watch (consumer, GR_FANOUT_OPUS, "opusdec ! " SOUND, listen, &seen_live);
  server = stage_start_ffmpeg (stage, port, flv);
  stage_wait_port (port);
  recording = watched_new (stage, "recording", "{\"kind\":\"recording\",\"path\":\"%s\"}", mkv);
  destination = watched_new (
      stage, "rtmp",
      "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/live\",\"streamKey\":\"k\",\"allowPrivate\":true}", port);
  watched_wait_state (recording, "live", 20);
  watched_wait_state (destination, "live", 20);
  start_guest (ann, &camera);
  stage_wait (has_enough, &seen_live, 60, "flashes and beeps");
  gr_output_end (recording->output);
  gr_output_end (destination->output);
  watched_wait_state (recording, "ended", 20);
  watched_wait_state (destination, "ended", 20);
  g_subprocess_wait (server, NULL, NULL);

  play_file (gr_json_string (recording->status, "path"), "qtdemux", &seen_in_file);
  play_file (flv, "flvdemux", &seen_by_rtmp);
  judge (&seen_live, "for viewers", plan);
  judge (&seen_in_file, "in the recording", plan);
  judge (&seen_by_rtmp, "by RTMP", plan);

  watched_free (recording);
  watched_free (destination);
  gr_fanout_consumer_leave (consumer);
  end_pipeline (viewer[0]);
  end_pipeline (viewer[1]);
  gr_show_stop (show);
  g_object_unref (show);
  fake_hub_remove (hub, ann);
  fake_hub_free (hub);
  marks_clear (&seen_live);
  marks_clear (&seen_in_file);
  marks_clear (&seen_by_rtmp);
  stage_free (stage);
  alarm (0);
}

int
main (int argc, char *argv[])
{
  static const Plan at_30 = { 30, 0 };
  static const Plan at_60 = { 60, 0 };
  /* What is out of step when it comes is so when it leaves: these tests can tell. */
  static const Plan late = { 30, 0.06 };

  g_test_init (&argc, &argv, NULL);
  /* GStreamer 1.22 asks an answer of ffmpeg's for the type of a member that it has not. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  gst_init (&argc, &argv);
  gr_main_init ();
  gr_hub_link_register_elements (NULL);
  gr_layout_mix_register (NULL);

  g_test_add_data_func ("/lip-sync/30", &at_30, test_lip_sync);
  g_test_add_data_func ("/lip-sync/60", &at_60, test_lip_sync);
  g_test_add_data_func ("/lip-sync/late-sound", &late, test_lip_sync);

  return g_test_run ();
}
