/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/server.h"

#include "base/log.h"
#include "base/main-call.h"
#include "dbus/broadcast.h"
#include "dbus/bus-name.h"
#include "dbus/call.h"
#include "dbus/flow.h"
#include "dbus/manager.h"
#include "dbus/room.h"
#include "dbus/socket.h"
#include "dbus/values.h"

/* An operator with a few terminals and a dashboard. */
#define MAX_CONNECTIONS 32

struct _GrDBusServer
{
  GObject parent;

  GrDBusServices *services;
  gboolean ready;

  /* Objects of its own for every connection: GLib (2.74) takes an object that two show away from both when one closes.
   */
  GHashTable *trees; /* GDBusConnection, owned by its value → Tree */

  GrControlSocket *control;
  GrBusName *bus_name;
};

typedef struct
{
  GDBusObjectManagerServer *objects;
  GrDBusManager *manager;
} Tree;

G_DEFINE_FINAL_TYPE (GrDBusServer, gr_dbus_server, G_TYPE_OBJECT)

static void
tree_free (gpointer user_data)
{
  Tree *tree = user_data;

  g_object_unref (tree->objects);
  g_object_unref (tree->manager);
  g_free (tree);
}

static void
show (Tree *tree, const char *path, gpointer interface)
{
  g_autoptr (GDBusObjectSkeleton) object = g_dbus_object_skeleton_new (path);

  g_dbus_object_skeleton_add_interface (object, G_DBUS_INTERFACE_SKELETON (interface));
  g_dbus_object_manager_server_export (tree->objects, object);
}

static void
show_room (GrDBusServer *server, Tree *tree, GrRoom *room)
{
  g_autofree char *path = gr_dbus_room_path (gr_room_get_id (room));
  g_autoptr (GrDBusRoom) interface = gr_dbus_room_for (room, server->services);

  show (tree, path, interface);
}

static void
show_broadcast (GrDBusServer *server, Tree *tree, GrBroadcast *broadcast)
{
  g_autofree char *path = gr_dbus_broadcast_path (gr_broadcast_get_record (broadcast)->id);
  g_autoptr (GrDBusBroadcast) interface = gr_dbus_broadcast_for (broadcast, server->services);

  show (tree, path, interface);
}

static void
hide (GrDBusServer *server, const char *path)
{
  GHashTableIter iter;
  gpointer tree;

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    g_dbus_object_manager_server_unexport (((Tree *) tree)->objects, path);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrDBusServer *server)
{
  GHashTableIter iter;
  gpointer tree;

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    show_room (server, tree, room);
}

static void
on_room_removed (GrHouse *house, GrRoom *room, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_room_path (gr_room_get_id (room));

  hide (server, path);
}

static void
on_show_added (GrShows *shows, GrBroadcast *broadcast, GrDBusServer *server)
{
  GHashTableIter iter;
  gpointer tree;

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    show_broadcast (server, tree, broadcast);
}

static void
on_show_removed (GrShows *shows, GrBroadcast *broadcast, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_broadcast_path (gr_broadcast_get_record (broadcast)->id);

  hide (server, path);
}

static void
on_closed (GDBusConnection *connection, gboolean remote_vanished, GError *error, GrDBusServer *server)
{
  g_signal_handlers_disconnect_by_data (connection, server);
  g_hash_table_remove (server->trees, connection);
}

/* The Manager, the rooms, and the shows where there are any to serve. */
static void
fill (GrDBusServer *server, Tree *tree)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (server->services->house);
  g_autoptr (GPtrArray) shows = server->services->shows != NULL ? gr_shows_list (server->services->shows) : NULL;

  tree->manager = gr_dbus_manager_for (server->services);
  gr_dbus_manager_set_ready (tree->manager, server->ready);
  if (shows != NULL)
    gr_dbus_broadcasts_connect (tree->manager, server->services);
  show (tree, GR_DBUS_ROOT "/Manager", tree->manager);
  for (guint i = 0; i < rooms->len; i++)
    show_room (server, tree, g_ptr_array_index (rooms, i));
  for (guint i = 0; shows != NULL && i < shows->len; i++)
    show_broadcast (server, tree, g_ptr_array_index (shows, i));
}

static void
serve (GrDBusServer *server, GDBusConnection *connection)
{
  Tree *tree = g_new0 (Tree, 1);

  tree->objects = g_dbus_object_manager_server_new (GR_DBUS_ROOT);
  fill (server, tree);
  g_dbus_object_manager_server_set_connection (tree->objects, connection);
  g_hash_table_insert (server->trees, connection, tree);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), server);
}

static void
on_control_connection (GDBusConnection *connection, gpointer data)
{
  GrDBusServer *server = data;

  if (g_hash_table_size (server->trees) >= MAX_CONNECTIONS)
    {
      gr_warning ("too many connections at the control socket");
      g_dbus_connection_close (connection, NULL, NULL, NULL);
      return;
    }

  gr_dbus_bound_flow (connection);
  serve (server, connection);
}

static void
on_bus (GDBusConnection *connection, gpointer data)
{
  serve (data, connection);
}

static void
on_no_name (GDBusConnection *connection, gpointer data)
{
  GrDBusServer *server = data;

  if (g_hash_table_contains (server->trees, connection))
    on_closed (connection, FALSE, NULL, server);
}

static GBusType
wanted_bus (GrConfig *config)
{
  const char *bus = gr_config_get_string (config, "dbus", "bus");

  if (g_str_equal (bus, "none"))
    return G_BUS_TYPE_NONE;

  if (g_str_equal (bus, "session") || (g_str_equal (bus, "auto") && g_getenv ("DBUS_SESSION_BUS_ADDRESS") != NULL))
    return G_BUS_TYPE_SESSION;

  return G_BUS_TYPE_SYSTEM;
}

static void
gr_dbus_server_dispose (GObject *object)
{
  GrDBusServer *server = GR_DBUS_SERVER (object);

  gr_dbus_server_stop (server);

  G_OBJECT_CLASS (gr_dbus_server_parent_class)->dispose (object);
}

static void
gr_dbus_server_finalize (GObject *object)
{
  GrDBusServer *server = GR_DBUS_SERVER (object);

  g_hash_table_unref (server->trees);
  g_clear_pointer (&server->services, gr_dbus_services_unref);

  G_OBJECT_CLASS (gr_dbus_server_parent_class)->finalize (object);
}

static void
gr_dbus_server_class_init (GrDBusServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_dbus_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = gr_dbus_server_finalize;
}

static void
gr_dbus_server_init (GrDBusServer *server)
{
  server->trees = g_hash_table_new_full (NULL, NULL, NULL, tree_free);
}

GrDBusServer *
gr_dbus_server_new (GrHouse *house,
                    GrRooms *rooms,
                    GrAccounts *accounts,
                    GrStore *store,
                    GrHubPort *hub,
                    GrConfig *config,
                    GrPool *pool)
{
  GrDBusServer *server = g_object_new (GR_TYPE_DBUS_SERVER, NULL);

  gr_assert_main ();

  server->services = gr_dbus_services_new (house, rooms, accounts, store, hub, config, pool);
  g_signal_connect_object (house, "room-added", G_CALLBACK (on_room_added), server, 0);
  g_signal_connect_object (house, "room-removed", G_CALLBACK (on_room_removed), server, 0);

  return server;
}

void
gr_dbus_server_add_shows (GrDBusServer *server, GrStudio *studio, GrShows *shows)
{
  gr_assert_main ();

  server->services->studio = g_object_ref (studio);
  server->services->shows = g_object_ref (shows);
  g_signal_connect_object (shows, "show-added", G_CALLBACK (on_show_added), server, 0);
  g_signal_connect_object (shows, "show-removed", G_CALLBACK (on_show_removed), server, 0);
}

gboolean
gr_dbus_server_start (GrDBusServer *server, const char *data_dir, GError **error)
{
  GBusType bus = wanted_bus (server->services->config);

  server->control = gr_control_socket_new (data_dir, on_control_connection, server, error);
  if (server->control == NULL)
    return FALSE;

  if (bus != G_BUS_TYPE_NONE)
    server->bus_name = gr_bus_name_new (bus, GR_DBUS_NAME, on_bus, on_no_name, server);

  return TRUE;
}

void
gr_dbus_server_set_ready (GrDBusServer *server, gboolean ready)
{
  GHashTableIter iter;
  gpointer tree;

  server->ready = ready;
  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    gr_dbus_manager_set_ready (((Tree *) tree)->manager, ready);
}

void
gr_dbus_server_stop (GrDBusServer *server)
{
  GHashTableIter iter;
  gpointer connection;

  g_clear_pointer (&server->bus_name, gr_bus_name_free);
  g_clear_pointer (&server->control, gr_control_socket_free);

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    {
      g_autoptr (GDBusConnection) alive = g_object_ref (connection);

      g_signal_handlers_disconnect_by_data (alive, server);
      g_hash_table_iter_remove (&iter);
      g_dbus_connection_close (alive, NULL, NULL, NULL);
    }
}
