/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/queries.h"

#define NO_RECORDING "There is no such recording."

#define RECORDINGS                                                                                                     \
  "SELECT id, owner_id, room_id, broadcast_id, title, part, state, message, tracks, milliseconds, bytes, started_at,"  \
  " ended_at FROM recordings"

#define ADD_RECORDING                                                                                                  \
  "INSERT INTO recordings (id, owner_id, room_id, broadcast_id, title, part, state, tracks, milliseconds, bytes,"      \
  " started_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 0, 0, $8)"
#define GET_RECORDING RECORDINGS " WHERE id = $1"
#define UPDATE_RECORDING                                                                                               \
  "UPDATE recordings SET state = $2, message = $3, milliseconds = $4, bytes = $5, ended_at = nullif (CAST ($6 AS "     \
  "bigint), 0)"                                                                                                        \
  " WHERE id = $1"
#define DELETE_RECORDING "DELETE FROM recordings WHERE id = $1"
#define LIST_BROADCAST RECORDINGS " WHERE broadcast_id = $3 AND id < $1 ORDER BY id DESC LIMIT $2"
#define LIST_OWNER RECORDINGS " WHERE owner_id = $3 AND id < $1 ORDER BY id DESC LIMIT $2"

/* recordings.state: 0 recording, 1 finishing, 2 ready, 3 failed. */
#define LIST_UNFINISHED RECORDINGS " WHERE state < 2 ORDER BY id"

static GrDatabase *
database_of (GrStudioStore *store)
{
  return gr_store_get_database (GR_STORE (store));
}

static gpointer
read_recording (GrRows *rows)
{
  GrRecording *recording = g_new0 (GrRecording, 1);

  recording->id = gr_rows_dup (rows, 0);
  recording->owner_id = gr_rows_dup (rows, 1);
  recording->room_id = gr_rows_dup (rows, 2);
  recording->broadcast_id = gr_rows_dup (rows, 3);
  recording->title = gr_rows_dup (rows, 4);
  recording->part = gr_rows_integer (rows, 5);
  recording->state = gr_rows_integer (rows, 6);
  recording->message = gr_rows_dup (rows, 7);
  recording->tracks = gr_rows_boolean (rows, 8);
  recording->milliseconds = gr_rows_integer (rows, 9);
  recording->bytes = gr_rows_integer (rows, 10);
  recording->started_at = gr_rows_integer (rows, 11);
  recording->ended_at = gr_rows_integer (rows, 12);
  return recording;
}

static gboolean
add_recording (GrStudioStore *store, const GrRecording *recording, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, ADD_RECORDING,
                                    GR_VALUES (GR_TEXT (recording->id), GR_TEXT (recording->owner_id),
                                               GR_TEXT (recording->room_id), GR_TEXT (recording->broadcast_id),
                                               GR_TEXT (recording->title), GR_INTEGER (recording->part),
                                               GR_INTEGER (recording->tracks), GR_INTEGER (recording->started_at)),
                                    error);

  return gr_store_changed (rows, NULL, error);
}

static GrRecording *
get_recording (GrStudioStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, GET_RECORDING, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_read_one (rows, read_recording, NO_RECORDING, error);
}

static gboolean
update_recording (GrStudioStore *store, const GrRecording *recording, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, UPDATE_RECORDING,
                                    GR_VALUES (GR_TEXT (recording->id), GR_INTEGER (recording->state),
                                               GR_TEXT (recording->message), GR_INTEGER (recording->milliseconds),
                                               GR_INTEGER (recording->bytes), GR_INTEGER (recording->ended_at)),
                                    error);

  return gr_store_changed (rows, NO_RECORDING, error);
}

static gboolean
delete_recording (GrStudioStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, DELETE_RECORDING, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_changed (rows, NO_RECORDING, error);
}

static GPtrArray *
list_recordings (
    GrStudioStore *store, const char *owner_id, const char *broadcast_id, gint limit, const char *after, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, broadcast_id != NULL ? LIST_BROADCAST : LIST_OWNER,
                                    GR_VALUES (GR_PAGE_BEFORE (after), GR_INTEGER (limit),
                                               GR_TEXT (broadcast_id != NULL ? broadcast_id : owner_id)),
                                    error);

  return gr_store_read_all (rows, read_recording, (GDestroyNotify) gr_recording_free);
}

static GPtrArray *
list_unfinished (GrStudioStore *store, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, LIST_UNFINISHED, GR_NO_VALUES, error);

  return gr_store_read_all (rows, read_recording, (GDestroyNotify) gr_recording_free);
}

void
gr_store_implement_recordings (GrStudioStoreInterface *iface)
{
  iface->add_recording = add_recording;
  iface->get_recording = get_recording;
  iface->update_recording = update_recording;
  iface->delete_recording = delete_recording;
  iface->list_recordings = list_recordings;
  iface->list_unfinished = list_unfinished;
}
