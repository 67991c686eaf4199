/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRoom: a room while somebody is in it. Owned by GrHouse. Main thread.
 *
 * Whatever happens is told by one signal, "event" (const GrRoomEvent *), in the order it happened; the WebSocket feed
 * and D-Bus listen. Who may ask for what is judged here, for every way in. */
#pragma once

#include "domain/accounts/account.h"
#include "domain/rooms/participant.h"
#include "domain/rooms/record.h"

G_BEGIN_DECLS

#define GR_TYPE_ROOM (gr_room_get_type ())
G_DECLARE_FINAL_TYPE (GrRoom, gr_room, GR, ROOM, GObject)

typedef enum
{
  GR_LEAVE_LEFT,
  GR_LEAVE_LOST, /* the socket dropped and did not come back in time */
  GR_LEAVE_KICKED,
  GR_LEAVE_BANNED,
  GR_LEAVE_DENIED,     /* was never let in */
  GR_LEAVE_CLOSED,     /* the room is over */
  GR_LEAVE_SIGNED_OUT, /* the session with which they came in is over */
} GrLeaveReason;

typedef enum
{
  GR_ROOM_EVENT_JOINED,          /* participant */
  GR_ROOM_EVENT_LEFT,            /* participant, reason */
  GR_ROOM_EVENT_CHANGED,         /* participant, was_stage, was_role */
  GR_ROOM_EVENT_MUTE,            /* participant, media, by */
  GR_ROOM_EVENT_ASK_UNMUTE,      /* participant, media, by */
  GR_ROOM_EVENT_RECORD,          /* the room itself changed */
  GR_ROOM_EVENT_MEDIA,           /* media begins anew: mode and epoch changed */
  GR_ROOM_EVENT_TRACK_ADDED,     /* source, track: the hub has got it */
  GR_ROOM_EVENT_TRACK_REMOVED,   /* source, track */
  GR_ROOM_EVENT_MESSAGE,         /* message */
  GR_ROOM_EVENT_MESSAGE_REMOVED, /* message_id */
} GrRoomEventType;

/* What becomes of what is said inside, as flags. */
typedef enum
{
  GR_AIR_BROADCAST = 1 << 0,
  GR_AIR_RECORDED = 1 << 1,
} GrAir;

/* Which way media goes. */
typedef enum
{
  GR_MEDIA_MODE_P2P,
  GR_MEDIA_MODE_HUB,
} GrMediaMode;

/* Lives as long as the signal's emission. */
typedef struct
{
  GrRoomEventType type;
  GrParticipant *participant;
  GrLeaveReason reason;
  GrStage was_stage;
  GrRoomRole was_role;
  GrMedia media;
  GrTracks track;
  const char *source; /* whose track: a participant's id, or the show's */
  const char *by;     /* the name of the host who asked */
  const GrMessage *message;
  const char *message_id;
} GrRoomEvent;

/* Who asks for something in a room: an account, a participant, or both. */
typedef struct
{
  const char *account_id; /* NULL: anonymous, or the operator */
  GrRole role;
  const char *participant_id; /* NULL: not inside, as far as known */
  const char *name;
} GrActor;

/* What a participant says of itself; only the members whose flag is set in @fields count. */
typedef struct
{
  enum
  {
    GR_STATUS_HAND = 1 << 0,
    GR_STATUS_STREAMS = 1 << 1,
  } fields;
  GrMedia media_fields; /* which of @media are told */
  GrMedia media;
  gboolean hand;
  const char *camera_stream;
  const char *screen_stream;
} GrStatus;

/* Takes @record. */
GrRoom *gr_room_new (GrRoomRecord *record);

const char *gr_room_get_id (GrRoom *room);
const GrRoomRecord *gr_room_get_record (GrRoom *room);

/* Takes @record, which has the same id. */
void gr_room_set_record (GrRoom *room, GrRoomRecord *record);

/* GrParticipants in the order they came, the waiting among them. Owned by @room. */
GPtrArray *gr_room_get_participants (GrRoom *room);
GrParticipant *gr_room_get_participant (GrRoom *room, const char *id);

/* How many are let in. */
guint gr_room_count_inside (GrRoom *room);

/* Which way media goes, and how often that began anew: an offer for an older epoch is void. */
GrMediaMode gr_room_get_mode (GrRoom *room);
guint gr_room_get_epoch (GrRoom *room);

/* Whether the room is on air or recorded; whoever is inside is told (GR_ROOM_EVENT_RECORD). @show: what its programme
 * is called at the hub, or NULL. */
GrAir gr_room_get_air (GrRoom *room);
const char *gr_room_get_show (GrRoom *room);
void gr_room_set_air (GrRoom *room, GrAir air, const char *show);

/* Media begins anew in @mode. */
void gr_room_restart_media (GrRoom *room, GrMediaMode mode);

/* The hub has got, or lost, a participant's tracks. */
void gr_room_set_tracks (GrRoom *room, GrParticipant *participant, GrTracks tracks);

/* Or those of the show. */
GrTracks gr_room_get_programme (GrRoom *room);
void gr_room_set_programme (GrRoom *room, GrTracks tracks);

/* Whether @actor may act as host here: the owner, a moderator, or a host inside. */
gboolean gr_room_may_host (GrRoom *room, const GrActor *actor);

/* Whether @account_id sits in the room, let in. */
gboolean gr_room_has_account (GrRoom *room, const char *account_id);

/* Seats @participant (takes no reference of the caller's). */
void gr_room_add (GrRoom *room, GrParticipant *participant);

/* Frees the seat. NOT_FOUND. */
gboolean gr_room_leave (GrRoom *room, const char *participant_id, GrLeaveReason reason, GError **error);

/* Everybody leaves with GR_LEAVE_CLOSED. */
void gr_room_close (GrRoom *room);

/* Who is neither on stage nor in a green room sends nothing: CONFLICT. There is a green room where media goes through
 * the hub, which lets out of it only what hosts may have. */
gboolean gr_room_set_status (GrRoom *room, const char *participant_id, const GrStatus *status, GError **error);

/* What a host does (moderation.c). FORBIDDEN when @actor is no host, NOT_FOUND, CONFLICT when it makes no sense now.
 * The owner cannot be removed or demoted but by a moderator: FORBIDDEN. */
gboolean gr_room_may_remove (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error);
gboolean gr_room_admit (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error);
gboolean gr_room_remove (GrRoom *room, const GrActor *actor, const char *participant_id, gboolean ban, GError **error);
gboolean
gr_room_set_role (GrRoom *room, const GrActor *actor, const char *participant_id, GrRoomRole role, GError **error);
gboolean gr_room_mute (GrRoom *room, const GrActor *actor, const char *participant_id, GrMedia media, GError **error);
gboolean
gr_room_ask_unmute (GrRoom *room, const GrActor *actor, const char *participant_id, GrMedia media, GError **error);
/* How loud somebody is in a show: 0 to 4, linear. */
gboolean gr_room_set_gain (GrRoom *room, const GrActor *actor, const char *participant_id, double gain, GError **error);
gboolean gr_room_lower_hand (GrRoom *room, const GrActor *actor, const char *participant_id, GError **error);

/* A host moves anybody; anybody may step down. A viewer has no stage: CONFLICT. */
gboolean
gr_room_set_stage (GrRoom *room, const GrActor *actor, const char *participant_id, GrStage stage, GError **error);

/* Several of the above at once, in the order of the members: all of them, or with an error none. */
typedef struct
{
  gboolean admit;
  gboolean has_role;
  GrRoomRole role;
  gboolean has_stage;
  GrStage stage;
  GrMedia mute;       /* 0: nothing */
  GrMedia ask_unmute; /* likewise */
  gboolean lower_hand;
  gboolean has_gain;
  double gain;
} GrParticipantChange;

gboolean gr_room_change_participant (
    GrRoom *room, const GrActor *actor, const char *participant_id, const GrParticipantChange *change, GError **error);

/* Tells the room; storing came before (GrHouse). */
void gr_room_tell_message (GrRoom *room, const GrMessage *message);
void gr_room_tell_message_removed (GrRoom *room, const char *message_id);

const char *gr_media_mode_to_string (GrMediaMode mode);

const char *gr_leave_reason_to_string (GrLeaveReason reason);

G_END_DECLS
