/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/schema.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"

/* Integers beyond this do not survive a JavaScript client. */
#define INTEGER_MAX 9007199254740992.0
#define EMAIL_MAX 254

/* Characters of a member name in an error. */
#define NAME_SHOWN 40

static gboolean validate (const GrSchema *schema, JsonNode *node, GString *path, GError **error);

static gboolean expected (GString *path, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* "title must be …", or "This must be …" of the whole. */
static gboolean
expected (GString *path, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  gr_set_error (error, GR_ERROR_INVALID_INPUT, path->len > 0 ? path->str : NULL, "%s must %s",
                path->len > 0 ? path->str : "This", what);
  return FALSE;
}

/* Returns the length to truncate @path to afterwards. A client may choose @name, so it is cut where it gets long. */
static gsize
path_push (GString *path, const char *name)
{
  gsize length = path->len;
  const char *end = name;

  for (guint i = 0; i < NAME_SHOWN && *end != '\0'; i++)
    end = g_utf8_next_char (end);

  if (length > 0)
    g_string_append_c (path, '.');
  g_string_append_len (path, name, end - name);
  if (*end != '\0')
    g_string_append (path, "…");

  return length;
}

/* Compiled once per pattern and kept, as the tables are static. Keyed by text: a pattern may be shared. */
static GRegex *
regex_for (const char *pattern)
{
  static GMutex lock;
  static GHashTable *compiled;
  GRegex *regex;

  g_mutex_lock (&lock);
  if (compiled == NULL)
    compiled = g_hash_table_new (g_str_hash, g_str_equal);

  regex = g_hash_table_lookup (compiled, pattern);
  if (regex == NULL)
    {
      g_autoptr (GError) error = NULL;

      regex = g_regex_new (pattern, G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, &error);
      if (regex == NULL)
        g_error ("The pattern %s of a schema does not compile: %s", pattern, error->message);
      g_hash_table_insert (compiled, (gpointer) pattern, regex);
    }
  g_mutex_unlock (&lock);

  return regex;
}

static gboolean
is_domain (const char *text)
{
  const char *label = text;

  if (strlen (text) > 253)
    return FALSE;

  for (;; text++)
    {
      if (*text == '.' || *text == '\0')
        {
          if (text == label || text - label > 63 || *label == '-' || text[-1] == '-')
            return FALSE;
          if (*text == '\0')
            return TRUE;
          label = text + 1;
        }
      else if (!g_ascii_isalnum (*text) && *text != '-' && (guchar) *text < 0x80)
        return FALSE;
    }
}

/* What browsers accept in an e-mail field, and letters beyond ASCII (RFC 6531). */
static gboolean
is_email (const char *text)
{
  const char *at = strrchr (text, '@');

  if (at == NULL || at == text || at - text > 64 || strlen (text) > EMAIL_MAX)
    return FALSE;

  for (const char *c = text; c < at; c++)
    if (!g_ascii_isalnum (*c) && strchr (".!#$%&'*+/=?^_`{|}~-", *c) == NULL && (guchar) *c < 0x80)
      return FALSE;

  return is_domain (at + 1);
}

static gboolean
validate_format (GrSchemaFormat format, const char *text, GString *path, GError **error)
{
  gint64 us;

  switch (format)
    {
    case GR_SCHEMA_FORMAT_EMAIL:
      return is_email (text) || expected (path, error, "be an e-mail address");
    case GR_SCHEMA_FORMAT_UUID:
      return gr_id_is_valid (text) || expected (path, error, "be an id");
    case GR_SCHEMA_FORMAT_DATE_TIME:
      return gr_time_parse (text, &us) || expected (path, error, "be a time such as 2026-11-21T10:00:00Z");
    case GR_SCHEMA_FORMAT_URI:
      return g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL) || expected (path, error, "be a complete URL");
    case GR_SCHEMA_FORMAT_NONE:
      break;
    }

  return TRUE;
}

static gboolean
validate_string (const GrSchema *schema, const char *text, GString *path, GError **error)
{
  glong length = g_utf8_strlen (text, -1);

  if (length < schema->min_length)
    return schema->min_length == 1 ? expected (path, error, "not be empty")
                                   : expected (path, error, "have at least %d characters", schema->min_length);
  if (schema->max_length > 0 && length > schema->max_length)
    return expected (path, error, "have at most %d characters", schema->max_length);

  if (schema->enumeration != NULL && !g_strv_contains (schema->enumeration, text))
    {
      g_autofree char *choices = g_strjoinv (", ", (char **) schema->enumeration);

      return expected (path, error, schema->enumeration[1] != NULL ? "be one of %s" : "be %s", choices);
    }

  if (!validate_format (schema->format, text, path, error))
    return FALSE;
  if (schema->pattern != NULL && !g_regex_match (regex_for (schema->pattern), text, 0, NULL))
    return expected (path, error, "match %s", schema->pattern);

  return TRUE;
}

static gboolean
validate_range (const GrSchema *schema, double value, GString *path, GError **error)
{
  if (schema->has_minimum && value < schema->minimum)
    return expected (path, error, "be at least %" G_GINT64_FORMAT, schema->minimum);
  if (schema->has_maximum && value > schema->maximum)
    return expected (path, error, "be at most %" G_GINT64_FORMAT, schema->maximum);

  return TRUE;
}

static gboolean
is_whole (double value)
{
  return fabs (value) <= INTEGER_MAX && floor (value) == value;
}

static gboolean
validate_number (const GrSchema *schema, JsonNode *node, GString *path, GError **error)
{
  GType type = json_node_get_value_type (node);
  double value = json_node_get_double (node);

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return expected (path, error, schema->type == GR_SCHEMA_INTEGER ? "be a whole number" : "be a number");
  if (schema->type == GR_SCHEMA_INTEGER && !is_whole (value))
    return expected (path, error, "be a whole number");

  return validate_range (schema, value, path, error);
}

static gboolean
validate_items (const GrSchema *schema, JsonArray *array, GString *path, GError **error)
{
  guint length = json_array_get_length (array);

  if (length < (guint) schema->min_items)
    return expected (path, error, "have at least %d items", schema->min_items);
  if (schema->max_items > 0 && length > (guint) schema->max_items)
    return expected (path, error, "have at most %d items", schema->max_items);
  if (schema->items == NULL)
    return TRUE;

  for (guint i = 0; i < length; i++)
    {
      char index[16];
      gsize parent;

      g_snprintf (index, sizeof index, "%u", i);
      parent = path_push (path, index);
      if (!validate (schema->items, json_array_get_element (array, i), path, error))
        return FALSE;
      g_string_truncate (path, parent);
    }

  return TRUE;
}

static const GrProperty *
find_property (const GrSchema *schema, const char *name)
{
  for (const GrProperty *property = schema->properties; property != NULL && property->name != NULL; property++)
    if (g_str_equal (property->name, name))
      return property;

  return NULL;
}

static gboolean
validate_required (const GrSchema *schema, JsonObject *object, GString *path, GError **error)
{
  for (const GrProperty *property = schema->properties; property != NULL && property->name != NULL; property++)
    if (property->required && !json_object_has_member (object, property->name))
      {
        path_push (path, property->name);
        gr_set_error (error, GR_ERROR_INVALID_INPUT, path->str, "%s is missing", path->str);
        return FALSE;
      }

  return TRUE;
}

static gboolean
validate_members (const GrSchema *schema, JsonObject *object, GString *path, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!validate_required (schema, object, path, error))
    return FALSE;

  /* In the order of the text, so that the first fault is the one reported. */
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const GrProperty *property = find_property (schema, name);
      const GrSchema *member = property != NULL ? property->schema : schema->additional;
      gsize parent = path_push (path, name);

      if (property == NULL && schema->closed)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, path->str, "%s is not known here", path->str);
          return FALSE;
        }
      if (member != NULL && !validate (member, node, path, error))
        return FALSE;
      g_string_truncate (path, parent);
    }

  return TRUE;
}

static gboolean
validate (const GrSchema *schema, JsonNode *node, GString *path, GError **error)
{
  if (schema->type == GR_SCHEMA_ANY || (schema->nullable && JSON_NODE_HOLDS_NULL (node)))
    return TRUE;

  switch (schema->type)
    {
    case GR_SCHEMA_OBJECT:
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return expected (path, error, "be an object");
      return validate_members (schema, json_node_get_object (node), path, error);

    case GR_SCHEMA_ARRAY:
      if (!JSON_NODE_HOLDS_ARRAY (node))
        return expected (path, error, "be a list");
      return validate_items (schema, json_node_get_array (node), path, error);

    case GR_SCHEMA_STRING:
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return expected (path, error, "be text");
      return validate_string (schema, json_node_get_string (node), path, error);

    case GR_SCHEMA_INTEGER:
    case GR_SCHEMA_NUMBER:
      if (!JSON_NODE_HOLDS_VALUE (node))
        return expected (path, error, schema->type == GR_SCHEMA_INTEGER ? "be a whole number" : "be a number");
      return validate_number (schema, node, path, error);

    case GR_SCHEMA_BOOLEAN:
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
        return expected (path, error, "be true or false");
      return TRUE;

    case GR_SCHEMA_ANY:
      break;
    }

  return TRUE;
}

gboolean
gr_schema_validate (const GrSchema *schema, JsonNode *node, GError **error)
{
  g_autoptr (GString) path = g_string_new (NULL);

  if (node == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "A JSON body is missing");
      return FALSE;
    }

  return validate (schema, node, path, error);
}

gboolean
gr_schema_validate_text (const GrSchema *schema, const char *text, const char *field, GError **error)
{
  g_autoptr (GString) path = g_string_new (field);
  gint64 integer;
  double number;
  char *end;

  switch (schema->type)
    {
    case GR_SCHEMA_STRING:
      if (!g_utf8_validate (text, -1, NULL))
        return expected (path, error, "be text");
      return validate_string (schema, text, path, error);

    case GR_SCHEMA_INTEGER:
      if (!g_ascii_string_to_signed (text, 10, -INTEGER_MAX, INTEGER_MAX, &integer, NULL))
        return expected (path, error, "be a whole number");
      return validate_range (schema, integer, path, error);

    case GR_SCHEMA_NUMBER:
      number = g_ascii_strtod (text, &end);
      if (end == text || *end != '\0' || g_ascii_isspace (*text) || !isfinite (number))
        return expected (path, error, "be a number");
      return validate_range (schema, number, path, error);

    case GR_SCHEMA_BOOLEAN:
      if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
        return expected (path, error, "be true or false");
      return TRUE;

    case GR_SCHEMA_ANY:
    case GR_SCHEMA_OBJECT:
    case GR_SCHEMA_ARRAY:
      break;
    }

  return TRUE;
}
