/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /api/rooms: rooms as they stand in the store, with who is inside. Pool threads; headcounts are taken on main. */
#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
#include "domain/rooms/json.h"
#include "http/resources.h"

typedef struct
{
  GrHouse *house;
  GPtrArray *records; /* GrRoomRecord */
  GrHeadcount *headcounts;
} HeadcountQuestion;

static gboolean
take_headcounts (gpointer data, GError **error)
{
  HeadcountQuestion *question = data;

  for (guint i = 0; i < question->records->len; i++)
    {
      const GrRoomRecord *record = g_ptr_array_index (question->records, i);

      gr_headcount_take (&question->headcounts[i], gr_house_get_room (question->house, record->id));
      question->headcounts[i].air = gr_house_get_air (question->house, record->id);
    }

  return TRUE;
}

static const char *
caller_id (GrRequest *request)
{
  return request->caller != NULL ? request->caller->account->id : NULL;
}

/* Writes each of @records, a comma between. */
static gboolean
write_rooms (GrRequest *request, GPtrArray *records, GError **error)
{
  g_autofree GrHeadcount *headcounts = g_new0 (GrHeadcount, records->len + 1);
  HeadcountQuestion question = { request->services->house, records, headcounts };

  if (!gr_main_call (take_headcounts, &question, request->deadline, error))
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      gr_room_record_write (&request->json, g_ptr_array_index (records, i), &headcounts[i], caller_id (request));
      gr_headcount_clear (&headcounts[i]);
    }

  return TRUE;
}

gboolean
gr_request_write_room (GrRequest *request, const GrRoomRecord *record, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  g_ptr_array_add (records, (gpointer) record);

  return write_rooms (request, records, error);
}

static GrRoomChange
read_change (JsonObject *body)
{
  GrRoomChange change = GR_ROOM_CHANGE_NONE;
  const char *visibility = gr_json_string (body, "visibility");

  change.title = gr_json_string (body, "title");
  change.description = gr_json_string (body, "description");
  change.slug = gr_json_string (body, "slug");
  change.capacity = gr_json_int (body, "capacity", 0);
  change.p2p_max = gr_json_int (body, "p2pMax", -1);
  change.has_visibility = visibility != NULL && gr_visibility_from_string (visibility, &change.visibility);

  if (gr_json_has (body, "waitingRoom"))
    change.waiting_room = gr_json_bool (body, "waitingRoom", FALSE);
  if (gr_json_has (body, "guests"))
    change.guests = gr_json_bool (body, "guests", FALSE);
  if (gr_json_has (body, "locked"))
    change.locked = gr_json_bool (body, "locked", FALSE);

  return change;
}

/* What a change of the record means to those inside. */
typedef struct
{
  GrHouse *house;
  GrShows *shows;
  GrRoomRecord *record; /* of an update; taken by the house */
  char *deleted_id;
} News;

static void
tell_news (gpointer data)
{
  News *news = data;

  if (news->record != NULL)
    gr_house_room_updated (news->house, g_steal_pointer (&news->record));
  else
    {
      gr_shows_room_deleted (news->shows, news->deleted_id);
      gr_house_room_deleted (news->house, news->deleted_id);
    }
}

static void
news_free (News *news)
{
  g_object_unref (news->house);
  g_object_unref (news->shows);
  g_free (news->deleted_id);
  g_free (news);
}

static void
post_news (GrRequest *request, GrRoomRecord *record, const char *deleted_id)
{
  News *news = g_new0 (News, 1);

  news->house = g_object_ref (request->services->house);
  news->shows = g_object_ref (request->services->shows);
  news->record = record;
  news->deleted_id = g_strdup (deleted_id);
  gr_main_post (tell_news, news, (GDestroyNotify) news_free);
}

static gboolean
list_rooms (GrRequest *request, GError **error)
{
  const char *scope_word = gr_request_query (request, "scope");
  gint limit = gr_request_query_int (request, "limit", 50);
  GrRoomScope scope = GR_ROOMS_PUBLIC;
  g_autoptr (GPtrArray) records = NULL;
  const GrRoomRecord *last = NULL;

  if (g_strcmp0 (scope_word, "mine") == 0)
    scope = GR_ROOMS_OF;
  else if (g_strcmp0 (scope_word, "all") == 0)
    scope = GR_ROOMS_ALL;

  if (scope != GR_ROOMS_PUBLIC && request->caller == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAUTHENTICATED, NULL, "Sign in first");
      return FALSE;
    }

  if (scope == GR_ROOMS_ALL && request->caller->account->role < GR_ROLE_MODERATOR)
    {
      gr_set_error (error, GR_ERROR_FORBIDDEN, "scope", "Only moderators see all rooms");
      return FALSE;
    }

  records = gr_store_list_rooms (request->services->store, scope, caller_id (request), limit,
                                 gr_request_query (request, "after"), error);
  if (records == NULL)
    return FALSE;

  gr_request_begin_list (request);
  if (!write_rooms (request, records, error))
    return FALSE;
  if (records->len == (guint) limit)
    last = g_ptr_array_index (records, limit - 1);
  gr_request_end_list (request, last != NULL ? last->id : NULL);

  return TRUE;
}

static gboolean
create_room (GrRequest *request, GError **error)
{
  GrRoomChange change = read_change (gr_request_body (request));
  g_autoptr (GrRoomRecord) record
      = gr_rooms_create (request->services->rooms, request->caller->account->id, &change, error);

  if (record == NULL)
    return FALSE;

  request->status = 201;

  return gr_request_write_room (request, record, error);
}

static gboolean
get_room (GrRequest *request, GError **error)
{
  const GrAccount *account = request->caller != NULL ? request->caller->account : NULL;
  g_autoptr (GrRoomRecord) record
      = gr_rooms_find (request->services->rooms, gr_request_param (request, "room"), account, request->address,
                       gr_request_query (request, "invite"), error);

  return record != NULL && gr_request_write_room (request, record, error);
}

static gboolean
update_room (GrRequest *request, GError **error)
{
  GrRoomChange change = read_change (gr_request_body (request));
  g_autoptr (GrRoomRecord) record = gr_rooms_update (request->services->rooms, request->room->id, &change, error);

  if (record == NULL || !gr_request_write_room (request, record, error))
    return FALSE;

  post_news (request, g_steal_pointer (&record), NULL);

  return TRUE;
}

static gboolean
delete_room (GrRequest *request, GError **error)
{
  if (!gr_store_delete_room (request->services->store, request->room->id, error))
    return FALSE;

  post_news (request, NULL, request->room->id);

  return gr_request_no_content (request);
}

const GrBinding gr_room_bindings[] = {
  { GR_OP_LIST_ROOMS, list_rooms },   { GR_OP_CREATE_ROOM, create_room }, { GR_OP_GET_ROOM, get_room },
  { GR_OP_UPDATE_ROOM, update_room }, { GR_OP_DELETE_ROOM, delete_room }, { 0 },
};
