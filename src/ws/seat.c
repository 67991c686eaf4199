/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "ws"

#include "base/id.h"
#include "base/log.h"
#include "ws/private.h"

#define RESUME_BYTES 24
/* For a page that is loaded anew; whoever closed it is seen for so long. */
#define RELOAD_SECONDS 5
#define MISSED_FRAMES 512
#define MISSED_BYTES (1024 * 1024)

/* A token is good for one return; each joined carries the next one. */
static void
renew_token (GrWsSeat *seat)
{
  if (seat->resume != NULL)
    g_hash_table_remove (seat->sockets->by_resume, seat->resume);

  g_free (seat->resume);
  seat->resume = gr_token_new (RESUME_BYTES);
  g_hash_table_insert (seat->sockets->by_resume, seat->resume, seat);
}

static void
forget_missed (GrWsSeat *seat)
{
  g_queue_clear_full (&seat->missed, (GDestroyNotify) g_bytes_unref);
  seat->missed_bytes = 0;
}

static void
keep (GrWsSeat *seat, GBytes *frame)
{
  g_queue_push_tail (&seat->missed, g_bytes_ref (frame));
  seat->missed_bytes += g_bytes_get_size (frame);

  while (seat->missed.length > MISSED_FRAMES || seat->missed_bytes > MISSED_BYTES)
    {
      g_autoptr (GBytes) oldest = g_queue_pop_head (&seat->missed);

      seat->missed_bytes -= g_bytes_get_size (oldest);
    }
}

static gboolean
on_away_too_long (gpointer data)
{
  GrWsSeat *seat = data;

  seat->away_timer = 0;
  gr_room_leave (seat->room, seat->participant->id, seat->away_reason, NULL);

  return G_SOURCE_REMOVE;
}

static void
attach (GrWsSeat *seat, GrSocket *socket)
{
  g_clear_handle_id (&seat->away_timer, g_source_remove);
  seat->socket = socket;
  socket->seat = seat;
  renew_token (seat);
}

GrWsSeat *
gr_ws_seat_new (GrSockets *sockets, const GrAdmission *admission, GrSocket *socket)
{
  GrWsSeat *seat = g_new0 (GrWsSeat, 1);

  seat->sockets = sockets;
  seat->room = g_object_ref (admission->room);
  seat->participant = g_object_ref (admission->participant);
  seat->messages = g_ptr_array_ref (admission->messages);
  g_queue_init (&seat->missed);
  g_hash_table_insert (sockets->seats, seat->participant->id, seat);
  attach (seat, socket);

  return seat;
}

void
gr_ws_seat_free (GrWsSeat *seat)
{
  if (seat->socket != NULL)
    seat->socket->seat = NULL;

  g_clear_handle_id (&seat->away_timer, g_source_remove);
  g_hash_table_remove (seat->sockets->by_resume, seat->resume);
  forget_missed (seat);
  g_clear_pointer (&seat->messages, g_ptr_array_unref);
  g_free (seat->resume);
  g_object_unref (seat->participant);
  g_object_unref (seat->room);
  g_free (seat);
}

GrWsSeat *
gr_ws_seat_find (GrSockets *sockets, const char *participant_id)
{
  return g_hash_table_lookup (sockets->seats, participant_id);
}

GrActor
gr_ws_seat_actor (GrWsSeat *seat)
{
  return (GrActor){
    .account_id = seat->participant->account_id,
    .role = seat->participant->server_role,
    .participant_id = seat->participant->id,
    .name = seat->participant->name,
  };
}

void
gr_ws_seat_send (GrWsSeat *seat, GBytes *frame)
{
  if (seat->socket != NULL)
    gr_socket_send (seat->socket, frame);
}

void
gr_ws_seat_send_sure (GrWsSeat *seat, GBytes *frame)
{
  if (seat->socket != NULL && seat->participant->stage != GR_STAGE_WAITING)
    gr_socket_send (seat->socket, frame);
  else
    keep (seat, frame);
}

void
gr_ws_seat_send_joined (GrWsSeat *seat, gboolean resumed)
{
  g_autoptr (GBytes) joined = gr_ws_frame_joined (seat, resumed);
  g_autoptr (GBytes) scene = NULL;

  gr_ws_seat_send (seat, joined);

  if (seat->participant->stage == GR_STAGE_WAITING || seat->socket == NULL)
    return;

  scene = gr_ws_studio_frame_scene (seat->sockets, seat->room);
  if (scene != NULL)
    gr_ws_seat_send (seat, scene);

  g_clear_pointer (&seat->messages, g_ptr_array_unref);
  for (GList *link = seat->missed.head; link != NULL; link = link->next)
    gr_ws_seat_send (seat, link->data);
  forget_missed (seat);
}

void
gr_ws_seat_detach (GrWsSeat *seat, GrLeaveReason reason)
{
  guint seconds = gr_config_get_int (seat->sockets->config, "rooms", "resume-seconds");

  if (reason == GR_LEAVE_LEFT)
    seconds = MIN (seconds, RELOAD_SECONDS);

  seat->socket->seat = NULL;
  seat->socket = NULL;
  seat->away_reason = reason;
  seat->away_timer = g_timeout_add_seconds (seconds, on_away_too_long, seat);
}

void
gr_ws_seat_resume (GrWsSeat *seat, GrSocket *socket)
{
  GrSocket *before = seat->socket;

  if (before != NULL)
    {
      g_autoptr (GBytes) removed = gr_ws_frame_removed ("replaced");

      gr_ws_seat_detach (seat, GR_LEAVE_LOST);
      gr_socket_send (before, removed);
      gr_socket_close (before, GR_WS_POLICY, "replaced");
    }

  attach (seat, socket);
  gr_debug ("participant %s is back", seat->participant->id);
  gr_ws_seat_send_joined (seat, TRUE);
}
