/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrArchiveDirectory: recordings in a directory of this machine, a folder for each, named by its id. Implements
 * GrArchive. Owned by the composition root; holds nothing but the directory's name, so any number of threads may call.
 */
#pragma once

#include "domain/ports/archive.h"

G_BEGIN_DECLS

#define GR_TYPE_ARCHIVE_DIRECTORY (gr_archive_directory_get_type ())
G_DECLARE_FINAL_TYPE (GrArchiveDirectory, gr_archive_directory, GR, ARCHIVE_DIRECTORY, GObject)

GrArchive *gr_archive_directory_new (const char *directory);

G_END_DECLS
