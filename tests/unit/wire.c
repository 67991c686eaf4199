/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire.h"

#include <string.h>

typedef struct
{
  WireClient *client;
  const char *text;
  gsize length;
} Expected;

static gboolean
give_up (gpointer user_data)
{
  g_error ("The test waited too long");
  return G_SOURCE_REMOVE;
}

void
wire_wait (WireCondition condition, gpointer user_data)
{
  guint watchdog = g_timeout_add (WIRE_PATIENCE_MS, give_up, NULL);

  while (!condition (user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

WireClient *
wire_connect (guint16 port)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  WireClient *client = g_new0 (WireClient, 1);

  client->connection = g_socket_client_connect_to_host (connector, "127.0.0.1", port, NULL, &error);
  g_assert_no_error (error);
  client->received = g_string_new (NULL);
  return client;
}

void
wire_free (WireClient *client)
{
  g_io_stream_close (G_IO_STREAM (client->connection), NULL, NULL);
  g_object_unref (client->connection);
  g_string_free (client->received, TRUE);
  g_free (client);
}

static GPollableInputStream *
input_of (WireClient *client)
{
  return G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)));
}

static gboolean
set_flag (GObject *stream, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer user_data)
{
  return *(gboolean *) user_data;
}

static void
wait_for_source (GSource *source)
{
  gboolean ready = FALSE;

  g_source_set_callback (source, G_SOURCE_FUNC (set_flag), &ready, NULL);
  g_source_attach (source, NULL);
  wire_wait (is_set, &ready);
  g_source_destroy (source);
  g_source_unref (source);
}

void
wire_send_bytes (WireClient *client, const void *bytes, gsize length)
{
  GPollableOutputStream *output
      = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (G_IO_STREAM (client->connection)));

  for (gsize sent = 0; sent < length;)
    {
      g_autoptr (GError) error = NULL;
      gssize part = g_pollable_output_stream_write_nonblocking (output, (const guint8 *) bytes + sent, length - sent,
                                                                NULL, &error);

      if (part > 0)
        sent += part;
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        wait_for_source (g_pollable_output_stream_create_source (output, NULL));
      else
        return;
    }
}

void
wire_send (WireClient *client, const char *text)
{
  wire_send_bytes (client, text, strlen (text));
}

static gboolean
has_arrived (gpointer user_data)
{
  Expected *expected = user_data;
  WireClient *client = expected->client;
  char bytes[16 * 1024];

  while (!client->ended)
    {
      g_autoptr (GError) error = NULL;
      gssize length = g_pollable_input_stream_read_nonblocking (input_of (client), bytes, sizeof bytes, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      if (length > 0)
        g_string_append_len (client->received, bytes, length);
      else
        client->ended = TRUE;
      client->reset = length < 0;
    }

  if (expected->text != NULL)
    return client->ended || strstr (client->received->str, expected->text) != NULL;
  return client->ended || client->received->len >= expected->length;
}

static void
receive (WireClient *client, const char *text, gsize length)
{
  Expected expected = { client, text, length };
  GSource *wakes = g_pollable_input_stream_create_source (input_of (client), NULL);

  g_source_set_dummy_callback (wakes);
  g_source_attach (wakes, NULL);
  wire_wait (has_arrived, &expected);
  g_source_destroy (wakes);
  g_source_unref (wakes);
}

void
wire_expect (WireClient *client, const char *text)
{
  receive (client, text, 0);
  if (strstr (client->received->str, text) == NULL)
    g_error ("Expected “%s”, got “%s”", text, client->received->str);
}

void
wire_expect_bytes (WireClient *client, gsize length)
{
  receive (client, NULL, length);
  g_assert_cmpuint (client->received->len, >=, length);
}

void
wire_expect_end (WireClient *client)
{
  receive (client, NULL, G_MAXSIZE);
  g_assert_true (client->ended);
  g_assert_false (client->reset);
}
