/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPipeline: a room's GstPipeline with a webrtcbin for each peer, and the room's worker, which alone changes states,
 * since that may block. Work is done in the order in which it was asked for. Its bus keeps nothing: an undrained one
 * keeps each webrtcbin that ever was. Owned by the room. Main thread; functions are called back there. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GrPipeline GrPipeline;

/* @text: the description or the graph; NULL with @error. */
typedef void (*GrPipelineFunc) (const char *text, const GError *error, gpointer user_data);

GrPipeline *gr_pipeline_new (const char *name);

/* The worker ends what is left, in its own time. What was asked for is not called back any more: its user data is
 * freed. */
void gr_pipeline_free (GrPipeline *pipeline);

/* Adds @webrtcbin (referenced, perhaps floating), gives it the remote description @offer and hands its answer to @func.
 * @destroy frees @user_data on the main thread, called back or not. */
void gr_pipeline_answer (GrPipeline *pipeline,
                         GstElement *webrtcbin,
                         const char *offer,
                         GrPipelineFunc func,
                         gpointer user_data,
                         GDestroyNotify destroy);

/* Takes @webrtcbin out and brings it to NULL. */
void gr_pipeline_remove (GrPipeline *pipeline, GstElement *webrtcbin);

/* The pipeline in the language of Graphviz, to @func. */
void gr_pipeline_draw (GrPipeline *pipeline, GrPipelineFunc func, gpointer user_data, GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrPipeline, gr_pipeline_free)

G_END_DECLS
