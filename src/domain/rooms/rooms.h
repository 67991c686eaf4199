/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRooms: rooms as they stand in the store: made, found, changed, opened by invites. Owned by the composition root.
 * Blocking calls for pool threads. Who may do what with a live room is GrRoom's; here it is judged by record. */
#pragma once

#include "base/config.h"
#include "domain/accounts/accounts.h"
#include "domain/ports/store.h"

G_BEGIN_DECLS

#define GR_TYPE_ROOMS (gr_rooms_get_type ())
G_DECLARE_FINAL_TYPE (GrRooms, gr_rooms, GR, ROOMS, GObject)

/* What is to be changed; NULL members and those whose flag is not set stay as they are. */
typedef struct
{
  const char *title;
  const char *description;
  const char *slug;
  gboolean has_visibility;
  GrVisibility visibility;
  gint capacity;     /* 0: as it is */
  gint waiting_room; /* -1: as it is; likewise below */
  gint guests;
  gint locked;
  gint p2p_max;
} GrRoomChange;

#define GR_ROOM_CHANGE_NONE ((GrRoomChange){ .waiting_room = -1, .guests = -1, .locked = -1, .p2p_max = -1 })

GrRooms *gr_rooms_new (GrStore *store, GrConfig *config);

/* Makes a room; without a slug it gets a speakable one ("mill-otter-42"). INVALID_INPUT (field capacity) past the
 * server's limit; SLUG_TAKEN. */
GrRoomRecord *gr_rooms_create (GrRooms *rooms, const char *owner_id, const GrRoomChange *change, GError **error);

/* NOT_FOUND, INVALID_INPUT, SLUG_TAKEN. */
GrRoomRecord *gr_rooms_update (GrRooms *rooms, const char *id, const GrRoomChange *change, GError **error);

/* By id or slug, if @caller (NULL: nobody known) may see it: a private room opens to its owner, former members,
 * moderators and a good @invite; INVITE_REQUIRED otherwise. NOT_FOUND; a bad invite: INVITE_EXPIRED, NOT_FOUND (field
 * invite). BANNED: who cannot come in is told so before they try; @address is where they are. */
GrRoomRecord *gr_rooms_find (GrRooms *rooms,
                             const char *id_or_slug,
                             const GrAccount *caller,
                             const char *address,
                             const char *invite,
                             GError **error);

/* The room that an invite code opens; or a room by its address, unless it is private. NOT_FOUND, INVITE_EXPIRED. */
GrRoomRecord *gr_rooms_find_by_code (GrRooms *rooms, const char *code, GError **error);

/* @expires_in: seconds, 0 for a week; @uses: 0 for any number. */
GrInvite *
gr_rooms_invite (GrRooms *rooms, const char *room_id, GrRoomRole role, gint64 expires_in, gint uses, GError **error);

G_END_DECLS
