/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/listener.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "edge.h"
#include "wire.h"

static const char *program;

static void
test_per_address (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("An address gets its number of connections, and a new one when it gives one back");
  settings.per_address = 3;
  edge_start (&edge, &settings);
  {
    WireClient *clients[3];

    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      {
        clients[i] = wire_connect (edge.port);
        wire_send (clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        wire_expect (clients[i], "GET / 0;");
      }
    {
      g_autoptr (WireClient) refused = wire_connect (edge.port);

      wire_send (refused, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect_end (refused);
      g_assert_true (g_str_has_prefix (refused->received->str, "HTTP/1.1 429 "));
      g_assert_nonnull (strstr (refused->received->str, "\"rate_limited\""));
    }

    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      wire_free (clients[i]);
    wire_wait (edge_has_no_connections, &edge);
    {
      g_autoptr (WireClient) client = wire_connect (edge.port);

      wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect (client, "GET / 0;");
    }
  }
  edge_stop (&edge);
}

static void
test_proxy (void)
{
  GrListenerSettings settings = edge_settings ();
  g_autoptr (GPtrArray) proxies = g_ptr_array_new_with_free_func (g_object_unref);
  Edge edge;

  g_test_summary ("A trusted proxy speaks for many, so its address has no number of its own");
  settings.per_address = 1;
  settings.proxies = proxies;
  g_ptr_array_add (proxies, g_inet_address_mask_new_from_string ("127.0.0.0/8", NULL));
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) first = wire_connect (edge.port);
    g_autoptr (WireClient) second = wire_connect (edge.port);

    wire_send (first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (first, "GET / 0;");
    wire_send (second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (second, "GET / 0;");
  }
  edge_stop (&edge);
}

static void
test_total (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("The process has a number of connections too");
  settings.total = 1;
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);
    g_autoptr (WireClient) refused = wire_connect (edge.port);

    wire_expect_end (refused);
    g_assert_true (g_str_has_prefix (refused->received->str, "HTTP/1.1 503 "));
    wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (client, "GET / 0;");
  }
  edge_stop (&edge);
}

static void
test_drain (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("Draining ends idle connections at once and busy ones after their answer");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) idle = wire_connect (edge.port);
    g_autoptr (WireClient) busy = wire_connect (edge.port);

    wire_send (idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (idle, "GET / 0;");
    wire_send (busy, "GET /pause HTTP/1.1\r\nHost: x\r\n\r\n");
    while (edge.paused == NULL)
      g_main_context_iteration (NULL, TRUE);

    gr_listener_stop (edge.listener);
    wire_expect_end (idle);
    g_assert_cmpuint (gr_listener_get_connections (edge.listener), ==, 1);
    soup_server_message_set_response (edge.paused, "text/plain", SOUP_MEMORY_STATIC, "late", 4);
    soup_server_message_unpause (edge.paused);
    g_clear_object (&edge.paused);
    wire_expect_end (busy);
    g_assert_true (g_str_has_suffix (busy->received->str, "late"));
  }
  edge_stop (&edge);
}

static gboolean
has_warned (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static GLogWriterOutput
note_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_LOG_WRITER_HANDLED;
}

static void
test_out_of_descriptors (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("Without free descriptors accepting pauses and goes on later");
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }

  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);
    struct rlimit limit, narrow;
    gboolean warned = FALSE;
    int next = dup (0);

    close (next);
    g_log_set_writer_func (note_warning, &warned, NULL);
    getrlimit (RLIMIT_NOFILE, &limit);
    narrow = limit;
    narrow.rlim_cur = next;
    setrlimit (RLIMIT_NOFILE, &narrow);
    wire_wait (has_warned, &warned);
    setrlimit (RLIMIT_NOFILE, &limit);
    wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (client, "GET / 0;");
  }
  edge_stop (&edge);
}

static void
test_localhost (void)
{
  GrListenerSettings settings = edge_settings ();
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GrListener) listener = gr_listener_new (server, &settings);
  g_autoptr (GrListener) second = gr_listener_new (server, &settings);
  g_autofree char *taken = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("localhost listens on both loopbacks; a taken port is an error that names the address");
  gr_listener_listen (listener, "localhost:0", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gr_listener_get_port (listener), >, 0);

  taken = g_strdup_printf ("127.0.0.1:%u", gr_listener_get_port (listener));
  g_assert_false (gr_listener_listen (second, taken, &error));
  g_assert_nonnull (strstr (error->message, taken));
}

static gboolean
is_exited (gpointer user_data)
{
  return g_subprocess_get_identifier (user_data) == NULL;
}

static void
test_inherited (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (WireClient) client = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A socket from systemd is served, and a client that came before the process too");
  g_assert_true (g_socket_bind (socket, any_port, TRUE, NULL) && g_socket_listen (socket, NULL));
  address = g_socket_get_local_address (socket, NULL);
  client = wire_connect (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  g_subprocess_launcher_take_fd (launcher, dup (g_socket_get_fd (socket)), 3);
  g_subprocess_launcher_setenv (launcher, "LISTEN_FDS", "1", TRUE);
  server = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", "LISTEN_PID=$$ exec \"$0\"", program, NULL);
  g_assert_no_error (error);

  wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  wire_expect (client, "GET / 0;");
  wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  wire_expect_end (client);
  g_subprocess_wait_async (server, NULL, NULL, NULL);
  wire_wait (is_exited, server);
  g_assert_true (g_subprocess_get_successful (server));
}

/* The other process of the test above. */
static int
serve_inherited (void)
{
  GrListenerSettings settings = edge_settings ();
  g_autoptr (GError) error = NULL;
  Edge edge = { .server = soup_server_new (NULL, NULL) };

  soup_server_add_handler (edge.server, NULL, edge_handle, &edge, NULL);
  edge.listener = gr_listener_new (edge.server, &settings);
  if (gr_listener_inherit (edge.listener, &error) != 1 || g_getenv ("LISTEN_FDS") != NULL)
    return 1;

  while (edge.requests < 2)
    g_main_context_iteration (NULL, TRUE);
  wire_wait (edge_has_no_connections, &edge);
  edge_stop (&edge);
  return 0;
}

int
main (int argc, char *argv[])
{
  if (g_getenv ("LISTEN_PID") != NULL)
    return serve_inherited ();

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listener/per-address", test_per_address);
  g_test_add_func ("/listener/proxy", test_proxy);
  g_test_add_func ("/listener/total", test_total);
  g_test_add_func ("/listener/drain", test_drain);
  g_test_add_func ("/listener/out-of-descriptors", test_out_of_descriptors);
  g_test_add_func ("/listener/localhost", test_localhost);
  g_test_add_func ("/listener/inherited", test_inherited);
  return g_test_run ();
}
