/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /api/broadcasts: shows, planned and running. Pool threads; what runs is asked on main. */
#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/studio/json.h"
#include "http/resources.h"
#include "http/studio.h"

typedef struct
{
  GrShows *shows;
  GPtrArray *records; /* GrBroadcastRecord */
  GrShowFacts *facts;
} FactsQuestion;

static gboolean
take_facts (gpointer data, GError **error)
{
  FactsQuestion *question = data;

  for (guint i = 0; i < question->records->len; i++)
    question->facts[i] = gr_shows_get_facts (question->shows, g_ptr_array_index (question->records, i));

  return TRUE;
}

static gboolean
write_broadcasts (GrRequest *request, GPtrArray *records, GError **error)
{
  g_autofree GrShowFacts *facts = g_new0 (GrShowFacts, records->len + 1);
  FactsQuestion question = { request->services->shows, records, facts };

  if (!gr_main_call (take_facts, &question, request->deadline, error))
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    gr_broadcast_record_write (&request->json, g_ptr_array_index (records, i), &facts[i]);

  return TRUE;
}

static gboolean
write_broadcast (GrRequest *request, const GrBroadcastRecord *record, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  g_ptr_array_add (records, (gpointer) record);

  return write_broadcasts (request, records, error);
}

typedef struct
{
  GrShows *shows;
  GrBroadcastRecord *record;
  gboolean scene;
} News;

static void
tell_news (gpointer data)
{
  News *news = data;

  gr_shows_record_changed (news->shows, news->record, news->scene);
}

static void
news_free (News *news)
{
  g_object_unref (news->shows);
  gr_broadcast_record_free (news->record);
  g_free (news);
}

void
gr_request_tell_broadcast (GrRequest *request, const GrBroadcastRecord *record, gboolean scene)
{
  News *news = g_new0 (News, 1);

  news->shows = g_object_ref (request->services->shows);
  news->record = gr_broadcast_record_copy (record);
  news->scene = scene;
  gr_main_post (tell_news, news, (GDestroyNotify) news_free);
}

/* Whether the caller may see the room; its broadcasts, too, then. */
static gboolean
may_see_room (GrRequest *request, const char *room_id, const char *invite, GError **error)
{
  const GrAccount *account = request->caller != NULL ? request->caller->account : NULL;
  g_autoptr (GrRoomRecord) record
      = gr_rooms_find (request->services->rooms, room_id, account, request->address, invite, error);

  return record != NULL;
}

static gboolean
list_broadcasts (GrRequest *request, GError **error)
{
  gint limit = gr_request_query_int (request, "limit", 50);
  const char *status = gr_request_query (request, "status");
  GrBroadcastFilter filter = { .room_id = gr_request_query (request, "roomId") };
  g_autoptr (GPtrArray) records = NULL;
  const GrBroadcastRecord *last = NULL;

  filter.has_status = status != NULL && gr_broadcast_status_from_string (status, &filter.status);
  if (filter.room_id != NULL && !may_see_room (request, filter.room_id, NULL, error))
    return FALSE;

  if (filter.room_id == NULL && g_strcmp0 (gr_request_query (request, "scope"), "mine") == 0)
    {
      if (request->caller == NULL)
        {
          gr_set_error (error, GR_ERROR_UNAUTHENTICATED, NULL, "Sign in first");
          return FALSE;
        }
      filter.owner_id = request->caller->account->id;
    }

  records = gr_studio_store_list_broadcasts (gr_studio_get_store (request->services->studio), &filter, limit,
                                             gr_request_query (request, "after"), error);
  if (records == NULL)
    return FALSE;

  gr_request_begin_list (request);
  if (!write_broadcasts (request, records, error))
    return FALSE;
  if (records->len == (guint) limit)
    last = g_ptr_array_index (records, limit - 1);
  gr_request_end_list (request, last != NULL ? last->id : NULL);

  return TRUE;
}

static gboolean
read_change (JsonObject *body, GrBroadcastChange *change, GError **error)
{
  const char *start_time = gr_json_string (body, "startTime");

  *change = (GrBroadcastChange){
    .title = gr_json_string (body, "title"),
    .description = gr_json_string (body, "description"),
    .quality = gr_json_string (body, "quality"),
    .has_start_time = gr_json_has (body, "startTime"),
  };

  if (start_time != NULL && !gr_time_parse (start_time, &change->start_time))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "startTime", "startTime must be a date and time");
      return FALSE;
    }

  return TRUE;
}

static gboolean
create_broadcast (GrRequest *request, GError **error)
{
  const char *room_id = gr_json_string (gr_request_body (request), "roomId");
  g_autoptr (GrBroadcastRecord) record = NULL;
  GrBroadcastChange change;

  if (!read_change (gr_request_body (request), &change, error)
      || !gr_request_require_host (request, room_id, "roomId", error))
    return FALSE;

  record = gr_studio_create (request->services->studio, room_id, &change, error);
  if (record == NULL || !write_broadcast (request, record, error))
    return FALSE;

  request->status = 201;
  gr_request_tell_broadcast (request, record, FALSE);

  return TRUE;
}

static gboolean
get_broadcast (GrRequest *request, GError **error)
{
  g_autoptr (GrBroadcastRecord) record = gr_studio_store_get_broadcast (gr_studio_get_store (request->services->studio),
                                                                        gr_request_param (request, "broadcast"), error);

  return record != NULL && may_see_room (request, record->room_id, gr_request_query (request, "invite"), error)
         && write_broadcast (request, record, error);
}

static gboolean
update_broadcast (GrRequest *request, GError **error)
{
  g_autoptr (GrBroadcastRecord) record = NULL;
  GrBroadcastChange change;

  if (!read_change (gr_request_body (request), &change, error))
    return FALSE;

  record = gr_studio_update (request->services->studio, request->broadcast->id, &change, error);
  if (record == NULL || !write_broadcast (request, record, error))
    return FALSE;

  gr_request_tell_broadcast (request, record, FALSE);

  return TRUE;
}

static gboolean
delete_broadcast (GrRequest *request, GError **error)
{
  return gr_studio_store_delete_broadcast (gr_studio_get_store (request->services->studio), request->broadcast->id,
                                           error)
         && gr_request_no_content (request);
}

typedef struct
{
  GrRequest *request;
  GrShowPlan *plan;
} Beginning;

static gboolean
begin_show (gpointer data, GError **error)
{
  Beginning *beginning = data;
  GrBroadcast *broadcast = gr_shows_start (beginning->request->services->shows, beginning->plan, error);
  GrShowFacts facts;

  if (broadcast == NULL)
    return FALSE;

  facts = gr_broadcast_get_facts (broadcast);
  gr_broadcast_record_write (&beginning->request->json, gr_broadcast_get_record (broadcast), &facts);

  return TRUE;
}

static gboolean
start_broadcast (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  g_autoptr (GrShowPlan) plan
      = gr_studio_begin (request->services->studio, request->broadcast->id, gr_json_bool (body, "record", FALSE),
                         gr_json_bool (body, "tracks", FALSE), error);
  Beginning beginning = { request, plan };

  if (plan == NULL)
    return FALSE;

  if (!gr_main_call (begin_show, &beginning, request->deadline, error))
    {
      gr_studio_postpone (request->services->studio, plan);
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_request_require_running (GrRequest *request, GrBroadcast **broadcast, GError **error)
{
  *broadcast = gr_shows_get (request->services->shows, request->broadcast->id);
  if (*broadcast == NULL)
    gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This broadcast is not running");

  return *broadcast != NULL;
}

static gboolean
end_show (gpointer data, GError **error)
{
  GrRequest *request = data;
  g_autoptr (GrBroadcast) kept = NULL;
  GrBroadcast *broadcast;
  GrShowFacts facts;

  if (!gr_request_require_running (request, &broadcast, error))
    return FALSE;

  kept = g_object_ref (broadcast);
  gr_broadcast_end (broadcast);
  facts = gr_broadcast_get_facts (broadcast);
  gr_broadcast_record_write (&request->json, gr_broadcast_get_record (broadcast), &facts);

  return TRUE;
}

static gboolean
end_broadcast (GrRequest *request, GError **error)
{
  /* The show has it written down as well, whoever ends it; here the answer says what is stored. */
  return gr_main_call (end_show, request, request->deadline, error)
         && gr_studio_store_end_broadcast (gr_studio_get_store (request->services->studio), request->broadcast->id,
                                           gr_now (), error);
}

/* Asks main, which asks the process; the pool thread waits for both. */
typedef struct
{
  GrRequest *request;
  GMutex lock;
  GCond answered;
  gboolean done;
  char *answer;
  GError *error;
} Inquiry;

static void
on_statistics (GObject *source, GAsyncResult *result, gpointer data)
{
  Inquiry *inquiry = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&inquiry->lock);

  inquiry->answer = gr_program_port_ask_finish (GR_PROGRAM_PORT (source), result, &inquiry->error);
  inquiry->done = TRUE;
  g_cond_signal (&inquiry->answered);
}

static gboolean
ask_statistics (gpointer data, GError **error)
{
  Inquiry *inquiry = data;
  GrBroadcast *broadcast;

  if (!gr_request_require_running (inquiry->request, &broadcast, error))
    return FALSE;

  gr_shows_ask_async (inquiry->request->services->shows, inquiry->request->broadcast->id, GR_PROGRAM_STATISTICS,
                      on_statistics, inquiry);

  return TRUE;
}

static gboolean
get_statistics (GrRequest *request, GError **error)
{
  Inquiry inquiry = { .request = request };
  g_autofree char *answer = NULL;

  if (!gr_main_call (ask_statistics, &inquiry, request->deadline, error))
    return FALSE;

  /* The port answers within seconds, whatever the process does. */
  g_mutex_lock (&inquiry.lock);
  while (!inquiry.done)
    g_cond_wait (&inquiry.answered, &inquiry.lock);
  g_mutex_unlock (&inquiry.lock);
  g_mutex_clear (&inquiry.lock);
  g_cond_clear (&inquiry.answered);

  answer = inquiry.answer;
  if (answer == NULL)
    {
      g_propagate_error (error, inquiry.error);
      return FALSE;
    }

  g_string_append (request->text, answer);

  return TRUE;
}

const GrBinding gr_broadcast_bindings[] = {
  { GR_OP_LIST_BROADCASTS, list_broadcasts },
  { GR_OP_CREATE_BROADCAST, create_broadcast },
  { GR_OP_GET_BROADCAST, get_broadcast },
  { GR_OP_UPDATE_BROADCAST, update_broadcast },
  { GR_OP_DELETE_BROADCAST, delete_broadcast },
  { GR_OP_START_BROADCAST, start_broadcast },
  { GR_OP_END_BROADCAST, end_broadcast },
  { GR_OP_GET_BROADCAST_STATISTICS, get_statistics },
  { 0 },
};
