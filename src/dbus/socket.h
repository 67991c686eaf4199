/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrControlSocket: control.sock in the data directory, mode 0600, where only the daemon's own user and root are heard.
 * Owned by GrDBusServer. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GrControlSocket GrControlSocket;

/* Somebody came whose user is right. Main thread. */
typedef void (*GrControlSocketFunc) (GDBusConnection *connection, gpointer data);

/* Listens. CONFLICT when another daemon listens there, or a file is in the way; INVALID_INPUT when the path is too
 * long for a socket; INTERNAL. */
GrControlSocket *gr_control_socket_new (const char *data_dir, GrControlSocketFunc func, gpointer data, GError **error);

/* Stops listening and removes the file; those who came stay connected. */
void gr_control_socket_free (GrControlSocket *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrControlSocket, gr_control_socket_free)

G_END_DECLS
