/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the live room: who may do what to whom, and what becomes of stage, media and the waiting. */
#include "domain/rooms/room.h"
#include "base/error.h"
#include "base/main-call.h"

#define OK -1

/* A room with its owner, a host, a guest, a viewer and somebody who waits, each named by id. */
typedef struct
{
  GrRoom *room;
  GString *events; /* a word each */
} Scene;

static void
note_event (GrRoom *room, const GrRoomEvent *event, GString *events)
{
  static const char *const words[]
      = { "joined", "left", "changed", "mute", "ask-unmute", "record", "message", "message-removed" };

  g_string_append_printf (events, "%s ", words[event->type]);
}

static void
seat (GrRoom *room, const char *id, const char *account_id, GrRoomRole role, GrStage stage)
{
  GrSeat values
      = { .id = (char *) id, .account_id = (char *) account_id, .name = (char *) id, .role = role, .joined_at = 1 };
  g_autoptr (GrParticipant) participant = gr_participant_new (&values, g_strcmp0 (account_id, "a-owner") == 0, stage);

  gr_room_add (room, participant);
}

static Scene
set_scene (void)
{
  GrRoomRecord *record = g_new0 (GrRoomRecord, 1);
  Scene scene;

  record->id = g_strdup ("room");
  record->owner_id = g_strdup ("a-owner");
  record->capacity = 15;
  scene = (Scene){ gr_room_new (record), g_string_new (NULL) };
  seat (scene.room, "owner", "a-owner", GR_ROOM_ROLE_HOST, GR_STAGE_ON);
  seat (scene.room, "host", "a-host", GR_ROOM_ROLE_HOST, GR_STAGE_ON);
  seat (scene.room, "guest", NULL, GR_ROOM_ROLE_GUEST, GR_STAGE_ON);
  seat (scene.room, "viewer", NULL, GR_ROOM_ROLE_VIEWER, GR_STAGE_BACKSTAGE);
  seat (scene.room, "waiting", "a-waiting", GR_ROOM_ROLE_GUEST, GR_STAGE_WAITING);
  g_signal_connect (scene.room, "event", G_CALLBACK (note_event), scene.events);

  return scene;
}

static void
clear_scene (Scene *scene)
{
  g_object_unref (scene->room);
  g_string_free (scene->events, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, clear_scene)

static GrParticipant *
person (Scene *scene, const char *id)
{
  return gr_room_get_participant (scene->room, id);
}

/* A microphone and a camera that are on. */
static void
turn_on (Scene *scene, const char *id)
{
  GrMedia media = GR_MEDIA_AUDIO | GR_MEDIA_VIDEO;

  g_assert_true (gr_room_set_status (scene->room, id, &(GrStatus){ .media_fields = media, .media = media }, NULL));
}

static void
assert_outcome (gboolean done, const GError *error, int code)
{
  if (code == OK)
    g_assert_no_error (error);
  else
    g_assert_error (error, GR_ERROR, code);

  g_assert_true (done == (code == OK));
}

static const GrActor owner = { .account_id = "a-owner", .role = GR_ROLE_USER, .participant_id = "owner" };
static const GrActor host = { .account_id = "a-host", .role = GR_ROLE_USER, .participant_id = "host" };
static const GrActor guest = { .role = GR_ROLE_GUEST, .participant_id = "guest" };
static const GrActor waiting = { .account_id = "a-waiting", .role = GR_ROLE_USER, .participant_id = "waiting" };
static const GrActor stranger = { .account_id = "a-stranger", .role = GR_ROLE_USER };
static const GrActor moderator = { .account_id = "a-moderator", .role = GR_ROLE_MODERATOR };

typedef gboolean (*Action) (GrRoom *room, const GrActor *actor, const char *id, GError **error);

static gboolean
kick (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_remove (room, actor, id, FALSE, error);
}

static gboolean
make_viewer (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_set_role (room, actor, id, GR_ROOM_ROLE_VIEWER, error);
}

static gboolean
step_down (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_set_stage (room, actor, id, GR_STAGE_BACKSTAGE, error);
}

static gboolean
step_up (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_set_stage (room, actor, id, GR_STAGE_ON, error);
}

static gboolean
mute (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_mute (room, actor, id, GR_MEDIA_AUDIO, error);
}

static gboolean
ask_unmute (GrRoom *room, const GrActor *actor, const char *id, GError **error)
{
  return gr_room_ask_unmute (room, actor, id, GR_MEDIA_AUDIO, error);
}

static void
test_rights (void)
{
  enum
  {
    NO = GR_ERROR_FORBIDDEN,
    SENSELESS = GR_ERROR_CONFLICT,
    NOBODY = GR_ERROR_NOT_FOUND,
  };
  const GrActor *const actors[] = { &owner, &host, &moderator, &guest, &waiting, &stranger };
  const struct
  {
    const char *what;
    Action action;
    const char *to;
    int outcomes[G_N_ELEMENTS (actors)];
  } rules[] = {
    /*                                         owner      host       moderator  guest  waiting stranger */
    { "admit who waits", gr_room_admit, "waiting", { OK, OK, OK, NO, NO, NO } },
    { "admit who is inside", gr_room_admit, "guest", { SENSELESS, SENSELESS, SENSELESS, NO, NO, NO } },
    { "kick a guest", kick, "guest", { OK, OK, OK, NO, NO, NO } },
    { "kick another host", kick, "host", { OK, OK, OK, NO, NO, NO } },
    { "kick the owner", kick, "owner", { NO, NO, OK, NO, NO, NO } },
    { "kick nobody", kick, "nobody", { NOBODY, NOBODY, NOBODY, NO, NO, NO } },
    { "make a guest a viewer", make_viewer, "guest", { OK, OK, OK, NO, NO, NO } },
    { "make the owner a viewer", make_viewer, "owner", { NO, NO, OK, NO, NO, NO } },
    { "take a guest off stage", step_down, "guest", { OK, OK, OK, OK, NO, NO } },
    { "put a guest on stage", step_up, "guest", { OK, OK, OK, NO, NO, NO } },
    { "put a viewer on stage", step_up, "viewer", { SENSELESS, SENSELESS, SENSELESS, NO, NO, NO } },
    { "put who waits on stage", step_up, "waiting", { SENSELESS, SENSELESS, SENSELESS, NO, NO, NO } },
    { "take who waits in by the back", step_down, "waiting", { SENSELESS, SENSELESS, SENSELESS, NO, SENSELESS, NO } },
    { "mute a guest", mute, "guest", { OK, OK, OK, NO, NO, NO } },
    { "mute the owner", mute, "owner", { OK, OK, OK, NO, NO, NO } },
    { "mute who waits", mute, "waiting", { SENSELESS, SENSELESS, SENSELESS, NO, NO, NO } },
    { "ask a guest to unmute", ask_unmute, "guest", { OK, OK, OK, NO, NO, NO } },
    { "ask a viewer to unmute", ask_unmute, "viewer", { SENSELESS, SENSELESS, SENSELESS, NO, NO, NO } },
    { "lower a guest's hand", gr_room_lower_hand, "guest", { OK, OK, OK, NO, NO, NO } },
  };

  g_test_summary ("Each may do to others what the table says, and nothing else");

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    for (guint k = 0; k < G_N_ELEMENTS (actors); k++)
      {
        g_auto (Scene) scene = set_scene ();
        g_autoptr (GError) error = NULL;
        gboolean done;

        g_test_message ("%s as actor %u", rules[i].what, k);
        done = rules[i].action (scene.room, actors[k], rules[i].to, &error);
        assert_outcome (done, error, rules[i].outcomes[k]);
        if (!done)
          g_assert_cmpstr (scene.events->str, ==, "");
      }
}

static void
test_stage (void)
{
  g_auto (Scene) scene = set_scene ();
  GrStatus audio = { .media_fields = GR_MEDIA_AUDIO, .media = GR_MEDIA_AUDIO };
  GrStatus hand = { .fields = GR_STATUS_HAND, .hand = TRUE };
  g_autoptr (GError) error = NULL;

  g_test_summary ("Whoever leaves the stage sends nothing, and whoever steps on it needs no raised hand");

  turn_on (&scene, "guest");
  g_assert_true (step_down (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, 0);
  g_assert_false (gr_room_set_status (scene.room, "guest", &audio, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);

  g_assert_true (gr_room_set_status (scene.room, "guest", &hand, NULL));
  g_assert_cmpint (person (&scene, "guest")->hand_at, >, 0);
  g_assert_true (step_up (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->hand_at, ==, 0);
  g_assert_true (gr_room_set_status (scene.room, "guest", &audio, NULL));
}

static void
test_green_room (void)
{
  g_auto (Scene) scene = set_scene ();
  GrStatus video = { .media_fields = GR_MEDIA_VIDEO, .media = GR_MEDIA_VIDEO };
  g_autoptr (GError) error = NULL;

  g_test_summary ("Where media goes through the hub, the green room is seen and heard, by those only who should");

  gr_room_restart_media (scene.room, GR_MEDIA_MODE_HUB);
  turn_on (&scene, "guest");
  g_assert_true (step_down (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, GR_MEDIA_AUDIO | GR_MEDIA_VIDEO);
  g_assert_true (mute (scene.room, &host, "guest", NULL));
  g_assert_true (ask_unmute (scene.room, &host, "guest", NULL));
  g_assert_true (gr_room_set_status (scene.room, "guest", &video, NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, GR_MEDIA_VIDEO);

  g_assert_true (gr_participant_is_in_green_room (person (&scene, "guest")));
  g_assert_true (gr_participant_hears_backstage (person (&scene, "guest")));
  g_assert_true (gr_participant_hears_backstage (person (&scene, "host")));
  g_assert_false (gr_participant_hears_backstage (person (&scene, "viewer")));
  g_assert_false (gr_participant_hears_backstage (person (&scene, "waiting")));
  g_assert_false (gr_room_set_status (scene.room, "viewer", &video, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);

  g_assert_true (step_up (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, GR_MEDIA_VIDEO);
  g_assert_false (gr_participant_hears_backstage (person (&scene, "guest")));
  person (&scene, "guest")->server_role = GR_ROLE_MODERATOR;
  g_assert_true (gr_participant_hears_backstage (person (&scene, "guest")));

  g_assert_true (step_down (scene.room, &host, "guest", NULL));
  g_assert_true (make_viewer (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, 0);
  g_assert_false (gr_participant_hears_backstage (person (&scene, "guest")));
}

static void
test_viewer (void)
{
  g_auto (Scene) scene = set_scene ();

  g_test_summary ("Who becomes a viewer leaves the stage with all they sent");

  turn_on (&scene, "guest");
  g_assert_true (make_viewer (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->stage, ==, GR_STAGE_BACKSTAGE);
  g_assert_cmpint (person (&scene, "guest")->media, ==, 0);
}

static void
test_mute (void)
{
  g_auto (Scene) scene = set_scene ();

  g_test_summary ("A mute takes what it names, and a request to unmute gives nothing");

  turn_on (&scene, "guest");
  g_string_truncate (scene.events, 0);
  g_assert_true (mute (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, GR_MEDIA_VIDEO);
  g_assert_cmpstr (scene.events->str, ==, "mute changed ");
  g_assert_true (ask_unmute (scene.room, &host, "guest", NULL));
  g_assert_cmpint (person (&scene, "guest")->media, ==, GR_MEDIA_VIDEO);
}

static void
test_change (void)
{
  const struct
  {
    const char *to;
    GrParticipantChange change;
    int outcome;
    GrStage stage;
    GrRoomRole role;
  } changes[] = {
    { "guest",
      { .has_role = TRUE, .role = GR_ROOM_ROLE_VIEWER, .has_stage = TRUE, .stage = GR_STAGE_ON },
      GR_ERROR_CONFLICT,
      GR_STAGE_ON,
      GR_ROOM_ROLE_GUEST },
    { "guest",
      { .has_role = TRUE, .role = GR_ROOM_ROLE_VIEWER, .ask_unmute = GR_MEDIA_AUDIO },
      GR_ERROR_CONFLICT,
      GR_STAGE_ON,
      GR_ROOM_ROLE_GUEST },
    { "guest",
      { .has_stage = TRUE, .stage = GR_STAGE_BACKSTAGE, .ask_unmute = GR_MEDIA_AUDIO },
      GR_ERROR_CONFLICT,
      GR_STAGE_ON,
      GR_ROOM_ROLE_GUEST },
    { "waiting",
      { .has_role = TRUE, .role = GR_ROOM_ROLE_HOST, .mute = GR_MEDIA_AUDIO },
      GR_ERROR_CONFLICT,
      GR_STAGE_WAITING,
      GR_ROOM_ROLE_GUEST },
    { "owner",
      { .has_role = TRUE, .role = GR_ROOM_ROLE_GUEST, .mute = GR_MEDIA_AUDIO },
      GR_ERROR_FORBIDDEN,
      GR_STAGE_ON,
      GR_ROOM_ROLE_HOST },
    { "viewer",
      { .has_role = TRUE,
        .role = GR_ROOM_ROLE_GUEST,
        .has_stage = TRUE,
        .stage = GR_STAGE_ON,
        .ask_unmute = GR_MEDIA_AUDIO },
      OK,
      GR_STAGE_ON,
      GR_ROOM_ROLE_GUEST },
    { "waiting",
      { .admit = TRUE, .has_role = TRUE, .role = GR_ROOM_ROLE_HOST, .mute = GR_MEDIA_AUDIO },
      OK,
      GR_STAGE_ON,
      GR_ROOM_ROLE_HOST },
  };

  g_test_summary ("Of several changes at once all are made, or with an error none");

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Scene) scene = set_scene ();
      g_autoptr (GError) error = NULL;
      gboolean done = gr_room_change_participant (scene.room, &host, changes[i].to, &changes[i].change, &error);

      g_test_message ("change %u", i);
      assert_outcome (done, error, changes[i].outcome);
      g_assert_cmpint (person (&scene, changes[i].to)->stage, ==, changes[i].stage);
      g_assert_cmpint (person (&scene, changes[i].to)->role, ==, changes[i].role);
      g_assert_true (done || scene.events->len == 0);
    }
}

static void
test_waiting (void)
{
  g_auto (Scene) scene = set_scene ();

  g_test_summary ("Who is let in comes onto the stage, a viewer backstage; who waits counts as nobody");

  g_assert_false (gr_room_has_account (scene.room, "a-waiting"));
  g_assert_true (gr_room_admit (scene.room, &host, "waiting", NULL));
  g_assert_cmpint (person (&scene, "waiting")->stage, ==, GR_STAGE_ON);
  g_assert_true (gr_room_has_account (scene.room, "a-waiting"));

  seat (scene.room, "watcher", NULL, GR_ROOM_ROLE_VIEWER, GR_STAGE_WAITING);
  g_assert_true (gr_room_admit (scene.room, &host, "watcher", NULL));
  g_assert_cmpint (person (&scene, "watcher")->stage, ==, GR_STAGE_BACKSTAGE);
}

static void
test_waiting_host (void)
{
  g_auto (Scene) scene = set_scene ();

  g_test_summary ("A host's role is worth nothing outside the door");

  g_assert_true (gr_room_set_role (scene.room, &owner, "waiting", GR_ROOM_ROLE_HOST, NULL));
  g_assert_false (gr_room_may_host (scene.room, &waiting));
  g_assert_true (gr_room_admit (scene.room, &owner, "waiting", NULL));
  g_assert_true (gr_room_may_host (scene.room, &waiting));
}

static void
test_close (void)
{
  g_auto (Scene) scene = set_scene ();

  g_test_summary ("Everybody leaves a room that is closed, those who wait too");

  gr_room_close (scene.room);
  g_assert_cmpuint (gr_room_get_participants (scene.room)->len, ==, 0);
  g_assert_cmpstr (scene.events->str, ==, "left left left left left ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  g_test_add_func ("/room/rights", test_rights);
  g_test_add_func ("/room/stage", test_stage);
  g_test_add_func ("/room/green-room", test_green_room);
  g_test_add_func ("/room/becoming-a-viewer", test_viewer);
  g_test_add_func ("/room/mute", test_mute);
  g_test_add_func ("/room/several-changes", test_change);
  g_test_add_func ("/room/waiting-list", test_waiting);
  g_test_add_func ("/room/waiting-host", test_waiting_host);
  g_test_add_func ("/room/close", test_close);

  return g_test_run ();
}
