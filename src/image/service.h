/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The face of greenroom-image towards greenroomd (schemas/dbus/org.greenroom.Image1.xml). Main thread; a call blocks
 * it, for there is nothing else to do. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Serves @connection for as long as that lives; an object of the caller's. NULL with an error where it cannot. */
GDBusInterfaceSkeleton *gr_image_service_export (GDBusConnection *connection, GError **error);

G_END_DECLS
