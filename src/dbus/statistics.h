/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of the Manager's Statistics(). Main thread. */
#pragma once

#include "dbus/call.h"

G_BEGIN_DECLS

/* A floating a{sv}. */
GVariant *gr_dbus_statistics (const GrDBusServices *services);

G_END_DECLS
