/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What room.c shares with moderation.c. Main thread. */
#pragma once

#include "domain/rooms/room.h"

G_BEGIN_DECLS

/* The participant, owned by @room; NOT_FOUND (field participant). */
GrParticipant *gr_room_require (GrRoom *room, const char *id, GError **error);

/* Whether somebody with @role on @stage may send at all: the green room is between no browsers, since there only the
 * sender would keep others out. */
gboolean gr_room_may_send (GrRoom *room, GrRoomRole role, GrStage stage);

void gr_room_emit (GrRoom *room, const GrRoomEvent *event);
void gr_room_emit_changed (GrRoom *room, GrParticipant *participant, GrStage was_stage, GrRoomRole was_role);

G_END_DECLS
