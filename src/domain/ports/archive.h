/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to where recordings lie: a folder of large files for each, written by program processes. GrArchive is
 * implemented in src/outside. Blocking calls for pool threads. (Small files that come whole: domain/ports/storage.h.)
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_ARCHIVE (gr_archive_get_type ())
G_DECLARE_INTERFACE (GrArchive, gr_archive, GR, ARCHIVE, GObject)

/* A file of a recording, as it lies in the archive. */
typedef struct
{
  char *name;
  gint64 bytes;
} GrStoredFile;

struct _GrArchiveInterface
{
  GTypeInterface parent;

  char *(*prepare) (GrArchive *archive, const char *id, GError **error);
  GPtrArray *(*list) (GrArchive *archive, const char *id, GError **error);
  GInputStream *(*open) (GrArchive *archive, const char *id, const char *name, gint64 *bytes, GError **error);
  gboolean (*remove) (GrArchive *archive, const char *id, GError **error);
};

/* Makes the local folder that a recording is written into; its path. UNAVAILABLE when it cannot be made. */
char *gr_archive_prepare (GrArchive *archive, const char *id, GError **error);

/* Its files (GrStoredFile) by name; none when there is no such folder. UNAVAILABLE when it cannot be read. */
GPtrArray *gr_archive_list (GrArchive *archive, const char *id, GError **error);

/* One of its files, seekable, and how long it is. NOT_FOUND (field file). */
GInputStream *gr_archive_open (GrArchive *archive, const char *id, const char *name, gint64 *bytes, GError **error);

/* Deletes the folder and what is in it; no error when there is none. */
gboolean gr_archive_remove (GrArchive *archive, const char *id, GError **error);

void gr_stored_file_free (GrStoredFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrStoredFile, gr_stored_file_free)

G_END_DECLS
