/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/listening.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define BACKLOG 1024
#define FIRST_INHERITED_FD 3
#define MAX_INHERITED_FDS 64

static GSocket *
open_socket (GInetAddress *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = NULL;
  GSocketFamily family = g_inet_address_get_family (address);

  socket = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return NULL;

  /* IPv4 has a socket of its own. */
  if (family == G_SOCKET_FAMILY_IPV6 && !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, error))
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, where, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

gboolean
gr_listening_open (GPtrArray *addresses, GPtrArray *sockets, GError **error)
{
  guint16 free_port = 0;
  guint before = sockets->len;

  for (guint i = 0; i < addresses->len; i++)
    {
      GInetSocketAddress *wanted = addresses->pdata[i];
      GInetAddress *address = g_inet_socket_address_get_address (wanted);
      guint16 port = g_inet_socket_address_get_port (wanted);
      g_autoptr (GError) failure = NULL;
      GSocket *socket = open_socket (address, port != 0 ? port : free_port, &failure);

      if (socket != NULL)
        {
          g_ptr_array_add (sockets, socket);
          if (port == 0)
            free_port = gr_listening_get_port (socket);
        }
      else if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 || sockets->len == before
               || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        {
          g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (wanted));

          gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Cannot listen on %s: %s", text, failure->message);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
gr_listening_inherit (GPtrArray *sockets, GError **error)
{
  const char *pid_text = g_getenv ("LISTEN_PID");
  const char *count_text = g_getenv ("LISTEN_FDS");
  guint64 pid = 0, count = 0;

  if (pid_text == NULL || count_text == NULL || !g_ascii_string_to_unsigned (pid_text, 10, 1, G_MAXINT32, &pid, NULL)
      || (pid_t) pid != getpid () || !g_ascii_string_to_unsigned (count_text, 10, 0, MAX_INHERITED_FDS, &count, NULL))
    return TRUE;

  /* Children must not take them for theirs. */
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");

  for (int fd = FIRST_INHERITED_FD; fd < FIRST_INHERITED_FD + (int) count; fd++)
    {
      g_autoptr (GSocket) socket = NULL;
      int listening = 0;

      if (fcntl (fd, F_SETFD, FD_CLOEXEC) == 0)
        socket = g_socket_new_from_fd (fd, NULL);

      if (socket == NULL || !g_socket_get_option (socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, NULL) || !listening)
        {
          gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Inherited descriptor %d is not a listening socket", fd);
          return FALSE;
        }

      g_socket_set_blocking (socket, FALSE);
      g_ptr_array_add (sockets, g_steal_pointer (&socket));
    }

  return TRUE;
}

guint16
gr_listening_get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return 0;

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}
