/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to where files are kept that people made. GrStorage is implemented in src/outside: a local directory.
 *
 * Blocking calls for pool threads. A key is a path of lower case letters, digits, "-" and ".", such as
 * "pictures/ID/320.webp". Errors: those named; besides, UNAVAILABLE when the place is full or away. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define GR_TYPE_STORAGE (gr_storage_get_type ())
G_DECLARE_INTERFACE (GrStorage, gr_storage, GR, STORAGE, GObject)

struct _GrStorageInterface
{
  GTypeInterface parent;

  gboolean (*put) (GrStorage *storage, const char *key, GBytes *content, GError **error);
  GBytes *(*get) (GrStorage *storage, const char *key, GError **error);
  gboolean (*remove) (GrStorage *storage, const char *key, GError **error);
  char *(*get_path) (GrStorage *storage, const char *key, GError **error);
};

/* Writes it whole or not at all, and in the place of what had the key before; it lasts once this returns. */
gboolean gr_storage_put (GrStorage *storage, const char *key, GBytes *content, GError **error);

/* NOT_FOUND. */
GBytes *gr_storage_get (GrStorage *storage, const char *key, GError **error);

/* No error when there was none. */
gboolean gr_storage_remove (GrStorage *storage, const char *key, GError **error);

/* A local file with the content, for processes of ours that run as the same user. NOT_FOUND. */
char *gr_storage_get_path (GrStorage *storage, const char *key, GError **error);

G_END_DECLS
