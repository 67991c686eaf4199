/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/queries.h"

#define ADD_BAN                                                                                                        \
  "INSERT INTO bans (id, room_id, account_id, address_hash, name, created_at)"                                         \
  " VALUES ($1, $2, $3, $4, coalesce ($5, ''), $6)"

#define LIST_BANS                                                                                                      \
  "SELECT id, room_id, account_id, address_hash, name, created_at FROM bans WHERE room_id = $1 ORDER BY id DESC"

#define IS_BANNED                                                                                                      \
  "SELECT EXISTS (SELECT 1 FROM bans WHERE room_id = $1 AND account_id = $2)"                                          \
  " OR EXISTS (SELECT 1 FROM bans WHERE room_id = $1 AND address_hash = $3)"

#define DELETE_BAN "DELETE FROM bans WHERE id = $1 AND room_id = $2"

static gpointer
read_ban (GrRows *rows)
{
  GrBan *ban = g_new0 (GrBan, 1);

  ban->id = gr_rows_dup (rows, 0);
  ban->room_id = gr_rows_dup (rows, 1);
  ban->account_id = gr_rows_dup (rows, 2);
  ban->address_hash = gr_rows_dup (rows, 3);
  ban->name = gr_rows_dup (rows, 4);
  ban->created_at = gr_rows_integer (rows, 5);
  return ban;
}

static gboolean
add_ban (GrStore *store, const GrBan *ban, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_WRITE, ADD_BAN,
                           GR_VALUES (GR_TEXT (ban->id), GR_TEXT (ban->room_id), GR_TEXT (ban->account_id),
                                      GR_TEXT (ban->address_hash), GR_TEXT (ban->name), GR_INTEGER (ban->created_at)),
                           error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
is_banned (GrStore *store,
           const char *room_id,
           const char *account_id,
           const char *address_hash,
           gboolean *banned,
           GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, IS_BANNED,
                                    GR_VALUES (GR_TEXT (room_id), GR_TEXT (account_id), GR_TEXT (address_hash)), error);

  return gr_store_read_answer (rows, banned);
}

static GPtrArray *
list_bans (GrStore *store, const char *room_id, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_READ, LIST_BANS, GR_VALUES (GR_TEXT (room_id)), error);

  return gr_store_read_all (rows, read_ban, (GDestroyNotify) gr_ban_free);
}

static gboolean
delete_ban (GrStore *store, const char *room_id, const char *ban_id, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, DELETE_BAN,
                                    GR_VALUES (GR_TEXT (ban_id), GR_TEXT (room_id)), error);

  return gr_store_changed (rows, "There is no such ban.", error);
}

void
gr_store_implement_bans (GrStoreInterface *iface)
{
  iface->add_ban = add_ban;
  iface->is_banned = is_banned;
  iface->list_bans = list_bans;
  iface->delete_ban = delete_ban;
}
