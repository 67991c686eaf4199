/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where to listen, from the text of a setting. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The addresses (GSocketAddress) of @text: "8080" and "localhost:8080" (both loopbacks), "*:8080" (both families),
 * "127.0.0.1:0", "[::]:8080", separated by commas; none if it is empty. No names are looked up.
 * GR_ERROR_INVALID_INPUT. */
GPtrArray *gr_listen_parse (const char *text, GError **error);

G_END_DECLS
