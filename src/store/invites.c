/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "store/queries.h"

#define NO_INVITE "There is no such invite."

#define ADD_INVITE                                                                                                     \
  "INSERT INTO invites (code, room_id, role, uses, used, created_at, expires_at)"                                      \
  " VALUES ($1, $2, $3, $4, $5, $6, $7)"

#define GET_INVITE "SELECT " GR_INVITE_COLUMNS " FROM invites WHERE code = $1"

#define LIST_INVITES                                                                                                   \
  "SELECT " GR_INVITE_COLUMNS " FROM invites"                                                                          \
  " WHERE room_id = $1 AND expires_at > $2 AND (uses = 0 OR used < uses) ORDER BY created_at DESC, code"

#define DELETE_INVITE "DELETE FROM invites WHERE code = $1 AND room_id = $2"

gpointer
gr_store_read_invite (GrRows *rows)
{
  GrInvite *invite = g_new0 (GrInvite, 1);

  invite->code = gr_rows_dup (rows, 0);
  invite->room_id = gr_rows_dup (rows, 1);
  invite->role = gr_rows_integer (rows, 2);
  invite->uses = gr_rows_integer (rows, 3);
  invite->used = gr_rows_integer (rows, 4);
  invite->created_at = gr_rows_integer (rows, 5);
  invite->expires_at = gr_rows_integer (rows, 6);
  return invite;
}

gboolean
gr_store_check_invite (const GrInvite *invite, gint64 now, GError **error)
{
  if (invite->expires_at <= now || (invite->uses > 0 && invite->used >= invite->uses))
    {
      gr_set_error (error, GR_ERROR_INVITE_EXPIRED, "invite", "This invite is no longer good. Ask for a new one.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
add_invite (GrStore *store, const GrInvite *invite, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_WRITE, ADD_INVITE,
                           GR_VALUES (GR_TEXT (invite->code), GR_TEXT (invite->room_id), GR_INTEGER (invite->role),
                                      GR_INTEGER (invite->uses), GR_INTEGER (invite->used),
                                      GR_INTEGER (invite->created_at), GR_INTEGER (invite->expires_at)),
                           error);

  return gr_store_changed (rows, NULL, error);
}

static GrInvite *
get_invite (GrStore *store, const char *code, gint64 now, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_READ, GET_INVITE, GR_VALUES (GR_TEXT (code)), error);
  g_autoptr (GrInvite) invite = gr_store_read_one (rows, gr_store_read_invite, NO_INVITE, error);

  if (invite == NULL || !gr_store_check_invite (invite, now, error))
    return NULL;

  return g_steal_pointer (&invite);
}

static GPtrArray *
list_invites (GrStore *store, const char *room_id, gint64 now, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, LIST_INVITES,
                                    GR_VALUES (GR_TEXT (room_id), GR_INTEGER (now)), error);

  return gr_store_read_all (rows, gr_store_read_invite, (GDestroyNotify) gr_invite_free);
}

static gboolean
delete_invite (GrStore *store, const char *room_id, const char *code, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, DELETE_INVITE,
                                    GR_VALUES (GR_TEXT (code), GR_TEXT (room_id)), error);

  return gr_store_changed (rows, NO_INVITE, error);
}

void
gr_store_implement_invites (GrStoreInterface *iface)
{
  iface->add_invite = add_invite;
  iface->get_invite = get_invite;
  iface->list_invites = list_invites;
  iface->delete_invite = delete_invite;
}
