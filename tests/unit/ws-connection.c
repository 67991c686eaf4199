/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ws/connection.h"

#include <string.h>

#include "base/error.h"
#include "http/listener.h"
#include "wire.h"
#include "ws/upgrade.h"

#define HANDSHAKE                                                                                                      \
  "GET /ws HTTP/1.1\r\nHost: localhost:8080\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"              \
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

static const char *const allowed_origins[] = { "https://friends.example", NULL };

typedef struct
{
  SoupServer *server;
  GrListener *listener;
  GrWsLimits limits;
  GrWsConnection *connection;
  GString *messages;
  guint closed_code; /* 0 while open */
  guint closed_times;
  char *closed_reason;
  WireClient *client;
} Fixture;

static void
on_message (GrWsConnection *connection, const char *text, guint64 length, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (strlen (text), ==, length);
  g_string_append_printf (fixture->messages, "%s;", text);
  if (strcmp (text, "echo") == 0)
    {
      g_autoptr (GBytes) frame = gr_ws_encode_text (text, -1);

      gr_ws_connection_send (connection, frame);
    }
  if (strcmp (text, "drop me") == 0)
    g_clear_object (&fixture->connection);
}

static void
on_closed (GrWsConnection *connection, guint code, const char *reason, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->closed_code = code;
  fixture->closed_times++;
  g_free (fixture->closed_reason);
  fixture->closed_reason = g_strdup (reason);
}

static void
on_upgraded (GrWsConnection *connection, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->connection);
  fixture->connection = connection;
  g_signal_connect (connection, "message", G_CALLBACK (on_message), fixture);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), fixture);
}

static void
handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  if (gr_ws_upgrade_check (message, allowed_origins, &error))
    {
      gr_ws_upgrade_accept (message, &fixture->limits, on_upgraded, fixture, NULL);
      return;
    }

  soup_server_message_set_status (message, gr_error_traits (error)->status, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, gr_error_traits (error)->name,
                                    strlen (gr_error_traits (error)->name));
}

static void
start (Fixture *fixture)
{
  GrListenerSettings settings = GR_LISTENER_SETTINGS_DEFAULT;
  g_autoptr (GError) error = NULL;

  *fixture = (Fixture){ .server = soup_server_new (NULL, NULL), .limits = GR_WS_LIMITS_DEFAULT };
  fixture->messages = g_string_new (NULL);
  soup_server_add_handler (fixture->server, NULL, handle, fixture, NULL);
  fixture->listener = gr_listener_new (fixture->server, &settings);
  gr_listener_listen (fixture->listener, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  fixture->client = wire_connect (gr_listener_get_port (fixture->listener));
}

static void
shake_hands (Fixture *fixture)
{
  wire_send (fixture->client, HANDSHAKE "\r\n");
  wire_expect (fixture->client, "\r\n\r\n");
  g_assert_true (g_str_has_prefix (fixture->client->received->str, "HTTP/1.1 101 "));
  g_assert_nonnull (strstr (fixture->client->received->str, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  g_assert_nonnull (fixture->connection);
  g_string_truncate (fixture->client->received, 0);
}

static gboolean
has_no_connections (gpointer user_data)
{
  return gr_listener_get_connections (((Fixture *) user_data)->listener) == 0;
}

static gboolean
is_closed (gpointer user_data)
{
  return ((Fixture *) user_data)->closed_code != 0;
}

static void
stop (Fixture *fixture)
{
  if (fixture->connection != NULL)
    g_assert_finalize_object (fixture->connection);
  wire_free (fixture->client);
  wire_wait (has_no_connections, fixture);
  gr_listener_stop (fixture->listener);
  soup_server_disconnect (fixture->server);
  g_assert_finalize_object (fixture->listener);
  g_assert_finalize_object (fixture->server);
  g_string_free (fixture->messages, TRUE);
  g_free (fixture->closed_reason);
}

/* A frame masked with zeros. */
static void
send_frame (Fixture *fixture, guint8 first, const void *payload, gsize length)
{
  g_autoptr (GBytes) plain = gr_ws_encode (first & 0x0f, payload, length);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (plain, &size);
  g_autofree guint8 *frame = g_malloc (size + 4);

  memcpy (frame, bytes, size - length);
  frame[0] = first;
  frame[1] |= 0x80;
  memset (frame + size - length, 0, 4);
  if (length > 0)
    memcpy (frame + size - length + 4, payload, length);
  wire_send_bytes (fixture->client, frame, size + 4);
}

static void
send_text (Fixture *fixture, const char *text)
{
  send_frame (fixture, 0x81, text, strlen (text));
}

/* Waits for the close frame with @code, and for the connection's end. */
static void
expect_close (Fixture *fixture, guint code)
{
  const guint8 *bytes;

  wire_expect_bytes (fixture->client, 4);
  bytes = (const guint8 *) fixture->client->received->str;
  g_assert_cmphex (bytes[0], ==, 0x88);
  g_assert_cmpuint (bytes[2] << 8 | bytes[3], ==, code);
}

static gboolean
has_message (gpointer user_data)
{
  return ((Fixture *) user_data)->messages->len > 0;
}

static void
test_messages (void)
{
  Fixture fixture;

  g_test_summary ("Messages go both ways, those that came with the handshake too, and a ping is answered");
  start (&fixture);
  wire_send_bytes (fixture.client, HANDSHAKE "\r\n\x81\x85\0\0\0\0early", strlen (HANDSHAKE) + 2 + 11);
  wire_expect (fixture.client, "\r\n\r\n");
  wire_wait (has_message, &fixture);
  g_assert_cmpstr (fixture.messages->str, ==, "early;");
  g_string_truncate (fixture.client->received, 0);

  send_text (&fixture, "echo");
  wire_expect_bytes (fixture.client, 6);
  g_assert_cmpmem (fixture.client->received->str, fixture.client->received->len,
                   "\x81\x04"
                   "echo",
                   6);
  g_string_truncate (fixture.client->received, 0);
  send_frame (&fixture, 0x89, "life", 4);
  wire_expect_bytes (fixture.client, 6);
  g_assert_cmpmem (fixture.client->received->str, fixture.client->received->len, "\x8a\x04life", 6);
  stop (&fixture);
}

static void
test_limits_end_at_switch (void)
{
  Fixture fixture;

  g_test_summary ("A refused handshake leaves an HTTP connection that is still guarded");
  start (&fixture);
  wire_send (fixture.client, HANDSHAKE "Origin: https://evil.example\r\n\r\n");
  wire_expect (fixture.client, "origin_forbidden");
  g_assert_true (g_str_has_prefix (fixture.client->received->str, "HTTP/1.1 403 "));
  wire_send (fixture.client, "GET / HTTP/1.1\nHost: x\n\n");
  wire_expect (fixture.client, "HTTP/1.1 400 ");
  g_assert_null (fixture.connection);
  stop (&fixture);
}

static void
test_origins (void)
{
  g_test_summary ("A page may connect to the host it came from, or from a listed origin");
  g_assert_true (gr_ws_origin_is_allowed (NULL, "a:8080", NULL));
  g_assert_true (gr_ws_origin_is_allowed ("http://A:8080", "a:8080", NULL));
  g_assert_true (gr_ws_origin_is_allowed ("https://a", "a:443", NULL));
  g_assert_true (gr_ws_origin_is_allowed ("https://a", "a", NULL));
  g_assert_true (gr_ws_origin_is_allowed ("http://[::1]:80", "[::1]", NULL));
  g_assert_true (gr_ws_origin_is_allowed ("https://friends.example", "a", allowed_origins));
  g_assert_false (gr_ws_origin_is_allowed ("http://friends.example", "a", allowed_origins));
  g_assert_false (gr_ws_origin_is_allowed ("http://a:8081", "a:8080", NULL));
  g_assert_false (gr_ws_origin_is_allowed ("http://a.evil", "a", NULL));
  g_assert_false (gr_ws_origin_is_allowed ("null", "null", NULL));
  g_assert_false (gr_ws_origin_is_allowed ("http://", "", NULL));
  g_assert_false (gr_ws_origin_is_allowed ("file://a", "a", NULL));
  g_assert_false (gr_ws_origin_is_allowed ("http://a, http://b", "a", NULL));
}

static void
test_bad_handshakes (void)
{
  static const struct
  {
    const char *request;
    const char *answer;
  } cases[] = {
    { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "malformed" },
    { "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "method_not_allowed" },
    { "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      "invalid_input" },
    { "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: short\r\n\r\n",
      "malformed" },
  };
  Fixture fixture;

  g_test_summary ("What is no handshake is told what is wrong with it");
  start (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_string_truncate (fixture.client->received, 0);
      wire_send (fixture.client, cases[i].request);
      wire_expect (fixture.client, cases[i].answer);
    }
  stop (&fixture);
}

static void
test_client_closes (void)
{
  Fixture fixture;

  g_test_summary ("A client's close is answered and reported once");
  start (&fixture);
  shake_hands (&fixture);
  send_frame (&fixture, 0x88, "\x0f\xa1later", 7);
  expect_close (&fixture, 4001);
  wire_expect_end (fixture.client);
  wire_wait (is_closed, &fixture);
  gr_ws_connection_close (fixture.connection, GR_WS_NORMAL, NULL);
  g_assert_cmpuint (fixture.closed_code, ==, 4001);
  g_assert_cmpstr (fixture.closed_reason, ==, "later");
  g_assert_cmpuint (fixture.closed_times, ==, 1);
  stop (&fixture);
}

static void
test_server_closes (void)
{
  g_autoptr (GBytes) last = gr_ws_encode_text ("bye", -1);
  g_autoptr (GBytes) too_late = gr_ws_encode_text ("psst", -1);
  Fixture fixture;

  g_test_summary ("Our close comes after what was sent before, waits for the client's, and is idempotent");
  start (&fixture);
  shake_hands (&fixture);
  gr_ws_connection_send (fixture.connection, last);
  gr_ws_connection_close (fixture.connection, GR_WS_GOING_AWAY, "draining");
  gr_ws_connection_close (fixture.connection, GR_WS_NORMAL, "again");
  gr_ws_connection_send (fixture.connection, too_late);
  g_assert_cmpuint (fixture.closed_times, ==, 0);
  wire_expect_bytes (fixture.client, 5 + 4 + 8);
  g_string_erase (fixture.client->received, 0, 5);
  expect_close (&fixture, GR_WS_GOING_AWAY);
  send_frame (&fixture, 0x88, "\x03\xe9", 2);
  wire_expect_end (fixture.client);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_GOING_AWAY);
  g_assert_cmpuint (fixture.client->received->len, ==, 4 + 8);
  stop (&fixture);
}

static void
test_silent_close (void)
{
  Fixture fixture;

  g_test_summary ("A client that never answers our close is left at the deadline");
  start (&fixture);
  fixture.limits.close_ms = 50;
  shake_hands (&fixture);
  gr_ws_connection_close (fixture.connection, GR_WS_NORMAL, NULL);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_NORMAL);
  stop (&fixture);
}

static void
test_lost (void)
{
  Fixture fixture;

  g_test_summary ("A connection that breaks off is reported as such");
  start (&fixture);
  shake_hands (&fixture);
  g_io_stream_close (G_IO_STREAM (fixture.client->connection), NULL, NULL);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_ABNORMAL);
  stop (&fixture);
}

static void
assert_violation (guint8 first, const void *payload, gsize length, guint times, guint code)
{
  Fixture fixture;

  start (&fixture);
  fixture.limits.close_ms = 50;
  shake_hands (&fixture);
  for (guint i = 0; i < times; i++)
    send_frame (&fixture, i == 0 ? first : 0x00, payload, length);
  expect_close (&fixture, code);
  wire_expect_end (fixture.client);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, code);
  g_assert_cmpuint (fixture.messages->len, ==, 0);
  stop (&fixture);
}

static void
test_violations (void)
{
  g_autofree char *large = g_strnfill (GR_WS_MESSAGE_BYTES + 1, 'x');

  g_test_summary ("The client gets to read which rule it broke");
  assert_violation (0x81, large, GR_WS_MESSAGE_BYTES + 1, 1, GR_WS_TOO_BIG);
  assert_violation (0x01, large, 1000, 200, GR_WS_TOO_BIG);
  assert_violation (0x01, "", 0, 2000, GR_WS_POLICY);
  assert_violation (0x81, "\xff", 1, 1, GR_WS_INVALID_TEXT);
  assert_violation (0x82, "x", 1, 1, GR_WS_UNSUPPORTED);
  assert_violation (0x83, "x", 1, 1, GR_WS_PROTOCOL_ERROR);
}

static void
test_unmasked (void)
{
  Fixture fixture;

  g_test_summary ("An unmasked frame is a protocol error");
  start (&fixture);
  fixture.limits.close_ms = 50;
  shake_hands (&fixture);
  wire_send (fixture.client, "\x81\x01x");
  expect_close (&fixture, GR_WS_PROTOCOL_ERROR);
  wire_wait (is_closed, &fixture);
  stop (&fixture);
}

static void
test_full_queue (void)
{
  g_autofree char *text = g_strnfill (16 * 1024, 'x');
  g_autoptr (GBytes) frame = gr_ws_encode_text (text, -1);
  Fixture fixture;
  guint sent = 0;

  g_test_summary ("A stalled reader holds no more than its queue's bound and is dropped at it");
  start (&fixture);
  shake_hands (&fixture);
  while (gr_ws_connection_is_open (fixture.connection) && sent < 100000)
    {
      gr_ws_connection_send (fixture.connection, frame);
      g_assert_cmpuint (gr_ws_connection_get_queue_bytes (fixture.connection), <=, fixture.limits.queue_bytes);
      sent++;
    }
  g_assert_false (gr_ws_connection_is_open (fixture.connection));
  g_assert_cmpuint (gr_ws_connection_get_queue_bytes (fixture.connection), ==, 0);
  g_assert_cmpuint (fixture.closed_times, ==, 0);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_ABNORMAL);
  stop (&fixture);
}

static void
test_stalled (void)
{
  g_autofree char *text = g_strnfill (16 * 1024, 'x');
  g_autoptr (GBytes) frame = gr_ws_encode_text (text, -1);
  Fixture fixture;

  g_test_summary ("A reader that takes nothing is dropped in time, however little waits for it");
  start (&fixture);
  fixture.limits.stall_ms = 100;
  shake_hands (&fixture);
  while (gr_ws_connection_get_queue_bytes (fixture.connection) == 0)
    gr_ws_connection_send (fixture.connection, frame);
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_ABNORMAL);
  stop (&fixture);
}

static void
test_slow_reader (void)
{
  Fixture fixture;
  const char *at;
  guint sent = 0, count = 0;

  g_test_summary ("What is queued for a slow reader arrives whole and in order");
  start (&fixture);
  shake_hands (&fixture);
  while (gr_ws_connection_get_queue_bytes (fixture.connection) < fixture.limits.queue_bytes / 2)
    {
      g_autofree char *text = g_strdup_printf ("#%0*u", 300 + (int) (sent % 7), sent);
      g_autoptr (GBytes) frame = gr_ws_encode_text (text, -1);

      gr_ws_connection_send (fixture.connection, frame);
      sent++;
    }
  {
    g_autoptr (GBytes) frame = gr_ws_encode_text ("the last", -1);

    gr_ws_connection_send (fixture.connection, frame);
  }
  /* None of the lengths puts a NUL byte into a frame's header. */
  wire_expect (fixture.client, "the last");
  for (at = fixture.client->received->str; (at = strchr (at, '#')) != NULL; at++)
    g_assert_cmpuint (strtoul (at + 1, NULL, 10), ==, count++);
  g_assert_cmpuint (count, ==, sent);
  g_assert_cmpuint (gr_ws_connection_get_queue_bytes (fixture.connection), ==, 0);
  stop (&fixture);
}

static void
test_pings (void)
{
  Fixture fixture;

  g_test_summary ("A silent client is pinged; one that answers stays, one that does not is dropped");
  start (&fixture);
  fixture.limits.ping_ms = 30;
  fixture.limits.pong_ms = 150;
  shake_hands (&fixture);
  for (guint i = 0; i < 3; i++)
    {
      wire_expect_bytes (fixture.client, 2);
      g_assert_cmpmem (fixture.client->received->str, 2, "\x89\x00", 2);
      g_string_truncate (fixture.client->received, 0);
      send_frame (&fixture, 0x8a, NULL, 0);
    }
  g_assert_true (gr_ws_connection_is_open (fixture.connection));
  wire_wait (is_closed, &fixture);
  g_assert_cmpuint (fixture.closed_code, ==, GR_WS_ABNORMAL);
  stop (&fixture);
}

static gboolean
has_no_connection (gpointer user_data)
{
  return ((Fixture *) user_data)->connection == NULL;
}

static void
test_dropped_in_callback (void)
{
  Fixture fixture;

  g_test_summary ("The owner may let go of a connection inside its own signal");
  start (&fixture);
  shake_hands (&fixture);
  wire_send_bytes (fixture.client, "\x81\x87\0\0\0\0drop me\x81\x85\0\0\0\0never", 13 + 11);
  wire_wait (has_no_connection, &fixture);
  g_assert_cmpstr (fixture.messages->str, ==, "drop me;");
  g_assert_cmpuint (fixture.closed_times, ==, 0);
  stop (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ws/connection/messages", test_messages);
  g_test_add_func ("/ws/connection/limits-end-at-switch", test_limits_end_at_switch);
  g_test_add_func ("/ws/connection/origins", test_origins);
  g_test_add_func ("/ws/connection/bad-handshakes", test_bad_handshakes);
  g_test_add_func ("/ws/connection/client-closes", test_client_closes);
  g_test_add_func ("/ws/connection/server-closes", test_server_closes);
  g_test_add_func ("/ws/connection/silent-close", test_silent_close);
  g_test_add_func ("/ws/connection/lost", test_lost);
  g_test_add_func ("/ws/connection/violations", test_violations);
  g_test_add_func ("/ws/connection/unmasked", test_unmasked);
  g_test_add_func ("/ws/connection/full-queue", test_full_queue);
  g_test_add_func ("/ws/connection/stalled", test_stalled);
  g_test_add_func ("/ws/connection/slow-reader", test_slow_reader);
  g_test_add_func ("/ws/connection/pings", test_pings);
  g_test_add_func ("/ws/connection/dropped-in-callback", test_dropped_in_callback);
  return g_test_run ();
}
