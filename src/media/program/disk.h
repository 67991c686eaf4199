/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much room a recording still has. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_DISK_ENOUGH,
  GR_DISK_SHORT,   /* people should know */
  GR_DISK_FULL,    /* end while there is room for an end */
  GR_DISK_UNKNOWN, /* the system does not say: go on until writing fails, and let people know */
} GrDiskVerdict;

typedef struct
{
  guint64 warn_below; /* bytes */
  guint64 stop_below;
} GrDiskBounds;

/* *@bytes: what this process may still write where @path is, or would be. UNAVAILABLE if the system does not say. */
gboolean gr_disk_get_free (const char *path, guint64 *bytes, GError **error);

/* @error: set with GR_DISK_UNKNOWN alone. */
GrDiskVerdict gr_disk_judge (const char *path, const GrDiskBounds *bounds, GError **error);

/* What the chain @name declares: {warn-megabytes} and {stop-megabytes}. */
GrDiskBounds gr_disk_bounds (const char *pipelines, const char *name);

G_END_DECLS
