/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of GrLayoutMix share: layout-mix.c is the GStreamer element, arrangement.c knows where everything is
 * at a moment, and is told where it shall go. */
#pragma once

#include <gst/video/video.h>

#include "plugins/layoutmix/frame.h"
#include "plugins/layoutmix/layout-mix.h"

G_BEGIN_DECLS

struct _GrLayoutMix
{
  GstAggregator parent;

  GMutex lock; /* taken before pads' locks, never while drawing */
  /* Under the lock. */
  GPtrArray *pads; /* GrLayoutMixPad; those released stay until they have faded out */
  gboolean committed;
  GrTransition kind;
  GstClockTime begin; /* running time of the transition's first frame, NONE until then */
  GstClockTime duration;
  GstClockTime now; /* the last frame's running time */
  guint serial;
  gboolean arrived; /* and the message posted */
  GrOverlays *overlays;
  guint32 colour;
  GrMixImage *background;
  gboolean background_changed;
  GstClockTime fade;
  guint64 frames, skipped, drawn, hidden;

  /* The streaming thread's. */
  GstVideoInfo info;
  GrFrame *frame;
  GstClockTime origin;
  guint64 number; /* of the next frame since the origin */
};

/* Under the lock, as the next two. Whether every input has its frame for @now; @over: none will have another. */
gboolean gr_layout_mix_choose (GrLayoutMix *mix, GstClockTime now, GstClockTime duration, gboolean *over);

/* What is in the frame of @now. */
void gr_layout_mix_prepare (GrLayoutMix *mix, GstClockTime now, GstClockTime duration);

/* Gives up inputs that were released and have gone. */
void gr_layout_mix_drop_released (GrLayoutMix *mix);

/* Without the lock, once it is drawn: counts, and says once that a layout has arrived. */
void gr_layout_mix_announce (GrLayoutMix *mix);

G_END_DECLS
