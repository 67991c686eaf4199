/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/refusal.h"

#include <string.h>

#include "base/json-writer.h"

#define LINGER_MS 2000
#define LINGER_BYTES (4 * 1024 * 1024)

typedef struct
{
  GIOStream *connection;
  GSource *readable;
  GSource *timeout;
  gsize drained;
  GDestroyNotify released;
  gpointer user_data;
} Linger;

static void
linger_free (Linger *linger)
{
  g_source_destroy (linger->readable);
  g_source_unref (linger->readable);
  g_source_destroy (linger->timeout);
  g_source_unref (linger->timeout);
  g_io_stream_close (linger->connection, NULL, NULL);
  g_object_unref (linger->connection);

  if (linger->released != NULL)
    linger->released (linger->user_data);
  g_free (linger);
}

static gboolean
drain (GPollableInputStream *input, gpointer user_data)
{
  Linger *linger = user_data;
  guint8 discarded[16 * 1024];
  g_autoptr (GError) error = NULL;
  gssize length = g_pollable_input_stream_read_nonblocking (input, discarded, sizeof discarded, NULL, &error);

  if (length > 0)
    linger->drained += length;

  if (length == 0 || linger->drained > LINGER_BYTES
      || (length < 0 && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    {
      linger_free (linger);
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
give_up (gpointer user_data)
{
  linger_free (user_data);
  return G_SOURCE_REMOVE;
}

static char *
build_response (GrErrorCode code, const char *message, const char *origin)
{
  const GrErrorTraits *traits = gr_error_code_traits (code);
  g_autoptr (GError) error = g_error_new_literal (GR_ERROR, code, message);
  g_autofree char *cors = NULL;
  g_autoptr (GString) body = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (body);

  gr_json_writer_begin_object (&json);
  gr_json_writer_error_member (&json, error);
  gr_json_writer_end_object (&json);

  if (origin != NULL)
    cors = g_strdup_printf ("Access-Control-Allow-Origin: %s\r\nAccess-Control-Allow-Credentials: true\r\n"
                            "Vary: Origin\r\n",
                            origin);

  return g_strdup_printf ("HTTP/1.1 %u %s\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT
                          "\r\nCache-Control: no-store\r\nConnection: close\r\n%s\r\n%s",
                          traits->status, traits->name, body->len, cors != NULL ? cors : "", body->str);
}

void
gr_refuse (GIOStream *connection,
           GrErrorCode code,
           const char *message,
           const char *origin,
           GDestroyNotify released,
           gpointer user_data)
{
  GInputStream *input = g_io_stream_get_input_stream (connection);
  GOutputStream *output = g_io_stream_get_output_stream (connection);
  g_autofree char *response = build_response (code, message, origin);
  Linger *linger = g_new0 (Linger, 1);

  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output), response, strlen (response), NULL,
                                              NULL);
  if (G_IS_SOCKET_CONNECTION (connection))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)), FALSE, TRUE, NULL);

  linger->connection = g_object_ref (connection);
  linger->released = released;
  linger->user_data = user_data;
  linger->readable = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (linger->readable, G_SOURCE_FUNC (drain), linger, NULL);
  g_source_set_static_name (linger->readable, "refusal drain");
  g_source_attach (linger->readable, NULL);
  linger->timeout = g_timeout_source_new (LINGER_MS);
  g_source_set_callback (linger->timeout, give_up, linger, NULL);
  g_source_set_static_name (linger->timeout, "refusal timeout");
  g_source_attach (linger->timeout, NULL);
}
