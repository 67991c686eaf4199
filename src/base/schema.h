/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrSchema: what a piece of JSON must look like, as static tables that schemas/generate.py writes with designated
 * initialisers. The subset of JSON Schema that the contract uses. Zero means "no rule" for every member. Any thread.
 *
 *   static const GrSchema title = { .type = GR_SCHEMA_STRING, .min_length = 1, .max_length = 80 };
 *   static const GrProperty room_properties[] = { { .name = "title", .schema = &title, .required = TRUE }, { 0 } };
 *   const GrSchema gr_schema_room = { .type = GR_SCHEMA_OBJECT, .properties = room_properties, .closed = TRUE };
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_SCHEMA_ANY,
  GR_SCHEMA_OBJECT,
  GR_SCHEMA_ARRAY,
  GR_SCHEMA_STRING,
  GR_SCHEMA_INTEGER, /* 3 and 3.0, within 2^53 */
  GR_SCHEMA_NUMBER,
  GR_SCHEMA_BOOLEAN,
} GrSchemaType;

typedef enum
{
  GR_SCHEMA_FORMAT_NONE,
  GR_SCHEMA_FORMAT_EMAIL,
  GR_SCHEMA_FORMAT_UUID,
  GR_SCHEMA_FORMAT_DATE_TIME,
  GR_SCHEMA_FORMAT_URI, /* absolute, with a scheme */
} GrSchemaFormat;

typedef struct _GrSchema GrSchema;

typedef struct
{
  const char *name; /* NULL ends the table */
  const GrSchema *schema;
  gboolean required;
} GrProperty;

struct _GrSchema
{
  GrSchemaType type;
  gboolean nullable;

  /* integer, number */
  gboolean has_minimum;
  gboolean has_maximum;
  gint64 minimum;
  gint64 maximum;

  /* string; lengths in code points */
  int min_length;
  int max_length;
  GrSchemaFormat format;
  const char *pattern;            /* PCRE, searched unanchored as JSON Schema says; compiled once per process */
  const char *const *enumeration; /* NULL-terminated */

  /* object */
  const GrProperty *properties;
  gboolean closed;            /* additionalProperties: false */
  const GrSchema *additional; /* what properties that are not in the table must look like, if not closed */

  /* array */
  const GrSchema *items;
  int min_items;
  int max_items;
};

/* Whether @node (NULL: there is no body) fits. GR_ERROR_INVALID_INPUT names the field ("items.3.title"; none for the
 * whole) and says in a sentence what was expected. */
gboolean gr_schema_validate (const GrSchema *schema, JsonNode *node, GError **error);

/* Validates text that arrived outside JSON, such as a query parameter: read as what @schema's type says.
 * @field is what the error names. */
gboolean gr_schema_validate_text (const GrSchema *schema, const char *text, const char *field, GError **error);

G_END_DECLS
