/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys that the installation makes for itself and keeps in its data directory, mode 0600. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fills @bytes with the @n_bytes of the file @name in @dir; makes the file, atomically, if there is none. Two processes
 * that start at once end up with the same secret. GR_ERROR_INTERNAL if it cannot be read or written, is of
 * another size, or is open to other users. */
gboolean gr_secret_load (const char *dir, const char *name, gsize n_bytes, guint8 *bytes, GError **error);

G_END_DECLS
