/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrComposer: draws a frame out of layers. It knows what is covered, and neither draws nor wants to see it. Everything
 * it needs is allocated when the size of the canvas is set. Owned by GrLayoutMix; on its streaming thread. */
#pragma once

#include "plugins/layoutmix/image.h"
#include "plugins/layoutmix/planes.h"

G_BEGIN_DECLS

typedef struct
{
  gint z;
  guint8 alpha;
  GrRect source;           /* of the picture or the image */
  GrRect destination;      /* on the canvas; of an image only the corner counts, it is never scaled */
  const GrMixImage *image; /* NULL: a picture */
  guint input;             /* which picture: for the caller, who fills in @planes of those that are visible */
  const GrPlanes *planes;  /* NULL: not drawn */
  gboolean visible;        /* set by gr_composer_plan() */
} GrLayer;

typedef struct _GrComposer GrComposer;

GrComposer *gr_composer_new (void);
void gr_composer_free (GrComposer *composer);

/* For canvases of this size, even, from now on. */
void gr_composer_set_size (GrComposer *composer, gint width, gint height);
/* What is seen where no layer is: the colour 0xRRGGBB, or @image, cropped to cover the canvas. */
void gr_composer_set_background (GrComposer *composer, guint32 colour, const GrMixImage *image);

/* Sorts @layers by z, keeping the order of equals, and marks those of which anything is seen. Returns their number. */
guint gr_composer_plan (const GrComposer *composer, GrLayer *layers, guint n_layers);
/* Draws planned @layers. */
void gr_composer_draw (GrComposer *composer, const GrLayer *layers, guint n_layers, GrPlanes *canvas);
/* The same, then mixes the frame over what is on the canvas, @alpha of it. */
void gr_composer_dissolve (GrComposer *composer, const GrLayer *layers, guint n_layers, guint8 alpha, GrPlanes *canvas);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrComposer, gr_composer_free)

G_END_DECLS
