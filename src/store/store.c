/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/store.h"

#include "base/error.h"
#include "store/queries.h"

#define PING "SELECT max (version) FROM schema_migrations"

struct _GrSqlStore
{
  GObject parent;
  GrDatabase *database;
};

#define GR_TYPE_SQL_STORE (gr_sql_store_get_type ())
G_DECLARE_FINAL_TYPE (GrSqlStore, gr_sql_store, GR, SQL_STORE, GObject)

static void gr_sql_store_implement (GrStoreInterface *iface);
static void gr_sql_store_implement_studio (GrStudioStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrSqlStore,
                               gr_sql_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_STORE, gr_sql_store_implement)
                                   G_IMPLEMENT_INTERFACE (GR_TYPE_STUDIO_STORE, gr_sql_store_implement_studio)
                                       G_IMPLEMENT_INTERFACE (GR_TYPE_PICTURE_STORE, gr_store_implement_pictures))

GrDatabase *
gr_store_get_database (GrStore *store)
{
  return GR_SQL_STORE (store)->database;
}

gboolean
gr_store_changed (GrRows *result, const char *message, GError **error)
{
  g_autoptr (GrRows) rows = result;

  if (rows == NULL)
    return FALSE;

  if (message != NULL && gr_rows_changed (rows) == 0)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "%s", message);
      return FALSE;
    }

  return TRUE;
}

gpointer
gr_store_read_one (GrRows *result, gpointer (*read) (GrRows *rows), const char *message, GError **error)
{
  g_autoptr (GrRows) rows = result;

  if (rows == NULL)
    return NULL;

  if (!gr_rows_next (rows))
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "%s", message);
      return NULL;
    }

  return read (rows);
}

GPtrArray *
gr_store_read_all (GrRows *result, gpointer (*read) (GrRows *rows), GDestroyNotify free_item)
{
  g_autoptr (GrRows) rows = result;
  GPtrArray *items;

  if (rows == NULL)
    return NULL;

  items = g_ptr_array_new_with_free_func (free_item);
  while (gr_rows_next (rows))
    g_ptr_array_add (items, read (rows));

  return items;
}

gboolean
gr_store_read_answer (GrRows *result, gboolean *answer)
{
  g_autoptr (GrRows) rows = result;

  if (rows == NULL)
    return FALSE;

  *answer = gr_rows_next (rows) && gr_rows_boolean (rows, 0);
  return TRUE;
}

gboolean
gr_store_check_count (
    GrConnection *connection, const char *sql, const char *owner, gint64 most, const char *sentence, GError **error)
{
  g_autoptr (GrRows) rows = gr_connection_query (connection, sql, GR_VALUES (GR_TEXT (owner)), error);

  if (rows == NULL)
    return FALSE;

  gr_rows_next (rows);
  if (gr_rows_integer (rows, 0) < most)
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, NULL, "%s", sentence);
  return FALSE;
}

static gboolean
sql_ping (GrStore *store, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, PING, GR_NO_VALUES, error);

  return gr_store_changed (rows, NULL, error);
}

static void
gr_sql_store_finalize (GObject *object)
{
  g_clear_pointer (&GR_SQL_STORE (object)->database, gr_database_free);
  G_OBJECT_CLASS (gr_sql_store_parent_class)->finalize (object);
}

static void
gr_sql_store_implement (GrStoreInterface *iface)
{
  iface->ping = sql_ping;
  gr_store_implement_accounts (iface);
  gr_store_implement_sessions (iface);
  gr_store_implement_rooms (iface);
  gr_store_implement_invites (iface);
  gr_store_implement_seats (iface);
  gr_store_implement_bans (iface);
  gr_store_implement_messages (iface);
  gr_store_implement_housekeeping (iface);
}

static void
gr_sql_store_implement_studio (GrStudioStoreInterface *iface)
{
  gr_store_implement_broadcasts (iface);
  gr_store_implement_destinations (iface);
  gr_store_implement_recordings (iface);
}

static void
gr_sql_store_class_init (GrSqlStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_sql_store_finalize;
}

static void
gr_sql_store_init (GrSqlStore *store)
{
}

GrStore *
gr_store_open (const char *url, const char *data_dir, gint pool_size, GError **error)
{
  g_autoptr (GrDatabase) database = gr_database_open (url, data_dir, pool_size, error);
  GrSqlStore *store;

  if (database == NULL || !gr_database_migrate (database, 0, error))
    return NULL;

  store = g_object_new (GR_TYPE_SQL_STORE, NULL);
  store->database = g_steal_pointer (&database);
  return GR_STORE (store);
}
