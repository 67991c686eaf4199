/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of rooms outlives the daemon, as values: room, invite, seat, ban, message. Plain structs, owned by whoever
 * holds the pointer; any thread. The live room is GrRoom. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_VISIBILITY_PRIVATE,  /* owner, former members, and invites */
  GR_VISIBILITY_UNLISTED, /* whoever has the link */
  GR_VISIBILITY_PUBLIC,   /* listed */
} GrVisibility;

typedef enum
{
  GR_ROOM_ROLE_HOST,
  GR_ROOM_ROLE_GUEST,
  GR_ROOM_ROLE_VIEWER,
} GrRoomRole;

typedef struct
{
  char *id; /* UUIDv7 */
  char *slug;
  char *title;
  char *description;
  char *owner_id;
  char *owner_name; /* read with the room, not stored in it */
  GrVisibility visibility;
  gint capacity; /* seats, 2 to 500 */
  gboolean waiting_room;
  gboolean guests;
  gboolean locked;
  gint p2p_max;      /* up to so many people media goes from browser to browser; 0: always through the hub */
  gint64 created_at; /* µs since the epoch */
  guint64 revision;  /* of a record just updated, so that the newest can be told; not stored, 0 as read */
} GrRoomRecord;

typedef struct
{
  char *code; /* 60 random bits, as gr_invite_code_new() writes them */
  char *room_id;
  GrRoomRole role;
  gint uses; /* how often it may be used; 0 for any number */
  gint used;
  gint64 created_at;
  gint64 expires_at;
} GrInvite;

/* A seat: one participant's presence, from join to leave. */
typedef struct
{
  char *id; /* the participant's id, UUIDv7 */
  char *room_id;
  char *account_id;   /* NULL for the anonymous */
  char *address_hash; /* of the network address, for bans of the anonymous */
  char *name;
  GrRoomRole role;
  gint64 joined_at;
} GrSeat;

typedef struct
{
  char *id;
  char *room_id;
  char *account_id;   /* NULL: by address */
  char *address_hash; /* NULL: by account */
  char *name;
  gint64 created_at;
} GrBan;

typedef struct
{
  char *id;
  char *room_id;
  char *participant_id;
  char *account_id; /* NULL for the anonymous */
  char *name;
  char *text;
  gint64 created_at;
} GrMessage;

void gr_room_record_free (GrRoomRecord *room);
void gr_invite_free (GrInvite *invite);
void gr_seat_free (GrSeat *seat);
void gr_ban_free (GrBan *ban);
void gr_message_free (GrMessage *message);

/* What stands for somebody's household in a room's bans: nobody can be followed by it from room to room. */
char *gr_room_hash_address (const char *room_id, const char *address);

const char *gr_visibility_to_string (GrVisibility visibility);
gboolean gr_visibility_from_string (const char *word, GrVisibility *visibility);
const char *gr_room_role_to_string (GrRoomRole role);
gboolean gr_room_role_from_string (const char *word, GrRoomRole *role);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRoomRecord, gr_room_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrInvite, gr_invite_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSeat, gr_seat_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrBan, gr_ban_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrMessage, gr_message_free)

G_END_DECLS
