/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/json-writer.h"
#include "base/time.h"

#define N_FIELDS_MAX 32

typedef struct
{
  GLogLevelFlags flag;
  const char *name;
  const char *priority; /* syslog(3) */
} Level;

/* Most important first, as GLib numbers them. */
static const Level levels[] = {
  { G_LOG_LEVEL_ERROR, "error", "3" },     { G_LOG_LEVEL_CRITICAL, "critical", "4" },
  { G_LOG_LEVEL_WARNING, "warning", "4" }, { G_LOG_LEVEL_MESSAGE, "message", "5" },
  { G_LOG_LEVEL_INFO, "info", "6" },       { G_LOG_LEVEL_DEBUG, "debug", "7" },
};

static GPrivate request_key = G_PRIVATE_INIT (g_free);

/* Set by gr_log_init(), before there are other threads. */
static GLogLevelFlags least_level = G_LOG_LEVEL_INFO;
static gboolean to_journal;

static const Level *
find_level (GLogLevelFlags flags)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (flags & levels[i].flag)
      return &levels[i];

  return &levels[G_N_ELEMENTS (levels) - 1];
}

static GLogLevelFlags
least_level_from_name (const char *name)
{
  /* Criticals are faults of the program: never below the threshold. */
  if (g_str_equal (name, "error"))
    return G_LOG_LEVEL_CRITICAL;

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (g_str_equal (levels[i].name, name))
      return levels[i].flag;

  return G_LOG_LEVEL_INFO;
}

static const char *
find_field (const GLogField *fields, gsize n_fields, const char *name)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, name) && fields[i].length < 0)
      return fields[i].value;

  return NULL;
}

static void
write_line (const char *text, gsize length)
{
  while (length > 0)
    {
      gssize written = write (STDERR_FILENO, text, length);

      if (written < 0 && errno != EINTR)
        return;
      if (written > 0)
        {
          text += written;
          length -= written;
        }
    }
}

static void
write_json (const Level *level, const GLogField *fields, gsize n_fields)
{
  g_autoptr (GString) line = g_string_sized_new (256);
  GrJsonWriter json = GR_JSON_WRITER (line);
  const char *topic = find_field (fields, n_fields, "GREENROOM_TOPIC");
  const char *request = gr_log_get_request ();
  g_autofree char *time = gr_time_format (g_get_real_time ());

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "time", time);
  gr_json_writer_string_member (&json, "level", level->name);
  gr_json_writer_string_member (&json, "topic", topic != NULL ? topic : find_field (fields, n_fields, "GLIB_DOMAIN"));
  gr_json_writer_string_member (&json, "message", find_field (fields, n_fields, "MESSAGE"));
  if (request != NULL)
    gr_json_writer_string_member (&json, "request", request);
  gr_json_writer_end_object (&json);
  g_string_append_c (line, '\n');

  write_line (line->str, line->len);
}

static GLogWriterOutput
write_journal (GLogLevelFlags flags, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *request = gr_log_get_request ();
  GLogField extended[N_FIELDS_MAX];

  if (request == NULL || n_fields >= N_FIELDS_MAX)
    return g_log_writer_journald (flags, fields, n_fields, user_data);

  memcpy (extended, fields, n_fields * sizeof *fields);
  extended[n_fields] = (GLogField){ "GREENROOM_REQUEST", request, -1 };
  return g_log_writer_journald (flags, extended, n_fields + 1, user_data);
}

static GLogWriterOutput
write_record (GLogLevelFlags flags, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const Level *level = find_level (flags);

  if (level->flag > least_level)
    return G_LOG_WRITER_HANDLED;
  if (to_journal && write_journal (flags, fields, n_fields, user_data) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  write_json (level, fields, n_fields);
  return G_LOG_WRITER_HANDLED;
}

void
gr_log_init (const char *level, const char *format)
{
  static gsize installed;

  least_level = least_level_from_name (level);
  to_journal
      = g_str_equal (format, "journal") || (g_str_equal (format, "auto") && g_log_writer_is_journald (STDERR_FILENO));

  /* GLib allows it once. */
  if (g_once_init_enter (&installed))
    {
      g_log_set_writer_func (write_record, NULL, NULL);
      g_once_init_leave (&installed, TRUE);
    }
}

void
gr_log_set_request (const char *request)
{
  g_private_replace (&request_key, g_strdup (request));
}

const char *
gr_log_get_request (void)
{
  return g_private_get (&request_key);
}

void
gr_log (GLogLevelFlags flags, const char *topic, const char *format, ...)
{
  const Level *level = find_level (flags);
  g_autofree char *message = NULL;
  va_list arguments;

  if (level->flag > least_level)
    return;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  const GLogField fields[] = {
    { "MESSAGE", message, -1 },         { "PRIORITY", level->priority, -1 },
    { "GLIB_DOMAIN", "greenroom", -1 }, { "SYSLOG_IDENTIFIER", "greenroomd", -1 },
    { "GREENROOM_TOPIC", topic, -1 },
  };

  g_log_structured_array (flags, fields, G_N_ELEMENTS (fields));
}
