/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the house: the way into a room through a pool thread and out of it into the ledger. The test is main. */
#include "domain/rooms/house.h"
#include "base/error.h"
#include "base/main-call.h"
#include "fake-store.h"

#define PATIENCE_SECONDS 20

typedef struct
{
  GrFakeStore *store;
  GrHouse *house;
  GCancellable *cancellable; /* of those who come */
  guint present;
} Scene;

/* The outcome of coming in. */
typedef struct
{
  gboolean done;
  GrAdmission *admission;
  GError *error;
} Entry;

static void
clear_entry (Entry *entry)
{
  g_clear_pointer (&entry->admission, gr_admission_free);
  g_clear_error (&entry->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entry, clear_entry)

static void
add_room (Scene *scene, const char *id, gboolean waiting_room)
{
  GrRoomRecord record = {
    .id = (char *) id, .slug = (char *) id, .owner_id = (char *) "a-owner", .capacity = 3, .waiting_room = waiting_room
  };

  g_assert_true (gr_store_add_room (GR_STORE (scene->store), &record, NULL));
}

static Scene
set_scene (const char *setting)
{
  static const GrJwtKey key = { { 1 } };
  g_autoptr (GrConfig) config = gr_config_new (NULL, NULL);
  g_autoptr (GrAccounts) accounts = NULL;
  Scene scene = { .store = gr_fake_store_new (), .cancellable = g_cancellable_new () };

  g_assert_true (setting == NULL || gr_config_set_option (config, setting, NULL));
  accounts = gr_accounts_new (GR_STORE (scene.store), config, &key);
  scene.house = gr_house_new (GR_STORE (scene.store), accounts, config);
  add_room (&scene, "open", FALSE);
  add_room (&scene, "waiting", TRUE);

  return scene;
}

static void
clear_scene (Scene *scene)
{
  gr_fake_store_set_away (scene->store, FALSE);
  gr_house_drain (scene->house, g_get_monotonic_time () + PATIENCE_SECONDS * G_TIME_SPAN_SECOND);
  gr_house_stop (scene->house);
  g_clear_object (&scene->house);
  g_clear_object (&scene->store);
  g_clear_object (&scene->cancellable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, clear_scene)

static gboolean
give_up (gpointer data)
{
  g_error ("what was waited for did not come");

  return G_SOURCE_REMOVE;
}

/* Another thread's doing wakes nobody here: main looks every few milliseconds. */
static gboolean
look_again (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

#define WAIT_UNTIL(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    guint patience = g_timeout_add_seconds (PATIENCE_SECONDS, give_up, NULL);                                          \
    guint look = g_timeout_add (5, look_again, NULL);                                                                  \
    while (!(condition))                                                                                               \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (patience);                                                                                        \
    g_source_remove (look);                                                                                            \
  }                                                                                                                    \
  G_STMT_END

static void
on_entered (GObject *source, GAsyncResult *result, gpointer data)
{
  Entry *entry = data;

  entry->admission = gr_house_enter_finish (GR_HOUSE (source), result, &entry->error);
  entry->done = TRUE;
}

static void
knock (Scene *scene, Entry *entry, const char *room, const char *name, const char *address)
{
  gr_house_enter_async (scene->house, &(GrEntry){ .room = room, .name = name, .address = address }, scene->cancellable,
                        on_entered, entry);
}

static Entry
enter (Scene *scene, const char *room, const char *name)
{
  Entry entry = { 0 };

  knock (scene, &entry, room, name, "192.0.2.1");
  WAIT_UNTIL (entry.done);

  return entry;
}

static gboolean
leave (const Entry *entry)
{
  return gr_room_leave (entry->admission->room, entry->admission->participant->id, GR_LEAVE_LEFT, NULL);
}

static void
test_life (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  g_auto (Entry) bob = enter (&scene, "open", "Bob");

  g_test_summary ("A room lives while somebody is inside, and a seat that is left is free");

  g_assert_no_error (ann.error);
  g_assert_true (ann.admission->room == bob.admission->room);
  g_assert_true (gr_house_get_room (scene.house, "open") == ann.admission->room);
  g_assert_cmpuint (gr_house_count_participants (scene.house), ==, 2);

  g_assert_true (leave (&ann));
  g_assert_nonnull (gr_house_get_room (scene.house, "open"));
  g_assert_true (leave (&bob));
  g_assert_null (gr_house_get_room (scene.house, "open"));
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 0);
}

static void
test_stage_on_entry (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) inside = enter (&scene, "open", "Ann");
  g_auto (Entry) waits = enter (&scene, "waiting", "Bob");
  g_auto (Entry) nameless = enter (&scene, "open", NULL);

  g_test_summary ("Who comes in stands on the stage, or waits where there is a waiting list, and has a name");

  g_assert_cmpint (inside.admission->participant->stage, ==, GR_STAGE_ON);
  g_assert_cmpint (waits.admission->participant->stage, ==, GR_STAGE_WAITING);
  g_assert_error (nameless.error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_cmpstr (gr_error_get_field (nameless.error), ==, "name");
}

static void
test_full (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  Entry entries[8] = { { 0 } };
  guint inside = 0;

  g_test_summary ("Of many who come at once as many get in as there are seats");

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    knock (&scene, &entries[i], "open", "Anybody", "192.0.2.1");

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      WAIT_UNTIL (entries[i].done);
      if (entries[i].admission != NULL)
        inside++;
      else
        g_assert_error (entries[i].error, GR_ERROR, GR_ERROR_ROOM_FULL);
      clear_entry (&entries[i]);
    }

  g_assert_cmpuint (inside, ==, 3);
}

static void
test_cancelled (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) entry = { 0 };

  g_test_summary ("Who goes away while at the door gives the seat back and was never inside");

  gr_fake_store_hold_door (scene.store, TRUE);
  knock (&scene, &entry, "open", "Ann", "192.0.2.1");
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 1);
  g_cancellable_cancel (scene.cancellable);
  gr_fake_store_hold_door (scene.store, FALSE);
  WAIT_UNTIL (entry.done);
  g_assert_null (entry.admission);
  g_assert_nonnull (entry.error);
  g_assert_null (gr_house_get_room (scene.house, "open"));
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 0);
}

static void
test_deleted (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) inside = enter (&scene, "open", "Ann");
  g_auto (Entry) late = { 0 };

  g_test_summary ("A room that is deleted is closed for those inside and for those at the door");

  gr_fake_store_hold_door (scene.store, TRUE);
  knock (&scene, &late, "open", "Bob", "192.0.2.1");
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 2);
  gr_house_room_deleted (scene.house, "open");
  g_assert_null (gr_house_get_room (scene.house, "open"));
  gr_fake_store_hold_door (scene.store, FALSE);
  WAIT_UNTIL (late.done);
  g_assert_error (late.error, GR_ERROR, GR_ERROR_NOT_FOUND);
  g_assert_null (gr_house_get_room (scene.house, "open"));
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 0);
}

static void
test_changed (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  GrRoomRecord *record = gr_store_find_room (GR_STORE (scene.store), "open", NULL);
  GrRoomRecord *older;

  g_test_summary ("A room is found after its record was replaced, and an older record does not replace a newer one");

  g_free (record->title);
  record->title = g_strdup ("New");
  record->revision = 2;
  gr_house_room_updated (scene.house, record);
  g_assert_true (gr_house_get_room (scene.house, "open") == ann.admission->room);
  g_assert_cmpstr (gr_room_get_record (ann.admission->room)->title, ==, "New");

  older = gr_store_find_room (GR_STORE (scene.store), "open", NULL);
  older->revision = 1;
  gr_house_room_updated (scene.house, older);
  g_assert_cmpstr (gr_room_get_record (ann.admission->room)->title, ==, "New");
  g_assert_true (leave (&ann));
  g_assert_null (gr_house_get_room (scene.house, "open"));
}

static void
test_changed_at_door (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = { 0 };
  GrRoomRecord *record;

  g_test_summary ("A change that comes while the first person is at the door holds for the room they enter");

  gr_fake_store_hold_door (scene.store, TRUE);
  knock (&scene, &ann, "open", "Ann", "192.0.2.1");
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 1);
  gr_fake_store_hold_door (scene.store, FALSE);
  record = g_new0 (GrRoomRecord, 1);
  record->id = g_strdup ("open");
  record->owner_id = g_strdup ("a-owner");
  record->waiting_room = TRUE;
  record->revision = 1;
  gr_house_room_updated (scene.house, record);
  WAIT_UNTIL (ann.done);
  g_assert_true (gr_room_get_record (ann.admission->room)->waiting_room);
  g_assert_cmpint (ann.admission->participant->stage, ==, GR_STAGE_WAITING);
}

static void
test_role (void)
{
  const GrActor operator= { .role = GR_ROLE_ADMIN };
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  const char *id = ann.admission->participant->id;

  g_test_summary ("A role that somebody is given is written down");

  g_assert_cmpint (gr_fake_store_get_role (scene.store, id), ==, GR_ROOM_ROLE_GUEST);
  g_assert_true (gr_room_set_role (ann.admission->room, &operator, id, GR_ROOM_ROLE_HOST, NULL));
  WAIT_UNTIL (gr_fake_store_get_role (scene.store, id) == GR_ROOM_ROLE_HOST);
}

static void
test_outage (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  g_auto (Entry) bob = { 0 };

  g_test_summary ("Who leaves while the database is away frees the seat when it is back");

  gr_fake_store_set_away (scene.store, TRUE);
  g_assert_true (leave (&ann));
  bob = enter (&scene, "open", "Bob");
  g_assert_error (bob.error, GR_ERROR, GR_ERROR_UNAVAILABLE);
  g_assert_cmpuint (gr_fake_store_count_seats (scene.store), ==, 1);
  gr_fake_store_set_away (scene.store, FALSE);
  WAIT_UNTIL (gr_fake_store_count_seats (scene.store) == 0);
}

static void
test_drain (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  g_auto (Entry) late = { 0 };

  g_test_summary ("A house that drains lets nobody in, and frees all seats");

  gr_house_drain (scene.house, g_get_monotonic_time () + PATIENCE_SECONDS * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (gr_fake_store_count_seats (scene.store), ==, 0);
  late = enter (&scene, "open", "Bob");
  g_assert_error (late.error, GR_ERROR, GR_ERROR_UNAVAILABLE);
}

static void
test_rate (void)
{
  g_auto (Scene) scene = set_scene ("limits.joins-per-second=1");
  g_auto (Entry) other = { 0 };
  g_auto (Entry) neighbour = { 0 };

  g_test_summary ("Joins are limited per household, and the next house is not held up");

  for (guint i = 0; i < 3; i++)
    {
      g_auto (Entry) entry = { 0 };

      knock (&scene, &entry, "open", "Ann", "2001:db8::1");
      WAIT_UNTIL (entry.done);
      if (i == 2)
        g_assert_error (entry.error, GR_ERROR, GR_ERROR_RATE_LIMITED);
      else
        g_assert_true (leave (&entry));
    }

  knock (&scene, &neighbour, "open", "Bea", "2001:db8::2");
  WAIT_UNTIL (neighbour.done);
  g_assert_error (neighbour.error, GR_ERROR, GR_ERROR_RATE_LIMITED);
  knock (&scene, &other, "open", "Bob", "2001:db8:1::1");
  WAIT_UNTIL (other.done);
  g_assert_no_error (other.error);
}

typedef struct
{
  gboolean done;
  GError *error;
} Saying;

static void
on_said (GObject *source, GAsyncResult *result, gpointer data)
{
  Saying *saying = data;

  gr_house_say_finish (GR_HOUSE (source), result, &saying->error);
  saying->done = TRUE;
}

static void
on_event (GrRoom *room, const GrRoomEvent *event, GString *heard)
{
  if (event->type == GR_ROOM_EVENT_MESSAGE)
    g_string_append (heard, event->message->text);
}

static void
test_chat (void)
{
  g_auto (Scene) scene = set_scene (NULL);
  g_auto (Entry) ann = enter (&scene, "open", "Ann");
  g_auto (Entry) bob = enter (&scene, "waiting", "Bob");
  g_autoptr (GString) heard = g_string_new (NULL);
  Saying words[3] = { { 0 } };

  g_test_summary ("What is said is heard in order once it is written down; who waits says nothing");

  g_signal_connect (ann.admission->room, "event", G_CALLBACK (on_event), heard);
  gr_house_say_async (scene.house, ann.admission->room, ann.admission->participant->id, "one ", on_said, &words[0]);
  gr_house_say_async (scene.house, ann.admission->room, ann.admission->participant->id, "two", on_said, &words[1]);
  gr_house_say_async (scene.house, bob.admission->room, bob.admission->participant->id, "no", on_said, &words[2]);
  WAIT_UNTIL (words[0].done && words[1].done && words[2].done);
  g_assert_no_error (words[1].error);
  g_assert_error (words[2].error, GR_ERROR, GR_ERROR_FORBIDDEN);
  g_assert_cmpstr (heard->str, ==, "one two");
  g_clear_error (&words[2].error);

  gr_fake_store_set_away (scene.store, TRUE);
  words[0].done = FALSE;
  gr_house_say_async (scene.house, ann.admission->room, ann.admission->participant->id, "lost", on_said, &words[0]);
  WAIT_UNTIL (words[0].done);
  g_assert_error (words[0].error, GR_ERROR, GR_ERROR_UNAVAILABLE);
  g_assert_cmpstr (heard->str, ==, "one two");
  g_clear_error (&words[0].error);
  g_signal_handlers_disconnect_by_data (ann.admission->room, heard);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  /* An outage is warned of. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  g_test_add_func ("/house/life-of-a-room", test_life);
  g_test_add_func ("/house/stage-on-entry", test_stage_on_entry);
  g_test_add_func ("/house/full-room", test_full);
  g_test_add_func ("/house/cancelled-at-the-door", test_cancelled);
  g_test_add_func ("/house/deleted-room", test_deleted);
  g_test_add_func ("/house/changed-room", test_changed);
  g_test_add_func ("/house/changed-while-at-the-door", test_changed_at_door);
  g_test_add_func ("/house/role", test_role);
  g_test_add_func ("/house/outage", test_outage);
  g_test_add_func ("/house/drain", test_drain);
  g_test_add_func ("/house/joins-per-household", test_rate);
  g_test_add_func ("/house/chat", test_chat);

  return g_test_run ();
}
