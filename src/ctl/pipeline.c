/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chains of elements are greenroom-pipeline's to know: it has GStreamer. */
#include "ctl/commands.h"

#include "base/config.h"
#include "base/error.h"

#include <stdio.h>

#define PROGRAM "greenroom-pipeline"

/* Beside greenroom-media, as installed; below it, as in a build; or, where nobody says which that is, in the build that
 * we are of. */
static char *
find_program (GrConfig *config)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *own = g_path_get_dirname (self != NULL ? self : "");
  g_autofree char *folder = g_path_get_dirname (gr_config_get_string (config, "media", "program"));
  g_autofree char *built = g_build_filename (own, "..", "media", "pipeline", PROGRAM, NULL);
  g_autofree char *below = g_build_filename (folder, "pipeline", PROGRAM, NULL);
  g_autofree char *beside = g_build_filename (folder, PROGRAM, NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  if (g_file_test (below, G_FILE_TEST_IS_EXECUTABLE) || !g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&below);

  return g_steal_pointer (&built);
}

/* It speaks for itself, with the configured directory of the operator's. @name may be NULL. */
static gboolean
ask (const GrOptions *options, const char *verb, const char *name, GError **error)
{
  g_autofree char *path = options->config != NULL ? g_strdup (options->config) : gr_config_find ();
  g_autoptr (GrConfig) config = gr_config_new (path, error);
  g_autofree char *program = config != NULL ? find_program (config) : NULL;
  const char *directory = config != NULL ? gr_config_get_string (config, "outputs", "pipelines") : NULL;
  g_autofree char *option = NULL;
  g_autoptr (GSubprocess) process = NULL;

  if (config == NULL)
    return FALSE;

  option = g_strconcat ("--dir=", directory, NULL);
  fflush (stdout);
  process = directory[0] != '\0' ? g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, program, option, verb, name, NULL)
                                 : g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, program, verb, name, NULL);
  if (process == NULL || !g_subprocess_wait (process, NULL, error))
    return FALSE;
  if (!g_subprocess_get_successful (process))
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Something is wrong, see above");
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_command_pipeline_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  return ask (options, "list", NULL, error);
}

gboolean
gr_command_pipeline_show (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  return ask (options, "show", arguments[0], error);
}

gboolean
gr_command_pipeline_check (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  return ask (options, "check", arguments[0], error);
}

gboolean
gr_command_pipeline_run (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  return ask (options, "run", arguments[0], error);
}
