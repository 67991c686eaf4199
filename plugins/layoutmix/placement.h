/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a picture lies: rectangles in pixels, and how a picture of one shape fills a cell of another. Pure values, no
 * GStreamer: the mixer uses it for every frame, the layouts and the titles of the programme as well. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint x;
  gint y;
  gint width;
  gint height;
} GrRect;

typedef enum
{
  GR_FIT_CROP, /* the picture covers its cell; what does not fit is cut off evenly on both sides */
  GR_FIT_WHOLE /* the whole picture is seen, centred in its cell */
} GrFit;

gboolean gr_rect_equal (const GrRect *a, const GrRect *b);
gboolean gr_rect_is_empty (const GrRect *rect);
/* Whether @inner has no pixel outside @outer. */
gboolean gr_rect_contains (const GrRect *outer, const GrRect *inner);
/* The part they share goes to @shared (may be NULL, may be @a); FALSE and an empty one when they share nothing. */
gboolean gr_rect_intersect (const GrRect *a, const GrRect *b, GrRect *shared);
/* The nearest rectangle whose edges are all even, as I420's chroma wants them; never empty unless @rect is. */
GrRect gr_rect_even (const GrRect *rect);
/* The rectangle on the way from @from (0) to @to (1), even. */
GrRect gr_rect_between (const GrRect *from, const GrRect *to, double progress);

/* Decelerates: 1 - (1 - @progress)³, for 0…1. */
double gr_ease_out (double progress);

/* Places a picture of @width × @height pixels into the even rectangle @cell: the part of the picture that is seen
 * (even) and where it goes (even, inside @cell). Without a size (0 × 0) the source is empty and the cell is filled. */
void gr_place (const GrRect *cell, GrFit fit, gint width, gint height, GrRect *source, GrRect *destination);

G_END_DECLS
