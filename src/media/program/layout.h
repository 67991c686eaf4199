/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The layouts of a scene as pure geometry: a canvas and a list of pictures in, a box for each picture out. No
 * GStreamer, no state, the same answer for the same question. Any thread. */
#pragma once

#include "plugins/layoutmix/placement.h"

G_BEGIN_DECLS

/* Who is seen at once. */
#define GR_LAYOUT_MAX_PICTURES 16

typedef enum
{
  GR_LAYOUT_GRID,      /* everybody at one size, the last row centred */
  GR_LAYOUT_SPOTLIGHT, /* the first large, the others in a strip below */
  GR_LAYOUT_SIDEBAR,   /* the first large, the others in a column at its right */
  GR_LAYOUT_SOLO,      /* the first alone, edge to edge */
  GR_LAYOUT_SCREEN,    /* as sidebar, but the first screen is the large one, and larger */
  GR_LAYOUT_PIP        /* the first edge to edge, the others over it at the lower right */
} GrLayout;

typedef struct
{
  gint width; /* of the picture as it arrives, in pixels; 0: not known yet */
  gint height;
  GrFit fit;
  gboolean screen;
} GrLayoutPicture;

typedef struct
{
  gboolean shown;     /* FALSE: not seen in this layout, and nothing below is set */
  gint z;             /* higher lies above lower */
  GrRect cell;        /* the place it is given: even, inside the canvas */
  GrRect source;      /* the part of the picture that is seen (gr_place()); empty while its size is not known */
  GrRect destination; /* where that goes: even, inside the cell */
} GrLayoutBox;

/* A layout by its name in a scene (grid, spotlight, sidebar, solo, screen, pip); FALSE when there is none of that name.
 */
gboolean gr_layout_from_name (const char *name, GrLayout *layout);

/* The distance between pictures, and from them to the edges of the canvas, in pixels, even. Titles keep it, too. */
gint gr_layout_gap (gint canvas_width, gint canvas_height);

/* Fills @boxes, one for each of the @n_pictures, which are in the scene's order, the featured one first. Pictures past
 * GR_LAYOUT_MAX_PICTURES are not shown. The canvas is even and at least 64 × 64 pixels. Boxes never overlap, but for
 * GR_LAYOUT_PIP, where they lie upon the first. */
void gr_layout_arrange (GrLayout layout,
                        gint canvas_width,
                        gint canvas_height,
                        const GrLayoutPicture *pictures,
                        gsize n_pictures,
                        GrLayoutBox *boxes);

G_END_DECLS
