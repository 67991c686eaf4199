/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A greenroom-media without media, for tests of everything around it: as hub it takes every call, as program it starts
 * at once, writes recordings of a few bytes, and tells by Statistics what it was told. An address with "refuse" in it
 * is refused, one with "too-many" is not even taken. */
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json-writer.h"
#include "base/json.h"
#include "media-dbus.h"

#define PATH "/org/greenroom/Media1"
#define CONTENT "not really a recording"

typedef struct
{
  GMainLoop *loop;
  GrMediaDBusProgram *program;
  char *settings;
  char *scene;
  char *people;
  GHashTable *outputs; /* id → JsonNode */
  gboolean linked;
} Fake;

static gboolean
on_ping (GrMediaDBusWorker *worker, GDBusMethodInvocation *invocation, gpointer data)
{
  gr_media_dbus_worker_complete_ping (worker, invocation);

  return TRUE;
}

static gboolean
on_attach (GrMediaDBusHub *hub,
           GDBusMethodInvocation *invocation,
           GUnixFDList *fds,
           const char *room,
           const char *participant,
           GVariant *socket,
           gpointer data)
{
  gr_media_dbus_hub_complete_attach (hub, invocation, NULL);

  return TRUE;
}

static gboolean
on_link (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, GUnixFDList *fds, GVariant *socket, Fake *fake)
{
  fake->linked = fds != NULL && g_unix_fd_list_get_length (fds) == 1;
  gr_media_dbus_program_complete_link (program, invocation, NULL);

  return TRUE;
}

static gboolean
on_start (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, const char *settings, Fake *fake)
{
  g_free (fake->settings);
  fake->settings = g_strdup (settings);
  gr_media_dbus_program_complete_start (program, invocation);
  gr_media_dbus_program_emit_started (program);

  return TRUE;
}

static gboolean
on_set_scene (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, const char *scene, Fake *fake)
{
  g_free (fake->scene);
  fake->scene = g_strdup (scene);
  gr_media_dbus_program_complete_set_scene (program, invocation);

  return TRUE;
}

static gboolean
on_set_people (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, const char *people, Fake *fake)
{
  g_free (fake->people);
  fake->people = g_strdup (people);
  gr_media_dbus_program_complete_set_people (program, invocation);

  return TRUE;
}

static void
tell (Fake *fake, const char *id, const char *state, const char *reason)
{
  g_autofree char *why = reason != NULL ? g_strdup_printf ("\"%s\"", reason) : g_strdup ("null");
  g_autofree char *status = g_strdup_printf (
      "{\"state\":\"%s\",\"reason\":%s,\"message\":null,\"bitsPerSecond\":6000000,"
      "\"dropped\":0,\"roundTripMs\":24.5,\"unacknowledgedBytes\":1200,\"attempt\":1,\"retryInMs\":0,"
      "\"seconds\":1.5,\"bytes\":%d}",
      state, why, (int) strlen (CONTENT));

  gr_media_dbus_program_emit_output (fake->program, id, status);
}

/* What a finished recording leaves. */
static void
finish_recording (const char *path)
{
  g_autofree char *stem = g_strndup (path, strlen (path) - strlen (".mkv"));
  g_autofree char *mp4 = g_strconcat (stem, ".mp4", NULL);
  g_autofree char *thumbnail = g_strconcat (stem, ".jpg", NULL);

  if (g_rename (path, mp4) == 0)
    g_file_set_contents (thumbnail, "not really a picture", -1, NULL);
}

static void
write_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_file_set_contents (path, "{}", -1, NULL);
}

static gboolean
on_add_output (
    GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, const char *id, const char *text, Fake *fake)
{
  JsonNode *node = gr_json_parse (text, strlen (text), NULL);
  JsonObject *output = json_node_get_object (node);
  const char *kind = gr_json_string (output, "kind");

  if (strstr (text, "too-many") != NULL)
    {
      json_node_unref (node);
      g_dbus_method_invocation_return_dbus_error (invocation, "org.greenroom.Error.Busy", "There are too many outputs");
      return TRUE;
    }

  g_hash_table_replace (fake->outputs, g_strdup (id), node);
  gr_media_dbus_program_complete_add_output (program, invocation);

  if (g_str_equal (kind, "rtmp"))
    {
      gboolean refused = strstr (gr_json_string (output, "url"), "refuse") != NULL;

      tell (fake, id, "connecting", NULL);
      tell (fake, id, refused ? "refused" : "live", refused ? "key" : NULL);
    }
  else if (g_str_equal (kind, "recording"))
    {
      g_file_set_contents (gr_json_string (output, "path"), CONTENT, -1, NULL);
      tell (fake, id, "live", NULL);
    }
  else if (g_str_equal (kind, "tracks"))
    {
      write_file (gr_json_string (output, "dir"), "manifest.json");
      tell (fake, id, "live", NULL);
    }
  else
    {
      finish_recording (gr_json_string (output, "path"));
      tell (fake, id, "ended", NULL);
    }

  return TRUE;
}

static void
end_output (Fake *fake, const char *id)
{
  JsonNode *node = g_hash_table_lookup (fake->outputs, id);

  if (node == NULL)
    return;

  if (g_str_equal (gr_json_string (json_node_get_object (node), "kind"), "recording"))
    finish_recording (gr_json_string (json_node_get_object (node), "path"));
  tell (fake, id, "ended", NULL);
}

static gboolean
on_remove_output (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, const char *id, Fake *fake)
{
  end_output (fake, id);
  g_hash_table_remove (fake->outputs, id);
  gr_media_dbus_program_complete_remove_output (program, invocation);

  return TRUE;
}

static gboolean
on_statistics (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, Fake *fake)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);
  GHashTableIter iter;
  gpointer id;
  gpointer node;

  gr_json_writer_begin_object (&json);
  gr_json_writer_raw_member (&json, "settings", fake->settings != NULL ? fake->settings : "null");
  gr_json_writer_raw_member (&json, "scene", fake->scene != NULL ? fake->scene : "null");
  gr_json_writer_raw_member (&json, "people", fake->people != NULL ? fake->people : "null");
  gr_json_writer_bool_member (&json, "linked", fake->linked);
  gr_json_writer_begin_array_member (&json, "outputs");
  g_hash_table_iter_init (&iter, fake->outputs);
  while (g_hash_table_iter_next (&iter, &id, &node))
    {
      g_autofree char *output = gr_json_text (node);

      gr_json_writer_raw (&json, output);
    }
  gr_json_writer_end_array (&json);
  gr_json_writer_int_member (&json, "pid", getpid ());
  gr_json_writer_end_object (&json);
  gr_media_dbus_program_complete_statistics (program, invocation, text->str);

  return TRUE;
}

static gboolean
on_graph (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, Fake *fake)
{
  gr_media_dbus_program_complete_graph (program, invocation, "digraph programme { }\n");

  return TRUE;
}

static gboolean
on_end (GrMediaDBusProgram *program, GDBusMethodInvocation *invocation, Fake *fake)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, fake->outputs);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    end_output (fake, id);
  gr_media_dbus_program_complete_end (program, invocation);

  return TRUE;
}

static void
on_closed (GDBusConnection *connection, gboolean vanished, GError *error, Fake *fake)
{
  g_main_loop_quit (fake->loop);
}

static void export(Fake *fake, GDBusConnection *connection)
{
  static const struct
  {
    const char *method;
    GCallback callback;
  } rows[] = {
    { "handle-link", G_CALLBACK (on_link) },
    { "handle-start", G_CALLBACK (on_start) },
    { "handle-set-scene", G_CALLBACK (on_set_scene) },
    { "handle-set-people", G_CALLBACK (on_set_people) },
    { "handle-add-output", G_CALLBACK (on_add_output) },
    { "handle-remove-output", G_CALLBACK (on_remove_output) },
    { "handle-statistics", G_CALLBACK (on_statistics) },
    { "handle-graph", G_CALLBACK (on_graph) },
    { "handle-end", G_CALLBACK (on_end) },
  };
  GDBusInterfaceSkeleton *worker = G_DBUS_INTERFACE_SKELETON (gr_media_dbus_worker_skeleton_new ());
  GDBusInterfaceSkeleton *hub = G_DBUS_INTERFACE_SKELETON (gr_media_dbus_hub_skeleton_new ());

  fake->program = gr_media_dbus_program_skeleton_new ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_signal_connect (fake->program, rows[i].method, rows[i].callback, fake);
  g_signal_connect (worker, "handle-ping", G_CALLBACK (on_ping), NULL);
  g_signal_connect (hub, "handle-attach", G_CALLBACK (on_attach), NULL);
  g_dbus_interface_skeleton_export (worker, connection, PATH, NULL);
  g_dbus_interface_skeleton_export (hub, connection, PATH, NULL);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (fake->program), connection, PATH, NULL);
}

static int
find_fd (int argc, char **argv)
{
  for (int i = 1; i + 1 < argc; i++)
    if (g_str_equal (argv[i], "--fd"))
      return atoi (argv[i + 1]);

  return -1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (find_fd (argc, argv), &error);
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  Fake fake = { .loop = g_main_loop_new (NULL, FALSE) };

  g_assert_no_error (error);
  fake.outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  stream = g_socket_connection_factory_create_connection (socket);
  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), guid,
                                           G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                                               | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                                           NULL, NULL, &error);
  g_assert_no_error (error);
  export(&fake, connection);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &fake);
  g_dbus_connection_start_message_processing (connection);
  g_main_loop_run (fake.loop);

  return EXIT_SUCCESS;
}
