/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/socket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "plugins/hubtransport/address.h"

/* A keyframe of a large share to everybody, or a scheduling delay of 50 ms. data/60-greenroom.sysctl.conf lets it be.
 */
#define BUFFER_BYTES (4 * 1024 * 1024)
/* How often another free port is tried, when one of IPv4 is taken in IPv6. */
#define ATTEMPTS 16

static int
open_one (const GrAddress *address, GError **error)
{
  int fd = socket (address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int bytes = GR_HUB_RECEIVE_BUFFER; /* and as much to send: a keyframe of a large share to everybody */
  int only = 1;

  if (fd >= 0)
    {
      setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
      setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
      if (address->any.sa_family == AF_INET6)
        setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
      if (bind (fd, &address->any, gr_address_length (address)) == 0)
        return fd;
    }

  {
    char text[GR_ADDRESS_TEXT_BYTES];
    int code = errno;

    gr_address_to_text (address, text);
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "UDP %s cannot be opened: %s", text,
                 g_strerror (code));
    if (fd >= 0)
      close (fd);
    return -1;
  }
}

static guint16
port_of (int fd)
{
  GrAddress address = { 0 };
  socklen_t length = sizeof address.v6;

  getsockname (fd, &address.any, &length);
  return gr_address_get_port (&address);
}

static gboolean
open_all (const GrHubOptions *options, guint16 port, int fds[GR_HUB_MAX_ADDRESSES], GError **error)
{
  for (guint i = 0; i < options->n_addresses; i++)
    {
      GrAddress address;

      fds[i] = -1;
      if (!gr_address_parse (&address, options->addresses[i], port))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an IP address",
                     options->addresses[i]);
      else
        fds[i] = open_one (&address, error);

      if (fds[i] < 0)
        {
          while (i-- > 0)
            close (fds[i]);
          return FALSE;
        }
      if (port == 0)
        port = port_of (fds[i]);
    }

  return TRUE;
}

gboolean
gr_sockets_open (const GrHubOptions *options, int fds[GR_HUB_MAX_ADDRESSES], guint16 *port, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (options->n_addresses == 0 || options->n_addresses > GR_HUB_MAX_ADDRESSES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The hub listens to 1 to %d addresses",
                   GR_HUB_MAX_ADDRESSES);
      return FALSE;
    }

  for (guint attempt = 0; attempt < ATTEMPTS; attempt++)
    {
      g_clear_error (&failure);
      if (open_all (options, options->port, fds, &failure))
        {
          *port = port_of (fds[0]);
          return TRUE;
        }
      if (options->port != 0 || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

guint
gr_socket_get_receive_buffer (int fd)
{
  int bytes = 0;
  socklen_t length = sizeof bytes;

  getsockopt (fd, SOL_SOCKET, SO_RCVBUF, &bytes, &length);
  /* The kernel doubles what it is asked for, for its own bookkeeping. */
  return bytes / 2;
}

char **
gr_sockets_candidates (const GrHubOptions *options, guint16 port)
{
  g_autoptr (GStrvBuilder) candidates = g_strv_builder_new ();

  for (guint i = 0; i < options->n_addresses; i++)
    {
      const char *address = options->announced[i] != NULL ? options->announced[i] : options->addresses[i];
      g_autofree char *candidate = g_strdup_printf ("%s %u", address, port);

      g_strv_builder_add (candidates, candidate);
    }

  return g_strv_builder_end (candidates);
}
