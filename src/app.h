/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrApp: the composition root of greenroomd. Builds and wires everything, top to bottom; nothing else knows the whole.
 * Owned by main. Main thread. */
#pragma once

#include <gio/gio.h>

#include "base/config.h"

G_BEGIN_DECLS

#define GR_TYPE_APP (gr_app_get_type ())
G_DECLARE_FINAL_TYPE (GrApp, gr_app, GR, APP, GObject)

/* Opens the store and makes all parts, without taking anybody in yet. */
GrApp *gr_app_new (GrConfig *config, GError **error);

/* Listens, and tells systemd and the terminal. */
gboolean gr_app_start (GrApp *app, GError **error);

/* Sends everybody away kindly and finishes what has begun, at the longest [drain] seconds; then @callback. */
void gr_app_drain_async (GrApp *app, GAsyncReadyCallback callback, gpointer user_data);
void gr_app_drain_finish (GrApp *app, GAsyncResult *result);

G_END_DECLS
