/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's part for shows: GrStudioStore. */
#include "store-fixture.h"

static char *
make_broadcast (StoreFixture *fixture, const char *room_id, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  GrBroadcastRecord broadcast = { .id = id,
                                  .room_id = (char *) room_id,
                                  .title = (char *) title,
                                  .quality = (char *) "720p30",
                                  .scene = (char *) "{}",
                                  .start_time = NOW + HOUR,
                                  .created_at = NOW };

  gr_studio_store_add_broadcast (GR_STUDIO_STORE (fixture->store), &broadcast, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&id);
}

static GrBroadcastRecord *
read_broadcast (StoreFixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;
  GrBroadcastRecord *broadcast = gr_studio_store_get_broadcast (GR_STUDIO_STORE (fixture->store), id, &error);

  g_assert_no_error (error);

  return broadcast;
}

static void
test_life (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *first = make_broadcast (fixture, room, "Перший");
  g_autofree char *second = make_broadcast (fixture, room, "Second");
  g_autoptr (GrBroadcastRecord) planned = read_broadcast (fixture, first);
  g_autoptr (GrBroadcastRecord) ended = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A broadcast is planned, live and over, and a room has one that is live");
  g_assert_cmpstr (planned->title, ==, "Перший");
  g_assert_cmpstr (planned->description, ==, "");
  g_assert_cmpstr (planned->room_slug, ==, "show");
  g_assert_cmpstr (planned->owner_name, ==, "Ann");
  g_assert_cmpint (planned->start_time, ==, NOW + HOUR);
  g_assert_cmpint (planned->started_at, ==, 0);
  g_assert_cmpint (planned->status, ==, GR_BROADCAST_SCHEDULED);

  g_assert_true (gr_studio_store_begin_broadcast (store, first, NOW, &error));
  g_assert_no_error (error);
  g_assert_false (gr_studio_store_begin_broadcast (store, first, NOW, &error));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);
  g_assert_false (gr_studio_store_begin_broadcast (store, second, NOW, &error));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);
  g_assert_false (gr_studio_store_delete_broadcast (store, first, &error));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);

  g_assert_true (gr_studio_store_end_broadcast (store, first, NOW + 1, &error));
  ended = read_broadcast (fixture, first);
  g_assert_cmpint (ended->status, ==, GR_BROADCAST_ENDED);
  g_assert_cmpint (ended->started_at, ==, NOW);
  g_assert_cmpint (ended->ended_at, ==, NOW + 1);
  g_assert_true (gr_studio_store_begin_broadcast (store, second, NOW, &error));
  g_assert_true (gr_studio_store_postpone_broadcast (store, second, &error));
  g_assert_true (gr_studio_store_begin_broadcast (store, second, NOW, &error));
  g_assert_true (gr_studio_store_end_broadcast (store, NULL, NOW + 2, &error));
  g_assert_true (gr_studio_store_delete_broadcast (store, second, &error));
  g_assert_no_error (error);
  g_assert_null (gr_studio_store_get_broadcast (store, second, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static gboolean
begin_one (StoreFixture *fixture, guint number, gpointer data)
{
  char **ids = data;

  return gr_studio_store_begin_broadcast (GR_STUDIO_STORE (fixture->store), ids[number], NOW, NULL);
}

static void
test_one_live (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  char *ids[4];

  g_test_summary ("Of four shows of a room that start at once, one does");
  for (guint i = 0; i < 4; i++)
    ids[i] = make_broadcast (fixture, room, "Show");

  g_assert_cmpuint (run_at_once (fixture, 4, begin_one, ids), ==, 1);
  for (guint i = 0; i < 4; i++)
    g_free (ids[i]);
}

static void
test_scene (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *id = make_broadcast (fixture, room, "Show");
  g_autoptr (GrBroadcastRecord) changed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A scene follows the revision that was seen, or not at all");
  g_assert_true (gr_studio_store_set_scene (store, id, "{\"a\":1}", 0, &error));
  g_assert_false (gr_studio_store_set_scene (store, id, "{\"a\":2}", 0, &error));
  expect_error (&error, GR_ERROR_CONFLICT, "revision");
  changed = read_broadcast (fixture, id);
  g_assert_cmpstr (changed->scene, ==, "{\"a\":1}");
  g_assert_cmpint (changed->revision, ==, 1);
}

static void
expect_ids (GPtrArray *broadcasts, const char *first, const char *second)
{
  const char *ids[] = { first, second };

  g_assert_nonnull (broadcasts);
  g_assert_cmpuint (broadcasts->len, ==, second != NULL ? 2 : 1);
  for (guint i = 0; i < broadcasts->len; i++)
    g_assert_cmpstr (((GrBroadcastRecord *) g_ptr_array_index (broadcasts, i))->id, ==, ids[i]);
}

static void
test_lists (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *open = make_room (fixture, "open", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *hidden = make_room (fixture, "hidden", bob, GR_VISIBILITY_PRIVATE, 15);
  g_autofree char *first = make_broadcast (fixture, open, "First");
  g_autofree char *second = make_broadcast (fixture, open, "Second");
  g_autofree char *third = make_broadcast (fixture, hidden, "Third");
  g_autoptr (GPtrArray) public = NULL;
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (GPtrArray) of_bob = NULL;
  g_autoptr (GPtrArray) live = NULL;

  g_test_summary ("Broadcasts are listed by room, by owner and by what is public, newest first, page by page");
  gr_studio_store_begin_broadcast (store, first, NOW, NULL);
  public = gr_studio_store_list_broadcasts (store, &(GrBroadcastFilter){ 0 }, 10, NULL, NULL);
  expect_ids (public, second, first);
  page = gr_studio_store_list_broadcasts (store, &(GrBroadcastFilter){ .room_id = open }, 10, second, NULL);
  expect_ids (page, first, NULL);
  of_bob = gr_studio_store_list_broadcasts (store, &(GrBroadcastFilter){ .owner_id = bob }, 10, NULL, NULL);
  expect_ids (of_bob, third, NULL);
  live = gr_studio_store_list_broadcasts (store,
                                          &(GrBroadcastFilter){
                                              .everywhere = TRUE, .has_status = TRUE, .status = GR_BROADCAST_LIVE },
                                          10, NULL, NULL);
  expect_ids (live, first, NULL);
}

static void
test_planned (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *other = make_room (fixture, "other", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *first = make_broadcast (fixture, room, "Show");
  g_autofree char *elsewhere = NULL;
  g_autofree char *again = NULL;
  g_autofree char *id = gr_id_new ();
  GrBroadcastRecord more = { .id = id,
                             .room_id = room,
                             .title = (char *) "More",
                             .quality = (char *) "1080p30",
                             .scene = (char *) "{}",
                             .created_at = NOW };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A room has a hundred planned broadcasts at most; what ran and other rooms do not count");
  for (guint i = 1; i < GR_MAX_PLANNED_BROADCASTS; i++)
    g_free (make_broadcast (fixture, room, "Show"));
  g_assert_false (gr_studio_store_add_broadcast (store, &more, &error));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);
  elsewhere = make_broadcast (fixture, other, "Show");

  g_assert_true (gr_studio_store_begin_broadcast (store, first, NOW, &error));
  again = make_broadcast (fixture, room, "Show");
  g_assert_false (gr_studio_store_add_broadcast (store, &more, &error));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);
}

static void
test_destinations (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *id = make_broadcast (fixture, room, "Show");
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;
  GrDestination *one;

  g_test_summary ("A broadcast has ten destinations at most, which change and go");
  for (guint i = 0; i <= GR_MAX_DESTINATIONS; i++)
    {
      g_autofree char *own = gr_id_new ();
      GrDestination destination = { .id = own,
                                    .broadcast_id = id,
                                    .platform = (char *) "custom",
                                    .name = (char *) "RTMP",
                                    .url = (char *) "rtmp://example.org/live",
                                    .secret = (char *) "sealed",
                                    .enabled = TRUE,
                                    .created_at = NOW };

      g_assert_true (gr_studio_store_add_destination (store, &destination, &error) == (i < GR_MAX_DESTINATIONS));
    }
  expect_error (&error, GR_ERROR_CONFLICT, NULL);

  all = gr_studio_store_list_destinations (store, id, &error);
  g_assert_cmpuint (all->len, ==, GR_MAX_DESTINATIONS);
  one = g_ptr_array_index (all, 3);
  one->enabled = FALSE;
  g_assert_true (gr_studio_store_update_destination (store, one, &error));
  {
    g_autoptr (GrDestination) read = gr_studio_store_get_destination (store, id, one->id, &error);

    g_assert_false (read->enabled);
    g_assert_cmpstr (read->secret, ==, "sealed");
  }
  g_assert_null (gr_studio_store_get_destination (store, room, one->id, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_true (gr_studio_store_delete_destination (store, id, one->id, &error));
  g_assert_false (gr_studio_store_delete_destination (store, id, one->id, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_saved_scenes (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *id = gr_id_new ();
  GrSavedScene scene
      = { .id = id, .room_id = room, .name = (char *) "Two", .document = (char *) "{}", .created_at = NOW };
  g_autoptr (GrSavedScene) replaced = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Saved scenes of a room are kept, replaced and forgotten");
  g_assert_true (gr_studio_store_add_saved_scene (store, &scene, &error));
  scene.name = (char *) "Three";
  scene.created_at = 0;
  replaced = gr_studio_store_replace_saved_scene (store, &scene, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (replaced->name, ==, "Three");
  g_assert_cmpint (replaced->created_at, ==, NOW);
  all = gr_studio_store_list_saved_scenes (store, room, &error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_true (gr_studio_store_delete_saved_scene (store, room, id, &error));
  g_assert_null (gr_studio_store_replace_saved_scene (store, &scene, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_brand (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A room's brand begins empty, grows by revisions, is not overwritten unseen, and goes with its room");

  for (gint64 revision = 0; revision < 3; revision++)
    {
      g_autofree char *text = g_strdup_printf ("{\"banners\":[%d],\"pictures\":[]}", (int) revision);
      g_autoptr (GrBrand) before = gr_studio_store_get_brand (store, room, &error);
      GrBrand next = { text, revision };
      GrBrand late = { text, revision + 7 };

      g_assert_no_error (error);
      g_assert_cmpint (before->revision, ==, revision);
      if (revision == 0)
        g_assert_cmpstr (before->document, ==, "{\"banners\":[],\"pictures\":[]}");
      else
        g_assert_false (gr_studio_store_set_brand (store, room, &late, &error));
      if (revision > 0)
        expect_error (&error, GR_ERROR_CONFLICT, "revision");
      g_assert_true (gr_studio_store_set_brand (store, room, &next, &error));
      g_assert_no_error (error);
    }

  g_assert_true (gr_store_delete_room (fixture->store, room, &error));
}

static void
test_recordings (StoreFixture *fixture, gconstpointer engine)
{
  GrStudioStore *store = GR_STUDIO_STORE (fixture->store);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "show", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *broadcast = make_broadcast (fixture, room, "Show");
  g_autofree char *id = gr_id_new ();
  GrRecording recording = { .id = id,
                            .owner_id = ann,
                            .room_id = room,
                            .broadcast_id = broadcast,
                            .title = (char *) "Show",
                            .part = 2,
                            .tracks = TRUE,
                            .started_at = NOW };
  g_autoptr (GPtrArray) unfinished = NULL;
  g_autoptr (GPtrArray) of_broadcast = NULL;
  g_autoptr (GrRecording) left = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A recording outlives its broadcast and its room");
  g_assert_true (gr_studio_store_add_recording (store, &recording, &error));
  unfinished = gr_studio_store_list_unfinished (store, &error);
  g_assert_cmpuint (unfinished->len, ==, 1);
  of_broadcast = gr_studio_store_list_recordings (store, ann, broadcast, 10, NULL, &error);
  g_assert_cmpuint (of_broadcast->len, ==, 1);

  recording.state = GR_RECORDING_READY;
  recording.message = (char *) "The disk was full";
  recording.milliseconds = 90061001;
  recording.bytes = G_GINT64_CONSTANT (9000000000);
  recording.ended_at = NOW + HOUR;
  g_assert_true (gr_studio_store_update_recording (store, &recording, &error));
  g_assert_true (gr_store_delete_room (fixture->store, room, &error));
  g_assert_no_error (error);

  left = gr_studio_store_get_recording (store, id, &error);
  g_assert_no_error (error);
  g_assert_null (left->room_id);
  g_assert_null (left->broadcast_id);
  g_assert_cmpint (left->state, ==, GR_RECORDING_READY);
  g_assert_cmpstr (left->message, ==, "The disk was full");
  g_assert_cmpint (left->milliseconds, ==, 90061001);
  g_assert_cmpint (left->bytes, ==, G_GINT64_CONSTANT (9000000000));
  g_assert_cmpint (left->part, ==, 2);
  g_assert_true (left->tracks);
  g_assert_true (gr_studio_store_delete_recording (store, id, &error));
  g_assert_false (gr_studio_store_delete_recording (store, id, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

void
add_studio_tests (void)
{
  add_store_test ("studio/life", test_life);
  add_store_test ("studio/one-live", test_one_live);
  add_store_test ("studio/scene", test_scene);
  add_store_test ("studio/lists", test_lists);
  add_store_test ("studio/planned", test_planned);
  add_store_test ("studio/destinations", test_destinations);
  add_store_test ("studio/saved-scenes", test_saved_scenes);
  add_store_test ("studio/brand", test_brand);
  add_store_test ("studio/recordings", test_recordings);
}
