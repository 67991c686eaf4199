/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/outbound.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include "base/private-address.h"

struct _GrOutbound
{
  char *host;
  guint16 port;
  gboolean allow_private;
  GSocketClient *client; /* compared only, while it connects; another one may get its place in memory afterwards */
  gboolean taken;        /* somebody has begun */
  GSocket *socket;       /* referenced; NULL before it is connected */
  GrOutboundPhase phase;
  gboolean kept_out;
};

static GMutex mutex; /* guards all of them */
static GPtrArray *outbounds;

/* Whose connection @client makes. */
static GrOutbound *
find_by_client (GSocketClient *client)
{
  for (guint i = 0; i < outbounds->len; i++)
    {
      GrOutbound *outbound = g_ptr_array_index (outbounds, i);

      if (outbound->client == client)
        return outbound;
    }

  return NULL;
}

static GrOutbound *
find_waiting (const char *host, guint16 port)
{
  for (guint i = 0; i < outbounds->len; i++)
    {
      GrOutbound *outbound = g_ptr_array_index (outbounds, i);

      if (!outbound->taken && outbound->port == port && g_ascii_strcasecmp (outbound->host, host) == 0)
        return outbound;
    }

  return NULL;
}

static gboolean
leads_inside (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  return address == NULL || !G_IS_INET_SOCKET_ADDRESS (address)
         || gr_address_is_private (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* Closing the socket is what makes connecting it fail; the client then tries the next address. */
static void
keep_inside (GrOutbound *outbound, GSocketConnection *connection)
{
  if (outbound->allow_private || !leads_inside (connection))
    return;

  outbound->kept_out = TRUE;
  g_socket_close (g_socket_connection_get_socket (connection), NULL);
}

/* One that nobody announced, such as where a server sends us on to. It goes inside only where all may. */
static void
keep_stranger_inside (GSocketConnection *connection)
{
  for (guint i = 0; i < outbounds->len; i++)
    if (((GrOutbound *) g_ptr_array_index (outbounds, i))->allow_private)
      return;

  if (leads_inside (connection))
    g_socket_close (g_socket_connection_get_socket (connection), NULL);
}

static void
follow (GrOutbound *outbound, GSocketClientEvent event, GIOStream *connection)
{
  switch (event)
    {
    case G_SOCKET_CLIENT_RESOLVING:
      outbound->phase = GR_OUTBOUND_RESOLVING;
      break;

    case G_SOCKET_CLIENT_CONNECTING:
      outbound->phase = GR_OUTBOUND_CONNECTING;
      keep_inside (outbound, G_SOCKET_CONNECTION (connection));
      break;

    case G_SOCKET_CLIENT_CONNECTED:
      g_set_object (&outbound->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
      outbound->kept_out = FALSE;
      outbound->phase = GR_OUTBOUND_OPEN;
      break;

    case G_SOCKET_CLIENT_TLS_HANDSHAKING:
      outbound->phase = GR_OUTBOUND_SECURING;
      break;

    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
      outbound->phase = GR_OUTBOUND_OPEN;
      break;

    case G_SOCKET_CLIENT_COMPLETE:
      outbound->client = NULL;
      break;

    default:
      break;
    }
}

/* The parameters of GSocketClient::event: client, event, connectable, connection. */
static gboolean
on_event (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer user_data)
{
  GSocketClient *client = g_value_get_object (&values[0]);
  GSocketConnectable *connectable = g_value_get_object (&values[2]);
  GSocketClientEvent event = g_value_get_enum (&values[1]);
  GrOutbound *outbound;

  if (!G_IS_NETWORK_ADDRESS (connectable))
    return TRUE;

  g_mutex_lock (&mutex);
  outbound = find_by_client (client);
  /* Where each begins; what an attempt of before still does is none of the next one's. */
  if (outbound == NULL && event == G_SOCKET_CLIENT_RESOLVING)
    outbound = find_waiting (g_network_address_get_hostname (G_NETWORK_ADDRESS (connectable)),
                             g_network_address_get_port (G_NETWORK_ADDRESS (connectable)));
  if (outbound != NULL)
    {
      outbound->taken = TRUE;
      outbound->client = client;
      follow (outbound, event, g_value_get_object (&values[3]));
    }
  else if (event == G_SOCKET_CLIENT_CONNECTING)
    keep_stranger_inside (g_value_get_object (&values[3]));
  g_mutex_unlock (&mutex);
  return TRUE;
}

static void
listen_once (void)
{
  static gsize once;

  if (!g_once_init_enter (&once))
    return;

  outbounds = g_ptr_array_new ();
  g_type_class_unref (g_type_class_ref (G_TYPE_SOCKET_CLIENT));
  g_signal_add_emission_hook (g_signal_lookup ("event", G_TYPE_SOCKET_CLIENT), 0, on_event, NULL, NULL);
  g_once_init_leave (&once, 1);
}

GrOutbound *
gr_outbound_new (const char *host, guint16 port, gboolean allow_private)
{
  GrOutbound *outbound = NULL;

  listen_once ();
  g_mutex_lock (&mutex);
  if (find_waiting (host, port) == NULL)
    {
      outbound = g_new0 (GrOutbound, 1);
      outbound->host = g_strdup (host);
      outbound->port = port;
      outbound->allow_private = allow_private;
      g_ptr_array_add (outbounds, outbound);
    }
  g_mutex_unlock (&mutex);
  return outbound;
}

void
gr_outbound_free (GrOutbound *outbound)
{
  g_mutex_lock (&mutex);
  g_ptr_array_remove_fast (outbounds, outbound);
  g_mutex_unlock (&mutex);

  g_clear_object (&outbound->socket);
  g_free (outbound->host);
  g_free (outbound);
}

void
gr_outbound_get_facts (GrOutbound *outbound, GrOutboundFacts *facts)
{
  struct tcp_info info;
  socklen_t length = sizeof info;
  int fd, queued;

  *facts = (GrOutboundFacts){ .round_trip_ms = -1 };
  g_mutex_lock (&mutex);
  facts->phase = outbound->phase;
  facts->kept_out = outbound->kept_out;
  fd = outbound->socket != NULL && !g_socket_is_closed (outbound->socket) ? g_socket_get_fd (outbound->socket) : -1;
  if (fd >= 0 && getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 && ioctl (fd, SIOCOUTQ, &queued) == 0)
    {
      facts->round_trip_ms = info.tcpi_rtt / 1000.0;
      facts->acknowledged = info.tcpi_bytes_acked;
      facts->unacknowledged = queued;
    }
  g_mutex_unlock (&mutex);
}
