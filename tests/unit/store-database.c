/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define RECOVERY_DEADLINE (20 * G_TIME_SPAN_SECOND)

/* Empties the database of the fixture and closes its store. */
static void
start_empty (StoreFixture *fixture)
{
  g_clear_object (&fixture->store);
  if (is_postgresql (fixture))
    {
      execute (fixture, "DROP SCHEMA public CASCADE");
      execute (fixture, "CREATE SCHEMA public");
    }
  else
    {
      g_autofree char *path = g_build_filename (fixture->folder, "greenroom.db", NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

static void
open_again (StoreFixture *fixture, GError **error)
{
  fixture->store = gr_store_open (fixture->url, fixture->folder, 4, error);
}

static void
test_kept (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;

  g_test_summary ("What was written is there after the store was closed and opened");
  g_clear_object (&fixture->store);
  open_again (fixture, &error);
  account = gr_store_get_account (fixture->store, ann, &error);
  g_assert_no_error (error);
  g_assert_true (gr_store_ping (fixture->store, &error));
}

static void
test_from_version_one (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;
  g_autofree char *room = NULL;

  g_test_summary ("A database of the first version keeps its accounts and gets the newer tables");
  start_empty (fixture);
  {
    g_autoptr (GrDatabase) database = open_database (fixture);
    g_autoptr (GrRows) rows = NULL;

    gr_database_migrate (database, 1, &error);
    g_assert_no_error (error);
    rows = gr_database_query (database, GR_WRITE,
                              "INSERT INTO accounts (id, email, email_key, name, name_key, role, created_at)"
                              " VALUES ('ann', 'a@b', 'a@b', 'Ann', 'ann', 1, 7)",
                              GR_NO_VALUES, &error);
    g_assert_no_error (error);
    g_assert_null (gr_database_query (database, GR_READ, "SELECT id FROM rooms", GR_NO_VALUES, NULL));
  }

  open_again (fixture, &error);
  g_assert_no_error (error);
  account = gr_store_find_account (fixture->store, "ANN", &error);
  g_assert_no_error (error);
  g_assert_cmpint (account->created_at, ==, 7);
  room = make_room (fixture, "room", "ann", GR_VISIBILITY_PUBLIC, 15);
}

static void
test_newer_refused (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A database that a newer Greenroom made is refused with both versions named");
  g_clear_object (&fixture->store);
  execute (fixture, "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, '999-future.sql', 0)");
  open_again (fixture, &error);
  g_assert_null (fixture->store);
  g_assert_nonnull (strstr (error->message, "999"));
  expect_error (&error, GR_ERROR_CONFLICT, NULL);
}

static gboolean
open_one (StoreFixture *fixture, guint number, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrStore) store = gr_store_open (fixture->url, fixture->folder, 1, &error);

  g_assert_no_error (error);
  return gr_store_ping (store, &error);
}

static void
test_start_together (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("Daemons that start together on an empty database do not get into each other's way");
  start_empty (fixture);
  g_assert_cmpuint (run_at_once (fixture, 4, open_one, NULL), ==, 4);
  open_again (fixture, &error);
  g_assert_no_error (error);
}

static gboolean
write_then_fail (GrConnection *connection, gpointer data, GError **error)
{
  g_autoptr (GrRows) rows = gr_connection_query (connection, "DELETE FROM accounts", GR_NO_VALUES, error);

  g_assert_cmpint (gr_rows_changed (rows), ==, 1);
  gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "No");
  return FALSE;
}

static void
test_rollback (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autoptr (GrDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;

  g_test_summary ("A transaction that fails leaves nothing behind, and its connection is as good as before");
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (gr_database_transact (database, GR_WRITE, write_then_fail, NULL, &error));
      expect_error (&error, GR_ERROR_FORBIDDEN, NULL);
    }

  account = gr_store_get_account (fixture->store, ann, &error);
  g_assert_no_error (error);
}

static void
test_bad_statement (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GrDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRows) rows = NULL;

  g_test_summary ("A statement the engine does not take is our fault, and the next one works");
  g_assert_null (gr_database_query (database, GR_WRITE, "SELEKT 1", GR_NO_VALUES, &error));
  expect_error (&error, GR_ERROR_INTERNAL, NULL);
  rows = gr_database_query (database, GR_WRITE, "SELECT coalesce ($1, 'nothing'), $2 + 1",
                            GR_VALUES (GR_TEXT (NULL), GR_INTEGER (G_MAXINT64 - 1)), &error);
  g_assert_no_error (error);
  g_assert_true (gr_rows_next (rows));
  g_assert_cmpstr (gr_rows_text (rows, 0), ==, "nothing");
  g_assert_cmpint (gr_rows_integer (rows, 1), ==, G_MAXINT64);
  g_assert_false (gr_rows_next (rows));
}

static void
test_private_file (void)
{
  g_autofree char *top = g_dir_make_tmp ("greenroom-store-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "data", NULL);
  g_autofree char *path = g_build_filename (folder, "greenroom.db", NULL);
  g_autoptr (GError) error = NULL;
  GrStore *store = gr_store_open ("", folder, 2, &error);
  struct stat about;

  g_test_summary ("The database file is for nobody else's eyes");
  g_assert_no_error (error);
  g_object_unref (store);
  g_assert_cmpint (stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (top);
}

static void
test_bad_places (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A URL of another kind, a folder that is none and a server that is not there are told apart");
  g_assert_null (gr_store_open ("mysql://here", "/tmp", 2, &error));
  expect_error (&error, GR_ERROR_INVALID_INPUT, "store.url");
  g_assert_null (gr_store_open (NULL, "/dev/null/data", 2, &error));
  expect_error (&error, GR_ERROR_UNAVAILABLE, NULL);
  g_assert_null (gr_store_open ("postgresql:///greenroom?host=/nonexistent", "/tmp", 2, &error));
  expect_error (&error, GR_ERROR_UNAVAILABLE, NULL);
}

static void
control_postgresql (const char *verb)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "..", "lib", "postgres.sh", NULL);
  const char *argv[] = { "bash", script, verb, g_getenv ("GREENROOM_TEST_POSTGRESQL_FOLDER"), NULL };
  g_autoptr (GError) error = NULL;
  gint status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static gboolean
use_connection (StoreFixture *fixture, guint number, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = gr_store_ping (fixture->store, &error);

  if (!done)
    g_assert_error (error, GR_ERROR, GR_ERROR_UNAVAILABLE);

  return done;
}

static void
test_loss (StoreFixture *fixture, gconstpointer engine)
{
  g_autofree char *ann = make_account (fixture, "Ann", GR_ROLE_USER);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account = NULL;
  gint64 deadline;

  g_test_summary ("While the database is away every call says so at once; when it is back, so is the store");
  if (!is_postgresql (fixture))
    {
      g_test_skip ("SQLite has no server to lose");
      return;
    }

  /* The tests' server is lax about its disk. */
  execute (fixture, "CHECKPOINT");
  g_assert_cmpuint (run_at_once (fixture, 8, use_connection, NULL), ==, 8);
  control_postgresql ("pause");
  g_assert_cmpuint (run_at_once (fixture, 8, use_connection, NULL), ==, 0);
  g_assert_null (gr_store_get_account (fixture->store, ann, &error));
  expect_error (&error, GR_ERROR_UNAVAILABLE, NULL);

  control_postgresql ("resume");
  deadline = g_get_monotonic_time () + RECOVERY_DEADLINE;
  while (!gr_store_ping (fixture->store, NULL))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (10 * G_TIME_SPAN_MILLISECOND);
    }

  account = gr_store_get_account (fixture->store, ann, &error);
  g_assert_no_error (error);

  /* A restart between two calls is not even noticed. */
  control_postgresql ("pause");
  control_postgresql ("resume");
  g_assert_cmpuint (run_at_once (fixture, 8, use_connection, NULL), ==, 8);
}

void
add_database_tests (void)
{
  add_store_test ("database/kept", test_kept);
  add_store_test ("database/from-version-one", test_from_version_one);
  add_store_test ("database/newer-refused", test_newer_refused);
  add_store_test ("database/start-together", test_start_together);
  add_store_test ("database/rollback", test_rollback);
  add_store_test ("database/bad-statement", test_bad_statement);
  add_store_test ("database/loss", test_loss);
  g_test_add_func ("/store/private-file", test_private_file);
  g_test_add_func ("/store/bad-places", test_bad_places);
}
