/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrInput: a participant's track on its way into the programme: link → depayload → decode → leaky queue → mixer.
 * Whatever comes or does not come, the mixer never waits for it. Its packets, depayloaded and not decoded, are fanned
 * out for recordings of single tracks. Owned by the show. Main thread. */
#pragma once

#include <gst/gst.h>

#include "base/json-writer.h"
#include "media/program/fanout.h"

G_BEGIN_DECLS

typedef struct _GrInput GrInput;

/* @source: the pad of hublinksrc; @pipeline: that both are in; @mixer: layoutmix or audiomixer. NULL if GStreamer
 * cannot. */
GrInput *gr_input_new (GstBin *pipeline, GstPad *source, GstElement *mixer);
/* Leaves the mixer; what may block is done elsewhere. */
void gr_input_free (GrInput *input);

const char *gr_input_get_participant (const GrInput *input);
/* microphone, camera, screen, screen-audio */
const char *gr_input_get_kind (const GrInput *input);
gboolean gr_input_is_video (const GrInput *input);
GstPad *gr_input_get_source (const GrInput *input);
/* (transfer none): its sink pad at the mixer. */
GstPad *gr_input_get_mixer_pad (const GrInput *input);
/* (transfer none): one stream, in the codec it is sent in. */
GrFanout *gr_input_get_fanout (const GrInput *input);

/* Linear; 0 is silence. Sound only. */
void gr_input_set_gain (GrInput *input, double gain);

/* Makes its decoder anew if the packets are in another codec now, or @always. */
void gr_input_renew (GrInput *input, gboolean always);

/* Whether @element, which posted an error, is part of it. */
gboolean gr_input_owns (const GrInput *input, GstObject *element);

/* An object. */
void gr_input_describe (GrInput *input, GrJsonWriter *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrInput, gr_input_free)

G_END_DECLS
