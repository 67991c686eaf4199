/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPictures: pictures that people uploaded: made, kept, shown, removed. Owned by the composition root. Blocking calls
 * for pool threads; holds no state but the rate limit. */
#pragma once

#include "base/config.h"
#include "domain/accounts/account.h"
#include "domain/ports/picture-maker.h"
#include "domain/ports/picture-store.h"
#include "domain/ports/storage.h"

G_BEGIN_DECLS

#define GR_TYPE_PICTURES (gr_pictures_get_type ())
G_DECLARE_FINAL_TYPE (GrPictures, gr_pictures, GR, PICTURES, GObject)

GrPictures *gr_pictures_new (GrPictureStore *store, GrStorage *storage, GrPictureMaker *maker, GrConfig *config);

/* RATE_LIMITED per account; QUOTA_EXCEEDED (field file) past what an account may keep; INVALID_INPUT for an empty file;
 * otherwise as gr_picture_maker_make(), gr_storage_put() and gr_picture_store_add() fail: then nothing is kept. */
GrPicture *gr_pictures_add (GrPictures *pictures, const char *owner_id, GBytes *source, GError **error);

/* NOT_FOUND. */
GrPicture *gr_pictures_get (GrPictures *pictures, const char *id, GError **error);

/* The file of gr_picture_get_version(), WebP. NOT_FOUND. */
GBytes *gr_pictures_read (GrPictures *pictures, const char *id, gint box, GError **error);

/* Where the PNG for the programme lies, for the process that makes it. NOT_FOUND. */
char *gr_pictures_get_studio_path (GrPictures *pictures, const char *id, GError **error);

/* GrPictures, newest first. */
GPtrArray *gr_pictures_list (GrPictures *pictures, const char *owner_id, gint limit, const char *after, GError **error);

/* For its owner and for moderators; FORBIDDEN, NOT_FOUND. */
gboolean gr_pictures_remove (GrPictures *pictures, const char *id, const GrAccount *caller, GError **error);

G_END_DECLS
