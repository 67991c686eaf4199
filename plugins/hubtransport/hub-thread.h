/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHubThread: the thread "hub", which owns a GrPlane: waits for datagrams, commands and time, and does in each turn
 * what has come. Owned by GrHub; main starts and stops it. */
#pragma once

#include "plugins/hubtransport/plane.h"

G_BEGIN_DECLS

typedef struct _GrHubThread GrHubThread;

/* Takes over @plane. Returns NULL with errno set if epoll has no descriptor left; the plane is freed then. */
GrHubThread *gr_hub_thread_start (GrPlane *plane);

/* Ends the thread and frees the plane with everything in it. Waits for the current turn. */
void gr_hub_thread_stop (GrHubThread *thread);

G_END_DECLS
