/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the live rooms is written down, by one thread, in the order it happened: chat, leaves, roles. */
#define GR_LOG_TOPIC "house"

#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/house-private.h"

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

void
gr_house_write_leave (GrHouse *house, const char *participant_id)
{
  write_line (house, write_leave, participant_id, 0);
}

void
gr_house_write_role (GrHouse *house, const char *participant_id, GrRoomRole role)
{
  write_line (house, write_role, participant_id, role);
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
