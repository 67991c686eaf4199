/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/address.h"

#include <arpa/inet.h>
#include <string.h>

gboolean
gr_address_parse (GrAddress *address, const char *text, guint16 port)
{
  memset (address, 0, sizeof *address);

  if (inet_pton (AF_INET, text, &address->v4.sin_addr) == 1)
    {
      address->v4.sin_family = AF_INET;
      address->v4.sin_port = htons (port);
      return TRUE;
    }

  address->v6.sin6_family = AF_INET6;
  address->v6.sin6_port = htons (port);
  return inet_pton (AF_INET6, text, &address->v6.sin6_addr) == 1;
}

void
gr_address_to_text (const GrAddress *address, char text[GR_ADDRESS_TEXT_BYTES])
{
  char host[INET6_ADDRSTRLEN] = "?";

  if (address->any.sa_family == AF_INET6)
    inet_ntop (AF_INET6, &address->v6.sin6_addr, host, sizeof host);
  else
    inet_ntop (AF_INET, &address->v4.sin_addr, host, sizeof host);

  g_snprintf (text, GR_ADDRESS_TEXT_BYTES, address->any.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
              gr_address_get_port (address));
}

guint16
gr_address_get_port (const GrAddress *address)
{
  return ntohs (address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

socklen_t
gr_address_length (const GrAddress *address)
{
  return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

guint
gr_address_hash (gconstpointer key)
{
  const GrAddress *address = key;
  guint64 bits;

  if (address->any.sa_family == AF_INET6)
    {
      guint64 halves[2];

      memcpy (halves, &address->v6.sin6_addr, sizeof halves);
      bits = (halves[0] * 31 ^ halves[1]) + address->v6.sin6_port;
    }
  else
    bits = (guint64) address->v4.sin_addr.s_addr << 16 | address->v4.sin_port;

  /* Fibonacci hashing: neighbouring ports spread over the whole table. */
  return (bits * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32;
}

gboolean
gr_address_equal (gconstpointer first, gconstpointer second)
{
  const GrAddress *a = first;
  const GrAddress *b = second;

  if (a->any.sa_family != b->any.sa_family || a->socket != b->socket)
    return FALSE;
  if (a->any.sa_family == AF_INET6)
    return a->v6.sin6_port == b->v6.sin6_port && a->v6.sin6_scope_id == b->v6.sin6_scope_id
           && memcmp (&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;

  return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}
