/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/private-address.h"

static const char *const inside[] = {
  "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
  "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
  "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "100::/64",       "2001::/23",      "2001:db8::/32",
  "3fff::/20",      "5f00::/16",    "fc00::/7",       "fe80::/10",      "fec0::/10",      "ff00::/8",
};

/* IPv6 addresses that stand for the IPv4 address at this byte; "::/96" holds loopback and "no address" too. */
static const struct
{
  const char *network;
  gsize offset;
} wrapped[] = { { "::/96", 12 }, { "::ffff:0:0/96", 12 }, { "64:ff9b::/96", 12 }, { "2002::/16", 2 } };

static gboolean
is_in (GInetAddress *address, const char *network)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (network, NULL);

  return g_inet_address_mask_get_family (mask) == g_inet_address_get_family (address)
         && g_inet_address_mask_matches (mask, address);
}

gboolean
gr_address_is_private (GInetAddress *address)
{
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    if (is_in (address, inside[i]))
      return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (wrapped); i++)
    if (is_in (address, wrapped[i].network))
      {
        g_autoptr (GInetAddress) ipv4
            = g_inet_address_new_from_bytes (g_inet_address_to_bytes (address) + wrapped[i].offset,
                                             G_SOCKET_FAMILY_IPV4);

        return gr_address_is_private (ipv4);
      }

  return FALSE;
}
