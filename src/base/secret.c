/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/id.h"

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int saved_errno = errno;

  gr_set_error (error, GR_ERROR_INTERNAL, NULL, "Cannot %s %s: %s", what, path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
write_all (int fd, const guint8 *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      gssize written = write (fd, bytes, n_bytes);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      bytes += written;
      n_bytes -= written;
    }

  return fsync (fd) == 0;
}

/* Written beside and then linked into place: link(), unlike rename(), fails if another process was first, whose
 * secret is then the one. */
static gboolean
create_secret (const char *path, gsize n_bytes, GError **error)
{
  g_autofree char *suffix = gr_token_new (6);
  g_autofree char *temporary = g_strdup_printf ("%s.%s", path, suffix);
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  int fd = g_open (temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean done;

  if (fd < 0)
    return fail (error, "create", temporary);

  randombytes_buf (bytes, n_bytes);
  done = write_all (fd, bytes, n_bytes) && (link (temporary, path) == 0 || errno == EEXIST);
  sodium_memzero (bytes, n_bytes);
  if (!done)
    fail (error, "write", path);

  close (fd);
  g_unlink (temporary);
  return done;
}

static gboolean
read_secret (int fd, const char *path, gsize n_bytes, guint8 *bytes, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) < 0)
    return fail (error, "look at", path);

  if ((status.st_mode & 077) != 0)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "%s can be read by other users; its mode must be 0600", path);
      return FALSE;
    }

  if (!S_ISREG (status.st_mode) || (gsize) status.st_size != n_bytes || read (fd, bytes, n_bytes) != (gssize) n_bytes)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "%s is not a secret of %" G_GSIZE_FORMAT " bytes", path, n_bytes);
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_secret_load (const char *dir, const char *name, gsize n_bytes, guint8 *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  gboolean loaded;
  int fd;

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && !create_secret (path, n_bytes, error))
    return FALSE;

  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
  if (fd < 0)
    return fail (error, "open", path);

  loaded = read_secret (fd, path, n_bytes, bytes, error);
  close (fd);
  return loaded;
}
