/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrOutputs: all outputs of a show, by their ids. Owned by the service. Main thread. */
#pragma once

#include "base/json-writer.h"
#include "media/program/output.h"

G_BEGIN_DECLS

/* One after the other of a show's life; those that are over do not count. */
#define GR_OUTPUTS_MAX 32

typedef struct _GrOutputs GrOutputs;

/* @status: the document of the signal Output. */
typedef void (*GrOutputsFunc) (const char *id, const char *status, gpointer user_data);

GrOutputs *gr_outputs_new (GrOutputsFunc changed, gpointer user_data);
/* Cuts off what is not over. */
void gr_outputs_free (GrOutputs *outputs);

/* Starts it. Returns (transfer none): it, for the tracks that are there already. GR_ERROR_CONFLICT if there is one of
 * this id, GR_ERROR_BUSY if there are too many, and what gr_output_new() says. */
GrOutput *gr_outputs_add (
    GrOutputs *outputs, const char *id, const char *document, const GrOutputSources *sources, GError **error);
/* Begins to end it; one that is not there is no error. */
void gr_outputs_remove (GrOutputs *outputs, const char *id);

/* To all that there are. */
void gr_outputs_add_track (GrOutputs *outputs, const GrOutputTrack *track);
void gr_outputs_remove_track (GrOutputs *outputs, GrFanout *fanout);

/* Ends all of them; @func is called once they are over, at once if there are none. */
typedef void (*GrOutputsEndedFunc) (gpointer user_data);
void gr_outputs_end (GrOutputs *outputs, GrOutputsEndedFunc func, gpointer user_data);

/* Elements of an array: the status of each with its id. */
void gr_outputs_describe (GrOutputs *outputs, GrJsonWriter *json);
void gr_outputs_draw (GrOutputs *outputs, GString *dot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrOutputs, gr_outputs_free)

G_END_DECLS
