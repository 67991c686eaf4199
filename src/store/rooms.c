/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "base/id.h"
#include "store/queries.h"

#define NO_ROOM "There is no such room."

#define ROOMS                                                                                                          \
  "SELECT r.id, r.slug, r.title, r.description, r.owner_id, o.name, r.visibility, r.capacity, r.waiting_room,"         \
  " r.guests, r.locked, r.created_at, r.p2p_max"                                                                       \
  " FROM rooms AS r JOIN accounts AS o ON o.id = r.owner_id"

#define ADD_ROOM                                                                                                       \
  "INSERT INTO rooms (id, slug, title, description, owner_id, visibility, capacity, waiting_room, guests, locked,"     \
  " created_at, p2p_max)"                                                                                              \
  " VALUES ($1, $2, $3, coalesce ($4, ''), $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (slug) DO NOTHING"

#define FIND_BY_ID ROOMS " WHERE r.id = $1"
#define FIND_BY_SLUG ROOMS " WHERE r.slug = $1"

#define SLUG_IS_TAKEN "SELECT EXISTS (SELECT 1 FROM rooms WHERE slug = $1 AND id <> $2)"

#define UPDATE_ROOM                                                                                                    \
  "UPDATE rooms SET slug = $2, title = $3, description = coalesce ($4, ''), visibility = $5, capacity = $6,"           \
  " waiting_room = $7, guests = $8, locked = $9, p2p_max = $10 WHERE id = $1"

#define DELETE_ROOM "DELETE FROM rooms WHERE id = $1"

/* rooms.visibility 2 is public. */
#define LIST_PUBLIC ROOMS " WHERE r.visibility = 2 AND r.id < $1 ORDER BY r.id DESC LIMIT $2"
#define LIST_OF ROOMS " WHERE r.owner_id = $3 AND r.id < $1 ORDER BY r.id DESC LIMIT $2"
#define LIST_ALL ROOMS " WHERE r.id < $1 ORDER BY r.id DESC LIMIT $2"

/* Moderators are there by their office (OF_A_MODERATOR in seats.c). */
#define WAS_INSIDE                                                                                                     \
  "SELECT (EXISTS (SELECT 1 FROM rooms WHERE id = $1 AND owner_id = $2)"                                               \
  " OR EXISTS (SELECT 1 FROM seats WHERE room_id = $1 AND account_id = $2 AND NOT (role = 0 AND standing <> 0)))"      \
  " AND NOT EXISTS (SELECT 1 FROM bans WHERE room_id = $1 AND account_id = $2)"

static gpointer
read_room (GrRows *rows)
{
  GrRoomRecord *room = g_new0 (GrRoomRecord, 1);

  room->id = gr_rows_dup (rows, 0);
  room->slug = gr_rows_dup (rows, 1);
  room->title = gr_rows_dup (rows, 2);
  room->description = gr_rows_dup (rows, 3);
  room->owner_id = gr_rows_dup (rows, 4);
  room->owner_name = gr_rows_dup (rows, 5);
  room->visibility = gr_rows_integer (rows, 6);
  room->capacity = gr_rows_integer (rows, 7);
  room->waiting_room = gr_rows_boolean (rows, 8);
  room->guests = gr_rows_boolean (rows, 9);
  room->locked = gr_rows_boolean (rows, 10);
  room->created_at = gr_rows_integer (rows, 11);
  room->p2p_max = gr_rows_integer (rows, 12);
  return room;
}

static void
set_slug_taken (GError **error)
{
  gr_set_error (error, GR_ERROR_SLUG_TAKEN, "slug", "Another room has this address.");
}

static gboolean
add_room (GrStore *store, const GrRoomRecord *room, GError **error)
{
  g_autoptr (GrRows) rows = gr_database_query (gr_store_get_database (store), GR_WRITE, ADD_ROOM,
                                               GR_VALUES (GR_TEXT (room->id), GR_TEXT (room->slug),
                                                          GR_TEXT (room->title), GR_TEXT (room->description),
                                                          GR_TEXT (room->owner_id), GR_INTEGER (room->visibility),
                                                          GR_INTEGER (room->capacity), GR_INTEGER (room->waiting_room),
                                                          GR_INTEGER (room->guests), GR_INTEGER (room->locked),
                                                          GR_INTEGER (room->created_at), GR_INTEGER (room->p2p_max)),
                                               error);

  if (rows == NULL)
    return FALSE;

  if (gr_rows_changed (rows) == 0)
    {
      set_slug_taken (error);
      return FALSE;
    }

  return TRUE;
}

static GrRoomRecord *
find_one (GrStore *store, const char *sql, const char *key, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, sql, GR_VALUES (GR_TEXT (key)), error);

  return gr_store_read_one (rows, read_room, NO_ROOM, error);
}

/* A slug may look like an id; then the room that has the id comes first. */
static GrRoomRecord *
find_room (GrStore *store, const char *id_or_slug, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GrRoomRecord *room;

  if (!gr_id_is_valid (id_or_slug))
    return find_one (store, FIND_BY_SLUG, id_or_slug, error);

  room = find_one (store, FIND_BY_ID, id_or_slug, &reason);
  if (room == NULL && g_error_matches (reason, GR_ERROR, GR_ERROR_NOT_FOUND))
    return find_one (store, FIND_BY_SLUG, id_or_slug, error);

  if (room == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return room;
}

static gboolean
update_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrRoomRecord *room = data;
  GrRows *rows
      = gr_connection_query (connection, SLUG_IS_TAKEN, GR_VALUES (GR_TEXT (room->slug), GR_TEXT (room->id)), error);
  gboolean taken;

  if (!gr_store_read_answer (rows, &taken))
    return FALSE;

  if (taken)
    {
      set_slug_taken (error);
      return FALSE;
    }

  rows = gr_connection_query (connection, UPDATE_ROOM,
                              GR_VALUES (GR_TEXT (room->id), GR_TEXT (room->slug), GR_TEXT (room->title),
                                         GR_TEXT (room->description), GR_INTEGER (room->visibility),
                                         GR_INTEGER (room->capacity), GR_INTEGER (room->waiting_room),
                                         GR_INTEGER (room->guests), GR_INTEGER (room->locked),
                                         GR_INTEGER (room->p2p_max)),
                              error);
  return gr_store_changed (rows, NO_ROOM, error);
}

static gboolean
update_room (GrStore *store, const GrRoomRecord *room, GError **error)
{
  return gr_database_transact (gr_store_get_database (store), GR_WRITE, update_in_transaction, (gpointer) room, error);
}

static gboolean
delete_room (GrStore *store, const char *id, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_WRITE, DELETE_ROOM, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_changed (rows, NO_ROOM, error);
}

static GPtrArray *
list_rooms (GrStore *store, GrRoomScope scope, const char *account_id, gint limit, const char *after, GError **error)
{
  static const char *const lists[]
      = { [GR_ROOMS_PUBLIC] = LIST_PUBLIC, [GR_ROOMS_OF] = LIST_OF, [GR_ROOMS_ALL] = LIST_ALL };
  GrValue values[] = { GR_PAGE_BEFORE (after), GR_INTEGER (limit), GR_TEXT (account_id) };
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, lists[scope], values,
                                    scope == GR_ROOMS_OF ? 3 : 2, error);

  return gr_store_read_all (rows, read_room, (GDestroyNotify) gr_room_record_free);
}

static gboolean
was_inside (GrStore *store, const char *room_id, const char *account_id, gboolean *answer, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, WAS_INSIDE,
                                    GR_VALUES (GR_TEXT (room_id), GR_TEXT (account_id)), error);

  return gr_store_read_answer (rows, answer);
}

void
gr_store_implement_rooms (GrStoreInterface *iface)
{
  iface->add_room = add_room;
  iface->find_room = find_room;
  iface->update_room = update_room;
  iface->delete_room = delete_room;
  iface->list_rooms = list_rooms;
  iface->was_inside = was_inside;
}
