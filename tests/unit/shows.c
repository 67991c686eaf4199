/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running shows, over a real store and a program process that says what the test wants. */
#include "domain/studio/shows.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/main-call.h"
#include "fake-program.h"
#include "house-fixture.h"
#include "outside/archive-directory.h"

typedef struct
{
  HouseFixture home;
  GrFakeProgram *program;
  GrStudio *studio;
  GrShows *shows;
  char *show; /* id of a planned broadcast with one destination */
  GString *events;
} Fixture;

static void
on_event (GrShows *shows, const GrShowEvent *event, Fixture *fixture)
{
  static const char *const words[]
      = { "started", "updated", "ended", "scene", "destination", "no-destination", "brand", "recording" };

  g_string_append_printf (fixture->events, "%s:%s ", words[event->type],
                          event->status != NULL      ? event->status->state
                          : event->recording != NULL ? gr_recording_state_to_string (event->recording->state)
                                                     : event->facts.status);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const GrVaultKey vault = { { 0 } };
  const GrDestinationChange destination
      = { .platform = "custom", .url = "rtmp://live.example.org/app", .stream_key = "sesame", .enabled = -1 };
  HouseFixture *home = &fixture->home;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrArchive) archive = NULL;
  g_autoptr (GrBroadcastRecord) record = NULL;
  g_autoptr (GrDestination) added = NULL;
  g_autofree char *room = NULL;

  house_set_up (home);
  archive = gr_archive_directory_new (home->dir);
  fixture->studio = gr_studio_new (GR_STUDIO_STORE (home->store), archive, home->config, &vault, &vault);
  fixture->program = gr_fake_program_new ();
  fixture->shows = gr_shows_new (home->house, fixture->studio, GR_PROGRAM_PORT (fixture->program), home->config);
  fixture->events = g_string_new (NULL);
  g_signal_connect (fixture->shows, "event", G_CALLBACK (on_event), fixture);

  room = house_add_room (home, "Studio");
  record = gr_studio_create (fixture->studio, room, &(GrBroadcastChange){ .title = "Show" }, &error);
  g_assert_no_error (error);
  added = gr_studio_add_destination (fixture->studio, record->id, &destination, &error);
  g_assert_no_error (error);
  fixture->show = g_strdup (record->id);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gr_shows_stop (fixture->shows);
  house_stop (&fixture->home);
  g_assert_finalize_object (g_steal_pointer (&fixture->shows));
  g_assert_finalize_object (g_steal_pointer (&fixture->program));
  g_assert_finalize_object (g_steal_pointer (&fixture->studio));
  house_tear_down (&fixture->home);
  g_string_free (fixture->events, TRUE);
  g_free (fixture->show);
}

static GrBroadcast *
begin (Fixture *fixture, gboolean record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrShowPlan) plan = gr_studio_begin (fixture->studio, fixture->show, record, FALSE, &error);
  GrBroadcast *broadcast;

  g_assert_no_error (error);
  broadcast = gr_shows_start (fixture->shows, plan, &error);
  g_assert_no_error (error);

  return broadcast;
}

static void
expect_journal (Fixture *fixture, const char *expected)
{
  g_autofree char *journal = gr_fake_program_take_journal (fixture->program);

  g_assert_cmpstr (journal, ==, expected);
}

static void
expect_events (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (g_strchomp (fixture->events->str), ==, expected);
  g_string_truncate (fixture->events, 0);
}

static void
say_output (Fixture *fixture, const char *text, const char *status)
{
  g_autofree char *id = g_strdup (gr_fake_program_find_output (fixture->program, text, NULL));

  g_assert_nonnull (id);
  g_signal_emit_by_name (fixture->program, "output", fixture->show, id, status);
}

static void
emit (Fixture *fixture, const char *signal)
{
  g_signal_emit_by_name (fixture->program, signal, fixture->show);
}

static char *
find_picture (const char *picture_id, gpointer data)
{
  return g_str_equal (picture_id, data) ? g_strdup ("/somewhere") : NULL;
}

/* What the scene says of the logo; the field that was refused, or "". */
static char *
change_logo (Fixture *fixture, const char *picture)
{
  g_autofree char *text = g_strdup_printf ("{\"logo\":{\"picture\":\"%s\",\"corner\":\"top-left\"}}", picture);
  g_autoptr (JsonNode) patch = gr_json_parse (text, strlen (text), NULL);
  JsonObject *object = json_node_get_object (patch);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unsaved = NULL;
  g_autoptr (GrBroadcastRecord) before
      = gr_studio_store_get_broadcast (gr_studio_get_store (fixture->studio), fixture->show, NULL);
  g_autoptr (GrBroadcastRecord) record = gr_studio_change_scene (fixture->studio, fixture->show, object, -1, &error);
  g_autoptr (GrSavedScene) saved
      = gr_studio_save_scene (fixture->studio, before->room_id, NULL, "Look", object, &unsaved);

  g_assert_true ((record == NULL) == (saved == NULL));
  if (record != NULL)
    {
      g_assert_nonnull (strstr (record->scene, picture));
      return g_strdup ("");
    }

  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_error (unsaved, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_cmpstr (gr_error_get_field (unsaved), ==, "scene.logo.picture");
  return g_strdup (gr_error_get_field (error));
}

static void
test_pictures (Fixture *fixture, gconstpointer data)
{
  g_autofree char *there = gr_id_new ();
  g_autofree char *gone = gr_id_new ();
  g_autofree char *early = change_logo (fixture, there);
  g_autofree char *refused = NULL;
  g_autofree char *taken = NULL;

  g_test_summary ("Whoever changes a scene, it names no picture that is not there");
  g_assert_cmpstr (early, ==, "logo.picture");
  gr_studio_set_picture_path (fixture->studio, find_picture, there);
  refused = change_logo (fixture, gone);
  g_assert_cmpstr (refused, ==, "logo.picture");
  taken = change_logo (fixture, there);
  g_assert_cmpstr (taken, ==, "");
}

static void
test_life (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin (fixture, FALSE);
  const char *json;
  const char *id;

  g_test_summary ("A show tells its process everything, its room what happens, and the store when it is over");
  expect_journal (fixture, "open");
  emit (fixture, "up");
  expect_journal (fixture, "start watch people scene add");
  id = gr_fake_program_find_output (fixture->program, "rtmp", &json);
  g_assert_nonnull (strstr (json, "\"streamKey\":\"sesame\""));
  g_assert_nonnull (strstr (json, "\"allowPrivate\":false"));
  emit (fixture, "started");
  g_signal_emit_by_name (fixture->program, "output", fixture->show, id, "{\"state\":\"live\",\"bitsPerSecond\":10}");
  g_signal_emit_by_name (fixture->program, "output", fixture->show, id, "{\"state\":\"splendid\"}");
  g_signal_emit_by_name (fixture->program, "output", fixture->show, id, "not JSON");
  expect_events (fixture, "started:starting updated:live destination:live");

  gr_broadcast_end (broadcast);
  expect_events (fixture, "ended:ended");
  expect_journal (fixture, "end");
  gr_fake_program_end (fixture->program);
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
  expect_journal (fixture, "close");

  {
    g_autoptr (GrBroadcastRecord) stored
        = gr_studio_store_get_broadcast (GR_STUDIO_STORE (fixture->home.store), fixture->show, NULL);

    g_assert_cmpint (stored->status, ==, GR_BROADCAST_ENDED);
  }
}

static void
test_recovery (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin (fixture, TRUE);
  g_autofree char *late = NULL;

  g_test_summary ("A process that died is told everything anew, finishes what it left behind and records another part");
  emit (fixture, "up");
  emit (fixture, "started");
  say_output (fixture, "rtmp", "{\"state\":\"live\"}");
  say_output (fixture, "recording", "{\"state\":\"live\",\"seconds\":2,\"bytes\":9}");
  late = g_strdup (gr_fake_program_find_output (fixture->program, "rtmp", NULL));
  g_free (gr_fake_program_take_journal (fixture->program));
  g_string_truncate (fixture->events, 0);

  emit (fixture, "down");
  expect_events (fixture, "updated:recovering recording:finishing destination:reconnecting");
  while (gr_broadcast_get_facts (broadcast).recorded == FALSE)
    g_main_context_iteration (NULL, TRUE);
  expect_journal (fixture, "");

  emit (fixture, "up");
  expect_journal (fixture, "start watch people scene add add add");
  g_assert_nonnull (gr_fake_program_find_output (fixture->program, "\"finish\"", NULL));
  g_string_truncate (fixture->events, 0);
  g_signal_emit_by_name (fixture->program, "output", fixture->show, late, "{\"state\":\"failed\"}");
  expect_events (fixture, "");
  emit (fixture, "started");
  expect_events (fixture, "updated:live");
  gr_broadcast_end (broadcast);
  gr_fake_program_end (fixture->program);
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
}

static void
test_destinations (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin (fixture, FALSE);
  g_autoptr (GPtrArray) all = gr_broadcast_list_destinations (broadcast);
  GrDestination *one = g_ptr_array_index (all, 0);
  g_autofree char *id = g_strdup (one->id);
  GrOpenDestination *changed = g_new0 (GrOpenDestination, 1);

  g_test_summary ("A destination that is switched off is let go, and one that comes back is another output");
  emit (fixture, "up");
  say_output (fixture, "rtmp", "{\"state\":\"live\"}");
  g_free (gr_fake_program_take_journal (fixture->program));

  changed->destination = gr_destination_copy (one);
  changed->destination->enabled = FALSE;
  changed->stream_key = g_strdup ("sesame");
  gr_broadcast_put_destination (broadcast, changed);
  expect_journal (fixture, "remove");
  all = (g_ptr_array_unref (all), gr_broadcast_list_destinations (broadcast));
  one = g_ptr_array_index (all, 0);
  g_assert_cmpstr (gr_broadcast_get_status (broadcast, one->id)->state, ==, "idle");

  changed = g_new0 (GrOpenDestination, 1);
  changed->destination = gr_destination_copy (one);
  changed->destination->enabled = TRUE;
  changed->stream_key = g_strdup ("open sesame");
  gr_broadcast_put_destination (broadcast, changed);
  expect_journal (fixture, "add");
  g_assert_nonnull (gr_fake_program_find_output (fixture->program, "open sesame", NULL));

  g_string_truncate (fixture->events, 0);
  gr_shows_destination_changed (fixture->shows, gr_broadcast_get_record (broadcast), id, NULL);
  expect_journal (fixture, "remove");
  expect_events (fixture, "no-destination:starting");

  gr_broadcast_end (broadcast);
  emit (fixture, "down");
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
  expect_journal (fixture, "end close");
  gr_fake_program_end (fixture->program);
}

static void
test_destinations_to_come (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrBroadcastRecord) record
      = gr_studio_store_get_broadcast (GR_STUDIO_STORE (fixture->home.store), fixture->show, &error);
  g_autoptr (GPtrArray) all
      = gr_studio_store_list_destinations (GR_STUDIO_STORE (fixture->home.store), fixture->show, &error);
  GrOpenDestination *one = g_new0 (GrOpenDestination, 1);

  g_test_summary ("The destinations of a show to come are told of when they change and when they go");

  g_assert_no_error (error);
  one->destination = gr_destination_copy (g_ptr_array_index (all, 0));
  one->stream_key = g_strdup ("sesame");
  gr_shows_destination_changed (fixture->shows, record, NULL, one);
  expect_events (fixture, "destination:scheduled");
  gr_shows_destination_changed (fixture->shows, record, ((GrDestination *) g_ptr_array_index (all, 0))->id, NULL);
  expect_events (fixture, "no-destination:scheduled");
  expect_journal (fixture, "");
}

/* A recording of the show as the store has it while it is made, with @file in its folder unless that is NULL. */
static GrRecording *
leave_recording (Fixture *fixture, gint part, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrBroadcastRecord) record
      = gr_studio_store_get_broadcast (GR_STUDIO_STORE (fixture->home.store), fixture->show, &error);
  GrRecording *recording = gr_studio_add_recording (fixture->studio, record, part, FALSE, &error);
  g_autofree char *path = NULL;

  g_assert_no_error (error);
  if (file == NULL)
    return recording;

  path = g_build_filename (recording->folder, file, NULL);
  g_assert_true (g_file_set_contents (path, "a recording", -1, NULL));

  return recording;
}

static void
test_recorded_at_once (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin (fixture, FALSE);
  GrRecording *recording = leave_recording (fixture, 1, NULL);

  g_test_summary ("Everybody is told of a recording that begins while the show's process is still coming up");
  g_string_truncate (fixture->events, 0);
  gr_broadcast_add_recording (broadcast, recording);
  expect_events (fixture, "updated:starting recording:recording");
  g_assert_true (gr_house_get_air (fixture->home.house, gr_broadcast_get_record (broadcast)->room_id)
                 & GR_AIR_RECORDED);
  expect_journal (fixture, "open");
  emit (fixture, "up");
  expect_journal (fixture, "start watch people scene add add");

  gr_broadcast_end (broadcast);
  gr_fake_program_end (fixture->program);
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
}

static GrRecordingState
stored_state (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRecording) stored = gr_studio_store_get_recording (GR_STUDIO_STORE (fixture->home.store), id, &error);

  g_assert_no_error (error);

  return stored->state;
}

/* The one that is being finished; the id of the process. */
static void
say_finished (Fixture *fixture, const GrRecording *recording, const char *status)
{
  g_signal_emit_by_name (fixture->program, "output", "what-was-left", recording->id, status);
}

/* One whose folder cannot be looked at: for root, too, since it is none. */
static GrRecording *
leave_hidden_recording (Fixture *fixture, gint part)
{
  GrRecording *recording = leave_recording (fixture, part, NULL);

  g_assert_cmpint (g_rmdir (recording->folder), ==, 0);
  g_assert_true (g_file_set_contents (recording->folder, "", 0, NULL));

  return recording;
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GrRecording) first = leave_recording (fixture, 1, "mix.mkv");
  g_autoptr (GrRecording) second = leave_recording (fixture, 2, "mix.mkv");
  g_autoptr (GrRecording) empty = leave_recording (fixture, 3, NULL);
  g_autoptr (GrRecording) whole = leave_recording (fixture, 4, "mix.mp4");
  g_autoptr (GrRecording) hidden = leave_hidden_recording (fixture, 5);
  g_autofree char *grown = g_build_filename (first->folder, "mix.mkv", NULL);
  g_autofree char *ordered = g_build_filename (first->folder, "mix.mp4", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) left = gr_studio_recover (fixture->studio, &error);
  const char *json;

  g_test_summary ("What a server that was stopped left behind is put in order by a process for that, one by one");
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 2);
  g_assert_cmpint (stored_state (fixture, first->id), ==, GR_RECORDING_FINISHING);
  g_assert_cmpint (stored_state (fixture, empty->id), ==, GR_RECORDING_FAILED);
  g_assert_cmpint (stored_state (fixture, whole->id), ==, GR_RECORDING_READY);
  g_assert_cmpint (stored_state (fixture, hidden->id), ==, GR_RECORDING_FINISHING);

  gr_shows_finish_recordings (fixture->shows, left);
  expect_journal (fixture, "open");
  g_signal_emit_by_name (fixture->program, "up", "what-was-left");
  expect_journal (fixture, "add");
  g_assert_cmpstr (gr_fake_program_find_output (fixture->program, "\"finish\"", &json), ==, first->id);
  g_assert_nonnull (strstr (json, grown));

  /* It dies, and the next one goes on. */
  g_signal_emit_by_name (fixture->program, "down", "what-was-left");
  g_signal_emit_by_name (fixture->program, "up", "what-was-left");
  expect_journal (fixture, "add");
  g_assert_cmpint (g_rename (grown, ordered), ==, 0);
  say_finished (fixture, second, "{\"state\":\"ended\"}");
  say_finished (fixture, first, "nonsense");
  say_finished (fixture, first, "{\"state\":\"live\"}");
  expect_journal (fixture, "");
  say_finished (fixture, first, "{\"state\":\"ended\",\"seconds\":2.5}");
  expect_journal (fixture, "add");

  /* The second one kills every process. */
  g_signal_emit_by_name (fixture->program, "down", "what-was-left");
  g_signal_emit_by_name (fixture->program, "up", "what-was-left");
  g_signal_emit_by_name (fixture->program, "down", "what-was-left");
  expect_journal (fixture, "add close");
  while (!gr_shows_wind_up (fixture->shows) || strstr (fixture->events->str, "ready recording:ready") == NULL)
    g_main_context_iteration (NULL, FALSE);
  expect_events (fixture, "recording:ready recording:ready");
  g_assert_cmpint (stored_state (fixture, first->id), ==, GR_RECORDING_READY);
  g_assert_cmpint (stored_state (fixture, second->id), ==, GR_RECORDING_READY);

  {
    g_autoptr (GrRecording) stored
        = gr_studio_store_get_recording (GR_STUDIO_STORE (fixture->home.store), first->id, &error);

    g_assert_cmpint (stored->milliseconds, ==, 2500);
    g_assert_nonnull (strstr (stored->message, "The server stopped"));
  }
}

static void
test_end_without_process (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin (fixture, TRUE);
  const char *json;
  g_autofree char *part = NULL;

  g_test_summary ("A show that ends while its process is away leaves a recording that is put in order all the same");
  emit (fixture, "up");
  emit (fixture, "started");
  part = g_strdup (gr_fake_program_find_output (fixture->program, "recording", NULL));
  say_output (fixture, "recording", "{\"state\":\"live\",\"seconds\":2,\"bytes\":9}");
  emit (fixture, "down");
  g_free (gr_fake_program_take_journal (fixture->program));
  gr_broadcast_end (broadcast);
  expect_journal (fixture, "open close");
  g_signal_emit_by_name (fixture->program, "up", "what-was-left");
  expect_journal (fixture, "add");
  g_assert_true (g_str_has_prefix (part, gr_fake_program_find_output (fixture->program, "\"finish\"", &json)));
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
}

static GrBroadcast *
begin_with_tracks (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrShowPlan) plan = gr_studio_begin (fixture->studio, fixture->show, TRUE, TRUE, &error);
  GrBroadcast *broadcast;

  g_assert_no_error (error);
  broadcast = gr_shows_start (fixture->shows, plan, &error);
  g_assert_no_error (error);
  emit (fixture, "up");
  emit (fixture, "started");
  say_output (fixture, "rtmp", "{\"state\":\"live\"}");
  say_output (fixture, "\"recording\"", "{\"state\":\"live\",\"seconds\":2,\"bytes\":9}");
  say_output (fixture, "\"tracks\"", "{\"state\":\"live\"}");

  return broadcast;
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  GrBroadcast *broadcast = begin_with_tracks (fixture);
  g_autoptr (GPtrArray) stored = NULL;
  const GrRecording *recording;
  g_autofree char *id = NULL;

  g_test_summary ("A disk that fills up is warned of, ends what is recorded, and leaves the show on air");
  stored = gr_studio_store_list_recordings (gr_studio_get_store (fixture->studio), NULL, fixture->show, 9, NULL, NULL);
  g_assert_cmpuint (stored->len, ==, 1);
  id = g_strdup (((GrRecording *) g_ptr_array_index (stored, 0))->id);
  recording = gr_broadcast_get_recording (broadcast, id);
  g_free (gr_fake_program_take_journal (fixture->program));
  g_string_truncate (fixture->events, 0);

  say_output (fixture, "\"recording\"", "{\"state\":\"live\",\"reason\":\"disk\",\"message\":\"nearly full\"}");
  g_assert_cmpstr (recording->message, ==, "nearly full");
  say_output (fixture, "\"recording\"", "{\"state\":\"live\"}");
  g_assert_null (recording->message);
  expect_events (fixture, "recording:recording recording:recording");

  say_output (fixture, "\"recording\"", "{\"state\":\"ended\",\"reason\":\"disk\",\"message\":\"The disk is full\"}");
  expect_events (fixture, "updated:live recording:finishing");
  expect_journal (fixture, "remove remove");
  g_assert_false (gr_broadcast_get_facts (broadcast).recorded);
  say_output (fixture, "\"tracks\"", "{\"state\":\"ended\"}");
  g_assert_null (gr_broadcast_get_recording (broadcast, id));
  while (strstr (fixture->events->str, "recording:") == NULL)
    g_main_context_iteration (NULL, TRUE);
  expect_events (fixture, "recording:failed");
  g_assert_cmpint (stored_state (fixture, id), ==, GR_RECORDING_FAILED);
  {
    g_autoptr (GrRecording) kept = gr_studio_store_get_recording (gr_studio_get_store (fixture->studio), id, NULL);

    g_assert_cmpstr (kept->message, ==, "The disk is full");
  }

  g_assert_cmpint (gr_broadcast_get_state (broadcast), ==, GR_SHOW_LIVE);
  gr_broadcast_end (broadcast);
  gr_fake_program_end (fixture->program);
  while (!gr_shows_wind_up (fixture->shows))
    g_main_context_iteration (NULL, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  /* A process that talks nonsense is worth a warning, and that is tested. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_test_add ("/shows/pictures", Fixture, NULL, set_up, test_pictures, tear_down);
  g_test_add ("/shows/life", Fixture, NULL, set_up, test_life, tear_down);
  g_test_add ("/shows/recovery", Fixture, NULL, set_up, test_recovery, tear_down);
  g_test_add ("/shows/full-disk", Fixture, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/shows/restart", Fixture, NULL, set_up, test_restart, tear_down);
  g_test_add ("/shows/end-without-process", Fixture, NULL, set_up, test_end_without_process, tear_down);
  g_test_add ("/shows/destinations", Fixture, NULL, set_up, test_destinations, tear_down);
  g_test_add ("/shows/destinations-to-come", Fixture, NULL, set_up, test_destinations_to_come, tear_down);
  g_test_add ("/shows/recorded-at-once", Fixture, NULL, set_up, test_recorded_at_once, tear_down);

  return g_test_run ();
}
