/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "workers"

#include "workers/probe.h"

#include <gio/gio.h>

#include "base/config.h"
#include "base/error.h"
#include "base/log.h"
#include "workers/environment.h"

/* Tests under way at the same time: they wait for other people's servers on threads that requests need. */
#define MAX_PROBES 2

static gint probes;

static char *
write_wish (const char *url, const char *stream_key, gboolean allow_private)
{
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "url", url);
  gr_json_writer_string_member (&json, "streamKey", stream_key);
  gr_json_writer_bool_member (&json, "allowPrivate", allow_private);
  gr_json_writer_end_object (&json);

  return g_string_free (text, FALSE);
}

/* The key goes through a pipe, where no list of processes shows it. */
static GrOutputStatus *
ask (const char *program, const char *wish, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_auto (GStrv) environment = gr_worker_environment ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *answer = NULL;
  GrOutputStatus *status = NULL;

  g_subprocess_launcher_set_environ (launcher, environment);
  process = g_subprocess_launcher_spawn (launcher, &reason, program, NULL);

  if (process != NULL && g_subprocess_communicate_utf8 (process, wish, NULL, &answer, NULL, &reason) && answer != NULL)
    status = gr_output_status_parse (answer, &reason);

  if (status == NULL)
    {
      gr_warning ("a destination cannot be tested: %s", reason != NULL ? reason->message : "no answer");
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "This server has no program that tests destinations");
    }

  return status;
}

GrOutputStatus *
gr_probe_destination (const char *url, const char *stream_key, gboolean allow_private, gpointer config, GError **error)
{
  const char *media = gr_config_get_string (config, "media", "program");
  g_autofree char *folder = g_path_get_dirname (media);
  g_autofree char *beside = g_build_filename (folder, "greenroom-probe", NULL);
  g_autofree char *below = g_build_filename (folder, "probe", "greenroom-probe", NULL);
  const char *program = g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE) ? beside : below;
  g_autofree char *wish = write_wish (url, stream_key, allow_private);
  GrOutputStatus *status = NULL;

  if (g_atomic_int_add (&probes, 1) < MAX_PROBES)
    status = ask (program, wish, error);
  else
    gr_set_error (error, GR_ERROR_BUSY, NULL, "Other destinations are being tested; try again in a moment");
  g_atomic_int_add (&probes, -1);

  return status;
}
