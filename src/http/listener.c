/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_LOG_DOMAIN "http"

#include "http/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/household.h"
#include "base/listen.h"
#include "http/client-address.h"
#include "http/listening.h"
#include "http/refusal.h"

/* Accepted in one turn of the main loop, so that a flood cannot keep it from everyone else. */
#define ACCEPTS_A_TURN 64
/* Until accept is tried again when descriptors or memory ran out. */
#define ACCEPT_PAUSE_MS 500
/* Refused connections that may linger at a time; more are closed without a word. */
#define MAX_REFUSALS 128
/* What the kernel may hold for a client beyond what is on its way; the rest waits in queues that we bound. */
#define UNSENT_BYTES (256 * 1024)

struct _GrListener
{
  GObject parent_instance;

  SoupServer *server;
  GrListenerSettings settings;
  GPtrArray *sockets;      /* GSocket */
  GPtrArray *sources;      /* GSource, one per socket while accepting */
  GSource *retry;          /* while accepting is paused */
  GSocket *keep_alive_end; /* see keep_connections_alive() */
  GHashTable *households;  /* address → Household */
  GHashTable *guards;      /* GrGuardStream that are open, not owned */
  guint connections;
  guint refusals;
  GrBodyBudget budget;
};

/* What one address has of us. */
typedef struct
{
  guint connections;
  GrBodyBudget share;
} Household;

/* An accepted connection in the counts, until its socket is closed. */
typedef struct
{
  GrListener *listener;
  char *address;
  Household *household; /* the listener's */
  GrGuardStream *guard; /* not owned */
} Place;

G_DEFINE_FINAL_TYPE (GrListener, gr_listener, G_TYPE_OBJECT)

static void start_accepting (GrListener *listener);

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
release_place (gpointer user_data)
{
  Place *place = user_data;
  GrListener *listener = place->listener;

  listener->connections--;
  g_hash_table_remove (listener->guards, place->guard);
  if (--place->household->connections == 0)
    g_hash_table_remove (listener->households, place->address);

  g_free (place->address);
  g_object_unref (listener);
  g_free (place);
}

static Place *
take_place (GrListener *listener, const char *address)
{
  Place *place = g_new0 (Place, 1);
  Household *household = g_hash_table_lookup (listener->households, address);

  if (household == NULL)
    {
      household = g_new0 (Household, 1);
      household->share.limit = listener->settings.large_share;
      g_hash_table_insert (listener->households, g_strdup (address), household);
    }

  listener->connections++;
  household->connections++;
  place->listener = g_object_ref (listener);
  place->address = g_strdup (address);
  place->household = household;
  return place;
}

static void
release_refusal (gpointer user_data)
{
  GrListener *listener = user_data;

  listener->refusals--;
  g_object_unref (listener);
}

static void
refuse (GrListener *listener, GIOStream *connection, GrErrorCode code, const char *message)
{
  if (listener->refusals == MAX_REFUSALS)
    {
      g_io_stream_close (connection, NULL, NULL);
      return;
    }

  listener->refusals++;
  gr_refuse (connection, code, message, NULL, release_refusal, g_object_ref (listener));
}

static void
serve (GrListener *listener, GSocket *client)
{
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (client);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (client, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_get_remote_address (client, NULL);
  g_autoptr (GIOStream) guarded = NULL;
  g_autofree char *name = NULL;
  GrGuardSettings guard = listener->settings.guard;
  const Household *household;
  GInetAddress *address;
  gboolean proxy;
  Place *place;

  /* It has already hung up. */
  if (!G_IS_INET_SOCKET_ADDRESS (remote) || local == NULL)
    return;

  if (listener->connections >= listener->settings.total)
    {
      refuse (listener, G_IO_STREAM (connection), GR_ERROR_BUSY, "The server has all the connections it can serve");
      return;
    }

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  name = gr_household_of (address);
  household = g_hash_table_lookup (listener->households, name);
  proxy = listener->settings.proxies != NULL && gr_is_trusted_proxy (address, listener->settings.proxies);
  if (!proxy && household != NULL && household->connections >= listener->settings.per_address)
    {
      refuse (listener, G_IO_STREAM (connection), GR_ERROR_RATE_LIMITED, "Too many connections from your address");
      return;
    }

  g_socket_set_option (client, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_option (client, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES, NULL);

  place = take_place (listener, name);
  if (!proxy)
    guard.share = &place->household->share;
  guarded = gr_guard_stream_new (G_IO_STREAM (connection), &guard, release_place, place);
  place->guard = GR_GUARD_STREAM (guarded);
  g_hash_table_add (listener->guards, guarded);
  soup_server_accept_iostream (listener->server, guarded, local, remote, NULL);
}

static gboolean
resume (gpointer user_data)
{
  GrListener *listener = user_data;

  g_clear_pointer (&listener->retry, destroy_source);
  start_accepting (listener);
  return G_SOURCE_REMOVE;
}

static void
pause_accepting (GrListener *listener)
{
  g_ptr_array_set_size (listener->sources, 0);
  listener->retry = g_timeout_source_new (ACCEPT_PAUSE_MS);
  g_source_set_callback (listener->retry, resume, listener, NULL);
  g_source_set_static_name (listener->retry, "listener retry");
  g_source_attach (listener->retry, NULL);
}

static gboolean
on_incoming (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  GrListener *listener = user_data;

  for (guint i = 0; i < ACCEPTS_A_TURN; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) client = g_socket_accept (socket, NULL, &error);

      if (client != NULL)
        {
          serve (listener, client);
          continue;
        }

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES)
          || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED)
          || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
        {
          /* The socket stays readable: without a pause this would take a whole core. */
          g_warning ("Cannot accept connections, trying again in %d ms: %s", ACCEPT_PAUSE_MS, error->message);
          pause_accepting (listener);
          return G_SOURCE_REMOVE;
        }

      /* Anything else is the failure of the one connection that was to be accepted (accept(2), "Error handling"). */
    }

  return G_SOURCE_CONTINUE;
}

static void
start_accepting (GrListener *listener)
{
  g_ptr_array_set_size (listener->sources, 0);
  for (guint i = 0; i < listener->sockets->len; i++)
    {
      GSource *source = g_socket_create_source (listener->sockets->pdata[i], G_IO_IN, NULL);

      g_source_set_callback (source, G_SOURCE_FUNC (on_incoming), listener, NULL);
      g_source_set_static_name (source, "listener accept");
      g_source_attach (source, NULL);
      g_ptr_array_add (listener->sources, source);
    }
}

/* libsoup 3.2 closes after every response unless the server has a listener of its own. It gets one end of a socket
 * pair, on which nobody ever knocks. */
static void
keep_connections_alive (GrListener *listener)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
    {
      g_warning ("Cannot keep connections alive: %s", g_strerror (errno));
      return;
    }

  listener->keep_alive_end = g_socket_new_from_fd (ends[0], &error);
  if (error == NULL)
    socket = g_socket_new_from_fd (ends[1], &error);
  if (error != NULL || !soup_server_listen_socket (listener->server, socket, 0, &error))
    g_warning ("Cannot keep connections alive: %s", error->message);
}

static void
gr_listener_dispose (GObject *object)
{
  GrListener *listener = GR_LISTENER (object);

  gr_listener_stop (listener);
  g_clear_object (&listener->server);

  G_OBJECT_CLASS (gr_listener_parent_class)->dispose (object);
}

static void
gr_listener_finalize (GObject *object)
{
  GrListener *listener = GR_LISTENER (object);

  g_clear_object (&listener->keep_alive_end);
  g_clear_pointer (&listener->sources, g_ptr_array_unref);
  g_clear_pointer (&listener->sockets, g_ptr_array_unref);
  g_clear_pointer (&listener->households, g_hash_table_unref);
  g_clear_pointer (&listener->guards, g_hash_table_unref);
  g_clear_pointer (&listener->settings.proxies, g_ptr_array_unref);

  G_OBJECT_CLASS (gr_listener_parent_class)->finalize (object);
}

static void
gr_listener_class_init (GrListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_listener_dispose;
  G_OBJECT_CLASS (klass)->finalize = gr_listener_finalize;
}

static void
gr_listener_init (GrListener *listener)
{
  listener->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  listener->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) destroy_source);
  listener->households = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  listener->guards = g_hash_table_new (NULL, NULL);
}

GrListener *
gr_listener_new (SoupServer *server, const GrListenerSettings *settings)
{
  GrListener *listener = g_object_new (GR_TYPE_LISTENER, NULL);

  listener->server = g_object_ref (server);
  listener->settings = *settings;
  if (settings->proxies != NULL)
    g_ptr_array_ref (settings->proxies);
  /* Each guard's place holds a reference to the listener. */
  listener->budget.limit = settings->large_bodies;
  listener->settings.guard.budget = &listener->budget;
  keep_connections_alive (listener);
  return listener;
}

gboolean
gr_listener_listen (GrListener *listener, const char *text, GError **error)
{
  g_autoptr (GPtrArray) addresses = gr_listen_parse (text, error);

  if (addresses == NULL || !gr_listening_open (addresses, listener->sockets, error))
    return FALSE;

  start_accepting (listener);
  return TRUE;
}

int
gr_listener_inherit (GrListener *listener, GError **error)
{
  guint before = listener->sockets->len;

  if (!gr_listening_inherit (listener->sockets, error))
    return -1;

  start_accepting (listener);
  return (int) (listener->sockets->len - before);
}

guint16
gr_listener_get_port (GrListener *listener)
{
  return listener->sockets->len > 0 ? gr_listening_get_port (listener->sockets->pdata[0]) : 0;
}

guint
gr_listener_get_connections (GrListener *listener)
{
  return listener->connections;
}

void
gr_listener_stop (GrListener *listener)
{
  GHashTableIter iter;
  gpointer guard;

  g_ptr_array_set_size (listener->sources, 0);
  g_ptr_array_set_size (listener->sockets, 0);
  g_clear_pointer (&listener->retry, destroy_source);

  g_hash_table_iter_init (&iter, listener->guards);
  while (g_hash_table_iter_next (&iter, &guard, NULL))
    gr_guard_stream_drain (guard);
}
