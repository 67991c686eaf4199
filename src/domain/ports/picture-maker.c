/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/picture-maker.h"

G_DEFINE_INTERFACE (GrPictureMaker, gr_picture_maker, G_TYPE_OBJECT)

static void
gr_picture_maker_default_init (GrPictureMakerInterface *iface)
{
}

GPtrArray *
gr_picture_maker_make (GrPictureMaker *maker, GBytes *source, GrPicture *picture, GError **error)
{
  return GR_PICTURE_MAKER_GET_IFACE (maker)->make (maker, source, picture, error);
}
