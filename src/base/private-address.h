/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which network addresses lie inside: where nothing that somebody asks us to fetch or to send may go unless the
 * operator allows it. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether @address is anything but a host of the public Internet: loopback, private (RFC 1918, RFC 4193), link-local,
 * shared (RFC 6598), documentation, benchmark, multicast, reserved, or an IPv6 address that holds such an IPv4 one
 * (mapped, NAT64, 6to4). By the IANA special-purpose registries (RFC 6890). */
gboolean gr_address_is_private (GInetAddress *address);

G_END_DECLS
