/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/storage.h"

G_DEFINE_INTERFACE (GrStorage, gr_storage, G_TYPE_OBJECT)

static void
gr_storage_default_init (GrStorageInterface *iface)
{
}

gboolean
gr_storage_put (GrStorage *storage, const char *key, GBytes *content, GError **error)
{
  return GR_STORAGE_GET_IFACE (storage)->put (storage, key, content, error);
}

GBytes *
gr_storage_get (GrStorage *storage, const char *key, GError **error)
{
  return GR_STORAGE_GET_IFACE (storage)->get (storage, key, error);
}

gboolean
gr_storage_remove (GrStorage *storage, const char *key, GError **error)
{
  return GR_STORAGE_GET_IFACE (storage)->remove (storage, key, error);
}

char *
gr_storage_get_path (GrStorage *storage, const char *key, GError **error)
{
  return GR_STORAGE_GET_IFACE (storage)->get_path (storage, key, error);
}
