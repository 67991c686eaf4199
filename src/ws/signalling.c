/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* offer, answer, ice-candidate: passed on between two participants who are inside; without "to", for the hub. Main
 * thread. */
#include "base/error.h"
#include "base/json.h"
#include "ws/private.h"

gboolean
gr_ws_handle_signal (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;
  const char *to = gr_json_string (message, "to");
  GrWsSeat *peer = to != NULL ? gr_ws_seat_find (seat->sockets, to) : NULL;
  g_autoptr (GBytes) frame = NULL;

  if (to == NULL)
    return gr_ws_offer_to_hub (socket, message, error);

  /* Who waits outside and who is in another room do not exist for each other. */
  if (peer == NULL || peer == seat || peer->room != seat->room || peer->participant->stage == GR_STAGE_WAITING
      || seat->participant->stage == GR_STAGE_WAITING)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "to", "Nobody with this id is in the room");
      return FALSE;
    }

  frame = gr_ws_frame_signal (message, seat->participant->id);
  gr_ws_seat_send_sure (peer, frame);

  return TRUE;
}
