/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "media"

#include "media/worker-process.h"

#include <glib-unix.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "base/log.h"

typedef struct
{
  GMainLoop *loop;
  GrExportFunc export;
  gpointer role;
  GDBusConnection *connection;
  int status;
} Run;

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
  if (run->connection == NULL || !run->export(run->role, run->connection, &error))
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

int
gr_worker_process_run (const char *name, int fd, GrExportFunc export, gpointer role)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { .loop = loop, .export = export, .role = role };
  g_autoptr (GError) error = NULL;
  guint terminated;

  prctl (PR_SET_NAME, name);
  if (!connect_to_parent (&run, fd, &error))
    {
      gr_warning ("%s cannot start: %s", name, error->message);
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
  return run.status;
}

void
gr_worker_process_load (const char *const *plugins)
{
  for (; *plugins != NULL; plugins++)
    {
      g_autoptr (GstPlugin) plugin = gst_plugin_load_by_name (*plugins);

      if (plugin == NULL)
        gr_info ("GStreamer has no plugin %s", *plugins);
    }
}
