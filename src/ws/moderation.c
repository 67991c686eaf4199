/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stage: on and off it. All else that hosts do comes over HTTP. Main thread. */
#include "base/json.h"
#include "ws/private.h"

gboolean
gr_ws_handle_stage (GrSocket *socket, JsonObject *message, GError **error)
{
  GrActor actor = gr_ws_seat_actor (socket->seat);
  GrStage stage;

  if (!gr_stage_from_string (gr_json_string (message, "stage"), &stage))
    g_assert_not_reached ();

  return gr_room_set_stage (socket->seat->room, &actor, gr_json_string (message, "participant"), stage, error);
}
