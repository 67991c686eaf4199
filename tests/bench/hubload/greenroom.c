/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-media hub, spoken to over D-Bus as greenroomd does. One connection per person. */
#include <sys/socket.h>

#include "server.h"

static GDBusConnection *hub;

static GVariant *
call (const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_sync (hub, NULL, "/org/greenroom/Media1", "org.greenroom.Media1.Hub", method,
                                                 arguments, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, &error);

  if (reply == NULL)
    gr_load_die (method, error->message);
  return reply;
}

static GSubprocess *
start (GrLoad *load, const char *path)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *listen = NULL;
  GSubprocess *process;
  int ends[2];

  if (path == NULL)
    gr_load_die ("usage", "say --server");
  socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  g_subprocess_launcher_take_fd (launcher, ends[1], 3);
  listen = g_strconcat (load->address, ":0", NULL);
  process = g_subprocess_launcher_spawn (launcher, &error, path, "hub", "--fd", "3", "--listen", listen, NULL);
  if (process == NULL)
    gr_load_die (path, error->message);
  socket = g_socket_new_from_fd (ends[0], NULL);
  stream = g_socket_connection_factory_create_connection (socket);
  hub = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL,
                                    NULL, &error);
  if (hub == NULL)
    gr_load_die ("D-Bus", error->message);
  g_variant_unref (call ("Statistics", NULL));
  return process;
}

static void
join (GrLoad *load, gboolean publishes, guint receives)
{
  GrLeg *leg = gr_leg_new (load, publishes, receives);
  g_autofree char *id = g_strdup_printf ("person-%u", load->legs->len - 1);
  g_autofree char *offer = gr_leg_describe (load, leg);
  g_autoptr (GVariant) reply = NULL;
  GVariantBuilder tracks;
  const char *answer;

  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  if (publishes)
    g_variant_builder_add (&tracks, "(ss)", "0", load->voice ? "microphone" : "camera");
  reply = call ("Offer", g_variant_new ("(sssa(ss))", "bench", id, offer, &tracks));
  g_variant_get (reply, "(&s)", &answer);
  gr_leg_connect (load, leg, answer);
  if (!load->voice && receives > 0)
    g_variant_unref (call ("Subscribe", g_variant_new_parsed ("('bench', %s, [('person-0', 'camera')])", id)));
}

static void
fill (GrLoad *load, guint publishers, guint subscribers)
{
  for (guint i = 0; i < publishers; i++)
    {
      join (load, TRUE, load->voice ? publishers - 1 : 0);
      if (i == 0)
        load->first_in (load);
    }
  for (guint i = 0; i < subscribers; i++)
    join (load, FALSE, 1);
}

static void
stop (GrLoad *load, GSubprocess *process)
{
  g_dbus_connection_close_sync (hub, NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);
}

const GrLoadServer gr_load_greenroom = { start, fill, stop };
