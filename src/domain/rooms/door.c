/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way into a room: from main to a pool thread, which judges and takes the seat, and back to main. */
#include "base/error.h"
#include "base/household.h"
#include "base/id.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/house-private.h"

#define MESSAGES_ON_ENTRY 50

/* Somebody at the door: filled on main, judged on a pool thread, let in on main. */
typedef struct
{
  char *room;
  char *name;
  char *token;
  char *invite;
  char *address;
  gboolean watch;

  GrRoomRecord *record;
  GrSeat *seat;
  GPtrArray *messages;
  GrRole role;
  char *session_id;
  GError *error;
} GrVisit;

static void
visit_free (GrVisit *visit)
{
  g_free (visit->room);
  g_free (visit->name);
  g_free (visit->token);
  g_free (visit->invite);
  g_free (visit->address);
  g_free (visit->session_id);
  g_clear_pointer (&visit->record, gr_room_record_free);
  g_clear_pointer (&visit->seat, gr_seat_free);
  g_clear_pointer (&visit->messages, g_ptr_array_unref);
  g_clear_error (&visit->error);
  g_free (visit);
}

static gboolean
judge (GrHouse *house, GrVisit *visit, GError **error)
{
  g_autoptr (GrCaller) caller = NULL;
  g_autofree char *participant_id = gr_id_new ();
  g_autofree char *address_hash = NULL;
  const GrAccount *account;

  if (visit->token != NULL)
    {
      caller = gr_accounts_authenticate (house->accounts, visit->token, error);
      if (caller == NULL)
        return FALSE;
    }

  account = caller != NULL ? caller->account : NULL;

  if (account == NULL && visit->name == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "name", "Say under which name you come in");
      return FALSE;
    }

  visit->record = gr_store_find_room (house->store, visit->room, error);
  if (visit->record == NULL)
    return FALSE;

  visit->session_id = caller != NULL ? g_strdup (caller->session_id) : NULL;
  visit->role = account != NULL ? account->role : GR_ROLE_GUEST;
  address_hash = gr_room_hash_address (visit->record->id, visit->address);
  visit->seat = gr_store_take_seat (house->store,
                                    &(GrJoin){
                                        .room_id = visit->record->id,
                                        .account_id = account != NULL ? account->id : NULL,
                                        .address_hash = address_hash,
                                        .invite = visit->invite,
                                        .moderator = visit->role >= GR_ROLE_MODERATOR,
                                        .registered = visit->role >= GR_ROLE_USER,
                                        .viewer = visit->watch,
                                        .participant_id = participant_id,
                                        .name = account != NULL ? account->name : visit->name,
                                        .now = gr_now (),
                                    },
                                    error);
  if (visit->seat == NULL)
    return FALSE;

  visit->messages = gr_store_list_messages (house->store, visit->record->id, MESSAGES_ON_ENTRY, NULL, error);
  if (visit->messages == NULL)
    {
      gr_store_leave_seat (house->store, visit->seat->id, gr_now (), NULL);
      return FALSE;
    }

  return TRUE;
}

static GPtrArray *
reversed (GPtrArray *newest_first)
{
  GPtrArray *oldest_first = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_message_free);

  for (guint i = newest_first->len; i > 0; i--)
    g_ptr_array_add (oldest_first, g_ptr_array_index (newest_first, i - 1));

  g_ptr_array_set_free_func (newest_first, NULL);
  g_ptr_array_unref (newest_first);

  return oldest_first;
}

/* Newcomers wait if the room has a waiting list, but for hosts. */
static GrStage
stage_on_entry (const GrRoomRecord *record, GrRoomRole role)
{
  if (record->waiting_room && role != GR_ROOM_ROLE_HOST)
    return GR_STAGE_WAITING;

  return role == GR_ROOM_ROLE_VIEWER ? GR_STAGE_BACKSTAGE : GR_STAGE_ON;
}

/* The seat is taken in the store. */
static void
let_in (GrHouse *house, GTask *task)
{
  GrVisit *visit = g_task_get_task_data (task);
  g_autoptr (GrParticipant) participant = NULL;
  GrAdmission *admission;

  if (visit->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&visit->error));
      return;
    }

  if (house->draining || g_hash_table_contains (house->deleted, visit->record->id)
      || g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      gr_house_write_leave (house, visit->seat->id);
      g_task_return_new_error (task, GR_ERROR, house->draining ? GR_ERROR_UNAVAILABLE : GR_ERROR_NOT_FOUND,
                               "The room is not there any more");
      return;
    }

  admission = g_new0 (GrAdmission, 1);
  admission->room = g_object_ref (gr_house_ensure_room (house, &visit->record));
  participant
      = gr_participant_new (visit->seat,
                            g_strcmp0 (visit->seat->account_id, gr_room_get_record (admission->room)->owner_id) == 0,
                            stage_on_entry (gr_room_get_record (admission->room), visit->seat->role));
  participant->guest = visit->role == GR_ROLE_GUEST;
  participant->server_role = visit->role;
  participant->session_id = g_steal_pointer (&visit->session_id);
  admission->messages = reversed (g_steal_pointer (&visit->messages));
  admission->participant = g_object_ref (participant);
  gr_room_add (admission->room, participant);

  g_task_return_pointer (task, admission, (GDestroyNotify) gr_admission_free);
  gr_house_judge_newcomer (house, participant->account_id);
}

/* Back on main. */
static void
come_from_door (gpointer data)
{
  GrHouse *house = g_task_get_source_object (data);

  let_in (house, data);
  gr_house_left_door (house);
}

static void
stand_at_door (gpointer data)
{
  GTask *task = data;
  GrVisit *visit = g_task_get_task_data (task);

  if (!judge (g_task_get_source_object (task), visit, &visit->error))
    g_assert (visit->error != NULL);

  gr_main_post (come_from_door, g_object_ref (task), g_object_unref);
}

/* On the ledger's thread: all that happened before is written down now, a seat that was left and a role that was given
 * among it. */
static void
come_to_door (gpointer data)
{
  GTask *task = data;
  GrHouse *house = g_task_get_source_object (task);
  GrVisit *visit = g_task_get_task_data (task);

  if (gr_pool_push (house->door, stand_at_door, g_object_ref (task), g_object_unref, &visit->error))
    return;

  g_object_unref (task);
  gr_main_post (come_from_door, g_object_ref (task), g_object_unref);
}

void
gr_house_enter_async (
    GrHouse *house, const GrEntry *entry, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (house, cancellable, callback, user_data);
  GrVisit *visit = g_new0 (GrVisit, 1);
  g_autofree char *household = gr_household_of_text (entry->address);
  GError *error = NULL;
  double retry_after;

  gr_assert_main ();
  visit->room = g_strdup (entry->room);
  visit->name = g_strdup (entry->name);
  visit->token = g_strdup (entry->token);
  visit->invite = g_strdup (entry->invite);
  visit->address = g_strdup (entry->address);
  visit->watch = entry->watch;
  g_task_set_task_data (task, visit, (GDestroyNotify) visit_free);

  /* A result that comes from a pool thread through main is judged there, seat and all: let_in() looks itself. */
  g_task_set_check_cancellable (task, FALSE);

  if (house->draining)
    g_set_error (&error, GR_ERROR, GR_ERROR_UNAVAILABLE, "The server is about to restart; come back in a moment");
  else if (!gr_rate_limiter_take (house->joins, household, g_get_monotonic_time (), &retry_after))
    g_set_error (&error, GR_ERROR, GR_ERROR_RATE_LIMITED, "Too many joins from here; try again in %.0f seconds",
                 retry_after + 1);
  else if (gr_pool_push (house->ledger, come_to_door, g_object_ref (task), g_object_unref, &error))
    house->at_door++;
  else
    g_object_unref (task);

  if (error != NULL)
    g_task_return_error (task, error);
}

GrAdmission *
gr_house_enter_finish (GrHouse *house, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
gr_admission_free (GrAdmission *admission)
{
  g_object_unref (admission->room);
  g_object_unref (admission->participant);
  g_ptr_array_unref (admission->messages);
  g_free (admission);
}
