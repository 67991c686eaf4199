/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/client-address.h"

/* More hops than this are nobody's honest header. */
#define MAX_HOPS 16

gboolean
gr_is_trusted_proxy (GInetAddress *peer, GPtrArray *proxies)
{
  for (guint i = 0; i < proxies->len; i++)
    if (g_inet_address_mask_matches (g_ptr_array_index (proxies, i), peer))
      return TRUE;

  return FALSE;
}

char *
gr_client_address (GInetAddress *peer, GPtrArray *proxies, const char *forwarded)
{
  g_autoptr (GInetAddress) address = g_object_ref (peer);
  g_auto (GStrv) hops = g_strsplit (forwarded != NULL ? forwarded : "", ",", MAX_HOPS);

  for (guint i = g_strv_length (hops); i > 0 && gr_is_trusted_proxy (address, proxies); i--)
    {
      GInetAddress *hop = g_inet_address_new_from_string (g_strstrip (hops[i - 1]));

      if (hop == NULL)
        break;

      g_object_unref (address);
      address = hop;
    }

  return g_inet_address_to_string (address);
}
