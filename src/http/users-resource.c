/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /api/users: accounts, for administrators. Pool threads. */
#include "base/json.h"
#include "http/resources.h"

static gboolean
list_users (GrRequest *request, GError **error)
{
  gint limit = gr_request_query_int (request, "limit", 50);
  g_autoptr (GPtrArray) accounts
      = gr_store_list_accounts (request->services->store, limit, gr_request_query (request, "after"), error);
  const GrAccount *last = NULL;

  if (accounts == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < accounts->len; i++)
    {
      last = g_ptr_array_index (accounts, i);
      gr_account_write (&request->json, last, TRUE);
    }
  gr_request_end_list (request, accounts->len == (guint) limit ? last->id : NULL);

  return TRUE;
}

static gboolean
update_user (GrRequest *request, GError **error)
{
  g_autoptr (GrAccount) account = NULL;
  GrRole role;

  if (!gr_role_from_string (gr_json_string (gr_request_body (request), "role"), &role))
    g_assert_not_reached ();

  account = gr_accounts_set_role (request->services->accounts, gr_request_param (request, "user"), role, error);
  if (account == NULL)
    return FALSE;

  gr_account_write (&request->json, account, TRUE);

  return TRUE;
}

const GrBinding gr_user_bindings[] = {
  { GR_OP_LIST_USERS, list_users },
  { GR_OP_UPDATE_USER, update_user },
  { 0 },
};
