/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "studio"

#include "domain/studio/broadcast.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/studio/broadcast-private.h"
#include "domain/studio/cast.h"

#define AUDIO_BITS 160000
#define KEYFRAME_SECONDS 2

enum
{
  SIGNAL_EVENT,
  SIGNAL_RECORDING_OVER,
  SIGNAL_PART_WANTED,
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GrBroadcast, gr_broadcast, G_TYPE_OBJECT)

static const char *const states[] = { "starting", "live", "recovering", "ended" };

void
gr_broadcast_emit (GrBroadcast *broadcast, GrShowEvent event)
{
  event.record = broadcast->record;
  event.facts = gr_broadcast_get_facts (broadcast);
  event.running = TRUE;
  g_signal_emit (broadcast, signals[SIGNAL_EVENT], 0, &event);
}

void
gr_broadcast_emit_output (GrBroadcast *broadcast, GrOutput *output)
{
  if (output->recording != NULL)
    gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_RECORDING, .recording = output->recording });
  else
    gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_DESTINATION,
                                                 .destination = output->destination->destination,
                                                 .status = output->status });
}

/* People are told on their pages, and the room's page tells those who are about to come in. */
void
gr_broadcast_tell_room (GrBroadcast *broadcast)
{
  GrShowFacts facts = gr_broadcast_get_facts (broadcast);
  GrAir air = broadcast->state == GR_SHOW_ENDED ? 0 : GR_AIR_BROADCAST;

  if (facts.recorded)
    air |= GR_AIR_RECORDED;

  gr_house_set_air (broadcast->context->house, broadcast->record->room_id, air,
                    broadcast->state == GR_SHOW_ENDED ? NULL : broadcast->record->id);
}

static void
set_state (GrBroadcast *broadcast, GrShowState state)
{
  if (broadcast->state == state)
    return;

  broadcast->state = state;
  gr_info ("broadcast %s is %s", broadcast->record->id, states[state]);
  if (state != GR_SHOW_ENDED)
    gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_UPDATED });
}

static const char *
id_of (GrBroadcast *broadcast)
{
  return broadcast->record->id;
}

static void
send_settings (GrBroadcast *broadcast)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);
  gint height = 720;
  gint frames_per_second = 30;
  gint bits = 4000000;

  gr_quality_parse (broadcast->record->quality, &height, &frames_per_second, &bits);
  gr_json_writer_begin_object (&json);
  gr_json_writer_int_member (&json, "width", height * 16 / 9);
  gr_json_writer_int_member (&json, "height", height);
  gr_json_writer_int_member (&json, "framesPerSecond", frames_per_second);
  gr_json_writer_int_member (&json, "videoBits", bits);
  gr_json_writer_int_member (&json, "audioBits", AUDIO_BITS);
  gr_json_writer_int_member (&json, "keyframeSeconds", KEYFRAME_SECONDS);
  if (broadcast->context->pipelines_dir != NULL)
    gr_json_writer_string_member (&json, "pipelinesDir", broadcast->context->pipelines_dir);
  gr_json_writer_end_object (&json);
  gr_program_port_start (broadcast->context->programs, id_of (broadcast), text->str);
}

/* Whether @text differs from what was told, and is remembered now; takes it. */
static gboolean
is_news (char **told, char *text)
{
  if (g_strcmp0 (*told, text) == 0)
    {
      g_free (text);
      return FALSE;
    }

  g_free (*told);
  *told = text;

  return TRUE;
}

void
gr_broadcast_refresh (GrBroadcast *broadcast)
{
  const GrShowContext *context = broadcast->context;
  GrRoom *room = gr_house_get_room (context->house, broadcast->record->room_id);
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GVariant) tracks = NULL;

  if (!broadcast->up || broadcast->state == GR_SHOW_ENDED)
    return;

  sources = gr_cast_resolve (room, broadcast->scene);
  tracks = g_variant_ref_sink (gr_cast_get_tracks (room, sources));

  /* Tracks first: they take the longest to come. */
  if (broadcast->told_tracks == NULL || !g_variant_equal (tracks, broadcast->told_tracks))
    {
      g_clear_pointer (&broadcast->told_tracks, g_variant_unref);
      broadcast->told_tracks = g_variant_ref (tracks);
      gr_program_port_watch (context->programs, id_of (broadcast), tracks);
    }

  if (is_news (&broadcast->told_people, gr_cast_write_people (room)))
    gr_program_port_set_people (context->programs, id_of (broadcast), broadcast->told_people);

  if (is_news (&broadcast->told_scene, gr_cast_write_scene (broadcast->scene, broadcast->record->title, sources,
                                                            context->picture_path, context->picture_data)))
    gr_program_port_set_scene (context->programs, id_of (broadcast), broadcast->told_scene);
}

static void
forget_what_was_told (GrBroadcast *broadcast)
{
  g_clear_pointer (&broadcast->told_scene, g_free);
  g_clear_pointer (&broadcast->told_people, g_free);
  g_clear_pointer (&broadcast->told_tracks, g_variant_unref);
}

void
gr_broadcast_on_up (GrBroadcast *broadcast)
{
  if (broadcast->state == GR_SHOW_ENDED)
    return;

  broadcast->up = TRUE;
  forget_what_was_told (broadcast);
  send_settings (broadcast);
  gr_broadcast_refresh (broadcast);
  for (guint i = 0; i < broadcast->outputs->len; i++)
    gr_output_send (broadcast, g_ptr_array_index (broadcast->outputs, i));
}

void
gr_broadcast_recording_over (GrBroadcast *broadcast, GrOutput *output, gboolean left)
{
  g_autoptr (GrRecording) recording = g_steal_pointer (&output->recording);

  recording->ended_at = recording->ended_at != 0 ? recording->ended_at : gr_now ();
  g_ptr_array_remove (broadcast->outputs, output);
  g_signal_emit (broadcast, signals[SIGNAL_RECORDING_OVER], 0, recording, left);
  gr_broadcast_tell_room (broadcast);
}

static void
finish (GrBroadcast *broadcast)
{
  for (guint i = broadcast->outputs->len; i > 0; i--)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i - 1);

      if (output->recording != NULL)
        gr_broadcast_recording_over (broadcast, output, TRUE);
    }

  gr_program_port_close (broadcast->context->programs, id_of (broadcast));
  g_signal_emit (broadcast, signals[SIGNAL_FINISHED], 0);
}

/* What was being written ends where it broke off, and another part is begun. */
static void
break_off (GrBroadcast *broadcast, GrOutput *output)
{
  if (output->recording == NULL || output->broke_off)
    return;

  output->broke_off = TRUE;
  output->tracks_over = TRUE;
  if (output->recording->state != GR_RECORDING_RECORDING)
    return;

  output->recording->state = GR_RECORDING_FINISHING;
  output->recording->ended_at = gr_now ();
  gr_broadcast_emit_output (broadcast, output);
  g_signal_emit (broadcast, signals[SIGNAL_PART_WANTED], 0, output->recording->tracks);
}

void
gr_broadcast_on_down (GrBroadcast *broadcast)
{
  broadcast->up = FALSE;

  if (broadcast->state == GR_SHOW_ENDED)
    {
      finish (broadcast);
      return;
    }

  set_state (broadcast, GR_SHOW_RECOVERING);
  for (guint i = broadcast->outputs->len; i > 0; i--)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i - 1);

      if (output->destination != NULL && output->destination->destination->enabled)
        {
          gr_output_status_free (output->status);
          output->status = gr_output_status_new ("reconnecting");
          gr_broadcast_emit_output (broadcast, output);
        }
      break_off (broadcast, output);
    }
}

void
gr_broadcast_on_started (GrBroadcast *broadcast)
{
  if (broadcast->state != GR_SHOW_ENDED)
    set_state (broadcast, GR_SHOW_LIVE);
}

static void
set_message (GrRecording *recording, const char *message)
{
  g_free (recording->message);
  recording->message = g_strdup (message);
}

/* The mix is over, because somebody wished so or by itself, as on a full disk; in which case nobody is to be recorded
 * apart any longer without being told. */
static void
end_mix (GrBroadcast *broadcast, GrOutput *output)
{
  if (output->recording->state != GR_RECORDING_RECORDING)
    return;

  output->recording->state = GR_RECORDING_FINISHING;
  output->recording->ended_at = gr_now ();
  if (output->recording->tracks && !output->tracks_over)
    gr_output_remove (broadcast, output);
  if (broadcast->state != GR_SHOW_ENDED)
    gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_UPDATED });
}

/* A recording with tracks is over when both are, and failed together. */
static void
on_recording (GrBroadcast *broadcast, GrOutput *output, const GrOutputStatus *status, gboolean tracks)
{
  GrRecording *recording = output->recording;
  gboolean over = g_str_equal (status->state, "ended") || g_str_equal (status->state, "failed");

  /* A warning of the mix's goes when there is room again; of what it writes apart the end alone is news. */
  if (!tracks || (over && status->message != NULL))
    set_message (recording, status->message);

  if (tracks)
    {
      output->tracks_over = output->tracks_over || over;
    }
  else
    {
      recording->milliseconds = MAX (recording->milliseconds, (gint64) (status->seconds * 1000));
      recording->bytes = status->bytes;
      if (over)
        end_mix (broadcast, output);
    }

  if (over && recording->state == GR_RECORDING_FINISHING && (!recording->tracks || output->tracks_over))
    gr_broadcast_recording_over (broadcast, output, FALSE);
  else if (!tracks)
    gr_broadcast_emit_output (broadcast, output);
}

void
gr_broadcast_on_output (GrBroadcast *broadcast, const char *id, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrOutputStatus) status = gr_output_status_parse (json, &error);
  gboolean tracks;
  GrOutput *output = gr_output_find (broadcast, id, &tracks);

  if (status == NULL)
    gr_warning ("the programme said of an output what cannot be: %s", error->message);

  if (status == NULL || output == NULL)
    return;

  if (output->recording != NULL)
    {
      on_recording (broadcast, output, status, tracks);
      return;
    }

  gr_output_status_free (output->status);
  output->status = g_steal_pointer (&status);
  gr_broadcast_emit_output (broadcast, output);
}

static void
gr_broadcast_finalize (GObject *object)
{
  GrBroadcast *broadcast = GR_BROADCAST (object);

  g_ptr_array_unref (broadcast->outputs);
  g_clear_pointer (&broadcast->record, gr_broadcast_record_free);
  g_clear_pointer (&broadcast->scene, gr_scene_free);
  forget_what_was_told (broadcast);

  G_OBJECT_CLASS (gr_broadcast_parent_class)->finalize (object);
}

static void
gr_broadcast_class_init (GrBroadcastClass *klass)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST;

  G_OBJECT_CLASS (klass)->finalize = gr_broadcast_finalize;

  signals[SIGNAL_EVENT]
      = g_signal_new ("event", GR_TYPE_BROADCAST, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_RECORDING_OVER] = g_signal_new ("recording-over", GR_TYPE_BROADCAST, flags, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[SIGNAL_PART_WANTED]
      = g_signal_new ("part-wanted", GR_TYPE_BROADCAST, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", GR_TYPE_BROADCAST, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
gr_broadcast_init (GrBroadcast *broadcast)
{
  broadcast->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_output_free);
}

GrBroadcast *
gr_broadcast_new (const GrShowContext *context, GrShowPlan *plan)
{
  GrBroadcast *broadcast = g_object_new (GR_TYPE_BROADCAST, NULL);
  g_autoptr (GError) error = NULL;

  broadcast->context = context;
  broadcast->record = gr_broadcast_record_copy (plan->broadcast);
  broadcast->scene = gr_scene_parse (plan->broadcast->scene, &error);
  if (broadcast->scene == NULL)
    {
      gr_warning ("the stored scene of %s is none: %s", plan->broadcast->id, error->message);
      broadcast->scene = gr_scene_new_default ();
    }

  for (guint i = 0; i < plan->destinations->len; i++)
    {
      GrOutput *output = g_new0 (GrOutput, 1);

      output->destination = g_steal_pointer (&plan->destinations->pdata[i]);
      output->status = gr_output_status_new (output->destination->destination->enabled ? "connecting" : "idle");
      g_ptr_array_add (broadcast->outputs, output);
    }
  g_ptr_array_set_free_func (plan->destinations, NULL);

  if (plan->recording != NULL)
    gr_output_add_recording (broadcast, gr_recording_copy (plan->recording));

  return broadcast;
}

gboolean
gr_broadcast_start (GrBroadcast *broadcast, GError **error)
{
  gr_assert_main ();

  if (!gr_program_port_open (broadcast->context->programs, id_of (broadcast), broadcast->record->room_id, error))
    return FALSE;

  gr_broadcast_tell_room (broadcast);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_STARTED });

  return TRUE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GrBroadcast) broadcast = data;
  g_autoptr (GError) error = NULL;

  if (!gr_program_port_end_finish (GR_PROGRAM_PORT (source), result, &error))
    gr_warning ("the programme of %s did not end well: %s", id_of (broadcast), error->message);

  if (broadcast->up)
    {
      broadcast->up = FALSE;
      finish (broadcast);
    }
}

void
gr_broadcast_end (GrBroadcast *broadcast)
{
  gr_assert_main ();

  if (broadcast->state == GR_SHOW_ENDED)
    return;

  set_state (broadcast, GR_SHOW_ENDED);
  broadcast->record->status = GR_BROADCAST_ENDED;
  broadcast->record->ended_at = gr_now ();
  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (output->recording != NULL && output->recording->state == GR_RECORDING_RECORDING)
        {
          output->recording->state = GR_RECORDING_FINISHING;
          output->recording->ended_at = broadcast->record->ended_at;
          gr_broadcast_emit_output (broadcast, output);
        }
    }
  gr_broadcast_tell_room (broadcast);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_ENDED });

  if (broadcast->up)
    gr_program_port_end_async (broadcast->context->programs, id_of (broadcast), on_ended, g_object_ref (broadcast));
  else
    finish (broadcast);
}

const GrBroadcastRecord *
gr_broadcast_get_record (GrBroadcast *broadcast)
{
  return broadcast->record;
}

GrShowState
gr_broadcast_get_state (GrBroadcast *broadcast)
{
  return broadcast->state;
}

GrShowFacts
gr_broadcast_get_facts (GrBroadcast *broadcast)
{
  GrShowFacts facts = { .status = states[broadcast->state] };

  facts.viewers = gr_cast_count_viewers (gr_house_get_room (broadcast->context->house, broadcast->record->room_id));
  for (guint i = 0; i < broadcast->outputs->len; i++)
    {
      const GrOutput *output = g_ptr_array_index (broadcast->outputs, i);

      if (output->recording != NULL && output->recording->state == GR_RECORDING_RECORDING)
        facts.recorded = TRUE;
    }

  return facts;
}

void
gr_broadcast_set_record (GrBroadcast *broadcast, const GrBroadcastRecord *record)
{
  g_autoptr (GrScene) scene = NULL;
  gboolean titled = !g_str_equal (record->title, broadcast->record->title)
                    || !g_str_equal (record->description, broadcast->record->description);

  if (record->revision > broadcast->record->revision)
    scene = gr_scene_parse (record->scene, NULL);

  if (titled)
    {
      g_free (broadcast->record->title);
      g_free (broadcast->record->description);
      broadcast->record->title = g_strdup (record->title);
      broadcast->record->description = g_strdup (record->description);
      gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_UPDATED });
      gr_broadcast_refresh (broadcast);
    }

  if (scene == NULL)
    return;

  g_free (broadcast->record->scene);
  broadcast->record->scene = g_strdup (record->scene);
  broadcast->record->revision = record->revision;
  gr_scene_free (broadcast->scene);
  broadcast->scene = g_steal_pointer (&scene);
  gr_broadcast_refresh (broadcast);
  gr_broadcast_emit (broadcast, (GrShowEvent){ .type = GR_SHOW_EVENT_SCENE,
                                               .scene = record->scene,
                                               .revision = record->revision });
}
