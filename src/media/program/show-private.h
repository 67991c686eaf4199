/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of GrShow share: show.c (who comes and goes, and what others ask of it), show-pipeline.c (what it is
 * made of) and show-report.c (what it says of itself). Main thread, but for what is marked. */
#pragma once

#include <gst/gst.h>

#include "media/program/input.h"
#include "media/program/publish.h"
#include "media/program/show.h"
#include "media/program/stage.h"

G_BEGIN_DECLS

/* What mixers wait for those who are late: what the link waits for missing packets, and a picture to decode. Fixed from
 * the start, so that nobody who comes moves the programme's clock. */
#define GR_SHOW_LATENCY (160 * GST_MSECOND)

struct _GrShow
{
  GObject parent;

  GrShowEvents events;
  GrShowSettings settings;
  GrLinkEnd *end;
  GrScene *scene;
  GArray *people;

  /* While it runs. */
  GstElement *pipeline;
  GstElement *source;
  GstElement *video_mixer;
  GstElement *audio_mixer;
  GrStage *stage;
  GPtrArray *inputs; /* GrInput */
  GrFanout *fanout;
  GrPublish *publish;
  GstPad *video_end; /* of the encoder, where keyframes are asked for */
  gboolean failed;

  gint started; /* atomic, as what follows: written by streaming threads */
  gint encoded[GR_FANOUT_PROGRAMME_STREAMS];
  gint late_us[GR_FANOUT_PROGRAMME_STREAMS]; /* from a frame's time until it is encoded */
  gint skipped[GR_FANOUT_PROGRAMME_STREAMS]; /* what the encoder had no time for */
};

/* Its pipeline, mixers, encoders and fan-out; not running yet. GR_ERROR_UNAVAILABLE; what there is by then goes with
 * gr_show_stop(). */
gboolean gr_show_make_pipeline (GrShow *show, GError **error);

/* Any thread. Asks the encoder of @user_data, a GstPad after it, for a keyframe. */
void gr_show_want_keyframe (gpointer user_data);

G_END_DECLS
