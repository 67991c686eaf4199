/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One process at a time in a directory. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Locks @dir, which exists, until the descriptor that is returned is closed or the process ends, however it ends.
 * -1 with GR_ERROR_CONFLICT when another process has it, GR_ERROR_UNAVAILABLE when nothing can be written there. */
int gr_directory_lock (const char *dir, GError **error);

G_END_DECLS
