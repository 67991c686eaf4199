/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "store/queries.h"

#define NO_BROADCAST "There is no such broadcast."

#define BROADCASTS                                                                                                     \
  "SELECT b.id, b.room_id, b.title, b.description, b.status, b.quality, b.scene, b.revision, b.start_time,"            \
  " b.started_at, b.ended_at, b.created_at, r.slug, r.title, o.id, o.name"                                             \
  " FROM broadcasts AS b JOIN rooms AS r ON r.id = b.room_id JOIN accounts AS o ON o.id = r.owner_id"

#define ADD_BROADCAST                                                                                                  \
  "INSERT INTO broadcasts (id, room_id, title, description, status, quality, scene, revision, start_time, created_at)" \
  " VALUES ($1, $2, $3, coalesce ($4, ''), 0, $5, $6, 0, nullif (CAST ($7 AS bigint), 0), $8)"

#define COUNT_PLANNED "SELECT count (*) FROM broadcasts WHERE room_id = $1 AND status = 0"

#define GET_BROADCAST BROADCASTS " WHERE b.id = $1"

#define UPDATE_BROADCAST                                                                                               \
  "UPDATE broadcasts SET title = $2, description = coalesce ($3, ''), quality = $4, start_time = nullif (CAST ($5 AS " \
  "bigint), 0)"                                                                                                        \
  " WHERE id = $1"

#define SET_SCENE "UPDATE broadcasts SET scene = $2, revision = revision + 1 WHERE id = $1 AND revision = $3"

/* broadcasts.status: 0 scheduled, 1 live, 2 ended. */
#define IS_SCHEDULED "SELECT status = 0 FROM broadcasts WHERE id = $1"
#define OTHER_IS_LIVE                                                                                                  \
  "SELECT EXISTS (SELECT 1 FROM broadcasts WHERE status = 1"                                                           \
  " AND room_id = (SELECT room_id FROM broadcasts WHERE id = $1))"
#define BEGIN_BROADCAST "UPDATE broadcasts SET status = 1, started_at = $2 WHERE id = $1"
#define END_BROADCAST "UPDATE broadcasts SET status = 2, ended_at = $2 WHERE id = $1 AND status = 1"
#define END_ALL "UPDATE broadcasts SET status = 2, ended_at = $1 WHERE status = 1"
#define POSTPONE "UPDATE broadcasts SET status = 0, started_at = NULL WHERE id = $1 AND status = 1"
#define IS_LIVE "SELECT status = 1 FROM broadcasts WHERE id = $1"
#define DELETE_BROADCAST "DELETE FROM broadcasts WHERE id = $1"

/* $1 page, $2 limit, $3 the status or -1, $4 a room or an owner; rooms.visibility 2 is public. */
#define PAGE " AND b.id < $1 AND ($3 < 0 OR b.status = $3) ORDER BY b.id DESC LIMIT $2"
#define LIST_ROOM BROADCASTS " WHERE b.room_id = $4" PAGE
#define LIST_OWNER BROADCASTS " WHERE r.owner_id = $4" PAGE
#define LIST_PUBLIC BROADCASTS " WHERE r.visibility = 2" PAGE
#define LIST_ALL BROADCASTS " WHERE b.status >= 0" PAGE

static gpointer
read_broadcast (GrRows *rows)
{
  GrBroadcastRecord *broadcast = g_new0 (GrBroadcastRecord, 1);

  broadcast->id = gr_rows_dup (rows, 0);
  broadcast->room_id = gr_rows_dup (rows, 1);
  broadcast->title = gr_rows_dup (rows, 2);
  broadcast->description = gr_rows_dup (rows, 3);
  broadcast->status = gr_rows_integer (rows, 4);
  broadcast->quality = gr_rows_dup (rows, 5);
  broadcast->scene = gr_rows_dup (rows, 6);
  broadcast->revision = gr_rows_integer (rows, 7);
  broadcast->start_time = gr_rows_integer (rows, 8);
  broadcast->started_at = gr_rows_integer (rows, 9);
  broadcast->ended_at = gr_rows_integer (rows, 10);
  broadcast->created_at = gr_rows_integer (rows, 11);
  broadcast->room_slug = gr_rows_dup (rows, 12);
  broadcast->room_title = gr_rows_dup (rows, 13);
  broadcast->owner_id = gr_rows_dup (rows, 14);
  broadcast->owner_name = gr_rows_dup (rows, 15);
  return broadcast;
}

static GrDatabase *
database_of (GrStudioStore *store)
{
  return gr_store_get_database (GR_STORE (store));
}

static gboolean
add_broadcast_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrBroadcastRecord *broadcast = data;
  GrRows *rows;

  if (!gr_store_check_count (connection, COUNT_PLANNED, broadcast->room_id, GR_MAX_PLANNED_BROADCASTS,
                             "A room has 100 planned broadcasts at most. Delete one of them first.", error))
    return FALSE;

  rows = gr_connection_query (connection, ADD_BROADCAST,
                              GR_VALUES (GR_TEXT (broadcast->id), GR_TEXT (broadcast->room_id),
                                         GR_TEXT (broadcast->title), GR_TEXT (broadcast->description),
                                         GR_TEXT (broadcast->quality), GR_TEXT (broadcast->scene),
                                         GR_INTEGER (broadcast->start_time), GR_INTEGER (broadcast->created_at)),
                              error);
  return gr_store_changed (rows, NULL, error);
}

static gboolean
add_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error)
{
  return gr_database_transact (database_of (store), GR_WRITE, add_broadcast_in_transaction, (gpointer) broadcast,
                               error);
}

static GrBroadcastRecord *
get_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, GET_BROADCAST, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_read_one (rows, read_broadcast, NO_BROADCAST, error);
}

static gboolean
update_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, UPDATE_BROADCAST,
                                    GR_VALUES (GR_TEXT (broadcast->id), GR_TEXT (broadcast->title),
                                               GR_TEXT (broadcast->description), GR_TEXT (broadcast->quality),
                                               GR_INTEGER (broadcast->start_time)),
                                    error);

  return gr_store_changed (rows, NO_BROADCAST, error);
}

static gboolean
set_scene (GrStudioStore *store, const char *id, const char *scene, gint64 revision, GError **error)
{
  g_autoptr (GrRows) rows = gr_database_query (database_of (store), GR_WRITE, SET_SCENE,
                                               GR_VALUES (GR_TEXT (id), GR_TEXT (scene), GR_INTEGER (revision)), error);

  if (rows == NULL)
    return FALSE;

  if (gr_rows_changed (rows) == 0)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "revision", "Somebody else changed the scene. Look at it again.");
      return FALSE;
    }

  return TRUE;
}

typedef struct
{
  const char *id;
  gint64 now;
} Beginning;

static gboolean
begin_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const Beginning *beginning = data;
  GrRows *rows = gr_connection_query (connection, IS_SCHEDULED, GR_VALUES (GR_TEXT (beginning->id)), error);
  gboolean scheduled;
  gboolean taken;

  if (!gr_store_read_answer (rows, &scheduled))
    return FALSE;

  if (!scheduled)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This broadcast has begun already, or is over.");
      return FALSE;
    }

  rows = gr_connection_query (connection, OTHER_IS_LIVE, GR_VALUES (GR_TEXT (beginning->id)), error);
  if (!gr_store_read_answer (rows, &taken))
    return FALSE;

  if (taken)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "Another broadcast of this room is live. End that one first.");
      return FALSE;
    }

  rows = gr_connection_query (connection, BEGIN_BROADCAST,
                              GR_VALUES (GR_TEXT (beginning->id), GR_INTEGER (beginning->now)), error);
  return gr_store_changed (rows, NO_BROADCAST, error);
}

static gboolean
begin_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error)
{
  Beginning beginning = { id, now };

  return gr_database_transact (database_of (store), GR_WRITE, begin_in_transaction, &beginning, error);
}

static gboolean
end_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error)
{
  GrRows *rows;

  if (id != NULL)
    rows = gr_database_query (database_of (store), GR_WRITE, END_BROADCAST, GR_VALUES (GR_TEXT (id), GR_INTEGER (now)),
                              error);
  else
    rows = gr_database_query (database_of (store), GR_WRITE, END_ALL, GR_VALUES (GR_INTEGER (now)), error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
postpone_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, POSTPONE, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
delete_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const char *id = data;
  GrRows *rows = gr_connection_query (connection, IS_LIVE, GR_VALUES (GR_TEXT (id)), error);
  gboolean live;

  if (!gr_store_read_answer (rows, &live))
    return FALSE;

  if (live)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This broadcast is live. End it first.");
      return FALSE;
    }

  return gr_store_changed (gr_connection_query (connection, DELETE_BROADCAST, GR_VALUES (GR_TEXT (id)), error),
                           NO_BROADCAST, error);
}

static gboolean
delete_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  return gr_database_transact (database_of (store), GR_WRITE, delete_in_transaction, (gpointer) id, error);
}

static GPtrArray *
list_broadcasts (GrStudioStore *store, const GrBroadcastFilter *filter, gint limit, const char *after, GError **error)
{
  const char *whose = filter->room_id != NULL ? filter->room_id : filter->owner_id;
  GrValue values[] = { GR_PAGE_BEFORE (after), GR_INTEGER (limit),
                       GR_INTEGER (filter->has_status ? (gint64) filter->status : -1), GR_TEXT (whose) };
  const char *sql = filter->everywhere ? LIST_ALL : LIST_PUBLIC;
  GrRows *rows;

  if (filter->room_id != NULL)
    sql = LIST_ROOM;
  else if (filter->owner_id != NULL)
    sql = LIST_OWNER;

  rows = gr_database_query (database_of (store), GR_READ, sql, values, whose != NULL ? 4 : 3, error);

  return gr_store_read_all (rows, read_broadcast, (GDestroyNotify) gr_broadcast_record_free);
}

void
gr_store_implement_broadcasts (GrStudioStoreInterface *iface)
{
  iface->add_broadcast = add_broadcast;
  iface->get_broadcast = get_broadcast;
  iface->update_broadcast = update_broadcast;
  iface->set_scene = set_scene;
  iface->begin_broadcast = begin_broadcast;
  iface->end_broadcast = end_broadcast;
  iface->postpone_broadcast = postpone_broadcast;
  iface->delete_broadcast = delete_broadcast;
  iface->list_broadcasts = list_broadcasts;
}
