/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is inside a room, what a host does to them, and bans. Pool threads; the live room is asked on main. */
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/json.h"
#include "http/resources.h"

/* A visit to the live room: runs on main while the pool thread waits. */
typedef struct
{
  GrRequest *request;
  GrActor actor;
  const char *participant_id;
  gboolean ban;
  GrBan *banned; /* who would be, to be stored first */
} Visit;

static Visit
plan_visit (GrRequest *request)
{
  return (Visit){
    .request = request,
    .actor = gr_request_actor (request),
    .participant_id = gr_request_param (request, "participant"),
    .ban = g_strcmp0 (gr_request_query (request, "ban"), "true") == 0,
  };
}

static GrRoom *
enter (Visit *visit, GError **error)
{
  GrRoom *room = gr_house_get_room (visit->request->services->house, visit->request->room->id);

  if (room == NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "participant", "Nobody is in the room");

  return room;
}

static gboolean
write_participants (gpointer data, GError **error)
{
  GrRequest *request = data;
  GrRoom *room = gr_house_get_room (request->services->house, request->room->id);
  GPtrArray *participants = room != NULL ? gr_room_get_participants (room) : NULL;

  for (guint i = 0; participants != NULL && i < participants->len; i++)
    gr_participant_write (&request->json, g_ptr_array_index (participants, i));

  return TRUE;
}

static gboolean
list_participants (GrRequest *request, GError **error)
{
  gr_request_begin_list (request);
  if (!gr_main_call (write_participants, request, request->deadline, error))
    return FALSE;
  gr_request_end_list (request, NULL);

  return TRUE;
}

static GrParticipantChange
read_change (JsonObject *body)
{
  const char *role = gr_json_string (body, "role");
  const char *stage = gr_json_string (body, "stage");
  JsonArray *mute = gr_json_array (body, "mute");
  JsonArray *ask_unmute = gr_json_array (body, "askUnmute");
  GrParticipantChange change = {
    .admit = gr_json_bool (body, "admit", FALSE),
    .mute = mute != NULL ? gr_media_parse (mute) : 0,
    .ask_unmute = ask_unmute != NULL ? gr_media_parse (ask_unmute) : 0,
    .lower_hand = gr_json_bool (body, "lowerHand", FALSE),
    .has_gain = gr_json_has (body, "gain"),
    .gain = gr_json_double (body, "gain", 1),
  };

  change.has_role = role != NULL && gr_room_role_from_string (role, &change.role);
  change.has_stage = stage != NULL && gr_stage_from_string (stage, &change.stage);

  return change;
}

static gboolean
apply_update (gpointer data, GError **error)
{
  Visit *visit = data;
  const GrParticipantChange change = read_change (gr_request_body (visit->request));
  GrRoom *room = enter (visit, error);

  if (room == NULL || !gr_room_change_participant (room, &visit->actor, visit->participant_id, &change, error))
    return FALSE;

  gr_participant_write (&visit->request->json, gr_room_get_participant (room, visit->participant_id));

  return TRUE;
}

static gboolean
update_participant (GrRequest *request, GError **error)
{
  Visit visit = plan_visit (request);

  return gr_main_call (apply_update, &visit, request->deadline, error);
}

static gboolean
identify (gpointer data, GError **error)
{
  Visit *visit = data;
  GrRoom *room = enter (visit, error);
  GrParticipant *participant;

  if (room == NULL)
    return FALSE;

  participant = gr_room_get_participant (room, visit->participant_id);
  if (participant == NULL)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "participant", "Nobody with this id is in the room");
      return FALSE;
    }

  if (!gr_room_may_remove (room, &visit->actor, visit->participant_id, error))
    return FALSE;

  visit->banned = g_new0 (GrBan, 1);
  visit->banned->id = gr_id_new ();
  visit->banned->room_id = g_strdup (gr_room_get_id (room));
  visit->banned->account_id = g_strdup (participant->account_id);
  visit->banned->address_hash = g_strdup (participant->address_hash);
  visit->banned->name = g_strdup (participant->name);
  visit->banned->created_at = gr_now ();

  return TRUE;
}

static gboolean
remove_from_room (gpointer data, GError **error)
{
  Visit *visit = data;
  GrRoom *room = enter (visit, error);

  return room != NULL && gr_room_remove (room, &visit->actor, visit->participant_id, visit->ban, error);
}

/* A ban is asked about, stored, and only then told, so that nobody slips back in between. */
static gboolean
store_ban (Visit *visit, GError **error)
{
  g_autoptr (GrBan) ban = NULL;

  if (!gr_main_call (identify, visit, visit->request->deadline, error))
    return FALSE;

  ban = g_steal_pointer (&visit->banned);

  return gr_store_add_ban (visit->request->services->store, ban, error);
}

static gboolean
remove_participant (GrRequest *request, GError **error)
{
  Visit visit = plan_visit (request);

  if (visit.ban && !store_ban (&visit, error))
    return FALSE;

  return gr_main_call (remove_from_room, &visit, request->deadline, error) && gr_request_no_content (request);
}

static gboolean
list_bans (GrRequest *request, GError **error)
{
  GrJsonWriter *json = &request->json;
  g_autoptr (GPtrArray) bans = gr_store_list_bans (request->services->store, request->room->id, error);

  if (bans == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < bans->len; i++)
    {
      const GrBan *ban = g_ptr_array_index (bans, i);

      gr_json_writer_begin_object (json);
      gr_json_writer_string_member (json, "id", ban->id);
      gr_json_writer_string_member (json, "name", ban->name);
      gr_json_writer_time_member (json, "createdAt", ban->created_at);
      gr_json_writer_end_object (json);
    }
  gr_request_end_list (request, NULL);

  return TRUE;
}

static gboolean
delete_ban (GrRequest *request, GError **error)
{
  return gr_store_delete_ban (request->services->store, request->room->id, gr_request_param (request, "ban"), error)
         && gr_request_no_content (request);
}

const GrBinding gr_participant_bindings[] = {
  { GR_OP_LIST_PARTICIPANTS, list_participants },
  { GR_OP_UPDATE_PARTICIPANT, update_participant },
  { GR_OP_REMOVE_PARTICIPANT, remove_participant },
  { GR_OP_LIST_BANS, list_bans },
  { GR_OP_DELETE_BAN, delete_ban },
  { 0 },
};
