/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Brings the tables of a database to what this program knows: schemas/sql/<engine>/NNN-name.sql, compiled in, one
 * after the other, each in a transaction together with the note that it was done. There is no way back. */
#include "base/error.h"
#include "store-resources.h"
#include "store/engine.h"

#define GR_LOG_TOPIC "store"
#include "base/log.h"

#define MIGRATIONS_PATH "/org/greenroom/sql/"

/* A large table takes its time, and so does waiting for another daemon that is at it. */
#define MIGRATION_PATIENCE (30 * G_TIME_SPAN_MINUTE)

#define CREATE_LIST                                                                                                    \
  "CREATE TABLE IF NOT EXISTS schema_migrations"                                                                       \
  " (version integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)"

#define FIND_VERSION "SELECT coalesce (max (version), 0) FROM schema_migrations"

#define ADD_VERSION                                                                                                    \
  "INSERT INTO schema_migrations (version, name, applied_at)"                                                          \
  " VALUES ($1, $2, $3)"

/* One file. NULL stands for the list of migrations itself. */
typedef struct
{
  const char *name;
  guint version;
  const char *script;
} GrMigration;

static gboolean
get_version (GrConnection *connection, guint *version, GError **error)
{
  g_autoptr (GrRows) rows = gr_connection_query (connection, FIND_VERSION, GR_NO_VALUES, error);

  if (rows == NULL)
    return FALSE;

  gr_rows_next (rows);
  *version = gr_rows_integer (rows, 0);
  return TRUE;
}

/* Within a transaction that no other process can have at the same time: it may have done the work while we waited. */
static gboolean
apply (GrConnection *connection, const GrMigration *migration, GError **error)
{
  g_autoptr (GrRows) added = NULL;
  guint version;

  if (!get_version (connection, &version, error))
    return FALSE;

  if (version >= migration->version)
    return TRUE;

  if (!connection->engine->run_script (connection, migration->script, error))
    return FALSE;

  added = gr_connection_query (connection, ADD_VERSION,
                               GR_VALUES (GR_INTEGER (migration->version), GR_TEXT (migration->name),
                                          GR_INTEGER (g_get_real_time ())),
                               error);
  if (added != NULL)
    gr_info ("Applied %s", migration->name);

  return added != NULL;
}

static gboolean
transact (GrConnection *connection, const GrMigration *migration, GError **error)
{
  const GrEngine *engine = connection->engine;
  gboolean done;

  if (!engine->run_script (connection, engine->begin_migration, error))
    return FALSE;

  done = migration != NULL ? apply (connection, migration, error) : engine->run_script (connection, CREATE_LIST, error);
  if (done && engine->run_script (connection, "COMMIT", error))
    return TRUE;

  engine->run_script (connection, "ROLLBACK", NULL);
  return FALSE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
migrate (GrConnection *connection, guint last, GError **error)
{
  GResource *resource = store_get_resource ();
  g_autofree char *folder = g_strconcat (MIGRATIONS_PATH, connection->engine->name, NULL);
  g_auto (GStrv) names = g_resource_enumerate_children (resource, folder, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  guint newest = 0;
  guint version;

  if (names == NULL || !transact (connection, NULL, error) || !get_version (connection, &version, error))
    return FALSE;

  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (folder, "/", names[i], NULL);
      g_autoptr (GBytes) script = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
      GrMigration migration = { .name = names[i], .version = g_ascii_strtoull (names[i], NULL, 10) };

      if (script == NULL)
        return FALSE;

      newest = MAX (newest, migration.version);
      migration.script = g_bytes_get_data (script, NULL);
      if (migration.version > version && (last == 0 || migration.version <= last)
          && !transact (connection, &migration, error))
        return FALSE;
    }

  if (version > newest)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL,
                    "The database has version %u, this Greenroom knows versions up to %u: install a newer Greenroom",
                    version, newest);
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_database_migrate (GrDatabase *database, guint last, GError **error)
{
  GrConnection *connection = gr_database_acquire (database, GR_WRITE, error);
  gint64 patience;
  gboolean done;

  if (connection == NULL)
    return FALSE;

  patience = connection->patience;
  connection->patience = MIGRATION_PATIENCE;
  done = migrate (connection, last, error);
  connection->patience = patience;
  gr_database_release (database, GR_WRITE, connection);
  return done;
}
