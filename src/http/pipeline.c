/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "http"

#include "http/pipeline.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/main-call.h"
#include "http/query.h"
#include "http/resources.h"
#include "http/studio.h"

static const GrBinding *const resources[] = {
  gr_server_bindings,      gr_auth_bindings,      gr_user_bindings,    gr_room_bindings,      gr_invite_bindings,
  gr_participant_bindings, gr_message_bindings,   gr_whip_bindings,    gr_broadcast_bindings, gr_scene_bindings,
  gr_destination_bindings, gr_recording_bindings, gr_picture_bindings,
};

static GrHandler
find_handler (GrOperation operation)
{
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    for (const GrBinding *binding = resources[i]; binding->handler != NULL; binding++)
      if (binding->operation == operation)
        return binding->handler;

  return NULL;
}

static gboolean
authenticate (GrRequest *request, GError **error)
{
  if (request->authorization == NULL || request->route->may == GR_MAY_BEARER)
    return TRUE;

  if (g_ascii_strncasecmp (request->authorization, "Bearer ", 7) != 0)
    {
      gr_set_error (error, GR_ERROR_TOKEN_INVALID, NULL, "Say \"Authorization: Bearer\" and the access token");
      return FALSE;
    }

  request->caller = gr_accounts_authenticate (request->services->accounts, request->authorization + 7, error);

  return request->caller != NULL;
}

static gboolean
has_role (GrRequest *request, GrRole least, GError **error)
{
  if (request->caller == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAUTHENTICATED, NULL, "Sign in first");
      return FALSE;
    }

  if (request->caller->account->role < least)
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, NULL,
                    least == GR_ROLE_USER ? "A guest cannot do that; make an account" : "Your account may not do that");
      return FALSE;
    }

  return TRUE;
}

typedef struct
{
  GrRequest *request;
  gboolean answer;
} HostQuestion;

static gboolean
ask_may_host (gpointer data, GError **error)
{
  HostQuestion *question = data;
  GrRequest *request = question->request;
  GrRoom *room = gr_house_get_room (request->services->house, request->room->id);
  GrActor actor = gr_request_actor (request);

  question->answer = room != NULL && gr_room_may_host (room, &actor);

  return TRUE;
}

/* The room's owner and moderators by the record; hosts by who is inside now. */
static gboolean
hosts_room (GrRequest *request, GError **error)
{
  HostQuestion question = { request, FALSE };

  if (request->caller->account->role >= GR_ROLE_MODERATOR
      || g_str_equal (request->room->owner_id, request->caller->account->id))
    return TRUE;

  if (!gr_main_call (ask_may_host, &question, request->deadline, error))
    return FALSE;

  if (!question.answer)
    gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "Only a host of this room may do that");

  return question.answer;
}

static gboolean
find_room (GrRequest *request, const char *room_id, GError **error)
{
  request->room = gr_store_find_room (request->services->store, room_id, error);

  return request->room != NULL;
}

gboolean
gr_request_require_host (GrRequest *request, const char *room_id, const char *field, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (find_room (request, room_id, &reason))
    return hosts_room (request, error);

  gr_set_error (error, reason->code, field, "%s", reason->message);

  return FALSE;
}

/* A recording outlives its room: then it is its owner's alone. */
gboolean
gr_request_require_recording (GrRequest *request, GError **error)
{
  GrStudioStore *store = gr_studio_get_store (request->services->studio);

  if (!has_role (request, GR_ROLE_GUEST, error))
    return FALSE;

  request->recording = gr_studio_store_get_recording (store, gr_request_param (request, "recording"), error);
  if (request->recording == NULL)
    return FALSE;

  if (request->caller->account->role >= GR_ROLE_MODERATOR
      || g_str_equal (request->recording->owner_id, request->caller->account->id))
    return TRUE;

  if (request->recording->room_id != NULL)
    return find_room (request, request->recording->room_id, error) && hosts_room (request, error);

  gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "Only who owns this recording may do that");
  return FALSE;
}

static gboolean
has_param (GrRequest *request, const char *name)
{
  for (const GrProperty *parameter = request->route->in_path; parameter != NULL && parameter->name != NULL; parameter++)
    if (g_str_equal (parameter->name, name))
      return TRUE;

  return FALSE;
}

/* Of the room that the route names, or that what it names belongs to. */
static gboolean
is_host (GrRequest *request, GError **error)
{
  if (!has_role (request, GR_ROLE_GUEST, error))
    return FALSE;

  if (has_param (request, "recording"))
    return gr_request_require_recording (request, error);

  if (has_param (request, "room"))
    return find_room (request, gr_request_param (request, "room"), error) && hosts_room (request, error);

  request->broadcast = gr_studio_store_get_broadcast (gr_studio_get_store (request->services->studio),
                                                      gr_request_param (request, "broadcast"), error);

  return request->broadcast != NULL && find_room (request, request->broadcast->room_id, error)
         && hosts_room (request, error);
}

static gboolean
authorise (GrRequest *request, GError **error)
{
  switch (request->route->may)
    {
    case GR_MAY_ANYONE:
    case GR_MAY_BEARER:
      return TRUE;
    case GR_MAY_AUTHENTICATED:
      return has_role (request, GR_ROLE_GUEST, error);
    case GR_MAY_USER:
      return has_role (request, GR_ROLE_USER, error);
    case GR_MAY_HOST:
      return is_host (request, error);
    case GR_MAY_OPERATOR:
      return request->operator_seat || has_role (request, GR_ROLE_ADMIN, error);
    case GR_MAY_ADMIN:
      return has_role (request, GR_ROLE_ADMIN, error);
    }

  g_assert_not_reached ();
}

static gboolean
validate_path (GrRequest *request, GError **error)
{
  const GrProperty *parameters = request->route->in_path;

  for (guint i = 0; parameters != NULL && parameters[i].name != NULL; i++)
    if (!gr_schema_validate_text (parameters[i].schema, request->values[i], parameters[i].name, error))
      return FALSE;

  return TRUE;
}

static gboolean
validate_query (GrRequest *request, GError **error)
{
  const GrProperty *parameters = request->route->in_query;

  request->query = gr_query_parse (request->query_text, error);
  if (request->query == NULL)
    return FALSE;

  for (guint i = 0; parameters != NULL && parameters[i].name != NULL; i++)
    {
      const char *text = gr_request_query (request, parameters[i].name);

      if (text != NULL && !gr_schema_validate_text (parameters[i].schema, text, parameters[i].name, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
validate_body (GrRequest *request, GError **error)
{
  const char *text;
  gsize length;

  if (request->route->media_type == NULL)
    return TRUE;

  if (g_strcmp0 (request->content_type, request->route->media_type) != 0)
    {
      gr_set_error (error, GR_ERROR_UNSUPPORTED, NULL, "Say \"Content-Type: %s\", and send that",
                    request->route->media_type);
      return FALSE;
    }

  if (request->route->body == NULL)
    return TRUE;

  text = g_bytes_get_data (request->content, &length);
  request->body = gr_json_parse (text, length, error);

  return request->body != NULL && gr_schema_validate (request->route->body, request->body, error);
}

static void
answer_error (GrRequest *request, const GError *error)
{
  g_string_free (request->text, TRUE);
  request->text = gr_pipeline_error_text (error);
  request->status = gr_error_traits (error)->status;
  request->type = "application/json";

  if (request->status >= 500)
    gr_warning ("%s failed: %s", request->route->name, error->message);
}

void
gr_pipeline_run (GrRequest *request)
{
  g_autoptr (GError) error = NULL;

  gr_assert_pool ();

  if (g_get_monotonic_time () > request->deadline)
    gr_set_error (&error, GR_ERROR_BUSY, NULL, "The server is too busy; try again");
  else if (validate_path (request, &error) && authenticate (request, &error) && authorise (request, &error)
           && validate_query (request, &error) && validate_body (request, &error))
    find_handler (request->route->operation) (request, &error);

  if (error != NULL)
    answer_error (request, error);
}

GString *
gr_pipeline_error_text (const GError *error)
{
  GString *text = g_string_sized_new (256);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_error_member (&json, error);
  gr_json_writer_end_object (&json);

  return text;
}

gboolean
gr_pipeline_same_host (const char *origin, const char *host)
{
  const char *origin_host = strstr (origin, "://");

  return host != NULL && origin_host != NULL && g_ascii_strcasecmp (origin_host + 3, host) == 0;
}

gboolean
gr_pipeline_is_complete (GError **error)
{
  for (guint i = 0; i < GR_N_OPERATIONS; i++)
    if (find_handler (i) == NULL)
      {
        gr_set_error (error, GR_ERROR_INTERNAL, NULL, "No handler serves %s", gr_contract_routes[i].name);
        return FALSE;
      }

  return TRUE;
}
