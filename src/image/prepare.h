/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a picture of a stranger to pictures of ours: upright, in sRGB, without metadata, in the wished sizes. By
 * libvips, and only by its loaders for JPEG, PNG and WebP. Any thread; blocks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_PICTURE_AS_WEBP, /* lossy, for browsers */
  GR_PICTURE_AS_PNG,  /* as it is, for the programme */
} GrPictureFormat;

/* One version that is wished, and what was made of the wish. */
typedef struct
{
  guint box; /* pixels: it fits into box × box, and is never enlarged */
  GrPictureFormat format;
  int fd; /* written from its beginning; the caller's */

  guint width;
  guint height;
  gsize bytes; /* 0: it would only repeat the wish before it */
} GrPictureWish;

typedef struct
{
  guint width; /* of the upright source, in pixels */
  guint height;
  gboolean alpha; /* something of it can be seen through */
} GrPictureFacts;

/* Once per process, before anything else here; fails with GR_ERROR_INTERNAL. */
gboolean gr_picture_init (GError **error);

/* Fails as gr_picture_sniff() does; with GR_ERROR_INVALID_INPUT (field file) for what cannot be decoded whole;
 * GR_ERROR_INTERNAL when a wish cannot be written. */
gboolean
gr_picture_prepare (GBytes *source, GrPictureWish *wishes, guint n_wishes, GrPictureFacts *facts, GError **error);

G_END_DECLS
