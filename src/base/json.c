/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include "base/error.h"
#include "base/json-writer.h"

static JsonNode *
member_of_kind (JsonObject *object, const char *name, JsonNodeType kind)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_node_type (node) == kind ? node : NULL;
}

static void
write_value (GrJsonWriter *writer, JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      gr_json_writer_string (writer, json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      gr_json_writer_bool (writer, json_node_get_boolean (node));
      break;
    case G_TYPE_DOUBLE:
      gr_json_writer_double (writer, json_node_get_double (node));
      break;
    default:
      gr_json_writer_int (writer, json_node_get_int (node));
    }
}

static void
write_node (GrJsonWriter *writer, JsonNode *node)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      gr_json_writer_begin_object (writer);
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          gr_json_writer_name (writer, name);
          write_node (writer, member);
        }
      gr_json_writer_end_object (writer);
      break;

    case JSON_NODE_ARRAY:
      gr_json_writer_begin_array (writer);
      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        write_node (writer, json_array_get_element (json_node_get_array (node), i));
      gr_json_writer_end_array (writer);
      break;

    case JSON_NODE_VALUE:
      write_value (writer, node);
      break;

    case JSON_NODE_NULL:
      gr_json_writer_null (writer);
      break;
    }
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
  /* Not json_to_string(), which writes 1e308 as 1e+308.0. */
  GString *text = g_string_new (NULL);
  GrJsonWriter writer = GR_JSON_WRITER (text);

  write_node (&writer, node);
  return g_string_free (text, FALSE);
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

double
gr_json_double (JsonObject *object, const char *name, double fallback)
{
  JsonNode *node = member_of_kind (object, name, JSON_NODE_VALUE);
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : fallback;
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
