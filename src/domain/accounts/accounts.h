/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrAccounts: who people are, and where they are signed in. Owned by the composition root. Blocking calls for pool
 * threads; holds no state but the rate limits, so that any number may call at once.
 *
 * Signals, on main:
 *  changed (const char *account_id)  some of its sessions may be over, or it has another role */
#pragma once

#include "base/config.h"
#include "base/jwt.h"
#include "domain/accounts/account.h"
#include "domain/ports/store.h"

G_BEGIN_DECLS

#define GR_TYPE_ACCOUNTS (gr_accounts_get_type ())
G_DECLARE_FINAL_TYPE (GrAccounts, gr_accounts, GR, ACCOUNTS, GObject)

/* Where a request came from, for the list of sessions. */
typedef struct
{
  const char *agent;   /* User-Agent or NULL */
  const char *address; /* textual network address */
} GrDevice;

/* What a successful sign-in gives. The refresh token goes into a cookie and nowhere else. */
typedef struct
{
  GrAccount *account;
  char *session_id;
  char *access_token;
  gint64 access_expires_at;
  char *refresh_token;
  gint64 refresh_expires_at;
} GrSignedIn;

/* Who calls: an account and the session it speaks through. */
typedef struct
{
  GrAccount *account;
  char *session_id;
} GrCaller;

/* NULL members stay as they are. */
typedef struct
{
  const char *name;
  const char *email;
  const char *password;
  const char *current_password; /* needed for a new e-mail or password */
} GrProfileChange;

GrAccounts *gr_accounts_new (GrStore *store, GrConfig *config, const GrJwtKey *key);

/* Makes an account and signs in. With the right @setup (or NULL) it is the administrator; a wrong one is FORBIDDEN
 * (field setup). FORBIDDEN when registration is off; EMAIL_TAKEN, NAME_TAKEN; BUSY when too many hash at once. */
GrSignedIn *gr_accounts_register (GrAccounts *accounts,
                                  const char *email,
                                  const char *password,
                                  const char *name,
                                  const char *setup,
                                  const GrDevice *device,
                                  GError **error);

/* BAD_CREDENTIALS, taking as long for an unknown e-mail as for a wrong password; RATE_LIMITED per account; BUSY. */
GrSignedIn *gr_accounts_login (
    GrAccounts *accounts, const char *email, const char *password, const GrDevice *device, GError **error);

/* A name for a while. FORBIDDEN when guests are off. */
GrSignedIn *gr_accounts_guest (GrAccounts *accounts, const char *name, const GrDevice *device, GError **error);

/* Trades a refresh token; a used one revokes the session. TOKEN_INVALID, TOKEN_EXPIRED. */
GrSignedIn *gr_accounts_refresh (GrAccounts *accounts, const char *token, const GrDevice *device, GError **error);

/* Ends the session of @token; nothing happens for an unknown one. */
gboolean
gr_accounts_revoke_session (GrAccounts *accounts, const GrCaller *caller, const char *session_id, GError **error);
gboolean gr_accounts_logout (GrAccounts *accounts, const char *token, GError **error);

/* Who the access token speaks for, by its session, so that a revoked session or a new role counts at once.
 * TOKEN_INVALID, TOKEN_EXPIRED. */
GrCaller *gr_accounts_authenticate (GrAccounts *accounts, const char *access_token, GError **error);

/* Changes the caller's own account; a new password ends every other session. BAD_CREDENTIALS (field
 * currentPassword), EMAIL_TAKEN, NAME_TAKEN. */
GrAccount *
gr_accounts_change (GrAccounts *accounts, const GrCaller *caller, const GrProfileChange *change, GError **error);

/* CONFLICT when it would leave the server without an administrator. */
GrAccount *gr_accounts_set_role (GrAccounts *accounts, const char *account_id, GrRole role, GError **error);

/* For the operator: adds an account without signing in. */
GrAccount *gr_accounts_add (
    GrAccounts *accounts, const char *email, const char *password, const char *name, GrRole role, GError **error);

/* The one-time token that makes an administrator, made anew at each start while there is none; NULL (no error) when
 * there is one. Owned by @accounts. */
const char *gr_accounts_open_setup (GrAccounts *accounts, GError **error);

void gr_signed_in_free (GrSignedIn *signed_in);
void gr_caller_free (GrCaller *caller);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSignedIn, gr_signed_in_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrCaller, gr_caller_free)

G_END_DECLS
