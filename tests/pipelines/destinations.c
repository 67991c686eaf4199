/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of RTMP(S) destinations with real servers: what fails is named, nobody else notices, and all come back. */
#include <signal.h>
#include <string.h>

#include "base/json.h"
#include "base/main-call.h"
#include "media/program/show.h"
#include "plugins/hublink/link-source.h"
#include "plugins/layoutmix/layout-mix.h"
#include "stage.h"

#define RTMP "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/%s\",\"streamKey\":\"%s\",\"allowPrivate\":true}"
/* From one picture to the next, at 30 frames/s; FLV counts in milliseconds. */
#define MAX_GAP 0.070

/* A self-signed one: what nobody should trust. */
static GTlsCertificate *
make_certificate (Stage *stage)
{
  g_autofree char *path = stage_path (stage, "certificate.pem");
  const char *const command[] = { "openssl", "req",           "-x509",   "-newkey", "rsa:2048", "-nodes", "-days", "2",
                                  "-subj",   "/CN=localhost", "-keyout", path,      "-out",     path,     NULL };
  g_autofree char *key = stage_path (stage, "key.pem");
  const char *arguments[G_N_ELEMENTS (command)];
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  GTlsCertificate *certificate;

  memcpy (arguments, command, sizeof command);
  arguments[11] = key;
  process = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  certificate = g_tls_certificate_new_from_files (path, key, &error);
  g_assert_no_error (error);
  return certificate;
}

static void
test_names_what_fails (void)
{
  Stage *stage = stage_new ();
  guint16 port = stage_free_port ();
  guint16 nobody = stage_free_port ();
  g_autoptr (GTlsCertificate) certificate = make_certificate (stage);
  g_autoptr (GSocketListener) deaf = g_socket_listener_new ();
  guint16 deaf_port = g_socket_listener_add_any_inet_port (deaf, NULL, NULL);
  Relay *secure;
  Watched *watched[8];

  g_test_summary ("Name, address, port, certificate, key or silence: a destination says which it is");
  stage_start_nginx (stage, "nginx", port);
  secure = relay_new (port, certificate);
  watched[0]
      = watched_new (stage, "name", "{\"kind\":\"rtmp\",\"url\":\"rtmp://nowhere.invalid/live\",\"streamKey\":\"k\"}");
  watched[1] = watched_new (stage, "inside",
                            "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/live\",\"streamKey\":\"k\"}", port);
  watched[2] = watched_new (stage, "inside-by-name",
                            "{\"kind\":\"rtmp\",\"url\":\"rtmp://localhost:%u/live\",\"streamKey\":\"k\"}", port);
  watched[3] = watched_new (stage, "nobody", RTMP, nobody, "live", "k");
  watched[4] = watched_new (stage, "certificate",
                            "{\"kind\":\"rtmp\",\"url\":\"rtmps://localhost:%u/live\",\"streamKey\":\"k\","
                            "\"allowPrivate\":true}",
                            relay_get_port (secure));
  watched[5] = watched_new (stage, "key", RTMP, port, "keyed", "wrong");
  watched[6] = watched_new (stage, "right-key", RTMP, port, "keyed", "right");
  watched[7] = watched_new (stage, "silent", RTMP, deaf_port, "live", "k");

  watched_wait_reason (watched[1], "failed", "private", 5);
  watched_wait_reason (watched[2], "failed", "private", 5);
  watched_wait_reason (watched[3], "reconnecting", "refused", 5);
  watched_wait_reason (watched[4], "failed", "tls", 5);
  watched_wait_state (watched[6], "live", 5);
  watched_wait_reason (watched[0], "reconnecting", "dns", 20);
  watched_wait_reason (watched[5], "refused", "key", 20);
  watched_wait_reason (watched[7], "reconnecting", "timeout", 20);
  g_assert_cmpstr (watched[6]->states->str, ==, "connecting live ");

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      gr_output_end (watched[i]->output);
      g_assert_true (i == 6 || gr_output_is_over (watched[i]->output));
    }
  watched_wait_state (watched[6], "ended", 10);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    watched_free (watched[i]);
  relay_free (secure);
  stage_free (stage);
}

static void
assert_nothing_lost (Stage *stage, const char *file, double least)
{
  g_autofree char *path = stage_path (stage, file);
  Probe probe;

  stage_probe (path, &probe);
  g_assert_cmpfloat (probe.gap, <=, MAX_GAP);
  g_assert_cmpfloat (probe.last - probe.first, >=, least);
  g_assert_cmpuint (probe.audio, >, 0);
}

/* A server whose kernel answers nobody any more: its queue is full, so that what comes is dropped. @end: what fills it.
 */
static GSocket *
start_black_hole (guint16 *port, GSocketConnection **end)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocket *hole = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_set_listen_backlog (hole, 0);
  g_assert_true (g_socket_bind (hole, address, TRUE, NULL) && g_socket_listen (hole, NULL));
  bound = g_socket_get_local_address (hole, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  *end = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (bound), NULL, &error);
  g_assert_no_error (error);
  return hole;
}

static void
test_others_lose_nothing (void)
{
  Stage *stage = stage_new ();
  guint16 ports[] = { stage_free_port (), stage_free_port (), stage_free_port (), stage_free_port () };
  g_autofree char *good = stage_path (stage, "ffmpeg.flv");
  g_autofree char *again = stage_path (stage, "again.flv");
  GSubprocess *frozen, *killed;
  guint16 hole_port;
  g_autoptr (GSocketConnection) filling = NULL;
  g_autoptr (GSocket) hole = start_black_hole (&hole_port, &filling);
  g_autoptr (GTlsCertificate) certificate = make_certificate (stage);
  Relay *black, *slow, *cut, *secure;
  Watched *watched[7], *refused[4];
  double seconds;

  g_test_summary ("One is killed, one freezes, one is cut off, one holds, one reads a byte a second, others are black "
                  "holes, distrusted, or refuse connection or key; two others lose no picture");
  stage_start_nginx (stage, "good", ports[0]);
  frozen = stage_start_nginx (stage, "frozen", ports[1]);
  stage_start_ffmpeg (stage, ports[2], good);
  killed = stage_start_ffmpeg (stage, ports[3], again);
  black = relay_new (ports[0], NULL);
  slow = relay_new (ports[0], NULL);
  cut = relay_new (ports[0], NULL);
  secure = relay_new (ports[0], certificate);
  watched[0] = watched_new (stage, "good", RTMP, ports[0], "live", "good");
  watched[1] = watched_new (stage, "ffmpeg", RTMP, ports[2], "live", "key");
  watched[2] = watched_new (stage, "frozen", RTMP, ports[1], "live", "frozen");
  watched[3] = watched_new (stage, "killed", RTMP, ports[3], "live", "key");
  watched[4] = watched_new (stage, "black", RTMP, relay_get_port (black), "live", "black");
  watched[5] = watched_new (stage, "slow", RTMP, relay_get_port (slow), "live", "slow");
  watched[6] = watched_new (stage, "cut", RTMP, relay_get_port (cut), "live", "cut");
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    watched_wait_state (watched[i], "live", 15);
  stage_run (2000);

  refused[0] = watched_new (stage, "hole", RTMP, hole_port, "live", "k");
  refused[1] = watched_new (stage, "distrusted",
                            "{\"kind\":\"rtmp\",\"url\":\"rtmps://localhost:%u/live\",\"streamKey\":\"k\","
                            "\"allowPrivate\":true}",
                            relay_get_port (secure));
  refused[2] = watched_new (stage, "key", RTMP, ports[0], "keyed", "wrong");
  refused[3] = watched_new (stage, "nobody", RTMP, stage_free_port (), "live", "k");
  stage_kill (stage, frozen, SIGSTOP);
  stage_kill (stage, killed, SIGKILL);
  relay_set_mode (black, RELAY_HOLD);
  relay_set_mode (slow, RELAY_TRICKLE);
  relay_set_mode (cut, RELAY_RESET);
  watched_wait_reason (watched[6], "reconnecting", "lost", 5);
  relay_set_mode (cut, RELAY_PASS);
  watched_wait_reason (refused[1], "failed", "tls", 10);
  watched_wait_reason (refused[3], "reconnecting", "refused", 10);
  watched_wait_reason (refused[0], "reconnecting", "timeout", 20);
  watched_wait_reason (watched[3], "reconnecting", "refused", 10);
  watched_wait_reason (watched[2], "reconnecting", "timeout", 40);
  watched_wait_reason (watched[4], "reconnecting", "timeout", 40);
  watched_wait_reason (watched[5], "reconnecting", "timeout", 60);

  stage_kill (stage, frozen, SIGCONT);
  stage_start_ffmpeg (stage, ports[3], again);
  relay_set_mode (black, RELAY_PASS);
  relay_set_mode (slow, RELAY_PASS);
  for (guint i = 2; i < G_N_ELEMENTS (watched); i++)
    watched_wait_state (watched[i], "live", 60);
  watched_wait_reason (refused[2], "refused", "key", 20);
  stage_run (3000);
  g_assert_cmpint (watched_number (watched[2], "attempt"), >=, 2);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpstr (watched[i]->states->str, ==, "connecting live ");
      g_assert_cmpint (watched_number (watched[i], "dropped"), ==, 0);
      g_assert_cmpint (watched_number (watched[i], "bitsPerSecond"), >, 100000);
      g_assert_cmpint (watched_number (watched[i], "bytes"), >, 100000);
      g_assert_true (json_object_has_member (watched[i]->status, "roundTripMs"));
      g_assert_false (json_object_get_null_member (watched[i]->status, "roundTripMs"));
    }
  seconds = gr_json_double (watched[0]->status, "seconds", 0);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    gr_output_end (watched[i]->output);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    watched_wait_state (watched[i], "ended", 15);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    watched_free (watched[i]);
  assert_nothing_lost (stage, "good-good.flv", seconds - 2);
  assert_nothing_lost (stage, "ffmpeg.flv", seconds - 2);
  assert_nothing_lost (stage, "again.flv", 2);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    watched_free (refused[i]);
  relay_free (black);
  relay_free (slow);
  relay_free (cut);
  relay_free (secure);
  stage_free (stage);
}

static void
test_keeps_the_key (void)
{
  const char *const command[] = { "/proc/self/exe", "--tell", NULL };
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *arguments[] = { self, command[1], NULL };
  g_autoptr (GError) error = NULL;

  g_test_summary ("With all that GStreamer can tell, the key is not told; neither by states, graphs and errors");
  /* GStreamer 1.22's x264enc tells of a profile whose caps it has freed. */
  g_subprocess_launcher_setenv (launcher, "GST_DEBUG", "*:6,x264enc:0", TRUE);
  g_subprocess_launcher_setenv (launcher, "GST_DEBUG_NO_COLOR", "1", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  g_assert_cmpuint (strlen (output), >, 100000);
  g_assert_null (strstr (output, "s3cret-key"));
}

static gboolean
has_started (gpointer data)
{
  return *(gboolean *) data;
}

static void
on_started (GrShow *show, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void
on_failed (GrShow *show, const char *why, gpointer user_data)
{
  g_error ("the show failed: %s", why);
}

static void
test_slate (void)
{
  gboolean started = FALSE;
  const GrShowEvents events = { .started = on_started, .failed = on_failed, .user_data = &started };
  g_autoptr (GrShow) show = NULL;
  GrShowSettings settings;
  g_autoptr (GError) error = NULL;
  Stage *stage = stage_new ();
  GrFanout *fanout = stage->fanout;
  guint16 port = stage_free_port ();
  Watched *watched;

  g_test_summary ("A show that nobody has joined is pictures and sound without a gap");
  gr_hub_link_register_elements (NULL);
  gr_layout_mix_register (NULL);
  stage_start_nginx (stage, "nginx", port);
  show = gr_show_new (&events);
  g_assert_true (gr_show_settings_read (&settings,
                                        "{\"width\":320,\"height\":180,\"framesPerSecond\":30,\"videoBits\":600000,"
                                        "\"audioBits\":96000,\"keyframeSeconds\":1}",
                                        &error));
  g_assert_true (gr_show_start (show, &settings, &error));
  gr_show_settings_clear (&settings);
  stage_wait (has_started, &started, 20, "the show to start");

  stage->fanout = gr_show_get_fanout (show);
  watched = watched_new (stage, "slate", RTMP, port, "live", "slate");
  watched_wait_state (watched, "live", 10);
  stage_run (4000);
  gr_output_end (watched->output);
  watched_wait_state (watched, "ended", 10);
  watched_free (watched);
  stage->fanout = fanout;
  assert_nothing_lost (stage, "slate-nginx.flv", 3.5);
  gr_show_stop (show);
  stage_free (stage);
}

static void
tell_bad_document (Stage *stage)
{
  const GrOutputSources sources = { .programme = stage->fanout };
  g_autoptr (GError) error = NULL;

  g_assert_null (gr_output_new ("bad", "{\"kind\":\"rtmp\",\"url\":\"http://x/y\",\"streamKey\":\"s3cret-key\"}",
                                &sources, NULL, NULL, &error));
  g_print ("%s\n", error->message);
}

/* What test_keeps_the_key() listens to. */
static int
tell (void)
{
  Stage *stage = stage_new ();
  guint16 port = stage_free_port ();
  Watched *good, *bad;
  g_autofree char *graph = NULL;

  stage_start_nginx (stage, "nginx", port);
  good = watched_new (stage, "good", RTMP, port, "live", "s3cret-key");
  bad = watched_new (stage, "bad", RTMP, port, "keyed", "s3cret-key");
  watched_wait_state (good, "live", 30);
  watched_wait_reason (bad, "reconnecting", "key", 30);
  graph = gr_output_graph (good->output);
  g_print ("%s%s%s", graph, good->told->str, bad->told->str);
  g_assert_nonnull (strstr (graph, "GstRtmp2Sink"));
  tell_bad_document (stage);
  gr_output_end (good->output);
  gr_output_end (bad->output);
  watched_wait_state (good, "ended", 10);
  watched_free (good);
  watched_free (bad);
  stage_free (stage);
  return 0;
}

int
main (int argc, char *argv[])
{
  gboolean tells = argc == 2 && g_str_equal (argv[1], "--tell");

  if (!tells)
    g_test_init (&argc, &argv, NULL);
  /* GStreamer 1.22 asks an answer of ffmpeg's for the type of a member that it has not. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  gr_main_init ();
  gst_init (&argc, &argv);
  if (tells)
    return tell ();

  g_test_add_func ("/destinations/names-what-fails", test_names_what_fails);
  g_test_add_func ("/destinations/others-lose-nothing", test_others_lose_nothing);
  g_test_add_func ("/destinations/slate", test_slate);
  g_test_add_func ("/destinations/keeps-the-key", test_keeps_the_key);

  return g_test_run ();
}
