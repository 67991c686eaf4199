/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much the store does a second, on SQLite and on PostgreSQL (without fsync, so as little bound by the disk as
 * SQLite in WAL mode is). Each figure is of 8 threads for a second. Prints one line of JSON per figure. */
#include "store/store.h"
#include "base/id.h"
#include "base/time.h"

#include <glib/gstdio.h>

#define THREADS 8
#define ROOMS 50
#define DURATION G_TIME_SPAN_SECOND

typedef struct
{
  GrStore *store;
  char *account;
  char *session;
  char *rooms[ROOMS];
} Bench;

/* One operation of the thread @number, for the @turn-th time. */
typedef gboolean (*Operation) (Bench *bench, guint number, guint turn, GError **error);

typedef struct
{
  Bench *bench;
  Operation operation;
  guint number;
  guint64 done;
} Runner;

static gboolean
check_session (Bench *bench, guint number, guint turn, GError **error)
{
  g_autoptr (GrAccount) account = gr_store_get_session_account (bench->store, bench->session, gr_now (), error);

  return account != NULL;
}

static gboolean
find_room (Bench *bench, guint number, guint turn, GError **error)
{
  g_autoptr (GrRoomRecord) room = gr_store_find_room (bench->store, bench->rooms[turn % ROOMS], error);

  return room != NULL;
}

static gboolean
read_history (Bench *bench, guint number, guint turn, GError **error)
{
  g_autoptr (GPtrArray) page = gr_store_list_messages (bench->store, bench->rooms[turn % ROOMS], 50, NULL, error);

  return page != NULL;
}

static gboolean
write_message (Bench *bench, guint number, guint turn, GError **error)
{
  g_autofree char *id = gr_id_new ();
  GrMessage message = { .id = id,
                        .room_id = bench->rooms[turn % ROOMS],
                        .participant_id = bench->session,
                        .account_id = bench->account,
                        .name = (char *) "Ann",
                        .text = (char *) "A message of the usual length, about as long as this one is.",
                        .created_at = gr_now () };

  return gr_store_add_message (bench->store, &message, error);
}

/* Takes and leaves a seat. */
static gboolean
visit (Bench *bench, const char *room, GError **error)
{
  g_autofree char *id = gr_id_new ();
  GrJoin join = { .room_id = room, .address_hash = "somewhere", .participant_id = id, .name = "Ann", .now = gr_now () };
  g_autoptr (GrSeat) seat = gr_store_take_seat (bench->store, &join, error);

  return seat != NULL && gr_store_leave_seat (bench->store, id, gr_now (), error);
}

static gboolean
visit_rooms (Bench *bench, guint number, guint turn, GError **error)
{
  return visit (bench, bench->rooms[(turn * THREADS + number) % ROOMS], error);
}

static gboolean
visit_one_room (Bench *bench, guint number, guint turn, GError **error)
{
  return visit (bench, bench->rooms[0], error);
}

static gpointer
run_thread (gpointer data)
{
  Runner *runner = data;
  gint64 end = g_get_monotonic_time () + DURATION;

  while (g_get_monotonic_time () < end)
    {
      g_autoptr (GError) error = NULL;

      if (!runner->operation (runner->bench, runner->number, runner->done, &error))
        g_error ("%s", error->message);
      runner->done++;
    }

  return NULL;
}

static void
measure (Bench *bench, const char *engine, const char *name, Operation operation, guint target)
{
  Runner runners[THREADS];
  GThread *threads[THREADS];
  gint64 start = g_get_monotonic_time ();
  guint64 done = 0;

  for (guint i = 0; i < THREADS; i++)
    {
      runners[i] = (Runner){ bench, operation, i, 0 };
      threads[i] = g_thread_new ("bench", run_thread, &runners[i]);
    }
  for (guint i = 0; i < THREADS; i++)
    {
      g_thread_join (threads[i]);
      done += runners[i].done;
    }

  g_print ("{\"name\":\"store.%s.%s\",\"value\":%.0f,\"unit\":\"1/s\",\"target\":%u}\n", engine, name,
           done * 1e6 / (g_get_monotonic_time () - start), target);
}

static void
must (gboolean done, const GError *error)
{
  if (!done)
    g_error ("%s", error->message);
}

static void
fill (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  GrAccount account = { .role = GR_ROLE_USER, .name = (char *) "Ann", .email = (char *) "ann@example.org" };
  GrSession session = { .expires_at = gr_now () + G_TIME_SPAN_HOUR };

  account.id = bench->account = gr_id_new ();
  must (gr_store_add_account (bench->store, &account, &error), error);

  session.id = bench->session = gr_id_new ();
  session.account_id = bench->account;
  must (gr_store_add_session (bench->store, &session, "token", &error), error);

  for (guint i = 0; i < ROOMS; i++)
    {
      g_autofree char *slug = g_strdup_printf ("room-%u", i);
      GrRoomRecord room = { .slug = slug,
                            .title = (char *) "Room",
                            .owner_id = bench->account,
                            .visibility = GR_VISIBILITY_PUBLIC,
                            .capacity = 500,
                            .guests = TRUE };

      room.id = bench->rooms[i] = gr_id_new ();
      must (gr_store_add_room (bench->store, &room, &error), error);
    }
}

static void
run (const char *engine, const char *url, const char *folder)
{
  g_autoptr (GError) error = NULL;
  Bench bench = { .store = gr_store_open (url, folder, THREADS, &error) };

  must (bench.store != NULL, error);
  fill (&bench);

  measure (&bench, engine, "message-writes", write_message, 3000);
  measure (&bench, engine, "session-reads", check_session, 10000);
  measure (&bench, engine, "room-reads", find_room, 10000);
  measure (&bench, engine, "history-reads", read_history, 2000);
  measure (&bench, engine, "visits", visit_rooms, 500);
  measure (&bench, engine, "visits-to-one-room", visit_one_room, 200);

  g_object_unref (bench.store);
  g_free (bench.account);
  g_free (bench.session);
  for (guint i = 0; i < ROOMS; i++)
    g_free (bench.rooms[i]);
}

int
main (void)
{
  static const char *const names[] = { "greenroom.db", "greenroom.db-wal", "greenroom.db-shm" };
  g_autofree char *folder = g_dir_make_tmp ("greenroom-bench-XXXXXX", NULL);
  const char *url = g_getenv ("GREENROOM_TEST_POSTGRESQL");

  run ("sqlite", NULL, folder);
  if (url != NULL)
    run ("postgresql", url, folder);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  return g_rmdir (folder) == 0 ? 0 : 1;
}
