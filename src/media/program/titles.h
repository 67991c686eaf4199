/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles of the programme as pictures: name tags, banners, tickers, chat messages, drawn by Pango and Cairo once per
 * change, for a canvas of a given height. Plain functions; any thread, one call at a time (Pango's font map is shared).
 *
 * Text comes from outside: control characters become spaces, marks that turn the direction of what follows (bidi
 * embeddings, overrides and isolates) are dropped, everything is cut to a bound first and ellipsised where it does not
 * fit. Text that is not UTF-8 is shown with U+FFFD in place of what is not. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Longer text is cut before it is laid out, in characters. */
#define GR_TITLE_MAX_NAME 80
#define GR_TITLE_MAX_LINE 200
#define GR_TITLE_MAX_TICKER 1000
#define GR_TITLE_MAX_MESSAGE 500

/* A picture in memory order blue, green, red, alpha, premultiplied: what gr_mix_image_new() takes. */
typedef struct
{
  gint width;
  gint height;
  gint stride; /* bytes from row to row */
  guint8 *pixels;
} GrTitle;

void gr_title_free (GrTitle *title);

/* What is shown of @text: at most @max characters on one line, as described above. Never NULL. */
char *gr_title_clean (const char *text, gsize max);

/* All of them: for a canvas @canvas_height pixels high, no wider than @max_width; @colour is the show's, 0xRRGGBB. NULL
 * when there is nothing to show: no text but spaces, or less than 16 pixels of room. */

/* The name of a person, on a plate of the show's colour. */
GrTitle *gr_title_name_tag (const char *name, guint32 colour, gint canvas_height, gint max_width);
/* A lower third: a dark plate with a bar of the show's colour, the title, and the subtitle (may be NULL) below it. */
GrTitle *gr_title_banner (const char *title, const char *subtitle, guint32 colour, gint canvas_height, gint max_width);
/* What is shown while nobody is: the show's title in at most two lines, large, on a dark plate. */
GrTitle *gr_title_slate (const char *title, gint canvas_height, gint max_width);
/* A chat message: the name in the show's colour, the text in at most three lines below it. */
GrTitle *gr_title_message (const char *name, const char *text, guint32 colour, gint canvas_height, gint max_width);
/* The text of a ticker in one long line without a plate, as wide as it is and at most @max_width: it scrolls in the
 * mixer, over gr_title_strip(). */
GrTitle *gr_title_ticker (const char *text, gint canvas_height, gint max_width);
/* The plate that a ticker runs over: @width wide, as high as the ticker, a bar of the show's colour above. */
GrTitle *gr_title_strip (guint32 colour, gint canvas_height, gint width);
/* What stands in for the camera of somebody who shows none: the initials of @name on a disc of the show's colour, on a
 * dark tile of exactly @width × @height pixels, from 16 × 16. */
GrTitle *gr_title_stand_in (const char *name, guint32 colour, gint width, gint height);
/* The picture in the PNG file @path, made smaller to @max_width × @max_height where it is larger; NULL and @error when
 * it cannot be read. For logos and overlays, which greenroom-image has prepared. */
GrTitle *gr_title_picture (const char *path, gint max_width, gint max_height, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrTitle, gr_title_free)

G_END_DECLS
