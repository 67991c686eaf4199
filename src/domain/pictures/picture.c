/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/pictures/picture.h"

const gint gr_picture_boxes[] = { 320, 1280, 1920 };
const guint gr_n_picture_boxes = G_N_ELEMENTS (gr_picture_boxes);

GrPicture *
gr_picture_new (void)
{
  GrPicture *picture = g_new0 (GrPicture, 1);

  picture->versions = g_array_new (FALSE, TRUE, sizeof (GrPictureVersion));

  return picture;
}

void
gr_picture_free (GrPicture *picture)
{
  g_free (picture->id);
  g_free (picture->owner_id);
  g_array_unref (picture->versions);
  g_free (picture);
}

gint64
gr_picture_get_bytes (const GrPicture *picture)
{
  gint64 bytes = 0;

  for (guint i = 0; i < picture->versions->len; i++)
    bytes += g_array_index (picture->versions, GrPictureVersion, i).bytes;

  return bytes;
}

const GrPictureVersion *
gr_picture_get_version (const GrPicture *picture, gint box)
{
  const GrPictureVersion *found = NULL;

  for (guint i = 0; i < picture->versions->len; i++)
    {
      const GrPictureVersion *version = &g_array_index (picture->versions, GrPictureVersion, i);

      if (version->box != GR_PICTURE_STUDIO && (found == NULL || found->box < box))
        found = version;
    }

  return found;
}
