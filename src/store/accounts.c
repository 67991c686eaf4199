/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "store/queries.h"

#define NO_ACCOUNT "There is no such account."

/* accounts.role counts from 0, a guest, to 3, an administrator. */
#define ADD_ACCOUNT                                                                                                    \
  "INSERT INTO accounts (id, email, email_key, name, name_key, password_hash, role, created_at)"                       \
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"

#define EMAIL_IS_TAKEN "SELECT EXISTS (SELECT 1 FROM accounts WHERE email_key = $1 AND id <> $2)"
#define NAME_IS_TAKEN "SELECT EXISTS (SELECT 1 FROM accounts WHERE name_key = $1 AND role > 0 AND id <> $2)"

#define GET_ACCOUNT "SELECT " GR_ACCOUNT_COLUMNS " FROM accounts WHERE id = $1"
#define FIND_BY_EMAIL "SELECT " GR_ACCOUNT_COLUMNS " FROM accounts WHERE email_key = $1 AND role > 0"
#define FIND_BY_NAME "SELECT " GR_ACCOUNT_COLUMNS " FROM accounts WHERE name_key = $1 AND role > 0"

#define LIST_ACCOUNTS "SELECT " GR_ACCOUNT_COLUMNS " FROM accounts WHERE role > 0 AND id < $1 ORDER BY id DESC LIMIT $2"

#define UPDATE_ACCOUNT                                                                                                 \
  "UPDATE accounts SET email = $2, email_key = $3, name = $4, name_key = $5, password_hash = $6, role = $7"            \
  " WHERE id = $1"

#define HAS_ADMINISTRATOR "SELECT EXISTS (SELECT 1 FROM accounts WHERE role = 3)"

typedef struct
{
  const GrAccount *account;
  char *email_key;
  char *name_key;
} GrAccountWrite;

/* Text that is equal for what people take for the same: the compatibility form of Unicode, without case. */
static char *
fold (const char *text)
{
  g_autofree char *normal = text != NULL ? g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
  g_autofree char *folded = normal != NULL ? g_utf8_casefold (normal, -1) : NULL;

  return folded != NULL ? g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE) : NULL;
}

gpointer
gr_store_read_account (GrRows *rows)
{
  GrAccount *account = g_new0 (GrAccount, 1);

  account->id = gr_rows_dup (rows, 0);
  account->email = gr_rows_dup (rows, 1);
  account->name = gr_rows_dup (rows, 2);
  account->password_hash = gr_rows_dup (rows, 3);
  account->role = gr_rows_integer (rows, 4);
  account->created_at = gr_rows_integer (rows, 5);
  return account;
}

static gboolean
ask (GrConnection *connection, const char *sql, const GrValue *values, gsize n_values, gboolean *answer, GError **error)
{
  return gr_store_read_answer (gr_connection_query (connection, sql, values, n_values, error), answer);
}

/* EMAIL_TAKEN or NAME_TAKEN when another account has them. Guests have no e-mail, and names that many may have. */
static gboolean
check_taken (GrConnection *connection, const GrAccountWrite *write, GError **error)
{
  const GrAccount *account = write->account;
  gboolean taken = FALSE;

  if (write->email_key != NULL
      && !ask (connection, EMAIL_IS_TAKEN, GR_VALUES (GR_TEXT (write->email_key), GR_TEXT (account->id)), &taken,
               error))
    return FALSE;

  if (taken)
    {
      gr_set_error (error, GR_ERROR_EMAIL_TAKEN, "email", "There is an account with this e-mail address already.");
      return FALSE;
    }

  if (account->role > GR_ROLE_GUEST
      && !ask (connection, NAME_IS_TAKEN, GR_VALUES (GR_TEXT (write->name_key), GR_TEXT (account->id)), &taken, error))
    return FALSE;

  if (taken)
    {
      gr_set_error (error, GR_ERROR_NAME_TAKEN, "name", "This name is taken.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
add_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrAccountWrite *write = data;
  const GrAccount *account = write->account;
  GrRows *rows;

  if (!check_taken (connection, write, error))
    return FALSE;

  rows = gr_connection_query (connection, ADD_ACCOUNT,
                              GR_VALUES (GR_TEXT (account->id), GR_TEXT (account->email), GR_TEXT (write->email_key),
                                         GR_TEXT (account->name), GR_TEXT (write->name_key),
                                         GR_TEXT (account->password_hash), GR_INTEGER (account->role),
                                         GR_INTEGER (account->created_at)),
                              error);
  return gr_store_changed (rows, NULL, error);
}

static gboolean
update_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrAccountWrite *write = data;
  const GrAccount *account = write->account;
  gboolean had_administrator, has_administrator;
  GrRows *rows;

  if (!check_taken (connection, write, error)
      || !ask (connection, HAS_ADMINISTRATOR, GR_NO_VALUES, &had_administrator, error))
    return FALSE;

  rows = gr_connection_query (connection, UPDATE_ACCOUNT,
                              GR_VALUES (GR_TEXT (account->id), GR_TEXT (account->email), GR_TEXT (write->email_key),
                                         GR_TEXT (account->name), GR_TEXT (write->name_key),
                                         GR_TEXT (account->password_hash), GR_INTEGER (account->role)),
                              error);
  if (!gr_store_changed (rows, NO_ACCOUNT, error)
      || !ask (connection, HAS_ADMINISTRATOR, GR_NO_VALUES, &has_administrator, error))
    return FALSE;

  if (had_administrator && !has_administrator)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "role", "The server needs at least one administrator.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
write_account (GrStore *store, GrTransaction transaction, const GrAccount *account, GError **error)
{
  g_autofree char *email_key = fold (account->email);
  g_autofree char *name_key = fold (account->name);
  GrAccountWrite write = { account, email_key, name_key };

  return gr_database_transact (gr_store_get_database (store), GR_WRITE, transaction, &write, error);
}

static gboolean
add_account (GrStore *store, const GrAccount *account, GError **error)
{
  return write_account (store, add_in_transaction, account, error);
}

static gboolean
update_account (GrStore *store, const GrAccount *account, GError **error)
{
  return write_account (store, update_in_transaction, account, error);
}

static GrAccount *
find_one (GrStore *store, const char *sql, const char *key, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, sql, GR_VALUES (GR_TEXT (key)), error);

  return gr_store_read_one (rows, gr_store_read_account, NO_ACCOUNT, error);
}

static GrAccount *
get_account (GrStore *store, const char *id, GError **error)
{
  return find_one (store, GET_ACCOUNT, id, error);
}

/* A name may look like an e-mail address; then the account that has the address comes first. */
static GrAccount *
find_account (GrStore *store, const char *email_or_name, GError **error)
{
  g_autofree char *key = fold (email_or_name);
  g_autoptr (GError) reason = NULL;
  GrAccount *account;

  if (key == NULL || strchr (key, '@') == NULL)
    return find_one (store, FIND_BY_NAME, key, error);

  account = find_one (store, FIND_BY_EMAIL, key, &reason);
  if (account != NULL || !g_error_matches (reason, GR_ERROR, GR_ERROR_NOT_FOUND))
    {
      if (account == NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
      return account;
    }

  return find_one (store, FIND_BY_NAME, key, error);
}

static GPtrArray *
list_accounts (GrStore *store, gint limit, const char *after, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, LIST_ACCOUNTS,
                                    GR_VALUES (GR_PAGE_BEFORE (after), GR_INTEGER (limit)), error);

  return gr_store_read_all (rows, gr_store_read_account, (GDestroyNotify) gr_account_free);
}

static gboolean
has_administrator (GrStore *store, gboolean *answer, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, HAS_ADMINISTRATOR, GR_NO_VALUES, error);

  return gr_store_read_answer (rows, answer);
}

void
gr_store_implement_accounts (GrStoreInterface *iface)
{
  iface->add_account = add_account;
  iface->get_account = get_account;
  iface->find_account = find_account;
  iface->update_account = update_account;
  iface->list_accounts = list_accounts;
  iface->has_administrator = has_administrator;
}
