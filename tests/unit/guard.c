/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/guard.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http/listener.h"
#include "wire.h"

#define LARGE_BYTES (8 * 1024 * 1024)

typedef struct
{
  SoupServer *server;
  GrListener *listener;
  guint16 port;
  guint requests;
  SoupServerMessage *paused;
} Fixture;

static const char *program;

static GrBodyBounds
body_bounds (const char *method, const char *path, gpointer user_data)
{
  if (strcmp (path, "/upload") == 0)
    return (GrBodyBounds){ .bytes = 4 * 1024 * 1024, .ms = 2000 };

  return (GrBodyBounds){ .bytes = 1024 };
}

/* Answers "METHOD PATH LENGTH-OF-BODY;". */
static void
handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *answer = g_strdup_printf ("%s %s %d;", soup_server_message_get_method (message), path,
                                             (int) soup_server_message_get_request_body (message)->length);

  fixture->requests++;
  soup_server_message_set_status (message, 200, NULL);
  if (strcmp (path, "/pause") == 0)
    {
      fixture->paused = g_object_ref (message);
      soup_server_message_pause (message);
    }
  else if (strcmp (path, "/large") == 0)
    {
      soup_message_body_append_take (soup_server_message_get_response_body (message), g_malloc0 (LARGE_BYTES),
                                     LARGE_BYTES);
    }
  else if (strcmp (path, "/chunked") == 0)
    {
      soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_CHUNKED);
      soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, "chunk", 5);
      soup_message_body_complete (soup_server_message_get_response_body (message));
    }
  else
    {
      soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, answer, strlen (answer));
    }
}

static GrListenerSettings
quick_settings (void)
{
  GrListenerSettings settings = GR_LISTENER_SETTINGS_DEFAULT;

  settings.guard.body_bounds = body_bounds;
  return settings;
}

static void
start (Fixture *fixture, const GrListenerSettings *settings)
{
  g_autoptr (GError) error = NULL;

  *fixture = (Fixture){ .server = soup_server_new (NULL, NULL) };
  soup_server_add_handler (fixture->server, NULL, handle, fixture, NULL);
  fixture->listener = gr_listener_new (fixture->server, settings);
  gr_listener_listen (fixture->listener, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  fixture->port = gr_listener_get_port (fixture->listener);
}

static gboolean
has_no_connections (gpointer user_data)
{
  return gr_listener_get_connections (((Fixture *) user_data)->listener) == 0;
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->listener == NULL;
}

static void
stop (Fixture *fixture)
{
  gr_listener_stop (fixture->listener);
  soup_server_disconnect (fixture->server);

  /* A connection that was refused holds the listener until it has lingered. */
  g_object_add_weak_pointer (G_OBJECT (fixture->listener), (gpointer *) &fixture->listener);
  g_object_unref (fixture->listener);
  wire_wait (is_gone, fixture);
  g_assert_finalize_object (fixture->server);
}

/* Sends @request and expects the whole connection to be refused with @status and @code, libsoup unaware. */
static void
assert_refused (const GrListenerSettings *settings, const char *request, const char *status, const char *code)
{
  Fixture fixture;

  start (&fixture, settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);
    g_autofree char *status_line = g_strdup_printf ("HTTP/1.1 %s ", status);
    g_autofree char *body = g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"message\":\"", code);

    wire_send (client, request);
    wire_expect_end (client);
    g_assert_true (g_str_has_prefix (client->received->str, status_line));
    g_assert_nonnull (strstr (client->received->str, body));
    g_assert_cmpuint (fixture.requests, ==, 0);
  }
  stop (&fixture);
}

static void
assert_refused_by_default (const char *request, const char *status, const char *code)
{
  GrListenerSettings settings = quick_settings ();

  assert_refused (&settings, request, status, code);
}

static void
test_keep_alive (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("One connection serves many requests, with and without bodies");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    for (guint i = 0; i < 20; i++)
      {
        g_string_truncate (client->received, 0);
        wire_send (client, "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
        wire_expect (client, "GET /a 0;");
        wire_send (client, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        wire_expect (client, "POST /b 5;");
        wire_send (client, "GET /chunked HTTP/1.1\r\nHost: x\r\n\r\n");
        wire_expect (client, "5\r\nchunk\r\n0\r\n\r\n");
      }
    g_assert_cmpuint (fixture.requests, ==, 60);
  }
  stop (&fixture);
}

static void
test_pipelining (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;
  GString *requests = g_string_new (NULL);
  guint answers = 0;

  g_test_summary ("Requests sent in one go are answered in order");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    for (guint i = 0; i < 200; i++)
      g_string_append_printf (requests, "POST /%u HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", i);
    wire_send (client, requests->str);
    wire_expect (client, "POST /199 2;");

    for (const char *at = client->received->str; (at = strstr (at, "POST /")) != NULL; at++)
      g_assert_cmpuint (strtoul (at + strlen ("POST /"), NULL, 10), ==, answers++);
    g_assert_cmpuint (answers, ==, 200);
  }
  stop (&fixture);
  g_string_free (requests, TRUE);
}

static void
test_byte_by_byte (void)
{
  static const char request[] = "\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("A request may arrive one byte at a time");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    for (const char *byte = request; *byte != '\0'; byte++)
      {
        wire_send_bytes (client, byte, 1);
        while (g_main_context_iteration (NULL, FALSE))
          ;
      }
    wire_expect (client, "POST /b 3;");
  }
  stop (&fixture);
}

static void
test_large_body_within_limit (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;
  g_autofree char *body = g_malloc0 (3000000);

  g_test_summary ("A route with a larger limit takes a larger body, after 100 Continue where that is asked for");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    wire_send (client, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n");
    wire_expect (client, "HTTP/1.1 100 Continue\r\n\r\n");
    wire_send_bytes (client, body, 3000000);
    wire_expect (client, "PUT /upload 3000000;");
  }
  stop (&fixture);
}

static void
test_malformed (void)
{
  g_autofree char *long_line = g_strnfill (20000, 'a');
  g_autofree char *long_head = g_strdup_printf ("GET / HTTP/1.1\r\nHost: x\r\nX: %s", long_line);
  GString *many_lines = g_string_new ("GET / HTTP/1.1\r\n");

  g_test_summary ("What two parsers could read differently is refused");
  for (guint i = 0; i < 101; i++)
    g_string_append_printf (many_lines, "X-%u: y\r\n", i);

  assert_refused_by_default ("GET / HTTP/1.1\nHost: x\n\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/1.1\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("\x16\x03\x01\x02\n", "400", "malformed");
  assert_refused_by_default ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "400",
                             "malformed");
  assert_refused_by_default ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411",
                             "length_required");
  assert_refused_by_default ("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "malformed");
  assert_refused_by_default ("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "405", "method_not_allowed");
  assert_refused_by_default (long_head, "431", "headers_too_large");
  assert_refused_by_default (many_lines->str, "431", "headers_too_large");
  g_string_free (many_lines, TRUE);
}

static void
test_oversized_body (void)
{
  g_autofree char *body = g_strnfill (2000000, 'x');
  g_autofree char *request = g_strconcat ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n", body, NULL);

  g_test_summary ("A body beyond the route's limit is refused before it is read, and the client gets to read why");
  assert_refused_by_default ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n", "413", "too_large");
  assert_refused_by_default (request, "413", "too_large");
}

static void
test_slow_head (void)
{
  GrListenerSettings settings = quick_settings ();

  g_test_summary ("Half-sent headers are given up at their deadline");
  settings.guard.header_ms = 50;
  assert_refused (&settings, "GET / HTTP/1.1\r\nHo", "408", "timeout");
}

static void
test_slow_body (void)
{
  GrListenerSettings settings = quick_settings ();

  g_test_summary ("A half-sent body is given up at its deadline");
  settings.guard.request_ms = 50;
  assert_refused (&settings, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", "408", "timeout");
}

static void
test_own_time (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("A body whose route gives it more time than others have may take it");
  settings.guard.request_ms = 50;
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) slow = wire_connect (fixture.port);
    g_autoptr (WireClient) other = wire_connect (fixture.port);

    wire_send (slow, "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
    /* Until the other's time has come to an end, and longer. */
    wire_send (other, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
    wire_expect (other, "408");
    wire_expect_end (other);
    wire_send (slow, "b");
    wire_expect (slow, "PUT /upload 2;");
  }
  stop (&fixture);
}

static void
test_budget (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary (
      "Large bodies have a budget together: one too many is told so, small ones pass, and it comes free again");
  settings.large_bodies = 4 * 1024 * 1024;
  start (&fixture, &settings);
  for (guint i = 0; i < 2; i++, wire_wait (has_no_connections, &fixture))
    {
      g_autoptr (WireClient) first = wire_connect (fixture.port);
      g_autoptr (WireClient) second = wire_connect (fixture.port);
      g_autoptr (WireClient) small = wire_connect (fixture.port);
      g_autofree guint8 *body = g_malloc0 (3000000);

      wire_send (first, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n");
      wire_expect (first, "100 Continue");
      wire_send (second, "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
      wire_expect (second, "503");
      wire_expect_end (second);
      wire_send (small, "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
      wire_expect (small, "PUT /upload 2;");

      /* The first round gives it back by an answer, the second by hanging up. */
      if (i == 0)
        {
          wire_send_bytes (first, body, 3000000);
          wire_expect (first, "PUT /upload 3000000;");
        }
    }
  {
    g_autoptr (WireClient) last = wire_connect (fixture.port);

    wire_send (last, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n");
    wire_expect (last, "100 Continue");
  }
  stop (&fixture);
}

static void
test_violation_after_good_request (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("A bad request after a good one does not garble the good one's answer");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);
    const char *refusal;

    wire_send (client, "GET /pause HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\nHost: y\n\n");
    while (fixture.paused == NULL)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpuint (client->received->len, ==, 0);
    soup_server_message_set_response (fixture.paused, "text/plain", SOUP_MEMORY_STATIC, "good", 4);
    soup_server_message_unpause (fixture.paused);
    g_clear_object (&fixture.paused);
    wire_expect_end (client);
    wire_wait (has_no_connections, &fixture);
    refusal = strstr (client->received->str, "goodHTTP/1.1 400 ");
    g_assert_nonnull (refusal);
    g_assert_true (g_str_has_prefix (client->received->str, "HTTP/1.1 200 "));
  }
  stop (&fixture);
}

static void
test_idle (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("An idle connection ends without a word, before the first request and between requests");
  settings.guard.idle_ms = 50;
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) silent = wire_connect (fixture.port);
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    wire_expect_end (silent);
    g_assert_cmpuint (silent->received->len, ==, 0);

    wire_send (client, "");
    wire_expect_end (client);
  }
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect_end (client);
    g_assert_true (g_str_has_suffix (client->received->str, "GET / 0;"));
    wire_wait (has_no_connections, &fixture);
  }
  stop (&fixture);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (directory) != NULL)
    count++;
  return count;
}

static void
test_client_leaves (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;
  guint descriptors;

  g_test_summary ("Clients that leave between requests leave nothing behind");
  start (&fixture, &settings);
  descriptors = count_descriptors ();
  for (guint i = 0; i < 50; i++)
    {
      WireClient *client = wire_connect (fixture.port);

      wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect (client, "GET / 0;");
      wire_free (client);
    }
  wire_wait (has_no_connections, &fixture);
  g_assert_cmpuint (count_descriptors (), ==, descriptors);
  stop (&fixture);
}

static void
test_stalled_reader (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("A client that does not read its response is dropped");
  settings.guard.stall_ms = 50;
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    wire_send (client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    while (fixture.requests == 0)
      g_main_context_iteration (NULL, TRUE);
    wire_wait (has_no_connections, &fixture);
  }
  stop (&fixture);
}

static void
test_slow_reader_is_served (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("A large response arrives whole");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);

    wire_send (client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect_bytes (client, LARGE_BYTES);
  }
  stop (&fixture);
}

static void
test_per_address (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("An address gets its number of connections, and a new one when it gives one back");
  settings.per_address = 3;
  start (&fixture, &settings);
  {
    WireClient *clients[3];

    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      {
        clients[i] = wire_connect (fixture.port);
        wire_send (clients[i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        wire_expect (clients[i], "GET / 0;");
      }
    {
      g_autoptr (WireClient) refused = wire_connect (fixture.port);

      wire_send (refused, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect_end (refused);
      g_assert_true (g_str_has_prefix (refused->received->str, "HTTP/1.1 429 "));
      g_assert_nonnull (strstr (refused->received->str, "\"rate_limited\""));
    }

    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      wire_free (clients[i]);
    wire_wait (has_no_connections, &fixture);
    {
      g_autoptr (WireClient) client = wire_connect (fixture.port);

      wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect (client, "GET / 0;");
    }
  }
  stop (&fixture);
}

static void
test_proxy (void)
{
  GrListenerSettings settings = quick_settings ();
  g_autoptr (GPtrArray) proxies = g_ptr_array_new_with_free_func (g_object_unref);
  Fixture fixture;

  g_test_summary ("A trusted proxy speaks for many, so its address has no number of its own");
  settings.per_address = 1;
  settings.proxies = proxies;
  g_ptr_array_add (proxies, g_inet_address_mask_new_from_string ("127.0.0.0/8", NULL));
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) first = wire_connect (fixture.port);
    g_autoptr (WireClient) second = wire_connect (fixture.port);

    wire_send (first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (first, "GET / 0;");
    wire_send (second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (second, "GET / 0;");
  }
  stop (&fixture);
}

static void
test_total (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("The process has a number of connections too");
  settings.total = 1;
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);
    g_autoptr (WireClient) refused = wire_connect (fixture.port);

    wire_expect_end (refused);
    g_assert_true (g_str_has_prefix (refused->received->str, "HTTP/1.1 503 "));
    wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (client, "GET / 0;");
  }
  stop (&fixture);
}

static void
test_drain (void)
{
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("Draining ends idle connections at once and busy ones after their answer");
  start (&fixture, &settings);
  {
    g_autoptr (WireClient) idle = wire_connect (fixture.port);
    g_autoptr (WireClient) busy = wire_connect (fixture.port);

    wire_send (idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect (idle, "GET / 0;");
    wire_send (busy, "GET /pause HTTP/1.1\r\nHost: x\r\n\r\n");
    while (fixture.paused == NULL)
      g_main_context_iteration (NULL, TRUE);

    gr_listener_stop (fixture.listener);
    wire_expect_end (idle);
    g_assert_cmpuint (gr_listener_get_connections (fixture.listener), ==, 1);
    soup_server_message_set_response (fixture.paused, "text/plain", SOUP_MEMORY_STATIC, "late", 4);
    soup_server_message_unpause (fixture.paused);
    g_clear_object (&fixture.paused);
    wire_expect_end (busy);
    g_assert_true (g_str_has_suffix (busy->received->str, "late"));
  }
  stop (&fixture);
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
  GrListenerSettings settings = quick_settings ();
  Fixture fixture;

  g_test_summary ("Without free descriptors accepting pauses and goes on later");
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }

  start (&fixture, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (fixture.port);
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
  stop (&fixture);
}

static void
test_localhost (void)
{
  GrListenerSettings settings = quick_settings ();
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
  GrListenerSettings settings = quick_settings ();
  g_autoptr (GError) error = NULL;
  Fixture fixture = { .server = soup_server_new (NULL, NULL) };

  soup_server_add_handler (fixture.server, NULL, handle, &fixture, NULL);
  fixture.listener = gr_listener_new (fixture.server, &settings);
  if (gr_listener_inherit (fixture.listener, &error) != 1 || g_getenv ("LISTEN_FDS") != NULL)
    return 1;

  while (fixture.requests < 2)
    g_main_context_iteration (NULL, TRUE);
  wire_wait (has_no_connections, &fixture);
  stop (&fixture);
  return 0;
}

int
main (int argc, char *argv[])
{
  if (g_getenv ("LISTEN_PID") != NULL)
    return serve_inherited ();

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/keep-alive", test_keep_alive);
  g_test_add_func ("/guard/pipelining", test_pipelining);
  g_test_add_func ("/guard/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/guard/large-body-within-limit", test_large_body_within_limit);
  g_test_add_func ("/guard/malformed", test_malformed);
  g_test_add_func ("/guard/oversized-body", test_oversized_body);
  g_test_add_func ("/guard/slow-head", test_slow_head);
  g_test_add_func ("/guard/slow-body", test_slow_body);
  g_test_add_func ("/guard/own-time", test_own_time);
  g_test_add_func ("/guard/budget", test_budget);
  g_test_add_func ("/guard/violation-after-good-request", test_violation_after_good_request);
  g_test_add_func ("/guard/idle", test_idle);
  g_test_add_func ("/guard/client-leaves", test_client_leaves);
  g_test_add_func ("/guard/stalled-reader", test_stalled_reader);
  g_test_add_func ("/guard/slow-reader-is-served", test_slow_reader_is_served);
  g_test_add_func ("/listener/per-address", test_per_address);
  g_test_add_func ("/listener/proxy", test_proxy);
  g_test_add_func ("/listener/total", test_total);
  g_test_add_func ("/listener/drain", test_drain);
  g_test_add_func ("/listener/out-of-descriptors", test_out_of_descriptors);
  g_test_add_func ("/listener/localhost", test_localhost);
  g_test_add_func ("/listener/inherited", test_inherited);
  return g_test_run ();
}
