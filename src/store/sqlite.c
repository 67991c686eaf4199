/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine on a file: write-ahead log, so that readers and the one writer do not wait for each other. */
#include "base/error.h"
#include "store/engine.h"

#include <sqlite3.h>

#define GR_LOG_TOPIC "sqlite"
#include "base/log.h"

/* Only a program from outside, such as a backup, can hold the file against us. */
#define BUSY_TIMEOUT_MS 5000

/* In WAL mode synchronous=NORMAL survives a crash of the program without loss and one of the machine without damage. */
#define SETTINGS                                                                                                       \
  "PRAGMA journal_mode = WAL;"                                                                                         \
  "PRAGMA synchronous = NORMAL;"                                                                                       \
  "PRAGMA foreign_keys = ON;"                                                                                          \
  "PRAGMA trusted_schema = OFF;"                                                                                       \
  "PRAGMA journal_size_limit = 16777216;"                                                                              \
  "PRAGMA cache_size = -2048;"

typedef struct
{
  GrConnection base;
  sqlite3 *handle;
  GHashTable *statements; /* SQL text → sqlite3_stmt */
} GrSqliteConnection;

static gboolean
fail (sqlite3 *handle, GError **error)
{
  const char *message = sqlite3_errmsg (handle);

  switch (sqlite3_extended_errcode (handle))
    {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "What this belongs to is gone.");
      return FALSE;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This exists already.");
      return FALSE;
    }

  switch (sqlite3_errcode (handle))
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      gr_warning ("The database cannot be used: %s", message);
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL,
                    "The database cannot be used now. Please try again in a moment.");
      return FALSE;
    default:
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "SQLite: %s", message);
      return FALSE;
    }
}

static gboolean
sqlite_run_script (GrConnection *connection, const char *script, GError **error)
{
  GrSqliteConnection *sqlite = (GrSqliteConnection *) connection;

  if (sqlite3_exec (sqlite->handle, script, NULL, NULL, NULL) != SQLITE_OK)
    return fail (sqlite->handle, error);

  return TRUE;
}

static void
sqlite_close (GrConnection *connection)
{
  GrSqliteConnection *sqlite = (GrSqliteConnection *) connection;

  g_hash_table_unref (sqlite->statements);
  sqlite3_close (sqlite->handle);
  g_free (sqlite);
}

static GrConnection *
sqlite_connect (const char *location, GrAccess access, GError **error)
{
  GrSqliteConnection *sqlite = g_new0 (GrSqliteConnection, 1);
  gint flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

  sqlite->base.engine = &gr_sqlite_engine;
  sqlite->statements
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) (void (*) (void)) sqlite3_finalize);

  if (sqlite3_open_v2 (location, &sqlite->handle, flags, NULL) != SQLITE_OK)
    {
      fail (sqlite->handle, error);
      sqlite_close (&sqlite->base);
      return NULL;
    }

  sqlite3_busy_timeout (sqlite->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (sqlite->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!sqlite_run_script (&sqlite->base, SETTINGS, error)
      || (access == GR_READ && !sqlite_run_script (&sqlite->base, "PRAGMA query_only = ON", error)))
    {
      sqlite_close (&sqlite->base);
      return NULL;
    }

  return &sqlite->base;
}

static gboolean
sqlite_is_alive (GrConnection *connection)
{
  return TRUE;
}

static sqlite3_stmt *
get_statement (GrSqliteConnection *sqlite, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (sqlite->statements, sql);

  if (statement != NULL)
    return statement;

  if (sqlite3_prepare_v3 (sqlite->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    {
      fail (sqlite->handle, error);
      return NULL;
    }

  g_hash_table_insert (sqlite->statements, (gpointer) sql, statement);
  return statement;
}

/* SQLite takes "$2" for a name, not for a number, and numbers the names as it meets them. */
static void
bind (sqlite3_stmt *statement, const GrValue *values, gsize n_values)
{
  for (gsize i = 0; i < n_values; i++)
    {
      char name[8];
      gint place;

      g_snprintf (name, sizeof name, "$%u", (guint) i + 1);
      place = sqlite3_bind_parameter_index (statement, name);
      if (values[i].kind == GR_VALUE_TEXT)
        sqlite3_bind_text (statement, place, values[i].text, -1, SQLITE_STATIC);
      else
        sqlite3_bind_int64 (statement, place, values[i].integer);
    }
}

static GrRows *
sqlite_query (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, GError **error)
{
  GrSqliteConnection *sqlite = (GrSqliteConnection *) connection;
  sqlite3_stmt *statement = get_statement (sqlite, sql, error);
  g_autoptr (GrRows) rows = NULL;
  guint n_columns;
  gint result;

  if (statement == NULL)
    return NULL;

  bind (statement, values, n_values);
  n_columns = sqlite3_column_count (statement);
  rows = gr_rows_new (n_columns);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    for (guint i = 0; i < n_columns; i++)
      gr_rows_add (rows, (const char *) sqlite3_column_text (statement, i));

  if (result != SQLITE_DONE)
    fail (sqlite->handle, error);
  else if (!sqlite3_stmt_readonly (statement))
    gr_rows_set_changed (rows, sqlite3_changes64 (sqlite->handle));

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return result == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

const GrEngine gr_sqlite_engine = {
  .name = "sqlite",
  .single_writer = TRUE,
  .begin_read = "BEGIN",
  .begin_write = "BEGIN IMMEDIATE",
  .begin_migration = "BEGIN IMMEDIATE",
  .connect = sqlite_connect,
  .close = sqlite_close,
  .is_alive = sqlite_is_alive,
  .query = sqlite_query,
  .run_script = sqlite_run_script,
};
