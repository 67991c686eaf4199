/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* multipart/form-data (RFC 7578) as a browser's FormData sends it, for one file. Strict: what two parsers could read
 * differently is refused. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_MULTIPART_MAX_HEAD 2048

/* The file of the part called @name, which must be the only part of @body: a view into it, perhaps empty. Its file name
 * and media type are not looked at. @boundary: of the Content-Type, or NULL. Fails with GR_ERROR_MALFORMED for what is
 * not framed so, GR_ERROR_INVALID_INPUT (field @name) for another part or a second one. */
GBytes *gr_multipart_get_file (GBytes *body, const char *boundary, const char *name, GError **error);

G_END_DECLS
