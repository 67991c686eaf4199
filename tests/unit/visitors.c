/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those who publish and watch without a page, over a real store and a hub that says what the test wants. */
#include "domain/rooms/visitors.h"
#include "base/error.h"
#include "base/main-call.h"
#include "fake-hub.h"
#include "house-fixture.h"
#include "waiting.h"

typedef struct
{
  HouseFixture home;
  GrFakeHub *hub;
  GrSwitchboard *board;
  GrVisitors *visitors;
  char *room; /* id of a public room */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  house_set_up (&fixture->home);
  fixture->hub = gr_fake_hub_new ();
  gr_fake_hub_set_answer (fixture->hub, "v=0 answer");
  fixture->board = gr_switchboard_new (fixture->home.house, GR_HUB_PORT (fixture->hub));
  fixture->visitors = gr_visitors_new (fixture->home.house, fixture->board);
  fixture->room = house_add_room (&fixture->home, "Tuesday call");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->visitors));
  house_stop (&fixture->home);
  g_assert_finalize_object (g_steal_pointer (&fixture->board));
  house_tear_down (&fixture->home);
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_free (fixture->room);
}

/* The visit's token. */
static char *
come (Fixture *fixture, GrMedia media, const char *participant, const char *kind, GError **error)
{
  const char *tracks = media != 0 ? "[('0', 'microphone'), ('1', 'camera')]" : "@a(ss) []";
  GrVisitWish wish = {
    .entry = { .room = fixture->room, .name = "OBS", .address = "192.0.2.7", .watch = media == 0 },
    .sdp = "v=0",
    .tracks = g_variant_parse (G_VARIANT_TYPE ("a(ss)"), tracks, NULL, NULL, NULL),
    .media = media,
    .participant = participant,
    .kind = kind,
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *answer = NULL;
  char *token;

  gr_visitors_come_async (fixture->visitors, &wish, NULL, keep_result, NULL);
  g_variant_unref (wish.tracks);
  result = wait_result ();
  token = gr_visitors_come_finish (fixture->visitors, result, &answer, error);
  if (token != NULL)
    g_assert_cmpstr (answer, ==, "v=0 answer");

  return token;
}

static GPtrArray *
people (Fixture *fixture)
{
  GrRoom *room = gr_house_get_room (fixture->home.house, fixture->room);

  g_assert_nonnull (room);

  return gr_room_get_participants (room);
}

static void
assert_told (Fixture *fixture, const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (strstr (gr_fake_hub_get_journal (fixture->hub), line) == NULL)
    g_error ("the hub was not told \"%s\" but:\n%s", line, gr_fake_hub_get_journal (fixture->hub));
}

static void
test_publish (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  g_autofree char *id = NULL;
  GrParticipant *obs;

  g_test_summary ("A publisher sits in the room like anybody, and its token ends the visit, once");

  g_assert_no_error (error);
  obs = g_ptr_array_index (people (fixture), 0);
  id = g_strdup (obs->id);
  g_assert_cmpstr (obs->name, ==, "OBS");
  g_assert_cmpint (obs->media, ==, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO);
  assert_told (fixture, "offer %s %s [('0', 'microphone'), ('1', 'camera')]", fixture->room, id);
  assert_told (fixture, "allow %s %s microphone camera", fixture->room, id);

  g_assert_true (gr_visitors_go (fixture->visitors, token, &error));
  g_assert_null (gr_house_get_room (fixture->home.house, fixture->room));
  assert_told (fixture, "leave %s %s", fixture->room, id);
  g_assert_false (gr_visitors_go (fixture->visitors, token, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_NOT_FOUND);
}

static void
test_obeys (Fixture *fixture, gconstpointer data)
{
  static const GrActor host = { .role = GR_ROLE_ADMIN, .name = "Ann" };
  g_autoptr (GError) error = NULL;
  g_autofree char *token = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  GrRoom *room = gr_house_get_room (fixture->home.house, fixture->room);
  GrParticipant *obs = g_ptr_array_index (people (fixture), 0);

  g_test_summary ("A publisher without a page is muted, taken off stage and brought back by a host all the same");

  g_assert_no_error (error);
  g_assert_true (gr_room_mute (room, &host, obs->id, GR_MEDIA_AUDIO, &error));
  g_assert_cmpint (obs->media, ==, GR_MEDIA_VIDEO);
  g_assert_true (gr_room_set_stage (room, &host, obs->id, GR_STAGE_BACKSTAGE, &error));
  g_assert_cmpint (obs->media, ==, GR_MEDIA_VIDEO);
  assert_told (fixture, "allow %s %s camera backstage hears-backstage\n", fixture->room, obs->id);
  g_assert_true (gr_room_set_stage (room, &host, obs->id, GR_STAGE_ON, &error));
  g_assert_cmpint (obs->media, ==, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO);

  g_assert_true (gr_room_remove (room, &host, obs->id, FALSE, &error));
  g_assert_false (gr_visitors_go (fixture->visitors, token, NULL));
}

static void
test_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *gone = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  g_autofree char *first = NULL, *second = NULL;

  g_test_summary ("Whoever the hub hears no more is gone, and all are when the hub is");

  g_assert_no_error (error);
  g_signal_emit_by_name (fixture->hub, "gone", fixture->room,
                         ((GrParticipant *) g_ptr_array_index (people (fixture), 0))->id);
  g_assert_false (gr_visitors_go (fixture->visitors, gone, NULL));
  g_assert_null (gr_house_get_room (fixture->home.house, fixture->room));

  first = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  second = come (fixture, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (people (fixture)->len, ==, 2);
  gr_fake_hub_set_up (fixture->hub, FALSE);
  g_assert_null (gr_house_get_room (fixture->home.house, fixture->room));

  g_assert_null (come (fixture, 0, NULL, NULL, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_UNAVAILABLE);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Whoever the hub refuses has no seat left");

  gr_fake_hub_set_answer (fixture->hub, NULL);
  g_assert_null (come (fixture, 0, NULL, NULL, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_null (gr_house_get_room (fixture->home.house, fixture->room));
}

static void
test_watch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *one = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  g_autofree char *two = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  g_autofree char *follower = come (fixture, 0, NULL, NULL, &error);
  const char *first = ((GrParticipant *) g_ptr_array_index (people (fixture), 0))->id;
  const char *second = ((GrParticipant *) g_ptr_array_index (people (fixture), 1))->id;
  GrParticipant *viewer = g_ptr_array_index (people (fixture), 2);
  g_autofree char *chooser = NULL;
  GVariant *speakers;

  g_test_summary ("A viewer sees whoever shows something, then whoever speaks, or the picture it chose");

  g_assert_no_error (error);
  g_assert_cmpint (viewer->role, ==, GR_ROOM_ROLE_VIEWER);

  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, first, "camera");
  assert_told (fixture, "subscribe %s %s [('%s', 'camera')]", fixture->room, viewer->id, first);

  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, second, "camera");
  speakers = g_variant_ref_sink (g_variant_new_parsed ("[(%s, 0.5)]", second));
  g_signal_emit_by_name (fixture->hub, "speakers", fixture->room, speakers);
  g_variant_unref (speakers);
  assert_told (fixture, "subscribe %s %s [('%s', 'camera')]", fixture->room, viewer->id, second);

  chooser = come (fixture, 0, first, "screen", &error);
  g_assert_no_error (error);
  assert_told (fixture, "[('%s', 'screen')]", first);
}

static void
test_backstage (Fixture *fixture, gconstpointer data)
{
  static const GrActor host = { .role = GR_ROLE_ADMIN, .name = "Ann" };
  g_autoptr (GError) error = NULL;
  g_autofree char *one = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  g_autofree char *follower = come (fixture, 0, NULL, NULL, &error);
  GrRoom *room = gr_house_get_room (fixture->home.house, fixture->room);
  GrParticipant *obs = g_ptr_array_index (people (fixture), 0);
  GrParticipant *viewer = g_ptr_array_index (people (fixture), 1);
  GVariant *speakers = g_variant_ref_sink (g_variant_new_parsed ("[(%s, 0.5)]", obs->id));

  g_test_summary ("A viewer is shown nobody who is backstage, however loud, and whoever comes on stage");

  g_assert_true (gr_room_set_stage (room, &host, obs->id, GR_STAGE_BACKSTAGE, &error));
  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, obs->id, "camera");
  g_signal_emit_by_name (fixture->hub, "speakers", fixture->room, speakers);
  g_assert_null (strstr (gr_fake_hub_get_journal (fixture->hub), "subscribe"));

  g_assert_true (gr_room_set_stage (room, &host, obs->id, GR_STAGE_ON, &error));
  assert_told (fixture, "subscribe %s %s [('%s', 'camera')]", fixture->room, viewer->id, obs->id);
  g_assert_true (gr_room_set_stage (room, &host, obs->id, GR_STAGE_BACKSTAGE, &error));
  assert_told (fixture, "subscribe %s %s []\n", fixture->room, viewer->id);
  g_variant_unref (speakers);
}

static void
test_show (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *one = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  const char *first = ((GrParticipant *) g_ptr_array_index (people (fixture), 0))->id;
  g_autofree char *someone = g_strdup_printf ("[('%s', 'camera')]", first);
  g_autofree char *follower = NULL;
  GrParticipant *viewer;

  g_test_summary ("A viewer sees the show while there is one, whoever speaks, and people again after it");

  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, first, "camera");
  gr_house_set_air (fixture->home.house, fixture->room, GR_AIR_BROADCAST, "the-show");
  follower = come (fixture, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  viewer = g_ptr_array_index (people (fixture), 1);
  assert_told (fixture, "subscribe %s %s [('the-show', 'programme')]", fixture->room, viewer->id);
  g_assert_null (strstr (gr_fake_hub_get_journal (fixture->hub), someone));

  gr_house_set_air (fixture->home.house, fixture->room, 0, NULL);
  assert_told (fixture, "subscribe %s %s [('%s', 'camera')]", fixture->room, viewer->id, first);
}

static void
note_track (GrRoom *room, const GrRoomEvent *event, GString *tracks)
{
  if (event->type == GR_ROOM_EVENT_TRACK_ADDED || event->type == GR_ROOM_EVENT_TRACK_REMOVED)
    g_string_append_printf (tracks, "%s%s/%s ", event->type == GR_ROOM_EVENT_TRACK_ADDED ? "+" : "-", event->source,
                            gr_track_to_string (event->track));
}

static void
test_programme_tracks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *follower = come (fixture, 0, NULL, NULL, &error);
  GrRoom *room = gr_house_get_room (fixture->home.house, fixture->room);
  g_autoptr (GString) tracks = g_string_new (NULL);

  g_test_summary ("The tracks of a show are told of like a person's, until it is over");

  g_signal_connect (room, "event", G_CALLBACK (note_track), tracks);
  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, "the-show", "programme");
  g_assert_cmpstr (tracks->str, ==, "");
  gr_house_set_air (fixture->home.house, fixture->room, GR_AIR_BROADCAST, "the-show");
  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, "the-show", "programme");
  g_signal_emit_by_name (fixture->hub, "track-seen", fixture->room, "the-show", "programme-audio");
  gr_house_set_air (fixture->home.house, fixture->room, GR_AIR_BROADCAST | GR_AIR_RECORDED, "the-show");
  g_assert_cmpstr (tracks->str, ==, "+the-show/programme +the-show/programme-audio ");
  gr_house_set_air (fixture->home.house, fixture->room, 0, NULL);
  g_assert_cmpstr (strchr (tracks->str, '-') == NULL ? NULL : strstr (tracks->str, "-the-show/programme "), ==,
                   "-the-show/programme -the-show/programme-audio ");
  g_signal_handlers_disconnect_by_data (room, tracks);
}

/* The room as its host leaves it to browsers. */
static GrRoomRecord *
small_room (GrRoom *room)
{
  const GrRoomRecord *now = gr_room_get_record (room);
  GrRoomRecord *record = g_new0 (GrRoomRecord, 1);

  record->id = g_strdup (now->id);
  record->owner_id = g_strdup (now->owner_id);
  record->capacity = now->capacity;
  record->p2p_max = 4;

  return record;
}

static void
test_green_room_p2p (Fixture *fixture, gconstpointer data)
{
  static const GrActor host = { .role = GR_ROLE_ADMIN, .name = "Ann" };
  g_autoptr (GError) error = NULL;
  g_autofree char *one = come (fixture, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO, NULL, NULL, &error);
  GrRoom *room = gr_house_get_room (fixture->home.house, fixture->room);
  GrSeat seat = { .id = (char *) "01900000-0000-7000-8000-000000000001",
                  .name = (char *) "Ben",
                  .role = GR_ROOM_ROLE_GUEST,
                  .joined_at = 1 };
  g_autoptr (GrParticipant) ben = gr_participant_new (&seat, FALSE, GR_STAGE_ON);
  GrStatus status = { .media_fields = GR_MEDIA_VIDEO, .media = GR_MEDIA_VIDEO };

  g_test_summary ("A room between browsers goes through the hub once somebody is in its green room, and stays there");

  /* The publisher goes: between browsers there is none. */
  gr_room_add (room, ben);
  gr_room_set_record (room, small_room (room));
  g_assert_cmpint (gr_room_get_mode (room), ==, GR_MEDIA_MODE_P2P);

  g_assert_true (gr_room_set_stage (room, &host, ben->id, GR_STAGE_BACKSTAGE, &error));
  g_assert_cmpint (gr_room_get_mode (room), ==, GR_MEDIA_MODE_HUB);
  g_assert_true (gr_room_set_status (room, ben->id, &status, &error));
  gr_room_set_record (room, small_room (room));
  g_assert_cmpint (gr_room_get_mode (room), ==, GR_MEDIA_MODE_HUB);
  g_assert_true (gr_room_leave (room, ben->id, GR_LEAVE_LEFT, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  g_test_add ("/visitors/a-publisher-comes-and-goes", Fixture, NULL, set_up, test_publish, tear_down);
  g_test_add ("/visitors/a-publisher-obeys-hosts", Fixture, NULL, set_up, test_obeys, tear_down);
  g_test_add ("/visitors/the-lost-leave", Fixture, NULL, set_up, test_lost, tear_down);
  g_test_add ("/visitors/the-refused-leave-no-seat", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/visitors/viewers-see-who-speaks", Fixture, NULL, set_up, test_watch, tear_down);
  g_test_add ("/visitors/viewers-see-nobody-backstage", Fixture, NULL, set_up, test_backstage, tear_down);
  g_test_add ("/visitors/viewers-see-the-show", Fixture, NULL, set_up, test_show, tear_down);
  g_test_add ("/visitors/tracks-of-a-show", Fixture, NULL, set_up, test_programme_tracks, tear_down);
  g_test_add ("/visitors/no-green-room-between-browsers", Fixture, NULL, set_up, test_green_room_p2p, tear_down);

  return g_test_run ();
}
