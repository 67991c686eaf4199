/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the hub listens, and what it says in its candidates. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Numeric addresses to reach this machine at, from its interfaces: for a wildcard those of its family that leave the
 * machine, IPv4 first, or loopback where there is no other; else @listening itself. At most @maximum. */
GStrv gr_addresses_of (GInetAddress *listening, guint maximum);

G_END_DECLS
