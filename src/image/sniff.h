/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a file is by its first bytes, and how large a picture it says it holds: judged before any decoder sees it. Pure;
 * any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A side, in pixels: what WebP itself can hold. */
#define GR_PICTURE_MAX_SIDE 16383

/* Width times height. JPEG and PNG are decoded in strips (those that are not take four bytes a pixel); WebP is decoded
 * whole, twice, where it has alpha. */
#define GR_PICTURE_MAX_PIXELS 50000000
#define GR_PICTURE_MAX_WEBP_PIXELS 25000000

typedef enum
{
  GR_PICTURE_JPEG,
  GR_PICTURE_PNG,
  GR_PICTURE_WEBP,
} GrPictureType;

typedef struct
{
  GrPictureType type;
  guint width; /* pixels, as stored: before it is turned upright */
  guint height;
} GrPictureHead;

/* Fails with GR_ERROR_UNSUPPORTED for anything but JPEG (ITU-T T.81), PNG (W3C) and WebP (RFC 9649), naming what else
 * it seems to be; GR_ERROR_INVALID_INPUT for one that is cut off or says no size; GR_ERROR_TOO_LARGE past the bounds
 * above. The field is "file". */
gboolean gr_picture_sniff (const guint8 *bytes, gsize length, GrPictureHead *head, GError **error);

G_END_DECLS
