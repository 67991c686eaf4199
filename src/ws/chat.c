/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* chat-message: stored, then told to all, the writer among them. Main thread. */
#include "base/json.h"
#include "ws/private.h"

static void
on_said (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrSocket) socket = data;
  g_autoptr (GError) error = NULL;

  if (!gr_house_say_finish (GR_HOUSE (source), result, &error))
    gr_socket_send_error (socket, error, "chat-message");
}

gboolean
gr_ws_handle_chat (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;

  gr_house_say_async (seat->sockets->house, seat->room, seat->participant->id, gr_json_string (message, "text"),
                      on_said, g_rc_box_acquire (socket));

  return TRUE;
}
