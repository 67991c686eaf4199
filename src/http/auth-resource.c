/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /api/auth: signing in and out, the own account and its sessions. Pool threads. */
#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "http/cookies.h"
#include "http/resources.h"

#define COOKIE "greenroom_refresh"
#define COOKIE_PATH "/api/auth"

void
gr_account_write (GrJsonWriter *writer, const GrAccount *account, gboolean whole)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", account->id);
  gr_json_writer_string_member (writer, "name", account->name);
  if (whole && account->email != NULL)
    gr_json_writer_string_member (writer, "email", account->email);
  gr_json_writer_string_member (writer, "role", gr_role_to_string (account->role));
  gr_json_writer_time_member (writer, "createdAt", account->created_at);
  gr_json_writer_end_object (writer);
}

static void
set_cookie (GrRequest *request, const char *token, gint64 seconds)
{
  GrCookieReach reach = request->secure ? GR_COOKIE_SECURE : GR_COOKIE_PLAIN;

  /* The client may be hosted on another site, whose requests carry no SameSite=Lax cookie. */
  if (request->secure && request->elsewhere)
    reach = GR_COOKIE_CROSS_SITE;

  request->set_cookie = gr_cookies_build (COOKIE, token, COOKIE_PATH, seconds, reach);
}

/* Takes @signed_in, which may be NULL: then the error is set already. */
static gboolean
answer_signed_in (GrRequest *request, GrSignedIn *signed_in, guint status)
{
  g_autoptr (GrSignedIn) owned = signed_in;

  if (signed_in == NULL)
    return FALSE;

  request->status = status;
  set_cookie (request, signed_in->refresh_token, (signed_in->refresh_expires_at - gr_now ()) / G_TIME_SPAN_SECOND);
  gr_json_writer_begin_object (&request->json);
  gr_json_writer_name (&request->json, "user");
  gr_account_write (&request->json, signed_in->account, TRUE);
  gr_json_writer_string_member (&request->json, "accessToken", signed_in->access_token);
  gr_json_writer_time_member (&request->json, "expiresAt", signed_in->access_expires_at);
  gr_json_writer_end_object (&request->json);

  return TRUE;
}

static void
forget_cookie (GrRequest *request)
{
  set_cookie (request, "", 0);
}

static gboolean
register_account (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  GrDevice device = gr_request_device (request);

  return answer_signed_in (request,
                           gr_accounts_register (request->services->accounts, gr_json_string (body, "email"),
                                                 gr_json_string (body, "password"), gr_json_string (body, "name"),
                                                 gr_json_string (body, "setup"), &device, error),
                           201);
}

static gboolean
login (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  GrDevice device = gr_request_device (request);

  return answer_signed_in (request,
                           gr_accounts_login (request->services->accounts, gr_json_string (body, "email"),
                                              gr_json_string (body, "password"), &device, error),
                           200);
}

static gboolean
guest (GrRequest *request, GError **error)
{
  GrDevice device = gr_request_device (request);

  return answer_signed_in (request,
                           gr_accounts_guest (request->services->accounts,
                                              gr_json_string (gr_request_body (request), "name"), &device, error),
                           201);
}

static gboolean
refresh (GrRequest *request, GError **error)
{
  g_autofree char *token = gr_cookies_get (request->cookies, COOKIE);
  g_autoptr (GError) local_error = NULL;
  GrDevice device = gr_request_device (request);
  GrSignedIn *signed_in;

  if (token == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAUTHENTICATED, NULL, "Nobody is signed in here");
      return FALSE;
    }

  signed_in = gr_accounts_refresh (request->services->accounts, token, &device, &local_error);
  if (signed_in != NULL)
    return answer_signed_in (request, signed_in, 200);

  /* A cookie that will never work again goes; one that merely met a busy server stays. */
  if (gr_error_traits (local_error)->status == 401)
    forget_cookie (request);

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
logout (GrRequest *request, GError **error)
{
  g_autofree char *token = gr_cookies_get (request->cookies, COOKIE);

  if (token != NULL && !gr_accounts_logout (request->services->accounts, token, error))
    return FALSE;

  forget_cookie (request);

  return gr_request_no_content (request);
}

static gboolean
get_me (GrRequest *request, GError **error)
{
  gr_account_write (&request->json, request->caller->account, TRUE);

  return TRUE;
}

static gboolean
update_me (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  g_autoptr (GrAccount) account = gr_accounts_change (request->services->accounts, request->caller,
                                                      &(GrProfileChange){
                                                          .name = gr_json_string (body, "name"),
                                                          .email = gr_json_string (body, "email"),
                                                          .password = gr_json_string (body, "password"),
                                                          .current_password = gr_json_string (body, "currentPassword"),
                                                      },
                                                      error);

  if (account == NULL)
    return FALSE;

  gr_account_write (&request->json, account, TRUE);

  return TRUE;
}

static gboolean
list_sessions (GrRequest *request, GError **error)
{
  GrJsonWriter *json = &request->json;
  g_autoptr (GPtrArray) sessions
      = gr_store_list_sessions (request->services->store, request->caller->account->id, gr_now (), error);

  if (sessions == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < sessions->len; i++)
    {
      const GrSession *session = g_ptr_array_index (sessions, i);

      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "id", session->id);
      gr_json_writer_bool_member (json, "current", g_str_equal (session->id, request->caller->session_id));
      gr_json_writer_string_member (json, "agent", session->agent);
      gr_json_writer_string_member (json, "address", session->address);
      gr_json_writer_time_member (json, "createdAt", session->created_at);
      gr_json_writer_time_member (json, "usedAt", session->used_at);
      gr_json_writer_end_object (json);
    }
  gr_request_end_list (request, NULL);

  return TRUE;
}

static gboolean
revoke_session (GrRequest *request, GError **error)
{
  return gr_accounts_revoke_session (request->services->accounts, request->caller,
                                     gr_request_param (request, "session"), error)
         && gr_request_no_content (request);
}

const GrBinding gr_auth_bindings[] = {
  { GR_OP_REGISTER, register_account },
  { GR_OP_LOGIN, login },
  { GR_OP_GUEST, guest },
  { GR_OP_REFRESH, refresh },
  { GR_OP_LOGOUT, logout },
  { GR_OP_GET_ME, get_me },
  { GR_OP_UPDATE_ME, update_me },
  { GR_OP_LIST_SESSIONS, list_sessions },
  { GR_OP_REVOKE_SESSION, revoke_session },
  { 0 },
};
