/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries a destination in a process of its own (greenroom-probe, beside greenroom-media), which lives for that one
 * connection: the daemon speaks no RTMP. Pool threads. */
#pragma once

#include "domain/studio/destination.h"

G_BEGIN_DECLS

/* A GrProbeFunc; @config is the GrConfig. */
GrOutputStatus *
gr_probe_destination (const char *url, const char *stream_key, gboolean allow_private, gpointer config, GError **error);

G_END_DECLS
