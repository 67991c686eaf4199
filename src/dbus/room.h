/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* org.greenroom.Greenroom1.Room: a room while somebody is inside. Owned by GrDBusServer. Main thread. */
#pragma once

#include "dbus/call.h"

#include "greenroom-dbus.h"

G_BEGIN_DECLS

/* The interface, which follows @room by itself. */
GrDBusRoom *gr_dbus_room_for (GrRoom *room, GrDBusServices *services);

G_END_DECLS
