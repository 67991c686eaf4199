/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/guard.h"

#include <string.h>

#include "edge.h"
#include "wire.h"

/* Sends @request and expects the whole connection to be refused with @status and @code, libsoup unaware. */
static void
assert_refused (const GrListenerSettings *settings, const char *request, const char *status, const char *code)
{
  Edge edge;

  edge_start (&edge, settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);
    g_autofree char *status_line = g_strdup_printf ("HTTP/1.1 %s ", status);
    g_autofree char *body = g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"message\":\"", code);

    wire_send (client, request);
    wire_expect_end (client);
    g_assert_true (g_str_has_prefix (client->received->str, status_line));
    g_assert_nonnull (strstr (client->received->str, body));
    g_assert_cmpuint (edge.requests, ==, 0);
  }
  edge_stop (&edge);
}

static void
assert_refused_by_default (const char *request, const char *status, const char *code)
{
  GrListenerSettings settings = edge_settings ();

  assert_refused (&settings, request, status, code);
}

static void
test_keep_alive (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("One connection serves many requests, with and without bodies");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

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
    g_assert_cmpuint (edge.requests, ==, 60);
  }
  edge_stop (&edge);
}

static void
test_pipelining (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;
  GString *requests = g_string_new (NULL);
  guint answers = 0;

  g_test_summary ("Requests sent in one go are answered in order");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    for (guint i = 0; i < 200; i++)
      g_string_append_printf (requests, "POST /%u HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", i);
    wire_send (client, requests->str);
    wire_expect (client, "POST /199 2;");

    for (const char *at = client->received->str; (at = strstr (at, "POST /")) != NULL; at++)
      g_assert_cmpuint (strtoul (at + strlen ("POST /"), NULL, 10), ==, answers++);
    g_assert_cmpuint (answers, ==, 200);
  }
  edge_stop (&edge);
  g_string_free (requests, TRUE);
}

static void
test_byte_by_byte (void)
{
  static const char request[] = "\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("A request may arrive one byte at a time");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    for (const char *byte = request; *byte != '\0'; byte++)
      {
        wire_send_bytes (client, byte, 1);
        while (g_main_context_iteration (NULL, FALSE))
          ;
      }
    wire_expect (client, "POST /b 3;");
  }
  edge_stop (&edge);
}

static void
test_large_body_within_limit (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;
  g_autofree char *body = g_malloc0 (3000000);

  g_test_summary ("A route with a larger limit takes a larger body, after 100 Continue where that is asked for");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    wire_send (client, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n");
    wire_expect (client, "HTTP/1.1 100 Continue\r\n\r\n");
    wire_send_bytes (client, body, 3000000);
    wire_expect (client, "PUT /upload 3000000;");
  }
  edge_stop (&edge);
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
test_other_origin (void)
{
  static const char *const allowed[] = { "https://app.example", NULL };
  static const char request[] = "POST / HTTP/1.1\r\nHost: x\r\norigin:  %s \r\nContent-Length: 1025\r\n\r\n";
  static const struct
  {
    const char *origin;
    gboolean reads;
  } pages[] = { { "https://app.example", TRUE }, { "https://app.example.org", FALSE }, { "null", FALSE } };

  g_test_summary ("A page of an allowed origin gets to read why it was refused, and no other does");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      GrListenerSettings settings = edge_settings ();
      Edge edge;

      settings.guard.allowed_origins = allowed;
      edge_start (&edge, &settings);
      {
        g_autoptr (WireClient) client = wire_connect (edge.port);
        g_autofree char *text = g_strdup_printf (request, pages[i].origin);
        g_autofree char *header = g_strdup_printf ("\r\nAccess-Control-Allow-Origin: %s\r\n", pages[i].origin);

        wire_send (client, text);
        wire_expect_end (client);
        g_assert_true (g_str_has_prefix (client->received->str, "HTTP/1.1 413 "));
        g_assert_true ((strstr (client->received->str, header) != NULL) == pages[i].reads);
        g_assert_true ((strstr (client->received->str, "Access-Control") != NULL) == pages[i].reads);
        g_assert_nonnull (strstr (client->received->str, "\r\n\r\n{\"error\":{\"code\":\"too_large\""));
      }
      edge_stop (&edge);
    }
}

static void
test_slow_head (void)
{
  GrListenerSettings settings = edge_settings ();

  g_test_summary ("Half-sent headers are given up at their deadline");
  settings.guard.header_ms = 50;
  assert_refused (&settings, "GET / HTTP/1.1\r\nHo", "408", "timeout");
}

static void
test_slow_body (void)
{
  GrListenerSettings settings = edge_settings ();

  g_test_summary ("A half-sent body is given up at its deadline");
  settings.guard.request_ms = 50;
  assert_refused (&settings, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf", "408", "timeout");
}

static void
test_own_time (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("A body whose route gives it more time than others have may take it");
  settings.guard.request_ms = 50;
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) slow = wire_connect (edge.port);
    g_autoptr (WireClient) other = wire_connect (edge.port);

    wire_send (slow, "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
    /* Until the other's time has come to an end, and longer. */
    wire_send (other, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na");
    wire_expect (other, "408");
    wire_expect_end (other);
    wire_send (slow, "b");
    wire_expect (slow, "PUT /upload 2;");
  }
  edge_stop (&edge);
}

static void
test_budget (gconstpointer data)
{
  gboolean one_address = GPOINTER_TO_INT (data);
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary (
      "Large bodies have a budget together, and of one address a share of it: one too many is told so, small "
      "ones pass, and it comes free again");
  settings.large_bodies = (one_address ? 400 : 4) * 1024 * 1024;
  settings.large_share = (one_address ? 4 : 400) * 1024 * 1024;
  edge_start (&edge, &settings);
  for (guint i = 0; i < 2; i++, wire_wait (edge_has_no_connections, &edge))
    {
      g_autoptr (WireClient) first = wire_connect (edge.port);
      g_autoptr (WireClient) second = wire_connect (edge.port);
      g_autoptr (WireClient) small = wire_connect (edge.port);
      g_autofree guint8 *body = g_malloc0 (3000000);

      wire_send (first, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n");
      wire_expect (first, "100 Continue");
      wire_send (second, "PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
      wire_expect (second, one_address ? "429" : "503");
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
    g_autoptr (WireClient) last = wire_connect (edge.port);

    wire_send (last, "PUT /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n");
    wire_expect (last, "100 Continue");
  }
  edge_stop (&edge);
}

static void
test_violation_after_good_request (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("A bad request after a good one does not garble the good one's answer");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);
    const char *refusal;

    wire_send (client, "GET /pause HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\nHost: y\n\n");
    while (edge.paused == NULL)
      g_main_context_iteration (NULL, TRUE);
    g_assert_cmpuint (client->received->len, ==, 0);
    soup_server_message_set_response (edge.paused, "text/plain", SOUP_MEMORY_STATIC, "good", 4);
    soup_server_message_unpause (edge.paused);
    g_clear_object (&edge.paused);
    wire_expect_end (client);
    wire_wait (edge_has_no_connections, &edge);
    refusal = strstr (client->received->str, "goodHTTP/1.1 400 ");
    g_assert_nonnull (refusal);
    g_assert_true (g_str_has_prefix (client->received->str, "HTTP/1.1 200 "));
  }
  edge_stop (&edge);
}

static void
test_idle (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("An idle connection ends without a word, before the first request and between requests");
  settings.guard.idle_ms = 50;
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) silent = wire_connect (edge.port);
    g_autoptr (WireClient) client = wire_connect (edge.port);

    wire_expect_end (silent);
    g_assert_cmpuint (silent->received->len, ==, 0);

    wire_send (client, "");
    wire_expect_end (client);
  }
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect_end (client);
    g_assert_true (g_str_has_suffix (client->received->str, "GET / 0;"));
    wire_wait (edge_has_no_connections, &edge);
  }
  edge_stop (&edge);
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
  GrListenerSettings settings = edge_settings ();
  Edge edge;
  guint descriptors;

  g_test_summary ("Clients that leave between requests leave nothing behind");
  edge_start (&edge, &settings);
  descriptors = count_descriptors ();
  for (guint i = 0; i < 50; i++)
    {
      WireClient *client = wire_connect (edge.port);

      wire_send (client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      wire_expect (client, "GET / 0;");
      wire_free (client);
    }
  wire_wait (edge_has_no_connections, &edge);
  g_assert_cmpuint (count_descriptors (), ==, descriptors);
  edge_stop (&edge);
}

static void
test_stalled_reader (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("A client that does not read its response is dropped");
  settings.guard.stall_ms = 50;
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    wire_send (client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    while (edge.requests == 0)
      g_main_context_iteration (NULL, TRUE);
    wire_wait (edge_has_no_connections, &edge);
  }
  edge_stop (&edge);
}

static void
test_slow_reader_is_served (void)
{
  GrListenerSettings settings = edge_settings ();
  Edge edge;

  g_test_summary ("A large response arrives whole");
  edge_start (&edge, &settings);
  {
    g_autoptr (WireClient) client = wire_connect (edge.port);

    wire_send (client, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    wire_expect_bytes (client, EDGE_LARGE_BYTES);
  }
  edge_stop (&edge);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guard/keep-alive", test_keep_alive);
  g_test_add_func ("/guard/pipelining", test_pipelining);
  g_test_add_func ("/guard/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/guard/large-body-within-limit", test_large_body_within_limit);
  g_test_add_func ("/guard/malformed", test_malformed);
  g_test_add_func ("/guard/oversized-body", test_oversized_body);
  g_test_add_func ("/guard/other-origin", test_other_origin);
  g_test_add_func ("/guard/slow-head", test_slow_head);
  g_test_add_func ("/guard/slow-body", test_slow_body);
  g_test_add_func ("/guard/own-time", test_own_time);
  g_test_add_data_func ("/guard/budget", GINT_TO_POINTER (FALSE), test_budget);
  g_test_add_data_func ("/guard/budget-of-one-address", GINT_TO_POINTER (TRUE), test_budget);
  g_test_add_func ("/guard/violation-after-good-request", test_violation_after_good_request);
  g_test_add_func ("/guard/idle", test_idle);
  g_test_add_func ("/guard/client-leaves", test_client_leaves);
  g_test_add_func ("/guard/stalled-reader", test_stalled_reader);
  g_test_add_func ("/guard/slow-reader-is-served", test_slow_reader_is_served);
  return g_test_run ();
}
