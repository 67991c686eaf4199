/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listening sockets: opened from addresses or inherited from systemd. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Listens on each of @addresses (GSocketAddress, as gr_listen_parse() gives them) and adds the sockets to @sockets. The
 * port 0 means any free one, the same for all. An IPv6 address beside others may fail where the kernel has no IPv6.
 * GR_ERROR_UNAVAILABLE. */
gboolean gr_listening_open (GPtrArray *addresses, GPtrArray *sockets, GError **error);

/* Adds the sockets that systemd passed (sd_listen_fds(3)), if any, to @sockets. GR_ERROR_UNAVAILABLE. */
gboolean gr_listening_inherit (GPtrArray *sockets, GError **error);

/* The port that @socket listens on, 0 if none. */
guint16 gr_listening_get_port (GSocket *socket);

G_END_DECLS
