/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the studio's resources share. */
#pragma once

#include "http/request.h"

G_BEGIN_DECLS

/* Whether the caller is a host of the room; NOT_FOUND at @field, FORBIDDEN. Pool threads (pipeline.c). */
gboolean gr_request_require_host (GrRequest *request, const char *room_id, const char *field, GError **error);

/* Finds the recording of the route, and whether it is the caller's to have. UNAUTHENTICATED, NOT_FOUND, FORBIDDEN. */
gboolean gr_request_require_recording (GrRequest *request, GError **error);

/* Tells main of what was stored: title, start, quality, or the scene. */
void gr_request_tell_broadcast (GrRequest *request, const GrBroadcastRecord *record, gboolean scene);

/* The running show of the route; CONFLICT. Main thread. */
gboolean gr_request_require_running (GrRequest *request, GrBroadcast **broadcast, GError **error);

G_END_DECLS
