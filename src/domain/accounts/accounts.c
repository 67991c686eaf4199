/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "accounts"

#include "domain/accounts/accounts-private.h"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/password.h"
#include "base/time.h"

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GrAccounts, gr_accounts, G_TYPE_OBJECT)

char *
gr_accounts_fold_email (const char *email)
{
  g_autofree char *stripped = g_strstrip (g_strdup (email));

  return g_utf8_strdown (stripped, -1);
}

static GrAccount *
make_account (const char *email, const char *password, const char *name, GrRole role, GError **error)
{
  g_autoptr (GrAccount) account = g_new0 (GrAccount, 1);

  account->id = gr_id_new ();
  account->name = g_strdup (name);
  account->role = role;
  account->created_at = gr_now ();

  if (role == GR_ROLE_GUEST)
    return g_steal_pointer (&account);

  account->email = gr_accounts_fold_email (email);
  account->password_hash = gr_password_hash (password, error);

  if (account->password_hash == NULL)
    return NULL;

  return g_steal_pointer (&account);
}

/* Takes the token away, so that of two who bring it at once only one gets further. A wrong one changes nothing. */
static char *
take_setup (GrAccounts *accounts, const char *setup, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->setup_lock);

  if (accounts->setup_token != NULL && gr_equal_secret (accounts->setup_token, setup))
    return g_steal_pointer (&accounts->setup_token);

  gr_set_error (error, GR_ERROR_FORBIDDEN, "setup", "This administrator link is no longer good");
  return NULL;
}

/* No account came of it: the link stays good. */
static void
return_setup (GrAccounts *accounts, char *token)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->setup_lock);

  accounts->setup_token = token;
}

static void
close_setup (GrAccounts *accounts)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->setup_lock);

  g_clear_pointer (&accounts->setup_token, g_free);
}

/* What main is told. */
typedef struct
{
  GrAccounts *accounts;
  char *account_id;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->accounts);
  g_free (change->account_id);
  g_free (change);
}

static void
emit_changed (gpointer data)
{
  const Change *change = data;

  g_signal_emit (change->accounts, signals[SIGNAL_CHANGED], 0, change->account_id);
}

void
gr_accounts_tell_changed (GrAccounts *accounts, const char *account_id)
{
  Change *change;

  if (account_id == NULL)
    return;

  change = g_new0 (Change, 1);
  change->accounts = g_object_ref (accounts);
  change->account_id = g_strdup (account_id);
  gr_main_post (emit_changed, change, change_free);
}

static void
gr_accounts_finalize (GObject *object)
{
  GrAccounts *accounts = GR_ACCOUNTS (object);

  g_clear_object (&accounts->store);
  g_clear_pointer (&accounts->config, gr_config_unref);
  g_clear_pointer (&accounts->logins, gr_rate_limiter_free);
  g_clear_pointer (&accounts->setup_token, g_free);
  g_mutex_clear (&accounts->setup_lock);
  g_mutex_clear (&accounts->updating);

  G_OBJECT_CLASS (gr_accounts_parent_class)->finalize (object);
}

static void
gr_accounts_class_init (GrAccountsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_accounts_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", GR_TYPE_ACCOUNTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
gr_accounts_init (GrAccounts *accounts)
{
  g_mutex_init (&accounts->setup_lock);
  g_mutex_init (&accounts->updating);
}

GrAccounts *
gr_accounts_new (GrStore *store, GrConfig *config, const GrJwtKey *key)
{
  GrAccounts *accounts = g_object_new (GR_TYPE_ACCOUNTS, NULL);
  double per_minute = gr_config_get_int (config, "limits", "login-per-minute");

  accounts->store = g_object_ref (store);
  accounts->config = gr_config_ref (config);
  accounts->key = *key;
  accounts->logins = gr_rate_limiter_new (per_minute / 60, per_minute, 10000);

  return accounts;
}

GrSignedIn *
gr_accounts_register (GrAccounts *accounts,
                      const char *email,
                      const char *password,
                      const char *name,
                      const char *setup,
                      const GrDevice *device,
                      GError **error)
{
  g_autoptr (GrAccount) account = NULL;
  g_autofree char *taken = setup != NULL ? take_setup (accounts, setup, error) : NULL;

  if (setup != NULL && taken == NULL)
    return NULL;

  if (setup == NULL && !gr_config_get_bool (accounts->config, "accounts", "registration"))
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "This server makes no new accounts; ask its administrator");
      return NULL;
    }

  account = make_account (email, password, name, setup != NULL ? GR_ROLE_ADMIN : GR_ROLE_USER, error);

  if (account == NULL || !gr_store_add_account (accounts->store, account, error))
    {
      if (taken != NULL)
        return_setup (accounts, g_steal_pointer (&taken));
      return NULL;
    }

  gr_info ("account %s registered as %s", account->id, gr_role_to_string (account->role));

  return gr_accounts_begin_session (accounts, g_steal_pointer (&account), device, error);
}

GrSignedIn *
gr_accounts_guest (GrAccounts *accounts, const char *name, const GrDevice *device, GError **error)
{
  g_autoptr (GrAccount) account = NULL;

  if (!gr_config_get_bool (accounts->config, "rooms", "guests"))
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "This server lets nobody in without an account");
      return NULL;
    }

  account = make_account (NULL, NULL, name, GR_ROLE_GUEST, error);

  if (account == NULL || !gr_store_add_account (accounts->store, account, error))
    return NULL;

  return gr_accounts_begin_session (accounts, g_steal_pointer (&account), device, error);
}

static gboolean
check_current_password (GrAccounts *accounts, const GrCaller *caller, const char *password, GError **error)
{
  g_autoptr (GrAccount) account = gr_store_get_account (accounts->store, caller->account->id, error);
  g_autoptr (GError) local_error = NULL;

  if (account == NULL)
    return FALSE;

  if (password != NULL && gr_password_verify (account->password_hash, password, &local_error))
    return TRUE;

  if (local_error != NULL && !g_error_matches (local_error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS))
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    gr_set_error (error, GR_ERROR_BAD_CREDENTIALS, "currentPassword", "The current password is wrong");

  return FALSE;
}

static void
replace (char **member, const char *value)
{
  if (value == NULL)
    return;

  g_free (*member);
  *member = g_strdup (value);
}

static GrAccount *
write_change (
    GrAccounts *accounts, const char *id, const GrProfileChange *change, const char *password_hash, GError **error)
{
  g_autofree char *email = change->email != NULL ? gr_accounts_fold_email (change->email) : NULL;
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->updating);
  g_autoptr (GrAccount) account = gr_store_get_account (accounts->store, id, error);

  if (account == NULL)
    return NULL;

  replace (&account->name, change->name);
  replace (&account->email, email);
  replace (&account->password_hash, password_hash);

  if (!gr_store_update_account (accounts->store, account, error))
    return NULL;

  return g_steal_pointer (&account);
}

GrAccount *
gr_accounts_change (GrAccounts *accounts, const GrCaller *caller, const GrProfileChange *change, GError **error)
{
  g_autofree char *password_hash = NULL;
  g_autoptr (GrAccount) account = NULL;

  if ((change->email != NULL || change->password != NULL)
      && !check_current_password (accounts, caller, change->current_password, error))
    return NULL;

  if (change->password != NULL)
    {
      password_hash = gr_password_hash (change->password, error);
      if (password_hash == NULL)
        return NULL;
    }

  account = write_change (accounts, caller->account->id, change, password_hash, error);

  if (account == NULL
      || (change->password != NULL
          && !gr_store_revoke_other_sessions (accounts->store, account->id, caller->session_id, error)))
    return NULL;

  if (change->password != NULL)
    gr_accounts_tell_changed (accounts, account->id);
  return g_steal_pointer (&account);
}

GrAccount *
gr_accounts_set_role (GrAccounts *accounts, const char *account_id, GrRole role, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->updating);
  g_autoptr (GrAccount) account = gr_store_get_account (accounts->store, account_id, error);

  if (account == NULL)
    return NULL;

  if (account->role == GR_ROLE_GUEST || role == GR_ROLE_GUEST)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "role", "A guest has no other role, and an account is no guest");
      return NULL;
    }

  account->role = role;

  if (!gr_store_update_account (accounts->store, account, error))
    return NULL;

  if (role == GR_ROLE_ADMIN)
    close_setup (accounts);

  gr_info ("account %s is %s now", account->id, gr_role_to_string (role));
  gr_accounts_tell_changed (accounts, account->id);

  return g_steal_pointer (&account);
}

GrAccount *
gr_accounts_add (
    GrAccounts *accounts, const char *email, const char *password, const char *name, GrRole role, GError **error)
{
  g_autoptr (GrAccount) account = make_account (email, password, name, role, error);

  if (account == NULL || !gr_store_add_account (accounts->store, account, error))
    return NULL;

  if (role == GR_ROLE_ADMIN)
    close_setup (accounts);

  return g_steal_pointer (&account);
}

const char *
gr_accounts_open_setup (GrAccounts *accounts, GError **error)
{
  gboolean has_administrator;

  if (!gr_store_has_administrator (accounts->store, &has_administrator, error) || has_administrator)
    return NULL;

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->setup_lock);

  if (accounts->setup_token == NULL)
    accounts->setup_token = gr_token_new (24);

  return accounts->setup_token;
}
