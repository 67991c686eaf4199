/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/server.h"

#include "base/log.h"
#include "base/main-call.h"
#include "dbus/broadcast.h"
#include "dbus/call.h"
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
  GrDBusManager *manager;
  GDBusObjectSkeleton *manager_object;
  GHashTable *objects; /* GrRoom or GrBroadcast, referenced → GDBusObjectSkeleton */

  /* The same objects on every connection: GDBusConnection, owned by its value → GDBusObjectManagerServer. */
  GHashTable *trees;

  GrControlSocket *control;
  guint bus_name;
};

G_DEFINE_FINAL_TYPE (GrDBusServer, gr_dbus_server, G_TYPE_OBJECT)

static GDBusObjectSkeleton *
make_object (const char *path, gpointer interface)
{
  GDBusObjectSkeleton *object = g_dbus_object_skeleton_new (path);

  g_dbus_object_skeleton_add_interface (object, G_DBUS_INTERFACE_SKELETON (interface));

  return object;
}

static void
add_object (GrDBusServer *server, gpointer subject, GDBusObjectSkeleton *object)
{
  GHashTableIter iter;
  gpointer tree;

  g_hash_table_insert (server->objects, g_object_ref (subject), object);

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    g_dbus_object_manager_server_export (tree, object);
}

static void
remove_object (GrDBusServer *server, gpointer subject, const char *path)
{
  GHashTableIter iter;
  gpointer tree;

  g_hash_table_iter_init (&iter, server->trees);
  while (g_hash_table_iter_next (&iter, NULL, &tree))
    g_dbus_object_manager_server_unexport (tree, path);

  g_hash_table_remove (server->objects, subject);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_room_path (gr_room_get_id (room));
  g_autoptr (GrDBusRoom) interface = gr_dbus_room_for (room, server->services);

  add_object (server, room, make_object (path, interface));
}

static void
on_room_removed (GrHouse *house, GrRoom *room, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_room_path (gr_room_get_id (room));

  remove_object (server, room, path);
}

static void
on_show_added (GrShows *shows, GrBroadcast *broadcast, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_broadcast_path (gr_broadcast_get_record (broadcast)->id);
  g_autoptr (GrDBusBroadcast) interface = gr_dbus_broadcast_for (broadcast, server->services);

  add_object (server, broadcast, make_object (path, interface));
}

static void
on_show_removed (GrShows *shows, GrBroadcast *broadcast, GrDBusServer *server)
{
  g_autofree char *path = gr_dbus_broadcast_path (gr_broadcast_get_record (broadcast)->id);

  remove_object (server, broadcast, path);
}

static void
on_closed (GDBusConnection *connection, gboolean remote_vanished, GError *error, GrDBusServer *server)
{
  g_signal_handlers_disconnect_by_data (connection, server);
  g_hash_table_remove (server->trees, connection);
}

static void
serve (GrDBusServer *server, GDBusConnection *connection)
{
  GDBusObjectManagerServer *tree = g_dbus_object_manager_server_new (GR_DBUS_ROOT);
  GHashTableIter iter;
  gpointer object;

  g_dbus_object_manager_server_export (tree, server->manager_object);
  g_hash_table_iter_init (&iter, server->objects);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_dbus_object_manager_server_export (tree, object);

  g_dbus_object_manager_server_set_connection (tree, connection);
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

  serve (server, connection);
}

static void
on_bus (GDBusConnection *connection, const char *name, gpointer data)
{
  /* The daemon lives on when its bus ends. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  serve (data, connection);
}

static void
on_name (GDBusConnection *connection, const char *name, gpointer data)
{
  gr_info ("reachable as %s on the bus", name);
}

static void
on_no_name (GDBusConnection *connection, const char *name, gpointer data)
{
  GrDBusServer *server = data;

  if (connection == NULL)
    gr_info ("there is no bus; greenroomctl still reaches the control socket");
  else
    gr_info ("the bus does not grant the name %s; greenroomctl still reaches the control socket", name);

  if (connection != NULL && g_hash_table_contains (server->trees, connection))
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
  g_clear_object (&server->manager_object);
  g_clear_object (&server->manager);

  G_OBJECT_CLASS (gr_dbus_server_parent_class)->dispose (object);
}

static void
gr_dbus_server_finalize (GObject *object)
{
  GrDBusServer *server = GR_DBUS_SERVER (object);

  g_hash_table_unref (server->trees);
  g_hash_table_unref (server->objects);
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
  server->trees = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  server->objects = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
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
  g_autoptr (GPtrArray) live = gr_house_list (house);

  gr_assert_main ();

  server->services = gr_dbus_services_new (house, rooms, accounts, store, hub, config, pool);
  server->manager = gr_dbus_manager_for (server->services);
  server->manager_object = make_object (GR_DBUS_ROOT "/Manager", server->manager);

  for (guint i = 0; i < live->len; i++)
    on_room_added (house, g_ptr_array_index (live, i), server);

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
  gr_dbus_broadcasts_connect (server->manager, server->services);
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
    server->bus_name = g_bus_own_name (bus, GR_DBUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_bus, on_name,
                                       on_no_name, server, NULL);

  return TRUE;
}

void
gr_dbus_server_set_ready (GrDBusServer *server, gboolean ready)
{
  gr_dbus_manager_set_ready (server->manager, ready);
}

void
gr_dbus_server_stop (GrDBusServer *server)
{
  GHashTableIter iter;
  gpointer connection;

  g_clear_handle_id (&server->bus_name, g_bus_unown_name);
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
