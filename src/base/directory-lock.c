/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/directory-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"

#define LOCK_NAME "lock"

int
gr_directory_lock (const char *dir, GError **error)
{
  g_autofree char *path = g_build_filename (dir, LOCK_NAME, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Cannot write in %s: %s", dir, g_strerror (errno));
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "Another greenroomd uses %s", dir);
      close (fd);
      return -1;
    }

  return fd;
}
