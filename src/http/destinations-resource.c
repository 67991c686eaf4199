/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a show goes. Pool threads; how an output fares is asked on main. The keys never leave the server again. */
#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
#include "domain/studio/destination.h"
#include "http/resources.h"
#include "http/studio.h"

/* A visit to the shows. */
typedef struct
{
  GrRequest *request;
  GPtrArray *destinations;  /* to be written */
  GrOpenDestination *taken; /* to be told of, and taken */
  const char *dropped;
} Visit;

static gboolean
visit_show (gpointer data, GError **error)
{
  Visit *visit = data;
  GrRequest *request = visit->request;
  GrShows *shows = request->services->shows;
  GrBroadcast *broadcast = gr_shows_get (shows, request->broadcast->id);

  if (visit->taken != NULL)
    gr_shows_destination_changed (shows, request->broadcast, NULL, g_steal_pointer (&visit->taken));
  if (visit->dropped != NULL)
    gr_shows_destination_changed (shows, request->broadcast, visit->dropped, NULL);

  for (guint i = 0; visit->destinations != NULL && i < visit->destinations->len; i++)
    {
      const GrDestination *destination = g_ptr_array_index (visit->destinations, i);

      gr_destination_write (&request->json, destination,
                            broadcast != NULL ? gr_broadcast_get_status (broadcast, destination->id) : NULL);
    }

  return TRUE;
}

static gboolean
list_destinations (GrRequest *request, GError **error)
{
  g_autoptr (GPtrArray) destinations
      = gr_studio_store_list_destinations (gr_studio_get_store (request->services->studio), request->broadcast->id,
                                           error);
  Visit visit = { .request = request, .destinations = destinations };

  if (destinations == NULL)
    return FALSE;

  gr_request_begin_list (request);
  if (!gr_main_call (visit_show, &visit, request->deadline, error))
    return FALSE;
  gr_request_end_list (request, NULL);

  return TRUE;
}

/* Tells the running show, and writes it. */
static gboolean
take (GrRequest *request, const GrDestination *destination, GError **error)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  Visit visit = { .request = request, .destinations = one };
  gboolean done;

  visit.taken = gr_studio_open_destination (request->services->studio, destination, error);
  if (visit.taken == NULL)
    return FALSE;

  g_ptr_array_add (one, (gpointer) destination);
  done = gr_main_call (visit_show, &visit, request->deadline, error);
  g_clear_pointer (&visit.taken, gr_open_destination_free);

  return done;
}

static GrDestinationChange
read_change (JsonObject *body)
{
  return (GrDestinationChange){
    .platform = gr_json_string (body, "platform"),
    .name = gr_json_string (body, "name"),
    .url = gr_json_string (body, "rtmpUrl"),
    .stream_key = gr_json_string (body, "streamKey"),
    .enabled = gr_json_has (body, "enabled") ? gr_json_bool (body, "enabled", TRUE) : -1,
  };
}

static gboolean
add_destination (GrRequest *request, GError **error)
{
  GrDestinationChange change = read_change (gr_request_body (request));
  g_autoptr (GrDestination) destination
      = gr_studio_add_destination (request->services->studio, request->broadcast->id, &change, error);

  request->status = 201;

  return destination != NULL && take (request, destination, error);
}

static gboolean
update_destination (GrRequest *request, GError **error)
{
  GrDestinationChange change = read_change (gr_request_body (request));
  g_autoptr (GrDestination) destination
      = gr_studio_update_destination (request->services->studio, request->broadcast->id,
                                      gr_request_param (request, "destination"), &change, error);

  return destination != NULL && take (request, destination, error);
}

static gboolean
remove_destination (GrRequest *request, GError **error)
{
  Visit visit = { .request = request, .dropped = gr_request_param (request, "destination") };

  return gr_studio_store_delete_destination (gr_studio_get_store (request->services->studio), request->broadcast->id,
                                             visit.dropped, error)
         && gr_main_call (visit_show, &visit, request->deadline, error) && gr_request_no_content (request);
}

typedef struct
{
  GrRequest *request;
  const char *id;
} Question;

static gboolean
is_off_air (gpointer data, GError **error)
{
  Question *question = data;
  GrRequest *request = question->request;
  GrBroadcast *broadcast = gr_shows_get (request->services->shows, request->broadcast->id);
  const GrOutputStatus *status = broadcast != NULL ? gr_broadcast_get_status (broadcast, question->id) : NULL;

  if (status == NULL || (!g_str_equal (status->state, "live") && !g_str_equal (status->state, "connecting")))
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, NULL, "The show is on its way there now; a test would break it off");
  return FALSE;
}

static gboolean
test_destination (GrRequest *request, GError **error)
{
  Question question = { request, gr_request_param (request, "destination") };
  g_autoptr (GrDestination) destination
      = gr_studio_store_get_destination (gr_studio_get_store (request->services->studio), request->broadcast->id,
                                         question.id, error);
  g_autoptr (GrOpenDestination) open = NULL;
  g_autoptr (GrOutputStatus) status = NULL;
  gint64 began = g_get_monotonic_time ();

  if (destination == NULL || !gr_main_call (is_off_air, &question, request->deadline, error))
    return FALSE;

  open = gr_studio_open_destination (request->services->studio, destination, error);
  status = open != NULL ? gr_studio_test_destination (request->services->studio, open, error) : NULL;
  if (status == NULL)
    return FALSE;

  gr_json_writer_begin_object (&request->json);
  gr_json_writer_bool_member (&request->json, "ok", g_str_equal (status->state, "live"));
  gr_json_writer_string_member (&request->json, "reason", status->reason);
  gr_json_writer_string_member (&request->json, "message", status->message);
  gr_json_writer_int_member (&request->json, "tookMs", (g_get_monotonic_time () - began) / 1000);
  gr_json_writer_end_object (&request->json);

  return TRUE;
}

const GrBinding gr_destination_bindings[] = {
  { GR_OP_LIST_DESTINATIONS, list_destinations },   { GR_OP_ADD_DESTINATION, add_destination },
  { GR_OP_UPDATE_DESTINATION, update_destination }, { GR_OP_REMOVE_DESTINATION, remove_destination },
  { GR_OP_TEST_DESTINATION, test_destination },     { 0 },
};
