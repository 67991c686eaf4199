/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLayoutMixPad: one input of a GrLayoutMix: which of its frames is shown when, and where it stands. Owned by the
 * mixer. What belongs to the scene is guarded by the mixer's lock, the properties by the object lock, the frame is the
 * streaming thread's. */
#pragma once

#include <gst/base/gstaggregator.h>
#include <gst/video/video.h>

#include "plugins/layoutmix/shot.h"

G_BEGIN_DECLS

#define GR_TYPE_LAYOUT_MIX_PAD (gr_layout_mix_pad_get_type ())
G_DECLARE_FINAL_TYPE (GrLayoutMixPad, gr_layout_mix_pad, GR, LAYOUT_MIX_PAD, GstAggregatorPad)

struct _GrLayoutMixPad
{
  GstAggregatorPad parent;

  /* Properties: where it stands while no layout was committed. 0 × 0 is the whole canvas. */
  GrRect rect;
  GrFit fit;
  gint z;
  double alpha;
  GstClockTime hold;

  /* The scene's, under the mixer's lock. */
  GrShot from;
  GrShot to;
  gboolean released;

  /* The streaming thread's. */
  GstVideoInfo coming_info; /* of what is next in the queue */
  GstVideoInfo info;        /* of @buffer */
  GstBuffer *buffer;        /* the frame that is shown, or would be */
  GstClockTime time;        /* its running time */
  gboolean used;            /* it was in a frame of the programme already */
  gboolean left;            /* the stream ended, or the pad is released */
  double presence;          /* 0…1: how far it has faded in */
};

/* Takes from the queue the frame that is nearest to the running time @time of an output frame that lasts @duration.
 * FALSE when a nearer one may still come. */
gboolean gr_layout_mix_pad_choose (GrLayoutMixPad *pad, GstClockTime time, GstClockTime duration);
/* Fades in who has come, out who froze for longer than the hold or left; @step of 1 for each frame. */
void gr_layout_mix_pad_advance (GrLayoutMixPad *pad, GstClockTime time, double step);
/* No more frames, and nothing more to show. */
gboolean gr_layout_mix_pad_is_done (GrLayoutMixPad *pad);
/* Forgets the frame. */
void gr_layout_mix_pad_reset (GrLayoutMixPad *pad);
/* The shot that the properties ask for. */
GrShot gr_layout_mix_pad_get_own_shot (GrLayoutMixPad *pad, gint canvas_width, gint canvas_height);

G_END_DECLS
