/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/commands.h"
#include "ctl/graph.h"
#include "ctl/output.h"

#include "base/error.h"
#include "base/json.h"

#include <stdio.h>

#define ROOMS_PATH "/org/greenroom/Greenroom1/rooms/"

/* The hub's counters of all rooms, or of the one with the id @room_id: an array of objects. */
static JsonArray *
pick_rooms (JsonObject *media, const char *room_id)
{
  JsonArray *rooms = gr_json_array (media, "rooms");
  JsonArray *picked = json_array_new ();

  for (guint i = 0; rooms != NULL && i < json_array_get_length (rooms); i++)
    {
      JsonObject *room = json_array_get_object_element (rooms, i);

      if (room_id == NULL || g_strcmp0 (gr_json_string (room, "room"), room_id) == 0)
        json_array_add_object_element (picked, json_object_ref (room));
    }

  return picked;
}

/* Names of those in the room by their ids. The hub knows none, and who has just left has none. */
static GHashTable *
fetch_names (GrDaemon *daemon, const char *room_id)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *element = g_strdelimit (g_strdup (room_id), "-", '_');
  g_autofree char *path = g_strconcat (ROOMS_PATH, element, NULL);
  g_autoptr (GVariant) people = g_variant_is_object_path (path) ? gr_daemon_get_people (daemon, path, NULL) : NULL;

  for (gsize i = 0; people != NULL && i < g_variant_n_children (people); i++)
    {
      g_autoptr (GVariant) participant = g_variant_get_child_value (people, i);

      g_hash_table_insert (names, g_strdup (gr_member_text (participant, "id")),
                           g_strdup (gr_member_text (participant, "name")));
    }

  return g_steal_pointer (&names);
}

static void
add_number (GrTable *table, JsonObject *track, const char *member)
{
  gr_table_add_format (table, "%" G_GINT64_FORMAT, gr_json_int (track, member, 0));
}

static void
add_milliseconds (GrTable *table, JsonObject *stream, const char *member)
{
  gr_table_add_format (table, "%.1f", (double) gr_json_int (stream, member, 0) / 1000);
}

static void
add_name (GrTable *table, const char *id, GHashTable *names)
{
  const char *name = id != NULL ? g_hash_table_lookup (names, id) : NULL;

  gr_table_add (table, name != NULL ? name : id);
}

static void
add_track (GrTable *table, JsonObject *track, GHashTable *names)
{
  add_name (table, gr_json_string (track, "participant"), names);
  gr_table_add (table, gr_json_string (track, "kind"));
  add_number (table, track, "packets");
  add_number (table, track, "bytes");
  gr_table_add_format (table, "%.1f", (double) gr_json_int (track, "bitsPerSecond", 0) / 1000);
  add_number (table, track, "lost");
  add_number (table, track, "nacksSent");
  add_number (table, track, "recovered");
  add_number (table, track, "plisSent");
  add_milliseconds (table, track, "jitterUs");
}

/* Empty ones say nothing. */
static void
add_slot (GrTable *table, JsonObject *slot, GHashTable *names)
{
  const char *to = gr_json_string (slot, "participant");
  const char *from = gr_json_string (slot, "from");

  if (to == NULL || from == NULL)
    return;

  add_name (table, from, names);
  gr_table_add (table, gr_json_string (slot, "kind"));
  add_name (table, to, names);
  add_number (table, slot, "packets");
  add_number (table, slot, "bytes");
  add_number (table, slot, "lost");
  add_number (table, slot, "nacks");
  add_number (table, slot, "rtx");
  add_number (table, slot, "plis");
  add_number (table, slot, "firs");
  add_milliseconds (table, slot, "jitterUs");
  add_milliseconds (table, slot, "roundTripUs");
}

static void
add_streams (GrTable *table,
             JsonArray *streams,
             GHashTable *names,
             void (*add) (GrTable *table, JsonObject *stream, GHashTable *names))
{
  for (guint i = 0; streams != NULL && i < json_array_get_length (streams); i++)
    add (table, json_array_get_object_element (streams, i), names);
}

/* What comes in, and what goes out to whom. */
static void
print_tracks (GrDaemon *daemon, JsonArray *rooms)
{
  static const char *const of_tracks[]
      = { "NAME", "KIND", "PACKETS", "BYTES", "KBIT/S", "LOST", "NACK", "RTX", "PLI", "JITTER MS", NULL };
  static const char *const of_slots[]
      = { "NAME", "KIND", "TO", "PACKETS", "BYTES", "LOST", "NACK", "RTX", "PLI", "FIR", "JITTER MS", "RTT MS", NULL };
  g_autoptr (GrTable) tracks = gr_table_new (of_tracks);
  g_autoptr (GrTable) slots = gr_table_new (of_slots);

  for (guint i = 0; i < json_array_get_length (rooms); i++)
    {
      JsonObject *room = json_array_get_object_element (rooms, i);
      const char *id = gr_json_string (room, "room");
      g_autoptr (GHashTable) names = fetch_names (daemon, id != NULL ? id : "");

      add_streams (tracks, gr_json_array (room, "tracks"), names, add_track);
      add_streams (slots, gr_json_array (room, "slots"), names, add_slot);
    }

  gr_table_print (tracks);
  puts ("");
  gr_table_print (slots);
}

static void
print_media_json (JsonObject *media, JsonArray *rooms)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), media);
  g_autofree char *text = NULL;

  json_object_set_array_member (media, "rooms", json_array_ref (rooms));
  text = json_to_string (node, TRUE);
  puts (text);
}

gboolean
gr_command_graph (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *dot = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GrDBusRoom) room = NULL;

  if (!gr_dbus_manager_call_find_room_sync (daemon->manager, arguments[0], &path, &record, NULL, error))
    return FALSE;

  if (gr_member_number (record, "participants") == 0)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "Nobody is in that room");
      return FALSE;
    }

  room = gr_daemon_get_room (daemon, path, error);
  if (room == NULL || !gr_dbus_room_call_graph_sync (room, &dot, NULL, error))
    return FALSE;

  return gr_graph_print (dot, options->json, options->svg, error);
}

gboolean
gr_command_tracks (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (JsonNode) media = NULL;
  g_autoptr (JsonArray) rooms = NULL;

  if (arguments[0] != NULL
      && !gr_dbus_manager_call_find_room_sync (daemon->manager, arguments[0], &path, &record, NULL, error))
    return FALSE;

  if (!gr_dbus_manager_call_media_sync (daemon->manager, &text, NULL, error))
    return FALSE;

  media = json_from_string (text, error);
  if (media == NULL || !JSON_NODE_HOLDS_OBJECT (media))
    {
      if (error != NULL && *error == NULL)
        gr_set_error (error, GR_ERROR_INTERNAL, NULL, "The hub's counters cannot be read");
      return FALSE;
    }

  rooms = pick_rooms (json_node_get_object (media), record != NULL ? gr_member_text (record, "id") : NULL);

  if (options->json)
    print_media_json (json_node_get_object (media), rooms);
  else
    print_tracks (daemon, rooms);

  return TRUE;
}
