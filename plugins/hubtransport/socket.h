/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hub's UDP sockets: one port, on each address that it listens to. Main opens them, the hub thread uses them. */
#pragma once

#include <gio/gio.h>

#include "plugins/hubtransport/hub.h"

G_BEGIN_DECLS

/* Opens a socket for each of the options' addresses, all on the same port, and sets *@port to it. Returns FALSE, with
 * none left open, if an address is no address or the port is taken on one of them. */
gboolean gr_sockets_open (const GrHubOptions *options, int fds[GR_HUB_MAX_ADDRESSES], guint16 *port, GError **error);

/* What the kernel gave of the receive buffer that was asked for, in bytes. */
guint gr_socket_get_receive_buffer (int fd);

/* "127.0.0.1 9000", for candidates: what is announced for the options' address at @at. NULL-terminated as a whole. */
char **gr_sockets_candidates (const GrHubOptions *options, guint16 port);

G_END_DECLS
