/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A room's chat history. Pool threads; what is removed is told on main. */
#include "base/error.h"
#include "base/main-call.h"
#include "domain/rooms/json.h"
#include "http/resources.h"

static gboolean
ask_is_inside (gpointer data, GError **error)
{
  GrRequest *request = data;
  GrRoom *room = gr_house_get_room (request->services->house, request->room->id);
  GrActor actor = gr_request_actor (request);

  if (room != NULL && (gr_room_may_host (room, &actor) || gr_room_has_account (room, actor.account_id)))
    return TRUE;

  gr_set_error (error, GR_ERROR_FORBIDDEN, NULL, "Only those inside read the chat");
  return FALSE;
}

static gboolean
may_read (GrRequest *request, GError **error)
{
  const GrAccount *account = request->caller->account;

  request->room = gr_store_find_room (request->services->store, gr_request_param (request, "room"), error);
  if (request->room == NULL)
    return FALSE;

  return account->role >= GR_ROLE_MODERATOR || g_str_equal (request->room->owner_id, account->id)
         || gr_main_call (ask_is_inside, request, request->deadline, error);
}

static gboolean
list_messages (GrRequest *request, GError **error)
{
  gint limit = gr_request_query_int (request, "limit", 50);
  g_autoptr (GPtrArray) messages = NULL;
  const GrMessage *last = NULL;

  if (!may_read (request, error))
    return FALSE;

  messages = gr_store_list_messages (request->services->store, request->room->id, limit,
                                     gr_request_query (request, "after"), error);
  if (messages == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < messages->len; i++)
    {
      last = g_ptr_array_index (messages, i);
      gr_message_write (&request->json, last);
    }
  gr_request_end_list (request, messages->len == (guint) limit ? last->id : NULL);

  return TRUE;
}

static gboolean
tell_removed (gpointer data, GError **error)
{
  GrRequest *request = data;
  GrRoom *room = gr_house_get_room (request->services->house, request->room->id);

  if (room != NULL)
    gr_room_tell_message_removed (room, gr_request_param (request, "message"));

  return TRUE;
}

static gboolean
delete_message (GrRequest *request, GError **error)
{
  return gr_store_delete_message (request->services->store, request->room->id, gr_request_param (request, "message"),
                                  error)
         && gr_main_call (tell_removed, request, request->deadline, error) && gr_request_no_content (request);
}

const GrBinding gr_message_bindings[] = {
  { GR_OP_LIST_MESSAGES, list_messages },
  { GR_OP_DELETE_MESSAGE, delete_message },
  { 0 },
};
