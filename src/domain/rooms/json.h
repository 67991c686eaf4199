/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How rooms, participants and messages look in the contract (schemas/openapi.yaml), for HTTP and the WebSocket alike.
 * Each function appends one value. Any thread that may read its argument. */
#pragma once

#include <json-glib/json-glib.h>

#include "base/json-writer.h"
#include "domain/rooms/participant.h"
#include "domain/rooms/record.h"
#include "domain/rooms/room.h"

G_BEGIN_DECLS

#define GR_HEADCOUNT_NAMES 5

/* How many are inside, the first few names, and whether they are on air; copied from the live room on the main thread.
 */
typedef struct
{
  guint participants;
  char *names[GR_HEADCOUNT_NAMES + 1]; /* NULL-terminated */
  GrAir air;
} GrHeadcount;

/* Counts @room (NULL: nobody is inside). Main thread. */
void gr_headcount_take (GrHeadcount *headcount, GrRoom *room);
void gr_headcount_clear (GrHeadcount *headcount);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GrHeadcount, gr_headcount_clear)

/* @account_id: who looks, or NULL. */
void gr_room_record_write (GrJsonWriter *writer,
                           const GrRoomRecord *record,
                           const GrHeadcount *headcount,
                           const char *account_id);
void gr_participant_write (GrJsonWriter *writer, const GrParticipant *participant);
void gr_message_write (GrJsonWriter *writer, const GrMessage *message);

/* "audio", "video", "screen" of a set, as an array; and the set of such an array. */
void gr_media_write (GrJsonWriter *writer, GrMedia media);
GrMedia gr_media_parse (JsonArray *words);

G_END_DECLS
