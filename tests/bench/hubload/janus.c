/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Janus with its videoroom plugin, spoken to in JSON over a UNIX socket. A person who sends and hears has two
 * connections there: one to publish, one in which Janus offers all the others. */
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "server.h"

#define MESSAGE_BYTES (256 * 1024)
#define PLUGINS "/usr/lib/x86_64-linux-gnu/janus"
#define ROOM G_GINT64_CONSTANT (1)

static GSocket *janus;
static gint64 session;
static char *folder;

/* At exit, which a failure leads to as well. */
static void
remove_folder (void)
{
  g_autoptr (GSubprocess) removal = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "rm", "-r", folder, NULL);

  if (removal != NULL)
    g_subprocess_wait (removal, NULL, NULL);
}

/* Only what is measured is loaded; one event loop, as Janus's manual advises for many connections. The room is told a
 * bitrate that its REMB does not get in the way of. */
static void
write_configuration (void)
{
  g_autoptr (GError) error = NULL;
  const char *files[][2] = {
    { "janus.jcfg", "general: { configs_folder = \"%1$s\", plugins_folder = \"%1$s/plugins\"\n"
                    "transports_folder = \"%1$s/transports\", events_folder = \"%1$s/none\"\n"
                    "loggers_folder = \"%1$s/none\", debug_level = 2, session_timeout = 0, event_loops = 1 }\n" },
    { "janus.transport.pfunix.jcfg",
      "general: { enabled = true, json = \"compact\", path = \"%1$s/socket\", type = \"SOCK_SEQPACKET\" }\n" },
    { "janus.plugin.videoroom.jcfg", "general: { }\nroom-1: { publishers = 100, bitrate = 20000000 }\n" },
  };
  const char *links[][2] = { { "plugins", "libjanus_videoroom.so" }, { "transports", "libjanus_pfunix.so" } };

  folder = g_dir_make_tmp ("hubload-XXXXXX", &error);
  if (folder == NULL)
    gr_load_die ("temporary folder", error->message);
  atexit (remove_folder);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i][0], NULL);
      g_auto (GStrv) parts = g_strsplit (files[i][1], "%1$s", -1);
      g_autofree char *text = g_strjoinv (folder, parts);

      g_file_set_contents (path, text, -1, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *place = g_build_filename (folder, links[i][0], NULL);
      g_autofree char *from = g_build_filename (PLUGINS, links[i][0], links[i][1], NULL);
      g_autofree char *to = g_build_filename (place, links[i][1], NULL);

      g_mkdir (place, 0700);
      if (symlink (from, to) < 0)
        gr_load_die (to, g_strerror (errno));
    }
}

static JsonObject *
receive_message (void)
{
  static char bytes[MESSAGE_BYTES];
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  gssize length = g_socket_receive (janus, bytes, sizeof bytes, NULL, &error);

  if (length <= 0 || !json_parser_load_from_data (parser, bytes, length, &error))
    gr_load_die ("Janus", error != NULL ? error->message : "it is gone");
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static const char *
deep_string (JsonObject *object, const char *member, const char *inner)
{
  return json_object_has_member (object, member)
             ? json_object_get_string_member_with_default (json_object_get_object_member (object, member), inner, "")
             : "";
}

/* Sends @request, and returns its answer: what is not "ack", nor an event of somebody else. */
static JsonObject *
ask (JsonObject *request)
{
  static guint counter;
  g_autofree char *transaction = g_strdup_printf ("%u", ++counter);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (request, "transaction", transaction);
  if (session != 0)
    json_object_set_int_member (request, "session_id", session);
  json_node_take_object (root, request);
  text = json_to_string (root, FALSE);
  if (g_socket_send (janus, text, strlen (text), NULL, &error) < 0)
    gr_load_die ("Janus", error->message);

  while (TRUE)
    {
      g_autoptr (JsonObject) reply = receive_message ();
      const char *kind = json_object_get_string_member_with_default (reply, "janus", "");

      if (g_strcmp0 (json_object_get_string_member_with_default (reply, "transaction", ""), transaction) != 0
          || g_str_equal (kind, "ack"))
        continue;
      if (g_str_equal (kind, "error"))
        gr_load_die ("Janus", deep_string (reply, "error", "reason"));
      return g_steal_pointer (&reply);
    }
}

/* The number that "create" or "attach" gave. */
static gint64
make (const char *what, const char *member, const char *value)
{
  JsonObject *request = json_object_new ();
  g_autoptr (JsonObject) reply = NULL;

  json_object_set_string_member (request, "janus", what);
  if (member != NULL)
    json_object_set_string_member (request, member, value);
  reply = ask (request);
  return json_object_get_int_member (json_object_get_object_member (reply, "data"), "id");
}

/* A message to the plugin; @sdp may be NULL. */
static JsonObject *
ask_room (gint64 handle, JsonObject *body, const char *type, const char *sdp)
{
  JsonObject *request = json_object_new ();
  JsonObject *jsep = json_object_new ();
  JsonObject *reply, *data;

  json_object_set_string_member (request, "janus", "message");
  json_object_set_int_member (request, "handle_id", handle);
  json_object_set_object_member (request, "body", body);
  json_object_set_string_member (jsep, "type", type);
  json_object_set_string_member (jsep, "sdp", sdp);
  if (sdp != NULL)
    json_object_set_object_member (request, "jsep", json_object_ref (jsep));
  json_object_unref (jsep);
  reply = ask (request);
  data = json_object_get_object_member (json_object_get_object_member (reply, "plugindata"), "data");
  if (json_object_has_member (data, "error"))
    gr_load_die ("videoroom", json_object_get_string_member (data, "error"));
  return reply;
}

/* A feed can be subscribed to once Janus has noticed that it is connected. */
static void
wait_until_up (void)
{
  gboolean up = FALSE;

  while (!up)
    {
      g_autoptr (JsonObject) event = receive_message ();

      up = g_str_equal (json_object_get_string_member_with_default (event, "janus", ""), "webrtcup");
    }
}

static void
publish (GrLoad *load, gint64 feed)
{
  gint64 handle = make ("attach", "plugin", "janus.plugin.videoroom");
  GrLeg *leg = gr_leg_new (load, TRUE, 0);
  g_autofree char *offer = gr_leg_describe (load, leg);
  JsonObject *body = json_object_new ();
  g_autoptr (JsonObject) reply = NULL;

  json_object_set_string_member (body, "request", "joinandconfigure");
  json_object_set_string_member (body, "ptype", "publisher");
  json_object_set_int_member (body, "room", ROOM);
  json_object_set_int_member (body, "id", feed);
  reply = ask_room (handle, body, "offer", offer);
  gr_leg_connect (load, leg, deep_string (reply, "jsep", "sdp"));
  wait_until_up ();
}

/* To feeds 1 to @n_feeds, but for @own. */
static void
subscribe (GrLoad *load, gint64 own, guint n_feeds)
{
  gint64 handle = make ("attach", "plugin", "janus.plugin.videoroom");
  JsonArray *streams = json_array_new ();
  JsonObject *body = json_object_new ();
  g_autoptr (JsonObject) offered = NULL;
  g_autoptr (JsonObject) started = NULL;
  g_autofree char *answer = NULL;
  GrLeg *leg;

  for (gint64 feed = 1; feed <= n_feeds; feed++)
    if (feed != own)
      {
        JsonObject *stream = json_object_new ();

        json_object_set_int_member (stream, "feed", feed);
        json_array_add_object_element (streams, stream);
      }
  leg = gr_leg_new (load, FALSE, json_array_get_length (streams));
  leg->controls = FALSE; /* who offers does */
  answer = gr_leg_describe (load, leg);
  json_object_set_string_member (body, "request", "join");
  json_object_set_string_member (body, "ptype", "subscriber");
  json_object_set_int_member (body, "room", ROOM);
  json_object_set_array_member (body, "streams", streams);
  offered = ask_room (handle, body, NULL, NULL);

  body = json_object_new ();
  json_object_set_string_member (body, "request", "start");
  started = ask_room (handle, body, "answer", answer);
  gr_leg_connect (load, leg, deep_string (offered, "jsep", "sdp"));
}

/* A generator that fails leaves no server behind. */
static void
end_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
connect_to (GSocketAddress *address)
{
  g_clear_object (&janus);
  janus = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_SEQPACKET, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  return janus != NULL && g_socket_connect (janus, address, NULL, NULL);
}

static GSubprocess *
start (GrLoad *load, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char *socket = NULL;
  GSubprocess *process;
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  write_configuration ();
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawn (launcher, &error, path != NULL ? path : "janus", "-F", folder, NULL);
  if (process == NULL)
    gr_load_die ("janus", error->message);

  socket = g_build_filename (folder, "socket", NULL);
  address = g_unix_socket_address_new (socket);
  while (!connect_to (address))
    {
      if (g_get_monotonic_time () > deadline)
        gr_load_die ("janus", "it does not listen within 10 s");
      g_usleep (20000);
    }
  session = make ("create", NULL, NULL);
  return process;
}

static void
fill (GrLoad *load, guint publishers, guint subscribers)
{
  for (guint i = 0; i < publishers; i++)
    {
      publish (load, i + 1);
      if (i == 0)
        load->first_in (load);
    }
  for (guint i = 0; load->voice && i < publishers; i++)
    subscribe (load, i + 1, publishers);
  for (guint i = 0; i < subscribers; i++)
    subscribe (load, 0, publishers);
}

static void
stop (GrLoad *load, GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
}

const GrLoadServer gr_load_janus = { start, fill, stop };
