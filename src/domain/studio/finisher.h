/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrFinisher: puts recordings in order whose program process is gone: one that died while its show ended, or all of
 * them when the server itself was stopped. A program process without a show does it, one recording after the other; it
 * is there only as long as there is something to do. Owned by GrShows. Main thread.
 *
 * Signal "finished" (GrRecording *): there is no more to be done; what lies in its folder is what there is. */
#pragma once

#include "domain/ports/program.h"
#include "domain/studio/record.h"

G_BEGIN_DECLS

#define GR_TYPE_FINISHER (gr_finisher_get_type ())
G_DECLARE_FINAL_TYPE (GrFinisher, gr_finisher, GR, FINISHER, GObject)

/* The mix in a recording's folder, while it grows. */
#define GR_RECORDING_MIX "mix.mkv"

/* @pipelines: the operator's directory, or NULL; outlives it. */
GrFinisher *gr_finisher_new (GrProgramPort *programs, const char *pipelines);

/* Takes @recording, which has a folder. "finished" may follow at once, without a program to run. */
void gr_finisher_add (GrFinisher *finisher, GrRecording *recording);

G_END_DECLS
