/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a show goes: its destinations and recordings, as the process is told of them. Main thread. */
#include <string.h>

#include "base/time.h"
#include "domain/studio/broadcast-private.h"
#include "domain/studio/finisher.h"

void
gr_output_free (GrOutput *output)
{
  g_free (output->id);
  g_clear_pointer (&output->destination, gr_open_destination_free);
  g_clear_pointer (&output->status, gr_output_status_free);
  g_clear_pointer (&output->recording, gr_recording_free);
  g_free (output);
}

/* Gives the output a name that the process has not heard yet. */
static void
rename_output (GrOutput *output)
{
  const char *id = output->recording != NULL ? output->recording->id : output->destination->destination->id;

  g_free (output->id);
  output->id = g_strdup_printf ("%s.%u", id, ++output->generation);
}

static void
add_output (GrBroadcast *broadcast, const char *id, const char *kind, const char *name, const char *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "kind", kind);
  gr_json_writer_string_member (&json, name, value);
  gr_json_writer_end_object (&json);
  gr_program_port_add_output (broadcast->context->programs, broadcast->record->id, id, text->str);
}

static void
send_destination (GrBroadcast *broadcast, GrOutput *output)
{
  const GrDestination *destination = output->destination->destination;
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "kind", "rtmp");
  gr_json_writer_string_member (&json, "url", destination->url);
  gr_json_writer_string_member (&json, "streamKey", output->destination->stream_key);
  gr_json_writer_bool_member (&json, "allowPrivate", broadcast->context->allow_private);
  gr_json_writer_end_object (&json);
  gr_program_port_add_output (broadcast->context->programs, broadcast->record->id, output->id, text->str);

  /* It has the key in it. */
  memset (text->str, 0, text->len);
}

static void
send_recording (GrBroadcast *broadcast, GrOutput *output)
{
  g_autofree char *mix = g_build_filename (output->recording->folder, GR_RECORDING_MIX, NULL);
  g_autofree char *tracks = g_strconcat (output->id, ".tracks", NULL);

  add_output (broadcast, output->id, output->broke_off ? "finish" : "recording", "path", mix);
  if (output->recording->tracks && !output->broke_off)
    add_output (broadcast, tracks, "tracks", "dir", output->recording->folder);
}

/* Tells the process of the output, if it is there and the output is wanted. */
void
gr_output_send (GrBroadcast *broadcast, GrOutput *output)
{
  if (!broadcast->up || (output->destination != NULL && !output->destination->destination->enabled))
    return;

  rename_output (output);
  if (output->recording != NULL)
    send_recording (broadcast, output);
  else
    send_destination (broadcast, output);
}

void
gr_output_remove (GrBroadcast *broadcast, GrOutput *output)
{
  g_autofree char *tracks = g_strconcat (output->id, ".tracks", NULL);

  if (!broadcast->up || output->id == NULL)
    return;

  gr_program_port_remove_output (broadcast->context->programs, broadcast->record->id, output->id);
  if (output->recording != NULL && output->recording->tracks && !output->tracks_over)
    gr_program_port_remove_output (broadcast->context->programs, broadcast->record->id, tracks);
}

GrOutput *
gr_output_find (GrBroadcast *broadcast, const char *id, gboolean *tracks)
{
  g_autofree char *mix = g_str_has_suffix (id, ".tracks") ? g_strndup (id, strlen (id) - strlen (".tracks")) : NULL;

  *tracks = mix != NULL;

  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (g_strcmp0 (output->id, mix != NULL ? mix : id) == 0)
        return output;
    }

  return NULL;
}

static GrOutput *
find_destination (GrBroadcast *broadcast, const char *id)
{
  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (output->destination != NULL && g_str_equal (output->destination->destination->id, id))
        return output;
    }

  return NULL;
}

void
gr_broadcast_put_destination (GrBroadcast *broadcast, GrOpenDestination *destination)
{
  GrOutput *output = find_destination (broadcast, destination->destination->id);
  gboolean same = FALSE;

  if (output == NULL)
    {
      output = g_new0 (GrOutput, 1);
      g_ptr_array_add (broadcast->outputs, output);
    }
  else
    {
      const GrOpenDestination *old = output->destination;

      same = old->destination->enabled == destination->destination->enabled
             && g_str_equal (old->destination->url, destination->destination->url)
             && g_str_equal (old->stream_key, destination->stream_key)
             && (!old->destination->enabled || g_str_equal (output->status->state, "live")
                 || g_str_equal (output->status->state, "connecting"));
      if (!same)
        gr_output_remove (broadcast, output);
      gr_open_destination_free (output->destination);
    }

  output->destination = destination;
  if (!same)
    {
      g_clear_pointer (&output->status, gr_output_status_free);
      g_clear_pointer (&output->id, g_free);
      output->status = gr_output_status_new (destination->destination->enabled ? "connecting" : "idle");
      gr_output_send (broadcast, output);
    }
  gr_broadcast_emit_output (broadcast, output);
}

void
gr_broadcast_drop_destination (GrBroadcast *broadcast, const char *id)
{
  GrOutput *output = find_destination (broadcast, id);

  if (output == NULL)
    return;

  gr_output_remove (broadcast, output);
  g_ptr_array_remove (broadcast->outputs, output);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_NO_DESTINATION, .destination_id = id });
}

const GrOutputStatus *
gr_broadcast_get_status (GrBroadcast *broadcast, const char *destination_id)
{
  GrOutput *output = find_destination (broadcast, destination_id);

  return output != NULL ? output->status : NULL;
}

GPtrArray *
gr_broadcast_list_destinations (GrBroadcast *broadcast)
{
  GPtrArray *destinations = g_ptr_array_new ();

  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (output->destination != NULL)
        g_ptr_array_add (destinations, output->destination->destination);
    }

  return destinations;
}

GrOutput *
gr_output_add_recording (GrBroadcast *broadcast, GrRecording *recording)
{
  GrOutput *output = g_new0 (GrOutput, 1);

  output->recording = recording;
  broadcast->parts = MAX (broadcast->parts, recording->part);
  g_ptr_array_add (broadcast->outputs, output);

  return output;
}

void
gr_broadcast_add_recording (GrBroadcast *broadcast, GrRecording *recording)
{
  GrOutput *output = gr_output_add_recording (broadcast, recording);

  gr_output_send (broadcast, output);
  gr_broadcast_tell_room (broadcast);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_UPDATED });
  gr_broadcast_emit_output (broadcast, output);
}

static GrOutput *
find_recording (GrBroadcast *broadcast, const char *id)
{
  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (output->recording != NULL && g_str_equal (output->recording->id, id))
        return output;
    }

  return NULL;
}

gboolean
gr_broadcast_stop_recording (GrBroadcast *broadcast, const char *id)
{
  GrOutput *output = find_recording (broadcast, id);

  if (output == NULL || output->recording->state != GR_RECORDING_RECORDING)
    return FALSE;

  output->recording->state = GR_RECORDING_FINISHING;
  output->recording->ended_at = gr_now ();
  gr_broadcast_tell_room (broadcast);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_UPDATED });
  gr_broadcast_emit_output (broadcast, output);
  if (broadcast->up)
    gr_output_remove (broadcast, output);
  else
    gr_broadcast_recording_over (broadcast, output, TRUE);

  return TRUE;
}

const GrRecording *
gr_broadcast_get_recording (GrBroadcast *broadcast, const char *id)
{
  GrOutput *output = find_recording (broadcast, id);

  return output != NULL ? output->recording : NULL;
}

gint
gr_broadcast_get_next_part (GrBroadcast *broadcast)
{
  return ++broadcast->parts;
}
