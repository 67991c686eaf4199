/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include "base/error.h"

static JsonNode *
member_of_kind (JsonObject *object, const char *name, JsonNodeType kind)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_node_type (node) == kind ? node : NULL;
}

JsonNode *
gr_json_parse_limited (const char *text, gsize length, const GrJsonLimits *limits, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!gr_json_scan (text, length, limits, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, length, &local_error))
    {
      gr_set_error (error, GR_ERROR_MALFORMED, NULL, "This JSON cannot be read: %s", local_error->message);
      return NULL;
    }

  return json_parser_steal_root (parser);
}

JsonNode *
gr_json_parse (const char *text, gsize length, GError **error)
{
  return gr_json_parse_limited (text, length, NULL, error);
}

char *
gr_json_text (JsonNode *node)
{
  return json_to_string (node, FALSE);
}

const char *
gr_json_string (JsonObject *object, const char *name)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

gint64
gr_json_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_VALUE);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  /* The cast of a double that gint64 cannot hold is undefined. */
  if (type == G_TYPE_DOUBLE && ABS (json_node_get_double (node)) <= 9007199254740992.0)
    return (gint64) json_node_get_double (node);

  return fallback;
}

gboolean
gr_json_bool (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : fallback;
}

JsonObject *
gr_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

JsonArray *
gr_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

gboolean
gr_json_has (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name);
}
