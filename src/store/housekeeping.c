/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/queries.h"

#define DAY (24 * G_TIME_SPAN_HOUR)

#define FORGET_TOKENS "DELETE FROM tokens WHERE expires_at < $1"
#define FORGET_SESSIONS "DELETE FROM sessions WHERE expires_at < $1"

/* A guest's account comes before its session does, hence the hour's grace. */
#define FORGET_GUESTS                                                                                                  \
  "DELETE FROM accounts WHERE role = 0 AND created_at < $1"                                                            \
  " AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.account_id = accounts.id)"                                   \
  " AND NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.owner_id = accounts.id)"

#define FORGET_INVITES "DELETE FROM invites WHERE expires_at < $1"
#define FORGET_SEATS "DELETE FROM seats WHERE left_at < $1"

static const struct
{
  const char *sql;
  gint64 grace;
} expiries[] = {
  { FORGET_TOKENS, 0 },         { FORGET_SESSIONS, 0 },     { FORGET_GUESTS, G_TIME_SPAN_HOUR },
  { FORGET_INVITES, 30 * DAY }, { FORGET_SEATS, 90 * DAY },
};

static gboolean
forget_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const gint64 *now = data;

  for (guint i = 0; i < G_N_ELEMENTS (expiries); i++)
    {
      GrRows *rows
          = gr_connection_query (connection, expiries[i].sql, GR_VALUES (GR_INTEGER (*now - expiries[i].grace)), error);

      if (!gr_store_changed (rows, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
forget_expired (GrStore *store, gint64 now, GError **error)
{
  return gr_database_transact (gr_store_get_database (store), GR_WRITE, forget_in_transaction, &now, error);
}

void
gr_store_implement_housekeeping (GrStoreInterface *iface)
{
  iface->forget_expired = forget_expired;
}
