/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-image: prepares one picture that somebody sent, and ends. greenroomd starts it with one end of a socketpair
 * and an empty environment; before it reads a word from there it has confined itself. */
#define GR_LOG_TOPIC "image"

#include <gio/gio.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/main-call.h"
#include "image/confine.h"
#include "image/prepare.h"
#include "image/service.h"

static void
on_closed (GDBusConnection *connection, gboolean vanished, GError *error, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

static GDBusConnection *
connect_to_parent (int fd, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *guid = g_dbus_generate_guid ();

  if (socket == NULL)
    return NULL;

  stream = g_socket_connection_factory_create_connection (socket);
  return g_dbus_connection_new_sync (G_IO_STREAM (stream), guid,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                                         | G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_REQUIRE_SAME_USER
                                         | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                                     NULL, NULL, error);
}

static gboolean
serve (int fd, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GDBusConnection) connection = connect_to_parent (fd, error);
  g_autoptr (GDBusInterfaceSkeleton) face = connection != NULL ? gr_image_service_export (connection, error) : NULL;

  if (face == NULL)
    return FALSE;

  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), loop);
  g_dbus_connection_start_message_processing (connection);
  g_main_loop_run (loop);
  return TRUE;
}

int
main (int argc, char *argv[])
{
  int fd = -1;
  const GOptionEntry entries[] = {
    { "fd", 0, 0, G_OPTION_ARG_INT, &fd, "Speak D-Bus over this open socket", "N" },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("— greenroomd's worker for pictures");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || fd < 0)
    {
      g_printerr ("greenroom-image: %s\n",
                  error != NULL ? error->message : "greenroomd starts it: greenroom-image --fd N");
      return EXIT_FAILURE;
    }

  /* Ctrl+C in a terminal reaches the whole group; greenroomd decides what becomes of its workers. */
  signal (SIGINT, SIG_IGN);
  gr_main_init ();
  gr_log_init ("warning", "auto");
  if (!gr_picture_init (&error) || !gr_confine (&error) || !serve (fd, &error))
    {
      gr_warning ("cannot work: %s", error->message);
      return EXIT_FAILURE;
    }

  return EXIT_SUCCESS;
}
