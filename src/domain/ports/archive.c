/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/archive.h"

G_DEFINE_INTERFACE (GrArchive, gr_archive, G_TYPE_OBJECT)

static void
gr_archive_default_init (GrArchiveInterface *iface)
{
}

void
gr_stored_file_free (GrStoredFile *file)
{
  g_free (file->name);
  g_free (file);
}

char *
gr_archive_prepare (GrArchive *archive, const char *id, GError **error)
{
  return GR_ARCHIVE_GET_IFACE (archive)->prepare (archive, id, error);
}

GPtrArray *
gr_archive_list (GrArchive *archive, const char *id, GError **error)
{
  return GR_ARCHIVE_GET_IFACE (archive)->list (archive, id, error);
}

GInputStream *
gr_archive_open (GrArchive *archive, const char *id, const char *name, gint64 *bytes, GError **error)
{
  return GR_ARCHIVE_GET_IFACE (archive)->open (archive, id, name, bytes, error);
}

gboolean
gr_archive_remove (GrArchive *archive, const char *id, GError **error)
{
  return GR_ARCHIVE_GET_IFACE (archive)->remove (archive, id, error);
}
