/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/disk.h"

#include <errno.h>
#include <sys/statvfs.h>

#include "base/error.h"
#include "media/launch.h"

#define MEGABYTE (1024 * 1024)

gboolean
gr_disk_get_free (const char *path, guint64 *bytes, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct statvfs info;

  if (statvfs (directory, &info) != 0)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The system does not say how much room the disk has: %s",
                    g_strerror (errno));
      return FALSE;
    }

  *bytes = (guint64) info.f_bavail * info.f_frsize;
  return TRUE;
}

GrDiskVerdict
gr_disk_judge (const char *path, const GrDiskBounds *bounds, GError **error)
{
  guint64 left;

  if (!gr_disk_get_free (path, &left, error))
    return GR_DISK_UNKNOWN;
  if (left < bounds->stop_below)
    return GR_DISK_FULL;

  return left < bounds->warn_below ? GR_DISK_SHORT : GR_DISK_ENOUGH;
}

GrDiskBounds
gr_disk_bounds (const char *pipelines, const char *name)
{
  return (GrDiskBounds){ .warn_below = gr_launch_number (pipelines, name, "warn-megabytes", 2048) * MEGABYTE,
                         .stop_below = gr_launch_number (pipelines, name, "stop-megabytes", 256) * MEGABYTE };
}
