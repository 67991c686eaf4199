/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* org.greenroom.Greenroom1.Manager: the rooms and users of the server. Owned by GrDBusServer. Main thread. */
#pragma once

#include "dbus/call.h"

#include "greenroom-dbus.h"

G_BEGIN_DECLS

/* The interface, which follows the house by itself; "ready" is the server's to set. */
GrDBusManager *gr_dbus_manager_for (GrDBusServices *services);

G_END_DECLS
