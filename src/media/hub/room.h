/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRoom: the participants of a room at the hub, who hears and sees whom, and the pipeline of their webrtcbins. Owned
 * by the service. Main thread.
 *
 * What a room has to tell is kept as the latest state of each thing, so a greenroomd that does not read costs no
 * memory: gr_room_settle() applies what changed, gr_room_tell() says it, each as late and as rarely as the service
 * likes. */
#pragma once

#include "media-dbus.h"
#include "media/hub/participant.h"
#include "media/hub/pipeline.h"

G_BEGIN_DECLS

typedef struct _GrRoom GrRoom;

/* Something changed that gr_room_settle() or gr_room_tell() should see to. */
typedef void (*GrRoomChangedFunc) (GrRoom *room, gpointer user_data);

/* @peers: of all rooms, for gr_room_take_fact(); made with g_hash_table_new (NULL, NULL). @addresses: of GrSdpAddress.
 */
GrRoom *gr_room_new (
    GrHub *hub, const char *id, GHashTable *peers, GArray *addresses, GrRoomChangedFunc changed, gpointer user_data);
void gr_room_free (GrRoom *room);

const char *gr_room_get_id (const GrRoom *room);
gboolean gr_room_is_empty (const GrRoom *room);

/* @answer, or NULL with @error; called once. */
typedef void (*GrRoomAnswerFunc) (const char *answer, const GError *error, gpointer user_data);

/* @tracks: of GrTrackLine. The participant comes with its first offer. GR_ERROR_INVALID_INPUT, GR_ERROR_CONFLICT while
 * another offer of the same transport waits. */
void gr_room_offer (GrRoom *room,
                    const char *participant,
                    const GrSdp *offer,
                    GArray *tracks,
                    GrRoomAnswerFunc func,
                    gpointer user_data);

/* @pictures: a(ss). Kinds that are no pictures: GR_ERROR_INVALID_INPUT. Before the first offer, this and
 * gr_room_allow() hold for it. */
gboolean gr_room_subscribe (GrRoom *room, const char *participant, GVariant *pictures, GError **error);
void gr_room_allow (GrRoom *room, const char *participant, guint kinds, gboolean backstage, gboolean hears_backstage);
void gr_room_leave (GrRoom *room, const char *participant);

/* A program process comes by @fd, which is taken over, or comes anew. */
void gr_room_attach (GrRoom *room, const char *participant, int fd);
/* @tracks: a(ss), what travels over its link. GR_ERROR_INVALID_INPUT. */
gboolean gr_room_watch (GrRoom *room, const char *participant, GVariant *tracks, GError **error);

void gr_room_draw (GrRoom *room, GrPipelineFunc func, gpointer user_data, GDestroyNotify destroy);

/* Of whichever room the fact is about. */
void gr_room_take_fact (GHashTable *peers, const GrHubFact *fact);

void gr_room_settle (GrRoom *room);
/* Whether there may have been something to say. */
gboolean gr_room_tell (GrRoom *room, GrMediaDBusHub *hub);

/* NULL for somebody who is not here. */
const GrParticipant *gr_room_find (GrRoom *room, const char *participant);

/* The participant of @peer, or NULL if it is not in this room. */
const GrParticipant *gr_room_find_peer (const GrRoom *room, GrHubPeerId peer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRoom, gr_room_free)

G_END_DECLS
