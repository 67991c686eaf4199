/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrOutput: where a show goes: an RTMP(S) destination, a recording of the mix, the tracks of each participant, or a
 * recording to be put in order that a process left behind. Made from the document of org.greenroom.Media1.Program's
 * AddOutput, and described by the one of its signal Output. Each has a pipeline of its own, fed by the fan-out; nothing
 * that happens to it is felt by the encoders or by another output.
 *
 * Owned by the show. Main thread; no call blocks, all pipelines are started and stopped elsewhere.
 *
 *   g_autoptr (GrOutput) output = gr_output_new (id, document, &sources, on_changed, show, &error);
 *   gr_output_start (output);
 *   …
 *   gr_output_end (output);     on_changed() follows, with gr_output_is_over()
 */
#pragma once

#include <gst/gst.h>

#include "media/program/fanout.h"

G_BEGIN_DECLS

#define GR_TYPE_OUTPUT (gr_output_get_type ())
G_DECLARE_DERIVABLE_TYPE (GrOutput, gr_output, GR, OUTPUT, GObject)

/* Its status is another: with each change of state, and once a second while it is live. Main thread, never from within
 * a call on @output. */
typedef void (*GrOutputFunc) (GrOutput *output, gpointer user_data);

typedef struct
{
  GrFanout *programme;   /* GR_FANOUT_PROGRAMME_STREAMS streams; may be NULL for "finish" */
  const char *pipelines; /* the operator's directory of *.launch, or NULL */
} GrOutputSources;

/* GR_ERROR_INVALID_INPUT names the member. The stream key is in no message of any of these functions. */
GrOutput *gr_output_new (const char *id,
                         const char *document,
                         const GrOutputSources *sources,
                         GrOutputFunc changed,
                         gpointer user_data,
                         GError **error);

const char *gr_output_get_id (GrOutput *output);

void gr_output_start (GrOutput *output);

/* Finishes cleanly: what is queued is sent or written, files are closed and put in order. "changed" follows once it is
 * over: at once if it never started, within seconds for a destination, as long as copying takes for a recording. */
void gr_output_end (GrOutput *output);

/* Ended or failed for good: nothing follows. Unreferencing one that is not over stops it on the spot: a destination is
 * cut off, a recording stays as Matroska. */
gboolean gr_output_is_over (GrOutput *output);

/* A participant's track as it came, never decoded: a fan-out with stream 0 alone, gated by its keyframes if it is
 * video, whose times are running times of the same pipeline as the programme's. Only {"kind":"tracks"} records them;
 * others ignore it. A track that comes back is added again and gets another file. */
typedef struct
{
  const char *participant; /* id */
  const char *name;        /* of the person, for the manifest */
  const char *kind;        /* "microphone", "camera", "screen", "screen-audio", … */
  GrFanout *fanout;
} GrOutputTrack;

void gr_output_add_track (GrOutput *output, const GrOutputTrack *track);
void gr_output_remove_track (GrOutput *output, GrFanout *fanout);

/* The document of the signal Output. Returns: (transfer full) */
char *gr_output_status (GrOutput *output);

/* Its pipelines in the language of Graphviz, without addresses and keys; NULL if it has none now. */
char *gr_output_graph (GrOutput *output);

G_END_DECLS
