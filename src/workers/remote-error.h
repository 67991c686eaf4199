/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of workers. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Sets *@error to what @remote means when it bears one of our own names (base/error.h), with @field where that is
 * GR_ERROR_INVALID_INPUT or about what was sent (415, 413); FALSE, and *@error untouched, for any other: the worker's
 * being away. */
gboolean gr_remote_error_translate (const GError *remote, const char *field, GError **error);

G_END_DECLS
