/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of recordings: they play to their end, survive a process that is killed and a disk that is full, and single
 * tracks lie beside each other. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/json.h"
#include "base/main-call.h"
#include "media/launch.h"
#include "stage.h"

#define RECORDING "{\"kind\":\"recording\",\"path\":\"%s\"}"
#define FINISH "{\"kind\":\"finish\",\"path\":\"%s\"}"
/* Two frames: the boundaries of Matroska's milliseconds lie between. */
#define MAX_GAP 0.070

/* The index in front: "moov" comes before "mdat". */
static gboolean
plays_while_it_loads (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i + 4 <= length; i++)
    if (memcmp (bytes + i, "moov", 4) == 0 || memcmp (bytes + i, "mdat", 4) == 0)
      return bytes[i + 1] == 'o';
  return FALSE;
}

static void
assert_finished (Watched *watched, const char *mkv)
{
  const char *path = gr_json_string (watched->status, "path");
  const char *thumbnail = gr_json_string (watched->status, "thumbnail");
  g_autofree char *picture = NULL;
  gsize length;

  g_assert_true (g_str_has_suffix (path, ".mp4"));
  g_assert_false (g_file_test (mkv, G_FILE_TEST_EXISTS));
  g_assert_true (plays_while_it_loads (path));
  g_assert_nonnull (thumbnail);
  g_assert_true (g_file_get_contents (thumbnail, &picture, &length, NULL));
  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpint (memcmp (picture, "\xff\xd8\xff", 3), ==, 0);
}

static void
test_ends_as_mp4 (void)
{
  Stage *stage = stage_new ();
  g_autofree char *mkv = stage_path (stage, "mix.mkv");
  Watched *watched = watched_new (stage, "recording", RECORDING, mkv);
  Probe probe;

  g_test_summary ("A recording ends as MP4 with its index in front, a picture, and no gap");
  watched_wait_state (watched, "live", 10);
  stage_run (4000);
  g_assert_true (g_file_test (mkv, G_FILE_TEST_EXISTS));
  g_assert_cmpint (watched_number (watched, "bytes"), >, 50000);
  gr_output_end (watched->output);
  watched_wait_state (watched, "ended", 20);
  g_assert_cmpstr (watched->states->str, ==, "connecting live ended ");
  assert_finished (watched, mkv);
  stage_probe (gr_json_string (watched->status, "path"), &probe);
  g_assert_cmpfloat (probe.gap, <=, MAX_GAP);
  g_assert_cmpfloat (ABS (gr_json_double (watched->status, "seconds", 0) - probe.last), <=, 0.1);
  g_assert_cmpuint (probe.video, >=, 100);
  g_assert_cmpuint (probe.audio, >=, 150);
  watched_free (watched);
  stage_free (stage);
}

static gboolean
exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

/* What test_survives_a_kill() kills. */
static int
record (const char *mkv)
{
  Stage *stage = stage_new ();
  Watched *watched = watched_new (stage, "recording", RECORDING, mkv);

  watched_wait_state (watched, "live", 20);
  stage_run (60000);
  return 1;
}

static gboolean
has_grown (gpointer data)
{
  GStatBuf info;

  return g_stat (data, &info) == 0 && info.st_size > 500000;
}

static void
test_survives_a_kill (void)
{
  Stage *stage = stage_new ();
  g_autofree char *mkv = stage_path (stage, "left.mkv");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, self, "--record", mkv, NULL);
  gint64 begun;
  double written;
  Watched *watched;
  Probe probe;

  g_test_summary ("A process that is killed loses less than two seconds, and the next one puts the rest in order");
  g_assert_no_error (error);
  stage_wait (exists, mkv, 30, "a recording to begin");
  begun = g_get_monotonic_time ();
  stage_wait (has_grown, mkv, 30, "a recording to grow");
  g_subprocess_send_signal (process, SIGKILL);
  written = (g_get_monotonic_time () - begun) / (double) G_USEC_PER_SEC;
  g_subprocess_wait (process, NULL, NULL);

  watched = watched_new (stage, "finish", FINISH, mkv);
  watched_wait_state (watched, "ended", 20);
  assert_finished (watched, mkv);
  stage_probe (gr_json_string (watched->status, "path"), &probe);
  g_test_message ("%.3f s after the file began it was killed; %.3f s are there", written, probe.last - probe.first);
  g_assert_cmpfloat (probe.last - probe.first, >=, written - 2);
  g_assert_cmpfloat (probe.gap, <=, MAX_GAP);
  watched_free (watched);
  stage_free (stage);
}

/* The built-in chain, for a disk of two megabytes. It is either careful, or finds out by hitting the end. */
static void
write_bounds (const char *directory, gboolean careful)
{
  g_autofree char *path = g_build_filename (directory, "record-mix.launch", NULL);
  g_autofree char *text = gr_launch_read (NULL, "record-mix", NULL);
  g_autoptr (GString) changed = g_string_new (text);

  g_assert_cmpuint (g_string_replace (changed, "{stop-megabytes} = 256",
                                      careful ? "{stop-megabytes} = 1" : "{stop-megabytes} = 0", 0),
                    ==, 1);
  g_assert_cmpuint (g_string_replace (changed, "{warn-megabytes} = 2048", "{warn-megabytes} = 2", 0), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

/* A disk of its own, or nothing without the right to mount. */
static gboolean
mount_small (const char *directory)
{
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  return mount ("tmpfs", directory, "tmpfs", 0, "size=2m") == 0;
}

static void
test_disk_full (gconstpointer data)
{
  gboolean careful = GPOINTER_TO_INT (data);
  Stage *stage = stage_new ();
  g_autofree char *directory = stage_path (stage, "disk");
  g_autofree char *mkv = g_build_filename (directory, "mix.mkv", NULL);
  g_autofree char *overrides = stage_path (stage, "overrides");
  guint16 port = stage_free_port ();
  Watched *watched, *destination;
  Probe probe;

  if (!mount_small (directory))
    {
      g_test_skip ("only root may mount a small disk");
      stage_free (stage);
      return;
    }

  g_assert_cmpint (g_mkdir (overrides, 0700), ==, 0);
  write_bounds (overrides, careful);
  stage->pipelines = overrides;
  stage_start_nginx (stage, "nginx", port);
  destination = watched_new (stage, "destination",
                             "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/live\",\"streamKey\":\"k\","
                             "\"allowPrivate\":true}",
                             port);
  watched_wait_state (destination, "live", 10);
  watched = watched_new (stage, "recording", RECORDING, mkv);
  watched_wait_state (watched, "ended", 60);
  g_assert_cmpstr (gr_json_string (watched->status, "reason"), ==, "disk");
  if (careful)
    g_assert_nonnull (strstr (watched->told->str, "minutes are left"));
  /* No room for a second copy: what there is stays as it is. */
  g_assert_cmpstr (gr_json_string (watched->status, "path"), ==, mkv);
  stage_probe (mkv, &probe);
  g_assert_cmpuint (probe.video, >, 60);
  g_assert_cmpfloat (probe.gap, <=, MAX_GAP);

  g_assert_cmpstr (destination->states->str, ==, "connecting live ");
  g_assert_cmpint (watched_number (destination, "dropped"), ==, 0);
  watched_free (watched);
  watched_free (destination);
  umount2 (directory, MNT_DETACH);
  stage_free (stage);
}

/* What a place says that has no room left. */
#define FULL "/dev/full"

static void
test_full_at_the_end (gconstpointer data)
{
  const char *name = data;
  Stage *stage = stage_new ();
  g_autofree char *mkv = stage_path (stage, "mix.mkv");
  g_autofree char *mp4 = stage_path (stage, "mix.mp4");
  g_autofree char *crowded = stage_path (stage, name);
  Watched *watched = watched_new (stage, "recording", RECORDING, mkv);
  Watched *again;
  Probe probe;

  g_test_summary (
      "A disk that is full while a recording is put in order leaves it as it grew; later, with room, it is done");
  watched_wait_state (watched, "live", 10);
  stage_run (2000);
  g_assert_cmpint (symlink (FULL, crowded), ==, 0);
  gr_output_end (watched->output);
  watched_wait_reason (watched, "ended", "disk", 20);
  g_assert_cmpstr (gr_json_string (watched->status, "path"), ==, mkv);
  g_assert_nonnull (strstr (gr_json_string (watched->status, "message"), "no room"));
  g_assert_false (g_file_test (crowded, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (mp4, G_FILE_TEST_EXISTS));
  stage_probe (mkv, &probe);
  g_assert_cmpuint (probe.video, >, 30);

  again = watched_new (stage, "finish", FINISH, mkv);
  watched_wait_state (again, "ended", 20);
  assert_finished (again, mkv);
  watched_free (watched);
  watched_free (again);
  stage_free (stage);
}

/* @name.mkv of one track, which is what is left when a show ended before the other began. */
static char *
write_half (Stage *stage, const char *name, const char *track)
{
  g_autofree char *file = g_strconcat (name, ".mkv", NULL);
  char *path = stage_path (stage, file);
  g_autofree char *text = g_strdup_printf ("%s ! matroskamux ! filesink location=%s", track, path);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return path;
}

static void
test_half (void)
{
  Stage *stage = stage_new ();
  g_autofree char *pictures = write_half (
      stage, "pictures",
      "videotestsrc num-buffers=60 ! video/x-raw,format=I420,framerate=30/1 ! x264enc tune=zerolatency ! h264parse");
  g_autofree char *sound = write_half (stage, "sound", "audiotestsrc num-buffers=100 ! avenc_aac ! aacparse");
  Watched *watched[2]
      = { watched_new (stage, "pictures", FINISH, pictures), watched_new (stage, "sound", FINISH, sound) };
  Probe probe;

  g_test_summary ("What has pictures alone, or sound alone, ends as it is, and says so");
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      watched_wait_state (watched[i], "ended", 20);
      g_assert_true (g_str_has_suffix (gr_json_string (watched[i]->status, "path"), ".mkv"));
      g_assert_nonnull (strstr (gr_json_string (watched[i]->status, "message"), "not both"));
      stage_probe (gr_json_string (watched[i]->status, "path"), &probe);
      g_assert_cmpuint (probe.video, ==, (i == 0 ? 60 : 0));
      g_assert_cmpuint (probe.audio > 90, ==, (i == 1));
      watched_free (watched[i]);
    }
  stage_free (stage);
}

static gboolean
has_no_reason (gpointer data)
{
  return gr_json_string (((Watched *) data)->status, "reason") == NULL;
}

static gboolean
has_gone_on (gpointer data)
{
  Watched *watched = data;

  return gr_json_double (watched->status, "seconds", 0) > 5;
}

static void
test_disk_unknown (void)
{
  Stage *stage = stage_new ();
  g_autofree char *directory = stage_path (stage, "disk");
  g_autofree char *moved = stage_path (stage, "moved");
  g_autofree char *mkv = g_build_filename (directory, "mix.mkv", NULL);
  Watched *watched;
  Probe probe;

  g_test_summary ("A recording goes on where the system does not say how much room there is, and people are told");
  g_assert_cmpint (g_mkdir (directory, 0700), ==, 0);
  watched = watched_new (stage, "recording", RECORDING, mkv);
  watched_wait_state (watched, "live", 20);
  /* The file stays open; nobody can look at its disk by its name. */
  g_assert_cmpint (g_rename (directory, moved), ==, 0);
  watched_wait_reason (watched, "live", "disk", 10);
  g_assert_nonnull (strstr (gr_json_string (watched->status, "message"), "until writing fails"));
  stage_wait (has_gone_on, watched, 20, "more seconds");
  g_assert_cmpint (g_rename (moved, directory), ==, 0);
  stage_wait (has_no_reason, watched, 10, "no warning any more");

  gr_output_end (watched->output);
  watched_wait_state (watched, "ended", 20);
  g_assert_null (gr_json_string (watched->status, "reason"));
  stage_probe (gr_json_string (watched->status, "path"), &probe);
  g_assert_cmpfloat (probe.last, >, 5);
  g_assert_cmpfloat (probe.gap, <=, MAX_GAP);
  watched_free (watched);
  stage_free (stage);
}

static void
test_stalled (void)
{
  Stage *stage = stage_new ();
  g_autofree char *mkv = write_half (
      stage, "mix",
      "videotestsrc num-buffers=60 ! video/x-raw,format=I420,framerate=30/1 ! x264enc tune=zerolatency ! h264parse");
  g_autofree char *part = stage_path (stage, "mix.mp4.part");
  g_autofree char *overrides = stage_path (stage, "overrides");
  g_autofree char *chain = g_build_filename (overrides, "finish-mp4.launch", NULL);
  Watched *watched;

  g_test_summary ("A recording that nobody can put in order stays as it was, and somebody is told");
  g_assert_cmpint (g_mkdir (overrides, 0700), ==, 0);
  g_assert_true (
      g_file_set_contents (chain,
                           "# {stall-seconds} = 1: for this test\n"
                           "filesrc name=source ! fakesink fakesrc is-live=true num-buffers=0 ! valve drop=true "
                           "drop-mode=drop-all ! filesink name=sink",
                           -1, NULL));
  stage->pipelines = overrides;
  watched = watched_new (stage, "finish", FINISH, mkv);
  watched_wait_reason (watched, "failed", "internal", 20);
  g_assert_nonnull (strstr (gr_json_string (watched->status, "message"), "nothing was written for 1 s"));
  g_assert_true (g_file_test (mkv, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
  watched_free (watched);
  stage_free (stage);
}

static void
test_unreadable (void)
{
  Stage *stage = stage_new ();
  g_autofree char *mkv = stage_path (stage, "mix.mkv");
  g_autofree char *nowhere = stage_path (stage, "nowhere.mkv");
  Watched *watched, *missing;

  g_test_summary ("What is no recording fails with a sentence, and stays");
  g_assert_true (g_file_set_contents (mkv, "not Matroska at all, however long one reads", -1, NULL));
  watched = watched_new (stage, "finish", FINISH, mkv);
  watched_wait_reason (watched, "failed", "internal", 20);
  g_assert_nonnull (strstr (gr_json_string (watched->status, "message"), "cannot be put in order"));
  g_assert_true (g_file_test (mkv, G_FILE_TEST_EXISTS));
  missing = watched_new (stage, "missing", FINISH, nowhere);
  watched_wait_reason (missing, "failed", "internal", 20);
  watched_free (watched);
  watched_free (missing);
  stage_free (stage);
}

/* A participant's track: what one would send, encoded in the programme's pipeline. */
static GrFanout *
add_track (Stage *stage, const char *text)
{
  g_autoptr (GError) error = NULL;
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, &error);
  GrFanout *fanout = gr_fanout_new (1, strstr (text, "audio") == NULL ? 0 : GR_FANOUT_NO_GATE, NULL, NULL);
  GstElement *sink = gr_fanout_make_sink (fanout, 0, 0);

  g_assert_no_error (error);
  gst_bin_add_many (GST_BIN (stage->pipeline), bin, sink, NULL);
  g_assert_true (gst_element_link (bin, sink));
  gst_element_sync_state_with_parent (sink);
  gst_element_sync_state_with_parent (bin);
  return fanout;
}

static void
resize (Stage *stage, const char *name, int width, int height)
{
  g_autoptr (GstElement) filter = gst_bin_get_by_name (GST_BIN (stage->pipeline), name);
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, width, "height",
                             G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, 30, 1, NULL);

  g_object_set (filter, "caps", caps, NULL);
}

static JsonArray *
read_manifest (const char *directory, JsonNode **node)
{
  g_autofree char *path = g_build_filename (directory, "manifest.json", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_test_message ("%s", text);
  *node = gr_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (*node);
  return gr_json_array (json_node_get_object (*node), "tracks");
}

#define SIZED                                                                                                          \
  "videotestsrc is-live=true ! capsfilter name=%s caps=video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! " \
  "queue ! "

static void
test_tracks (void)
{
  static const char *const codecs[] = { "opus", "vp8", "h264" };
  static const char *const kinds[] = { "microphone", "camera", "screen" };
  Stage *stage = stage_new ();
  g_autofree char *directory = stage_path (stage, "tracks");
  g_autofree char *vp8 = g_strdup_printf (SIZED "vp8enc deadline=1 keyframe-max-dist=30", "vp8-size");
  g_autofree char *h264
      = g_strdup_printf (SIZED "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=30 ! h264parse "
                               "config-interval=-1",
                         "h264-size");
  Watched *watched = watched_new (stage, "tracks", "{\"kind\":\"tracks\",\"dir\":\"%s\"}", directory);
  GrFanout *fanouts[3];
  g_autoptr (JsonNode) node = NULL;
  JsonArray *rows;

  g_test_summary (
      "Each track is a file as it was sent, whatever its size becomes, and the manifest lays them beside each other");
  fanouts[0] = add_track (stage, "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! queue ! opusenc");
  fanouts[1] = add_track (stage, vp8);
  fanouts[2] = add_track (stage, h264);
  for (guint i = 0; i < 3; i++)
    {
      const GrOutputTrack track = { "0190-ann", "Ann ⭐", kinds[i], fanouts[i] };

      gr_output_add_track (watched->output, &track);
      /* The third one comes later. */
      stage_run (i == 1 ? 2000 : 0);
    }
  stage_run (1500);
  resize (stage, "vp8-size", 640, 360);
  resize (stage, "h264-size", 640, 360);
  stage_run (2000);
  gr_output_remove_track (watched->output, fanouts[2]);
  stage_run (1000);
  gr_output_end (watched->output);
  watched_wait_state (watched, "ended", 20);

  rows = read_manifest (directory, &node);
  g_assert_cmpuint (json_array_get_length (rows), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);
      g_autofree char *path = g_build_filename (directory, gr_json_string (row, "file"), NULL);
      Probe probe;

      g_assert_cmpstr (gr_json_string (row, "codec"), ==, codecs[i]);
      g_assert_cmpstr (gr_json_string (row, "name"), ==, "Ann ⭐");
      stage_probe (path, &probe);
      g_assert_cmpfloat (probe.gap, <=, 0.15);
      g_assert_cmpfloat (ABS (probe.last - gr_json_int (row, "durationUs", 0) / 1e6), <=, 0.1);
      g_assert_cmpfloat (probe.last, >=, i == 2 ? 2 : 4.5);
      if (i == 2)
        g_assert_cmpint (gr_json_int (row, "offsetUs", 0), >=, 1500000);
    }
  watched_free (watched);
  gst_element_set_state (stage->pipeline, GST_STATE_NULL);
  for (guint i = 0; i < 3; i++)
    gr_fanout_unref (fanouts[i]);
  stage_free (stage);
}

/* The chain that records a track as usual, but breaks after @frames. */
static void
write_breaking (const char *directory, guint frames)
{
  g_autofree char *path = g_build_filename (directory, "record-track.launch", NULL);
  g_autofree char *text = gr_launch_read (NULL, "record-track", NULL);
  g_autofree char *breaking = g_strdup_printf ("! identity error-after=%u ! matroskamux", frames);
  g_autoptr (GString) changed = g_string_new (text);
  const char *last = g_strrstr (changed->str, "! matroskamux");

  g_assert_nonnull (last);
  g_string_erase (changed, last - changed->str, strlen ("! matroskamux"));
  g_string_insert (changed, last - changed->str, breaking);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static gboolean
has_six_files (gpointer data)
{
  g_autofree char *sixth = g_build_filename (data, "006-camera.mkv", NULL);

  return g_file_test (sixth, G_FILE_TEST_EXISTS);
}

static gboolean
has_five_files (gpointer data)
{
  g_autofree char *fifth = g_build_filename (data, "005-camera.mkv", NULL);

  return g_file_test (fifth, G_FILE_TEST_EXISTS);
}

static void
test_track_breaks (void)
{
  Stage *stage = stage_new ();
  g_autofree char *directory = stage_path (stage, "tracks");
  g_autofree char *overrides = stage_path (stage, "overrides");
  g_autofree char *vp8 = g_strdup_printf (SIZED "vp8enc deadline=1 keyframe-max-dist=15", "size");
  g_autoptr (JsonNode) node = NULL;
  const char *before = NULL;
  GrOutputTrack track = { "0190-ann", "Ann", "camera", NULL };
  gint64 end = 0;
  Watched *watched;
  JsonArray *rows;

  g_test_summary ("A track whose file breaks off goes on in another, a few times, and the manifest says so");
  g_assert_cmpint (g_mkdir (overrides, 0700), ==, 0);
  write_breaking (overrides, 20);
  stage->pipelines = overrides;
  watched = watched_new (stage, "tracks", "{\"kind\":\"tracks\",\"dir\":\"%s\"}", directory);
  track.fanout = add_track (stage, vp8);
  gr_output_add_track (watched->output, &track);
  stage_wait (has_five_files, directory, 40, "five files");
  stage_run (8000);
  g_assert_false (has_six_files (directory));
  gr_output_end (watched->output);
  watched_wait_state (watched, "ended", 20);
  g_assert_null (gr_json_string (watched->status, "reason"));

  rows = read_manifest (directory, &node);
  g_assert_cmpuint (json_array_get_length (rows), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      g_assert_cmpstr (gr_json_string (row, "participantId"), ==, "0190-ann");
      g_assert_cmpstr (gr_json_string (row, "continues"), ==, before);
      g_assert_nonnull (gr_json_string (row, "error"));
      g_assert_cmpint (gr_json_int (row, "offsetUs", -1), >=, end);
      end = gr_json_int (row, "offsetUs", 0) + gr_json_int (row, "durationUs", 0);
      before = gr_json_string (row, "file");
    }
  watched_free (watched);
  gst_element_set_state (stage->pipeline, GST_STATE_NULL);
  gr_fanout_unref (track.fanout);
  stage_free (stage);
}

int
main (int argc, char *argv[])
{
  gboolean records = argc == 3 && g_str_equal (argv[1], "--record");

  if (!records)
    g_test_init (&argc, &argv, NULL);
  /* Our own warnings are part of what is tested. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  gr_main_init ();
  gst_init (&argc, &argv);
  if (records)
    return record (argv[2]);

  g_test_add_func ("/recordings/ends-as-mp4", test_ends_as_mp4);
  g_test_add_func ("/recordings/survives-a-kill", test_survives_a_kill);
  g_test_add_data_func ("/recordings/disk-nearly-full", GINT_TO_POINTER (TRUE), test_disk_full);
  g_test_add_data_func ("/recordings/disk-full", GINT_TO_POINTER (FALSE), test_disk_full);
  g_test_add_data_func ("/recordings/full-at-the-end", "mix.mp4.part", test_full_at_the_end);
  g_test_add_data_func ("/recordings/full-half-way", "mix.mp4.index", test_full_at_the_end);
  g_test_add_func ("/recordings/half", test_half);
  g_test_add_func ("/recordings/disk-unknown", test_disk_unknown);
  g_test_add_func ("/recordings/stalled", test_stalled);
  g_test_add_func ("/recordings/unreadable", test_unreadable);
  g_test_add_func ("/recordings/tracks", test_tracks);
  g_test_add_func ("/recordings/track-breaks", test_track_breaks);

  return g_test_run ();
}
