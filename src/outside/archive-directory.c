/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outside/archive-directory.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/id.h"

struct _GrArchiveDirectory
{
  GObject parent;
  char *directory;
};

static void gr_archive_directory_implement (GrArchiveInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrArchiveDirectory,
                               gr_archive_directory,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_ARCHIVE, gr_archive_directory_implement))

static gboolean
fail (GError **error, const char *what)
{
  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The recording's %s: %s", what, g_strerror (errno));

  return FALSE;
}

/* Ids become names of folders only when they are ids. */
static char *
folder_of (GrArchive *archive, const char *id)
{
  g_assert (gr_id_is_valid (id));

  return g_build_filename (GR_ARCHIVE_DIRECTORY (archive)->directory, id, NULL);
}

static char *
prepare (GrArchive *archive, const char *id, GError **error)
{
  g_autofree char *folder = folder_of (archive, id);

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      fail (error, "folder cannot be made");
      return NULL;
    }

  return g_steal_pointer (&folder);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(GrStoredFile *const *) a)->name, (*(GrStoredFile *const *) b)->name);
}

static GPtrArray *
list (GrArchive *archive, const char *id, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_stored_file_free);
  g_autofree char *folder = folder_of (archive, id);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &reason);
  const char *name;

  if (dir == NULL && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The recording's folder cannot be read: %s", reason->message);
      return NULL;
    }

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GrStoredFile *file;
      struct stat status;

      if (lstat (path, &status) < 0 || !S_ISREG (status.st_mode) || !g_utf8_validate (name, -1, NULL))
        continue;

      file = g_new0 (GrStoredFile, 1);
      file->name = g_strdup (name);
      file->bytes = status.st_size;
      g_ptr_array_add (files, file);
    }
  g_ptr_array_sort (files, compare_names);

  return g_steal_pointer (&files);
}

static GInputStream *
open_file (GrArchive *archive, const char *id, const char *name, gint64 *bytes, GError **error)
{
  g_autofree char *folder = folder_of (archive, id);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GInputStream *stream = NULL;
  struct stat status;

  if (strchr (name, '/') == NULL && name[0] != '.' && lstat (path, &status) == 0 && S_ISREG (status.st_mode))
    stream = G_INPUT_STREAM (g_file_read (file, NULL, NULL));

  if (stream == NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "file", "The recording has no such file");
  else
    *bytes = status.st_size;

  return stream;
}

static gboolean
remove_folder (GrArchive *archive, const char *id, GError **error)
{
  g_autofree char *folder = folder_of (archive, id);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_unlink (path) < 0)
        return fail (error, "file cannot be deleted");
    }

  if (g_rmdir (folder) < 0 && errno != ENOENT)
    return fail (error, "folder cannot be deleted");

  return TRUE;
}

static void
gr_archive_directory_implement (GrArchiveInterface *iface)
{
  iface->prepare = prepare;
  iface->list = list;
  iface->open = open_file;
  iface->remove = remove_folder;
}

static void
gr_archive_directory_finalize (GObject *object)
{
  g_free (GR_ARCHIVE_DIRECTORY (object)->directory);

  G_OBJECT_CLASS (gr_archive_directory_parent_class)->finalize (object);
}

static void
gr_archive_directory_class_init (GrArchiveDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_archive_directory_finalize;
}

static void
gr_archive_directory_init (GrArchiveDirectory *archive)
{
}

GrArchive *
gr_archive_directory_new (const char *directory)
{
  GrArchiveDirectory *archive = g_object_new (GR_TYPE_ARCHIVE_DIRECTORY, NULL);

  archive->directory = g_strdup (directory);

  return GR_ARCHIVE (archive);
}
