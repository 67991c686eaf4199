/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFrame: one output frame on its way: which buffers are in it, the layers they make, and drawing them. It keeps its
 * memory from frame to frame. Owned by GrLayoutMix; filled under its lock, drawn without, on the streaming thread. */
#pragma once

#include "plugins/layoutmix/composer.h"
#include "plugins/layoutmix/layout-mix-pad.h"
#include "plugins/layoutmix/overlay.h"

G_BEGIN_DECLS

typedef struct
{
  GrComposer *composer;
  GArray *inputs;   /* of its own kind */
  GArray *layers;   /* GrLayer: the scene, or the one that goes while it dissolves */
  GArray *arriving; /* GrLayer: the scene that comes meanwhile */
  double dissolve;  /* 0…1: how much of the scene that comes is seen */
  guint drawn;      /* layers of this frame */
  guint hidden;     /* layers that nothing was seen of */
} GrFrame;

GrFrame *gr_frame_new (void);
void gr_frame_free (GrFrame *frame);

/* Adds the picture of @pad, on the way from @from to @to, and the titles that go with it to @layers of the frame. */
void gr_frame_add_pad (GrFrame *frame,
                       GArray *layers,
                       const GrOverlays *overlays,
                       GrLayoutMixPad *pad,
                       const GrShot *from,
                       const GrShot *to,
                       double progress);
/* Draws what was added into @buffer; FALSE when it cannot be mapped. */
gboolean gr_frame_draw (GrFrame *frame, GstVideoInfo *info, GstBuffer *buffer);
/* Gives back buffers and images. */
void gr_frame_clear (GrFrame *frame);

G_END_DECLS
