/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "ws"

#include "ws/sockets.h"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "ws/private.h"
#include "ws/upgrade.h"

/* Who connects says which room within this time. */
#define JOIN_SECONDS 10

G_DEFINE_FINAL_TYPE (GrSockets, gr_sockets, G_TYPE_OBJECT)

/* A handshake whose 101 is on its way. */
typedef struct
{
  GrSockets *sockets;
  char *address;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->sockets);
  g_free (arrival->address);
  g_free (arrival);
}

static void
clear_socket (gpointer data)
{
  GrSocket *socket = data;

  g_free (socket->address);
}

void
gr_socket_unref (GrSocket *socket)
{
  g_rc_box_release_full (socket, clear_socket);
}

static gboolean
on_never_joined (gpointer data)
{
  GrSocket *socket = data;

  socket->join_timer = 0;
  gr_socket_close (socket, GR_WS_POLICY, "join a room");

  return G_SOURCE_REMOVE;
}

static void
on_message (GrWsConnection *connection, const char *text, guint64 length, GrSocket *socket)
{
  gr_ws_dispatch (socket, text, length);
}

/* A page that is closed says so with a close frame, and so does one that is loaded anew, which comes back in a moment;
 * what ends without one may have lost its network. */
static void
leave_seat (GrSocket *socket, guint code)
{
  GrWsSeat *seat = socket->seat;

  if (seat == NULL)
    return;

  if (code == GR_WS_NORMAL)
    gr_room_leave (seat->room, seat->participant->id, GR_LEAVE_LEFT, NULL);
  else
    gr_ws_seat_detach (seat, code == GR_WS_GOING_AWAY ? GR_LEAVE_LEFT : GR_LEAVE_LOST);
}

static void
on_closed (GrWsConnection *connection, guint code, const char *reason, GrSocket *socket)
{
  GrSockets *sockets = socket->sockets;

  gr_debug ("a socket from %s closed: %u %s", socket->address, code, reason);
  g_clear_handle_id (&socket->join_timer, g_source_remove);
  if (socket->entering != NULL)
    g_cancellable_cancel (socket->entering);

  if (!sockets->draining)
    leave_seat (socket, code);
  else if (socket->seat != NULL)
    gr_ws_seat_detach (socket->seat, GR_LEAVE_LOST);

  g_signal_handlers_disconnect_by_data (connection, socket);
  socket->sockets = NULL;
  g_clear_object (&socket->connection);
  g_hash_table_remove (sockets->open, socket);
  gr_metric_set (sockets->count, gr_sockets_count (sockets));
}

static void
on_upgraded (GrWsConnection *connection, gpointer data)
{
  Arrival *arrival = data;
  GrSocket *socket = g_rc_box_new0 (GrSocket);

  socket->sockets = arrival->sockets;
  socket->connection = connection;
  socket->address = g_strdup (arrival->address);
  socket->join_timer = g_timeout_add_seconds (JOIN_SECONDS, on_never_joined, socket);
  g_hash_table_add (arrival->sockets->open, socket);
  gr_metric_set (arrival->sockets->count, gr_sockets_count (arrival->sockets));
  g_signal_connect (connection, "message", G_CALLBACK (on_message), socket);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), socket);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrSockets *sockets)
{
  gr_ws_feed_watch (sockets, room);
}

static void
gr_sockets_dispose (GObject *object)
{
  GrSockets *sockets = GR_SOCKETS (object);
  GHashTableIter iter;
  gpointer socket;

  /* They let go of their sockets, so they go first. */
  g_hash_table_remove_all (sockets->seats);

  g_hash_table_iter_init (&iter, sockets->open);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    {
      GrSocket *open = socket;

      g_signal_handlers_disconnect_by_data (open->connection, open);
      g_clear_handle_id (&open->join_timer, g_source_remove);
      g_clear_object (&open->connection);
      open->sockets = NULL;
      g_hash_table_iter_remove (&iter);
    }

  g_clear_object (&sockets->house);
  g_clear_object (&sockets->board);
  g_clear_object (&sockets->shows);
  g_clear_object (&sockets->studio);

  G_OBJECT_CLASS (gr_sockets_parent_class)->dispose (object);
}

static void
gr_sockets_finalize (GObject *object)
{
  GrSockets *sockets = GR_SOCKETS (object);

  g_hash_table_unref (sockets->open);
  g_hash_table_unref (sockets->seats);
  g_hash_table_unref (sockets->by_resume);
  g_clear_pointer (&sockets->config, gr_config_unref);

  G_OBJECT_CLASS (gr_sockets_parent_class)->finalize (object);
}

static void
gr_sockets_class_init (GrSocketsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_sockets_dispose;
  G_OBJECT_CLASS (klass)->finalize = gr_sockets_finalize;
}

static void
gr_sockets_init (GrSockets *sockets)
{
  sockets->open = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) gr_socket_unref, NULL);
  sockets->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_ws_seat_free);
  sockets->by_resume = g_hash_table_new (g_str_hash, g_str_equal);
  sockets->count = gr_metrics_gauge ("greenroom_sockets", NULL, "Open WebSockets");
}

GrSockets *
gr_sockets_new (GrHouse *house, GrSwitchboard *board, GrStudio *studio, GrShows *shows, GrConfig *config)
{
  GrSockets *sockets = g_object_new (GR_TYPE_SOCKETS, NULL);

  sockets->house = g_object_ref (house);
  sockets->board = g_object_ref (board);
  sockets->studio = g_object_ref (studio);
  sockets->shows = g_object_ref (shows);
  sockets->config = gr_config_ref (config);
  g_signal_connect_object (house, "room-added", G_CALLBACK (on_room_added), sockets, 0);
  gr_ws_media_watch (sockets);
  gr_ws_studio_watch (sockets);

  return sockets;
}

gboolean
gr_sockets_upgrade (GrSockets *sockets, SoupServerMessage *message, const char *address, GError **error)
{
  GrWsLimits limits = GR_WS_LIMITS_DEFAULT;
  Arrival *arrival;

  gr_assert_main ();

  if (sockets->draining)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The server is about to restart; come back in a moment");
      return FALSE;
    }

  if (!gr_ws_upgrade_check (message, gr_config_get_list (sockets->config, "http", "allowed-origins"), error))
    return FALSE;

  limits.message_bytes = GR_CONTRACT_LONGEST_MESSAGE_BYTES;
  arrival = g_new0 (Arrival, 1);
  arrival->sockets = g_object_ref (sockets);
  arrival->address = g_strdup (address);
  gr_ws_upgrade_accept (message, &limits, on_upgraded, arrival, (GDestroyNotify) arrival_free);

  return TRUE;
}

guint
gr_sockets_count (GrSockets *sockets)
{
  return g_hash_table_size (sockets->open);
}

void
gr_sockets_drain (GrSockets *sockets, guint after_ms)
{
  g_autoptr (GBytes) frame = gr_ws_frame_reconnecting (after_ms);
  GHashTableIter iter;
  gpointer socket;

  sockets->draining = TRUE;
  g_hash_table_iter_init (&iter, sockets->open);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    {
      gr_socket_send (socket, frame);
      gr_socket_close (socket, GR_WS_GOING_AWAY, "restart");
    }
}

void
gr_socket_send (GrSocket *socket, GBytes *frame)
{
  if (socket->connection != NULL)
    gr_ws_connection_send (socket->connection, frame);
}

void
gr_socket_send_error (GrSocket *socket, const GError *error, const char *to)
{
  g_autoptr (GBytes) frame = gr_ws_frame_error (error, to);

  gr_socket_send (socket, frame);
}

void
gr_socket_close (GrSocket *socket, guint code, const char *reason)
{
  if (socket->connection != NULL)
    gr_ws_connection_close (socket->connection, code, reason);
}
