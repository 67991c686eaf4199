/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrDaemon: the greenroomd that was found, and how. Owned by main(). One thread; every call blocks. */
#pragma once

#include "greenroom-dbus.h"

G_BEGIN_DECLS

typedef struct
{
  GDBusConnection *connection;
  const char *bus_name; /* NULL on the control socket */
  char *way;            /* "/var/lib/greenroom/control.sock", "the session bus" */
  GrDBusManager *manager;
} GrDaemon;

/* Looks at @socket; or, for NULL, at control.sock in $GREENROOM_DATA_DIR; or, if that is not set either, in the data
 * directory that the key file @config (NULL: the usual one) or the defaults name, then on the session bus, then on the
 * system bus. UNAVAILABLE when nobody answers; INVALID_INPUT for a bad configuration. */
GrDaemon *gr_daemon_find (const char *socket, const char *config, GError **error);
void gr_daemon_free (GrDaemon *daemon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrDaemon, gr_daemon_free)

/* The object of a room at @path. */
GrDBusRoom *gr_daemon_get_room (GrDaemon *daemon, const char *path, GError **error);

/* Those in the room at @path, aa{sv}; none when the last one has left. */
GVariant *gr_daemon_get_people (GrDaemon *daemon, const char *path, GError **error);

G_END_DECLS
