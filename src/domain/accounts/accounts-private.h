/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rooms of GrAccounts share: accounts.c makes and changes accounts, sessions.c signs them in. */
#pragma once

#include "base/rate-limiter.h"
#include "domain/accounts/accounts.h"

G_BEGIN_DECLS

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

/* E-mails that differ in case or in space around them are one; the caller's. */
char *gr_accounts_fold_email (const char *email);

/* Begins a session for @account, which it takes, also on failure. */
GrSignedIn *
gr_accounts_begin_session (GrAccounts *accounts, GrAccount *account, const GrDevice *device, GError **error);

/* Tells main of @account_id, NULL: of nobody, after the change is stored. Any thread. */
void gr_accounts_tell_changed (GrAccounts *accounts, const char *account_id);

G_END_DECLS
