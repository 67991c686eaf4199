/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to what reads strangers' pictures. GrPictureMaker is implemented in src/workers. A blocking call for a pool
 * thread; any number may call at once. */
#pragma once

#include <glib-object.h>

#include "domain/pictures/picture.h"

G_BEGIN_DECLS

#define GR_TYPE_PICTURE_MAKER (gr_picture_maker_get_type ())
G_DECLARE_INTERFACE (GrPictureMaker, gr_picture_maker, GR, PICTURE_MAKER, GObject)

struct _GrPictureMakerInterface
{
  GTypeInterface parent;

  GPtrArray *(*make) (GrPictureMaker *maker, GBytes *source, GrPicture *picture, GError **error);
};

/* Makes the versions of @source: fills size, alpha and versions of @picture, and returns the files (GBytes) in the
 * order of its versions. UNSUPPORTED, TOO_LARGE and INVALID_INPUT (field file) in words for who sent it; UNAVAILABLE
 * when the maker is away or came to grief. */
GPtrArray *gr_picture_maker_make (GrPictureMaker *maker, GBytes *source, GrPicture *picture, GError **error);

G_END_DECLS
