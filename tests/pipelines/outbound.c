/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the connections to destinations: which addresses and which certificates are good, whoever answers for them.
 */
#include <string.h>

#include "base/json.h"
#include "base/main-call.h"
#include "media/probe/probe.h"
#include "media/program/outbound.h"
#include "names.h"
#include "stage.h"

/* An address of the Internet; nobody ever connects to it here. */
#define OUTSIDE "8.8.8.8"

static void expect_probe (const char *state, const char *reason, const char *format, ...) G_GNUC_PRINTF (3, 4);

typedef struct
{
  char *wish;
  char *answer;
  gint done; /* atomic */
} Trial;

static gpointer
try_it (gpointer data)
{
  Trial *trial = data;
  g_autoptr (GError) error = NULL;

  trial->answer = gr_probe_try (trial->wish, strlen (trial->wish), &error);
  g_assert_no_error (error);
  g_atomic_int_set (&trial->done, TRUE);
  return NULL;
}

static gboolean
is_done (gpointer data)
{
  return g_atomic_int_get (&((Trial *) data)->done);
}

/* The servers of the stage need the main thread. */
static void
expect_probe (const char *state, const char *reason, const char *format, ...)
{
  Trial trial = { 0 };
  g_autoptr (JsonNode) node = NULL;
  va_list arguments;
  GThread *thread;

  va_start (arguments, format);
  trial.wish = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  thread = g_thread_new ("probe", try_it, &trial);
  stage_wait (is_done, &trial, 20, "a probe to answer");
  g_thread_join (thread);
  g_test_message ("%s: %s", trial.wish, trial.answer);
  node = gr_json_parse (trial.answer, strlen (trial.answer), NULL);
  g_assert_cmpstr (gr_json_string (json_node_get_object (node), "state"), ==, state);
  g_assert_cmpstr (gr_json_string (json_node_get_object (node), "reason"), ==, reason);
  g_free (trial.wish);
  g_free (trial.answer);
}

static void
test_rebinding (void)
{
  Stage *stage = stage_new ();
  guint16 port = stage_free_port ();
  Watched *watched;

  g_test_summary (
      "A name whose address changes between two lookups leads nobody inside: what is judged is connected to");
  stage_start_nginx (stage, "nginx", port);

  /* Who looked it up first and connected afterwards would be led by the second answer. */
  names_set ("rebound.example", OUTSIDE, "127.0.0.1");
  {
    g_autolist (GInetAddress) first
        = g_resolver_lookup_by_name (g_resolver_get_default (), "rebound.example", NULL, NULL);

    g_assert_nonnull (first);
  }
  expect_probe ("failed", "private", "{\"url\":\"rtmp://rebound.example:%u/live\",\"streamKey\":\"k\"}", port);
  g_assert_cmpuint (names_count (), ==, 2);

  names_set ("inside.example", "127.0.0.1", "127.0.0.1");
  expect_probe ("failed", "private", "{\"url\":\"rtmp://inside.example:%u/live\",\"streamKey\":\"k\"}", port);
  g_assert_cmpuint (names_count (), ==, 1);
  expect_probe ("failed", "private", "{\"url\":\"rtmp://inside.example:%u/live\",\"streamKey\":\"k\"}", port);
  expect_probe ("live", NULL, "{\"url\":\"rtmp://inside.example:%u/live\",\"streamKey\":\"k\",\"allowPrivate\":true}",
                port);

  watched = watched_new (stage, "inside",
                         "{\"kind\":\"rtmp\",\"url\":\"rtmp://inside.example:%u/live\",\"streamKey\":\"k\"}", port);
  watched_wait_reason (watched, "failed", "private", 5);
  watched_free (watched);
  stage_free (stage);
}

/* A server that says something else than TLS or RTMP. */
static gboolean
on_visit (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_output_stream_printf (out, NULL, NULL, NULL, "HTTP/1.1 400 Bad Request\r\n\r\n");
  return TRUE;
}

static void
test_secure (void)
{
  Stage *stage = stage_new ();
  g_autoptr (GTlsCertificate) good = names_certify (stage->directory, "localhost", TRUE);
  g_autoptr (GTlsCertificate) other = names_certify (stage->directory, "elsewhere.example", TRUE);
  g_autoptr (GTlsCertificate) own = names_certify (stage->directory, "localhost", FALSE);
  guint16 port = stage_free_port ();
  g_autofree char *file = stage_path (stage, "good-nginx.flv");
  g_autoptr (GSocketService) babbler = g_threaded_socket_service_new (8);
  guint16 babble = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (babbler), NULL, NULL);
  Relay *relays[3];
  Watched *secure, *plain, *watched[3];
  double seconds;
  Probe probe;

  g_test_summary ("A certificate that is to be trusted is, another one is not; who streams meanwhile loses nothing");
  names_trust (stage->directory);
  g_signal_connect (babbler, "run", G_CALLBACK (on_visit), NULL);
  g_socket_service_start (babbler);
  stage_start_nginx (stage, "nginx", port);
  relays[0] = relay_new (port, good);
  relays[1] = relay_new (port, other);
  relays[2] = relay_new (port, own);
#define SECURE "{\"kind\":\"rtmp\",\"url\":\"rtmps://localhost:%u/live\",\"streamKey\":\"%s\",\"allowPrivate\":true}"
  secure = watched_new (stage, "secure", SECURE, relay_get_port (relays[0]), "good");
  plain = watched_new (stage, "plain",
                       "{\"kind\":\"rtmp\",\"url\":\"rtmp://127.0.0.1:%u/live\",\"streamKey\":\"plain\","
                       "\"allowPrivate\":true}",
                       port);
  watched_wait_state (secure, "live", 10);
  watched_wait_state (plain, "live", 10);

  watched[0] = watched_new (stage, "other-name", SECURE, relay_get_port (relays[1]), "other");
  watched[1] = watched_new (stage, "unknown", SECURE, relay_get_port (relays[2]), "unknown");
  watched[2] = watched_new (stage, "no-tls", SECURE, babble, "no-tls");
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      watched_wait_reason (watched[i], "failed", "tls", 10);
      g_assert_nonnull (strstr (watched[i]->told->str, i < 2 ? "not to be trusted" : "does not speak TLS"));
    }
  expect_probe ("live", NULL, SECURE, relay_get_port (relays[0]), "probed");
  expect_probe ("failed", "tls", SECURE, relay_get_port (relays[1]), "probed");
  expect_probe ("failed", "tls", SECURE, relay_get_port (relays[2]), "probed");
  expect_probe ("failed", "tls", SECURE, babble, "probed");
  stage_run (3000);

  g_assert_cmpstr (secure->states->str, ==, "connecting live ");
  g_assert_cmpstr (plain->states->str, ==, "connecting live ");
  g_assert_cmpint (watched_number (secure, "dropped"), ==, 0);
  seconds = gr_json_double (secure->status, "seconds", 0);
  gr_output_end (secure->output);
  gr_output_end (plain->output);
  watched_wait_state (secure, "ended", 10);
  watched_wait_state (plain, "ended", 10);
  stage_probe (file, &probe);
  g_assert_cmpfloat (probe.gap, <=, 0.070);
  g_assert_cmpfloat (probe.last - probe.first, >=, seconds - 2);

  watched_free (secure);
  watched_free (plain);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    watched_free (watched[i]);
  for (guint i = 0; i < G_N_ELEMENTS (relays); i++)
    relay_free (relays[i]);
  g_socket_service_stop (babbler);
  stage_free (stage);
}

static void
test_each_its_own (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  /* As good as several that lay in the same place, one after the other. */
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GrOutbound *outbounds[4], *waiting;
  GSocketConnection *connections[G_N_ELEMENTS (outbounds)];
  guint16 ports[G_N_ELEMENTS (outbounds)];
  GrOutboundFacts facts;

  g_test_summary ("Each connection is its owner's, though a new client may lie where an old one lay in memory");
  for (guint i = 0; i < G_N_ELEMENTS (outbounds); i++)
    {
      ports[i] = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
      outbounds[i] = gr_outbound_new ("127.0.0.1", ports[i], TRUE);
      g_assert_nonnull (outbounds[i]);
      g_assert_null (gr_outbound_new ("127.0.0.1", ports[i], TRUE));
    }
  for (guint i = 0; i < G_N_ELEMENTS (outbounds); i++)
    {
      connections[i] = g_socket_client_connect_to_host (client, "127.0.0.1", ports[i], NULL, NULL);
      g_assert_nonnull (connections[i]);
      for (guint j = 0; j < G_N_ELEMENTS (outbounds); j++)
        {
          gr_outbound_get_facts (outbounds[j], &facts);
          g_assert_cmpint (facts.phase, ==, j <= i ? GR_OUTBOUND_OPEN : GR_OUTBOUND_WAITING);
        }
    }

  /* The next connection to the same server is another one's. */
  waiting = gr_outbound_new ("127.0.0.1", ports[0], FALSE);
  g_assert_nonnull (waiting);
  g_assert_null (g_socket_client_connect_to_host (client, "127.0.0.1", ports[0], NULL, NULL));
  gr_outbound_get_facts (waiting, &facts);
  g_assert_true (facts.kept_out);
  gr_outbound_get_facts (outbounds[0], &facts);
  g_assert_cmpint (facts.phase, ==, GR_OUTBOUND_OPEN);
  g_assert_false (facts.kept_out);

  for (guint i = 0; i < G_N_ELEMENTS (outbounds); i++)
    {
      g_object_unref (connections[i]);
      gr_outbound_free (outbounds[i]);
    }

  /* Nobody takes this one, and nobody here may go inside. */
  g_assert_null (g_socket_client_connect_to_host (client, "127.0.0.1", ports[1], NULL, NULL));
  gr_outbound_free (waiting);
  g_socket_listener_close (listener);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  gr_main_init ();
  gst_init (&argc, &argv);

  g_test_add_func ("/outbound/rebinding", test_rebinding);
  g_test_add_func ("/outbound/secure", test_secure);
  g_test_add_func ("/outbound/each-its-own", test_each_its_own);

  return g_test_run ();
}
