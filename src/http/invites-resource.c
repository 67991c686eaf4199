/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Invites of a room, and the room behind a code. Pool threads. */
#include "base/json.h"
#include "base/time.h"
#include "http/resources.h"

static void
write_invite (GrRequest *request, const GrInvite *invite)
{
  GrJsonWriter *json = &request->json;
  g_autofree char *url = g_strdup_printf ("%s/r/%s?invite=%s", request->origin, request->room->slug, invite->code);

  gr_json_writer_begin_object (json);
  gr_json_writer_string_member (json, "code", invite->code);
  gr_json_writer_string_member (json, "url", url);
  gr_json_writer_string_member (json, "role", gr_room_role_to_string (invite->role));
  gr_json_writer_time_member (json, "createdAt", invite->created_at);
  gr_json_writer_time_member (json, "expiresAt", invite->expires_at);
  gr_json_writer_int_member (json, "used", invite->used);
  if (invite->uses > 0)
    gr_json_writer_int_member (json, "uses", invite->uses);
  else
    gr_json_writer_null_member (json, "uses");
  gr_json_writer_end_object (json);
}

static gboolean
list_invites (GrRequest *request, GError **error)
{
  g_autoptr (GPtrArray) invites = gr_store_list_invites (request->services->store, request->room->id, gr_now (), error);

  if (invites == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < invites->len; i++)
    write_invite (request, g_ptr_array_index (invites, i));
  gr_request_end_list (request, NULL);

  return TRUE;
}

static gboolean
create_invite (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  const char *role_word = gr_json_string (body, "role");
  GrRoomRole role = GR_ROOM_ROLE_GUEST;
  g_autoptr (GrInvite) invite = NULL;

  if (role_word != NULL)
    gr_room_role_from_string (role_word, &role);

  invite = gr_rooms_invite (request->services->rooms, request->room->id, role, gr_json_int (body, "expiresIn", 0),
                            gr_json_int (body, "uses", 0), error);
  if (invite == NULL)
    return FALSE;

  request->status = 201;
  write_invite (request, invite);

  return TRUE;
}

static gboolean
delete_invite (GrRequest *request, GError **error)
{
  return gr_store_delete_invite (request->services->store, request->room->id, gr_request_param (request, "code"), error)
         && gr_request_no_content (request);
}

static gboolean
get_invite (GrRequest *request, GError **error)
{
  g_autoptr (GrRoomRecord) record
      = gr_rooms_find_by_code (request->services->rooms, gr_request_param (request, "code"), error);

  return record != NULL && gr_request_write_room (request, record, error);
}

const GrBinding gr_invite_bindings[] = {
  { GR_OP_LIST_INVITES, list_invites },
  { GR_OP_CREATE_INVITE, create_invite },
  { GR_OP_DELETE_INVITE, delete_invite },
  { GR_OP_GET_INVITE, get_invite },
  { 0 },
};
