/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a datagram came from or goes to: an IPv4 or IPv6 address with its port, and which of our sockets it passed. A
 * plain value, compared and hashed as a whole: two thirds of a 5-tuple, the rest of which is ours. Any thread. */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* "[" IPv6 "]:65535" */
#define GR_ADDRESS_TEXT_BYTES (INET6_ADDRSTRLEN + 8)

typedef struct
{
  union
  {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  };
  guint8 socket; /* index among the sockets of the process */
} GrAddress;

/* A numeric address, without brackets. Returns FALSE for anything else. */
gboolean gr_address_parse (GrAddress *address, const char *text, guint16 port);
/* "127.0.0.1:9000", "[::1]:9000" */
void gr_address_to_text (const GrAddress *address, char text[GR_ADDRESS_TEXT_BYTES]);
guint16 gr_address_get_port (const GrAddress *address);
/* Of the member in use. */
socklen_t gr_address_length (const GrAddress *address);
/* Both fit GHashTable. */
guint gr_address_hash (gconstpointer address);
gboolean gr_address_equal (gconstpointer first, gconstpointer second);

G_END_DECLS
