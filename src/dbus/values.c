/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/values.h"

#include <json-glib/json-glib.h>

#include "base/time.h"
#include "dbus/call.h"

static void
add (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", name, value);
}

/* Text from the database is UTF-8; GVariant aborts for anything else, so nothing is left to trust. */
static void
add_text (GVariantBuilder *builder, const char *name, const char *text)
{
  if (text != NULL)
    add (builder, name, g_variant_new_take_string (g_utf8_make_valid (text, -1)));
}

static void
add_time (GVariantBuilder *builder, const char *name, gint64 us)
{
  if (us != 0)
    add (builder, name, g_variant_new_take_string (gr_time_format (us)));
}

static void
add_flag (GVariantBuilder *builder, const char *name, gboolean flag)
{
  add (builder, name, g_variant_new_boolean (flag));
}

char *
gr_dbus_room_path (const char *room_id)
{
  g_autofree char *element = g_strdelimit (g_strdup (room_id), "-", '_');

  return g_strconcat (GR_DBUS_ROOT "/rooms/", element, NULL);
}

GVariant *
gr_dbus_room_value (const GrRoomRecord *room, guint n_participants)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "id", room->id);
  add_text (&builder, "slug", room->slug);
  add_text (&builder, "title", room->title);
  add_text (&builder, "description", room->description);
  add_text (&builder, "owner", room->owner_name);
  add_text (&builder, "visibility", gr_visibility_to_string (room->visibility));
  add (&builder, "capacity", g_variant_new_uint32 ((guint32) room->capacity));
  add (&builder, "participants", g_variant_new_uint32 (n_participants));
  add_flag (&builder, "waitingRoom", room->waiting_room);
  add_flag (&builder, "guests", room->guests);
  add_flag (&builder, "locked", room->locked);
  add_time (&builder, "createdAt", room->created_at);

  return g_variant_builder_end (&builder);
}

GVariant *
gr_dbus_user_value (const GrAccount *account)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "id", account->id);
  add_text (&builder, "name", account->name);
  add_text (&builder, "email", account->email);
  add_text (&builder, "role", gr_role_to_string (account->role));
  add_time (&builder, "createdAt", account->created_at);

  return g_variant_builder_end (&builder);
}

GVariant *
gr_dbus_participant_value (const GrParticipant *participant)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "id", participant->id);
  add_text (&builder, "userId", participant->account_id);
  add_text (&builder, "name", participant->name);
  add_text (&builder, "role", gr_room_role_to_string (participant->role));
  add_text (&builder, "stage", gr_stage_to_string (participant->stage));
  add_flag (&builder, "audio", (participant->media & GR_MEDIA_AUDIO) != 0);
  add_flag (&builder, "video", (participant->media & GR_MEDIA_VIDEO) != 0);
  add_flag (&builder, "screen", (participant->media & GR_MEDIA_SCREEN) != 0);
  add_flag (&builder, "hand", participant->hand_at != 0);
  add_time (&builder, "joinedAt", participant->joined_at);

  return g_variant_builder_end (&builder);
}

static GVariant *
scalar_value (JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return g_variant_new_string (json_node_get_string (node));
    case G_TYPE_INT64:
      return g_variant_new_uint64 ((guint64) MAX (json_node_get_int (node), 0));
    case G_TYPE_DOUBLE:
      return g_variant_new_double (json_node_get_double (node));
    default:
      return g_variant_new_boolean (json_node_get_boolean (node));
    }
}

static GVariant *
object_value (JsonObject *object)
{
  GVariantBuilder builder;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    if (JSON_NODE_HOLDS_OBJECT (member))
      add (&builder, name, object_value (json_node_get_object (member)));
    else if (JSON_NODE_HOLDS_VALUE (member))
      add (&builder, name, scalar_value (member));

  return g_variant_builder_end (&builder);
}

GVariant *
gr_dbus_json_value (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? object_value (json_node_get_object (node)) : NULL;
}
