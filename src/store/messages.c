/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/queries.h"

#define ADD_MESSAGE                                                                                                    \
  "INSERT INTO messages (id, room_id, participant_id, account_id, name, text, created_at)"                             \
  " VALUES ($1, $2, $3, $4, $5, $6, $7)"

#define LIST_MESSAGES                                                                                                  \
  "SELECT id, room_id, participant_id, account_id, name, text, created_at FROM messages"                               \
  " WHERE room_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"

#define DELETE_MESSAGE "DELETE FROM messages WHERE room_id = $1 AND id = $2"

static gpointer
read_message (GrRows *rows)
{
  GrMessage *message = g_new0 (GrMessage, 1);

  message->id = gr_rows_dup (rows, 0);
  message->room_id = gr_rows_dup (rows, 1);
  message->participant_id = gr_rows_dup (rows, 2);
  message->account_id = gr_rows_dup (rows, 3);
  message->name = gr_rows_dup (rows, 4);
  message->text = gr_rows_dup (rows, 5);
  message->created_at = gr_rows_integer (rows, 6);
  return message;
}

static gboolean
add_message (GrStore *store, const GrMessage *message, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, ADD_MESSAGE,
                                    GR_VALUES (GR_TEXT (message->id), GR_TEXT (message->room_id),
                                               GR_TEXT (message->participant_id), GR_TEXT (message->account_id),
                                               GR_TEXT (message->name), GR_TEXT (message->text),
                                               GR_INTEGER (message->created_at)),
                                    error);

  return gr_store_changed (rows, NULL, error);
}

static GPtrArray *
list_messages (GrStore *store, const char *room_id, gint limit, const char *after, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_READ, LIST_MESSAGES,
                                    GR_VALUES (GR_TEXT (room_id), GR_PAGE_BEFORE (after), GR_INTEGER (limit)), error);

  return gr_store_read_all (rows, read_message, (GDestroyNotify) gr_message_free);
}

static gboolean
delete_message (GrStore *store, const char *room_id, const char *message_id, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, DELETE_MESSAGE,
                                    GR_VALUES (GR_TEXT (room_id), GR_TEXT (message_id)), error);

  return gr_store_changed (rows, "There is no such message.", error);
}

void
gr_store_implement_messages (GrStoreInterface *iface)
{
  iface->add_message = add_message;
  iface->list_messages = list_messages;
  iface->delete_message = delete_message;
}
