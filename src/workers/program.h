/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrProgramWorkers: the processes that make programmes (greenroom-media program), one for each running show, and their
 * links with the hub. Implements GrProgramPort. Owned by the composition root. Main thread. */
#pragma once

#include "base/config.h"
#include "domain/ports/program.h"
#include "workers/hub.h"

G_BEGIN_DECLS

#define GR_TYPE_PROGRAM_WORKERS (gr_program_workers_get_type ())
G_DECLARE_FINAL_TYPE (GrProgramWorkers, gr_program_workers, GR, PROGRAM_WORKERS, GObject)

GrProgramWorkers *gr_program_workers_new (GrConfig *config, GrHubWorker *hub);

/* Ends all processes for good. Before the last reference goes. */
void gr_program_workers_stop (GrProgramWorkers *workers);

G_END_DECLS
