/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens in a room, told to whom it concerns: each frame is written once. The waiting are known to hosts only.
 * Main thread. */
#include "ws/private.h"

typedef enum
{
  TO_HOSTS = 1 << 0,  /* who is inside as host */
  TO_OTHERS = 1 << 1, /* who is inside and no host */
  TO_INSIDE = TO_HOSTS | TO_OTHERS,
  TO_WAITING = 1 << 2,
} Audience;

static Audience
audience_of (const GrParticipant *participant)
{
  if (participant->stage == GR_STAGE_WAITING)
    return TO_WAITING;

  return participant->role == GR_ROOM_ROLE_HOST ? TO_HOSTS : TO_OTHERS;
}

/* Sends to all of @audience but @except (or NULL); @sure frames wait for who is away. */
static void
tell (GrSockets *sockets, GrRoom *room, Audience audience, const GrParticipant *except, gboolean sure, GBytes *frame)
{
  GPtrArray *participants = gr_room_get_participants (room);

  for (guint i = 0; i < participants->len; i++)
    {
      GrParticipant *participant = g_ptr_array_index (participants, i);
      GrWsSeat *seat;

      if (participant == except || !(audience_of (participant) & audience))
        continue;

      seat = gr_ws_seat_find (sockets, participant->id);
      if (seat == NULL)
        continue;

      if (sure)
        gr_ws_seat_send_sure (seat, frame);
      else
        gr_ws_seat_send (seat, frame);
    }
}

static void
tell_joined (GrSockets *sockets, GrRoom *room, const GrParticipant *participant)
{
  g_autoptr (GBytes) frame = gr_ws_frame_participant ("participant-joined", participant);

  tell (sockets, room, participant->stage == GR_STAGE_WAITING ? TO_HOSTS : TO_INSIDE, participant, FALSE, frame);
}

/* Why somebody is out, told to them: only what they did not do themselves. */
static void
show_out (GrSockets *sockets, const GrRoomEvent *event)
{
  GrWsSeat *seat = gr_ws_seat_find (sockets, event->participant->id);
  GrSocket *socket;

  if (seat == NULL)
    return;

  socket = seat->socket;
  g_hash_table_remove (sockets->seats, event->participant->id);

  if (socket == NULL || event->reason == GR_LEAVE_LEFT)
    return;

  /* Somebody whose rights have changed may come in anew. */
  if (event->reason == GR_LEAVE_LOST)
    {
      gr_socket_close (socket, GR_WS_TRY_LATER, "come in again");
      return;
    }

  g_autoptr (GBytes) removed = gr_ws_frame_removed (gr_leave_reason_to_string (event->reason));

  gr_socket_send (socket, removed);
  gr_socket_close (socket, GR_WS_POLICY, gr_leave_reason_to_string (event->reason));
}

static void
tell_left (GrSockets *sockets, GrRoom *room, const GrRoomEvent *event)
{
  if (event->reason != GR_LEAVE_CLOSED)
    {
      /* Nobody else has to know of somebody's sessions. */
      GrLeaveReason reason = event->reason == GR_LEAVE_SIGNED_OUT ? GR_LEAVE_LEFT : event->reason;
      g_autoptr (GBytes) frame = gr_ws_frame_left (event->participant->id, reason);

      tell (sockets, room, event->participant->stage == GR_STAGE_WAITING ? TO_HOSTS : TO_INSIDE, NULL, FALSE, frame);
    }

  show_out (sockets, event);
}

/* A new host learns who waits; a former one forgets. */
static void
tell_waiting_list (GrSockets *sockets, GrRoom *room, const GrParticipant *participant)
{
  GPtrArray *participants = gr_room_get_participants (room);
  GrWsSeat *seat = gr_ws_seat_find (sockets, participant->id);

  for (guint i = 0; seat != NULL && i < participants->len; i++)
    {
      const GrParticipant *other = g_ptr_array_index (participants, i);
      g_autoptr (GBytes) frame = NULL;

      if (other->stage != GR_STAGE_WAITING)
        continue;

      frame = participant->role == GR_ROOM_ROLE_HOST ? gr_ws_frame_participant ("participant-joined", other)
                                                     : gr_ws_frame_left (other->id, GR_LEAVE_LEFT);
      gr_ws_seat_send (seat, frame);
    }
}

static void
tell_changed (GrSockets *sockets, GrRoom *room, const GrRoomEvent *event)
{
  const GrParticipant *participant = event->participant;
  g_autoptr (GBytes) updated = gr_ws_frame_participant ("participant-status-updated", participant);
  GrWsSeat *seat = gr_ws_seat_find (sockets, participant->id);

  if (participant->stage == GR_STAGE_WAITING)
    {
      tell (sockets, room, TO_HOSTS, NULL, FALSE, updated);
      return;
    }

  if (event->was_stage == GR_STAGE_WAITING)
    {
      g_autoptr (GBytes) joined = gr_ws_frame_participant ("participant-joined", participant);

      tell (sockets, room, TO_HOSTS, participant, FALSE, updated);
      tell (sockets, room, TO_OTHERS, participant, FALSE, joined);
      if (seat != NULL)
        gr_ws_seat_send_joined (seat, FALSE);
      return;
    }

  tell (sockets, room, TO_INSIDE, NULL, FALSE, updated);

  if ((participant->role == GR_ROOM_ROLE_HOST) != (event->was_role == GR_ROOM_ROLE_HOST))
    tell_waiting_list (sockets, room, participant);
}

void
gr_ws_feed_tell_inside (GrSockets *sockets, GrRoom *room, GBytes *frame)
{
  tell (sockets, room, TO_INSIDE, NULL, FALSE, frame);
}

void
gr_ws_feed_tell_hosts (GrSockets *sockets, GrRoom *room, GBytes *frame)
{
  tell (sockets, room, TO_HOSTS, NULL, FALSE, frame);
}

void
gr_ws_feed_tell_apart (GrSockets *sockets, GrRoom *room, GBytes *backstage, GBytes *others)
{
  GPtrArray *participants = gr_room_get_participants (room);

  for (guint i = 0; i < participants->len; i++)
    {
      const GrParticipant *participant = g_ptr_array_index (participants, i);
      GrWsSeat *seat = gr_ws_seat_find (sockets, participant->id);

      if (seat != NULL && participant->stage != GR_STAGE_WAITING)
        gr_ws_seat_send (seat, gr_participant_hears_backstage (participant) ? backstage : others);
    }
}

static void
tell_request (GrSockets *sockets, const char *type, const GrRoomEvent *event)
{
  GrWsSeat *seat = gr_ws_seat_find (sockets, event->participant->id);
  g_autoptr (GBytes) frame = gr_ws_frame_request (type, event->media, event->by != NULL ? event->by : "");

  if (seat != NULL)
    gr_ws_seat_send_sure (seat, frame);
}

/* The owner's copy says "mine". */
static void
tell_record (GrSockets *sockets, GrRoom *room)
{
  const char *owner_id = gr_room_get_record (room)->owner_id;
  GPtrArray *participants = gr_room_get_participants (room);
  g_autoptr (GBytes) theirs = gr_ws_frame_room (room, NULL);
  g_autoptr (GBytes) own = gr_ws_frame_room (room, owner_id);

  for (guint i = 0; i < participants->len; i++)
    {
      const GrParticipant *participant = g_ptr_array_index (participants, i);
      GrWsSeat *seat = gr_ws_seat_find (sockets, participant->id);

      if (seat != NULL)
        gr_ws_seat_send (seat, participant->owner ? own : theirs);
    }
}

static void
on_event (GrRoom *room, const GrRoomEvent *event, GrSockets *sockets)
{
  g_autoptr (GBytes) frame = NULL;

  switch (event->type)
    {
    case GR_ROOM_EVENT_JOINED:
      tell_joined (sockets, room, event->participant);
      break;
    case GR_ROOM_EVENT_LEFT:
      tell_left (sockets, room, event);
      break;
    case GR_ROOM_EVENT_CHANGED:
      tell_changed (sockets, room, event);
      break;
    case GR_ROOM_EVENT_MUTE:
      tell_request (sockets, "mute", event);
      break;
    case GR_ROOM_EVENT_ASK_UNMUTE:
      tell_request (sockets, "ask-unmute", event);
      break;
    case GR_ROOM_EVENT_RECORD:
      tell_record (sockets, room);
      break;
    case GR_ROOM_EVENT_MEDIA:
      frame = gr_ws_frame_media (room);
      tell (sockets, room, TO_INSIDE, NULL, FALSE, frame);
      break;
    case GR_ROOM_EVENT_TRACK_ADDED:
      frame = gr_ws_frame_track ("track-added", event->source, event->track);
      tell (sockets, room, TO_INSIDE, NULL, FALSE, frame);
      break;
    case GR_ROOM_EVENT_TRACK_REMOVED:
      frame = gr_ws_frame_track ("track-removed", event->source, event->track);
      tell (sockets, room, TO_INSIDE, NULL, FALSE, frame);
      break;
    case GR_ROOM_EVENT_MESSAGE:
      frame = gr_ws_frame_message (event->message);
      tell (sockets, room, TO_INSIDE | TO_WAITING, NULL, TRUE, frame);
      break;
    case GR_ROOM_EVENT_MESSAGE_REMOVED:
      frame = gr_ws_frame_message_removed (event->message_id);
      tell (sockets, room, TO_INSIDE | TO_WAITING, NULL, TRUE, frame);
      break;
    }
}

void
gr_ws_feed_watch (GrSockets *sockets, GrRoom *room)
{
  g_signal_connect_object (room, "event", G_CALLBACK (on_event), sockets, 0);
}
