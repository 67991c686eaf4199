/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to what lasts of pictures; the same store as GrStore, under the same terms (domain/ports/store.h): blocking
 * calls, each a transaction. */
#pragma once

#include <glib-object.h>

#include "domain/pictures/picture.h"

G_BEGIN_DECLS

#define GR_TYPE_PICTURE_STORE (gr_picture_store_get_type ())
G_DECLARE_INTERFACE (GrPictureStore, gr_picture_store, GR, PICTURE_STORE, GObject)

struct _GrPictureStoreInterface
{
  GTypeInterface parent;

  gboolean (*add) (GrPictureStore *store, const GrPicture *picture, gint64 quota, GError **error);
  GrPicture *(*get) (GrPictureStore *store, const char *id, GError **error);
  GPtrArray *(*list) (GrPictureStore *store, const char *owner_id, gint limit, const char *after, GError **error);
  gboolean (*get_usage) (GrPictureStore *store, const char *owner_id, gint64 *bytes, GError **error);
  gboolean (*remove) (GrPictureStore *store, const char *id, GError **error);
};

/* QUOTA_EXCEEDED when its owner's pictures would come to more than @quota bytes. */
gboolean gr_picture_store_add (GrPictureStore *store, const GrPicture *picture, gint64 quota, GError **error);

/* NOT_FOUND. */
GrPicture *gr_picture_store_get (GrPictureStore *store, const char *id, GError **error);

/* GrPictures, newest first. */
GPtrArray *
gr_picture_store_list (GrPictureStore *store, const char *owner_id, gint limit, const char *after, GError **error);

/* What the owner's pictures come to. */
gboolean gr_picture_store_get_usage (GrPictureStore *store, const char *owner_id, gint64 *bytes, GError **error);

/* NOT_FOUND. */
gboolean gr_picture_store_remove (GrPictureStore *store, const char *id, GError **error);

G_END_DECLS
