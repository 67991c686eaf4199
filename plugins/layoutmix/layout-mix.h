/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLayoutMix, the element layoutmix: mixes I420 pictures into one, scaling them itself, with titles on top and moves
 * from one layout to the next. With live=true (the default) it runs from the first second to the last, whatever its
 * inputs do, and without any. Output frames are numbered: their time stamps have no gap while inputs come, stall, leave
 * or change size. The functions here may be called from any thread; they never wait for a frame to be drawn. */
#pragma once

#include <gst/base/gstaggregator.h>

#include "plugins/layoutmix/image.h"
#include "plugins/layoutmix/shot.h"

G_BEGIN_DECLS

#define GR_TYPE_LAYOUT_MIX (gr_layout_mix_get_type ())
G_DECLARE_FINAL_TYPE (GrLayoutMix, gr_layout_mix, GR, LAYOUT_MIX, GstAggregator)

/* Overlays are numbered 0…GR_MIX_MAX_OVERLAYS - 1 by who sets them. */
#define GR_MIX_MAX_OVERLAYS 64

typedef struct
{
  GstPad *pad; /* a sink pad of the mixer; borrowed */
  GrRect cell; /* on the canvas, even */
  GrFit fit;
  gint z; /* higher lies above lower */
} GrMixBox;

typedef struct
{
  GrMixImage *image;
  gint z;         /* among the boxes */
  gint x;         /* of its left edge on the canvas, or from the left edge of the anchor's picture; made even */
  gint y;         /* of its upper edge on the canvas, or from its own lower edge down to that of the anchor's picture */
  GstPad *anchor; /* NULL, or the sink pad whose picture it goes with; it is cut off at that picture's right edge */
  gint width;     /* of the window that a ticker is seen through; 0: the whole image */
  double speed;   /* pixels of the image that pass the window in a second, leftwards; 0: it stands still */
} GrMixOverlay;

/* Shows @boxes, and none of the other inputs, from the next frame on, after a transition of @duration ns in running
 * time (boxes move with ease-out). A commit during a move goes on from where the boxes are; during a fade from the
 * scene that is seen more of. When the transition is over the element posts the message "layoutmix-shown" with the uint
 * "serial", unless another commit came first. */
void gr_layout_mix_commit (
    GrLayoutMix *mix, guint serial, const GrMixBox *boxes, gsize n_boxes, GrTransition kind, GstClockTime duration);

/* Shows, replaces (at once) or, with NULL, removes the overlay @number; one that comes or goes fades for @fade ns. */
void gr_layout_mix_set_overlay (GrLayoutMix *mix, guint number, const GrMixOverlay *overlay, GstClockTime fade);

/* What is seen where no picture is: the colour 0xRRGGBB or @image (may be NULL), cropped to cover the canvas. */
void gr_layout_mix_set_background (GrLayoutMix *mix, guint32 colour, GrMixImage *image);

/* Registers the element; for the plugin and for programs that link it. */
gboolean gr_layout_mix_register (GstPlugin *plugin);

G_END_DECLS
