/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/disk.h"

#include <sys/statvfs.h>

#include "media/launch.h"

#define MEGABYTE (1024 * 1024)

guint64
gr_disk_free (const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  struct statvfs info;

  if (statvfs (directory, &info) != 0)
    return G_MAXUINT64;

  return (guint64) info.f_bavail * info.f_frsize;
}

GrDiskVerdict
gr_disk_judge (const char *path, const GrDiskBounds *bounds)
{
  guint64 left = gr_disk_free (path);

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
