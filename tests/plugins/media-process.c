/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media-process.h"

#include <gio/gunixfdlist.h>
#include <sys/socket.h>

GSubprocess *
media_process_start (const char *const *role, GDBusConnection **connection)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  GSubprocess *process;
  int ends[2];

  g_ptr_array_add (words, (char *) g_getenv ("GREENROOM_MEDIA"));
  for (; *role != NULL; role++)
    g_ptr_array_add (words, (char *) *role);
  g_ptr_array_add (words, NULL);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_subprocess_launcher_take_fd (launcher, ends[1], 3);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  g_assert_no_error (error);
  socket = g_socket_new_from_fd (ends[0], &error);
  stream = g_socket_connection_factory_create_connection (socket);
  *connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
                                            NULL, NULL, &error);
  g_assert_no_error (error);
  return process;
}

void
media_process_give_fd (
    GDBusConnection *connection, const char *interface, const char *method, GVariant *arguments, int fd)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_with_unix_fd_list_sync (connection, NULL, MEDIA_PATH, interface, method, arguments, NULL,
                                                       G_DBUS_CALL_FLAGS_NONE, 10000, fds, NULL, NULL, &error);

  g_assert_no_error (error);
}
