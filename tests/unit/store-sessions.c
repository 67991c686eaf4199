/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

static char *
make_session (StoreFixture *fixture, const char *account_id, const char *token, gint64 used_at)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  GrSession session = { .id = id,
                        .account_id = (char *) account_id,
                        .agent = (char *) "Browser",
                        .address = (char *) "127.0.0.1",
                        .created_at = NOW,
                        .used_at = used_at,
                        .expires_at = NOW + HOUR };

  gr_store_add_session (fixture->store, &session, token, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&id);
}

static GrSession *
rotate (StoreFixture *fixture, const char *token, const char *next, gint64 now, GError **error)
{
  return gr_store_rotate_session (fixture->store, token, next, "127.0.0.2", now, now + HOUR, error);
}

static void
expect_over (StoreFixture *fixture, const char *session_id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gr_store_get_session_account (fixture->store, session_id, NOW, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
}

static void
test_rotation (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_session (fixture, ann, "token1", NOW);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSession) second = rotate (fixture, "token1", "token2", NOW + 1, &error);
  g_autoptr (GrSession) third = rotate (fixture, "token2", "token3", NOW + 2, &error);
  g_autoptr (GrAccount) account = gr_store_get_session_account (fixture->store, id, NOW + HOUR + 1, &error);

  g_test_summary ("Each refresh token buys the next one and prolongs the session");
  g_assert_no_error (error);
  g_assert_cmpstr (second->id, ==, id);
  g_assert_cmpstr (third->id, ==, id);
  g_assert_cmpstr (third->account_id, ==, ann);
  g_assert_cmpstr (third->agent, ==, "Browser");
  g_assert_cmpstr (third->address, ==, "127.0.0.2");
  g_assert_cmpint (third->created_at, ==, NOW);
  g_assert_cmpint (third->used_at, ==, NOW + 2);
  g_assert_cmpint (third->expires_at, ==, NOW + 2 + HOUR);
  g_assert_cmpstr (account->id, ==, ann);
}

static void
test_reuse (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_session (fixture, ann, "token1", NOW);
  g_autofree char *other = make_session (fixture, ann, "other", NOW);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSession) second = rotate (fixture, "token1", "token2", NOW, &error);
  g_autoptr (GrAccount) account = NULL;

  g_test_summary ("A refresh token that comes twice ends its session and no other");
  g_assert_no_error (error);
  g_assert_null (rotate (fixture, "token1", "token3", NOW, &error));
  expect_error (&error, GR_ERROR_TOKEN_INVALID, NULL);
  g_assert_null (rotate (fixture, "token2", "token4", NOW, &error));
  expect_error (&error, GR_ERROR_TOKEN_INVALID, NULL);
  expect_over (fixture, id);

  account = gr_store_get_session_account (fixture->store, other, NOW, &error);
  g_assert_no_error (error);
}

static void
test_bad_tokens (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_session (fixture, ann, "token1", NOW);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An unknown token is invalid, an old one expired, and neither changes anything");
  g_assert_null (rotate (fixture, "unknown", "token2", NOW, &error));
  expect_error (&error, GR_ERROR_TOKEN_INVALID, NULL);
  g_assert_null (rotate (fixture, "token1", "token2", NOW + HOUR, &error));
  expect_error (&error, GR_ERROR_TOKEN_EXPIRED, NULL);
  g_assert_null (gr_store_get_session_account (fixture->store, id, NOW + HOUR, &error));
  expect_error (&error, GR_ERROR_TOKEN_INVALID, NULL);
  g_assert_null (gr_store_get_session_account (fixture->store, "unknown", NOW, &error));
  expect_error (&error, GR_ERROR_TOKEN_INVALID, NULL);

  g_autoptr (GrSession) session = rotate (fixture, "token1", "token2", NOW + 1, &error);
  g_assert_no_error (error);
}

static gboolean
rotate_the_one (StoreFixture *fixture, guint number, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *next = g_strdup_printf ("next%u", number);
  g_autoptr (GrSession) session = rotate (fixture, "token1", next, NOW, &error);

  if (session == NULL)
    g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);

  return session != NULL;
}

static void
test_rotation_at_once (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *id = make_session (fixture, ann, "token1", NOW);

  g_test_summary ("Of those who trade one token at the same moment one succeeds, and the session ends");
  g_assert_cmpuint (run_at_once (fixture, 8, rotate_the_one, NULL), ==, 1);
  expect_over (fixture, id);
}

static void
test_revocation (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autofree char *one = make_session (fixture, ann, "one", NOW);
  g_autofree char *two = make_session (fixture, ann, "two", NOW);
  g_autofree char *three = make_session (fixture, ann, "three", NOW);
  g_autofree char *four = make_session (fixture, ann, "four", NOW);
  g_autofree char *bobs = make_session (fixture, bob, "bobs", NOW);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;
  g_autofree char *whose = NULL, *nobody = NULL;

  g_test_summary ("A session is ended by its owner, by its token or with all others; nobody ends a stranger's");
  g_assert_false (gr_store_revoke_session (fixture->store, bob, one, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_true (gr_store_revoke_session (fixture->store, ann, one, &error));
  expect_over (fixture, one);
  g_assert_false (gr_store_revoke_session (fixture->store, ann, one, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);

  g_assert_true (gr_store_revoke_session_by_token (fixture->store, "two", &whose, &error));
  expect_over (fixture, two);
  g_assert_cmpstr (whose, ==, ann);
  g_assert_true (gr_store_revoke_session_by_token (fixture->store, "unknown", &nobody, &error));
  g_assert_null (nobody);

  g_assert_true (gr_store_revoke_other_sessions (fixture->store, ann, three, &error));
  expect_over (fixture, four);
  account = gr_store_get_session_account (fixture->store, three, NOW, &error);
  g_assert_cmpstr (account->id, ==, ann);
  g_clear_pointer (&account, gr_account_free);
  account = gr_store_get_session_account (fixture->store, bobs, NOW, &error);
  g_assert_cmpstr (account->id, ==, bob);
  g_assert_no_error (error);
}

static void
test_list (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *old = make_session (fixture, ann, "old", NOW - 5);
  g_autofree char *newer = make_session (fixture, ann, "newer", NOW);
  g_autofree char *revoked = make_session (fixture, ann, "revoked", NOW);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) now = NULL;
  g_autoptr (GPtrArray) later = NULL;

  g_test_summary ("The sessions that are good are listed, the one used last first");
  gr_store_revoke_session (fixture->store, ann, revoked, &error);
  now = gr_store_list_sessions (fixture->store, ann, NOW, &error);
  later = gr_store_list_sessions (fixture->store, ann, NOW + HOUR, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (now->len, ==, 2);
  g_assert_cmpstr (((GrSession *) now->pdata[0])->id, ==, newer);
  g_assert_cmpstr (((GrSession *) now->pdata[1])->id, ==, old);
  g_assert_cmpuint (later->len, ==, 0);
}

static void
test_forget (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *guest = make_account (fixture, "Guest", GR_ROLE_GUEST);
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *session = make_session (fixture, guest, "token", NOW);
  g_autofree char *room = make_room (fixture, "room", ann, GR_VISIBILITY_PUBLIC, 15);
  GrJoin join = join_as (room, guest, NULL);
  g_autoptr (GrSeat) seat = gr_store_take_seat (fixture->store, &join, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;
  gboolean inside;

  g_test_summary ("What expired is forgotten: a guest goes with the session, a member after ninety days");
  make_invite (fixture, "code", room, GR_ROOM_ROLE_GUEST, 0, NOW + HOUR);
  gr_store_leave_seat (fixture->store, seat->id, NOW, &error);

  g_assert_true (gr_store_forget_expired (fixture->store, NOW + HOUR / 2, &error));
  account = gr_store_get_account (fixture->store, guest, &error);
  g_assert_no_error (error);

  g_assert_true (gr_store_forget_expired (fixture->store, NOW + 2 * HOUR, &error));
  g_assert_null (gr_store_get_account (fixture->store, guest, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_null (gr_store_get_invite (fixture->store, "code", NOW + 2 * HOUR, &error));
  expect_error (&error, GR_ERROR_INVITE_EXPIRED, "invite");
  g_assert_true (gr_store_was_inside (fixture->store, room, guest, &inside, &error) && inside);

  g_assert_true (gr_store_forget_expired (fixture->store, NOW + 91 * 24 * HOUR, &error));
  g_assert_null (gr_store_get_invite (fixture->store, "code", NOW, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_true (gr_store_was_inside (fixture->store, room, guest, &inside, &error) && !inside);

  g_clear_pointer (&account, gr_account_free);
  account = gr_store_get_account (fixture->store, ann, &error);
  g_assert_no_error (error);
}

void
add_session_tests (void)
{
  add_store_test ("sessions/rotation", test_rotation);
  add_store_test ("sessions/reuse-ends-the-session", test_reuse);
  add_store_test ("sessions/bad-tokens", test_bad_tokens);
  add_store_test ("sessions/rotation-at-once", test_rotation_at_once);
  add_store_test ("sessions/revocation", test_revocation);
  add_store_test ("sessions/list", test_list);
  add_store_test ("sessions/forget", test_forget);
}
