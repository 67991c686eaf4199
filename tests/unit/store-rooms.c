/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

static void
test_read_back (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_room (fixture, "mill-otter-42", ann, GR_VISIBILITY_UNLISTED, 15);
  const char *keys[] = { id, "mill-otter-42" };
  g_autoptr (GError) error = NULL;

  g_test_summary ("A room is found by its id and its slug, with its owner's name");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GrRoomRecord) room = gr_store_find_room (fixture->store, keys[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (room->id, ==, id);
      g_assert_cmpstr (room->slug, ==, "mill-otter-42");
      g_assert_cmpstr (room->title, ==, "Кімната");
      g_assert_cmpstr (room->owner_id, ==, ann);
      g_assert_cmpstr (room->owner_name, ==, "Ann");
      g_assert_cmpint (room->visibility, ==, GR_VISIBILITY_UNLISTED);
      g_assert_cmpint (room->capacity, ==, 15);
      g_assert_true (room->guests);
      g_assert_false (room->waiting_room);
      g_assert_false (room->locked);
      g_assert_cmpint (room->created_at, ==, NOW);
    }

  g_assert_null (gr_store_find_room (fixture->store, "mill-otter-43", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_slug_like_an_id (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *first = make_room (fixture, "first", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *second = make_room (fixture, first, ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *other = gr_id_new ();
  g_autofree char *third = make_room (fixture, other, ann, GR_VISIBILITY_PUBLIC, 15);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRoomRecord) by_id = gr_store_find_room (fixture->store, first, &error);
  g_autoptr (GrRoomRecord) by_slug = gr_store_find_room (fixture->store, other, &error);

  g_test_summary ("A room cannot take another's place by using its id as a slug");
  g_assert_no_error (error);
  g_assert_cmpstr (by_id->id, ==, first);
  g_assert_cmpstr (by_slug->id, ==, third);
}

static void
test_update (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *other = make_room (fixture, "other", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autoptr (GError) error = NULL;
  GrRoomRecord room = { .id = id,
                        .slug = (char *) "other",
                        .title = (char *) "Title",
                        .description = (char *) "Words",
                        .visibility = GR_VISIBILITY_PRIVATE,
                        .capacity = 2,
                        .waiting_room = TRUE,
                        .locked = TRUE };
  g_autoptr (GrRoomRecord) changed = NULL;

  g_test_summary ("A room can change all but its owner, and not to another's slug");
  g_assert_false (gr_store_update_room (fixture->store, &room, &error));
  expect_error (&error, GR_ERROR_SLUG_TAKEN, "slug");
  g_assert_false (gr_store_add_room (fixture->store,
                                     &(GrRoomRecord){ .id = (char *) "x",
                                                      .slug = (char *) "other",
                                                      .title = (char *) "",
                                                      .description = (char *) "",
                                                      .owner_id = ann },
                                     &error));
  expect_error (&error, GR_ERROR_SLUG_TAKEN, "slug");

  room.slug = (char *) "new";
  g_assert_true (gr_store_update_room (fixture->store, &room, &error));
  changed = gr_store_find_room (fixture->store, "new", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->id, ==, id);
  g_assert_cmpstr (changed->title, ==, "Title");
  g_assert_cmpstr (changed->description, ==, "Words");
  g_assert_cmpstr (changed->owner_id, ==, ann);
  g_assert_cmpint (changed->visibility, ==, GR_VISIBILITY_PRIVATE);
  g_assert_cmpint (changed->capacity, ==, 2);
  g_assert_true (changed->waiting_room);
  g_assert_false (changed->guests);
  g_assert_true (changed->locked);

  room.id = (char *) "unknown";
  room.slug = (char *) "unknown";
  g_assert_false (gr_store_update_room (fixture->store, &room, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
expect_page (StoreFixture *fixture, GrRoomScope scope, const char *account_id, const char *after, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = gr_store_list_rooms (fixture->store, scope, account_id, 2, after, &error);
  va_list expected;
  const char *id;
  guint n = 0;

  g_assert_no_error (error);
  va_start (expected, after);
  while ((id = va_arg (expected, const char *)) != NULL)
    {
      g_assert_cmpuint (n, <, page->len);
      g_assert_cmpstr (((GrRoomRecord *) page->pdata[n++])->id, ==, id);
    }
  va_end (expected);
  g_assert_cmpuint (n, ==, page->len);
}

static void
test_lists (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *a = make_room (fixture, "a-room", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *b = make_room (fixture, "b-room", bob, GR_VISIBILITY_UNLISTED, 15);
  g_autofree char *c = make_room (fixture, "c-room", ann, GR_VISIBILITY_PRIVATE, 15);
  g_autofree char *d = make_room (fixture, "d-room", bob, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *e = make_room (fixture, "e-room", ann, GR_VISIBILITY_PUBLIC, 15);

  g_test_summary ("Public rooms, one's own and all rooms are listed newest first, page by page");
  expect_page (fixture, GR_ROOMS_PUBLIC, NULL, NULL, e, d, NULL);
  expect_page (fixture, GR_ROOMS_PUBLIC, NULL, d, a, NULL);
  expect_page (fixture, GR_ROOMS_PUBLIC, NULL, a, NULL);
  expect_page (fixture, GR_ROOMS_OF, ann, NULL, e, c, NULL);
  expect_page (fixture, GR_ROOMS_OF, ann, c, a, NULL);
  expect_page (fixture, GR_ROOMS_OF, bob, NULL, d, b, NULL);
  expect_page (fixture, GR_ROOMS_ALL, NULL, NULL, e, d, NULL);
  expect_page (fixture, GR_ROOMS_ALL, NULL, d, c, b, NULL);
}

static void
test_delete (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *message = make_message (fixture, id, "hello");
  g_autoptr (GError) error = NULL;
  GrJoin join = join_as (id, ann, NULL);
  g_autoptr (GrSeat) seat = gr_store_take_seat (fixture->store, &join, &error);
  GrBan ban = { .id = (char *) "ban", .room_id = id, .account_id = (char *) "x", .name = (char *) "X" };
  GrMessage late
      = { .id = (char *) "x", .room_id = id, .participant_id = (char *) "x", .name = (char *) "", .text = (char *) "" };
  g_autoptr (GPtrArray) bans = NULL;
  g_autoptr (GPtrArray) messages = NULL;

  g_test_summary ("A deleted room takes its invites, seats, bans and messages along");
  make_invite (fixture, "code", id, GR_ROOM_ROLE_GUEST, 0, NOW + HOUR);
  gr_store_add_ban (fixture->store, &ban, &error);
  g_assert_no_error (error);

  g_assert_true (gr_store_delete_room (fixture->store, id, &error));
  g_assert_null (gr_store_get_invite (fixture->store, "code", NOW, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  bans = gr_store_list_bans (fixture->store, id, &error);
  messages = gr_store_list_messages (fixture->store, id, 10, NULL, &error);
  g_assert_cmpuint (bans->len + messages->len + count_seats (fixture, id), ==, 0);

  g_assert_false (gr_store_add_message (fixture->store, &late, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_false (gr_store_add_ban (fixture->store, &ban, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_false (gr_store_delete_room (fixture->store, id, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_invites (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PRIVATE, 15);
  g_autofree char *other = make_room (fixture, "other", ann, GR_VISIBILITY_PRIVATE, 15);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrInvite) invite = NULL;
  g_autoptr (GPtrArray) listed = NULL;

  g_test_summary ("An invite works until its time is over, and only its own room takes it back");
  make_invite (fixture, "good", room, GR_ROOM_ROLE_VIEWER, 3, NOW + HOUR);
  make_invite (fixture, "old", room, GR_ROOM_ROLE_GUEST, 0, NOW);
  invite = gr_store_get_invite (fixture->store, "good", NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (invite->room_id, ==, room);
  g_assert_cmpint (invite->role, ==, GR_ROOM_ROLE_VIEWER);
  g_assert_cmpint (invite->uses, ==, 3);
  g_assert_cmpint (invite->used, ==, 0);
  g_assert_cmpint (invite->expires_at, ==, NOW + HOUR);

  g_assert_null (gr_store_get_invite (fixture->store, "old", NOW, &error));
  expect_error (&error, GR_ERROR_INVITE_EXPIRED, "invite");
  g_assert_null (gr_store_get_invite (fixture->store, "none", NOW, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);

  listed = gr_store_list_invites (fixture->store, room, NOW, &error);
  g_assert_cmpuint (listed->len, ==, 1);
  g_assert_cmpstr (((GrInvite *) listed->pdata[0])->code, ==, "good");

  g_assert_false (gr_store_delete_invite (fixture->store, other, "good", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_true (gr_store_delete_invite (fixture->store, room, "good", &error));
  g_assert_null (gr_store_get_invite (fixture->store, "good", NOW, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_messages (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  g_autofree char *one = make_message (fixture, room, "it's \"quoted\"; DROP TABLE rooms; -- 🎉");
  g_autofree char *two = make_message (fixture, room, "two");
  g_autofree char *three = make_message (fixture, room, "three");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = gr_store_list_messages (fixture->store, room, 2, NULL, &error);
  g_autoptr (GPtrArray) rest = gr_store_list_messages (fixture->store, room, 2, two, &error);
  g_autoptr (GPtrArray) left = NULL;
  const GrMessage *message;

  g_test_summary ("Chat is read newest first, page by page, exactly as it was written");
  g_assert_no_error (error);
  g_assert_cmpuint (page->len, ==, 2);
  g_assert_cmpstr (((GrMessage *) page->pdata[0])->id, ==, three);
  g_assert_cmpstr (((GrMessage *) page->pdata[1])->id, ==, two);
  g_assert_cmpuint (rest->len, ==, 1);
  message = rest->pdata[0];
  g_assert_cmpstr (message->text, ==, "it's \"quoted\"; DROP TABLE rooms; -- 🎉");
  g_assert_cmpstr (message->name, ==, "Ann");
  g_assert_cmpstr (message->room_id, ==, room);
  g_assert_null (message->account_id);
  g_assert_cmpint (message->created_at, ==, NOW);

  g_assert_true (gr_store_delete_message (fixture->store, room, two, &error));
  g_assert_false (gr_store_delete_message (fixture->store, room, two, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  left = gr_store_list_messages (fixture->store, room, 10, NULL, &error);
  g_assert_cmpuint (left->len, ==, 2);
}

void
add_room_tests (void)
{
  add_store_test ("rooms/read-back", test_read_back);
  add_store_test ("rooms/slug-like-an-id", test_slug_like_an_id);
  add_store_test ("rooms/update", test_update);
  add_store_test ("rooms/lists", test_lists);
  add_store_test ("rooms/delete", test_delete);
  add_store_test ("rooms/invites", test_invites);
  add_store_test ("rooms/messages", test_messages);
}
