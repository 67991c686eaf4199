/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/output.h"

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"
#include "media/program/output-private.h"

#define TICKS_PER_SECOND (1000 / GR_OUTPUT_TICK_MS)

typedef struct
{
  char *id;
  GrOutputFunc changed;
  gpointer user_data;
  GrOutputStatus status;
  gboolean started;
  gboolean ending;
  guint tick; /* source, or 0 */
  guint ticks;
  guint notice; /* source, or 0 */
} GrOutputPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GrOutput, gr_output, G_TYPE_OBJECT)

static const char *const state_names[] = { "connecting", "live", "reconnecting", "refused", "failed", "ended" };

static const struct
{
  const char *kind;
  GType (*get_type) (void);
} kinds[] = {
  { "rtmp", gr_destination_get_type },
  { "recording", gr_recording_get_type },
  { "tracks", gr_tracks_get_type },
  { "finish", gr_recording_get_type },
};

static GrOutputPrivate *
private_of (GrOutput *output)
{
  return gr_output_get_instance_private (output);
}

static gboolean
on_notice (gpointer data)
{
  g_autoptr (GrOutput) output = g_object_ref (data);
  GrOutputPrivate *priv = private_of (output);

  priv->notice = 0;
  priv->changed (output, priv->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_tick (gpointer data)
{
  g_autoptr (GrOutput) output = g_object_ref (data);
  GrOutputPrivate *priv = private_of (output);

  GR_OUTPUT_GET_CLASS (output)->tick (output);
  if (priv->status.state == GR_OUTPUT_LIVE && ++priv->ticks % TICKS_PER_SECOND == 0)
    gr_output_changed (output);
  return G_SOURCE_CONTINUE;
}

static void
gr_output_dispose (GObject *object)
{
  GrOutputPrivate *priv = private_of (GR_OUTPUT (object));

  g_clear_handle_id (&priv->tick, g_source_remove);
  g_clear_handle_id (&priv->notice, g_source_remove);
  G_OBJECT_CLASS (gr_output_parent_class)->dispose (object);
}

static void
gr_output_finalize (GObject *object)
{
  GrOutputPrivate *priv = private_of (GR_OUTPUT (object));

  g_free (priv->id);
  g_free (priv->status.message);
  g_free (priv->status.path);
  g_free (priv->status.thumbnail);
  G_OBJECT_CLASS (gr_output_parent_class)->finalize (object);
}

static void
gr_output_class_init (GrOutputClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_output_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_output_finalize;
}

static void
gr_output_init (GrOutput *output)
{
  private_of (output)->status.round_trip_ms = -1;
}

static GType
find_kind (JsonObject *object, GError **error)
{
  const char *kind = gr_json_string (object, "kind");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind, kinds[i].kind) == 0)
      return kinds[i].get_type ();

  gr_set_error (error, GR_ERROR_INVALID_INPUT, "kind", "There is no such kind of output");
  return G_TYPE_INVALID;
}

GrOutput *
gr_output_new (const char *id,
               const char *document,
               const GrOutputSources *sources,
               GrOutputFunc changed,
               gpointer user_data,
               GError **error)
{
  g_autoptr (JsonNode) node = gr_json_parse (document, strlen (document), error);
  g_autoptr (GrOutput) output = NULL;
  GrOutputPrivate *priv;
  GType type;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "An output is described by an object");
      return NULL;
    }

  type = find_kind (json_node_get_object (node), error);
  if (type == G_TYPE_INVALID)
    return NULL;

  output = g_object_new (type, NULL);
  priv = private_of (output);
  priv->id = g_strdup (id);
  priv->changed = changed;
  priv->user_data = user_data;
  if (!GR_OUTPUT_GET_CLASS (output)->configure (output, json_node_get_object (node), sources, error))
    return NULL;

  return g_steal_pointer (&output);
}

const char *
gr_output_get_id (GrOutput *output)
{
  return private_of (output)->id;
}

void
gr_output_start (GrOutput *output)
{
  GrOutputPrivate *priv = private_of (output);

  g_return_if_fail (!priv->started);
  priv->started = TRUE;
  gr_output_changed (output);
  GR_OUTPUT_GET_CLASS (output)->start (output);
  if (GR_OUTPUT_GET_CLASS (output)->tick != NULL && !gr_output_is_over (output))
    priv->tick = g_timeout_add (GR_OUTPUT_TICK_MS, on_tick, output);
}

void
gr_output_end (GrOutput *output)
{
  GrOutputPrivate *priv = private_of (output);

  if (priv->ending || gr_output_is_over (output))
    return;

  priv->ending = TRUE;
  if (priv->started)
    GR_OUTPUT_GET_CLASS (output)->end (output);
  else
    gr_output_set_state (output, GR_OUTPUT_ENDED, NULL, NULL);
}

gboolean
gr_output_is_over (GrOutput *output)
{
  return private_of (output)->status.state >= GR_OUTPUT_REFUSED;
}

gboolean
gr_output_is_ending (GrOutput *output)
{
  return private_of (output)->ending;
}

void
gr_output_add_track (GrOutput *output, const GrOutputTrack *track)
{
  if (GR_OUTPUT_GET_CLASS (output)->add_track != NULL)
    GR_OUTPUT_GET_CLASS (output)->add_track (output, track);
}

void
gr_output_remove_track (GrOutput *output, GrFanout *fanout)
{
  if (GR_OUTPUT_GET_CLASS (output)->remove_track != NULL)
    GR_OUTPUT_GET_CLASS (output)->remove_track (output, fanout);
}

char *
gr_output_graph (GrOutput *output)
{
  return GR_OUTPUT_GET_CLASS (output)->graph != NULL ? GR_OUTPUT_GET_CLASS (output)->graph (output) : NULL;
}

GrOutputStatus *
gr_output_get_status (GrOutput *output)
{
  return &private_of (output)->status;
}

void
gr_output_changed (GrOutput *output)
{
  GrOutputPrivate *priv = private_of (output);

  if (priv->notice == 0)
    priv->notice = g_idle_add_full (G_PRIORITY_DEFAULT, on_notice, output, NULL);
}

void
gr_output_set_state (GrOutput *output, GrOutputState state, const char *reason, const char *message)
{
  GrOutputPrivate *priv = private_of (output);
  /* It may be the old one. */
  char *copy = g_strdup (message);

  priv->status.state = state;
  priv->status.reason = reason;
  g_free (priv->status.message);
  priv->status.message = copy;
  if (state != GR_OUTPUT_RECONNECTING)
    priv->status.retry_in_ms = 0;
  if (gr_output_is_over (output))
    g_clear_handle_id (&priv->tick, g_source_remove);
  gr_output_changed (output);
}

char *
gr_output_status (GrOutput *output)
{
  const GrOutputStatus *status = &private_of (output)->status;
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "state", state_names[status->state]);
  gr_json_writer_string_member (&json, "reason", status->reason);
  gr_json_writer_string_member (&json, "message", status->message);
  gr_json_writer_int_member (&json, "bitsPerSecond", status->bits_per_second);
  gr_json_writer_int_member (&json, "dropped", status->dropped);
  if (status->round_trip_ms < 0)
    gr_json_writer_null_member (&json, "roundTripMs");
  else
    gr_json_writer_double_member (&json, "roundTripMs", status->round_trip_ms);
  gr_json_writer_int_member (&json, "unacknowledgedBytes", status->unacknowledged);
  gr_json_writer_int_member (&json, "attempt", status->attempt);
  gr_json_writer_int_member (&json, "retryInMs", status->retry_in_ms);
  gr_json_writer_double_member (&json, "seconds", status->seconds);
  gr_json_writer_int_member (&json, "bytes", status->bytes);
  if (status->path != NULL)
    {
      gr_json_writer_string_member (&json, "path", status->path);
      gr_json_writer_string_member (&json, "thumbnail", status->thumbnail);
    }
  gr_json_writer_end_object (&json);
  return g_string_free (text, FALSE);
}
