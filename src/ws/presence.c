/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* join, leave, participant-status. Main thread. */
#include "base/error.h"
#include "base/json.h"
#include "ws/private.h"

static void
on_entered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrSocket) socket = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAdmission) admission = gr_house_enter_finish (GR_HOUSE (source), result, &error);

  g_clear_object (&socket->entering);

  if (admission == NULL)
    {
      gr_socket_send_error (socket, error, "join");
      gr_socket_close (socket, GR_WS_POLICY, "not let in");
      return;
    }

  if (socket->connection == NULL || !gr_ws_connection_is_open (socket->connection))
    {
      gr_room_leave (admission->room, admission->participant->id, GR_LEAVE_LEFT, NULL);
      return;
    }

  gr_ws_seat_send_joined (gr_ws_seat_new (socket->sockets, admission, socket), FALSE);
}

gboolean
gr_ws_handle_join (GrSocket *socket, JsonObject *message, GError **error)
{
  const char *resume = gr_json_string (message, "resume");
  GrWsSeat *seat = resume != NULL ? g_hash_table_lookup (socket->sockets->by_resume, resume) : NULL;

  if (socket->seat != NULL || socket->entering != NULL)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This connection has a room already");
      return FALSE;
    }

  g_clear_handle_id (&socket->join_timer, g_source_remove);

  if (seat != NULL)
    {
      gr_ws_seat_resume (seat, socket);
      return TRUE;
    }

  socket->entering = g_cancellable_new ();
  gr_house_enter_async (socket->sockets->house,
                        &(GrEntry){
                            .room = gr_json_string (message, "room"),
                            .name = gr_json_string (message, "name"),
                            .token = gr_json_string (message, "token"),
                            .invite = gr_json_string (message, "invite"),
                            .address = socket->address,
                            .watch = gr_json_bool (message, "watch", FALSE),
                        },
                        socket->entering, on_entered, g_rc_box_acquire (socket));

  return TRUE;
}

gboolean
gr_ws_handle_leave (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;

  gr_room_leave (seat->room, seat->participant->id, GR_LEAVE_LEFT, NULL);
  gr_socket_close (socket, GR_WS_NORMAL, "left");

  return TRUE;
}

gboolean
gr_ws_handle_status (GrSocket *socket, JsonObject *message, GError **error)
{
  static const struct
  {
    const char *name;
    GrMedia flag;
  } members[] = { { "audio", GR_MEDIA_AUDIO }, { "video", GR_MEDIA_VIDEO }, { "screen", GR_MEDIA_SCREEN } };
  JsonObject *streams = gr_json_object (message, "streams");
  GrStatus status = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (gr_json_has (message, members[i].name))
      {
        status.media_fields |= members[i].flag;
        if (gr_json_bool (message, members[i].name, FALSE))
          status.media |= members[i].flag;
      }

  if (gr_json_has (message, "hand"))
    {
      status.fields |= GR_STATUS_HAND;
      status.hand = gr_json_bool (message, "hand", FALSE);
    }

  if (streams != NULL)
    {
      status.fields |= GR_STATUS_STREAMS;
      status.camera_stream = gr_json_string (streams, "camera");
      status.screen_stream = gr_json_string (streams, "screen");
    }

  return gr_room_set_status (socket->seat->room, socket->seat->participant->id, &status, error);
}
