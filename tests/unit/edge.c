/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edge.h"

#include <string.h>

#include "wire.h"

static GrBodyBounds
body_bounds (const char *method, const char *path, gpointer user_data)
{
  if (strcmp (path, "/upload") == 0)
    return (GrBodyBounds){ .bytes = 4 * 1024 * 1024, .ms = 2000 };

  return (GrBodyBounds){ .bytes = 1024 };
}

/* Answers "METHOD PATH LENGTH-OF-BODY;". */
void
edge_handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Edge *edge = user_data;
  g_autofree char *answer = g_strdup_printf ("%s %s %d;", soup_server_message_get_method (message), path,
                                             (int) soup_server_message_get_request_body (message)->length);

  edge->requests++;
  soup_server_message_set_status (message, 200, NULL);
  if (strcmp (path, "/pause") == 0)
    {
      edge->paused = g_object_ref (message);
      soup_server_message_pause (message);
    }
  else if (strcmp (path, "/large") == 0)
    {
      soup_message_body_append_take (soup_server_message_get_response_body (message), g_malloc0 (EDGE_LARGE_BYTES),
                                     EDGE_LARGE_BYTES);
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

GrListenerSettings
edge_settings (void)
{
  GrListenerSettings settings = GR_LISTENER_SETTINGS_DEFAULT;

  settings.guard.body_bounds = body_bounds;
  return settings;
}

void
edge_start (Edge *edge, const GrListenerSettings *settings)
{
  g_autoptr (GError) error = NULL;

  *edge = (Edge){ .server = soup_server_new (NULL, NULL) };
  soup_server_add_handler (edge->server, NULL, edge_handle, edge, NULL);
  edge->listener = gr_listener_new (edge->server, settings);
  gr_listener_listen (edge->listener, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  edge->port = gr_listener_get_port (edge->listener);
}

gboolean
edge_has_no_connections (gpointer user_data)
{
  return gr_listener_get_connections (((Edge *) user_data)->listener) == 0;
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Edge *) user_data)->listener == NULL;
}

void
edge_stop (Edge *edge)
{
  gr_listener_stop (edge->listener);
  soup_server_disconnect (edge->server);

  /* A connection that was refused holds the listener until it has lingered. */
  g_object_add_weak_pointer (G_OBJECT (edge->listener), (gpointer *) &edge->listener);
  g_object_unref (edge->listener);
  wire_wait (is_gone, edge);
  g_assert_finalize_object (edge->server);
}
