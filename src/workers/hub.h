/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHubWorker: the GrHubPort that greenroom-media hub implements, spoken to by D-Bus. Owned by the composition root.
 * Main thread. */
#pragma once

#include "base/config.h"
#include "domain/ports/hub.h"

G_BEGIN_DECLS

#define GR_TYPE_HUB_WORKER (gr_hub_worker_get_type ())
G_DECLARE_FINAL_TYPE (GrHubWorker, gr_hub_worker, GR, HUB_WORKER, GObject)

GrHubWorker *gr_hub_worker_new (GrConfig *config);

/* Starts the program that [media] program names; without one the hub stays down. */
void gr_hub_worker_start (GrHubWorker *hub);
void gr_hub_worker_stop (GrHubWorker *hub);

/* Has a show's program process come in as @participant, over @socket, which it takes: one end of a SOCK_SEQPACKET pair.
 * Nothing happens while the hub is down. */
void gr_hub_worker_attach (GrHubWorker *hub, const char *room, const char *participant, int socket);

/* Which tracks go over that link: a(ss) of participant and kind. */
void gr_hub_worker_watch (GrHubWorker *hub, const char *room, const char *participant, GVariant *tracks);

G_END_DECLS
