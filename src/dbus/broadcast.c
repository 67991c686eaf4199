/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/broadcast.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
#include "base/time.h"
#include "dbus/values.h"
#include "domain/studio/json.h"

/* What a handler on main needs of one show; the show itself may end at any time. */
typedef struct
{
  GrDBusServices *services;
  char *id;
} Subject;

static void
subject_free (gpointer data, GClosure *closure)
{
  Subject *subject = data;

  gr_dbus_services_unref (subject->services);
  g_free (subject->id);
  g_free (subject);
}

char *
gr_dbus_broadcast_path (const char *broadcast_id)
{
  g_autofree char *element = g_strdelimit (g_strdup (broadcast_id), "-", '_');

  return g_strconcat (GR_DBUS_ROOT "/broadcasts/", element, NULL);
}

static void
follow (GrDBusBroadcast *object, GrBroadcast *broadcast)
{
  const GrBroadcastRecord *record = gr_broadcast_get_record (broadcast);
  GrShowFacts facts = gr_broadcast_get_facts (broadcast);
  g_autofree char *started_at = gr_time_format (record->started_at);

  gr_dbus_broadcast_set_id (object, record->id);
  gr_dbus_broadcast_set_room (object, record->room_id);
  gr_dbus_broadcast_set_title (object, record->title);
  gr_dbus_broadcast_set_status (object, facts.status);
  gr_dbus_broadcast_set_recorded (object, facts.recorded);
  gr_dbus_broadcast_set_started_at (object, started_at);
}

static void
on_event (GrBroadcast *broadcast, const GrShowEvent *event, GrDBusBroadcast *object)
{
  if (event->type == GR_SHOW_EVENT_UPDATED)
    follow (object, broadcast);
}

/* The show, or the call has its answer already. */
static GrBroadcast *
require (Subject *subject, GDBusMethodInvocation *invocation)
{
  GrBroadcast *broadcast = gr_shows_get (subject->services->shows, subject->id);
  g_autoptr (GError) error = NULL;

  if (broadcast != NULL)
    return broadcast;

  gr_set_error (&error, GR_ERROR_NOT_FOUND, NULL, "The broadcast is over");
  gr_dbus_call_fail (invocation, error);

  return NULL;
}

static gboolean
on_end (GrDBusBroadcast *object, GDBusMethodInvocation *invocation, Subject *subject)
{
  GrBroadcast *broadcast = require (subject, invocation);

  if (broadcast == NULL)
    return TRUE;

  gr_dbus_broadcast_complete_end (object, invocation);
  gr_broadcast_end (broadcast);

  return TRUE;
}

static char *
scene_text (const GrBroadcastRecord *record)
{
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_scene_write_members (&json, record->scene, record->revision);
  gr_json_writer_end_object (&json);

  return g_string_free (text, FALSE);
}

static gboolean
on_get_scene (GrDBusBroadcast *object, GDBusMethodInvocation *invocation, Subject *subject)
{
  GrBroadcast *broadcast = require (subject, invocation);
  g_autofree char *text = NULL;

  if (broadcast == NULL)
    return TRUE;

  text = scene_text (gr_broadcast_get_record (broadcast));
  gr_dbus_broadcast_complete_get_scene (object, invocation, text);

  return TRUE;
}

typedef struct
{
  GrShows *shows;
  const GrBroadcastRecord *record;
} News;

static gboolean
tell_scene (gpointer data, GError **error)
{
  News *news = data;

  gr_shows_record_changed (news->shows, news->record, TRUE);

  return TRUE;
}

static GVariant *
set_scene (const GrDBusServices *services, const char *id, GVariant *parameters, GError **error)
{
  const char *change;
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (GrBroadcastRecord) record = NULL;
  g_autofree char *text = NULL;
  News news = { .shows = services->shows };

  g_variant_get (parameters, "(&s)", &change);
  patch = gr_json_parse (change, strlen (change), error);
  if (patch == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (patch))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "A change of the scene is a JSON object");
      return NULL;
    }

  record = gr_studio_change_scene (services->studio, id, json_node_get_object (patch),
                                   gr_json_int (json_node_get_object (patch), "revision", -1), error);
  news.record = record;
  if (record == NULL || !gr_main_call (tell_scene, &news, g_get_monotonic_time () + GR_DBUS_MAIN_PATIENCE, error))
    return NULL;

  text = scene_text (record);

  return g_variant_new ("(s)", text);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GDBusMethodInvocation) invocation = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gr_program_port_ask_finish (GR_PROGRAM_PORT (source), result, &error);

  if (text == NULL)
    gr_dbus_call_fail (g_steal_pointer (&invocation), error);
  else
    g_dbus_method_invocation_return_value (g_steal_pointer (&invocation), g_variant_new ("(s)", text));
}

static gboolean
on_statistics (GrDBusBroadcast *object, GDBusMethodInvocation *invocation, Subject *subject)
{
  gr_shows_ask_async (subject->services->shows, subject->id, GR_PROGRAM_STATISTICS, on_asked, invocation);

  return TRUE;
}

static gboolean
on_graph (GrDBusBroadcast *object, GDBusMethodInvocation *invocation, Subject *subject)
{
  gr_shows_ask_async (subject->services->shows, subject->id, GR_PROGRAM_GRAPH, on_asked, invocation);

  return TRUE;
}

static GVariant *
destination_value (const GrDestination *destination, const GrOutputStatus *status)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_destination_write (&json, destination, status);

  return gr_dbus_json_value (text->str);
}

static gboolean
on_get_destinations (GrDBusBroadcast *object, GDBusMethodInvocation *invocation, Subject *subject)
{
  GrBroadcast *broadcast = require (subject, invocation);
  g_autoptr (GPtrArray) destinations = NULL;
  GVariantBuilder builder;

  if (broadcast == NULL)
    return TRUE;

  destinations = gr_broadcast_list_destinations (broadcast);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < destinations->len; i++)
    {
      const GrDestination *destination = g_ptr_array_index (destinations, i);

      g_variant_builder_add_value (&builder, destination_value (destination,
                                                                gr_broadcast_get_status (broadcast, destination->id)));
    }
  gr_dbus_broadcast_complete_get_destinations (object, invocation, g_variant_builder_end (&builder));

  return TRUE;
}

GrDBusBroadcast *
gr_dbus_broadcast_for (GrBroadcast *broadcast, GrDBusServices *services)
{
  static const struct
  {
    const char *method;
    GCallback handler;
  } rows[] = {
    { "handle-end", G_CALLBACK (on_end) },
    { "handle-get-scene", G_CALLBACK (on_get_scene) },
    { "handle-statistics", G_CALLBACK (on_statistics) },
    { "handle-graph", G_CALLBACK (on_graph) },
    { "handle-get-destinations", G_CALLBACK (on_get_destinations) },
  };
  GrDBusBroadcast *object = gr_dbus_broadcast_skeleton_new ();
  const char *id = gr_broadcast_get_record (broadcast)->id;

  follow (object, broadcast);
  g_signal_connect_object (broadcast, "event", G_CALLBACK (on_event), object, 0);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Subject *subject = g_new0 (Subject, 1);

      subject->services = gr_dbus_services_ref (services);
      subject->id = g_strdup (id);
      g_signal_connect_data (object, rows[i].method, rows[i].handler, subject, subject_free, 0);
    }
  gr_dbus_call_connect (object, "handle-set-scene", services, id, set_scene);

  return object;
}
