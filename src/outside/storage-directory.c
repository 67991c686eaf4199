/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "outside/storage-directory.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-./"

struct _GrStorageDirectory
{
  GObject parent;
  char *path;
};

static void storage_init (GrStorageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrStorageDirectory,
                               gr_storage_directory,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_STORAGE, storage_init))

/* Keys are made by us, and what is none is our mistake. */
static char *
path_of (GrStorage *storage, const char *key)
{
  g_assert (key[0] != '/' && key[strspn (key, KEY_CHARACTERS)] == '\0' && strstr (key, "..") == NULL);

  return g_build_filename (GR_STORAGE_DIRECTORY (storage)->path, key, NULL);
}

static gboolean
fail (GError **error, int code)
{
  if (code == ENOENT)
    gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is no such file");
  else if (code == ENOSPC || code == EDQUOT)
    gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The server's disk is full");
  else
    gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The server's files are away: %s", g_strerror (code));

  return FALSE;
}

static gboolean
put (GrStorage *storage, const char *key, GBytes *content, GError **error)
{
  g_autofree char *path = path_of (storage, key);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) local_error = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (content, &length);

  errno = 0;
  if (g_mkdir_with_parents (folder, 0700) == 0
      && g_file_set_contents_full (path, bytes != NULL ? bytes : "", length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    return TRUE;

  return fail (error, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? ENOSPC : errno);
}

static GBytes *
get (GrStorage *storage, const char *key, GError **error)
{
  g_autofree char *path = path_of (storage, key);
  g_autoptr (GError) local_error = NULL;
  char *bytes;
  gsize length;

  if (g_file_get_contents (path, &bytes, &length, &local_error))
    return g_bytes_new_take (bytes, length);

  fail (error, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? ENOENT : EIO);
  return NULL;
}

static gboolean
remove_file (GrStorage *storage, const char *key, GError **error)
{
  g_autofree char *path = path_of (storage, key);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_unlink (path) < 0 && errno != ENOENT)
    return fail (error, errno);

  /* With its last file a folder goes; one that has others stays. */
  g_rmdir (folder);
  return TRUE;
}

static char *
get_path (GrStorage *storage, const char *key, GError **error)
{
  g_autofree char *path = path_of (storage, key);

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      fail (error, ENOENT);
      return NULL;
    }

  return g_steal_pointer (&path);
}

static void
storage_init (GrStorageInterface *iface)
{
  iface->put = put;
  iface->get = get;
  iface->remove = remove_file;
  iface->get_path = get_path;
}

static void
gr_storage_directory_finalize (GObject *object)
{
  g_free (GR_STORAGE_DIRECTORY (object)->path);

  G_OBJECT_CLASS (gr_storage_directory_parent_class)->finalize (object);
}

static void
gr_storage_directory_class_init (GrStorageDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_storage_directory_finalize;
}

static void
gr_storage_directory_init (GrStorageDirectory *storage)
{
}

GrStorage *
gr_storage_directory_new (const char *path)
{
  GrStorageDirectory *storage = g_object_new (GR_TYPE_STORAGE_DIRECTORY, NULL);

  storage->path = g_strdup (path);

  return GR_STORAGE (storage);
}
