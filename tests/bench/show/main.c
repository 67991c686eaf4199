/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole show, measured: a hub and a program process as greenroomd starts them, four WebRTC guests at 720p30, a
 * recording and an RTMP server, and a viewer by WHEP's way; then FFmpeg with the same pictures, boxes, encoder options
 * and outputs. One JSON line per figure. Measure alone on the machine.
 *   bash tests/bench/run.sh show [SECONDS] */
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "doorman.h"
#include "figure.h"
#include "guests.h"
#include "media-process.h"
#include "media/program/layout.h"
#include "worker.h"

#define WATCHDOG 470
#define SHOW "show"
#define PROGRAM "org.greenroom.Media1.Program"
#define WARM_UP (5 * G_USEC_PER_SEC)

typedef struct
{
  const Format *format;
  const char *folder;
  gint64 seconds;
  Worker *worker; /* the hub */
  Guests *guests;
  Person *viewer;
  GSubprocess *process; /* the program */
  GDBusConnection *program;
  guint over;     /* outputs that ended */
  GrRect cell;    /* the first guest's */
  gint last;      /* the picture that the viewer saw last; its streaming thread's */
  GMutex mutex;   /* guards the next */
  GArray *delays; /* of double, ms */
} Bench;

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  Bench *bench = user_data;
  const char *id, *status;

  if (!g_str_equal (name, "Output"))
    return;
  g_variant_get (arguments, "(&s&s)", &id, &status);
  bench->over += strstr (status, "\"state\":\"ended\"") != NULL;
  if (strstr (status, "\"state\":\"failed\"") != NULL)
    g_error ("%s: %s", id, status);
}

static void
start_program (Bench *bench)
{
  static const char *const role[] = { "program", "--fd", "3", NULL };

  bench->process = media_process_start (role, &bench->program);
  g_dbus_connection_signal_subscribe (bench->program, NULL, PROGRAM, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                      on_signal, bench, NULL);
}

static GVariant *
call (Bench *bench, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_sync (bench->program, NULL, MEDIA_PATH, PROGRAM, method, arguments, NULL,
                                                 G_DBUS_CALL_FLAGS_NONE, 60000, NULL, &error);

  g_assert_no_error (error);
  return reply;
}

static void
tell (Bench *bench, const char *method, GVariant *arguments)
{
  g_variant_unref (call (bench, method, arguments));
}

static void
link_both (Bench *bench)
{
  GVariantBuilder tracks;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  media_process_give_fd (bench->worker->hub, "org.greenroom.Media1.Hub", "Attach",
                         g_variant_new ("(ssh)", ROOM, SHOW, 0), ends[0]);
  media_process_give_fd (bench->program, PROGRAM, "Link", g_variant_new ("(h)", 0), ends[1]);
  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < GUESTS; i++)
    {
      char id[] = { '0' + i, '\0' };

      g_variant_builder_add (&tracks, "(ss)", id, "camera");
      g_variant_builder_add (&tracks, "(ss)", id, "microphone");
    }
  worker_call (bench->worker, "Watch", g_variant_new ("(ssa(ss))", ROOM, SHOW, &tracks));
}

/* Everybody in a grid, with names. */
static void
set_stage (Bench *bench)
{
  g_autoptr (GString) people = g_string_new ("[");
  g_autoptr (GString) order = g_string_new (NULL);
  g_autofree char *scene = NULL;
  GrLayoutPicture pictures[GUESTS] = { 0 };
  GrLayoutBox boxes[GUESTS];

  for (guint i = 0; i < GUESTS; i++)
    {
      g_string_append_printf (people, "%s{\"participantId\":\"%u\",\"name\":\"Guest %u\",\"gain\":1,\"onStage\":true}",
                              i > 0 ? "," : "", i, i);
      g_string_append_printf (order, "%s{\"participantId\":\"%u\",\"kind\":\"camera\"}", i > 0 ? "," : "", i);
    }
  g_string_append (people, "]");
  scene = g_strdup_printf ("{\"layout\":\"grid\",\"order\":[%s],\"nameTags\":true}", order->str);
  tell (bench, "SetPeople", g_variant_new ("(s)", people->str));
  tell (bench, "SetScene", g_variant_new ("(s)", scene));
  gr_layout_arrange (GR_LAYOUT_GRID, bench->format->width, bench->format->height, pictures, GUESTS, boxes);
  bench->cell = boxes[0].cell;
}

static GstPadProbeReturn
on_seen (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo video;
  GstVideoFrame frame;
  gint number;

  if (caps == NULL || !gst_video_info_from_caps (&video, caps) || video.width != bench->format->width
      || !gst_video_frame_map (&frame, &video, GST_PAD_PROBE_INFO_BUFFER (info), GST_MAP_READ))
    return GST_PAD_PROBE_OK;

  number = guests_read_number (&frame, bench->cell.x, bench->cell.y, bench->cell.width, bench->cell.height);
  gst_video_frame_unmap (&frame);
  if (number >= 0 && number != bench->last && guests_sent_at (bench->guests, number) > 0)
    {
      double delay = (now - guests_sent_at (bench->guests, number)) / 1000.0;

      g_mutex_lock (&bench->mutex);
      g_array_append_val (bench->delays, delay);
      g_mutex_unlock (&bench->mutex);
      bench->last = number;
    }
  return GST_PAD_PROBE_OK;
}

/* The streaming thread that decodes. */
static void
on_element (GstBin *bin, GstElement *element, gpointer user_data)
{
  if (g_str_has_prefix (GST_OBJECT_NAME (element), "fakesink"))
    {
      g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");

      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_seen, user_data, NULL);
    }
}

static void
join_viewer (Bench *bench)
{
  GVariantBuilder pictures;

  bench->viewer = person_new (bench->worker->hub, "viewer", 0, 1, 0);
  g_signal_connect (bench->viewer->pipeline, "element-added", G_CALLBACK (on_element), bench);
  person_add_slot (bench->viewer, "h264");
  g_variant_builder_init (&pictures, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&pictures, "(ss)", SHOW, "programme");
  worker_call (bench->worker, "Subscribe", g_variant_new ("(ssa(ss))", ROOM, "viewer", &pictures));
  person_offer (bench->viewer);
}

/* CPU time of a process so far, ms: proc(5). */
static double
processor_ms (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  fields = g_strsplit (strrchr (text, ')') + 2, " ", 15);
  return (strtoul (fields[11], NULL, 10) + strtoul (fields[12], NULL, 10)) * 1000.0 / sysconf (_SC_CLK_TCK);
}

/* Of all that runs on this machine: proc(5), the first line: all but idle and waiting. */
static double
busy_ms (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  double ticks = 0;

  g_assert_true (g_file_get_contents ("/proc/stat", &text, NULL, NULL));
  /* "cpu", an empty one, user, nice, system, idle, iowait, irq, softirq. */
  fields = g_strsplit (text, " ", 10);
  for (guint i = 2; i < 9; i++)
    ticks += i == 5 || i == 6 ? 0 : g_ascii_strtod (fields[i], NULL);
  return ticks * 1000 / sysconf (_SC_CLK_TCK);
}

static JsonObject *
statistics (Bench *bench)
{
  g_autoptr (GVariant) reply = call (bench, "Statistics", NULL);
  const char *text;
  g_autoptr (JsonNode) node = NULL;

  g_variant_get (reply, "(&s)", &text);
  node = gr_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (node);
  return json_object_ref (json_node_get_object (node));
}

/* Frames that ought to have gone out and have not. */
static gint64
dropped (JsonObject *all)
{
  JsonObject *video = json_object_get_object_member (all, "video");
  JsonArray *outputs = json_object_get_array_member (all, "outputs");
  gint64 sum = gr_json_int (video, "skippedByMixer", 0) + gr_json_int (video, "skippedByEncoder", 0)
               + gr_json_int (json_object_get_object_member (all, "published"), "dropped", 0);

  for (guint i = 0; i < json_array_get_length (outputs); i++)
    sum += gr_json_int (json_object_get_object_member (json_array_get_object_element (outputs, i), "status"), "dropped",
                        0);
  return sum;
}

static void
run_for (gint64 length)
{
  gint64 until = g_get_monotonic_time () + length;

  worker_wait_until (g_get_monotonic_time () > until);
}

static gint
by_size (gconstpointer a, gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static void
print_delays (Bench *bench)
{
  g_mutex_lock (&bench->mutex);
  g_array_sort (bench->delays, by_size);
  if (bench->delays->len == 0)
    g_error ("the viewer saw nobody");
  figure_print (bench->format, "guest to viewer, p50", g_array_index (bench->delays, double, bench->delays->len / 2),
                "ms", 250);
  figure_print (bench->format, "guest to viewer, p95",
                g_array_index (bench->delays, double, bench->delays->len * 95 / 100), "ms", -1);
  figure_print (bench->format, "the guest's pictures that the viewer saw",
                100.0 * bench->delays->len / (GUEST_RATE * bench->seconds), "%", -1);
  g_mutex_unlock (&bench->mutex);
}

static void
measure_minutes (Bench *bench)
{
  const char *program = g_subprocess_get_identifier (bench->process);
  const char *hub = g_subprocess_get_identifier (bench->worker->process);
  double program_ms, hub_ms, own_ms, all_ms;
  gint64 begin, encoded, lost;
  double seconds;
  JsonObject *before, *after;

  run_for (WARM_UP);
  g_mutex_lock (&bench->mutex);
  g_array_set_size (bench->delays, 0);
  g_mutex_unlock (&bench->mutex);
  before = statistics (bench);
  program_ms = processor_ms (program);
  hub_ms = processor_ms (hub);
  own_ms = processor_ms ("self");
  all_ms = busy_ms ();
  begin = g_get_monotonic_time ();
  run_for (bench->seconds * G_USEC_PER_SEC);
  after = statistics (bench);
  seconds = (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
  program_ms = processor_ms (program) - program_ms;
  hub_ms = processor_ms (hub) - hub_ms;
  own_ms = processor_ms ("self") - own_ms;
  all_ms = busy_ms () - all_ms;
  encoded = gr_json_int (json_object_get_object_member (after, "video"), "encoded", 0)
            - gr_json_int (json_object_get_object_member (before, "video"), "encoded", 0);
  lost = dropped (after) - dropped (before);

  figure_print (bench->format, "CPU of the program process", program_ms / 10 / seconds, "% of a core", -1);
  figure_print (bench->format, "CPU of the hub", hub_ms / 10 / seconds, "% of a core", -1);
  figure_print (bench->format, "CPU of the guests and the viewer", own_ms / 10 / seconds, "% of a core", -1);
  /* Much of it, and these figures are not of a show alone on the machine. */
  figure_print (bench->format, "CPU of all else", (all_ms - program_ms - hub_ms - own_ms) / 10 / seconds, "% of a core",
                -1);
  figure_print (bench->format, "frames per second", encoded / seconds, "1/s", bench->format->rate);
  figure_print (bench->format, "output frames dropped", lost, "", 0);
  print_delays (bench);
  json_object_unref (before);
  json_object_unref (after);
}

static gboolean
listens (guint16 port)
{
  g_autofree char *wanted = g_strdup_printf ("0100007F:%04X 00000000:0000 0A", port);
  g_autofree char *table = NULL;

  return g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL) && strstr (table, wanted) != NULL;
}

static GSubprocess *
start_server (guint16 *port)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *server;

  *port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_socket_listener_close (listener);
  url = g_strdup_printf ("rtmp://127.0.0.1:%u/live", *port);
  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "ffmpeg", "-v", "error", "-nostdin", "-listen",
                             "1", "-f", "flv", "-i", url, "-c", "copy", "-f", "null", "-", NULL);
  g_assert_no_error (error);
  worker_wait_until (listens (*port));
  return server;
}

/* From the process's first moment on. */
static void
start_show (Bench *bench, Doorman *doorman, guint16 port)
{
  const Format *format = bench->format;
  g_autofree char *settings = g_strdup_printf ("{\"width\":%d,\"height\":%d,\"framesPerSecond\":%d,\"videoBits\":%d}",
                                               format->width, format->height, format->rate, format->kilobits * 1000);
  g_autofree char *rtmp = g_strdup_printf (
      "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/live\",\"streamKey\":\"k\",\"allowPrivate\":true}", port);
  g_autofree char *recording = g_strdup_printf ("{\"kind\":\"recording\",\"path\":\"%s/mix.mkv\"}", bench->folder);
  gint64 begin = g_get_monotonic_time ();

  start_program (bench);
  link_both (bench);
  tell (bench, "Start", g_variant_new ("(s)", settings));
  set_stage (bench);
  tell (bench, "AddOutput", g_variant_new ("(ss)", "rtmp", rtmp));
  tell (bench, "AddOutput", g_variant_new ("(ss)", "recording", recording));
  worker_wait_until (doorman_first_picture_at (doorman) != 0);
  figure_print (format, "start of the process to the destination's first byte",
                (doorman_connected_at (doorman) - begin) / 1000.0, "ms", -1);
  figure_print (format, "start of the process to the destination's first picture",
                (doorman_first_picture_at (doorman) - begin) / 1000.0, "ms", 1500);
}

/* The recording: what ffprobe counts must be what a show of this length has. */
static void
check_recording (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->folder, "mix.mp4", NULL);
  g_autofree char *picture = g_build_filename (bench->folder, "mix.jpg", NULL);
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  double last = NAN, gap = 0;

  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "ffprobe", "-v", "error", "-select_streams", "v",
                          "-show_entries", "packet=dts_time", "-of", "csv=p=0", path, NULL);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      double time = g_ascii_strtod (lines[i], NULL);

      gap = isnan (last) ? 0 : MAX (gap, time - last);
      last = time;
    }
  figure_print (bench->format, "longest step from frame to frame in the recording", gap * 1000, "ms",
                ceil (1000.0 / bench->format->rate) + 1);
  g_unlink (path);
  g_unlink (picture);
}

static void
measure_show (const Format *format, const char *folder, gint64 seconds)
{
  Bench bench = { .format = format, .folder = folder, .seconds = seconds, .last = -1 };
  guint16 server_port, port;
  GSubprocess *server;
  Doorman *doorman;

  g_mutex_init (&bench.mutex);
  bench.delays = g_array_new (FALSE, FALSE, sizeof (double));
  bench.worker = worker_start (WATCHDOG);
  bench.guests = guests_join (bench.worker->hub, folder);
  server = start_server (&server_port);
  doorman = doorman_new (server_port, &port);
  start_show (&bench, doorman, port);
  join_viewer (&bench);
  measure_minutes (&bench);

  tell (&bench, "End", NULL);
  worker_wait_until (bench.over == 2);
  check_recording (&bench);
  g_dbus_connection_close_sync (bench.program, NULL, NULL);
  g_subprocess_wait (bench.process, NULL, NULL);
  g_object_unref (bench.program);
  g_object_unref (bench.process);
  doorman_free (doorman);
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
  g_object_unref (server);
  person_free (bench.viewer);
  guests_free (bench.guests);
  g_subprocess_force_exit (bench.worker->process);
  worker_wait_until (bench.worker->ended);
  g_array_unref (bench.delays);
  g_mutex_clear (&bench.mutex);
}

int
main (int argc, char *argv[])
{
  static const Format formats[]
      = { { 1280, 720, 30, 4500 }, { 1920, 1080, 30, 4500 }, { 1280, 720, 60, 4500 }, { 1920, 1080, 60, 7500 } };
  g_autofree char *folder = g_dir_make_tmp ("greenroom-show-XXXXXX", NULL);
  const char *const remove[] = { "rm", "-rf", "--", folder, NULL };
  gint64 seconds = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 20;
  const char *only = argc > 2 ? argv[2] : NULL;

  g_setenv ("GST_DEBUG", "0", FALSE);
  gst_init (NULL, NULL);
  setvbuf (stdout, NULL, _IOLBF, 0);
  guests_encode (folder);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *name = g_strdup_printf ("%dp%d", formats[i].height, formats[i].rate);

      if (only != NULL && !g_str_equal (only, name))
        continue;
      measure_show (&formats[i], folder, seconds);
      ffmpeg_measure (&formats[i], folder, seconds);
    }
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  return 0;
}
