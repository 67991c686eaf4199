/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/outputs.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"

/* Who waits for all to be over. */
typedef struct
{
  GrOutputsEndedFunc func;
  gpointer user_data;
} Waiting;

struct _GrOutputs
{
  GrOutputsFunc changed;
  gpointer user_data;
  GHashTable *outputs; /* id → GrOutput */
  GArray *waiting;     /* of Waiting */
};

static void
tell_waiting (GrOutputs *outputs)
{
  g_autoptr (GArray) waiting = NULL;

  if (g_hash_table_size (outputs->outputs) > 0)
    return;

  waiting = g_steal_pointer (&outputs->waiting);
  outputs->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  for (guint i = 0; i < waiting->len; i++)
    g_array_index (waiting, Waiting, i).func (g_array_index (waiting, Waiting, i).user_data);
}

static void
on_changed (GrOutput *output, gpointer user_data)
{
  GrOutputs *outputs = user_data;
  g_autofree char *status = gr_output_status (output);

  outputs->changed (gr_output_get_id (output), status, outputs->user_data);
  if (!gr_output_is_over (output) || g_hash_table_lookup (outputs->outputs, gr_output_get_id (output)) != output)
    return;

  g_hash_table_remove (outputs->outputs, gr_output_get_id (output));
  tell_waiting (outputs);
}

GrOutputs *
gr_outputs_new (GrOutputsFunc changed, gpointer user_data)
{
  GrOutputs *outputs = g_new0 (GrOutputs, 1);

  outputs->changed = changed;
  outputs->user_data = user_data;
  outputs->outputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  outputs->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  return outputs;
}

void
gr_outputs_free (GrOutputs *outputs)
{
  g_hash_table_unref (outputs->outputs);
  g_array_unref (outputs->waiting);
  g_free (outputs);
}

/* All but those that put in order what is there. */
static gboolean
needs_programme (const char *document)
{
  g_autoptr (JsonNode) node = gr_json_parse (document, strlen (document), NULL);

  return node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
         || g_strcmp0 (gr_json_string (json_node_get_object (node), "kind"), "finish") != 0;
}

GrOutput *
gr_outputs_add (
    GrOutputs *outputs, const char *id, const char *document, const GrOutputSources *sources, GError **error)
{
  g_autoptr (GrOutput) output = NULL;

  if (g_hash_table_contains (outputs->outputs, id))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "id", "There is an output of this id");
      return NULL;
    }
  if (g_hash_table_size (outputs->outputs) >= GR_OUTPUTS_MAX)
    {
      gr_set_error (error, GR_ERROR_BUSY, NULL, "A show has %d outputs at most", GR_OUTPUTS_MAX);
      return NULL;
    }

  if (sources->programme == NULL && needs_programme (document))
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "The programme does not run");
      return NULL;
    }

  output = gr_output_new (id, document, sources, on_changed, outputs, error);
  if (output == NULL)
    return NULL;

  g_hash_table_insert (outputs->outputs, g_strdup (id), g_object_ref (output));
  gr_output_start (output);
  return output;
}

void
gr_outputs_remove (GrOutputs *outputs, const char *id)
{
  GrOutput *output = g_hash_table_lookup (outputs->outputs, id);

  if (output != NULL)
    gr_output_end (output);
}

void
gr_outputs_add_track (GrOutputs *outputs, const GrOutputTrack *track)
{
  GHashTableIter iter;
  gpointer output;

  g_hash_table_iter_init (&iter, outputs->outputs);
  while (g_hash_table_iter_next (&iter, NULL, &output))
    gr_output_add_track (output, track);
}

void
gr_outputs_remove_track (GrOutputs *outputs, GrFanout *fanout)
{
  GHashTableIter iter;
  gpointer output;

  g_hash_table_iter_init (&iter, outputs->outputs);
  while (g_hash_table_iter_next (&iter, NULL, &output))
    gr_output_remove_track (output, fanout);
}

void
gr_outputs_end (GrOutputs *outputs, GrOutputsEndedFunc func, gpointer user_data)
{
  const Waiting waiting = { func, user_data };
  GHashTableIter iter;
  gpointer output;

  g_array_append_val (outputs->waiting, waiting);
  g_hash_table_iter_init (&iter, outputs->outputs);
  while (g_hash_table_iter_next (&iter, NULL, &output))
    gr_output_end (output);
  tell_waiting (outputs);
}

void
gr_outputs_describe (GrOutputs *outputs, GrJsonWriter *json)
{
  GHashTableIter iter;
  gpointer id, output;

  g_hash_table_iter_init (&iter, outputs->outputs);
  while (g_hash_table_iter_next (&iter, &id, &output))
    {
      g_autofree char *status = gr_output_status (output);

      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "id", id);
      gr_json_writer_raw_member (json, "status", status);
      gr_json_writer_end_object (json);
    }
}

void
gr_outputs_draw (GrOutputs *outputs, GString *dot)
{
  GHashTableIter iter;
  gpointer output;

  g_hash_table_iter_init (&iter, outputs->outputs);
  while (g_hash_table_iter_next (&iter, NULL, &output))
    {
      g_autofree char *graph = gr_output_graph (output);

      g_string_append (dot, graph != NULL ? graph : "");
    }
}
