/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrDBusServer: org.greenroom.Greenroom1 on a bus, and always on control.sock in the data directory. An ObjectManager
 * at /org/greenroom/Greenroom1 with a Manager object, one Room object per live room and one Broadcast per running show
 * (schemas/dbus/org.greenroom.Greenroom1.xml). Owned by the composition root. Main thread. */
#pragma once

#include "base/config.h"
#include "base/pool.h"
#include "domain/accounts/accounts.h"
#include "domain/ports/hub.h"
#include "domain/rooms/house.h"
#include "domain/rooms/rooms.h"
#include "domain/studio/shows.h"

G_BEGIN_DECLS

#define GR_TYPE_DBUS_SERVER (gr_dbus_server_get_type ())
G_DECLARE_FINAL_TYPE (GrDBusServer, gr_dbus_server, GR, DBUS_SERVER, GObject)

/* Calls wait for the store on @pool, which is stopped after the server. */
GrDBusServer *gr_dbus_server_new (GrHouse *house,
                                  GrRooms *rooms,
                                  GrAccounts *accounts,
                                  GrStore *store,
                                  GrHubPort *hub,
                                  GrConfig *config,
                                  GrPool *pool);

/* Serves shows, too: before gr_dbus_server_start(). */
void gr_dbus_server_add_shows (GrDBusServer *server, GrStudio *studio, GrShows *shows);

/* Opens control.sock in @data_dir, and asks for the name on the bus that [dbus] bus names. A bus that is not there, or
 * refuses, is logged and no error. CONFLICT when another daemon has the socket; INVALID_INPUT when the path is too long
 * for one; INTERNAL. */
gboolean gr_dbus_server_start (GrDBusServer *server, const char *data_dir, GError **error);

/* The property Ready: people are taken in. FALSE at first. */
void gr_dbus_server_set_ready (GrDBusServer *server, gboolean ready);

/* Gives up name and socket and closes all connections. */
void gr_dbus_server_stop (GrDBusServer *server);

G_END_DECLS
