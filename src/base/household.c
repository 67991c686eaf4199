/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/household.h"

#include <string.h>

char *
gr_household_of (GInetAddress *address)
{
  static const guint8 mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);
  guint8 network[16] = { 0 };
  g_autoptr (GInetAddress) household = NULL;

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (address);

  /* A dual-stack socket sees an IPv4 client as ::ffff:192.0.2.1. */
  if (memcmp (bytes, mapped_prefix, sizeof mapped_prefix) == 0)
    {
      household = g_inet_address_new_from_bytes (bytes + sizeof mapped_prefix, G_SOCKET_FAMILY_IPV4);
      return g_inet_address_to_string (household);
    }

  memcpy (network, bytes, 8);
  household = g_inet_address_new_from_bytes (network, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (household);
}

char *
gr_household_of_text (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  return parsed != NULL ? gr_household_of (parsed) : g_strdup (address);
}
