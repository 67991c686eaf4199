/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/database.h"

#include "base/error.h"
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define GR_LOG_TOPIC "store"
#include "base/log.h"

#define WAIT_FOR_CONNECTION (5 * G_TIME_SPAN_SECOND)
#define RUN_AGAIN_FOR (5 * G_TIME_SPAN_SECOND)
#define STATEMENT_PATIENCE (15 * G_TIME_SPAN_SECOND)
#define FIRST_BACKOFF (50 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_BACKOFF (2 * G_TIME_SPAN_SECOND)

typedef struct
{
  GCond freed;
  GQueue idle;
  gint open;
  gint limit;
} GrConnectionPool;

struct _GrDatabase
{
  const GrEngine *engine;
  char *location;

  GMutex lock; /* of all below; never held while connecting */
  GrConnectionPool pools[2];
  gint64 backoff;  /* 0 while connecting works */
  gint64 retry_at; /* monotonic; until then nobody tries to connect */
};

typedef struct
{
  const char *sql;
  const GrValue *values;
  gsize n_values;
  GrRows *rows;
} GrSingleQuery;

static GrConnectionPool *
get_pool (GrDatabase *database, GrAccess access)
{
  return &database->pools[database->engine->single_writer ? access : GR_READ];
}

/* With the lock held: whether to try to connect now. While the database is away one caller tries per backoff. */
static gboolean
may_connect (GrDatabase *database)
{
  gint64 now = g_get_monotonic_time ();

  if (database->backoff == 0)
    return TRUE;

  if (now < database->retry_at)
    return FALSE;

  database->retry_at = now + database->backoff;
  return TRUE;
}

static void
note_connected (GrDatabase *database)
{
  if (database->backoff != 0)
    gr_info ("The database is back");

  database->backoff = 0;
}

static void
note_away (GrDatabase *database, const GError *error)
{
  if (database->backoff == 0)
    {
      gr_warning ("The database is away: %s", error->message);
      database->backoff = FIRST_BACKOFF;
    }
  else
    database->backoff = MIN (database->backoff * 2, LONGEST_BACKOFF);

  /* Several daemons should not come back to a weak database at the same moment. */
  database->retry_at
      = g_get_monotonic_time () + database->backoff / 2 + g_random_int_range (0, (gint32) database->backoff / 2 + 1);
}

static void
set_away_error (GError **error)
{
  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The database is away. Please try again in a moment.");
}

/* Replaces the place in @pool that the caller has reserved by a connection. */
static GrConnection *
connect_reserved (GrDatabase *database, GrConnectionPool *pool, GrAccess access, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GrConnection *connection = database->engine->connect (database->location, access, &reason);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&database->lock);

  if (connection == NULL)
    {
      pool->open--;
      g_cond_signal (&pool->freed);
      note_away (database, reason);
      set_away_error (error);
      return NULL;
    }

  connection->patience = STATEMENT_PATIENCE;
  note_connected (database);
  return connection;
}

GrConnection *
gr_database_acquire (GrDatabase *database, GrAccess access, GError **error)
{
  GrConnectionPool *pool = get_pool (database, access);
  gint64 deadline = g_get_monotonic_time () + WAIT_FOR_CONNECTION;
  gboolean waiting = TRUE;

  g_mutex_lock (&database->lock);
  while (waiting)
    {
      /* The one used last is the one most likely in the caches. */
      GrConnection *connection = g_queue_pop_head (&pool->idle);

      if (connection != NULL)
        {
          g_mutex_unlock (&database->lock);
          if (database->engine->is_alive (connection))
            return connection;

          database->engine->close (connection);
          g_mutex_lock (&database->lock);
          pool->open--;
        }
      else if (pool->open < pool->limit)
        {
          gboolean may = may_connect (database);

          pool->open += may ? 1 : 0;
          g_mutex_unlock (&database->lock);
          if (may)
            return connect_reserved (database, pool, access, error);

          set_away_error (error);
          return NULL;
        }
      else
        waiting = g_cond_wait_until (&pool->freed, &database->lock, deadline);
    }
  g_mutex_unlock (&database->lock);

  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The database is busy. Please try again in a moment.");
  return NULL;
}

void
gr_database_release (GrDatabase *database, GrAccess access, GrConnection *connection)
{
  GrConnectionPool *pool = get_pool (database, access);
  gboolean lost = connection->lost;

  if (lost)
    database->engine->close (connection);

  g_mutex_lock (&database->lock);
  if (lost)
    pool->open--;
  else
    g_queue_push_head (&pool->idle, connection);
  g_cond_signal (&pool->freed);
  g_mutex_unlock (&database->lock);
}

/* One attempt on one connection, between @begin (NULL: the statement is its own transaction) and COMMIT. */
static gboolean
attempt (GrConnection *connection, const char *begin, GrTransaction transaction, gpointer data, GError **error)
{
  const GrEngine *engine = connection->engine;
  gboolean again;

  connection->again = FALSE;
  if (begin == NULL)
    return transaction (connection, data, error);

  if (!engine->run_script (connection, begin, error))
    return FALSE;

  if (transaction (connection, data, error) && engine->run_script (connection, "COMMIT", error))
    return TRUE;

  again = connection->again;
  if (!connection->lost && !engine->run_script (connection, "ROLLBACK", NULL))
    connection->lost = TRUE;
  connection->again = again;
  return FALSE;
}

static gboolean
run (GrDatabase *database, GrAccess access, const char *begin, GrTransaction transaction, gpointer data, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + RUN_AGAIN_FOR;

  for (guint tries = 0;; tries++)
    {
      g_autoptr (GError) reason = NULL;
      GrConnection *connection = gr_database_acquire (database, access, error);
      gboolean done, again;

      if (connection == NULL)
        return FALSE;

      done = attempt (connection, begin, transaction, data, &reason);
      again = connection->again;
      gr_database_release (database, access, connection);
      if (done)
        return TRUE;

      if (!again || g_get_monotonic_time () > deadline)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }

      /* Those who were in each other's way should not meet again. */
      g_usleep (g_random_int_range (100, 1000 << MIN (tries, 6)));
    }
}

static gboolean
run_single (GrConnection *connection, gpointer data, GError **error)
{
  GrSingleQuery *query = data;

  query->rows = gr_connection_query (connection, query->sql, query->values, query->n_values, error);
  return query->rows != NULL;
}

static gboolean
make_private_file (const char *data_dir, const char *path, GError **error)
{
  gint file;

  if (g_mkdir_with_parents (data_dir, 0700) < 0 || (file = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "Cannot open %s: %s", path, g_strerror (errno));
      return FALSE;
    }

  close (file);
  return TRUE;
}

GrDatabase *
gr_database_open (const char *url, const char *data_dir, gint pool_size, GError **error)
{
  g_autoptr (GrDatabase) database = g_new0 (GrDatabase, 1);

  g_mutex_init (&database->lock);
  for (guint i = 0; i < G_N_ELEMENTS (database->pools); i++)
    {
      g_cond_init (&database->pools[i].freed);
      g_queue_init (&database->pools[i].idle);
    }
  database->pools[GR_READ].limit = MAX (pool_size, 1);
  database->pools[GR_WRITE].limit = 1;

  if (url == NULL || *url == '\0')
    {
      database->engine = &gr_sqlite_engine;
      database->location = g_build_filename (data_dir, "greenroom.db", NULL);
      if (!make_private_file (data_dir, database->location, error))
        return NULL;
    }
  else if (g_str_has_prefix (url, "postgresql://") || g_str_has_prefix (url, "postgres://"))
    {
      database->engine = &gr_postgresql_engine;
      database->location = g_strdup (url);
    }
  else
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "store.url",
                    "[store] url must be empty (SQLite) or begin with postgresql://");
      return NULL;
    }

  return g_steal_pointer (&database);
}

void
gr_database_free (GrDatabase *database)
{
  for (guint i = 0; i < G_N_ELEMENTS (database->pools); i++)
    {
      GrConnection *connection;

      while ((connection = g_queue_pop_head (&database->pools[i].idle)) != NULL)
        {
          database->engine->close (connection);
          database->pools[i].open--;
        }
      g_assert (database->pools[i].open == 0);
      g_cond_clear (&database->pools[i].freed);
    }
  g_mutex_clear (&database->lock);
  g_free (database->location);
  g_free (database);
}

gboolean
gr_database_transact (GrDatabase *database, GrAccess access, GrTransaction transaction, gpointer data, GError **error)
{
  const char *begin = access == GR_WRITE ? database->engine->begin_write : database->engine->begin_read;

  return run (database, access, begin, transaction, data, error);
}

GrRows *
gr_database_query (
    GrDatabase *database, GrAccess access, const char *sql, const GrValue *values, gsize n_values, GError **error)
{
  GrSingleQuery query = { sql, values, n_values, NULL };

  run (database, access, NULL, run_single, &query, error);
  return query.rows;
}

GrRows *
gr_connection_query (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, GError **error)
{
  g_assert (n_values <= GR_MAX_VALUES);

  return connection->engine->query (connection, sql, values, n_values, error);
}
