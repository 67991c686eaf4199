/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts and their sessions as values. Plain structs, owned by whoever holds the pointer; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an account may do on the server; each role may do what those before it may. */
typedef enum
{
  GR_ROLE_GUEST, /* a name without an account, for a while */
  GR_ROLE_USER,
  GR_ROLE_MODERATOR, /* acts as host in every room */
  GR_ROLE_ADMIN,
} GrRole;

typedef struct
{
  char *id;            /* UUIDv7 */
  char *email;         /* lower case; NULL for a guest */
  char *name;          /* unique among accounts, whatever its case; not among guests */
  char *password_hash; /* Argon2id; NULL for a guest */
  GrRole role;
  gint64 created_at; /* µs since the epoch */
} GrAccount;

/* A place where an account is signed in: the family of all refresh tokens that came from one login. */
typedef struct
{
  char *id; /* UUIDv7 */
  char *account_id;
  char *agent;   /* User-Agent, cut to 200 bytes */
  char *address; /* where it was last used from */
  gint64 created_at;
  gint64 used_at;
  gint64 expires_at;
} GrSession;

void gr_account_free (GrAccount *account);
void gr_session_free (GrSession *session);

const char *gr_role_to_string (GrRole role);

/* FALSE, and *@role untouched, for a word that is no role. */
gboolean gr_role_from_string (const char *word, GrRole *role);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrAccount, gr_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSession, gr_session_free)

G_END_DECLS
