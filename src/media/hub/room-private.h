/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of GrRoom: room.c has who comes and goes and what is told, room-settle.c has who hears and sees whom. Main
 * thread. */
#pragma once

#include "media/hub/room.h"

G_BEGIN_DECLS

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
typedef struct
{
  GrRoom *room;
  GrParticipant *participant;
  GrRoomAnswerFunc func; /* who waits for webrtcbin's answer, or NULL */
  gpointer user_data;
  guint8 levels[GR_N_SOURCES]; /* −dBov */
} GrSeat;

GrSeat *gr_room_find_seat (GrRoom *room, const char *participant);
GrSeat *gr_room_seat_of_source (GrRoom *room, GrSourceId source);

G_END_DECLS
