/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrStatic: the browser client, held in memory, gzipped once, with ETags. Read at start; immutable since. Main thread.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _GrStatic GrStatic;

/* Reads every file below @root (at most 64 MiB). NOT_FOUND when there is no index.html. */
GrStatic *gr_static_new (const char *root, GError **error);
void gr_static_free (GrStatic *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrStatic, gr_static_free)

/* Answers GET and HEAD of @path: a file, or the page itself for any path of the client's own routes. FALSE if @path
 * names a file that is not there. */
gboolean gr_static_answer (GrStatic *files, SoupServerMessage *message, const char *path);

G_END_DECLS
