/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Query strings of URLs, strictly: bounded, percent-decoded, UTF-8, no name twice. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_QUERY_MAX_BYTES 2048
#define GR_QUERY_MAX_PAIRS 32

/* Parses @query, the part after "?" as it was sent (NULL is empty), into name → value, both decoded; "+" is a space
 * as browsers send it (application/x-www-form-urlencoded). Fails with GR_ERROR_INVALID_INPUT. */
GHashTable *gr_query_parse (const char *query, GError **error);

G_END_DECLS
