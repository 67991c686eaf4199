/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures that people uploaded, as values. Plain structs, owned by whoever holds the pointer; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A version of a picture: it fits into a square with sides of @box pixels. Those for browsers are WebP. */
typedef struct
{
  gint box; /* one of gr_picture_boxes, or GR_PICTURE_STUDIO */
  gint width;
  gint height;
  gint64 bytes;
} GrPictureVersion;

/* The versions that are made, the smallest first; one that would only repeat a smaller one is left out. */
extern const gint gr_picture_boxes[];
extern const guint gr_n_picture_boxes;

/* The version for the programme: PNG, as good as the original, no larger than GR_PICTURE_STUDIO_BOX. */
#define GR_PICTURE_STUDIO 0
#define GR_PICTURE_STUDIO_BOX 1920

typedef struct
{
  char *id; /* UUIDv7 */
  char *owner_id;
  gint width; /* of the upright original, in pixels */
  gint height;
  gboolean alpha; /* something of it can be seen through */
  gint64 created_at;
  GArray *versions; /* GrPictureVersion, by box */
} GrPicture;

GrPicture *gr_picture_new (void);
void gr_picture_free (GrPicture *picture);

/* All versions together. */
gint64 gr_picture_get_bytes (const GrPicture *picture);

/* The smallest version for browsers that fills @box, or the largest. */
const GrPictureVersion *gr_picture_get_version (const GrPicture *picture, gint box);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrPicture, gr_picture_free)

G_END_DECLS
