/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroomd: options, signals, loop. Everything else is made in app.c. */
#define GR_LOG_TOPIC "greenroomd"

#include <glib-unix.h>
#include <locale.h>
#include <sodium.h>
#include <stdlib.h>

#include "app.h"
#include "base/log.h"
#include "base/main-call.h"

typedef struct
{
  char *config_path;
  char **settings; /* "section.key=value" */
  gboolean help_config;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->config_path);
  g_strfreev (options->settings);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  GMainLoop *loop;
  GrApp *app;
  gboolean draining;
} Run;

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config_path, "Read settings from FILE", "FILE" },
    { "option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &options->settings, "Override one setting", "SECTION.KEY=VALUE" },
    { "help-config", 0, 0, G_OPTION_ARG_NONE, &options->help_config, "Print every setting with its default", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("— a server for live rooms");

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context, "Without --config, settings come from $XDG_CONFIG_HOME/greenroom/greenroom.conf or\n"
               "/etc/greenroom/greenroom.conf, whichever is there first. Each is also an environment\n"
               "variable: GREENROOM_HTTP_LISTEN for listen in [http]. See greenroom.conf(5).\n");

  return g_option_context_parse (context, argc, argv, error);
}

static GrConfig *
read_config (Options *options, GError **error)
{
  g_autofree char *found = options->config_path == NULL ? gr_config_find () : NULL;
  g_autoptr (GrConfig) config = gr_config_new (options->config_path != NULL ? options->config_path : found, error);

  for (guint i = 0; config != NULL && options->settings != NULL && options->settings[i] != NULL; i++)
    if (!gr_config_set_option (config, options->settings[i], error))
      return NULL;

  return g_steal_pointer (&config);
}

static void
on_drained (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;

  gr_app_drain_finish (run->app, result);
  g_main_loop_quit (run->loop);
}

/* The second signal does not wait. */
static gboolean
on_end_signal (gpointer data)
{
  Run *run = data;

  if (run->draining)
    {
      g_main_loop_quit (run->loop);
      return G_SOURCE_CONTINUE;
    }

  run->draining = TRUE;
  gr_app_drain_async (run->app, on_drained, run);

  return G_SOURCE_CONTINUE;
}

static int
serve (GrConfig *config)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrApp) app = gr_app_new (config, &error);
  Run run = { loop, app, FALSE };

  if (app == NULL || !gr_app_start (app, &error))
    {
      g_printerr ("greenroomd cannot start: %s\n", error->message);
      return EXIT_FAILURE;
    }

  g_unix_signal_add (SIGTERM, on_end_signal, &run);
  g_unix_signal_add (SIGINT, on_end_signal, &run);
  g_main_loop_run (loop);
  gr_info ("goodbye");

  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrConfig) config = NULL;
  g_auto (Options) options = { 0 };

  setlocale (LC_ALL, "");
  signal (SIGPIPE, SIG_IGN);
  gr_main_init ();

  if (sodium_init () < 0 || !parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("greenroomd: %s\n", error != NULL ? error->message : "no source of randomness");
      return EXIT_FAILURE;
    }

  if (options.version)
    {
      g_print ("greenroomd %s\n", GREENROOM_VERSION);
      return EXIT_SUCCESS;
    }

  if (options.help_config)
    {
      g_autofree char *example = gr_config_example ();

      g_print ("%s", example);
      return EXIT_SUCCESS;
    }

  config = read_config (&options, &error);
  if (config == NULL)
    {
      g_printerr ("greenroomd: %s\n", error->message);
      return EXIT_FAILURE;
    }

  gr_log_init (gr_config_get_string (config, "log", "level"), gr_config_get_string (config, "log", "format"));

  return serve (config);
}
