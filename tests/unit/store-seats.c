/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#define CAPACITY 15
#define CROWD 40

/* The role of the seat that @join gets. */
static GrRoomRole
sit (StoreFixture *fixture, GrJoin join)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSeat) seat = gr_store_take_seat (fixture->store, &join, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (seat->id, ==, join.participant_id);
  g_assert_cmpstr (seat->account_id, ==, join.account_id);
  return seat->role;
}

static void
refused (StoreFixture *fixture, GrJoin join, GrErrorCode code, const char *field)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gr_store_take_seat (fixture->store, &join, &error));
  expect_error (&error, code, field);
}

static void
change_room (StoreFixture *fixture, const char *id, GrVisibility visibility, gboolean guests, gboolean locked)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRoomRecord) room = gr_store_find_room (fixture->store, id, &error);

  g_assert_no_error (error);
  room->visibility = visibility;
  room->guests = guests;
  room->locked = locked;
  gr_store_update_room (fixture->store, room, &error);
  g_assert_no_error (error);
}

static void
ban (StoreFixture *fixture, const char *room, const char *account_id, const char *address_hash, const char *id)
{
  g_autoptr (GError) error = NULL;
  GrBan entry = { .id = (char *) id,
                  .room_id = (char *) room,
                  .account_id = (char *) account_id,
                  .address_hash = (char *) address_hash,
                  .name = (char *) "Bad",
                  .created_at = NOW };

  gr_store_add_ban (fixture->store, &entry, &error);
  g_assert_no_error (error);
}

static gboolean
squeeze_in (StoreFixture *fixture, guint number, gpointer room)
{
  g_autoptr (GError) error = NULL;
  GrJoin join = join_as (room, NULL, NULL);
  g_autoptr (GrSeat) seat = gr_store_take_seat (fixture->store, &join, &error);

  if (seat == NULL)
    g_assert_error (error, GR_ERROR, GR_ERROR_ROOM_FULL);

  return seat != NULL;
}

static void
test_crowd (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, CAPACITY);

  g_test_summary ("Of forty who enter a room for fifteen at the same moment exactly fifteen get in");
  g_assert_cmpuint (run_at_once (fixture, CROWD, squeeze_in, room), ==, CAPACITY);
  g_assert_cmpint (count_seats (fixture, room), ==, CAPACITY);
  refused (fixture, join_as (room, ann, NULL), GR_ERROR_ROOM_FULL, NULL);
}

static void
test_leave (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 2);
  GrJoin join = join_as (room, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A seat that is left is free for the next, and a new start frees all");
  sit (fixture, join);
  sit (fixture, join_as (room, NULL, NULL));
  refused (fixture, join_as (room, NULL, NULL), GR_ERROR_ROOM_FULL, NULL);
  g_assert_true (gr_store_leave_seat (fixture->store, join.participant_id, NOW, &error));
  g_assert_true (gr_store_leave_seat (fixture->store, join.participant_id, NOW, &error));
  g_assert_true (gr_store_leave_seat (fixture->store, "unknown", NOW, &error));
  g_assert_cmpint (count_seats (fixture, room), ==, 1);
  sit (fixture, join_as (room, NULL, NULL));
  g_assert_true (gr_store_leave_all_seats (fixture->store, NOW, &error));
  g_assert_cmpint (count_seats (fixture, room), ==, 0);
}

static void
test_refusals (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  GrJoin moderator = join_as (room, bob, NULL);

  g_test_summary ("Each reason to stay outside has its error; the owner and moderators pass");
  make_invite (fixture, "old", room, GR_ROOM_ROLE_GUEST, 0, NOW);
  refused (fixture, join_as ("unknown", ann, NULL), GR_ERROR_NOT_FOUND, NULL);

  change_room (fixture, room, GR_VISIBILITY_PUBLIC, FALSE, FALSE);
  refused (fixture, join_as (room, NULL, NULL), GR_ERROR_FORBIDDEN, NULL);

  change_room (fixture, room, GR_VISIBILITY_PRIVATE, TRUE, FALSE);
  refused (fixture, join_as (room, bob, NULL), GR_ERROR_INVITE_REQUIRED, NULL);
  refused (fixture, join_as (room, bob, "none"), GR_ERROR_NOT_FOUND, "invite");
  refused (fixture, join_as (room, bob, "old"), GR_ERROR_INVITE_EXPIRED, "invite");

  change_room (fixture, room, GR_VISIBILITY_PUBLIC, TRUE, TRUE);
  refused (fixture, join_as (room, bob, NULL), GR_ERROR_ROOM_LOCKED, NULL);

  change_room (fixture, room, GR_VISIBILITY_PRIVATE, FALSE, TRUE);
  moderator.moderator = TRUE;
  g_assert_cmpint (sit (fixture, moderator), ==, GR_ROOM_ROLE_HOST);
  g_assert_cmpint (sit (fixture, join_as (room, ann, "old")), ==, GR_ROOM_ROLE_HOST);

  /* Of an office that is over nothing is left. */
  change_room (fixture, room, GR_VISIBILITY_PRIVATE, TRUE, FALSE);
  refused (fixture, join_as (room, bob, NULL), GR_ERROR_INVITE_REQUIRED, NULL);
  change_room (fixture, room, GR_VISIBILITY_PUBLIC, TRUE, FALSE);
  g_assert_cmpint (sit (fixture, join_as (room, bob, NULL)), ==, GR_ROOM_ROLE_GUEST);
}

static void
test_bans (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *eve = make_account (fixture, "Eve", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *other = make_room (fixture, "other", ann, GR_VISIBILITY_PUBLIC, 15);
  GrJoin elsewhere = join_as (room, bob, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) bans = NULL;
  gboolean inside, banned;

  g_test_summary ("A ban by account follows the account, a ban by address keeps out whoever comes from there");
  sit (fixture, join_as (room, bob, NULL));
  ban (fixture, room, bob, NULL, "1");
  elsewhere.address_hash = "elsewhere";
  g_assert_true (gr_store_is_banned (fixture->store, room, bob, NULL, &banned, &error) && banned);
  g_assert_true (gr_store_is_banned (fixture->store, room, eve, "elsewhere", &banned, &error) && !banned);
  g_assert_true (gr_store_is_banned (fixture->store, other, bob, NULL, &banned, &error) && !banned);
  refused (fixture, elsewhere, GR_ERROR_BANNED, NULL);
  g_assert_true (gr_store_was_inside (fixture->store, room, bob, &inside, &error) && !inside);
  sit (fixture, join_as (room, eve, NULL));
  sit (fixture, join_as (other, bob, NULL));

  ban (fixture, room, NULL, "somewhere", "2");
  g_assert_true (gr_store_is_banned (fixture->store, room, eve, "somewhere", &banned, &error) && banned);
  g_assert_true (gr_store_is_banned (fixture->store, room, NULL, "somewhere", &banned, &error) && banned);
  refused (fixture, join_as (room, NULL, NULL), GR_ERROR_BANNED, NULL);
  refused (fixture, join_as (room, eve, NULL), GR_ERROR_BANNED, NULL);
  sit (fixture, join_as (room, ann, NULL));
  elsewhere = join_as (room, NULL, NULL);
  elsewhere.address_hash = "elsewhere";
  sit (fixture, elsewhere);

  bans = gr_store_list_bans (fixture->store, room, &error);
  g_assert_cmpuint (bans->len, ==, 2);
  g_assert_cmpstr (((GrBan *) bans->pdata[0])->address_hash, ==, "somewhere");
  g_assert_null (((GrBan *) bans->pdata[0])->account_id);
  g_assert_cmpstr (((GrBan *) bans->pdata[1])->account_id, ==, bob);

  g_assert_false (gr_store_delete_ban (fixture->store, other, "1", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_true (gr_store_delete_ban (fixture->store, room, "1", &error));
  g_assert_true (gr_store_delete_ban (fixture->store, room, "2", &error));
  sit (fixture, join_as (room, bob, NULL));
}

static gboolean
use_invite (StoreFixture *fixture, guint number, gpointer room)
{
  g_autoptr (GError) error = NULL;
  GrJoin join = join_as (room, NULL, "three");
  g_autoptr (GrSeat) seat = gr_store_take_seat (fixture->store, &join, &error);

  if (seat == NULL)
    expect_error (&error, GR_ERROR_INVITE_EXPIRED, "invite");

  return seat != NULL;
}

static void
test_invite_counted (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PRIVATE, 15);
  g_autofree char *other = make_room (fixture, "other", ann, GR_VISIBILITY_PRIVATE, 15);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrInvite) invite = NULL;

  g_test_summary ("An invite for three lets three in, and counts only those who needed it");
  make_invite (fixture, "once", room, GR_ROOM_ROLE_GUEST, 1, NOW + HOUR);
  make_invite (fixture, "three", room, GR_ROOM_ROLE_VIEWER, 3, NOW + HOUR);
  refused (fixture, join_as (other, bob, "once"), GR_ERROR_NOT_FOUND, "invite");

  sit (fixture, join_as (room, bob, "once"));
  sit (fixture, join_as (room, bob, "once"));
  sit (fixture, join_as (room, bob, NULL));
  sit (fixture, join_as (room, ann, "three"));
  refused (fixture, join_as (room, NULL, "once"), GR_ERROR_INVITE_EXPIRED, "invite");

  invite = gr_store_get_invite (fixture->store, "three", NOW, &error);
  g_assert_cmpint (invite->used, ==, 0);
  g_assert_cmpuint (run_at_once (fixture, 8, use_invite, room), ==, 3);
}

static void
test_full_room_keeps_invite (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PRIVATE, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrInvite) invite = NULL;

  g_test_summary ("Whoever finds the room full has not used up the invite");
  make_invite (fixture, "code", room, GR_ROOM_ROLE_GUEST, 3, NOW + HOUR);
  sit (fixture, join_as (room, NULL, "code"));
  sit (fixture, join_as (room, NULL, "code"));
  refused (fixture, join_as (room, NULL, "code"), GR_ERROR_ROOM_FULL, NULL);
  invite = gr_store_get_invite (fixture->store, "code", NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (invite->used, ==, 2);
}

static void
test_roles (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *eve = make_account (fixture, "Eve", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 50);
  GrJoin join = join_as (room, bob, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("The role comes from the owner's right, the invite or the last visit; watching is for once");
  make_invite (fixture, "host", room, GR_ROOM_ROLE_HOST, 1, NOW + HOUR);
  make_invite (fixture, "viewer", room, GR_ROOM_ROLE_VIEWER, 0, NOW + HOUR);
  g_assert_cmpint (sit (fixture, join_as (room, ann, NULL)), ==, GR_ROOM_ROLE_HOST);
  g_assert_cmpint (sit (fixture, join_as (room, NULL, NULL)), ==, GR_ROOM_ROLE_GUEST);
  g_assert_cmpint (sit (fixture, join_as (room, NULL, "viewer")), ==, GR_ROOM_ROLE_VIEWER);

  g_assert_cmpint (sit (fixture, join), ==, GR_ROOM_ROLE_GUEST);
  g_assert_true (gr_store_set_seat_role (fixture->store, join.participant_id, GR_ROOM_ROLE_HOST, &error));
  g_assert_cmpint (sit (fixture, join_as (room, bob, "viewer")), ==, GR_ROOM_ROLE_HOST);
  join = join_as (room, bob, NULL);
  join.viewer = TRUE;
  g_assert_cmpint (sit (fixture, join), ==, GR_ROOM_ROLE_VIEWER);
  g_assert_cmpint (sit (fixture, join_as (room, bob, NULL)), ==, GR_ROOM_ROLE_HOST);

  g_assert_cmpint (sit (fixture, join_as (room, eve, "viewer")), ==, GR_ROOM_ROLE_VIEWER);
  g_assert_cmpint (sit (fixture, join_as (room, eve, NULL)), ==, GR_ROOM_ROLE_VIEWER);
  g_assert_cmpint (sit (fixture, join_as (room, eve, "host")), ==, GR_ROOM_ROLE_HOST);
  refused (fixture, join_as (room, NULL, "host"), GR_ERROR_INVITE_EXPIRED, "invite");

  g_assert_false (gr_store_set_seat_role (fixture->store, "unknown", GR_ROOM_ROLE_HOST, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_former_member (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  GrJoin join = join_as (room, bob, NULL);
  g_autoptr (GError) error = NULL;
  gboolean inside;

  g_test_summary ("Who was inside may come back after the room has become private");
  g_assert_true (gr_store_was_inside (fixture->store, room, ann, &inside, &error) && inside);
  g_assert_true (gr_store_was_inside (fixture->store, room, bob, &inside, &error) && !inside);
  sit (fixture, join);
  gr_store_leave_seat (fixture->store, join.participant_id, NOW, &error);
  change_room (fixture, room, GR_VISIBILITY_PRIVATE, TRUE, FALSE);
  g_assert_true (gr_store_was_inside (fixture->store, room, bob, &inside, &error) && inside);
  sit (fixture, join_as (room, bob, NULL));
  sit (fixture, join_as (room, bob, "a link of old"));
}

void
add_seat_tests (void)
{
  add_store_test ("seats/crowd", test_crowd);
  add_store_test ("seats/leave", test_leave);
  add_store_test ("seats/refusals", test_refusals);
  add_store_test ("seats/bans", test_bans);
  add_store_test ("seats/invite-counted", test_invite_counted);
  add_store_test ("seats/full-room-keeps-invite", test_full_room_keeps_invite);
  add_store_test ("seats/roles", test_roles);
  add_store_test ("seats/former-member", test_former_member);
}
