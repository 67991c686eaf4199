/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media through the hub: offers, subscriptions and questions to it, slots, speakers and codecs from it. Main thread. */
#include "base/error.h"
#include "base/json.h"
#include "ws/private.h"

/* [{a, b}] as a(ss); the schema has seen to the members. */
static GVariant *
pairs (JsonArray *array, const char *a, const char *b)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      g_variant_builder_add (&builder, "(ss)", gr_json_string (object, a), gr_json_string (object, b));
    }

  return g_variant_builder_end (&builder);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrSocket) socket = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = gr_switchboard_offer_finish (GR_SWITCHBOARD (source), result, &error);
  g_autoptr (GBytes) frame = NULL;

  if (sdp == NULL)
    {
      gr_socket_send_error (socket, error, "offer");
      return;
    }

  frame = gr_ws_frame_answer (sdp);
  gr_socket_send (socket, frame);
}

gboolean
gr_ws_offer_to_hub (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;

  /* The hub is ICE-lite (RFC 8445, section 2.5): it asks for no candidates and makes no offers of its own. */
  if (!g_str_equal (gr_json_string (message, "type"), "offer"))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "to", "Say to whom");
      return FALSE;
    }

  gr_switchboard_offer_async (seat->sockets->board, seat->room, seat->participant->id,
                              gr_json_int (message, "epoch", 0), gr_json_string (message, "sdp"),
                              pairs (gr_json_array (message, "tracks"), "mid", "kind"), on_answer,
                              g_rc_box_acquire (socket));

  return TRUE;
}

gboolean
gr_ws_handle_subscribe (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;

  gr_switchboard_subscribe (seat->sockets->board, seat->room, seat->participant->id,
                            pairs (gr_json_array (message, "pictures"), "participant", "kind"));

  return TRUE;
}

static void
on_quality (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrSocket) socket = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = gr_switchboard_quality_finish (GR_SWITCHBOARD (source), result, &error);
  g_autoptr (GBytes) frame = NULL;

  socket->asking = FALSE;

  if (json == NULL)
    {
      gr_socket_send_error (socket, error, "quality");
      return;
    }

  frame = gr_ws_frame_quality (json);
  gr_socket_send (socket, frame);
}

gboolean
gr_ws_handle_quality (GrSocket *socket, JsonObject *message, GError **error)
{
  GrWsSeat *seat = socket->seat;

  if (socket->asking)
    return TRUE;

  socket->asking = TRUE;
  gr_switchboard_quality_async (seat->sockets->board, seat->room, seat->participant->id, on_quality,
                                g_rc_box_acquire (socket));

  return TRUE;
}

static void
on_slots (GrHubPort *hub, const char *room_id, const char *participant_id, GVariant *slots, GrSockets *sockets)
{
  GrWsSeat *seat = gr_ws_seat_find (sockets, participant_id);
  g_autoptr (GBytes) frame = gr_ws_frame_slots (slots);

  if (seat != NULL)
    gr_ws_seat_send_sure (seat, frame);
}

static void
on_codecs (
    GrHubPort *hub, const char *room_id, const char *participant_id, const char *const *video, GrSockets *sockets)
{
  GrWsSeat *seat = gr_ws_seat_find (sockets, participant_id);
  g_autoptr (GBytes) frame = gr_ws_frame_codecs (video);

  if (seat != NULL)
    gr_ws_seat_send_sure (seat, frame);
}

/* Those of @speakers whom everybody may hear. */
static GVariant *
on_stage_only (GrRoom *room, GVariant *speakers)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sd)"));
  GVariantIter iter;
  const char *id;
  double level;

  g_variant_iter_init (&iter, speakers);
  while (g_variant_iter_next (&iter, "(&sd)", &id, &level))
    {
      const GrParticipant *participant = gr_room_get_participant (room, id);

      if (participant != NULL && participant->stage == GR_STAGE_ON)
        g_variant_builder_add (&builder, "(sd)", id, level);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
on_speakers (GrHubPort *hub, const char *room_id, GVariant *speakers, GrSockets *sockets)
{
  GrRoom *room = gr_house_get_room (sockets->house, room_id);
  g_autoptr (GVariant) on_stage = room != NULL ? on_stage_only (room, speakers) : NULL;
  g_autoptr (GBytes) all = NULL;
  g_autoptr (GBytes) open = NULL;

  if (room == NULL)
    return;

  all = gr_ws_frame_speakers (speakers);
  open = gr_ws_frame_speakers (on_stage);
  gr_ws_feed_tell_apart (sockets, room, all, open);
}

void
gr_ws_media_watch (GrSockets *sockets)
{
  GrHubPort *hub = gr_switchboard_get_hub (sockets->board);

  g_signal_connect_object (hub, "slots", G_CALLBACK (on_slots), sockets, 0);
  g_signal_connect_object (hub, "codecs", G_CALLBACK (on_codecs), sockets, 0);
  g_signal_connect_object (hub, "speakers", G_CALLBACK (on_speakers), sockets, 0);
}
