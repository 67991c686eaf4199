/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the hub listens, and what it says in its candidates. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Numeric addresses of this machine to open the port on, at most @maximum: for a wildcard those of its interfaces, of
 * its family, that leave the machine, and after them loopback; else @listening itself. Each has a socket of its own, so
 * that an answer leaves with the address that was asked: a browser throws away what comes from another (RFC 8445,
 * section 7.2.5.2.1). */
GStrv gr_addresses_of (GInetAddress *listening, guint maximum);

/* Whether @address, one of the above, means only this machine to who reads it. */
gboolean gr_address_is_loopback (const char *address);

/* The addresses that @listen (gr_listen_parse()) means, all on *@port, as char *. INVALID_INPUT (field listen): none,
 * more than @maximum, or more than one port. */
GPtrArray *gr_addresses_to_open (const char *listen, guint maximum, guint16 *port, GError **error);

/* What candidates say, as char *: @announce, unless it is NULL or empty; else what of @opened leaves the machine; else,
 * without a network, what does not. INVALID_INPUT (field announce) for a name. */
GPtrArray *gr_addresses_to_say (GPtrArray *opened, const char *const *announce, GError **error);

G_END_DECLS
