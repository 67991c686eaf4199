/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrJsonWriter: appends JSON to a GString without a tree in between, for responses and events. Lives on the
 * caller's stack; any thread. The caller keeps begin and end balanced.
 *
 *   g_autoptr (GString) text = g_string_new (NULL);
 *   GrJsonWriter json = GR_JSON_WRITER (text);
 *   gr_json_writer_begin_object (&json);
 *   gr_json_writer_string_member (&json, "type", "chat-message");
 *   gr_json_writer_end_object (&json);
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GString *text;
  gboolean comma; /* the next value follows another one */
} GrJsonWriter;

#define GR_JSON_WRITER(gstring) ((GrJsonWriter){ .text = (gstring) })

void gr_json_writer_begin_object (GrJsonWriter *writer);
void gr_json_writer_end_object (GrJsonWriter *writer);
void gr_json_writer_begin_array (GrJsonWriter *writer);
void gr_json_writer_end_array (GrJsonWriter *writer);

/* The name of the next value. */
void gr_json_writer_name (GrJsonWriter *writer, const char *name);

/* NULL becomes null; what is not UTF-8 is replaced by U+FFFD. */
void gr_json_writer_string (GrJsonWriter *writer, const char *value);
void gr_json_writer_int (GrJsonWriter *writer, gint64 value);

/* The shortest text that reads back the same; null if it is not finite. */
void gr_json_writer_double (GrJsonWriter *writer, double value);
void gr_json_writer_bool (GrJsonWriter *writer, gboolean value);
void gr_json_writer_null (GrJsonWriter *writer);

/* One value that is already JSON. */
void gr_json_writer_raw (GrJsonWriter *writer, const char *json);

void gr_json_writer_begin_object_member (GrJsonWriter *writer, const char *name);
void gr_json_writer_begin_array_member (GrJsonWriter *writer, const char *name);
void gr_json_writer_string_member (GrJsonWriter *writer, const char *name, const char *value);
void gr_json_writer_int_member (GrJsonWriter *writer, const char *name, gint64 value);
void gr_json_writer_double_member (GrJsonWriter *writer, const char *name, double value);
void gr_json_writer_bool_member (GrJsonWriter *writer, const char *name, gboolean value);
void gr_json_writer_null_member (GrJsonWriter *writer, const char *name);
void gr_json_writer_raw_member (GrJsonWriter *writer, const char *name, const char *json);

/* Microseconds as RFC 3339 text; 0, "never", becomes null. */
void gr_json_writer_time_member (GrJsonWriter *writer, const char *name, gint64 us);

/* The member "error" as the contract has it: code, message and, if there is one, field. What is our own fault is not
 * told in detail. */
void gr_json_writer_error_member (GrJsonWriter *writer, const GError *error);

G_END_DECLS
