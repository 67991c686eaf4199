/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds on a client of the control socket. GDBus queues without limit what its peer does not read (FINDINGS.md): a
 * stopped greenroomctl would let every signal stay in memory. Main thread; the counting is done by GDBus's own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Calls that a client may have sent and not read the answers of. */
#define GR_DBUS_MAX_CALLS 64
/* Messages that wait for a client who has read none for a second; and for one who reads. */
#define GR_DBUS_MAX_QUEUE 1024
#define GR_DBUS_MAX_BACKLOG 65536
/* What it may leave unread before it is closed. */
#define GR_DBUS_STALL_SECONDS 10

/* From now on, until it is closed: closes @connection, which has a socket, when it passes one of the bounds. */
void gr_dbus_bound_flow (GDBusConnection *connection);

G_END_DECLS
