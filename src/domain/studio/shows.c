/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "studio"

#include "domain/studio/shows.h"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/studio/finisher.h"

#define LEDGER_QUEUE 1024

enum
{
  SIGNAL_EVENT,
  SIGNAL_SHOW_ADDED,
  SIGNAL_SHOW_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrShows
{
  GObject parent;

  GrHouse *house;
  GrStudio *studio;
  GrShowContext context;
  GHashTable *shows; /* id → GrBroadcast, those that are being finished among them */
  GrPool *ledger;    /* one thread, so that what happened is stored in that order */
  GrFinisher *finisher;
};

G_DEFINE_FINAL_TYPE (GrShows, gr_shows, G_TYPE_OBJECT)

/* Something to be written down. */
typedef struct
{
  GrShows *shows;
  GrBroadcastRecord *broadcast; /* NULL of a recording that has outlived its show */
  GrRecording *recording;
  gint part; /* of a recording to be begun */
  gboolean tracks;
} Line;

static void
line_free (Line *line)
{
  g_object_unref (line->shows);
  g_clear_pointer (&line->broadcast, gr_broadcast_record_free);
  g_clear_pointer (&line->recording, gr_recording_free);
  g_free (line);
}

/* The last reference to the shows must not go on the ledger's thread. */
static void
drop_line (gpointer data)
{
  gr_main_post ((GrMainFunc) line_free, data, NULL);
}

static void
write_line (GrShows *shows, GrPoolFunc write, Line line)
{
  Line *copy = g_memdup2 (&line, sizeof line);
  g_autoptr (GError) error = NULL;

  copy->shows = g_object_ref (shows);
  if (gr_pool_push (shows->ledger, write, copy, NULL, &error))
    return;

  gr_warning ("what a show did is not written down: %s", error->message);
  line_free (copy);
}

static void
write_end (gpointer data)
{
  Line *line = data;
  g_autoptr (GError) error = NULL;

  if (!gr_studio_store_end_broadcast (gr_studio_get_store (line->shows->studio), line->broadcast->id,
                                      line->broadcast->ended_at, &error))
    gr_warning ("the end of a show is not stored: %s", error->message);

  drop_line (line);
}

static void
tell_recording (gpointer data)
{
  Line *line = data;
  GrShowEvent event = { .type = GR_SHOW_EVENT_RECORDING, .record = line->broadcast, .recording = line->recording };

  if (line->broadcast != NULL)
    {
      event.facts = gr_shows_get_facts (line->shows, line->broadcast);
      g_signal_emit (line->shows, signals[SIGNAL_EVENT], 0, &event);
    }
  line_free (line);
}

static gint64
sum_files (const GrRecording *recording)
{
  gint64 bytes = 0;

  for (guint i = 0; recording->files != NULL && i < recording->files->len; i++)
    bytes += ((const GrStoredFile *) g_ptr_array_index (recording->files, i))->bytes;

  return bytes;
}

/* A recording is what lies in its folder. One whose folder cannot be read waits for the next start. */
static void
judge (GrStudio *studio, GrRecording *recording)
{
  g_autoptr (GError) error = NULL;

  if (!gr_studio_look_at_files (studio, recording, &error))
    {
      gr_warning ("cannot look at recording %s: %s", recording->id, error->message);
      recording->state = GR_RECORDING_FINISHING;
      return;
    }

  recording->bytes = sum_files (recording);
  recording->state = recording->bytes > 0 ? GR_RECORDING_READY : GR_RECORDING_FAILED;
  if (recording->state == GR_RECORDING_FAILED && recording->message == NULL)
    recording->message = g_strdup ("Nothing was recorded");
}

static void
write_recording (gpointer data)
{
  Line *line = data;
  GrRecording *recording = line->recording;
  g_autoptr (GError) error = NULL;

  judge (line->shows->studio, recording);
  if (!gr_studio_store_update_recording (gr_studio_get_store (line->shows->studio), recording, &error))
    gr_warning ("recording %s is not stored: %s", recording->id, error->message);

  if (line->broadcast == NULL && recording->broadcast_id != NULL)
    line->broadcast
        = gr_studio_store_get_broadcast (gr_studio_get_store (line->shows->studio), recording->broadcast_id, NULL);

  gr_main_post (tell_recording, line, NULL);
}

static void
begin_part (gpointer data)
{
  Line *line = data;
  GrBroadcast *broadcast = g_hash_table_lookup (line->shows->shows, line->broadcast->id);

  /* Who ended the show meanwhile wants no more of it. */
  if (broadcast != NULL && gr_broadcast_get_state (broadcast) != GR_SHOW_ENDED)
    gr_broadcast_add_recording (broadcast, g_steal_pointer (&line->recording));
  else
    write_line (line->shows, write_recording,
                (Line){ .broadcast = gr_broadcast_record_copy (line->broadcast),
                        .recording = g_steal_pointer (&line->recording) });

  line_free (line);
}

static void
write_part (gpointer data)
{
  Line *line = data;
  g_autoptr (GError) error = NULL;

  line->recording = gr_studio_add_recording (line->shows->studio, line->broadcast, line->part, line->tracks, &error);
  if (line->recording == NULL)
    {
      gr_warning ("a broken recording is not taken up again: %s", error->message);
      drop_line (line);
      return;
    }

  gr_main_post (begin_part, line, NULL);
}

static void
on_event (GrBroadcast *broadcast, const GrShowEvent *event, GrShows *shows)
{
  g_signal_emit (shows, signals[SIGNAL_EVENT], 0, event);

  if (event->type != GR_SHOW_EVENT_ENDED)
    return;

  write_line (shows, write_end, (Line){ .broadcast = gr_broadcast_record_copy (event->record) });
  g_signal_emit (shows, signals[SIGNAL_SHOW_REMOVED], 0, broadcast);
}

static void
on_recording_finished (GrFinisher *finisher, const GrRecording *recording, GrShows *shows)
{
  write_line (shows, write_recording, (Line){ .recording = gr_recording_copy (recording) });
}

static void
on_recording_over (GrBroadcast *broadcast, const GrRecording *recording, gboolean left, GrShows *shows)
{
  if (left)
    gr_finisher_add (shows->finisher, gr_recording_copy (recording));
  else
    write_line (shows, write_recording,
                (Line){ .broadcast = gr_broadcast_record_copy (gr_broadcast_get_record (broadcast)),
                        .recording = gr_recording_copy (recording) });
}

static void
on_part_wanted (GrBroadcast *broadcast, gboolean tracks, GrShows *shows)
{
  write_line (shows, write_part,
              (Line){ .broadcast = gr_broadcast_record_copy (gr_broadcast_get_record (broadcast)),
                      .part = gr_broadcast_get_next_part (broadcast),
                      .tracks = tracks });
}

static void
on_finished (GrBroadcast *broadcast, GrShows *shows)
{
  g_signal_handlers_disconnect_by_data (broadcast, shows);
  g_hash_table_remove (shows->shows, gr_broadcast_get_record (broadcast)->id);
}

static void
on_up (GrProgramPort *port, const char *id, GrShows *shows)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, id);

  if (broadcast != NULL)
    gr_broadcast_on_up (broadcast);
}

static void
on_down (GrProgramPort *port, const char *id, GrShows *shows)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, id);

  if (broadcast != NULL)
    gr_broadcast_on_down (broadcast);
}

static void
on_started (GrProgramPort *port, const char *id, GrShows *shows)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, id);

  if (broadcast != NULL)
    gr_broadcast_on_started (broadcast);
}

static void
on_failed (GrProgramPort *port, const char *id, const char *why, GrShows *shows)
{
  gr_warning ("the programme of %s gave up: %s", id, why);
}

static void
on_output (GrProgramPort *port, const char *id, const char *output, const char *status, GrShows *shows)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, id);

  if (broadcast != NULL)
    gr_broadcast_on_output (broadcast, output, status);
}

static void
on_room_event (GrRoom *room, const GrRoomEvent *event, GrShows *shows)
{
  GrBroadcast *broadcast;

  if (event->type != GR_ROOM_EVENT_JOINED && event->type != GR_ROOM_EVENT_LEFT && event->type != GR_ROOM_EVENT_CHANGED)
    return;

  broadcast = gr_shows_get_of_room (shows, gr_room_get_id (room));
  if (broadcast != NULL)
    gr_broadcast_refresh (broadcast);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrShows *shows)
{
  g_signal_connect_object (room, "event", G_CALLBACK (on_room_event), shows, 0);
}

static void
gr_shows_dispose (GObject *object)
{
  GrShows *shows = GR_SHOWS (object);

  g_clear_pointer (&shows->shows, g_hash_table_unref);
  g_clear_pointer (&shows->ledger, gr_pool_free);
  g_clear_object (&shows->finisher);
  g_clear_object (&shows->context.programs);
  g_clear_object (&shows->studio);
  g_clear_object (&shows->house);

  G_OBJECT_CLASS (gr_shows_parent_class)->dispose (object);
}

static void
gr_shows_class_init (GrShowsClass *klass)
{
  const GSignalFlags flags = G_SIGNAL_RUN_LAST;

  G_OBJECT_CLASS (klass)->dispose = gr_shows_dispose;

  signals[SIGNAL_EVENT]
      = g_signal_new ("event", GR_TYPE_SHOWS, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_SHOW_ADDED]
      = g_signal_new ("show-added", GR_TYPE_SHOWS, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, GR_TYPE_BROADCAST);
  signals[SIGNAL_SHOW_REMOVED]
      = g_signal_new ("show-removed", GR_TYPE_SHOWS, flags, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, GR_TYPE_BROADCAST);
}

static void
gr_shows_init (GrShows *shows)
{
  shows->shows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  shows->ledger = gr_pool_new ("studio", 1, LEDGER_QUEUE);
}

static char *
no_picture (const char *picture_id, gpointer user_data)
{
  return NULL;
}

GrShows *
gr_shows_new (GrHouse *house, GrStudio *studio, GrProgramPort *programs, GrConfig *config)
{
  GrShows *shows = g_object_new (GR_TYPE_SHOWS, NULL);
  const char *pipelines = gr_config_get_string (config, "outputs", "pipelines");

  shows->house = g_object_ref (house);
  shows->studio = g_object_ref (studio);
  shows->context = (GrShowContext){
    .house = house,
    .programs = g_object_ref (programs),
    .allow_private = gr_studio_allows_private (studio),
    .pipelines_dir = pipelines[0] != '\0' ? pipelines : NULL,
    .picture_path = no_picture,
  };
  shows->finisher = gr_finisher_new (programs, shows->context.pipelines_dir);
  g_signal_connect_object (shows->finisher, "finished", G_CALLBACK (on_recording_finished), shows, 0);
  g_signal_connect_object (programs, "up", G_CALLBACK (on_up), shows, 0);
  g_signal_connect_object (programs, "down", G_CALLBACK (on_down), shows, 0);
  g_signal_connect_object (programs, "started", G_CALLBACK (on_started), shows, 0);
  g_signal_connect_object (programs, "failed", G_CALLBACK (on_failed), shows, 0);
  g_signal_connect_object (programs, "output", G_CALLBACK (on_output), shows, 0);
  g_signal_connect_object (house, "room-added", G_CALLBACK (on_room_added), shows, 0);

  return shows;
}

void
gr_shows_set_picture_path (GrShows *shows, GrPicturePath path, gpointer user_data)
{
  shows->context.picture_path = path;
  shows->context.picture_data = user_data;
}

void
gr_shows_finish_recordings (GrShows *shows, GPtrArray *recordings)
{
  gr_assert_main ();

  for (guint i = 0; i < recordings->len; i++)
    gr_finisher_add (shows->finisher, gr_recording_copy (g_ptr_array_index (recordings, i)));
}

GrBroadcast *
gr_shows_start (GrShows *shows, GrShowPlan *plan, GError **error)
{
  g_autoptr (GrBroadcast) broadcast = gr_broadcast_new (&shows->context, plan);
  const char *id = gr_broadcast_get_record (broadcast)->id;

  gr_assert_main ();
  g_signal_connect (broadcast, "event", G_CALLBACK (on_event), shows);
  g_signal_connect (broadcast, "recording-over", G_CALLBACK (on_recording_over), shows);
  g_signal_connect (broadcast, "part-wanted", G_CALLBACK (on_part_wanted), shows);
  g_signal_connect (broadcast, "finished", G_CALLBACK (on_finished), shows);
  g_hash_table_insert (shows->shows, g_strdup (id), g_object_ref (broadcast));

  if (!gr_broadcast_start (broadcast, error))
    {
      on_finished (broadcast, shows);
      return NULL;
    }

  g_signal_emit (shows, signals[SIGNAL_SHOW_ADDED], 0, broadcast);

  return broadcast;
}

GrBroadcast *
gr_shows_get (GrShows *shows, const char *broadcast_id)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, broadcast_id);

  return broadcast != NULL && gr_broadcast_get_state (broadcast) != GR_SHOW_ENDED ? broadcast : NULL;
}

GPtrArray *
gr_shows_list (GrShows *shows)
{
  GPtrArray *running = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer broadcast;

  g_hash_table_iter_init (&iter, shows->shows);
  while (g_hash_table_iter_next (&iter, NULL, &broadcast))
    if (gr_broadcast_get_state (broadcast) != GR_SHOW_ENDED)
      g_ptr_array_add (running, broadcast);

  return running;
}

GrBroadcast *
gr_shows_get_of_room (GrShows *shows, const char *room_id)
{
  g_autoptr (GPtrArray) running = gr_shows_list (shows);

  for (guint i = 0; i < running->len; i++)
    if (g_str_equal (gr_broadcast_get_record (g_ptr_array_index (running, i))->room_id, room_id))
      return g_ptr_array_index (running, i);

  return NULL;
}

GrShowFacts
gr_shows_get_facts (GrShows *shows, const GrBroadcastRecord *record)
{
  GrBroadcast *broadcast = g_hash_table_lookup (shows->shows, record->id);

  if (broadcast != NULL)
    return gr_broadcast_get_facts (broadcast);

  return (GrShowFacts){ .status = gr_broadcast_status_to_string (record->status) };
}

void
gr_shows_record_changed (GrShows *shows, const GrBroadcastRecord *record, gboolean scene)
{
  GrBroadcast *broadcast = gr_shows_get (shows, record->id);
  GrShowEvent event = { .type = scene ? GR_SHOW_EVENT_SCENE : GR_SHOW_EVENT_UPDATED,
                        .record = record,
                        .scene = record->scene,
                        .revision = record->revision };

  if (broadcast != NULL)
    {
      gr_broadcast_set_record (broadcast, record);
      return;
    }

  event.facts = gr_shows_get_facts (shows, record);
  g_signal_emit (shows, signals[SIGNAL_EVENT], 0, &event);
}

void
gr_shows_destination_changed (GrShows *shows,
                              const GrBroadcastRecord *record,
                              const char *destination_id,
                              GrOpenDestination *destination)
{
  GrBroadcast *broadcast = gr_shows_get (shows, record->id);
  g_autoptr (GrOpenDestination) owned = destination;
  GrShowEvent event = { .type = owned != NULL ? GR_SHOW_EVENT_DESTINATION : GR_SHOW_EVENT_NO_DESTINATION,
                        .record = record,
                        .destination = owned != NULL ? owned->destination : NULL,
                        .destination_id = destination_id };

  if (broadcast != NULL && owned != NULL)
    gr_broadcast_put_destination (broadcast, g_steal_pointer (&owned));
  else if (broadcast != NULL)
    gr_broadcast_drop_destination (broadcast, destination_id);

  if (broadcast != NULL)
    return;

  event.facts = gr_shows_get_facts (shows, record);
  g_signal_emit (shows, signals[SIGNAL_EVENT], 0, &event);
}

void
gr_shows_brand_changed (GrShows *shows, const GrBroadcastRecord *record, const GrBrand *brand)
{
  GrShowEvent event = { .type = GR_SHOW_EVENT_BRAND, .record = record, .brand = brand };

  event.facts = gr_shows_get_facts (shows, record);
  g_signal_emit (shows, signals[SIGNAL_EVENT], 0, &event);
}

const GrRecording *
gr_shows_get_recording (GrShows *shows, const GrRecording *stored)
{
  GrBroadcast *broadcast
      = stored->broadcast_id != NULL ? g_hash_table_lookup (shows->shows, stored->broadcast_id) : NULL;

  return broadcast != NULL ? gr_broadcast_get_recording (broadcast, stored->id) : NULL;
}

void
gr_shows_ask_async (GrShows *shows,
                    const char *broadcast_id,
                    GrProgramQuestion question,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  gr_program_port_ask_async (shows->context.programs, broadcast_id, question, callback, user_data);
}

void
gr_shows_room_deleted (GrShows *shows, const char *room_id)
{
  GrBroadcast *broadcast = gr_shows_get_of_room (shows, room_id);

  if (broadcast != NULL)
    gr_broadcast_end (broadcast);
}

gboolean
gr_shows_wind_up (GrShows *shows)
{
  g_autoptr (GPtrArray) running = gr_shows_list (shows);

  for (guint i = 0; i < running->len; i++)
    gr_broadcast_end (g_ptr_array_index (running, i));

  return g_hash_table_size (shows->shows) == 0 && gr_pool_get_queued (shows->ledger) == 0
         && gr_pool_get_running (shows->ledger) == 0;
}

void
gr_shows_stop (GrShows *shows)
{
  gr_assert_main ();
  gr_pool_stop (shows->ledger);
}
