/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrSwitchboard: which way the media of each live room goes, browser to browser or through the hub, and what the hub is
 * told about who may send. Owned by the composition root. Main thread.
 *
 * A room is peer to peer while no more people are inside than its p2p-max and none of them is in a green room, or while
 * there is no hub. Once through the
 * hub it stays so until it empties or its host raises p2p-max, since each change costs everybody a moment of silence.
 */
#pragma once

#include "domain/ports/hub.h"
#include "domain/rooms/house.h"

G_BEGIN_DECLS

#define GR_TYPE_SWITCHBOARD (gr_switchboard_get_type ())
G_DECLARE_FINAL_TYPE (GrSwitchboard, gr_switchboard, GR, SWITCHBOARD, GObject)

GrSwitchboard *gr_switchboard_new (GrHouse *house, GrHubPort *hub);

GrHubPort *gr_switchboard_get_hub (GrSwitchboard *board);

/* A participant's offer to the hub (see gr_hub_port_offer_async()). CONFLICT unless the room's media goes through the
 * hub and
 * @epoch is the room's; FORBIDDEN for the waiting. */
void gr_switchboard_offer_async (GrSwitchboard *board,
                                 GrRoom *room,
                                 const char *participant_id,
                                 guint epoch,
                                 const char *sdp,
                                 GVariant *tracks,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
char *gr_switchboard_offer_finish (GrSwitchboard *board, GAsyncResult *result, GError **error);

/* Whose pictures the participant looks at. @pictures: a(ss) of participant and kind, taken if floating. */
void gr_switchboard_subscribe (GrSwitchboard *board, GrRoom *room, const char *participant_id, GVariant *pictures);

/* The hub's counters of what the participant sends and receives, as a JSON object (gr_hub_port_quality_async()).
 * CONFLICT unless the room's media goes through the hub. */
void gr_switchboard_quality_async (
    GrSwitchboard *board, GrRoom *room, const char *participant_id, GAsyncReadyCallback callback, gpointer user_data);
char *gr_switchboard_quality_finish (GrSwitchboard *board, GAsyncResult *result, GError **error);

G_END_DECLS
