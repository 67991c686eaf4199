/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "base/error.h"
#include "base/listen.h"

/* The interface's address, if a browser elsewhere (or here, for @loopback) could send to it. */
static GInetAddress *
usable_address (const struct ifaddrs *interface, GSocketFamily family, gboolean loopback)
{
  g_autoptr (GSocketAddress) socket_address = NULL;
  GInetAddress *address;

  if (interface->ifa_addr == NULL || interface->ifa_addr->sa_family != family || (interface->ifa_flags & IFF_UP) == 0)
    return NULL;

  socket_address = g_socket_address_new_from_native (interface->ifa_addr, family == G_SOCKET_FAMILY_IPV6
                                                                              ? sizeof (struct sockaddr_in6)
                                                                              : sizeof (struct sockaddr_in));
  if (!G_IS_INET_SOCKET_ADDRESS (socket_address))
    return NULL;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (socket_address));
  if (g_inet_address_get_is_loopback (address) != loopback || g_inet_address_get_is_link_local (address))
    return NULL;

  return g_object_ref (address);
}

static void
add_interfaces (GPtrArray *found, GSocketFamily family, gboolean loopback, guint maximum)
{
  struct ifaddrs *interfaces;

  if (getifaddrs (&interfaces) < 0)
    return;

  for (const struct ifaddrs *interface = interfaces; interface != NULL && found->len < maximum;
       interface = interface->ifa_next)
    {
      g_autoptr (GInetAddress) address = usable_address (interface, family, loopback);

      if (address != NULL)
        g_ptr_array_add (found, g_inet_address_to_string (address));
    }

  freeifaddrs (interfaces);
}

GStrv
gr_addresses_of (GInetAddress *listening, guint maximum)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GSocketFamily family = g_inet_address_get_family (listening);

  if (maximum > 0 && !g_inet_address_get_is_any (listening))
    g_ptr_array_add (found, g_inet_address_to_string (listening));
  else
    {
      add_interfaces (found, family, FALSE, maximum);
      add_interfaces (found, family, TRUE, maximum);
    }

  g_ptr_array_add (found, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&found), FALSE);
}

gboolean
gr_address_is_loopback (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  return g_inet_address_get_is_loopback (parsed);
}

GPtrArray *
gr_addresses_to_open (const char *listen, guint maximum, guint16 *port, GError **error)
{
  g_autoptr (GPtrArray) sockets = gr_listen_parse (listen, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if (sockets == NULL)
    return NULL;
  if (sockets->len == 0 || sockets->len > maximum)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "listen", "The hub listens on 1 to %u addresses", maximum);
      return NULL;
    }

  for (guint i = 0; i < sockets->len; i++)
    {
      GInetSocketAddress *socket = g_ptr_array_index (sockets, i);
      GStrv own = gr_addresses_of (g_inet_socket_address_get_address (socket), maximum - texts->len);

      if (i > 0 && g_inet_socket_address_get_port (socket) != *port)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "listen", "The hub has one port on all its addresses");
          g_strfreev (own);
          return NULL;
        }
      *port = g_inet_socket_address_get_port (socket);
      for (guint j = 0; own[j] != NULL; j++)
        g_ptr_array_add (texts, own[j]);
      g_free (own);
    }

  return g_steal_pointer (&texts);
}

GPtrArray *
gr_addresses_to_say (GPtrArray *opened, const char *const *announce, GError **error)
{
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; announce != NULL && announce[i] != NULL; i++)
    {
      if (!g_hostname_is_ip_address (announce[i]))
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "announce", "“%s” is no numeric address", announce[i]);
          return NULL;
        }
      g_ptr_array_add (said, g_strdup (announce[i]));
    }
  if (said->len > 0)
    return g_steal_pointer (&said);

  for (guint i = 0; i < opened->len; i++)
    if (!gr_address_is_loopback (opened->pdata[i]))
      g_ptr_array_add (said, g_strdup (opened->pdata[i]));
  for (guint i = 0; said->len == 0 && i < opened->len; i++)
    g_ptr_array_add (said, g_strdup (opened->pdata[i]));

  return g_steal_pointer (&said);
}
