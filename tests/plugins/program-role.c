/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of greenroom-media program: both processes as greenroomd starts them, a link between them, a webrtcbin as a
 * guest and one as a viewer. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media-process.h"
#include "person.h"
#include "worker.h"

#define WATCHDOG 120
#define SHOW "show"
#define PROGRAM "org.greenroom.Media1.Program"
#define SETTINGS "{\"width\":640,\"height\":360,\"framesPerSecond\":30,\"videoBits\":800000}"
#define SCENE                                                                                                          \
  "{\"layout\":\"solo\",\"order\":[{\"participantId\":\"ann\",\"kind\":\"camera\"}],\"banner\":{\"title\":\"On "       \
  "air\",\"subtitle\":null},\"ticker\":\"News\"}"
#define PEOPLE "[{\"participantId\":\"ann\",\"name\":\"Ann\",\"gain\":1,\"onStage\":true}]"

typedef struct
{
  Worker *worker; /* the hub */
  GSubprocess *process;
  GDBusConnection *program;
  gboolean ended;
  guint started;
  gboolean over; /* the output ended */
} Scene;

static void
on_ended (GObject *process, GAsyncResult *result, gpointer user_data)
{
  Scene *scene = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  scene->ended = TRUE;
}

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  Scene *scene = user_data;

  g_assert_cmpstr (name, !=, "Failed");
  scene->started += g_str_equal (name, "Started");
  if (g_str_equal (name, "Output"))
    {
      const char *id, *status;

      g_variant_get (arguments, "(&s&s)", &id, &status);
      g_assert_cmpstr (id, ==, "file");
      scene->over |= strstr (status, "\"state\":\"ended\"") != NULL;
    }
}

static void
start_program (Scene *scene)
{
  static const char *const role[] = { "program", "--fd", "3", NULL };

  scene->ended = FALSE;
  scene->process = media_process_start (role, &scene->program);
  g_subprocess_wait_async (scene->process, NULL, on_ended, scene);
  g_dbus_connection_signal_subscribe (scene->program, NULL, PROGRAM, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                      on_signal, scene, NULL);
}

static void
forget_program (Scene *scene)
{
  worker_wait_until (scene->ended);
  g_clear_object (&scene->program);
  g_clear_object (&scene->process);
}

static GVariant *
call (Scene *scene, const char *method, GVariant *arguments, GError **error)
{
  return g_dbus_connection_call_sync (scene->program, NULL, MEDIA_PATH, PROGRAM, method, arguments, NULL,
                                      G_DBUS_CALL_FLAGS_NONE, 10000, NULL, error);
}

static void
must (Scene *scene, const char *method, const char *document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call (scene, method, document != NULL ? g_variant_new ("(s)", document) : NULL, &error);

  g_assert_no_error (error);
}

static char *
ask (Scene *scene, const char *method)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call (scene, method, NULL, &error);
  char *text;

  g_assert_no_error (error);
  g_variant_get (reply, "(s)", &text);
  return text;
}

static void
link_both (Scene *scene)
{
  GVariantBuilder tracks;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  media_process_give_fd (scene->worker->hub, "org.greenroom.Media1.Hub", "Attach",
                         g_variant_new ("(ssh)", ROOM, SHOW, 0), ends[0]);
  media_process_give_fd (scene->program, PROGRAM, "Link", g_variant_new ("(h)", 0), ends[1]);
  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&tracks, "(ss)", "ann", "camera");
  g_variant_builder_add (&tracks, "(ss)", "ann", "microphone");
  worker_call (scene->worker, "Watch", g_variant_new ("(ssa(ss))", ROOM, SHOW, &tracks));
}

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->worker = worker_start (WATCHDOG);
  start_program (scene);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  if (scene->program != NULL)
    {
      g_dbus_connection_close_sync (scene->program, NULL, NULL);
      worker_wait_until (scene->ended);
      g_assert_true (g_subprocess_get_if_exited (scene->process));
      g_assert_cmpint (g_subprocess_get_exit_status (scene->process), ==, 0);
      forget_program (scene);
    }
  worker_stop (scene->worker);
}

static void
start_show (Scene *scene)
{
  link_both (scene);
  must (scene, "Start", SETTINGS);
  must (scene, "SetPeople", PEOPLE);
  must (scene, "SetScene", SCENE);
}

static Person *
join_viewer (Scene *scene)
{
  Person *ben = person_new (scene->worker->hub, "ben", 0.1, 1, 0);
  GVariantBuilder pictures;

  person_add_slot (ben, "h264");
  g_variant_builder_init (&pictures, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&pictures, "(ss)", SHOW, "programme");
  worker_call (scene->worker, "Subscribe", g_variant_new ("(ssa(ss))", ROOM, "ben", &pictures));
  person_offer (ben);
  return ben;
}

static gint
seen (Person *person)
{
  return g_atomic_int_get (&person->decoded[3]);
}

static void
add_output (Scene *scene, const char *kind, const char *path)
{
  g_autofree char *document
      = g_strdup_printf ("{\"kind\":\"%s\",\"path\":\"%s\",\"pipelinesDir\":\"/nowhere\"}", kind, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call (scene, "AddOutput", g_variant_new ("(ss)", "file", document), &error);

  g_assert_no_error (error);
}

/* One graph, of the mix and of each output, that Graphviz draws where it is installed. */
static void
check_graph (const char *graph)
{
  g_autofree char *program = g_find_program_in_path ("dot");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) dot = NULL;
  g_autofree char *svg = NULL;

  g_assert_true (g_str_has_prefix (graph, "digraph show {"));
  g_assert_null (strstr (graph + 1, "digraph"));
  g_assert_nonnull (strstr (graph, "video-mixer"));
  g_assert_nonnull (strstr (graph, "GstMatroskaMux"));
  if (program == NULL)
    return;

  dot = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "-Tsvg",
                          NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (dot, graph, NULL, &svg, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (dot));
  g_assert_nonnull (strstr (svg, "</svg>"));
}

/* A recording as a process leaves it that dies. */
static void
make_recording (const char *path)
{
  g_autofree char *text = g_strdup_printf (
      "videotestsrc num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1 ! x264enc tune=zerolatency ! "
      "h264parse ! matroskamux name=muxer streamable=true ! filesink location=%s "
      "audiotestsrc num-buffers=94 ! audio/x-raw,rate=48000 ! avenc_aac ! aacparse ! muxer.",
      path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  gst_object_ref_sink (pipeline);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

static void
test_finishes (Scene *scene, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  g_autofree char *mkv = g_build_filename (directory, "mix.mkv", NULL);
  g_autofree char *mp4 = g_build_filename (directory, "mix.mp4", NULL);
  g_autofree char *picture = g_build_filename (directory, "mix.jpg", NULL);

  g_test_summary ("A process without a show puts a recording in order that another one left behind");
  make_recording (mkv);
  add_output (scene, "finish", mkv);
  worker_wait_until (scene->over);
  g_assert_false (g_file_test (mkv, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (mp4), ==, 0);
  g_assert_cmpint (g_unlink (picture), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_show (Scene *scene, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  g_autofree char *mkv = g_build_filename (directory, "mix.mkv", NULL);
  Person *ann, *ben;
  g_autofree char *statistics = NULL;
  g_autofree char *graph = NULL;
  gint before;
  guint started;

  g_test_summary (
      "A guest's picture comes to a viewer as the programme; when the program process is killed, another takes over");
  start_show (scene);
  worker_wait_until (scene->started == 1);
  add_output (scene, "recording", mkv);
  ann = person_new (scene->worker->hub, "ann", 0.8, 0, 0);
  person_offer (ann);
  ben = join_viewer (scene);
  worker_wait_until (seen (ben) > 60 && g_atomic_int_get (&ben->decoded[2]) > 50);
  do
    {
      g_free (statistics);
      statistics = ask (scene, "Statistics");
      worker_turn ();
    }
  while (strstr (statistics, "\"participantId\":\"ann\",\"kind\":\"camera\",\"codec\":\"VP8\",\"decoding\":true")
         == NULL);
  graph = ask (scene, "Graph");
  check_graph (graph);

  started = scene->started;
  g_subprocess_force_exit (scene->process);
  forget_program (scene);
  before = seen (ben);
  start_program (scene);
  start_show (scene);
  worker_wait_until (scene->started > started);
  worker_wait_until (seen (ben) > before + 60);

  must (scene, "End", NULL);
  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, "ann"));
  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, "ben"));
  person_free (ann);
  person_free (ben);

  /* What the process that was killed had of it. */
  g_assert_cmpint (g_unlink (mkv), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_records (Scene *scene, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  g_autofree char *output = g_strdup_printf ("{\"kind\":\"recording\",\"path\":\"%s/file.mkv\"}", directory);
  g_autofree char *path = g_build_filename (directory, "file.mp4", NULL);
  g_autofree char *picture = g_build_filename (directory, "file.jpg", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) early = call (scene, "AddOutput", g_variant_new ("(ss)", "file", output), &error);
  g_autofree char *statistics = NULL;
  gint64 until;

  g_test_summary ("A recording begins while the programme runs, and is whole when End answers");
  g_assert_null (early);
  g_assert_nonnull (error);
  g_clear_error (&error);
  must (scene, "Start", SETTINGS);
  worker_wait_until (scene->started == 1);
  early = call (scene, "AddOutput", g_variant_new ("(ss)", "file", output), &error);
  g_assert_no_error (error);
  until = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  worker_wait_until (g_get_monotonic_time () > until);
  statistics = ask (scene, "Statistics");
  g_assert_nonnull (strstr (statistics, "\"outputs\":[{\"id\":\"file\",\"status\":{\"state\":\"live\""));
  must (scene, "End", NULL);
  worker_wait_until (scene->over);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  g_unlink (path);
  g_unlink (picture);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_refuses (Scene *scene, gconstpointer data)
{
  static const struct
  {
    const char *method, *document, *error;
  } cases[] = {
    { "Start", "{", "org.greenroom.Error.Malformed" },
    { "Start", "[]", "org.greenroom.Error.InvalidInput" },
    { "Start", "{\"width\":1281}", "org.greenroom.Error.InvalidInput" },
    { "Start", "{\"framesPerSecond\":1000}", "org.greenroom.Error.InvalidInput" },
    { "SetScene", "{\"layout\":\"pyramid\"}", "org.greenroom.Error.InvalidInput" },
    { "SetScene", "{\"colour\":\"red\"}", "org.greenroom.Error.InvalidInput" },
    { "SetScene", "{\"order\":[1]}", "org.greenroom.Error.InvalidInput" },
    { "SetPeople", "{}", "org.greenroom.Error.InvalidInput" },
  };

  g_test_summary ("A document that is none is refused by name, and changes nothing");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) reply = call (scene, cases[i].method, g_variant_new ("(s)", cases[i].document), &error);
      g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

      g_assert_null (reply);
      g_assert_cmpstr (name, ==, cases[i].error);
    }

  must (scene, "Start", SETTINGS);
  worker_wait_until (scene->started == 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);

  g_test_add ("/program-role/show", Scene, NULL, set_up, test_show, tear_down);
  g_test_add ("/program-role/finishes", Scene, NULL, set_up, test_finishes, tear_down);
  g_test_add ("/program-role/records", Scene, NULL, set_up, test_records, tear_down);
  g_test_add ("/program-role/refuses", Scene, NULL, set_up, test_refuses, tear_down);

  return g_test_run ();
}
