/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrOverlays: the titles of a mixer: which there are, how far they have faded and where a ticker is. Owned by
 * GrLayoutMix, under its lock. */
#pragma once

#include "plugins/layoutmix/layout-mix.h"

G_BEGIN_DECLS

typedef struct _GrOverlays GrOverlays;

GrOverlays *gr_overlays_new (void);
void gr_overlays_free (GrOverlays *overlays);

/* As gr_layout_mix_set_overlay(). */
void gr_overlays_set (GrOverlays *overlays, guint number, const GrMixOverlay *overlay, GstClockTime fade);
/* Removes what goes with @pad. */
void gr_overlays_forget_anchor (GrOverlays *overlays, GstPad *pad);
/* For a frame at the running time @now that lasts @duration. */
void gr_overlays_advance (GrOverlays *overlays, GstClockTime now, GstClockTime duration);

/* Appends GrLayers, each with a reference of its image, to @layers: of the overlays that go with @pad, whose picture is
 * in @box, @alpha 0…1 opaque, or of those that go with none. */
void
gr_overlays_add_anchored (const GrOverlays *overlays, GArray *layers, GstPad *pad, const GrRect *box, double alpha);
void gr_overlays_add_standing (const GrOverlays *overlays, GArray *layers, GstClockTime now);

G_END_DECLS
