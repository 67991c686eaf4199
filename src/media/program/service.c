/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/service.h"

#include <string.h>

#include "base/error.h"
#include "base/main-call.h"
#include "media-dbus.h"
#include "media/link-socket.h"
#include "media/program/outputs.h"
#include "media/program/show.h"

#define PATH "/org/greenroom/Media1"

struct _GrProgramService
{
  GObject parent;

  GrShow *show;
  GrOutputs *outputs;
  GrMediaDBusWorker *worker;
  GrMediaDBusProgram *face;
};

G_DEFINE_FINAL_TYPE (GrProgramService, gr_program_service, G_TYPE_OBJECT)

static gboolean
fail (GDBusMethodInvocation *invocation, const GError *error)
{
  g_dbus_method_invocation_return_dbus_error (invocation, gr_error_traits (error)->dbus_name, error->message);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_ping (GrMediaDBusWorker *worker, GDBusMethodInvocation *invocation)
{
  gr_media_dbus_worker_complete_ping (worker, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_link (GrMediaDBusProgram *face,
         GDBusMethodInvocation *invocation,
         GUnixFDList *fds,
         GVariant *handle,
         GrProgramService *service)
{
  g_autoptr (GError) error = NULL;
  int fd = gr_link_take_fd (fds, handle, &error);

  if (fd < 0)
    return fail (invocation, error);

  gr_show_set_socket (service->show, fd);
  gr_media_dbus_program_complete_link (face, invocation, NULL);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_start (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, const char *json, GrProgramService *service)
{
  GrShowSettings settings;
  g_autoptr (GError) error = NULL;

  if (!gr_show_settings_read (&settings, json, &error))
    return fail (invocation, error);

  gr_show_start (service->show, &settings, &error);
  gr_show_settings_clear (&settings);
  if (error != NULL)
    return fail (invocation, error);

  gr_media_dbus_program_complete_start (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_set_scene (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, const char *json, GrProgramService *service)
{
  g_autoptr (GError) error = NULL;
  GrScene *scene = gr_scene_read (json, &error);

  if (scene == NULL)
    return fail (invocation, error);

  gr_show_set_scene (service->show, scene);
  gr_media_dbus_program_complete_set_scene (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_set_people (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, const char *json, GrProgramService *service)
{
  g_autoptr (GError) error = NULL;
  GArray *people = gr_people_read (json, &error);

  if (people == NULL)
    return fail (invocation, error);

  gr_show_set_people (service->show, people);
  gr_media_dbus_program_complete_set_people (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
give_track (
    GrShow *show, const char *participant, const char *kind, GrFanout *fanout, gboolean here, gpointer user_data)
{
  GrProgramService *service = user_data;
  const GrOutputTrack track = { participant, gr_show_get_name (show, participant), kind, fanout };

  if (here)
    gr_outputs_add_track (service->outputs, &track);
  else
    gr_outputs_remove_track (service->outputs, fanout);
}

static void
give_to_output (
    GrShow *show, const char *participant, const char *kind, GrFanout *fanout, gboolean here, gpointer user_data)
{
  const GrOutputTrack track = { participant, gr_show_get_name (show, participant), kind, fanout };

  gr_output_add_track (user_data, &track);
}

static gboolean
on_add_output (GrMediaDBusProgram *face,
               GDBusMethodInvocation *invocation,
               const char *id,
               const char *document,
               GrProgramService *service)
{
  const GrOutputSources sources
      = { gr_show_get_fanout (service->show), gr_show_get_pipelines_directory (service->show) };
  g_autoptr (GError) error = NULL;
  GrOutput *output = gr_outputs_add (service->outputs, id, document, &sources, &error);

  if (output == NULL)
    return fail (invocation, error);

  gr_show_list_tracks (service->show, give_to_output, output);
  gr_media_dbus_program_complete_add_output (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_remove_output (GrMediaDBusProgram *face,
                  GDBusMethodInvocation *invocation,
                  const char *id,
                  GrProgramService *service)
{
  gr_outputs_remove (service->outputs, id);
  gr_media_dbus_program_complete_remove_output (face, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_statistics (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, GrProgramService *service)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_show_describe (service->show, &json);
  gr_json_writer_begin_array_member (&json, "outputs");
  gr_outputs_describe (service->outputs, &json);
  gr_json_writer_end_array (&json);
  gr_json_writer_end_object (&json);
  gr_media_dbus_program_complete_statistics (face, invocation, text->str);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* GStreamer draws each pipeline as a graph of its own; Graphviz wants one. */
static char *
join_graphs (const char *graphs)
{
  GString *joined = g_string_new ("digraph show {\n");
  guint n = 0;

  for (const char *line = graphs; *line != '\0';)
    {
      gsize length = strcspn (line, "\n");
      const char *brace = g_str_has_prefix (line, "digraph ") ? memchr (line, '{', length) : NULL;

      if (brace != NULL)
        g_string_append_printf (joined, "subgraph cluster_pipeline_%u ", n++);
      g_string_append_len (joined, brace != NULL ? brace : line, line + length - (brace != NULL ? brace : line));
      g_string_append_c (joined, '\n');
      line += length + (line[length] == '\n');
    }

  g_string_append (joined, "}\n");
  return g_string_free (joined, FALSE);
}

static gboolean
on_graph (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, GrProgramService *service)
{
  g_autofree char *programme = gr_show_draw (service->show);
  g_autoptr (GString) graphs = g_string_new (programme);
  g_autofree char *dot = NULL;

  gr_outputs_draw (service->outputs, graphs);
  dot = join_graphs (graphs->str);
  gr_media_dbus_program_complete_graph (face, invocation, dot);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A call that waits for the outputs. */
typedef struct
{
  GrProgramService *service;
  GDBusMethodInvocation *invocation;
} Call;

static void
on_outputs_ended (gpointer user_data)
{
  g_autofree Call *call = user_data;
  g_autoptr (GrProgramService) service = call->service;

  gr_show_log_totals (service->show);
  gr_show_stop (service->show);
  gr_media_dbus_program_complete_end (service->face, call->invocation);
}

static gboolean
on_end (GrMediaDBusProgram *face, GDBusMethodInvocation *invocation, GrProgramService *service)
{
  Call *call = g_new (Call, 1);

  *call = (Call){ g_object_ref (service), invocation };
  gr_outputs_end (service->outputs, on_outputs_ended, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_started (GrShow *show, gpointer user_data)
{
  GrProgramService *service = user_data;

  gr_media_dbus_program_emit_started (service->face);
}

static void
on_output (const char *id, const char *status, gpointer user_data)
{
  GrProgramService *service = user_data;

  gr_media_dbus_program_emit_output (service->face, id, status);
}

static void
on_failed (GrShow *show, const char *why, gpointer user_data)
{
  GrProgramService *service = user_data;

  gr_media_dbus_program_emit_failed (service->face, why);
}

static void
gr_program_service_dispose (GObject *object)
{
  GrProgramService *service = GR_PROGRAM_SERVICE (object);

  if (service->show != NULL)
    gr_show_stop (service->show);
  g_clear_pointer (&service->outputs, gr_outputs_free);
  g_clear_object (&service->show);
  g_clear_object (&service->worker);
  g_clear_object (&service->face);
  G_OBJECT_CLASS (gr_program_service_parent_class)->dispose (object);
}

static void
gr_program_service_class_init (GrProgramServiceClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_program_service_dispose;
}

static void
gr_program_service_init (GrProgramService *service)
{
  service->worker = gr_media_dbus_worker_skeleton_new ();
  service->face = gr_media_dbus_program_skeleton_new ();
  g_signal_connect (service->worker, "handle-ping", G_CALLBACK (on_ping), NULL);
  g_signal_connect (service->face, "handle-link", G_CALLBACK (on_link), service);
  g_signal_connect (service->face, "handle-start", G_CALLBACK (on_start), service);
  g_signal_connect (service->face, "handle-set-scene", G_CALLBACK (on_set_scene), service);
  g_signal_connect (service->face, "handle-set-people", G_CALLBACK (on_set_people), service);
  g_signal_connect (service->face, "handle-add-output", G_CALLBACK (on_add_output), service);
  g_signal_connect (service->face, "handle-remove-output", G_CALLBACK (on_remove_output), service);
  g_signal_connect (service->face, "handle-statistics", G_CALLBACK (on_statistics), service);
  g_signal_connect (service->face, "handle-graph", G_CALLBACK (on_graph), service);
  g_signal_connect (service->face, "handle-end", G_CALLBACK (on_end), service);
}

GrProgramService *
gr_program_service_new (void)
{
  GrProgramService *service = g_object_new (GR_TYPE_PROGRAM_SERVICE, NULL);
  const GrShowEvents events = { .started = on_started, .failed = on_failed, .track = give_track, .user_data = service };

  gr_assert_main ();
  service->outputs = gr_outputs_new (on_output, service);
  service->show = gr_show_new (&events);
  return service;
}

gboolean
gr_program_service_export (GrProgramService *service, GDBusConnection *connection, GError **error)
{
  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (service->worker), connection, PATH, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (service->face), connection, PATH, error);
}
