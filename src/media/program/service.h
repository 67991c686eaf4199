/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrProgramService: a show as greenroomd sees it: org.greenroom.Media1.Worker and .Program (schemas/dbus). Owned by
 * main. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_PROGRAM_SERVICE (gr_program_service_get_type ())
G_DECLARE_FINAL_TYPE (GrProgramService, gr_program_service, GR, PROGRAM_SERVICE, GObject)

GrProgramService *gr_program_service_new (void);

/* Puts both interfaces on @connection. */
gboolean gr_program_service_export (GrProgramService *service, GDBusConnection *connection, GError **error);

G_END_DECLS
