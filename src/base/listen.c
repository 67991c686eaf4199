/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/listen.h"

#include <string.h>

#include "base/error.h"

static void
add_address (GPtrArray *addresses, GInetAddress *address, guint16 port)
{
  g_ptr_array_add (addresses, g_inet_socket_address_new (address, port));
  g_object_unref (address);
}

static gboolean
add_host (GPtrArray *addresses, const char *host, guint16 port)
{
  GInetAddress *address;

  if (g_str_equal (host, "localhost"))
    {
      add_address (addresses, g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4), port);
      add_address (addresses, g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6), port);
      return TRUE;
    }

  if (g_str_equal (host, "*"))
    {
      add_address (addresses, g_inet_address_new_any (G_SOCKET_FAMILY_IPV4), port);
      add_address (addresses, g_inet_address_new_any (G_SOCKET_FAMILY_IPV6), port);
      return TRUE;
    }

  address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return FALSE;

  add_address (addresses, address, port);
  return TRUE;
}

/* "host:port", "[host]:port" or "port". */
static gboolean
add_one (GPtrArray *addresses, const char *text)
{
  const char *colon = strrchr (text, ':');
  g_autofree char *host = colon != NULL ? g_strndup (text, colon - text) : g_strdup ("localhost");
  gsize length = strlen (host);
  guint64 port;

  if (!g_ascii_string_to_unsigned (colon != NULL ? colon + 1 : text, 10, 0, G_MAXUINT16, &port, NULL))
    return FALSE;

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    {
      host[length - 1] = '\0';
      return add_host (addresses, host + 1, port);
    }

  /* A bare IPv6 address would leave it open which colon begins the port. */
  return strchr (host, ':') == NULL && add_host (addresses, host, port);
}

GPtrArray *
gr_listen_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip (*part) != '\0' && !add_one (addresses, *part))
      {
        gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL,
                      "“%s” is not an address to listen on, such as localhost:8080, *:8080 or [::1]:8080", *part);
        return NULL;
      }

  return g_steal_pointer (&addresses);
}
