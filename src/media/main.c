/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-media: the worker process that holds media. Its first argument is its role; it speaks D-Bus over the
 * descriptor that greenroomd handed it, and ends with that connection. */
#define GR_LOG_TOPIC "media"

#include <glib-unix.h>
#include <gst/gst.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "base/main-call.h"
#include "media/hub/service.h"
#include "plugins/hubtransport/hub.h"

typedef struct
{
  int fd;
  char *listen;
  char **announce;
} Options;

typedef struct
{
  GMainLoop *loop;
  GrHubService *service;
  GDBusConnection *connection;
  int status;
} Run;

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
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, "Media port (GREENROOM_MEDIA_LISTEN)", "ADDRESS:PORT" },
    { "announce", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->announce,
      "Say this address in candidates instead of this machine's own (GREENROOM_MEDIA_ANNOUNCE)", "ADDRESS" },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("hub — greenroomd's media worker");
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

static void
stop (Run *run, int status)
{
  run->status = status;
  g_main_loop_quit (run->loop);
}

static gboolean
on_terminated (gpointer data)
{
  stop (data, EXIT_SUCCESS);
  return G_SOURCE_CONTINUE;
}

static void
on_closed (GDBusConnection *connection, gboolean vanished, GError *error, Run *run)
{
  stop (run, EXIT_SUCCESS);
}

static void
on_connection (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  run->connection = g_dbus_connection_new_finish (result, &error);
  if (run->connection == NULL || !gr_hub_service_export (run->service, run->connection, &error))
    {
      gr_warning ("cannot speak to greenroomd: %s", error->message);
      stop (run, EXIT_FAILURE);
      return;
    }

  g_signal_connect (run->connection, "closed", G_CALLBACK (on_closed), run);
  g_dbus_connection_start_message_processing (run->connection);
}

static gboolean
connect_to_parent (Run *run, int fd, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *guid = g_dbus_generate_guid ();

  if (socket == NULL)
    return FALSE;

  stream = g_socket_connection_factory_create_connection (socket);
  g_dbus_connection_new (G_IO_STREAM (stream), guid,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                             | G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER
                             | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         NULL, NULL, on_connection, run);
  return TRUE;
}

/* What a participant's webrtcbin is made of, so that the first one does not wait for the disk. */
static void
load_plugins (void)
{
  static const char *const names[] = { "webrtc", "nice", "dtls", "srtp", "rtpmanager", "sctp", "coreelements" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GstPlugin) plugin = gst_plugin_load_by_name (names[i]);

      if (plugin == NULL)
        gr_info ("GStreamer has no plugin %s", names[i]);
    }
}

static int
run_hub (const Options *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { .loop = loop };
  g_autoptr (GError) error = NULL;
  guint terminated;

  prctl (PR_SET_NAME, "greenroom-hub");
  gr_main_init ();
  load_plugins ();
  run.service = gr_hub_service_new (options->listen, (const char *const *) options->announce, &error);
  if (run.service == NULL || !connect_to_parent (&run, options->fd, &error))
    {
      gr_warning ("the hub cannot start: %s", error->message);
      g_clear_object (&run.service);
      return EXIT_FAILURE;
    }

  /* Ctrl+C in a terminal reaches the whole group; greenroomd decides what becomes of its workers. */
  signal (SIGINT, SIG_IGN);
  terminated = g_unix_signal_add (SIGTERM, on_terminated, &run);
  g_main_loop_run (loop);
  g_source_remove (terminated);

  if (run.connection != NULL)
    g_signal_handlers_disconnect_by_data (run.connection, &run);
  g_clear_object (&run.connection);
  g_clear_object (&run.service);
  return run.status;
}

int
main (int argc, char *argv[])
{
  g_auto (Options) options = { .fd = -1 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  gr_log_init ("info", "auto");
  if (!parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("greenroom-media: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (argc != 2 || !g_str_equal (argv[1], "hub") || options.fd < 0)
    {
      g_printerr ("greenroom-media is started by greenroomd: greenroom-media hub --fd N [--listen ADDRESS:PORT]\n");
      return EXIT_FAILURE;
    }

  if (!gst_init_check (NULL, NULL, &error) || !gr_hub_register_elements (NULL))
    {
      g_printerr ("greenroom-media: GStreamer cannot be used: %s\n", error != NULL ? error->message : "no elements");
      return EXIT_FAILURE;
    }

  return run_hub (&options);
}
