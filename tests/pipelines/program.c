/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of a show: guests come over a socketpair as RTP, an unbroken programme comes out, whatever they do. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/main-call.h"
#include "fake-hub.h"
#include "media/program/show.h"
#include "plugins/hublink/link-source.h"
#include "plugins/layoutmix/layout-mix.h"

#define WATCHDOG 150
#define FRAME_RATE 30
#define FRAME (GST_SECOND / FRAME_RATE)
#define PICTURES "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=30/1"
#define SOUND "audiotestsrc is-live=true samplesperbuffer=480"

typedef struct
{
  FakeHub *hub;
  GrShow *show;
  gboolean started;
  gboolean failed;
  GrFanoutConsumer *consumer;
  GstElement *pipeline;

  GMutex mutex; /* guards what follows: streaming threads look at what comes out */
  guint frames;
  guint sounds;
  GstClockTime last_frame;
  GstClockTime next_sound;
  GstClockTime largest_gap;      /* of pictures */
  GstClockTime largest_mismatch; /* of sound */
} Scene;

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Scene *scene = user_data;
  GstClockTime time = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));

  g_mutex_lock (&scene->mutex);
  if (scene->frames++ > 0)
    {
      g_assert_cmpuint (time, >, scene->last_frame);
      scene->largest_gap = MAX (scene->largest_gap, time - scene->last_frame);
    }
  scene->last_frame = time;
  g_mutex_unlock (&scene->mutex);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Scene *scene = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  g_mutex_lock (&scene->mutex);
  if (scene->sounds++ > 0)
    scene->largest_mismatch = MAX (scene->largest_mismatch,
                                   (GstClockTime) ABS (GST_CLOCK_DIFF (scene->next_sound, GST_BUFFER_PTS (buffer))));
  scene->next_sound = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  g_mutex_unlock (&scene->mutex);
  return GST_PAD_PROBE_OK;
}

static void
on_started (GrShow *show, gpointer user_data)
{
  ((Scene *) user_data)->started = TRUE;
}

static void
on_failed (GrShow *show, const char *why, gpointer user_data)
{
  g_printerr ("failed: %s\n", why);
  ((Scene *) user_data)->failed = TRUE;
}

static void
add_end (Scene *scene, guint stream, GstPadProbeCallback func)
{
  GstElement *source = gr_fanout_consumer_get_source (scene->consumer, stream);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");

  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, func, scene, NULL);
  gst_bin_add_many (GST_BIN (scene->pipeline), source, sink, NULL);
  g_assert_true (gst_element_link (source, sink));
}

static void
set_up (Scene *scene, gconstpointer data)
{
  const GrShowEvents events = { .started = on_started, .failed = on_failed, .user_data = scene };
  const GrFanoutOptions options = { .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_AAC };
  const GrShowSettings settings = {
    .width = 640,
    .height = 360,
    .frames_per_second = FRAME_RATE,
    .video_bits = 1000000,
    .audio_bits = 128000,
    .keyframe_seconds = 2,
  };
  g_autoptr (GError) error = NULL;
  int fd;

  alarm (WATCHDOG);
  g_mutex_init (&scene->mutex);
  scene->hub = fake_hub_new (&fd);
  scene->show = gr_show_new (&events);
  gr_show_set_socket (scene->show, fd);
  gr_show_start (scene->show, &settings, &error);
  g_assert_no_error (error);
  scene->consumer = gr_fanout_join (gr_show_get_fanout (scene->show), &options);
  scene->pipeline = gst_pipeline_new (NULL);
  add_end (scene, GR_FANOUT_VIDEO, on_frame);
  add_end (scene, GR_FANOUT_AAC, on_sound);
  gst_element_set_state (scene->pipeline, GST_STATE_PLAYING);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gr_fanout_consumer_leave (scene->consumer);
  gst_element_set_state (scene->pipeline, GST_STATE_NULL);
  gst_object_unref (scene->pipeline);
  gr_show_stop (scene->show);
  g_object_unref (scene->show);
  fake_hub_free (scene->hub);
  g_mutex_clear (&scene->mutex);
  alarm (0);
}

static gboolean
wake (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    guint waker = g_timeout_add (10, wake, NULL);                                                                      \
                                                                                                                       \
    while (!(condition))                                                                                               \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (waker);                                                                                           \
  }                                                                                                                    \
  G_STMT_END

static guint
frames (Scene *scene)
{
  guint n;

  g_mutex_lock (&scene->mutex);
  n = scene->frames;
  g_mutex_unlock (&scene->mutex);
  return n;
}

/* @n more frames of the programme. */
static void
go_on (Scene *scene, guint n)
{
  guint wanted = frames (scene) + n;

  wait_until (frames (scene) >= wanted);
}

static char *
describe (Scene *scene)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_show_describe (scene->show, &json);
  gr_json_writer_end_object (&json);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The number after @member in the input of @participant's @kind, −1 if there is none. */
static gint64
figure (Scene *scene, const char *participant, const char *kind, const char *member)
{
  g_autofree char *text = describe (scene);
  g_autofree char *who = g_strdup_printf ("\"participantId\":\"%s\",\"kind\":\"%s\"", participant, kind);
  g_autofree char *name = g_strdup_printf ("\"%s\":", member);
  const char *at = strstr (text, who);

  at = at != NULL ? strstr (at, name) : NULL;
  return at != NULL ? g_ascii_strtoll (at + strlen (name), NULL, 10) : -1;
}

static void
assert_unbroken (Scene *scene)
{
  g_mutex_lock (&scene->mutex);
  g_test_message ("%u frames, largest step %.2f ms; %u sounds, largest mismatch %.3f ms", scene->frames,
                  scene->largest_gap / 1e6, scene->sounds, scene->largest_mismatch / 1e6);
  g_assert_cmpuint (scene->largest_gap, <=, FRAME + 2);
  /* AAC frames are 21.33 ms, in whole nanoseconds. */
  g_assert_cmpuint (scene->largest_mismatch, <, GST_MSECOND);
  g_mutex_unlock (&scene->mutex);
  g_assert_false (scene->failed);
}

static void
set_stage (Scene *scene, const char *order, const char *people)
{
  g_autofree char *json
      = g_strdup_printf ("{\"layout\":\"grid\",\"order\":[%s],\"transition\":{\"kind\":\"move\",\"ms\":300},"
                         "\"banner\":{\"title\":\"A show\",\"subtitle\":null}}",
                         order);
  g_autoptr (GError) error = NULL;
  GrScene *parsed = gr_scene_read (json, &error);
  GArray *people_read;

  g_assert_no_error (error);
  people_read = gr_people_read (people, &error);
  g_assert_no_error (error);
  gr_show_set_people (scene->show, people_read);
  gr_show_set_scene (scene->show, parsed);
}

static void
test_alone (Scene *scene, gconstpointer data)
{
  gint64 before;
  guint first;

  g_test_summary ("A programme runs by the clock with nobody in it, and goes back to the hub");
  wait_until (scene->started);
  go_on (scene, 1);
  before = g_get_monotonic_time ();
  first = frames (scene);
  go_on (scene, 3 * FRAME_RATE);
  g_assert_cmpint (ABS (g_get_monotonic_time () - before - 3 * G_USEC_PER_SEC), <, G_USEC_PER_SEC);
  g_assert_cmpuint (frames (scene) - first, <, 4 * FRAME_RATE);
  wait_until (fake_hub_get_published (scene->hub) > 100);
  assert_unbroken (scene);
}

#define HANDY                                                                                                          \
  "videotestsrc is-live=true ! capsfilter name=size caps=video/x-raw,width=320,height=240,framerate=30/1 ! "           \
  "valve name=shutter"

static void
set_size (Guest *guest, int width, int height)
{
  g_autoptr (GstElement) size = gst_bin_get_by_name (GST_BIN (guest_get_pipeline (guest)), "size");
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, width, "height", G_TYPE_INT,
                                                  height, "framerate", GST_TYPE_FRACTION, 30, 1, NULL);

  g_object_set (size, "caps", caps, NULL);
}

static void
set_shutter (Guest *guest, gboolean closed)
{
  g_autoptr (GstElement) shutter = gst_bin_get_by_name (GST_BIN (guest_get_pipeline (guest)), "shutter");

  g_object_set (shutter, "drop", closed, NULL);
}

static void
wait_decoded (Scene *scene, const char *participant, const char *kind, gint64 more)
{
  gint64 decoded = figure (scene, participant, kind, "decoded");

  wait_until (figure (scene, participant, kind, "decoded") > decoded + more);
}

static void
test_restless_guest (Scene *scene, gconstpointer data)
{
  static const int sizes[][2] = { { 240, 320 }, { 320, 240 }, { 160, 120 }, { 480, 360 }, { 182, 322 }, { 320, 240 } };
  Guest *ben = fake_hub_add (scene->hub, "ben");
  gint64 decoded, heard;

  g_test_summary (
      "Who turns the phone, sends smaller and larger, and freezes while he is heard, all in one stream, leaves "
      "no gap either");
  set_stage (scene, "{\"participantId\":\"ben\",\"kind\":\"camera\"}",
             "[{\"participantId\":\"ben\",\"name\":\"Ben\",\"onStage\":true}]");
  go_on (scene, 10);
  guest_send (ben, HANDY, SOUND);
  wait_until (figure (scene, "ben", "camera", "decoded") > 20 && figure (scene, "ben", "microphone", "decoded") > 20);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      set_size (ben, sizes[i][0], sizes[i][1]);
      wait_decoded (scene, "ben", "camera", 15);
    }

  /* The picture stands still, the sound does not. */
  set_shutter (ben, TRUE);
  go_on (scene, 10);
  decoded = figure (scene, "ben", "camera", "decoded");
  heard = figure (scene, "ben", "microphone", "decoded");
  go_on (scene, 3 * FRAME_RATE);
  g_assert_cmpint (figure (scene, "ben", "camera", "decoded"), <=, decoded + 1);
  g_assert_cmpint (figure (scene, "ben", "microphone", "decoded"), >, heard + 2 * 50);
  set_shutter (ben, FALSE);
  wait_decoded (scene, "ben", "camera", 20);

  /* Nothing comes for a while, as of a laptop that was shut. */
  gst_element_set_state (guest_get_pipeline (ben), GST_STATE_PAUSED);
  go_on (scene, 3 * FRAME_RATE);
  gst_element_set_state (guest_get_pipeline (ben), GST_STATE_PLAYING);
  wait_decoded (scene, "ben", "camera", 20);
  wait_decoded (scene, "ben", "microphone", 20);
  go_on (scene, 10);
  assert_unbroken (scene);
  fake_hub_remove (scene->hub, ben);
}

static void
test_troubled_guests (Scene *scene, gconstpointer data)
{
  Guest *ann = fake_hub_add (scene->hub, "ann");
  Guest *ben = fake_hub_add (scene->hub, "ben");
  Guest *mute = fake_hub_add (scene->hub, "mute");
  gint64 decoded;

  g_test_summary ("Who freezes, never sends, turns the phone, leaves and returns leaves no gap in the programme");
  set_stage (
      scene,
      "{\"participantId\":\"ann\",\"kind\":\"camera\"},{\"participantId\":\"ben\",\"kind\":\"camera\"},"
      "{\"participantId\":\"mute\",\"kind\":\"camera\"}",
      "[{\"participantId\":\"ann\",\"name\":\"Ann\",\"onStage\":true},{\"participantId\":\"ben\",\"name\":\"Ben\","
      "\"gain\":2,\"onStage\":true},{\"participantId\":\"mute\",\"onStage\":true}]");
  go_on (scene, 10);
  guest_send (ann, PICTURES, SOUND);
  guest_send (ben, PICTURES, SOUND);
  wait_until (figure (scene, "ann", "camera", "decoded") > 20 && figure (scene, "ben", "microphone", "decoded") > 20);
  g_assert_cmpint (figure (scene, "mute", "camera", "decoded"), ==, -1);

  /* Ben's line is dead for two seconds. */
  guest_set_lost (ben, TRUE);
  go_on (scene, 2 * FRAME_RATE);
  guest_set_lost (ben, FALSE);
  decoded = figure (scene, "ben", "camera", "decoded");
  wait_until (figure (scene, "ben", "camera", "decoded") > decoded + 20);
  g_assert_cmpuint (guest_get_requests (ben), >, 0);

  /* He turns his phone: another size. */
  guest_stop (ben);
  guest_send (ben, "videotestsrc is-live=true ! video/x-raw,width=240,height=426,framerate=30/1", SOUND);
  decoded = figure (scene, "ben", "camera", "decoded");
  wait_until (figure (scene, "ben", "camera", "decoded") > decoded + 20);

  /* He leaves, and returns as somebody new for the link. */
  fake_hub_remove (scene->hub, ben);
  wait_until (figure (scene, "ben", "camera", "decoded") == -1 && figure (scene, "ben", "microphone", "decoded") == -1);
  go_on (scene, 10);
  ben = fake_hub_add (scene->hub, "ben");
  guest_send (ben, PICTURES, SOUND);
  wait_until (figure (scene, "ben", "camera", "decoded") > 20);
  go_on (scene, 10);
  assert_unbroken (scene);

  fake_hub_remove (scene->hub, ann);
  fake_hub_remove (scene->hub, ben);
  fake_hub_remove (scene->hub, mute);
}

static void
test_hub_replaced (Scene *scene, gconstpointer data)
{
  Guest *ann = fake_hub_add (scene->hub, "ann");
  FakeHub *other;
  gint64 decoded;
  int fd;

  g_test_summary ("When the hub is replaced, the programme goes on, and so do its guests over another link");
  set_stage (scene, "{\"participantId\":\"ann\",\"kind\":\"camera\"}",
             "[{\"participantId\":\"ann\",\"name\":\"Ann\",\"onStage\":true}]");
  guest_send (ann, PICTURES, SOUND);
  wait_until (figure (scene, "ann", "camera", "decoded") > 20);
  other = fake_hub_new (&fd);
  fake_hub_remove (scene->hub, ann);
  fake_hub_free (scene->hub);
  scene->hub = other;
  go_on (scene, 10);
  gr_show_set_socket (scene->show, fd);
  ann = fake_hub_add (other, "ann");
  guest_send (ann, PICTURES, SOUND);
  wait_until (figure (scene, "ann", "camera", "decoded") >= 0);
  decoded = figure (scene, "ann", "camera", "decoded");
  wait_until (figure (scene, "ann", "camera", "decoded") > decoded + 20);
  wait_until (fake_hub_get_published (other) > 20);
  assert_unbroken (scene);
  fake_hub_remove (other, ann);
}

/* Left to themselves, one in five had no sound. */
#define SLOW_STARTS 10

static gboolean
has_sound (GrShow *show)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_show_describe (show, &json);
  gr_json_writer_end_object (&json);
  return strstr (text->str, "\"aacEncoded\":0,") == NULL && strstr (text->str, "\"opusEncoded\":0,") == NULL;
}

static void
take_long (GTypeInstance *instance, gpointer class)
{
  g_usleep (250000);
}

/* An "identity" that takes as long to make as an encoder on a cold and busy disk. */
static void
register_slow_element (void)
{
  g_autoptr (GstElement) identity = gst_object_ref_sink (gst_element_factory_make ("identity", NULL));
  GTypeQuery query;

  g_type_query (G_OBJECT_TYPE (identity), &query);
  gst_element_register (NULL, "slow", GST_RANK_NONE,
                        g_type_register_static_simple (query.type, "Slow", query.class_size, NULL, query.instance_size,
                                                       take_long, 0));
}

static void
test_slow_start (void)
{
  const GrShowEvents events = { 0 };
  g_autofree char *directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "encode-aac.launch", NULL);
  const GrShowSettings settings = { .width = 320,
                                    .height = 180,
                                    .frames_per_second = FRAME_RATE,
                                    .video_bits = 300000,
                                    .audio_bits = 128000,
                                    .keyframe_seconds = 2,
                                    .pipelines_directory = directory };
  GrShow *shows[SLOW_STARTS];
  g_autoptr (GError) error = NULL;

  g_test_summary ("A programme whose start takes longer than its mixers wait has sound all the same");
  alarm (WATCHDOG);
  register_slow_element ();
  g_file_set_contents (path, "audioconvert ! slow ! avenc_aac ! aacparse", -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < SLOW_STARTS; i++)
    {
      shows[i] = gr_show_new (&events);
      gr_show_start (shows[i], &settings, &error);
      g_assert_no_error (error);
    }

  for (guint i = 0; i < SLOW_STARTS; i++)
    {
      wait_until (has_sound (shows[i]));
      gr_show_stop (shows[i]);
      g_object_unref (shows[i]);
    }
  g_unlink (path);
  g_rmdir (directory);
  alarm (0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  gr_main_init ();
  gr_hub_link_register_elements (NULL);
  gr_layout_mix_register (NULL);

  g_test_add ("/program/alone", Scene, NULL, set_up, test_alone, tear_down);
  g_test_add ("/program/troubled-guests", Scene, NULL, set_up, test_troubled_guests, tear_down);
  g_test_add ("/program/restless-guest", Scene, NULL, set_up, test_restless_guest, tear_down);
  g_test_add ("/program/hub-replaced", Scene, NULL, set_up, test_hub_replaced, tear_down);
  g_test_add_func ("/program/slow-start", test_slow_start);

  return g_test_run ();
}
