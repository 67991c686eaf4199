/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "stage.h"

#include <sys/socket.h>

struct _Relay
{
  GSocketService *service;
  GTlsCertificate *certificate;
  guint16 port;
  guint16 target;
  int mode; /* RelayMode, atomic */
  GMutex mutex;
  GCond turned; /* when mode changes */
  gboolean closing;
  int users; /* atomic */
};

typedef struct
{
  Relay *relay;
  GIOStream *from;
  GIOStream *to;
  GSocket *sockets[2]; /* beneath them */
  gboolean back;       /* towards who connected: always passes */
} Way;

static void
relay_unref (Relay *relay)
{
  if (!g_atomic_int_dec_and_test (&relay->users))
    return;
  g_clear_object (&relay->certificate);
  g_mutex_clear (&relay->mutex);
  g_cond_clear (&relay->turned);
  g_free (relay);
}

/* How many bytes may be read now; waits until some may. 0: it closes, or cuts off. */
static gsize
allowance (Relay *relay, gboolean back)
{
  gsize allowed = 0;
  gint64 next = g_get_monotonic_time () + G_USEC_PER_SEC;

  g_mutex_lock (&relay->mutex);
  while (!relay->closing && allowed == 0 && (back || relay->mode != RELAY_RESET))
    {
      RelayMode mode = back ? RELAY_PASS : relay->mode;

      if (mode == RELAY_PASS)
        allowed = 4096;
      else if (mode == RELAY_HOLD)
        g_cond_wait (&relay->turned, &relay->mutex);
      else if (!g_cond_wait_until (&relay->turned, &relay->mutex, next))
        allowed = 1;
    }
  g_mutex_unlock (&relay->mutex);
  return allowed;
}

/* The other way sees it, too; a stream that is being read could not be closed. */
static void
end_sockets (Way *way)
{
  const struct linger cut_off = { .l_onoff = 1 };
  gboolean resets;

  g_mutex_lock (&way->relay->mutex);
  resets = way->relay->mode == RELAY_RESET;
  g_mutex_unlock (&way->relay->mutex);

  for (guint i = 0; i < 2; i++)
    {
      /* Who connected is not told of an end: the last reference closes it with a reset. */
      if (resets && i == 0)
        setsockopt (g_socket_get_fd (way->sockets[i]), SOL_SOCKET, SO_LINGER, &cut_off, sizeof cut_off);
      else
        g_socket_shutdown (way->sockets[i], TRUE, TRUE, NULL);
      g_object_unref (way->sockets[i]);
    }
}

static gpointer
carry (gpointer data)
{
  Way *way = data;
  GInputStream *in = g_io_stream_get_input_stream (way->from);
  GOutputStream *out = g_io_stream_get_output_stream (way->to);
  char bytes[4096];
  gsize allowed;

  while ((allowed = allowance (way->relay, way->back)) > 0)
    {
      gssize n = g_input_stream_read (in, bytes, allowed, NULL, NULL);

      if (n <= 0 || !g_output_stream_write_all (out, bytes, n, NULL, NULL, NULL))
        break;
    }
  end_sockets (way);
  g_object_unref (way->from);
  g_object_unref (way->to);
  relay_unref (way->relay);
  g_free (way);
  return NULL;
}

static void
start_way (Relay *relay, GIOStream *from, GIOStream *to, GSocketConnection *const connections[2], gboolean back)
{
  Way *way = g_new (Way, 1);

  *way = (Way){ .relay = relay, .from = g_object_ref (from), .to = g_object_ref (to), .back = back };
  for (guint i = 0; i < 2; i++)
    way->sockets[i] = g_object_ref (g_socket_connection_get_socket (connections[i]));
  g_atomic_int_inc (&relay->users);
  g_thread_unref (g_thread_new ("relay", carry, way));
}

static gboolean
on_incoming (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, Relay *relay)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GIOStream) from = g_object_ref (G_IO_STREAM (connection));
  g_autoptr (GSocketConnection) to = NULL;

  if (relay->certificate != NULL)
    {
      GIOStream *secure = g_tls_server_connection_new (from, relay->certificate, NULL);

      g_object_unref (from);
      from = secure;
      if (!g_tls_connection_handshake (G_TLS_CONNECTION (from), NULL, NULL))
        return TRUE;
    }
  to = g_socket_client_connect_to_host (client, "127.0.0.1", relay->target, NULL, NULL);
  if (to == NULL)
    return TRUE;

  start_way (relay, from, G_IO_STREAM (to), (GSocketConnection *const[]){ connection, to }, FALSE);
  start_way (relay, G_IO_STREAM (to), from, (GSocketConnection *const[]){ connection, to }, TRUE);
  return TRUE;
}

Relay *
relay_new (guint16 port, GTlsCertificate *certificate)
{
  Relay *relay = g_new0 (Relay, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  relay->users = 1;
  relay->target = port;
  relay->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  g_mutex_init (&relay->mutex);
  g_cond_init (&relay->turned);
  relay->service = g_threaded_socket_service_new (16);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (relay->service), 16);
  g_socket_listener_add_address (G_SOCKET_LISTENER (relay->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  relay->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (relay->service, "run", G_CALLBACK (on_incoming), relay);
  g_socket_service_start (relay->service);
  return relay;
}

void
relay_free (Relay *relay)
{
  g_socket_service_stop (relay->service);
  g_socket_listener_close (G_SOCKET_LISTENER (relay->service));
  g_object_unref (relay->service);
  g_mutex_lock (&relay->mutex);
  relay->closing = TRUE;
  g_cond_broadcast (&relay->turned);
  g_mutex_unlock (&relay->mutex);
  relay_unref (relay);
}

guint16
relay_get_port (Relay *relay)
{
  return relay->port;
}

void
relay_set_mode (Relay *relay, RelayMode mode)
{
  g_mutex_lock (&relay->mutex);
  relay->mode = mode;
  g_cond_broadcast (&relay->turned);
  g_mutex_unlock (&relay->mutex);
}
