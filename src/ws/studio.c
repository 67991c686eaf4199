/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens to shows, told in their rooms: to everybody that they are on air, to hosts how it fares. Main thread. */
#include "domain/studio/json.h"
#include "ws/private.h"

/* Begins a message of @type; end it with end_frame(). */
static GrJsonWriter
begin_frame (GString *text, const char *type)
{
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "type", type);

  return json;
}

static GBytes *
end_frame (GrJsonWriter *json)
{
  gr_json_writer_end_object (json);

  return gr_ws_encode_text (json->text->str, json->text->len);
}

static GBytes *
frame_broadcast (const char *type, const GrShowEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, type);

  gr_json_writer_name (&json, "broadcast");
  gr_broadcast_record_write (&json, event->record, &event->facts);

  return end_frame (&json);
}

static GBytes *
frame_scene (const char *broadcast_id, const char *scene, gint64 revision)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, "scene");

  gr_json_writer_string_member (&json, "broadcast", broadcast_id);
  gr_scene_write_members (&json, scene, revision);

  return end_frame (&json);
}

static GBytes *
frame_destination (const GrShowEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, "destination");

  gr_json_writer_string_member (&json, "broadcast", event->record->id);
  gr_json_writer_name (&json, "destination");
  gr_destination_write (&json, event->destination, event->status);

  return end_frame (&json);
}

static GBytes *
frame_no_destination (const GrShowEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, "destination-removed");

  gr_json_writer_string_member (&json, "broadcast", event->record->id);
  gr_json_writer_string_member (&json, "id", event->destination_id);

  return end_frame (&json);
}

static GBytes *
frame_brand (const GrShowEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, "brand");

  gr_json_writer_string_member (&json, "broadcast", event->record->id);
  gr_brand_write_members (&json, event->brand);

  return end_frame (&json);
}

static GBytes *
frame_recording (GrSockets *sockets, const GrShowEvent *event)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = begin_frame (text, "recording");

  gr_json_writer_string_member (&json, "broadcast", event->record->id);
  gr_json_writer_name (&json, "recording");
  gr_recording_write (&json, event->recording, sockets->studio);

  return end_frame (&json);
}

static GBytes *
make_frame (GrSockets *sockets, const GrShowEvent *event)
{
  switch (event->type)
    {
    case GR_SHOW_EVENT_STARTED:
      return frame_broadcast ("broadcast-started", event);
    case GR_SHOW_EVENT_UPDATED:
      return frame_broadcast ("broadcast-updated", event);
    case GR_SHOW_EVENT_ENDED:
      return frame_broadcast ("broadcast-ended", event);
    case GR_SHOW_EVENT_SCENE:
      return frame_scene (event->record->id, event->scene, event->revision);
    case GR_SHOW_EVENT_DESTINATION:
      return frame_destination (event);
    case GR_SHOW_EVENT_NO_DESTINATION:
      return frame_no_destination (event);
    case GR_SHOW_EVENT_BRAND:
      return frame_brand (event);
    case GR_SHOW_EVENT_RECORDING:
      return frame_recording (sockets, event);
    }

  g_assert_not_reached ();
}

static void
on_event (GrShows *shows, const GrShowEvent *event, GrSockets *sockets)
{
  GrRoom *room = gr_house_get_room (sockets->house, event->record->room_id);
  gboolean for_hosts = !event->running || event->type == GR_SHOW_EVENT_DESTINATION
                       || event->type == GR_SHOW_EVENT_NO_DESTINATION || event->type == GR_SHOW_EVENT_RECORDING;
  g_autoptr (GBytes) frame = NULL;

  if (room == NULL)
    return;

  frame = make_frame (sockets, event);
  if (for_hosts)
    gr_ws_feed_tell_hosts (sockets, room, frame);
  else
    gr_ws_feed_tell_inside (sockets, room, frame);
}

void
gr_ws_studio_watch (GrSockets *sockets)
{
  g_signal_connect_object (sockets->shows, "event", G_CALLBACK (on_event), sockets, 0);
}

void
gr_ws_studio_write_running (GrJsonWriter *json, GrSockets *sockets, GrRoom *room)
{
  GrBroadcast *broadcast = gr_shows_get_of_room (sockets->shows, gr_room_get_id (room));
  GrShowFacts facts;

  if (broadcast == NULL)
    return;

  facts = gr_broadcast_get_facts (broadcast);
  gr_json_writer_name (json, "broadcast");
  gr_broadcast_record_write (json, gr_broadcast_get_record (broadcast), &facts);
}

GBytes *
gr_ws_studio_frame_scene (GrSockets *sockets, GrRoom *room)
{
  GrBroadcast *broadcast = gr_shows_get_of_room (sockets->shows, gr_room_get_id (room));
  const GrBroadcastRecord *record = broadcast != NULL ? gr_broadcast_get_record (broadcast) : NULL;

  return record != NULL ? frame_scene (record->id, record->scene, record->revision) : NULL;
}
