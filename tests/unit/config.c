/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/config. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/config.h"
#include "base/error.h"

/* A configuration read from a file with @text. */
static GrConfig *
read_text (const char *text, GError **error)
{
  g_autofree char *path = NULL;
  GrConfig *config;
  int fd = g_file_open_tmp ("greenroom-XXXXXX.conf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  config = gr_config_new (path, error);
  g_close (fd, NULL);
  g_unlink (path);
  return config;
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrConfig) config = gr_config_new (NULL, &error);

  g_test_summary ("Without a file everything has its default");

  g_assert_no_error (error);
  g_assert_cmpstr (gr_config_get_string (config, "http", "listen"), ==, "localhost:8080");
  g_assert_cmpint (gr_config_get_int (config, "rooms", "capacity"), ==, 15);
  g_assert_true (gr_config_get_bool (config, "rooms", "guests"));
  g_assert_false (gr_config_get_bool (config, "outputs", "allow-private"));
  g_assert_cmpuint (g_strv_length ((char **) gr_config_get_list (config, "ice", "servers")), ==, 5);
  g_assert_cmpuint (g_strv_length ((char **) gr_config_get_list (config, "http", "allowed-origins")), ==, 0);
}

static void
test_file (void)
{
  static const char text[] = "# comment\n[http]\nlisten = *:9000\nallowed-origins=https://a.example, "
                             "https://b.example\ntrusted-proxies=127.0.0.0/8,::1\n[ice]\nservers=\n"
                             "[rooms]\nguests=no\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GrConfig) config = read_text (text, &error);
  g_autoptr (GPtrArray) networks = NULL;
  const char *const *origins;

  g_test_summary ("A key file overrides defaults; an empty list is empty");

  g_assert_no_error (error);
  origins = gr_config_get_list (config, "http", "allowed-origins");
  g_assert_cmpstr (origins[1], ==, "https://b.example");
  g_assert_null (origins[2]);
  g_assert_cmpuint (g_strv_length ((char **) gr_config_get_list (config, "ice", "servers")), ==, 0);
  g_assert_false (gr_config_get_bool (config, "rooms", "guests"));
  g_assert_cmpstr (gr_config_get_string (config, "http", "listen"), ==, "*:9000");
  networks = gr_config_get_networks (config, "http", "trusted-proxies");
  g_assert_cmpuint (networks->len, ==, 2);
}

static void
test_order (void)
{
  static const char text[] = "[rooms]\ncapacity=20\ncapacity-max=100\n[log]\nlevel=debug\n";
  g_autoptr (GrConfig) config = NULL;
  g_autoptr (GrConfig) same = NULL;

  g_test_summary ("The environment overrides the file and the command line both");

  g_setenv ("GREENROOM_ROOMS_CAPACITY", "21", TRUE);
  g_setenv ("GREENROOM_ROOMS_CAPACITY_MAX", "101", TRUE);
  config = read_text (text, NULL);
  g_unsetenv ("GREENROOM_ROOMS_CAPACITY");
  g_unsetenv ("GREENROOM_ROOMS_CAPACITY_MAX");
  g_assert_true (gr_config_set_option (config, "rooms.capacity=22", NULL));
  same = gr_config_ref (config);

  g_assert_cmpint (gr_config_get_int (same, "rooms", "capacity"), ==, 22);
  g_assert_cmpint (gr_config_get_int (same, "rooms", "capacity-max"), ==, 101);
  g_assert_cmpstr (gr_config_get_string (same, "log", "level"), ==, "debug");
}

static void
test_mistakes (void)
{
  static const struct
  {
    const char *text, *field, *message;
  } cases[] = {
    { "[http]\n\nlistne=x\n", "http.listne", ":3: [http] listne: there is no such setting" },
    { "[htpt]\nlisten=x\n", "htpt.listen", ":2: [htpt] listen: there is no such setting" },
    { "[rooms]\ncapacity=many\n", "rooms.capacity", ":2: [rooms] capacity: “many” is not a number from 1 to 10000" },
    { "[rooms]\ncapacity=0\n", "rooms.capacity", ":2: [rooms] capacity: “0” is not a number from 1 to 10000" },
    { "[rooms]\nguests=perhaps\n", "rooms.guests", ":2: [rooms] guests: “perhaps” is neither true nor false" },
    { "[log]\nlevel=loud\n", "log.level", ":2: [log] level: “loud” is not one of debug|info|warning|error" },
    { "[http]\ntrusted-proxies=10.0.0.1,home\n", "http.trusted-proxies",
      ":2: [http] trusted-proxies: “home” is not a network such as 10.0.0.0/8" },
    { "[http]\nlisten=here\n", "http.listen", "is not an address to listen on" },
  };

  g_test_summary ("An unknown key or a bad value is named with its line");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
      g_assert_cmpstr (gr_error_get_field (error), ==, cases[i].field);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

static void
test_no_file (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) syntax = NULL;

  g_test_summary ("A file that is missing or no key file is an error");

  g_assert_null (gr_config_new ("/nonexistent/greenroom.conf", &missing));
  g_assert_error (missing, GR_ERROR, GR_ERROR_NOT_FOUND);
  g_assert_null (read_text ("no section\n", &syntax));
  g_assert_error (syntax, GR_ERROR, GR_ERROR_INVALID_INPUT);
}

static void
test_environment_mistake (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A bad value in the environment names the variable");

  g_setenv ("GREENROOM_STORE_POOL", "none", TRUE);
  g_assert_null (gr_config_new (NULL, &error));
  g_unsetenv ("GREENROOM_STORE_POOL");
  g_assert_nonnull (strstr (error->message, "GREENROOM_STORE_POOL"));
}

static void
test_options (void)
{
  static const char *const bad[] = { "", "x", "http=1", "http.listen", "=", "http.nothing=1", "nothing.listen=1" };
  g_autoptr (GrConfig) config = gr_config_new (NULL, NULL);

  g_test_summary ("A malformed option is refused and changes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (gr_config_set_option (config, bad[i], &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
    }
  g_assert_false (gr_config_set (config, "rooms", "capacity", "x", NULL));
  g_assert_cmpint (gr_config_get_int (config, "rooms", "capacity"), ==, 15);
  g_assert_true (gr_config_set_option (config, "store.url=postgresql://u@h/d?x=1", NULL));
  g_assert_cmpstr (gr_config_get_string (config, "store", "url"), ==, "postgresql://u@h/d?x=1");
}

static void
test_example (void)
{
  g_autofree char *example = gr_config_example ();
  g_autoptr (GRegex) commented = g_regex_new ("^#([a-z-]+=)", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *active = g_regex_replace (commented, example, -1, 0, "\\1", 0, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrConfig) config = NULL;

  g_test_summary ("The example is a configuration, also with every line made active");

  config = read_text (active, &error);
  g_assert_no_error (error);
  g_assert_nonnull (config);
  g_assert_nonnull (strstr (active, "\nlisten=localhost:8080\n"));
}

static void
test_data_dir (void)
{
  g_autoptr (GrConfig) config = gr_config_new (NULL, NULL);
  g_autofree char *service = NULL;
  g_autofree char *chosen = NULL;

  g_test_summary ("The data directory is the one that is set, else systemd's");

  g_setenv ("STATE_DIRECTORY", "/var/lib/somewhere:/other", TRUE);
  service = gr_config_data_dir (config);
  g_assert_cmpstr (service, ==, "/var/lib/somewhere");
  g_assert_true (gr_config_set (config, "data", "dir", "/srv/rooms/", NULL));
  chosen = gr_config_data_dir (config);
  g_assert_cmpstr (chosen, ==, "/srv/rooms");
  g_unsetenv ("STATE_DIRECTORY");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/has-defaults", test_defaults);
  g_test_add_func ("/config/reads-a-file", test_file);
  g_test_add_func ("/config/later-sources-win", test_order);
  g_test_add_func ("/config/names-mistakes", test_mistakes);
  g_test_add_func ("/config/needs-a-key-file", test_no_file);
  g_test_add_func ("/config/names-the-variable", test_environment_mistake);
  g_test_add_func ("/config/options-are-checked", test_options);
  g_test_add_func ("/config/example-is-valid", test_example);
  g_test_add_func ("/config/finds-the-data-directory", test_data_dir);
  return g_test_run ();
}
