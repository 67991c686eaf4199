/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-media: the worker process that holds media. Its first argument is its role; it speaks D-Bus over the
 * descriptor that greenroomd handed it, and ends with that connection. */
#define GR_LOG_TOPIC "media"

#include <gst/gst.h>
#include <locale.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/main-call.h"
#include "media/hub/service.h"
#include "media/program/service.h"
#include "media/worker-process.h"
#include "plugins/hublink/link-source.h"
#include "plugins/hubtransport/hub.h"
#include "plugins/layoutmix/layout-mix.h"

typedef struct
{
  int fd;
  char *listen;
  char **announce;
} Options;

typedef struct
{
  const char *name;
  gboolean (*register_elements) (void);
  int (*run) (const Options *options);
} Role;

static void
options_clear (Options *options)
{
  g_free (options->listen);
  g_strfreev (options->announce);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_options (int *argc, char ***argv, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "fd", 0, 0, G_OPTION_ARG_INT, &options->fd, "Speak D-Bus over this open socket", "N" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, "hub: media port (GREENROOM_MEDIA_LISTEN)",
      "ADDRESS:PORT" },
    { "announce", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->announce,
      "hub: say this address in candidates instead of this machine's own (GREENROOM_MEDIA_ANNOUNCE)", "ADDRESS" },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("hub|program — greenroomd's media workers");
  const char *announce = g_getenv ("GREENROOM_MEDIA_ANNOUNCE");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (options->listen == NULL)
    options->listen = g_strdup (g_getenv ("GREENROOM_MEDIA_LISTEN"));
  if (options->listen == NULL)
    options->listen = g_strdup ("0.0.0.0:7880");
  if (options->announce == NULL && announce != NULL && *announce != '\0')
    options->announce = g_strsplit (announce, ",", -1);
  for (char **address = options->announce; address != NULL && *address != NULL; address++)
    g_strstrip (*address);
  return TRUE;
}

static gboolean
register_for_hub (void)
{
  return gr_hub_register_elements (NULL);
}

static gboolean
export_hub (gpointer role, GDBusConnection *connection, GError **error)
{
  return gr_hub_service_export (role, connection, error);
}

static int
run_hub (const Options *options)
{
  /* What a participant's webrtcbin is made of. */
  static const char *const plugins[] = { "webrtc", "nice", "dtls", "srtp", "rtpmanager", "sctp", "coreelements", NULL };
  g_autoptr (GrHubService) service = NULL;
  g_autoptr (GError) error = NULL;

  gr_worker_process_load (plugins);
  service = gr_hub_service_new (options->listen, (const char *const *) options->announce, &error);
  if (service == NULL)
    {
      gr_warning ("the hub cannot start: %s", error->message);
      return EXIT_FAILURE;
    }

  return gr_worker_process_run ("greenroom-hub", options->fd, export_hub, service);
}

static gboolean
register_for_program (void)
{
  return gr_hub_link_register_elements (NULL) && gr_layout_mix_register (NULL);
}

static gboolean
export_program (gpointer role, GDBusConnection *connection, GError **error)
{
  return gr_program_service_export (role, connection, error);
}

static int
run_program (const Options *options)
{
  static const char *const plugins[] = { "coreelements",
                                         "app",
                                         "audiomixer",
                                         "audiotestsrc",
                                         "audioconvert",
                                         "audioresample",
                                         "volume",
                                         "replaygain",
                                         "opus",
                                         "x264",
                                         "libav",
                                         "vpx",
                                         "rtp",
                                         "videoparsersbad",
                                         "audioparsers",
                                         "videoconvertscale",
                                         NULL };
  g_autoptr (GrProgramService) service = gr_program_service_new ();

  gr_worker_process_load (plugins);
  return gr_worker_process_run ("greenroom-show", options->fd, export_program, service);
}

static const Role roles[] = {
  { "hub", register_for_hub, run_hub },
  { "program", register_for_program, run_program },
};

int
main (int argc, char *argv[])
{
  g_auto (Options) options = { .fd = -1 };
  g_autoptr (GError) error = NULL;
  const Role *role = NULL;

  setlocale (LC_ALL, "");
  gr_log_init ("info", "auto");
  if (!parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("greenroom-media: %s\n", error->message);
      return EXIT_FAILURE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (roles) && argc == 2; i++)
    if (g_str_equal (argv[1], roles[i].name))
      role = &roles[i];
  if (role == NULL || options.fd < 0)
    {
      g_printerr (
          "greenroom-media is started by greenroomd: greenroom-media hub|program --fd N [--listen ADDRESS:PORT]\n");
      return EXIT_FAILURE;
    }

  if (!gst_init_check (NULL, NULL, &error) || !role->register_elements ())
    {
      g_printerr ("greenroom-media: GStreamer cannot be used: %s\n", error != NULL ? error->message : "no elements");
      return EXIT_FAILURE;
    }

  gr_main_init ();
  return role->run (&options);
}
