/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/picture-store.h"

G_DEFINE_INTERFACE (GrPictureStore, gr_picture_store, G_TYPE_OBJECT)

static void
gr_picture_store_default_init (GrPictureStoreInterface *iface)
{
}

gboolean
gr_picture_store_add (GrPictureStore *store, const GrPicture *picture, gint64 quota, GError **error)
{
  return GR_PICTURE_STORE_GET_IFACE (store)->add (store, picture, quota, error);
}

GrPicture *
gr_picture_store_get (GrPictureStore *store, const char *id, GError **error)
{
  return GR_PICTURE_STORE_GET_IFACE (store)->get (store, id, error);
}

GPtrArray *
gr_picture_store_list (GrPictureStore *store, const char *owner_id, gint limit, const char *after, GError **error)
{
  return GR_PICTURE_STORE_GET_IFACE (store)->list (store, owner_id, limit, after, error);
}

gboolean
gr_picture_store_get_usage (GrPictureStore *store, const char *owner_id, gint64 *bytes, GError **error)
{
  return GR_PICTURE_STORE_GET_IFACE (store)->get_usage (store, owner_id, bytes, error);
}

gboolean
gr_picture_store_remove (GrPictureStore *store, const char *id, GError **error)
{
  return GR_PICTURE_STORE_GET_IFACE (store)->remove (store, id, error);
}
