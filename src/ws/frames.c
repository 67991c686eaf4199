/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's messages (schemas/ws/) as frames that any number of sockets may share. Main thread. */
#include "base/json.h"
#include "domain/rooms/ice.h"
#include "domain/rooms/json.h"
#include "ws/private.h"

static GrJsonWriter
begin (const char *type)
{
  GrJsonWriter writer = GR_JSON_WRITER (g_string_sized_new (256));

  gr_json_writer_begin_object (&writer);
  gr_json_writer_string_member (&writer, "type", type);

  return writer;
}

static GBytes *
end (GrJsonWriter *writer)
{
  GBytes *frame;

  gr_json_writer_end_object (writer);
  frame = gr_ws_encode_text (writer->text->str, writer->text->len);
  g_string_free (writer->text, TRUE);

  return frame;
}

static void
write_room (GrJsonWriter *writer, GrRoom *room, const char *account_id)
{
  g_auto (GrHeadcount) headcount = { 0 };

  gr_headcount_take (&headcount, room);
  gr_json_writer_name (writer, "room");
  gr_room_record_write (writer, gr_room_get_record (room), &headcount, account_id);
}

GBytes *
gr_ws_frame_error (const GError *error, const char *to)
{
  GrJsonWriter writer = begin ("error");

  gr_json_writer_error_member (&writer, error);
  if (to != NULL)
    gr_json_writer_string_member (&writer, "to", to);

  return end (&writer);
}

static void
write_media (GrJsonWriter *writer, GrRoom *room)
{
  gr_json_writer_string_member (writer, "mode", gr_media_mode_to_string (gr_room_get_mode (room)));
  gr_json_writer_int_member (writer, "epoch", gr_room_get_epoch (room));
}

/* Whom @seat may see: the waiting see themselves, hosts see the waiting too. */
static gboolean
sees (GrWsSeat *seat, const GrParticipant *participant)
{
  if (participant == seat->participant)
    return TRUE;

  if (seat->participant->stage == GR_STAGE_WAITING)
    return FALSE;

  return participant->stage != GR_STAGE_WAITING || seat->participant->role == GR_ROOM_ROLE_HOST;
}

GBytes *
gr_ws_frame_joined (GrWsSeat *seat, gboolean resumed)
{
  GPtrArray *participants = gr_room_get_participants (seat->room);
  GrJsonWriter writer = begin ("joined");
  gboolean waiting = seat->participant->stage == GR_STAGE_WAITING;

  gr_json_writer_string_member (&writer, "me", seat->participant->id);
  write_room (&writer, seat->room, seat->participant->account_id);
  gr_json_writer_begin_array_member (&writer, "participants");
  for (guint i = 0; i < participants->len; i++)
    if (sees (seat, g_ptr_array_index (participants, i)))
      gr_participant_write (&writer, g_ptr_array_index (participants, i));
  gr_json_writer_end_array (&writer);
  gr_json_writer_begin_array_member (&writer, "messages");
  for (guint i = 0; !waiting && seat->messages != NULL && i < seat->messages->len; i++)
    gr_message_write (&writer, g_ptr_array_index (seat->messages, i));
  gr_json_writer_end_array (&writer);
  gr_json_writer_string_member (&writer, "resume", seat->resume);
  gr_json_writer_bool_member (&writer, "resumed", resumed);
  gr_json_writer_name (&writer, "iceServers");
  gr_ice_servers_write (&writer, seat->sockets->config);
  write_media (&writer, seat->room);
  if (!waiting)
    gr_ws_studio_write_running (&writer, seat->sockets, seat->room);

  return end (&writer);
}

GBytes *
gr_ws_frame_participant (const char *type, const GrParticipant *participant)
{
  GrJsonWriter writer = begin (type);

  gr_json_writer_name (&writer, "participant");
  gr_participant_write (&writer, participant);

  return end (&writer);
}

GBytes *
gr_ws_frame_left (const char *participant_id, GrLeaveReason reason)
{
  GrJsonWriter writer = begin ("participant-left");

  gr_json_writer_string_member (&writer, "participant", participant_id);
  gr_json_writer_string_member (&writer, "reason", gr_leave_reason_to_string (reason));

  return end (&writer);
}

GBytes *
gr_ws_frame_room (GrRoom *room, const char *account_id)
{
  GrJsonWriter writer = begin ("room-updated");

  write_room (&writer, room, account_id);

  return end (&writer);
}

GBytes *
gr_ws_frame_removed (const char *reason)
{
  GrJsonWriter writer = begin ("removed");

  gr_json_writer_string_member (&writer, "reason", reason);

  return end (&writer);
}

GBytes *
gr_ws_frame_request (const char *type, GrMedia media, const char *by)
{
  GrJsonWriter writer = begin (type);

  gr_json_writer_name (&writer, "media");
  gr_media_write (&writer, media);
  gr_json_writer_string_member (&writer, "by", by);

  return end (&writer);
}

GBytes *
gr_ws_frame_message (const GrMessage *message)
{
  GrJsonWriter writer = begin ("chat-message");

  gr_json_writer_name (&writer, "message");
  gr_message_write (&writer, message);

  return end (&writer);
}

GBytes *
gr_ws_frame_message_removed (const char *message_id)
{
  GrJsonWriter writer = begin ("chat-message-removed");

  gr_json_writer_string_member (&writer, "id", message_id);

  return end (&writer);
}

GBytes *
gr_ws_frame_reconnecting (guint after_ms)
{
  GrJsonWriter writer = begin ("reconnecting");

  gr_json_writer_int_member (&writer, "after", after_ms);

  return end (&writer);
}

GBytes *
gr_ws_frame_media (GrRoom *room)
{
  GrJsonWriter writer = begin ("media");

  write_media (&writer, room);

  return end (&writer);
}

GBytes *
gr_ws_frame_track (const char *type, const char *participant_id, GrTracks track)
{
  GrJsonWriter writer = begin (type);

  gr_json_writer_string_member (&writer, "participant", participant_id);
  gr_json_writer_string_member (&writer, "kind", gr_track_to_string (track));

  return end (&writer);
}

GBytes *
gr_ws_frame_answer (const char *sdp)
{
  GrJsonWriter writer = begin ("answer");

  gr_json_writer_string_member (&writer, "sdp", sdp);

  return end (&writer);
}

GBytes *
gr_ws_frame_slots (GVariant *slots)
{
  GrJsonWriter writer = begin ("slots");
  const char *mid, *participant_id, *kind;
  GVariantIter iter;

  gr_json_writer_begin_array_member (&writer, "slots");
  g_variant_iter_init (&iter, slots);
  while (g_variant_iter_next (&iter, "(&s&s&s)", &mid, &participant_id, &kind))
    {
      gr_json_writer_begin_object (&writer);
      gr_json_writer_string_member (&writer, "mid", mid);
      gr_json_writer_string_member (&writer, "participant", participant_id);
      gr_json_writer_string_member (&writer, "kind", kind);
      gr_json_writer_end_object (&writer);
    }
  gr_json_writer_end_array (&writer);

  return end (&writer);
}

GBytes *
gr_ws_frame_speakers (GVariant *speakers)
{
  GrJsonWriter writer = begin ("active-speakers");
  const char *participant_id;
  GVariantIter iter;
  double level;

  gr_json_writer_begin_array_member (&writer, "speakers");
  g_variant_iter_init (&iter, speakers);
  while (g_variant_iter_next (&iter, "(&sd)", &participant_id, &level))
    {
      gr_json_writer_begin_object (&writer);
      gr_json_writer_string_member (&writer, "participant", participant_id);
      gr_json_writer_double_member (&writer, "level", level);
      gr_json_writer_end_object (&writer);
    }
  gr_json_writer_end_array (&writer);

  return end (&writer);
}

GBytes *
gr_ws_frame_codecs (const char *const *video)
{
  GrJsonWriter writer = begin ("codecs");

  gr_json_writer_begin_array_member (&writer, "video");
  for (; *video != NULL; video++)
    gr_json_writer_string (&writer, *video);
  gr_json_writer_end_array (&writer);

  return end (&writer);
}

/* The members of the hub's own text follow the type. */
GBytes *
gr_ws_frame_quality (const char *json)
{
  g_autofree char *text = g_strconcat ("{\"type\":\"quality\",", json + 1, NULL);

  return gr_ws_encode_text (text, -1);
}

GBytes *
gr_ws_frame_signal (JsonObject *message, const char *from)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_object_set_string_member (message, "from", from);
  json_object_remove_member (message, "to");
  json_node_set_object (node, message);
  text = gr_json_text (node);

  return gr_ws_encode_text (text, -1);
}
