/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/launch.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "media-resources.h"

#define RESOURCES "/org/greenroom/pipelines"
#define SUFFIX ".launch"
#define MAX_FILE_BYTES (64 * 1024)
#define VALUE_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".:/+_-"

char *
gr_launch_read (const char *directory, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);
  g_autofree char *path = directory != NULL ? g_build_filename (directory, file, NULL) : NULL;
  g_autofree char *resource = g_strconcat (RESOURCES "/", file, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) failure = NULL;
  char *text = NULL;
  gsize length;

  if (path != NULL && g_file_get_contents (path, &text, &length, &failure))
    {
      if (length <= MAX_FILE_BYTES && g_utf8_validate (text, length, NULL))
        return text;
      g_free (text);
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "%s is no text, or longer than 64 KiB", path);
      return NULL;
    }
  if (failure != NULL && !g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "%s", failure->message);
      return NULL;
    }

  bytes = g_resource_lookup_data (media_get_resource (), resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (bytes == NULL)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is no pipeline called %s", name);
      return NULL;
    }

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The parameter that a line declares, or NULL. */
static char *
declared (const char *line, char **value)
{
  g_autoptr (GMatchInfo) match = NULL;
  static GRegex *pattern;

  if (g_once_init_enter (&pattern))
    g_once_init_leave (&pattern,
                       g_regex_new ("^#\\s*\\{([a-z0-9-]+)\\}\\s*=\\s*([^:\\s]*)", G_REGEX_OPTIMIZE, 0, NULL));
  if (!g_regex_match (pattern, line, 0, &match))
    return NULL;

  *value = g_match_info_fetch (match, 2);
  return g_match_info_fetch (match, 1);
}

static GHashTable *
declarations (char **lines)
{
  GHashTable *parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *value = NULL;
      char *name = declared (lines[i], &value);

      if (name != NULL)
        g_hash_table_replace (parameters, name, value);
    }

  return parameters;
}

static gboolean
take_given (GHashTable *declared_ones, const char *file, const char *const *given, GError **error)
{
  for (guint i = 0; given != NULL && given[i] != NULL; i += 2)
    {
      if (strspn (given[i + 1], VALUE_CHARACTERS) != strlen (given[i + 1]))
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, given[i], "{%s} of %s has a character that no value may have",
                        given[i], file);
          return FALSE;
        }
      if (g_hash_table_contains (declared_ones, given[i]))
        g_hash_table_replace (declared_ones, g_strdup (given[i]), g_strdup (given[i + 1]));
    }

  return TRUE;
}

/* Appends @line with its {parameters} filled in. Braces with anything else in them are GStreamer's lists. */
static gboolean
fill_line (GString *text, const char *line, GHashTable *parameters, const char *file, guint number, GError **error)
{
  while (*line != '\0')
    {
      gsize length = *line == '{' ? strspn (line + 1, G_CSET_a_2_z G_CSET_DIGITS "-") : 0;
      g_autofree char *name = NULL;
      const char *value;

      if (length == 0 || line[length + 1] != '}')
        {
          g_string_append_c (text, *line++);
          continue;
        }

      name = g_strndup (line + 1, length);
      value = g_hash_table_lookup (parameters, name);
      if (value == NULL)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "%s" SUFFIX ", line %u: {%s} is not declared above", file,
                        number, name);
          return FALSE;
        }
      g_string_append (text, value);
      line += length + 2;
    }

  g_string_append_c (text, ' ');
  return TRUE;
}

char *
gr_launch_text (const char *directory, const char *name, const char *const *parameters, GError **error)
{
  g_autofree char *file = gr_launch_read (directory, name, error);
  g_auto (GStrv) lines = file != NULL ? g_strsplit (file, "\n", -1) : NULL;
  g_autoptr (GHashTable) values = lines != NULL ? declarations (lines) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (values == NULL || !take_given (values, name, parameters, error))
    return NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (*line != '#' && *line != '\0' && !fill_line (text, line, values, name, i + 1, error))
        return NULL;
    }

  return g_strdup (g_strstrip (text->str));
}

static GstElement *
make (const char *directory, const char *name, const char *const *parameters, gboolean ghosts, GError **error)
{
  g_autofree char *text = gr_launch_text (directory, name, parameters, error);
  g_autoptr (GError) failure = NULL;
  GstElement *bin;

  if (text == NULL)
    return NULL;

  bin = gst_parse_bin_from_description_full (text, ghosts, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &failure);
  if (bin == NULL || failure != NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "GStreamer cannot make %s" SUFFIX ": %s", name,
                    failure != NULL ? failure->message : "it says not why");
      if (bin != NULL)
        gst_object_unref (gst_object_ref_sink (bin));
      return NULL;
    }

  gst_object_set_name (GST_OBJECT (bin), name);
  return bin;
}

GstElement *
gr_launch_make (const char *directory, const char *name, const char *const *parameters, GError **error)
{
  return make (directory, name, parameters, TRUE, error);
}

GstElement *
gr_launch_make_whole (const char *directory, const char *name, const char *const *parameters, GError **error)
{
  return make (directory, name, parameters, FALSE, error);
}

gint64
gr_launch_number (const char *directory, const char *name, const char *parameter, gint64 fallback)
{
  g_autofree char *file = gr_launch_read (directory, name, NULL);
  g_auto (GStrv) lines = file != NULL ? g_strsplit (file, "\n", -1) : NULL;
  g_autoptr (GHashTable) values = lines != NULL ? declarations (lines) : NULL;
  const char *value = values != NULL ? g_hash_table_lookup (values, parameter) : NULL;

  return value != NULL ? g_ascii_strtoll (value, NULL, 10) : fallback;
}

char *
gr_launch_example (const char *directory, const char *name, GError **error)
{
  static const char command[] = "# gst-launch-1.0 ";
  g_autofree char *file = gr_launch_read (directory, name, error);
  const char *line = file != NULL ? strstr (file, command) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (file == NULL)
    return NULL;
  if (line == NULL)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "%s" SUFFIX " has no line for gst-launch-1.0", name);
      return NULL;
    }

  for (line += strlen (command); line != NULL; line = strchr (line, '\n'))
    {
      /* Its further lines are comments, too. */
      if (*line == '\n' && !g_str_has_prefix (line, "\n# "))
        break;
      line += *line == '\n' ? strlen ("\n# ") : 0;
      g_string_append_len (text, line, strcspn (line, "\n"));
      g_string_append_c (text, ' ');
    }
  if (g_str_has_prefix (text->str, "-e "))
    g_string_erase (text, 0, strlen ("-e "));
  return g_strdup (g_strstrip (text->str));
}

static int
compare (gconstpointer first, gconstpointer second)
{
  return strcmp (*(const char *const *) first, *(const char *const *) second);
}

char **
gr_launch_names (void)
{
  char **names = g_resource_enumerate_children (media_get_resource (), RESOURCES, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (g_str_has_suffix (names[i], SUFFIX))
      names[i][strlen (names[i]) - strlen (SUFFIX)] = '\0';
  if (names != NULL)
    qsort (names, g_strv_length (names), sizeof *names, compare);

  return names != NULL ? names : g_new0 (char *, 1);
}
