/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/accounts/account.h"

static const char *const roles[] = {
  [GR_ROLE_GUEST] = "guest",
  [GR_ROLE_USER] = "user",
  [GR_ROLE_MODERATOR] = "moderator",
  [GR_ROLE_ADMIN] = "admin",
};

void
gr_account_free (GrAccount *account)
{
  g_free (account->id);
  g_free (account->email);
  g_free (account->name);
  g_free (account->password_hash);
  g_free (account);
}

void
gr_session_free (GrSession *session)
{
  g_free (session->id);
  g_free (session->account_id);
  g_free (session->agent);
  g_free (session->address);
  g_free (session);
}

const char *
gr_role_to_string (GrRole role)
{
  return roles[role];
}

gboolean
gr_role_from_string (const char *word, GrRole *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (word, roles[i]) == 0)
      {
        *role = i;
        return TRUE;
      }

  return FALSE;
}
