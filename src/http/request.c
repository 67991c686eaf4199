/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/request.h"

const char *
gr_request_param (GrRequest *request, const char *name)
{
  for (guint i = 0; request->route->in_path[i].name != NULL; i++)
    if (g_str_equal (request->route->in_path[i].name, name))
      return request->values[i];

  g_assert_not_reached ();
}

const char *
gr_request_query (GrRequest *request, const char *name)
{
  return g_hash_table_lookup (request->query, name);
}

gint
gr_request_query_int (GrRequest *request, const char *name, gint fallback)
{
  const char *text = gr_request_query (request, name);

  return text != NULL ? (gint) g_ascii_strtoll (text, NULL, 10) : fallback;
}

JsonObject *
gr_request_body (GrRequest *request)
{
  return json_node_get_object (request->body);
}

GrActor
gr_request_actor (GrRequest *request)
{
  const GrAccount *account = request->caller->account;

  return (GrActor){ .account_id = account->id, .role = account->role, .name = account->name };
}

GrDevice
gr_request_device (GrRequest *request)
{
  return (GrDevice){ .agent = request->agent, .address = request->address };
}

void
gr_request_begin_list (GrRequest *request)
{
  gr_json_writer_begin_object (&request->json);
  gr_json_writer_begin_array_member (&request->json, "items");
}

void
gr_request_end_list (GrRequest *request, const char *next)
{
  gr_json_writer_end_array (&request->json);
  gr_json_writer_string_member (&request->json, "next", next);
  gr_json_writer_end_object (&request->json);
}

gboolean
gr_request_no_content (GrRequest *request)
{
  request->status = 204;

  return TRUE;
}

void
gr_request_free (GrRequest *request)
{
  g_clear_pointer (&request->caller, gr_caller_free);
  g_clear_pointer (&request->room, gr_room_record_free);
  g_clear_pointer (&request->broadcast, gr_broadcast_record_free);
  g_clear_pointer (&request->recording, gr_recording_free);
  g_free (request->address);
  g_free (request->agent);
  g_free (request->authorization);
  g_free (request->cookies);
  g_free (request->origin);
  g_free (request->id);
  g_strfreev (request->values);
  g_free (request->query_text);
  g_clear_pointer (&request->query, g_hash_table_unref);
  g_clear_pointer (&request->content, g_bytes_unref);
  g_free (request->content_type);
  g_free (request->boundary);
  g_free (request->known);
  g_clear_pointer (&request->body, json_node_unref);
  if (request->text != NULL)
    g_string_free (request->text, TRUE);
  g_clear_pointer (&request->bytes, g_bytes_unref);
  g_free (request->etag);
  g_free (request->set_cookie);
  g_free (request->location);
  g_clear_object (&request->file);
  g_free (request->range);
  g_free (request->content_range);
  g_free (request->disposition);
  g_free (request);
}
