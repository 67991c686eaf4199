/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/config.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/listen.h"
#include "base/settings.h"

typedef struct
{
  char *text;
  char **list;
  gint64 number;
} Value;

struct _GrConfig
{
  gatomicrefcount refs;
  Value *values; /* in the order of gr_settings */
};

static const GrSetting *
find_setting (const char *section, const char *key)
{
  for (gsize i = 0; i < gr_n_settings; i++)
    if (g_str_equal (gr_settings[i].section, section) && g_str_equal (gr_settings[i].key, key))
      return &gr_settings[i];

  return NULL;
}

static void
value_clear (Value *value)
{
  g_clear_pointer (&value->text, g_free);
  g_clear_pointer (&value->list, g_strfreev);
}

static char **
split_list (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ",;", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip (*part) != '\0')
      g_strv_builder_add (builder, *part);

  return g_strv_builder_end (builder);
}

static gboolean
parse_bool (const char *text, gint64 *out)
{
  static const char *const words[2][4] = { { "false", "no", "off", "0" }, { "true", "yes", "on", "1" } };

  for (guint truth = 0; truth < 2; truth++)
    for (guint i = 0; i < G_N_ELEMENTS (words[truth]); i++)
      if (g_ascii_strcasecmp (text, words[truth][i]) == 0)
        {
          *out = truth;
          return TRUE;
        }

  return FALSE;
}

static gboolean
check_networks (char **list, GError **error)
{
  for (char **item = list; *item != NULL; item++)
    {
      g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (*item, NULL);

      if (mask == NULL)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "“%s” is not a network such as 10.0.0.0/8", *item);
          return FALSE;
        }
    }

  return TRUE;
}

/* Fills @value from @text; the error says what was expected, without the name of the key. */
static gboolean
parse_value (const GrSetting *setting, const char *text, Value *value, GError **error)
{
  g_autoptr (GPtrArray) addresses = NULL;
  g_auto (GStrv) choices = NULL;

  switch (setting->type)
    {
    case GR_SETTING_INT:
      if (g_ascii_string_to_signed (text, 10, setting->minimum, setting->maximum, &value->number, NULL))
        break;
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL,
                    "“%s” is not a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, text, setting->minimum,
                    setting->maximum);
      return FALSE;

    case GR_SETTING_BOOL:
      if (parse_bool (text, &value->number))
        break;
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "“%s” is neither true nor false", text);
      return FALSE;

    case GR_SETTING_CHOICE:
      choices = g_strsplit (setting->choices, "|", -1);
      if (g_strv_contains ((const char *const *) choices, text))
        break;
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "“%s” is not one of %s", text, setting->choices);
      return FALSE;

    case GR_SETTING_LISTEN:
      addresses = gr_listen_parse (text, error);
      if (addresses == NULL)
        return FALSE;
      break;

    case GR_SETTING_LIST:
    case GR_SETTING_NETWORKS:
      value->list = split_list (text);
      if (setting->type == GR_SETTING_NETWORKS && !check_networks (value->list, error))
        return FALSE;
      break;

    case GR_SETTING_STRING:
      break;
    }

  value->text = g_strdup (text);
  return TRUE;
}

/* @origin names where the text comes from, for the message. */
static gboolean
set_value (GrConfig *config, const GrSetting *setting, const char *text, const char *origin, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *field = g_strdup_printf ("%s.%s", setting->section, setting->key);
  g_autoptr (GError) local_error = NULL;
  Value value = { 0 };

  if (!g_utf8_validate (stripped, -1, NULL) || !parse_value (setting, stripped, &value, &local_error))
    {
      value_clear (&value);
      gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "%s: [%s] %s: %s", origin, setting->section, setting->key,
                    local_error != NULL ? local_error->message : "this is not UTF-8");
      return FALSE;
    }

  value_clear (&config->values[setting - gr_settings]);
  config->values[setting - gr_settings] = value;
  return TRUE;
}

static gboolean
unknown_key (const char *section, const char *key, const char *origin, GError **error)
{
  g_autofree char *field = g_strdup_printf ("%s.%s", section, key);

  gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "%s: [%s] %s: there is no such setting", origin, section, key);
  return FALSE;
}

/* The line of @key in @section, from 1, since GKeyFile does not tell; 0 if it cannot be found. */
static guint
find_line (const char *text, const char *section, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *header = g_strdup_printf ("[%s]", section);
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      gsize length = strlen (key);

      if (line[0] == '[')
        inside = g_str_equal (line, header);
      else if (inside && g_str_has_prefix (line, key) && strchr ("= \t", line[length]) != NULL)
        return i + 1;
    }

  return 0;
}

static gboolean
read_section (GrConfig *config, GKeyFile *file, const char *section, const char *path, const char *text, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, section, NULL, NULL);

  for (char **key = keys; key != NULL && *key != NULL; key++)
    {
      const GrSetting *setting = find_setting (section, *key);
      g_autofree char *value = g_key_file_get_value (file, section, *key, NULL);
      g_autofree char *origin = g_strdup_printf ("%s:%u", path, find_line (text, section, *key));

      if (setting == NULL)
        return unknown_key (section, *key, origin, error);
      if (!set_value (config, setting, value, origin, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_file (GrConfig *config, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) sections = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "%s", local_error->message);
      return FALSE;
    }

  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &local_error))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "%s: %s", path, local_error->message);
      return FALSE;
    }

  sections = g_key_file_get_groups (file, NULL);
  for (char **section = sections; *section != NULL; section++)
    if (!read_section (config, file, *section, path, text, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_environment (GrConfig *config, GError **error)
{
  for (gsize i = 0; i < gr_n_settings; i++)
    {
      g_autofree char *name = g_strdup_printf ("GREENROOM_%s_%s", gr_settings[i].section, gr_settings[i].key);
      const char *value;

      for (char *c = name; *c != '\0'; c++)
        *c = *c == '-' ? '_' : g_ascii_toupper (*c);

      value = g_getenv (name);
      if (value != NULL && !set_value (config, &gr_settings[i], value, name, error))
        return FALSE;
    }

  return TRUE;
}

static const Value *
get_value (GrConfig *config, const char *section, const char *key, gboolean list, gboolean number)
{
  const GrSetting *setting = find_setting (section, key);

  if (setting == NULL)
    g_error ("There is no setting [%s] %s", section, key);
  g_assert (list == (setting->type == GR_SETTING_LIST || setting->type == GR_SETTING_NETWORKS));
  g_assert (number == (setting->type == GR_SETTING_INT || setting->type == GR_SETTING_BOOL));

  return &config->values[setting - gr_settings];
}

char *
gr_config_find (void)
{
  const char *const directories[] = { g_get_user_config_dir (), "/etc" };

  for (guint i = 0; i < G_N_ELEMENTS (directories); i++)
    {
      g_autofree char *path = g_build_filename (directories[i], "greenroom", "greenroom.conf", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }

  return NULL;
}

GrConfig *
gr_config_new (const char *path, GError **error)
{
  g_autoptr (GrConfig) config = g_new0 (GrConfig, 1);

  g_atomic_ref_count_init (&config->refs);
  config->values = g_new0 (Value, gr_n_settings);
  for (gsize i = 0; i < gr_n_settings; i++)
    if (!set_value (config, &gr_settings[i], gr_settings[i].fallback, "default", error))
      return NULL;

  if (path != NULL && !read_file (config, path, error))
    return NULL;
  if (!read_environment (config, error))
    return NULL;

  return g_steal_pointer (&config);
}

GrConfig *
gr_config_ref (GrConfig *config)
{
  g_atomic_ref_count_inc (&config->refs);
  return config;
}

void
gr_config_unref (GrConfig *config)
{
  if (!g_atomic_ref_count_dec (&config->refs))
    return;

  for (gsize i = 0; i < gr_n_settings; i++)
    value_clear (&config->values[i]);
  g_free (config->values);
  g_free (config);
}

gboolean
gr_config_set (GrConfig *config, const char *section, const char *key, const char *value, GError **error)
{
  const GrSetting *setting = find_setting (section, key);

  if (setting == NULL)
    return unknown_key (section, key, "command line", error);

  return set_value (config, setting, value, "command line", error);
}

gboolean
gr_config_set_option (GrConfig *config, const char *option, GError **error)
{
  const char *equals = strchr (option, '=');
  g_autofree char *name = equals != NULL ? g_strndup (option, equals - option) : NULL;
  char *dot = name != NULL ? strchr (name, '.') : NULL;

  if (dot == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "“%s” is not of the form section.key=value", option);
      return FALSE;
    }

  *dot = '\0';
  return gr_config_set (config, name, dot + 1, equals + 1, error);
}

const char *
gr_config_get_string (GrConfig *config, const char *section, const char *key)
{
  return get_value (config, section, key, FALSE, FALSE)->text;
}

gint64
gr_config_get_int (GrConfig *config, const char *section, const char *key)
{
  return get_value (config, section, key, FALSE, TRUE)->number;
}

gboolean
gr_config_get_bool (GrConfig *config, const char *section, const char *key)
{
  return get_value (config, section, key, FALSE, TRUE)->number != 0;
}

const char *const *
gr_config_get_list (GrConfig *config, const char *section, const char *key)
{
  return (const char *const *) get_value (config, section, key, TRUE, FALSE)->list;
}

char *
gr_config_data_dir (GrConfig *config)
{
  const char *dir = gr_config_get_string (config, "data", "dir");
  const char *state = g_getenv ("STATE_DIRECTORY");

  if (*dir != '\0')
    return g_canonicalize_filename (dir, NULL);
  if (state != NULL && *state != '\0')
    return g_strndup (state, strcspn (state, ":"));
  if (geteuid () == 0)
    return g_strdup ("/var/lib/greenroom");

  return g_build_filename (g_get_user_data_dir (), "greenroom", NULL);
}

GPtrArray *
gr_config_get_networks (GrConfig *config, const char *section, const char *key)
{
  GPtrArray *networks = g_ptr_array_new_with_free_func (g_object_unref);

  for (const char *const *item = gr_config_get_list (config, section, key); *item != NULL; item++)
    g_ptr_array_add (networks, g_inet_address_mask_new_from_string (*item, NULL));

  return networks;
}

char *
gr_config_example (void)
{
  GString *text = g_string_new ("# Settings of greenroomd. Each is also GREENROOM_SECTION_KEY in the environment\n"
                                "# and -o section.key=value on the command line. What is commented is the default.\n");
  const char *section = "";

  for (gsize i = 0; i < gr_n_settings; i++)
    {
      if (!g_str_equal (section, gr_settings[i].section))
        g_string_append_printf (text, "\n[%s]\n", section = gr_settings[i].section);

      g_string_append_printf (text, "# %s", gr_settings[i].help);
      if (gr_settings[i].choices != NULL)
        g_string_append_printf (text, " One of %s.", gr_settings[i].choices);
      g_string_append_printf (text, "\n#%s=%s\n", gr_settings[i].key, gr_settings[i].fallback);
    }

  return g_string_free (text, FALSE);
}
