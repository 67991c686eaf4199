/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rooms of GrRoom share: room.c has its people and their transports, room-slots.c who is in whose slots and
 * who speaks, room-news.c what greenroomd is told. Main thread. */
#pragma once

#include "media/hub/room.h"

G_BEGIN_DECLS

typedef struct _GrSeat GrSeat;

struct _GrRoom
{
  char *id;
  GrHub *hub;
  GrPipeline *pipeline;
  GHashTable *seats;   /* participant's id → GrSeat, owned */
  GHashTable *numbers; /* participant's number → GrSeat */
  GHashTable *peers;   /* of all rooms: peer → GrSeat */
  GArray *addresses;
  GrRoomCodecs codecs;
  GrSpeakers *speakers;
  guint timer;
  guint quiet_ticks;
  GArray *told_speakers; /* of GrSourceId */
  gboolean speakers_due;
  gboolean unsettled; /* gr_room_settle() has something to do */
  gboolean due;       /* gr_room_tell() has */
  GrRoomChangedFunc changed;
  gpointer user_data;
};

/* A participant in its room. */
struct _GrSeat
{
  GrRoom *room;
  GrParticipant *participant;
  GrRoomAnswerFunc func; /* who waits for webrtcbin's answer, or NULL */
  gpointer user_data;
  guint8 levels[GR_N_SOURCES]; /* −dBov */
  GrCodecSet told_codecs;      /* what it was told to send pictures in; 0: nothing yet */
};

/* room.c: something is due, in gr_room_settle() or only in gr_room_tell(). */
void gr_room_touch (GrRoom *room);
void gr_room_tell_later (GrRoom *room);

/* NULL if nobody of that id, or with that source, is here. */
GrSeat *gr_room_find_seat (GrRoom *room, const char *participant);
GrSeat *gr_room_seat_of_source (GrRoom *room, GrSourceId source);

/* Makes it if there is none. */
GrSeat *gr_room_take_seat (GrRoom *room, const char *participant);

/* room-slots.c: a packet of @seat was this loud, in −dBov. */
void gr_room_hear (GrSeat *seat, GrSourceKind kind, guint8 level);

/* Whether those who speak are others than those who were told of. */
void gr_room_compare_speakers (GrRoom *room);

G_END_DECLS
