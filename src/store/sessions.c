/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "store/queries.h"

#define NO_SESSION "There is no such session."

#define SESSION_COLUMNS "id, account_id, agent, address, created_at, used_at, expires_at"

#define ADD_SESSION                                                                                                    \
  "INSERT INTO sessions (id, account_id, agent, address, created_at, used_at, expires_at)"                             \
  " VALUES ($1, $2, coalesce ($3, ''), coalesce ($4, ''), $5, $6, $7)"

#define ADD_TOKEN "INSERT INTO tokens (hash, session_id, expires_at) VALUES ($1, $2, $3)"

#define FIND_TOKEN                                                                                                     \
  "SELECT t.session_id, t.used, t.expires_at, s.revoked"                                                               \
  " FROM tokens AS t JOIN sessions AS s ON s.id = t.session_id WHERE t.hash = $1"

#define USE_TOKEN "UPDATE tokens SET used = 1 WHERE hash = $1"

#define REFRESH_SESSION                                                                                                \
  "UPDATE sessions SET address = coalesce ($2, ''), used_at = $3, expires_at = $4 WHERE id = $1 "                      \
  "RETURNING " SESSION_COLUMNS

#define REVOKE_FAMILY "UPDATE sessions SET revoked = 1 WHERE id = $1"
#define REVOKE_SESSION "UPDATE sessions SET revoked = 1 WHERE id = $1 AND account_id = $2 AND revoked = 0"
#define REVOKE_OTHERS                                                                                                  \
  "UPDATE sessions SET revoked = 1 WHERE account_id = $1 AND id <> coalesce ($2, '') AND revoked = 0"
#define REVOKE_BY_TOKEN                                                                                                \
  "UPDATE sessions SET revoked = 1 WHERE id = (SELECT session_id FROM tokens WHERE hash = $1) RETURNING account_id"

#define GET_SESSION_ACCOUNT                                                                                            \
  "SELECT " GR_ACCOUNT_COLUMNS " FROM sessions JOIN accounts ON accounts.id = sessions.account_id"                     \
  " WHERE sessions.id = $1 AND sessions.revoked = 0 AND sessions.expires_at > $2"

#define LIST_SESSIONS                                                                                                  \
  "SELECT " SESSION_COLUMNS " FROM sessions WHERE account_id = $1 AND revoked = 0 AND expires_at > $2"                 \
  " ORDER BY used_at DESC, id DESC"

typedef struct
{
  const GrSession *session;
  const char *token_hash;
} GrSessionStart;

typedef struct
{
  const char *token_hash;
  const char *next_hash;
  const char *address;
  gint64 now;
  gint64 expires_at;

  GrSession *session; /* the outcome: the session, or why there is none */
  GrErrorCode refusal;
} GrRotation;

static gpointer
read_session (GrRows *rows)
{
  GrSession *session = g_new0 (GrSession, 1);

  session->id = gr_rows_dup (rows, 0);
  session->account_id = gr_rows_dup (rows, 1);
  session->agent = gr_rows_dup (rows, 2);
  session->address = gr_rows_dup (rows, 3);
  session->created_at = gr_rows_integer (rows, 4);
  session->used_at = gr_rows_integer (rows, 5);
  session->expires_at = gr_rows_integer (rows, 6);
  return session;
}

static gboolean
add_token (GrConnection *connection, const char *hash, const char *session_id, gint64 expires_at, GError **error)
{
  GrRows *rows = gr_connection_query (connection, ADD_TOKEN,
                                      GR_VALUES (GR_TEXT (hash), GR_TEXT (session_id), GR_INTEGER (expires_at)), error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
add_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrSessionStart *start = data;
  const GrSession *session = start->session;
  GrRows *rows
      = gr_connection_query (connection, ADD_SESSION,
                             GR_VALUES (GR_TEXT (session->id), GR_TEXT (session->account_id), GR_TEXT (session->agent),
                                        GR_TEXT (session->address), GR_INTEGER (session->created_at),
                                        GR_INTEGER (session->used_at), GR_INTEGER (session->expires_at)),
                             error);

  return gr_store_changed (rows, NULL, error)
         && add_token (connection, start->token_hash, session->id, session->expires_at, error);
}

static gboolean
add_session (GrStore *store, const GrSession *session, const char *token_hash, GError **error)
{
  GrSessionStart start = { session, token_hash };

  return gr_database_transact (gr_store_get_database (store), GR_WRITE, add_in_transaction, &start, error);
}

static gboolean
trade_token (GrConnection *connection, GrRotation *rotation, const char *session_id, GError **error)
{
  GrRows *used = gr_connection_query (connection, USE_TOKEN, GR_VALUES (GR_TEXT (rotation->token_hash)), error);
  GrRows *refreshed;

  if (!gr_store_changed (used, NULL, error)
      || !add_token (connection, rotation->next_hash, session_id, rotation->expires_at, error))
    return FALSE;

  refreshed = gr_connection_query (connection, REFRESH_SESSION,
                                   GR_VALUES (GR_TEXT (session_id), GR_TEXT (rotation->address),
                                              GR_INTEGER (rotation->now), GR_INTEGER (rotation->expires_at)),
                                   error);
  rotation->session = gr_store_read_one (refreshed, read_session, NO_SESSION, error);
  return rotation->session != NULL;
}

/* A refusal is an outcome, not a failure: the revocation that goes with it has to be committed. */
static gboolean
rotate_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  GrRotation *rotation = data;
  g_autoptr (GrRows) token
      = gr_connection_query (connection, FIND_TOKEN, GR_VALUES (GR_TEXT (rotation->token_hash)), error);
  const char *session_id;

  g_clear_pointer (&rotation->session, gr_session_free);
  rotation->refusal = GR_ERROR_TOKEN_INVALID;
  if (token == NULL)
    return FALSE;

  if (!gr_rows_next (token) || gr_rows_boolean (token, 3))
    return TRUE;

  session_id = gr_rows_text (token, 0);
  if (gr_rows_boolean (token, 1))
    return gr_store_changed (gr_connection_query (connection, REVOKE_FAMILY, GR_VALUES (GR_TEXT (session_id)), error),
                             NULL, error);

  if (gr_rows_integer (token, 2) <= rotation->now)
    {
      rotation->refusal = GR_ERROR_TOKEN_EXPIRED;
      return TRUE;
    }

  return trade_token (connection, rotation, session_id, error);
}

static GrSession *
rotate_session (GrStore *store,
                const char *token_hash,
                const char *next_hash,
                const char *address,
                gint64 now,
                gint64 expires_at,
                GError **error)
{
  GrRotation rotation = { token_hash, next_hash, address, now, expires_at, NULL, GR_ERROR_TOKEN_INVALID };

  if (!gr_database_transact (gr_store_get_database (store), GR_WRITE, rotate_in_transaction, &rotation, error))
    {
      g_clear_pointer (&rotation.session, gr_session_free);
      return NULL;
    }

  if (rotation.session == NULL)
    gr_set_error (error, rotation.refusal, NULL, "Please sign in again.");

  return rotation.session;
}

static GrAccount *
get_session_account (GrStore *store, const char *session_id, gint64 now, GError **error)
{
  g_autoptr (GrRows) rows = gr_database_query (gr_store_get_database (store), GR_READ, GET_SESSION_ACCOUNT,
                                               GR_VALUES (GR_TEXT (session_id), GR_INTEGER (now)), error);

  if (rows == NULL)
    return NULL;

  if (!gr_rows_next (rows))
    {
      gr_set_error (error, GR_ERROR_TOKEN_INVALID, NULL, "This session is over. Please sign in again.");
      return NULL;
    }

  return gr_store_read_account (rows);
}

static GPtrArray *
list_sessions (GrStore *store, const char *account_id, gint64 now, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, LIST_SESSIONS,
                                    GR_VALUES (GR_TEXT (account_id), GR_INTEGER (now)), error);

  return gr_store_read_all (rows, read_session, (GDestroyNotify) gr_session_free);
}

static gboolean
revoke_session (GrStore *store, const char *account_id, const char *session_id, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, REVOKE_SESSION,
                                    GR_VALUES (GR_TEXT (session_id), GR_TEXT (account_id)), error);

  return gr_store_changed (rows, NO_SESSION, error);
}

static gboolean
revoke_session_by_token (GrStore *store, const char *token_hash, char **account_id, GError **error)
{
  g_autoptr (GrRows) rows = gr_database_query (gr_store_get_database (store), GR_WRITE, REVOKE_BY_TOKEN,
                                               GR_VALUES (GR_TEXT (token_hash)), error);

  *account_id = rows != NULL && gr_rows_next (rows) ? gr_rows_dup (rows, 0) : NULL;
  return rows != NULL;
}

static gboolean
revoke_other_sessions (GrStore *store, const char *account_id, const char *keep_session_id, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, REVOKE_OTHERS,
                                    GR_VALUES (GR_TEXT (account_id), GR_TEXT (keep_session_id)), error);

  return gr_store_changed (rows, NULL, error);
}

void
gr_store_implement_sessions (GrStoreInterface *iface)
{
  iface->add_session = add_session;
  iface->rotate_session = rotate_session;
  iface->get_session_account = get_session_account;
  iface->list_sessions = list_sessions;
  iface->revoke_session = revoke_session;
  iface->revoke_session_by_token = revoke_session_by_token;
  iface->revoke_other_sessions = revoke_other_sessions;
}
