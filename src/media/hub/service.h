/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHubService: the hub as greenroomd sees it: org.greenroom.Media1.Worker and .Hub (schemas/dbus), and the rooms
 * behind them. Owned by main. Main thread.
 *
 * What it has to tell it tells once a turn of the main loop, and only when what was told before has left: greenroomd's
 * pace is ours, and what it misses is the latest state, not a queue. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_HUB_SERVICE (gr_hub_service_get_type ())
G_DECLARE_FINAL_TYPE (GrHubService, gr_hub_service, GR, HUB_SERVICE, GObject)

/* Opens the port. @listen: as gr_listen_parse() takes it, of one port. @announce: numeric addresses that candidates say
 * instead of this machine's; NULL or empty: its own. GR_ERROR_INVALID_INPUT, G_IO_ERROR. */
GrHubService *gr_hub_service_new (const char *listen, const char *const *announce, GError **error);

/* Puts both interfaces on @connection. */
gboolean gr_hub_service_export (GrHubService *service, GDBusConnection *connection, GError **error);

G_END_DECLS
