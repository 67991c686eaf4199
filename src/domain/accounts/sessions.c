/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/accounts/accounts-private.h"

#include "base/error.h"
#include "base/id.h"
#include "base/password.h"
#include "base/time.h"

#define REFRESH_TOKEN_BYTES 32
#define AGENT_MAX_BYTES 200
#define GUEST_REFRESH_SPAN G_TIME_SPAN_DAY

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
    return GUEST_REFRESH_SPAN;

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

GrSignedIn *
gr_accounts_begin_session (GrAccounts *accounts, GrAccount *account, const GrDevice *device, GError **error)
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
  g_autofree char *folded = gr_accounts_fold_email (email);
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

  return gr_accounts_begin_session (accounts, g_steal_pointer (&account), device, error);
}

/* A token that was used before has ended its session. */
static void
tell_reuse (GrAccounts *accounts, const char *token_hash, const GError *refusal)
{
  g_autofree char *account_id = NULL;

  if (g_error_matches (refusal, GR_ERROR, GR_ERROR_TOKEN_INVALID)
      && gr_store_revoke_session_by_token (accounts->store, token_hash, &account_id, NULL))
    gr_accounts_tell_changed (accounts, account_id);
}

GrSignedIn *
gr_accounts_refresh (GrAccounts *accounts, const char *token, const GrDevice *device, GError **error)
{
  gint64 now = gr_now ();
  g_autofree char *token_hash = gr_hash_token (token);
  g_autofree char *next = gr_token_new (REFRESH_TOKEN_BYTES);
  g_autofree char *next_hash = gr_hash_token (next);
  g_autoptr (GrSession) session = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GrAccount) account = NULL;
  GrSignedIn *signed_in;

  session = gr_store_rotate_session (accounts->store, token_hash, next_hash, device->address, now,
                                     now + refresh_span (accounts, GR_ROLE_USER), &local_error);
  if (session == NULL)
    {
      tell_reuse (accounts, token_hash, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
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

  gr_accounts_tell_changed (accounts, account_id);
  return TRUE;
}

gboolean
gr_accounts_revoke_session (GrAccounts *accounts, const GrCaller *caller, const char *session_id, GError **error)
{
  if (!gr_store_revoke_session (accounts->store, caller->account->id, session_id, error))
    return FALSE;

  gr_accounts_tell_changed (accounts, caller->account->id);
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
