/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "accounts"

#include "domain/accounts/accounts.h"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/password.h"
#include "base/rate-limiter.h"
#include "base/time.h"

#define SECONDS G_TIME_SPAN_SECOND
#define REFRESH_TOKEN_BYTES 32
#define AGENT_MAX_BYTES 200
#define GUEST_REFRESH_SECONDS (24 * 60 * 60)

struct _GrAccounts
{
  GObject parent;

  GrStore *store;
  GrConfig *config;
  GrJwtKey key;
  GrRateLimiter *logins; /* per account, whatever the address */

  GMutex updating; /* held from reading an account to writing it, or two changes would undo each other */

  GMutex setup_lock;
  char *setup_token; /* (lock: setup_lock) */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GrAccounts, gr_accounts, G_TYPE_OBJECT)

static char *
fold_email (const char *email)
{
  g_autofree char *stripped = g_strstrip (g_strdup (email));

  return g_utf8_strdown (stripped, -1);
}

static char *
cut_agent (const char *agent)
{
  g_autofree char *valid = g_utf8_make_valid (agent != NULL ? agent : "", -1);
  gsize length = strlen (valid);

  if (length > AGENT_MAX_BYTES)
    *g_utf8_find_prev_char (valid, valid + AGENT_MAX_BYTES + 1) = '\0';

  return g_steal_pointer (&valid);
}

static gint64
refresh_span (GrAccounts *accounts, GrRole role)
{
  if (role == GR_ROLE_GUEST)
    return GUEST_REFRESH_SECONDS * SECONDS;

  return gr_config_get_int (accounts->config, "accounts", "refresh-days") * G_TIME_SPAN_DAY;
}

static GrSignedIn *
sign_in (GrAccounts *accounts, GrAccount *account, const char *session_id, gint64 now)
{
  GrSignedIn *signed_in = g_new0 (GrSignedIn, 1);
  GrClaims claims = {
    .sub = account->id,
    .sid = (char *) session_id,
    .role = (char *) gr_role_to_string (account->role),
    .name = account->name,
    .aud = (char *) GR_AUDIENCE_ACCESS,
    .iat = now,
    .exp = now + gr_config_get_int (accounts->config, "accounts", "access-minutes") * G_TIME_SPAN_MINUTE,
  };

  signed_in->account = account;
  signed_in->session_id = g_strdup (session_id);
  signed_in->access_token = gr_jwt_sign (&accounts->key, &claims);
  signed_in->access_expires_at = claims.exp;
  signed_in->refresh_expires_at = now + refresh_span (accounts, account->role);

  return signed_in;
}

/* Begins a session for @account, which it takes, also on failure. */
static GrSignedIn *
begin_session (GrAccounts *accounts, GrAccount *account, const GrDevice *device, GError **error)
{
  g_autoptr (GrAccount) owned = account;
  gint64 now = gr_now ();
  g_autofree char *id = gr_id_new ();
  g_autofree char *token = gr_token_new (REFRESH_TOKEN_BYTES);
  g_autofree char *token_hash = gr_hash_token (token);
  g_autofree char *agent = cut_agent (device->agent);
  GrSession session = {
    .id = id,
    .account_id = account->id,
    .agent = agent,
    .address = (char *) device->address,
    .created_at = now,
    .used_at = now,
    .expires_at = now + refresh_span (accounts, account->role),
  };
  GrSignedIn *signed_in;

  if (!gr_store_add_session (accounts->store, &session, token_hash, error))
    return NULL;

  signed_in = sign_in (accounts, g_steal_pointer (&owned), id, now);
  signed_in->refresh_token = g_steal_pointer (&token);

  return signed_in;
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

  account->email = fold_email (email);
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

/* After it is stored. Any thread. */
static void
tell_changed (GrAccounts *accounts, const char *account_id)
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

  return begin_session (accounts, g_steal_pointer (&account), device, error);
}

/* Replaces the hash of a password that is right by one with today's parameters. */
static void
renew_hash (GrAccounts *accounts, const GrAccount *account, const char *password)
{
  g_autofree char *hash = gr_password_hash (password, NULL);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&accounts->updating);
  g_autoptr (GrAccount) current = gr_store_get_account (accounts->store, account->id, NULL);

  if (hash == NULL || current == NULL || g_strcmp0 (current->password_hash, account->password_hash) != 0)
    return;

  g_free (current->password_hash);
  current->password_hash = g_steal_pointer (&hash);
  gr_store_update_account (accounts->store, current, NULL);
}

GrSignedIn *
gr_accounts_login (
    GrAccounts *accounts, const char *email, const char *password, const GrDevice *device, GError **error)
{
  g_autofree char *folded = fold_email (email);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GrAccount) account = NULL;
  double retry_after;

  if (!gr_rate_limiter_take (accounts->logins, folded, g_get_monotonic_time (), &retry_after))
    {
      gr_set_error (error, GR_ERROR_RATE_LIMITED, NULL, "Too many attempts for this account; try again in %.0f seconds",
                    retry_after + 1);
      return NULL;
    }

  account = gr_store_find_account (accounts->store, folded, &local_error);
  if (account == NULL && !g_error_matches (local_error, GR_ERROR, GR_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!gr_password_verify (account != NULL ? account->password_hash : NULL, password, error))
    return NULL;

  if (gr_password_needs_rehash (account->password_hash))
    renew_hash (accounts, account, password);

  return begin_session (accounts, g_steal_pointer (&account), device, error);
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

  return begin_session (accounts, g_steal_pointer (&account), device, error);
}

/* A token that was used before has ended its session. */
static void
tell_reuse (GrAccounts *accounts, const char *token_hash, const GError *refusal)
{
  g_autofree char *account_id = NULL;

  if (g_error_matches (refusal, GR_ERROR, GR_ERROR_TOKEN_INVALID)
      && gr_store_revoke_session_by_token (accounts->store, token_hash, &account_id, NULL))
    tell_changed (accounts, account_id);
}

GrSignedIn *
gr_accounts_refresh (GrAccounts *accounts, const char *token, const GrDevice *device, GError **error)
{
  gint64 now = gr_now ();
  g_autofree char *token_hash = gr_hash_token (token);
  g_autofree char *next = gr_token_new (REFRESH_TOKEN_BYTES);
  g_autofree char *next_hash = gr_hash_token (next);
  g_autoptr (GrSession) session = NULL;
  g_autoptr (GrAccount) account = NULL;
  GrSignedIn *signed_in;

  session = gr_store_rotate_session (accounts->store, token_hash, next_hash, device->address, now,
                                     now + refresh_span (accounts, GR_ROLE_USER), error);
  if (session == NULL)
    {
      tell_reuse (accounts, token_hash, error != NULL ? *error : NULL);
      return NULL;
    }

  account = gr_store_get_account (accounts->store, session->account_id, error);
  if (account == NULL)
    return NULL;

  signed_in = sign_in (accounts, g_steal_pointer (&account), session->id, now);
  signed_in->refresh_token = g_steal_pointer (&next);

  return signed_in;
}

gboolean
gr_accounts_logout (GrAccounts *accounts, const char *token, GError **error)
{
  g_autofree char *token_hash = gr_hash_token (token);
  g_autofree char *account_id = NULL;

  if (!gr_store_revoke_session_by_token (accounts->store, token_hash, &account_id, error))
    return FALSE;

  tell_changed (accounts, account_id);
  return TRUE;
}

gboolean
gr_accounts_revoke_session (GrAccounts *accounts, const GrCaller *caller, const char *session_id, GError **error)
{
  if (!gr_store_revoke_session (accounts->store, caller->account->id, session_id, error))
    return FALSE;

  tell_changed (accounts, caller->account->id);
  return TRUE;
}

GrCaller *
gr_accounts_authenticate (GrAccounts *accounts, const char *access_token, GError **error)
{
  gint64 now = gr_now ();
  g_autoptr (GrClaims) claims = gr_jwt_verify (&accounts->key, access_token, GR_AUDIENCE_ACCESS, now, error);
  g_autoptr (GrAccount) account = NULL;
  GrCaller *caller;

  if (claims == NULL)
    return NULL;

  if (claims->sid == NULL)
    {
      gr_set_error (error, GR_ERROR_TOKEN_INVALID, NULL, "The token belongs to no session");
      return NULL;
    }

  account = gr_store_get_session_account (accounts->store, claims->sid, now, error);
  if (account == NULL)
    return NULL;

  caller = g_new0 (GrCaller, 1);
  caller->account = g_steal_pointer (&account);
  caller->session_id = g_steal_pointer (&claims->sid);

  return caller;
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
  g_autofree char *email = change->email != NULL ? fold_email (change->email) : NULL;
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
    tell_changed (accounts, account->id);
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
  tell_changed (accounts, account->id);

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

void
gr_signed_in_free (GrSignedIn *signed_in)
{
  gr_account_free (signed_in->account);
  g_free (signed_in->session_id);
  g_free (signed_in->access_token);
  g_free (signed_in->refresh_token);
  g_free (signed_in);
}

void
gr_caller_free (GrCaller *caller)
{
  gr_account_free (caller->account);
  g_free (caller->session_id);
  g_free (caller);
}
