/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine on a server: SERIALIZABLE transactions, prepared statements, and a deadline on our side for each answer,
 * since a server that hangs answers nothing, not even its own timeouts. */
#include "base/error.h"
#include "store/engine.h"

#include <libpq-fe.h>
#include <poll.h>

#define GR_LOG_TOPIC "postgresql"
#include "base/log.h"

#define TEXT_OID 25
#define INT8_OID 20

/* Sequential scans take predicate locks on whole tables and make strangers wait for each other; every query of ours
 * has an index, which the planner would not use while the tables are small. */
#define SETTINGS                                                                                                       \
  "SET client_encoding = 'UTF8';"                                                                                      \
  "SET default_transaction_isolation = 'serializable';"                                                                \
  "SET statement_timeout = '10s';"                                                                                     \
  "SET lock_timeout = '5s';"                                                                                           \
  "SET idle_in_transaction_session_timeout = '30s';"                                                                   \
  "SET enable_seqscan = off;"

/* Any constant will do, as long as every Greenroom uses it. */
#define BEGIN_MIGRATION                                                                                                \
  "BEGIN ISOLATION LEVEL READ COMMITTED;"                                                                              \
  "SET LOCAL statement_timeout = 0;"                                                                                   \
  "SET LOCAL lock_timeout = 0;"                                                                                        \
  "SELECT pg_advisory_xact_lock(7306365874);"

typedef struct
{
  GrConnection base;
  PGconn *handle;
  GHashTable *statements; /* SQL text → name on the server */
} GrPostgresqlConnection;

typedef struct
{
  const char *state; /* SQLSTATE or its class */
  GrErrorCode code;
  gboolean again;
  const char *message;
} GrSqlState;

static const GrSqlState states[] = {
  { "40001", GR_ERROR_UNAVAILABLE, TRUE, "The database is busy. Please try again in a moment." },
  { "40P01", GR_ERROR_UNAVAILABLE, TRUE, "The database is busy. Please try again in a moment." },
  { "55P03", GR_ERROR_UNAVAILABLE, FALSE, "The database is busy. Please try again in a moment." },
  { "57014", GR_ERROR_UNAVAILABLE, FALSE, "The database is busy. Please try again in a moment." },
  { "23503", GR_ERROR_NOT_FOUND, FALSE, "What this belongs to is gone." },
  { "23505", GR_ERROR_CONFLICT, FALSE, "This exists already." },
  { "25006", GR_ERROR_UNAVAILABLE, FALSE, "The database takes no changes now." },
  { "53", GR_ERROR_UNAVAILABLE, FALSE, "The database has no room left. Please try again later." },
  { "57P", GR_ERROR_UNAVAILABLE, FALSE, "The database is away. Please try again in a moment." },
  { "08", GR_ERROR_UNAVAILABLE, FALSE, "The database is away. Please try again in a moment." },
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* What libpq has to say, without its line breaks. */
static char *
get_message (GrPostgresqlConnection *postgresql)
{
  return g_strdelimit (g_strchomp (g_strdup (PQerrorMessage (postgresql->handle))), "\n\t", ' ');
}

/* The connection itself has failed: @reason, or what libpq says, goes to the log. */
static gboolean
lose (GrPostgresqlConnection *postgresql, const char *reason, GError **error)
{
  g_autofree char *message = reason == NULL ? get_message (postgresql) : g_strdup (reason);

  if (!postgresql->base.lost)
    gr_warning ("Lost a connection: %s", message);

  postgresql->base.lost = TRUE;
  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The database is away. Please try again in a moment.");
  return FALSE;
}

static gboolean
fail (GrPostgresqlConnection *postgresql, const PGresult *result, GError **error)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);

  if (PQstatus (postgresql->handle) == CONNECTION_BAD || state == NULL)
    return lose (postgresql, NULL, error);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_str_has_prefix (state, states[i].state))
      {
        postgresql->base.again = states[i].again;
        gr_set_error (error, states[i].code, NULL, "%s", states[i].message);
        return FALSE;
      }

  gr_set_error (error, GR_ERROR_INTERNAL, NULL, "PostgreSQL: %s (%s)",
                PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY), state);
  return FALSE;
}

/* Waits until the next result can be had without waiting. */
static gboolean
wait_for_result (GrPostgresqlConnection *postgresql, gint64 deadline, GError **error)
{
  while (PQisBusy (postgresql->handle))
    {
      struct pollfd socket = { .fd = PQsocket (postgresql->handle), .events = POLLIN };
      gint64 remaining = deadline - g_get_monotonic_time ();

      if (remaining <= 0)
        return lose (postgresql, "no answer in time", error);

      if (poll (&socket, 1, remaining / 1000 + 1) > 0 && !PQconsumeInput (postgresql->handle))
        return lose (postgresql, NULL, error);
    }

  return TRUE;
}

/* The last result of what was @sent, and the error of the first that failed. */
static PGresult *
receive (GrPostgresqlConnection *postgresql, gboolean sent, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + postgresql->base.patience;
  g_autoptr (PGresult) last = NULL;
  gboolean good = TRUE;

  if (!sent)
    {
      lose (postgresql, NULL, error);
      return NULL;
    }

  while (TRUE)
    {
      PGresult *result;
      ExecStatusType status;

      if (!wait_for_result (postgresql, deadline, good ? error : NULL))
        return NULL;

      result = PQgetResult (postgresql->handle);
      if (result == NULL)
        break;

      g_clear_pointer (&last, PQclear);
      last = result;
      status = PQresultStatus (result);
      if (good && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        good = fail (postgresql, result, error);
    }

  return good ? g_steal_pointer (&last) : NULL;
}

static gboolean
postgresql_run_script (GrConnection *connection, const char *script, GError **error)
{
  GrPostgresqlConnection *postgresql = (GrPostgresqlConnection *) connection;
  g_autoptr (PGresult) result = receive (postgresql, PQsendQuery (postgresql->handle, script), error);

  return result != NULL;
}

static void
postgresql_close (GrConnection *connection)
{
  GrPostgresqlConnection *postgresql = (GrPostgresqlConnection *) connection;

  PQfinish (postgresql->handle);
  g_hash_table_unref (postgresql->statements);
  g_free (postgresql);
}

static void
ignore_notice (void *user_data, const PGresult *result)
{
}

static GrConnection *
postgresql_connect (const char *location, GrAccess access, GError **error)
{
  /* Those before dbname are what the URL may override. */
  static const char *const keywords[]
      = { "connect_timeout", "keepalives_idle", "tcp_user_timeout", "fallback_application_name", "dbname", NULL };
  const char *const values[] = { "3", "30", "15000", "greenroom", location, NULL };
  GrPostgresqlConnection *postgresql = g_new0 (GrPostgresqlConnection, 1);

  postgresql->base.engine = &gr_postgresql_engine;
  postgresql->base.patience = 10 * G_TIME_SPAN_SECOND;
  postgresql->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  postgresql->handle = PQconnectdbParams (keywords, values, 1);

  if (PQstatus (postgresql->handle) != CONNECTION_OK)
    {
      g_autofree char *message = get_message (postgresql);

      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "%s", message);
      postgresql_close (&postgresql->base);
      return NULL;
    }

  PQsetNoticeReceiver (postgresql->handle, ignore_notice, NULL);
  if (!postgresql_run_script (&postgresql->base, SETTINGS, error))
    {
      postgresql_close (&postgresql->base);
      return NULL;
    }

  return &postgresql->base;
}

/* An idle connection has nothing to read but the end of it, perhaps after a word of farewell. */
static gboolean
postgresql_is_alive (GrConnection *connection)
{
  GrPostgresqlConnection *postgresql = (GrPostgresqlConnection *) connection;
  struct pollfd socket = { .fd = PQsocket (postgresql->handle), .events = POLLIN };

  return poll (&socket, 1, 0) == 0;
}

static const char *
get_statement (
    GrPostgresqlConnection *postgresql, const char *sql, const GrValue *values, gsize n_values, GError **error)
{
  char *name = g_hash_table_lookup (postgresql->statements, sql);
  g_autoptr (PGresult) result = NULL;
  Oid types[GR_MAX_VALUES];

  if (name != NULL)
    return name;

  for (gsize i = 0; i < n_values; i++)
    types[i] = values[i].kind == GR_VALUE_TEXT ? TEXT_OID : INT8_OID;

  name = g_strdup_printf ("s%u", g_hash_table_size (postgresql->statements));
  result = receive (postgresql, PQsendPrepare (postgresql->handle, name, sql, n_values, types), error);
  if (result == NULL)
    {
      g_free (name);
      return NULL;
    }

  g_hash_table_insert (postgresql->statements, (gpointer) sql, name);
  return name;
}

static GrRows *
copy_rows (const PGresult *result)
{
  guint n_columns = PQnfields (result);
  guint n_rows = PQntuples (result);
  GrRows *rows = gr_rows_new (n_columns);

  for (guint row = 0; row < n_rows; row++)
    for (guint i = 0; i < n_columns; i++)
      gr_rows_add (rows, PQgetisnull (result, row, i) ? NULL : PQgetvalue (result, row, i));

  gr_rows_set_changed (rows, g_ascii_strtoll (PQcmdTuples ((PGresult *) result), NULL, 10));
  return rows;
}

static GrRows *
postgresql_query (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, GError **error)
{
  GrPostgresqlConnection *postgresql = (GrPostgresqlConnection *) connection;
  const char *name = get_statement (postgresql, sql, values, n_values, error);
  const char *texts[GR_MAX_VALUES];
  char numbers[GR_MAX_VALUES][24];
  g_autoptr (PGresult) result = NULL;

  if (name == NULL)
    return NULL;

  for (gsize i = 0; i < n_values; i++)
    {
      texts[i] = values[i].text;
      if (values[i].kind == GR_VALUE_INTEGER)
        {
          g_snprintf (numbers[i], sizeof numbers[i], "%" G_GINT64_FORMAT, values[i].integer);
          texts[i] = numbers[i];
        }
    }

  result = receive (postgresql, PQsendQueryPrepared (postgresql->handle, name, n_values, texts, NULL, NULL, 0), error);
  if (result == NULL)
    return NULL;

  return copy_rows (result);
}

const GrEngine gr_postgresql_engine = {
  .name = "postgresql",
  .single_writer = FALSE,
  .begin_read = "BEGIN READ ONLY",
  .begin_write = "BEGIN",
  .begin_migration = BEGIN_MIGRATION,
  .connect = postgresql_connect,
  .close = postgresql_close,
  .is_alive = postgresql_is_alive,
  .query = postgresql_query,
  .run_script = postgresql_run_script,
};
