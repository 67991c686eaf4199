/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/socket.h"

#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "control.sock"

struct _GrControlSocket
{
  GDBusServer *server;
  char *path;
  GrControlSocketFunc func;
  gpointer data;
};

/* Runs on the thread that GDBus gives to each newcomer. Root could take any identity anyway, and the operator of a
 * system service is root. */
static gboolean
on_authorize (GDBusAuthObserver *observer, GIOStream *stream, GCredentials *credentials, gpointer data)
{
  uid_t user;

  if (credentials == NULL)
    return FALSE;

  user = g_credentials_get_unix_user (credentials, NULL);
  if (user == geteuid () || user == 0)
    return TRUE;

  gr_warning ("user %u was turned away at " SOCKET_NAME, (guint) user);

  return FALSE;
}

static gboolean
on_mechanism (GDBusAuthObserver *observer, const char *mechanism, gpointer data)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

static gboolean
on_connection (GDBusServer *server, GDBusConnection *connection, GrControlSocket *control)
{
  control->func (connection, control->data);

  return TRUE;
}

/* Removes what a daemon that died has left, and nothing else. */
static gboolean
make_way (const char *path, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  struct stat status;

  if (g_lstat (path, &status) != 0)
    return TRUE;

  if (!S_ISSOCK (status.st_mode))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "%s is in the way and is no socket", path);
      return FALSE;
    }

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  address = g_unix_socket_address_new (path);

  if (socket != NULL && g_socket_connect (socket, address, NULL, NULL))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "Another greenroomd listens at %s", path);
      return FALSE;
    }

  if (g_unlink (path) != 0)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "%s cannot be removed: %s", path, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}

static GDBusServer *
listen_at (const char *path, GError **error)
{
  g_autoptr (GDBusAuthObserver) observer = g_dbus_auth_observer_new ();
  g_autofree char *escaped = g_dbus_address_escape_value (path);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GDBusServer) server = NULL;
  g_autoptr (GError) local_error = NULL;

  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (on_authorize), NULL);
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (on_mechanism), NULL);

  server = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_NONE, guid, observer, NULL, &local_error);

  if (server == NULL)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "Cannot listen at %s: %s", path, local_error->message);
      return NULL;
    }

  /* Nobody is let in before the server starts, so nobody was while the umask decided. */
  if (g_chmod (path, 0600) != 0)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "Cannot close %s to others: %s", path, g_strerror (errno));
      g_unlink (path);
      return NULL;
    }

  g_dbus_server_start (server);

  return g_steal_pointer (&server);
}

GrControlSocket *
gr_control_socket_new (const char *data_dir, GrControlSocketFunc func, gpointer data, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, SOCKET_NAME, NULL);
  g_autoptr (GDBusServer) server = NULL;
  GrControlSocket *control;

  if (strlen (path) > sizeof ((struct sockaddr_un){ 0 }.sun_path) - 1)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "The path %s is too long for a socket", path);
      return NULL;
    }

  if (!make_way (path, error))
    return NULL;

  server = listen_at (path, error);
  if (server == NULL)
    return NULL;

  control = g_new0 (GrControlSocket, 1);
  control->server = g_steal_pointer (&server);
  control->path = g_steal_pointer (&path);
  control->func = func;
  control->data = data;
  g_signal_connect (control->server, "new-connection", G_CALLBACK (on_connection), control);

  return control;
}

void
gr_control_socket_free (GrControlSocket *control)
{
  g_signal_handlers_disconnect_by_data (control->server, control);
  g_dbus_server_stop (control->server);
  g_unlink (control->path);
  g_object_unref (control->server);
  g_free (control->path);
  g_free (control);
}
