/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/link-socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

static int
socket_option (int fd, int option)
{
  int value = -1;
  socklen_t length = sizeof value;

  return getsockopt (fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

int
gr_link_take_fd (GUnixFDList *fds, GVariant *handle, GError **error)
{
  int at = g_variant_get_handle (handle);
  int fd = fds != NULL && at < g_unix_fd_list_get_length (fds) ? g_unix_fd_list_get (fds, at, NULL) : -1;

  if (fd >= 0 && socket_option (fd, SO_DOMAIN) == AF_UNIX && socket_option (fd, SO_TYPE) == SOCK_SEQPACKET)
    return fd;

  gr_set_error (error, GR_ERROR_INVALID_INPUT, "socket", "A link is one end of a SOCK_SEQPACKET pair");
  if (fd >= 0)
    close (fd);
  return -1;
}
