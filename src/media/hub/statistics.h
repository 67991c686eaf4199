/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot of the hub as JSON: {"hub":{…},"rooms":[{"room":…,"peers":[…],"tracks":[…],"slots":[…]}]}. Main thread. */
#pragma once

#include "media/hub/room.h"

G_BEGIN_DECLS

/* @rooms: of GrRoom. Returns: (transfer full) */
char *gr_statistics_write (const GrHubSnapshot *snapshot, GPtrArray *rooms);

/* {"sent":[…],"received":[…]}: what @participant of @room sends and what its slots carry. Returns: (transfer full) */
char *gr_statistics_write_quality (const GrHubSnapshot *snapshot, const GrRoom *room, const GrParticipant *participant);

G_END_DECLS
