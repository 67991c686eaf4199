/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPublish: the programme on its way back to the hub, for those who watch by WHEP: one more consumer of the fan-out,
 * in a pipeline of its own. Owned by the show. Main thread. */
#pragma once

#include "media/program/fanout.h"
#include "plugins/hublink/link-end.h"

G_BEGIN_DECLS

typedef struct _GrPublish GrPublish;

/* @base_time: of the pipeline whose running times the fan-out has. */
GrPublish *gr_publish_new (GrFanout *fanout, GrLinkEnd *end, GstClockTime base_time);
void gr_publish_free (GrPublish *publish);

void gr_publish_get_stats (GrPublish *publish, GrFanoutStats *stats);

/* In the language of Graphviz. */
char *gr_publish_draw (GrPublish *publish);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrPublish, gr_publish_free)

G_END_DECLS
