/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What main is told of the plane's insides: every counter at one moment, and how loud the tracks are. Hub thread. */
#pragma once

#include "plugins/hubtransport/plane.h"

G_BEGIN_DECLS

/* Completes @task with a GrHubSnapshot, on the task's own context. */
void gr_snapshot_give (GrPlane *plane, GTask *task);

/* Tells how loud the audio tracks were since the last time. */
void gr_snapshot_tell_levels (GrPlane *plane);

/* Takes the bit rates of the last @interval µs. */
void gr_snapshot_take_rates (GrPlane *plane, gint64 interval);

G_END_DECLS
