/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON from outside: strictly scanned, then parsed by json-glib; and the small getters that handlers use on
 * validated input. Any thread. */
#pragma once

#include <json-glib/json-glib.h>

#include "base/json-scan.h"

G_BEGIN_DECLS

/* Parses one JSON text within the default limits. GR_ERROR_MALFORMED or GR_ERROR_TOO_LARGE. */
JsonNode *gr_json_parse (const char *text, gsize length, GError **error);

/* Likewise within @limits. */
JsonNode *gr_json_parse_limited (const char *text, gsize length, const GrJsonLimits *limits, GError **error);

/* @node as compact text. */
char *gr_json_text (JsonNode *node);

/* A string member, owned by @object; NULL if it is absent, null or not a string. */
const char *gr_json_string (JsonObject *object, const char *name);

/* An integer member; @fallback if it is absent, null or not a number. */
gint64 gr_json_int (JsonObject *object, const char *name, gint64 fallback);

/* Any number; @fallback if it is absent, null or not a number. */
double gr_json_double (JsonObject *object, const char *name, double fallback);

/* A boolean member; @fallback if it is absent, null or not a boolean. */
gboolean gr_json_bool (JsonObject *object, const char *name, gboolean fallback);

/* An object or array member, owned by @object; NULL if it is absent or something else. */
JsonObject *gr_json_object (JsonObject *object, const char *name);
JsonArray *gr_json_array (JsonObject *object, const char *name);

/* Whether the member is there at all, null included: a PATCH tells "absent" from "null". */
gboolean gr_json_has (JsonObject *object, const char *name);

G_END_DECLS
