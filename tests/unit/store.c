/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store: the fixture and the helpers of its tests, which are in store-*.c. */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define GUARD_SECONDS 300

typedef struct
{
  StoreFixture *fixture;
  guint number;
  Work work;
  gpointer data;
  GMutex *gate;
} Worker;

static void
set_up (StoreFixture *fixture, gconstpointer engine)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("greenroom-store-XXXXXX", &error);
  g_assert_no_error (error);
  if (g_strcmp0 (engine, "postgresql") == 0)
    {
      fixture->url = g_strdup (g_getenv ("GREENROOM_TEST_POSTGRESQL"));
      if (fixture->url == NULL)
        return;

      execute (fixture, "DROP SCHEMA public CASCADE");
      execute (fixture, "CREATE SCHEMA public");
    }

  fixture->store = gr_store_open (fixture->url, fixture->folder, 8, &error);
  g_assert_no_error (error);
}

static void
tear_down (StoreFixture *fixture, gconstpointer engine)
{
  static const char *const names[] = { "greenroom.db", "greenroom.db-wal", "greenroom.db-shm" };

  g_clear_object (&fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->url);
}

static void
skip (StoreFixture *fixture, gconstpointer engine)
{
  g_test_skip ("run me under tests/lib/with-postgres.sh");
}

void
add_store_test (const char *name, StoreTest test)
{
  static const char *const engines[] = { "sqlite", "postgresql" };

  for (guint i = 0; i < G_N_ELEMENTS (engines); i++)
    {
      g_autofree char *path = g_strconcat ("/store/", engines[i], "/", name, NULL);
      gboolean there = i == 0 || g_getenv ("GREENROOM_TEST_POSTGRESQL") != NULL;

      g_test_add (path, StoreFixture, engines[i], set_up, there ? test : skip, tear_down);
    }
}

GrDatabase *
open_database (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GrDatabase *database = gr_database_open (fixture->url, fixture->folder, 2, &error);

  g_assert_no_error (error);
  return database;
}

gboolean
is_postgresql (StoreFixture *fixture)
{
  return fixture->url != NULL;
}

void
execute (StoreFixture *fixture, const char *sql)
{
  g_autoptr (GrDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRows) rows = gr_database_query (database, GR_WRITE, sql, GR_NO_VALUES, &error);

  g_assert_no_error (error);
}

gint
count_seats (StoreFixture *fixture, const char *room_id)
{
  g_autoptr (GrDatabase) database = open_database (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrRows) rows
      = gr_database_query (database, GR_READ, "SELECT count (*) FROM seats WHERE room_id = $1 AND left_at IS NULL",
                           GR_VALUES (GR_TEXT (room_id)), &error);

  g_assert_no_error (error);
  g_assert_true (gr_rows_next (rows));
  return gr_rows_integer (rows, 0);
}

char *
make_account (StoreFixture *fixture, const char *name, GrRole role)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  g_autofree char *email = role > GR_ROLE_GUEST ? g_strdup_printf ("%s@example.org", name) : NULL;
  GrAccount account = { .id = id,
                        .email = email,
                        .name = (char *) name,
                        .password_hash = role > GR_ROLE_GUEST ? (char *) "hash" : NULL,
                        .role = role,
                        .created_at = NOW };

  gr_store_add_account (fixture->store, &account, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&id);
}

char *
make_room (StoreFixture *fixture, const char *slug, const char *owner_id, GrVisibility visibility, gint capacity)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  GrRoomRecord room = { .id = id,
                        .slug = (char *) slug,
                        .title = (char *) "Кімната",
                        .description = (char *) "",
                        .owner_id = (char *) owner_id,
                        .visibility = visibility,
                        .capacity = capacity,
                        .guests = TRUE,
                        .created_at = NOW };

  gr_store_add_room (fixture->store, &room, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&id);
}

void
make_invite (
    StoreFixture *fixture, const char *code, const char *room_id, GrRoomRole role, gint uses, gint64 expires_at)
{
  g_autoptr (GError) error = NULL;
  GrInvite invite = { .code = (char *) code,
                      .room_id = (char *) room_id,
                      .role = role,
                      .uses = uses,
                      .created_at = NOW,
                      .expires_at = expires_at };

  gr_store_add_invite (fixture->store, &invite, &error);
  g_assert_no_error (error);
}

char *
make_message (StoreFixture *fixture, const char *room_id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = gr_id_new ();
  GrMessage message = { .id = id,
                        .room_id = (char *) room_id,
                        .participant_id = id,
                        .name = (char *) "Ann",
                        .text = (char *) text,
                        .created_at = NOW };

  gr_store_add_message (fixture->store, &message, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&id);
}

GrJoin
join_as (const char *room_id, const char *account_id, const char *invite)
{
  g_autofree char *id = gr_id_new ();

  return (GrJoin){ .room_id = room_id,
                   .account_id = account_id,
                   .address_hash = "somewhere",
                   .invite = invite,
                   .registered = account_id != NULL,
                   .participant_id = g_intern_string (id),
                   .name = "Ann",
                   .now = NOW };
}

void
expect_error (GError **error, GrErrorCode code, const char *field)
{
  g_assert_error (*error, GR_ERROR, (gint) code);
  g_assert_cmpstr (gr_error_get_field (*error), ==, field);
  g_clear_error (error);
}

static gpointer
work_in_thread (gpointer data)
{
  Worker *worker = data;

  g_mutex_lock (worker->gate);
  g_mutex_unlock (worker->gate);
  return GINT_TO_POINTER (worker->work (worker->fixture, worker->number, worker->data));
}

guint
run_at_once (StoreFixture *fixture, guint n_threads, Work work, gpointer data)
{
  g_autofree Worker *workers = g_new0 (Worker, n_threads);
  g_autofree GThread **threads = g_new0 (GThread *, n_threads);
  GMutex gate;
  guint successes = 0;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  for (guint i = 0; i < n_threads; i++)
    {
      workers[i] = (Worker){ fixture, i, work, data, &gate };
      threads[i] = g_thread_new ("store-test", work_in_thread, &workers[i]);
    }
  g_mutex_unlock (&gate);

  for (guint i = 0; i < n_threads; i++)
    successes += GPOINTER_TO_INT (g_thread_join (threads[i]));

  g_mutex_clear (&gate);
  return successes;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  alarm (GUARD_SECONDS);
  /* That the database is away is a warning in the log, and here on purpose. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);

  add_account_tests ();
  add_session_tests ();
  add_room_tests ();
  add_seat_tests ();
  add_studio_tests ();
  add_database_tests ();

  return g_test_run ();
}
