/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/daemon.h"

#include "base/config.h"
#include "base/error.h"

#define BUS_NAME "org.greenroom.Greenroom1"
#define MANAGER_PATH "/org/greenroom/Greenroom1/Manager"

/* Why nobody answered, one line per place that was tried. */
static void
note (GString *tried, const char *place, const GError *error)
{
  g_string_append_printf (tried, "\n  %s: %s", place, error->message);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_string_append (tried, " (try as root or as the daemon's user)");
}

static GDBusConnection *
try_socket (const char *path, GString *tried)
{
  g_autofree char *escaped = g_dbus_address_escape_value (path);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  connection = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                                                       NULL, &error);
  if (connection == NULL)
    {
      g_dbus_error_strip_remote_error (error);
      note (tried, path, error);
    }

  return connection;
}

/* The bus starts nothing for us: only a daemon that runs counts. */
static GDBusConnection *
try_bus (GBusType bus, const char *place, GString *tried)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (bus, NULL, &error);
  gboolean owned = FALSE;

  if (connection != NULL)
    reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                         "org.freedesktop.DBus", "NameHasOwner", g_variant_new ("(s)", BUS_NAME),
                                         G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  if (reply == NULL)
    {
      note (tried, place, error);
      return NULL;
    }

  g_variant_get (reply, "(b)", &owned);
  if (!owned)
    {
      g_string_append_printf (tried, "\n  %s: nobody is called " BUS_NAME, place);
      return NULL;
    }

  return g_steal_pointer (&connection);
}

static char *
default_socket (const char *config_path, GError **error)
{
  g_autofree char *found = config_path == NULL ? gr_config_find () : NULL;
  g_autoptr (GrConfig) config = gr_config_new (config_path != NULL ? config_path : found, error);
  g_autofree char *dir = NULL;

  if (config == NULL)
    return NULL;

  dir = gr_config_data_dir (config);

  return g_build_filename (dir, "control.sock", NULL);
}

static gboolean
look_around (GrDaemon *daemon, const char *socket, const char *config, GString *tried, GError **error)
{
  gboolean named = socket != NULL || config != NULL || g_getenv ("GREENROOM_DATA_DIR") != NULL;

  daemon->way = socket != NULL ? g_strdup (socket) : default_socket (config, error);
  if (daemon->way == NULL)
    return FALSE;

  daemon->connection = try_socket (daemon->way, tried);

  /* Who names one daemon does not mean another one. */
  if (daemon->connection != NULL || named)
    return TRUE;

  daemon->bus_name = BUS_NAME;
  g_free (daemon->way);
  daemon->way = g_strdup ("the session bus");
  daemon->connection = try_bus (G_BUS_TYPE_SESSION, daemon->way, tried);
  if (daemon->connection != NULL)
    return TRUE;

  g_free (daemon->way);
  daemon->way = g_strdup ("the system bus");
  daemon->connection = try_bus (G_BUS_TYPE_SYSTEM, daemon->way, tried);

  return TRUE;
}

GrDaemon *
gr_daemon_find (const char *socket, const char *config, GError **error)
{
  g_autoptr (GrDaemon) daemon = g_new0 (GrDaemon, 1);
  g_autoptr (GString) tried = g_string_new (NULL);

  if (!look_around (daemon, socket, config, tried, error))
    return NULL;

  if (daemon->connection == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "No greenroomd answers:%s", tried->str);
      return NULL;
    }

  daemon->manager = gr_dbus_manager_proxy_new_sync (daemon->connection, G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
                                                    daemon->bus_name, MANAGER_PATH, NULL, error);

  return daemon->manager != NULL ? g_steal_pointer (&daemon) : NULL;
}

GrDBusRoom *
gr_daemon_get_room (GrDaemon *daemon, const char *path, GError **error)
{
  return gr_dbus_room_proxy_new_sync (daemon->connection,
                                      G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS
                                          | G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                      daemon->bus_name, path, NULL, error);
}

GVariant *
gr_daemon_get_people (GrDaemon *daemon, const char *path, GError **error)
{
  g_autoptr (GrDBusRoom) room = gr_daemon_get_room (daemon, path, error);
  g_autoptr (GError) local_error = NULL;
  GVariant *people = NULL;

  if (room == NULL)
    return NULL;

  if (gr_dbus_room_call_get_participants_sync (room, &people, NULL, &local_error))
    return people;

  if (g_error_matches (local_error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
      || g_error_matches (local_error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    return g_variant_ref_sink (g_variant_new ("aa{sv}", NULL));

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

void
gr_daemon_free (GrDaemon *daemon)
{
  g_clear_object (&daemon->manager);
  g_clear_object (&daemon->connection);
  g_free (daemon->way);
  g_free (daemon);
}
