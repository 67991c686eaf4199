/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json-writer.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"

static inline void
begin_value (GrJsonWriter *writer)
{
  if (writer->comma)
    g_string_append_c (writer->text, ',');
  writer->comma = TRUE;
}

static void
begin_container (GrJsonWriter *writer, char bracket)
{
  begin_value (writer);
  g_string_append_c (writer->text, bracket);
  writer->comma = FALSE;
}

static void
end_container (GrJsonWriter *writer, char bracket)
{
  g_string_append_c (writer->text, bracket);
  writer->comma = TRUE;
}

static void
append_escape (GString *text, guchar c)
{
  switch (c)
    {
    case '"':
      g_string_append (text, "\\\"");
      break;
    case '\\':
      g_string_append (text, "\\\\");
      break;
    case '\n':
      g_string_append (text, "\\n");
      break;
    case '\r':
      g_string_append (text, "\\r");
      break;
    case '\t':
      g_string_append (text, "\\t");
      break;
    default:
      g_string_append_printf (text, "\\u%04x", c);
    }
}

static void
append_quoted (GString *text, const char *value)
{
  g_autofree char *repaired = NULL;
  const char *run;

  if (!g_utf8_validate (value, -1, NULL))
    value = repaired = g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');
  for (run = value; *value != '\0'; value++)
    {
      guchar c = *value;

      if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
        continue;
      g_string_append_len (text, run, value - run);
      append_escape (text, c);
      run = value + 1;
    }
  g_string_append_len (text, run, value - run);
  g_string_append_c (text, '"');
}

void
gr_json_writer_begin_object (GrJsonWriter *writer)
{
  begin_container (writer, '{');
}

void
gr_json_writer_end_object (GrJsonWriter *writer)
{
  end_container (writer, '}');
}

void
gr_json_writer_begin_array (GrJsonWriter *writer)
{
  begin_container (writer, '[');
}

void
gr_json_writer_end_array (GrJsonWriter *writer)
{
  end_container (writer, ']');
}

void
gr_json_writer_name (GrJsonWriter *writer, const char *name)
{
  begin_value (writer);
  append_quoted (writer->text, name);
  g_string_append_c (writer->text, ':');
  writer->comma = FALSE;
}

void
gr_json_writer_string (GrJsonWriter *writer, const char *value)
{
  if (value == NULL)
    {
      gr_json_writer_null (writer);
      return;
    }

  begin_value (writer);
  append_quoted (writer->text, value);
}

void
gr_json_writer_int (GrJsonWriter *writer, gint64 value)
{
  begin_value (writer);
  g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, value);
}

void
gr_json_writer_double (GrJsonWriter *writer, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      gr_json_writer_null (writer);
      return;
    }

  /* 15 digits are enough for most numbers and 17 for all. */
  g_ascii_formatd (text, sizeof text, "%.15g", value);
  if (g_ascii_strtod (text, NULL) != value)
    g_ascii_dtostr (text, sizeof text, value);

  begin_value (writer);
  g_string_append (writer->text, text);
}

void
gr_json_writer_bool (GrJsonWriter *writer, gboolean value)
{
  gr_json_writer_raw (writer, value ? "true" : "false");
}

void
gr_json_writer_null (GrJsonWriter *writer)
{
  gr_json_writer_raw (writer, "null");
}

void
gr_json_writer_raw (GrJsonWriter *writer, const char *json)
{
  begin_value (writer);
  g_string_append (writer->text, json);
}

void
gr_json_writer_begin_object_member (GrJsonWriter *writer, const char *name)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_begin_object (writer);
}

void
gr_json_writer_begin_array_member (GrJsonWriter *writer, const char *name)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_begin_array (writer);
}

void
gr_json_writer_string_member (GrJsonWriter *writer, const char *name, const char *value)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_string (writer, value);
}

void
gr_json_writer_int_member (GrJsonWriter *writer, const char *name, gint64 value)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_int (writer, value);
}

void
gr_json_writer_double_member (GrJsonWriter *writer, const char *name, double value)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_double (writer, value);
}

void
gr_json_writer_bool_member (GrJsonWriter *writer, const char *name, gboolean value)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_bool (writer, value);
}

void
gr_json_writer_null_member (GrJsonWriter *writer, const char *name)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_null (writer);
}

void
gr_json_writer_raw_member (GrJsonWriter *writer, const char *name, const char *json)
{
  gr_json_writer_name (writer, name);
  gr_json_writer_raw (writer, json);
}

void
gr_json_writer_time_member (GrJsonWriter *writer, const char *name, gint64 us)
{
  g_autofree char *text = us != 0 ? gr_time_format (us) : NULL;

  gr_json_writer_string_member (writer, name, text);
}

void
gr_json_writer_error_member (GrJsonWriter *writer, const GError *error)
{
  const GrErrorTraits *traits = gr_error_traits (error);
  const char *field = gr_error_get_field (error);

  gr_json_writer_begin_object_member (writer, "error");
  gr_json_writer_string_member (writer, "code", traits->name);
  gr_json_writer_string_member (writer, "message",
                                traits->status == 500 ? "Something went wrong here; it is in the log" : error->message);
  if (field != NULL)
    gr_json_writer_string_member (writer, "field", field);
  gr_json_writer_end_object (writer);
}
