/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the live rooms is written down, by one thread, in the order it happened: chat, leaves, roles. */
#define GR_LOG_TOPIC "house"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/house-private.h"

/* What did not get written down is tried again so often, for as long as the database is away. */
#define RETRY_SECONDS 2
#define MAX_UNWRITTEN 20000

/* One line for the ledger: a seat that is free now, or a role that somebody has. Reference counted. */
typedef struct _GrLedgerLine GrLedgerLine;

struct _GrLedgerLine
{
  GrHouse *house;
  gboolean (*write) (GrLedgerLine *line, GError **error);
  char *participant_id;
  GrRoomRole role;
  gboolean late; /* was tried before */
};

typedef struct
{
  GrMessage *message;
  GError *error;
} GrSaying;

static void
saying_free (GrSaying *saying)
{
  gr_message_free (saying->message);
  g_clear_error (&saying->error);
  g_free (saying);
}

static void
clear_line (gpointer data)
{
  GrLedgerLine *line = data;

  g_object_unref (line->house);
  g_free (line->participant_id);
}

static void
line_unref (gpointer line)
{
  g_atomic_rc_box_release_full (line, clear_line);
}

static void push_line (GrLedgerLine *line);

static gboolean
on_retry (gpointer data)
{
  GrHouse *house = data;
  GQueue lines = house->unwritten;

  house->retry = 0;
  g_queue_init (&house->unwritten);
  for (GList *link = lines.head; link != NULL; link = link->next)
    push_line (link->data);
  g_queue_clear_full (&lines, line_unref);

  return G_SOURCE_REMOVE;
}

/* On main: the database was away. */
static void
keep_line (gpointer data)
{
  GrLedgerLine *line = data;
  GrHouse *house = line->house;

  if (house->draining || house->unwritten.length == MAX_UNWRITTEN)
    return;

  if (!line->late)
    gr_warning ("participant %s is written down later", line->participant_id);

  line->late = TRUE;
  g_queue_push_tail (&house->unwritten, g_atomic_rc_box_acquire (line));

  if (house->retry == 0)
    house->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, house);
}

static void
write_line (gpointer data)
{
  GrLedgerLine *line = data;
  g_autoptr (GError) error = NULL;

  if (line->write (line, &error))
    return;

  if (g_error_matches (error, GR_ERROR, GR_ERROR_UNAVAILABLE))
    gr_main_post (keep_line, g_atomic_rc_box_acquire (line), line_unref);
  else
    gr_warning ("participant %s is not written down: %s", line->participant_id, error->message);
}

static void
push_line (GrLedgerLine *line)
{
  g_autoptr (GError) error = NULL;

  if (gr_pool_push (line->house->ledger, write_line, g_atomic_rc_box_acquire (line), line_unref, &error))
    return;

  gr_warning ("participant %s is not written down: %s", line->participant_id, error->message);
  line_unref (line);
}

static void
add_line (GrHouse *house,
          gboolean (*write) (GrLedgerLine *line, GError **error),
          const char *participant_id,
          GrRoomRole role)
{
  GrLedgerLine *line = g_atomic_rc_box_new0 (GrLedgerLine);

  line->house = g_object_ref (house);
  line->write = write;
  line->participant_id = g_strdup (participant_id);
  line->role = role;
  push_line (line);
  line_unref (line);
}

static gboolean
write_leave (GrLedgerLine *line, GError **error)
{
  return gr_store_leave_seat (line->house->store, line->participant_id, gr_now (), error);
}

static gboolean
write_role (GrLedgerLine *line, GError **error)
{
  return gr_store_set_seat_role (line->house->store, line->participant_id, line->role, error);
}

void
gr_house_write_leave (GrHouse *house, const char *participant_id)
{
  add_line (house, write_leave, participant_id, 0);
}

void
gr_house_write_role (GrHouse *house, const char *participant_id, GrRoomRole role)
{
  add_line (house, write_role, participant_id, role);
}

void
gr_house_close_ledger (GrHouse *house)
{
  g_clear_handle_id (&house->retry, g_source_remove);
  g_queue_clear_full (&house->unwritten, line_unref);
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
