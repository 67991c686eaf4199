/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

static void
test_found_in_any_case (StoreFixture *fixture, gconstpointer engine)
{
  static const char *const words[] = { "Оленка", "ОЛЕНКА", "оленка", "Оленка@example.org", "ОЛЕНКА@EXAMPLE.ORG" };
  g_autofree char *id = make_account (fixture, "Оленка", GR_ROLE_USER);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An account is found by its name and its e-mail address, whatever their case");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GrAccount) account = gr_store_find_account (fixture->store, words[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (account->id, ==, id);
      g_assert_cmpstr (account->name, ==, "Оленка");
      g_assert_cmpstr (account->email, ==, "Оленка@example.org");
      g_assert_cmpstr (account->password_hash, ==, "hash");
      g_assert_cmpint (account->role, ==, GR_ROLE_USER);
      g_assert_cmpint (account->created_at, ==, NOW);
    }

  g_assert_null (gr_store_find_account (fixture->store, "somebody", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_null (gr_store_find_account (fixture->store, "some@body", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_null (gr_store_find_account (fixture->store, "", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
  g_assert_null (gr_store_get_account (fixture->store, "somebody", &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static void
test_guests_share_names (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *user = make_account (fixture, "ann", GR_ROLE_USER);
  g_autofree char *one = make_account (fixture, "Ann", GR_ROLE_GUEST);
  g_autofree char *two = make_account (fixture, "Ann", GR_ROLE_GUEST);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) found = gr_store_find_account (fixture->store, "Ann", &error);
  g_autoptr (GrAccount) guest = gr_store_get_account (fixture->store, two, &error);
  g_autoptr (GPtrArray) listed = gr_store_list_accounts (fixture->store, 10, NULL, &error);

  g_test_summary ("Guests may have anybody's name, are not found by it and not listed");
  g_assert_no_error (error);
  g_assert_cmpstr (found->id, ==, user);
  g_assert_null (guest->email);
  g_assert_null (guest->password_hash);
  g_assert_cmpint (guest->role, ==, GR_ROLE_GUEST);
  g_assert_cmpuint (listed->len, ==, 1);
}

static void
test_taken (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autofree char *bob = make_account (fixture, "Bob", GR_ROLE_USER);
  g_autoptr (GError) error = NULL;
  GrAccount same_email = { .id = (char *) "x", .email = (char *) "ANN@example.org", .name = (char *) "Eve", .role = 1 };
  GrAccount same_name
      = { .id = (char *) "x", .email = (char *) "eve@example.org", .name = (char *) "ＢＯＢ", .role = 1 };

  g_test_summary ("An e-mail address and a name belong to one account, whatever their case and width");
  g_assert_false (gr_store_add_account (fixture->store, &same_email, &error));
  expect_error (&error, GR_ERROR_EMAIL_TAKEN, "email");
  g_assert_false (gr_store_add_account (fixture->store, &same_name, &error));
  expect_error (&error, GR_ERROR_NAME_TAKEN, "name");

  same_email.id = same_name.id = bob;
  same_name.name = (char *) "aNN";
  g_assert_false (gr_store_update_account (fixture->store, &same_email, &error));
  expect_error (&error, GR_ERROR_EMAIL_TAKEN, "email");
  g_assert_false (gr_store_update_account (fixture->store, &same_name, &error));
  expect_error (&error, GR_ERROR_NAME_TAKEN, "name");
}

static void
test_update (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = gr_store_get_account (fixture->store, ann, &error);
  g_autoptr (GrAccount) changed = NULL;

  g_test_summary ("An account takes another e-mail address, name, password and role; its own name is not taken");
  g_free (account->name);
  account->name = g_strdup ("ANN");
  g_free (account->email);
  account->email = g_strdup ("other@example.org");
  g_free (account->password_hash);
  account->password_hash = g_strdup ("other");
  account->role = GR_ROLE_MODERATOR;
  gr_store_update_account (fixture->store, account, &error);
  g_assert_no_error (error);

  changed = gr_store_find_account (fixture->store, "Other@Example.org", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed->id, ==, ann);
  g_assert_cmpstr (changed->name, ==, "ANN");
  g_assert_cmpstr (changed->password_hash, ==, "other");
  g_assert_cmpint (changed->role, ==, GR_ROLE_MODERATOR);

  account->id[0] = 'x';
  g_free (account->name);
  account->name = g_strdup ("Eve");
  g_free (account->email);
  account->email = g_strdup ("eve@example.org");
  g_assert_false (gr_store_update_account (fixture->store, account, &error));
  expect_error (&error, GR_ERROR_NOT_FOUND, NULL);
}

static gboolean
step_down (StoreFixture *fixture, guint number, gpointer data)
{
  char *const *ids = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = gr_store_get_account (fixture->store, ids[number], &error);

  g_assert_no_error (error);
  account->role = GR_ROLE_USER;
  if (gr_store_update_account (fixture->store, account, &error))
    return TRUE;

  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);
  return FALSE;
}

static void
test_last_administrator (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;
  gboolean has = TRUE;
  g_auto (GStrv) ids = g_new0 (char *, 5);

  g_test_summary ("Of administrators who all step down at once one must stay");
  g_assert_true (gr_store_has_administrator (fixture->store, &has, &error));
  g_assert_false (has);

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("admin%u", i);

      ids[i] = make_account (fixture, name, GR_ROLE_ADMIN);
    }

  g_assert_cmpuint (run_at_once (fixture, 4, step_down, ids), ==, 3);
  g_assert_true (gr_store_has_administrator (fixture->store, &has, &error));
  g_assert_true (has);
}

static gboolean
register_ann (StoreFixture *fixture, guint number, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  g_autofree char *email = g_strdup_printf ("ann%u@example.org", number);
  GrAccount account = { .id = id, .email = email, .name = (char *) "Ann", .role = GR_ROLE_USER, .created_at = NOW };

  if (gr_store_add_account (fixture->store, &account, &error))
    return TRUE;

  expect_error (&error, GR_ERROR_NAME_TAKEN, "name");
  return FALSE;
}

static void
test_one_name_at_once (StoreFixture *fixture, gconstpointer engine)
{
  g_test_summary ("Of those who want one name at the same moment one gets it and the others are told");
  g_assert_cmpuint (run_at_once (fixture, 8, register_ann, NULL), ==, 1);
}

static void
test_pages (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = g_new0 (char *, 8);
  g_autofree char *after = NULL;
  gint seen = 0;

  g_test_summary ("Accounts are listed newest first in pages that neither repeat nor leave out");
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *name = g_strdup_printf ("user%u", i);

      ids[i] = make_account (fixture, name, GR_ROLE_USER);
    }

  while (TRUE)
    {
      g_autoptr (GPtrArray) page = gr_store_list_accounts (fixture->store, 3, after, &error);

      g_assert_no_error (error);
      if (page->len == 0)
        break;

      for (guint i = 0; i < page->len; i++)
        {
          const GrAccount *account = g_ptr_array_index (page, i);

          g_assert_cmpstr (account->id, ==, ids[6 - seen++]);
          g_free (after);
          after = g_strdup (account->id);
        }
    }
  g_assert_cmpint (seen, ==, 7);
}

void
add_account_tests (void)
{
  add_store_test ("accounts/found-in-any-case", test_found_in_any_case);
  add_store_test ("accounts/guests-share-names", test_guests_share_names);
  add_store_test ("accounts/taken", test_taken);
  add_store_test ("accounts/update", test_update);
  add_store_test ("accounts/last-administrator", test_last_administrator);
  add_store_test ("accounts/one-name-at-once", test_one_name_at_once);
  add_store_test ("accounts/pages", test_pages);
}
