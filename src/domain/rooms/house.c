/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "house"

#include "domain/rooms/house.h"

#include "base/error.h"
#include "base/household.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/rate-limiter.h"
#include "base/time.h"

#define DOOR_THREADS 4
#define DOOR_QUEUE 512
#define LEDGER_QUEUE 20000
#define MESSAGES_ON_ENTRY 50
#define MESSAGES_PER_SECOND 2
#define MESSAGES_BURST 12

/* Longer than anybody can stand at the door of a room that is deleted meanwhile. */
#define DELETED_MEMORY (5 * G_TIME_SPAN_MINUTE)

enum
{
  SIGNAL_ROOM_ADDED,
  SIGNAL_ROOM_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrHouse
{
  GObject parent;

  GrStore *store;
  GrAccounts *accounts;
  GrPool *door;   /* joins */
  GrPool *ledger; /* one thread, so that what happened in a room is stored in that order */
  GrRateLimiter *joins;
  GrRateLimiter *messages;

  GHashTable *rooms;   /* id → GrRoom */
  GHashTable *deleted; /* id → monotonic time until which it is remembered */
  gboolean draining;
};

G_DEFINE_FINAL_TYPE (GrHouse, gr_house, G_TYPE_OBJECT)

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
  GError *error;
} GrVisit;

/* One line for the ledger. */
typedef struct
{
  GrHouse *house;
  char *participant_id;
  GrRoomRole role;
} GrLedgerLine;

typedef struct
{
  GrMessage *message;
  GError *error;
} GrSaying;

static void
visit_free (GrVisit *visit)
{
  g_free (visit->room);
  g_free (visit->name);
  g_free (visit->token);
  g_free (visit->invite);
  g_free (visit->address);
  g_clear_pointer (&visit->record, gr_room_record_free);
  g_clear_pointer (&visit->seat, gr_seat_free);
  g_clear_pointer (&visit->messages, g_ptr_array_unref);
  g_clear_error (&visit->error);
  g_free (visit);
}

static void
saying_free (GrSaying *saying)
{
  gr_message_free (saying->message);
  g_clear_error (&saying->error);
  g_free (saying);
}

static void
ledger_line_free (GrLedgerLine *line)
{
  g_object_unref (line->house);
  g_free (line->participant_id);
  g_free (line);
}

static void
write_line (GrHouse *house, GrPoolFunc func, const char *participant_id, GrRoomRole role)
{
  GrLedgerLine *line = g_new0 (GrLedgerLine, 1);
  g_autoptr (GError) error = NULL;

  line->house = g_object_ref (house);
  line->participant_id = g_strdup (participant_id);
  line->role = role;

  if (!gr_pool_push (house->ledger, func, line, (GDestroyNotify) ledger_line_free, &error))
    {
      gr_warning ("participant %s is not written down: %s", participant_id, error->message);
      ledger_line_free (line);
    }
}

static void
write_leave (gpointer data)
{
  GrLedgerLine *line = data;
  g_autoptr (GError) error = NULL;

  if (!gr_store_leave_seat (line->house->store, line->participant_id, gr_now (), &error))
    gr_warning ("seat of %s stays taken: %s", line->participant_id, error->message);
}

static void
write_role (gpointer data)
{
  GrLedgerLine *line = data;
  g_autoptr (GError) error = NULL;

  if (!gr_store_set_seat_role (line->house->store, line->participant_id, line->role, &error))
    gr_warning ("role of %s is not kept: %s", line->participant_id, error->message);
}

static void
on_room_event (GrRoom *room, const GrRoomEvent *event, GrHouse *house)
{
  if (event->type == GR_ROOM_EVENT_CHANGED && event->participant->role != event->was_role)
    write_line (house, write_role, event->participant->id, event->participant->role);

  if (event->type != GR_ROOM_EVENT_LEFT)
    return;

  write_line (house, write_leave, event->participant->id, event->participant->role);

  if (gr_room_get_participants (room)->len == 0)
    {
      g_autoptr (GrRoom) alive = g_object_ref (room);

      g_signal_handlers_disconnect_by_data (room, house);
      g_hash_table_remove (house->rooms, gr_room_get_id (room));
      g_signal_emit (house, signals[SIGNAL_ROOM_REMOVED], 0, room);
    }
}

/* The room is mixed in so that nobody can be followed from room to room. */
static char *
hash_address (const char *room_id, const char *address)
{
  g_autofree char *household = gr_household_of_text (address);
  g_autofree char *scoped = g_strconcat (room_id, " ", household, NULL);

  return gr_hash_token (scoped);
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

  visit->role = account != NULL ? account->role : GR_ROLE_GUEST;
  address_hash = hash_address (visit->record->id, visit->address);
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

static GrRoom *
ensure_room (GrHouse *house, GrVisit *visit)
{
  GrRoom *room = g_hash_table_lookup (house->rooms, visit->record->id);

  if (room != NULL)
    return room;

  room = gr_room_new (g_steal_pointer (&visit->record));
  g_hash_table_insert (house->rooms, (char *) gr_room_get_id (room), room);

  /* After everybody else, so that all hear of the last one leaving before the room goes. */
  g_signal_connect_after (room, "event", G_CALLBACK (on_room_event), house);
  g_signal_emit (house, signals[SIGNAL_ROOM_ADDED], 0, room);

  return room;
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

/* Back on main: the seat is taken in the store. */
static void
let_in (gpointer data)
{
  GTask *task = data;
  GrHouse *house = g_task_get_source_object (task);
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
      write_line (house, write_leave, visit->seat->id, visit->seat->role);
      g_task_return_new_error (task, GR_ERROR, house->draining ? GR_ERROR_UNAVAILABLE : GR_ERROR_NOT_FOUND,
                               "The room is not there any more");
      return;
    }

  admission = g_new0 (GrAdmission, 1);
  admission->room = g_object_ref (ensure_room (house, visit));
  participant
      = gr_participant_new (visit->seat,
                            g_strcmp0 (visit->seat->account_id, gr_room_get_record (admission->room)->owner_id) == 0,
                            stage_on_entry (gr_room_get_record (admission->room), visit->seat->role));
  admission->messages = reversed (g_steal_pointer (&visit->messages));
  admission->role = visit->role;
  admission->participant = g_object_ref (participant);
  gr_room_add (admission->room, participant);

  g_task_return_pointer (task, admission, (GDestroyNotify) gr_admission_free);
}

static void
stand_at_door (gpointer data)
{
  GTask *task = data;
  GrVisit *visit = g_task_get_task_data (task);

  if (!judge (g_task_get_source_object (task), visit, &visit->error))
    g_assert (visit->error != NULL);

  gr_main_post (let_in, g_object_ref (task), g_object_unref);
}

static void
tell_saying (gpointer data)
{
  GTask *task = data;
  GrHouse *house = g_task_get_source_object (task);
  GrSaying *saying = g_task_get_task_data (task);
  GrRoom *room = g_hash_table_lookup (house->rooms, saying->message->room_id);

  if (saying->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&saying->error));
      return;
    }

  if (room != NULL)
    gr_room_tell_message (room, saying->message);

  g_task_return_boolean (task, TRUE);
}

static void
write_saying (gpointer data)
{
  GTask *task = data;
  GrHouse *house = g_task_get_source_object (task);
  GrSaying *saying = g_task_get_task_data (task);

  gr_store_add_message (house->store, saying->message, &saying->error);
  gr_main_post (tell_saying, g_object_ref (task), g_object_unref);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer data)
{
  return GPOINTER_TO_SIZE (value) < *(gsize *) data;
}

static void
gr_house_dispose (GObject *object)
{
  GrHouse *house = GR_HOUSE (object);

  g_clear_pointer (&house->door, gr_pool_free);
  g_clear_pointer (&house->ledger, gr_pool_free);

  G_OBJECT_CLASS (gr_house_parent_class)->dispose (object);
}

static void
gr_house_finalize (GObject *object)
{
  GrHouse *house = GR_HOUSE (object);

  g_hash_table_unref (house->rooms);
  g_hash_table_unref (house->deleted);
  g_clear_pointer (&house->joins, gr_rate_limiter_free);
  g_clear_pointer (&house->messages, gr_rate_limiter_free);
  g_clear_object (&house->accounts);
  g_clear_object (&house->store);

  G_OBJECT_CLASS (gr_house_parent_class)->finalize (object);
}

static void
gr_house_class_init (GrHouseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gr_house_dispose;
  object_class->finalize = gr_house_finalize;

  signals[SIGNAL_ROOM_ADDED] = g_signal_new ("room-added", GR_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 1, GR_TYPE_ROOM);
  signals[SIGNAL_ROOM_REMOVED] = g_signal_new ("room-removed", GR_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 1, GR_TYPE_ROOM);
}

static void
gr_house_init (GrHouse *house)
{
  house->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  house->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  house->messages = gr_rate_limiter_new (MESSAGES_PER_SECOND, MESSAGES_BURST, 10000);
}

GrHouse *
gr_house_new (GrStore *store, GrAccounts *accounts, GrConfig *config)
{
  GrHouse *house = g_object_new (GR_TYPE_HOUSE, NULL);
  double joins = gr_config_get_int (config, "limits", "joins-per-second");

  house->store = g_object_ref (store);
  house->accounts = g_object_ref (accounts);
  house->door = gr_pool_new ("door", DOOR_THREADS, DOOR_QUEUE);
  house->ledger = gr_pool_new ("ledger", 1, LEDGER_QUEUE);
  house->joins = gr_rate_limiter_new (joins, joins * 2, 10000);

  return house;
}

GPtrArray *
gr_house_list (GrHouse *house)
{
  GPtrArray *rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer room;

  gr_assert_main ();
  g_hash_table_iter_init (&iter, house->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    g_ptr_array_add (rooms, room);

  return rooms;
}

GrRoom *
gr_house_get_room (GrHouse *house, const char *id)
{
  gr_assert_main ();

  return g_hash_table_lookup (house->rooms, id);
}

guint
gr_house_count_participants (GrHouse *house)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (house);
  guint count = 0;

  for (guint i = 0; i < rooms->len; i++)
    count += gr_room_get_participants (g_ptr_array_index (rooms, i))->len;

  return count;
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
  else if (gr_pool_push (house->door, stand_at_door, g_object_ref (task), g_object_unref, &error))
    return;
  else
    g_object_unref (task);

  g_task_return_error (task, error);
}

GrAdmission *
gr_house_enter_finish (GrHouse *house, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
gr_house_say_async (GrHouse *house,
                    GrRoom *room,
                    const char *participant_id,
                    const char *text,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (house, NULL, callback, user_data);
  GrParticipant *participant = gr_room_get_participant (room, participant_id);
  GError *error = NULL;
  GrSaying *saying;

  gr_assert_main ();

  if (participant == NULL || participant->stage == GR_STAGE_WAITING)
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_FORBIDDEN, "Only those inside may write");
      return;
    }

  if (!gr_rate_limiter_take (house->messages, participant_id, g_get_monotonic_time (), NULL))
    {
      g_task_return_new_error (task, GR_ERROR, GR_ERROR_RATE_LIMITED, "Too many messages; wait a moment");
      return;
    }

  saying = g_new0 (GrSaying, 1);
  saying->message = g_new0 (GrMessage, 1);
  saying->message->id = gr_id_new ();
  saying->message->room_id = g_strdup (gr_room_get_id (room));
  saying->message->participant_id = g_strdup (participant_id);
  saying->message->account_id = g_strdup (participant->account_id);
  saying->message->name = g_strdup (participant->name);
  saying->message->text = g_strdup (text);
  saying->message->created_at = gr_now ();
  g_task_set_task_data (task, saying, (GDestroyNotify) saying_free);

  if (!gr_pool_push (house->ledger, write_saying, g_object_ref (task), g_object_unref, &error))
    {
      g_object_unref (task);
      g_task_return_error (task, error);
    }
}

gboolean
gr_house_say_finish (GrHouse *house, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
gr_house_room_updated (GrHouse *house, GrRoomRecord *record)
{
  GrRoom *room = gr_house_get_room (house, record->id);

  if (room != NULL)
    gr_room_set_record (room, record);
  else
    gr_room_record_free (record);
}

void
gr_house_room_deleted (GrHouse *house, const char *room_id)
{
  GrRoom *room = gr_house_get_room (house, room_id);
  gsize now = g_get_monotonic_time ();

  g_hash_table_foreach_remove (house->deleted, is_over, &now);
  g_hash_table_insert (house->deleted, g_strdup (room_id), GSIZE_TO_POINTER (now + DELETED_MEMORY));

  if (room != NULL)
    gr_room_close (room);
}

void
gr_house_drain (GrHouse *house, gint64 deadline_us)
{
  g_autoptr (GError) error = NULL;

  gr_assert_main ();
  house->draining = TRUE;

  if (!gr_pool_drain (house->ledger, deadline_us))
    gr_warning ("not everything was written down in time");

  if (!gr_store_leave_all_seats (house->store, gr_now (), &error))
    gr_warning ("seats stay taken until the next start: %s", error->message);
}

void
gr_admission_free (GrAdmission *admission)
{
  g_object_unref (admission->room);
  g_object_unref (admission->participant);
  g_ptr_array_unref (admission->messages);
  g_free (admission);
}
