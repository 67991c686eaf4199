/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much room a recording still has. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_DISK_ENOUGH,
  GR_DISK_SHORT, /* people should know */
  GR_DISK_FULL,  /* end while there is room for an end */
} GrDiskVerdict;

typedef struct
{
  guint64 warn_below; /* bytes */
  guint64 stop_below;
} GrDiskBounds;

/* Bytes that this process may still write where @path is, or would be; G_MAXUINT64 if the system does not say. */
guint64 gr_disk_free (const char *path);

GrDiskVerdict gr_disk_judge (const char *path, const GrDiskBounds *bounds);

/* What the chain @name declares: {warn-megabytes} and {stop-megabytes}. */
GrDiskBounds gr_disk_bounds (const char *pipelines, const char *name);

G_END_DECLS
