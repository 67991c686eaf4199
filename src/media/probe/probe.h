/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One try of an RTMP destination. It connects once, by GrOutbound, so that the address that is judged is the one that
 * is connected to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Blocks, for a dozen seconds at most. @wish: {"url","streamKey","allowPrivate"}. Returns: (transfer full): a status of
 * an output, {"state","reason","message"}; "live" is well. GR_ERROR_MALFORMED, GR_ERROR_INVALID_INPUT. */
char *gr_probe_try (const char *wish, gsize length, GError **error);

G_END_DECLS
