/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrBusName: our name on a message bus, taken again when the bus was away. Owned by GrDBusServer. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GrBusName GrBusName;

typedef void (*GrBusNameFunc) (GDBusConnection *connection, gpointer user_data);

/* Calls @taken with each connection to the bus before the name is asked for, and @refused with one on which somebody
 * else has the name or the bus grants it to nobody. A bus that is not there is tried again, at last every 30 s. */
GrBusName *
gr_bus_name_new (GBusType bus, const char *name, GrBusNameFunc taken, GrBusNameFunc refused, gpointer user_data);

void gr_bus_name_free (GrBusName *bus_name);

G_END_DECLS
