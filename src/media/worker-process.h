/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every role of greenroom-media does: speak D-Bus over the descriptor that greenroomd handed it until that
 * connection ends, or SIGTERM comes. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Puts a role's interfaces on the connection, before a message is read. */
typedef gboolean (*GrExportFunc) (gpointer role, GDBusConnection *connection, GError **error);

/* Returns the exit status. @name is the process's, of at most 15 characters. */
int gr_worker_process_run (const char *name, int fd, GrExportFunc export, gpointer role);

/* Loads GStreamer's plugins, NULL-terminated, so that nobody waits for the disk later. */
void gr_worker_process_load (const char *const *plugins);

G_END_DECLS
