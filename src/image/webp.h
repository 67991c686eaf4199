/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The container of WebP (RFC 9649, section 2). Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Takes colour profile, EXIF and XMP out of the WebP file in @bytes, in place, and returns its new length. libvips 8.14
 * writes them whatever it is told. A file that is not well framed is cut where that shows. */
gsize gr_webp_keep_pixels (guint8 *bytes, gsize length);

G_END_DECLS
