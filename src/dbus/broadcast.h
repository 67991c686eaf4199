/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface org.greenroom.Greenroom1.Broadcast of one running show, and the Manager's methods about shows. Made by
 * GrDBusServer. Main thread. */
#pragma once

#include "dbus/call.h"
#include "greenroom-dbus.h"

G_BEGIN_DECLS

/* The object path of the broadcast with this id; the caller's. */
char *gr_dbus_broadcast_path (const char *broadcast_id);

/* An interface that follows @broadcast. */
GrDBusBroadcast *gr_dbus_broadcast_for (GrBroadcast *broadcast, GrDBusServices *services);

/* Answers ListBroadcasts, FindBroadcast and StartBroadcast of @manager. */
void gr_dbus_broadcasts_connect (gpointer manager, GrDBusServices *services);

G_END_DECLS
