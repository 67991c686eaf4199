/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrStorageDirectory: the GrStorage that is a local directory, for our eyes only. Owned by the composition root. Pool
 * threads; holds no state but its path, so that any number may call at once. */
#pragma once

#include "domain/ports/storage.h"

G_BEGIN_DECLS

#define GR_TYPE_STORAGE_DIRECTORY (gr_storage_directory_get_type ())
G_DECLARE_FINAL_TYPE (GrStorageDirectory, gr_storage_directory, GR, STORAGE_DIRECTORY, GObject)

/* Files come to lie in @path, which is made when the first one comes. */
GrStorage *gr_storage_directory_new (const char *path);

G_END_DECLS
