/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/picture-store.h"

#include "base/error.h"
#include "store/queries.h"

#define NO_PICTURE "There is no such picture."

#define ADD_PICTURE                                                                                                    \
  "INSERT INTO pictures (id, owner_id, width, height, alpha, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"

#define ADD_VERSION "INSERT INTO picture_versions (picture_id, box, width, height, bytes) VALUES ($1, $2, $3, $4, $5)"

#define GET_USAGE "SELECT coalesce (sum (bytes), 0) FROM pictures WHERE owner_id = $1"

/* One row for each version. */
#define COLUMNS                                                                                                        \
  "pictures.id, pictures.owner_id, pictures.width, pictures.height, pictures.alpha, pictures.created_at,"              \
  " picture_versions.box, picture_versions.width, picture_versions.height, picture_versions.bytes"

#define GET_PICTURE                                                                                                    \
  "SELECT " COLUMNS " FROM pictures JOIN picture_versions ON picture_versions.picture_id = pictures.id"                \
  " WHERE pictures.id = $1 ORDER BY picture_versions.box"

#define LIST_PICTURES                                                                                                  \
  "SELECT " COLUMNS                                                                                                    \
  " FROM (SELECT * FROM pictures WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS pictures"               \
  " JOIN picture_versions ON picture_versions.picture_id = pictures.id"                                                \
  " ORDER BY pictures.id DESC, picture_versions.box"

#define REMOVE_PICTURE "DELETE FROM pictures WHERE id = $1"

typedef struct
{
  const GrPicture *picture;
  gint64 quota;
} Addition;

static GrDatabase *
database_of (GrPictureStore *store)
{
  return gr_store_get_database (GR_STORE (store));
}

/* Pictures whose rows follow one another. Takes @result, which may be NULL. */
static GPtrArray *
read_pictures (GrRows *result)
{
  g_autoptr (GrRows) rows = result;
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) gr_picture_free);
  GrPicture *picture = NULL;

  if (rows == NULL)
    return NULL;

  while (gr_rows_next (rows))
    {
      GrPictureVersion version = { .box = gr_rows_integer (rows, 6),
                                   .width = gr_rows_integer (rows, 7),
                                   .height = gr_rows_integer (rows, 8),
                                   .bytes = gr_rows_integer (rows, 9) };

      if (picture == NULL || !g_str_equal (picture->id, gr_rows_text (rows, 0)))
        {
          picture = gr_picture_new ();
          picture->id = gr_rows_dup (rows, 0);
          picture->owner_id = gr_rows_dup (rows, 1);
          picture->width = gr_rows_integer (rows, 2);
          picture->height = gr_rows_integer (rows, 3);
          picture->alpha = gr_rows_boolean (rows, 4);
          picture->created_at = gr_rows_integer (rows, 5);
          g_ptr_array_add (pictures, picture);
        }

      g_array_append_val (picture->versions, version);
    }

  return g_steal_pointer (&pictures);
}

static gint64
read_usage (GrRows *rows)
{
  return gr_rows_next (rows) ? gr_rows_integer (rows, 0) : 0;
}

static gboolean
has_room (GrConnection *connection, const Addition *addition, GError **error)
{
  g_autoptr (GrRows) rows
      = gr_connection_query (connection, GET_USAGE, GR_VALUES (GR_TEXT (addition->picture->owner_id)), error);

  if (rows == NULL)
    return FALSE;

  if (read_usage (rows) + gr_picture_get_bytes (addition->picture) <= addition->quota)
    return TRUE;

  gr_set_error (error, GR_ERROR_QUOTA_EXCEEDED, "file",
                "Your pictures take all the room there is for them; remove some that you no longer need");
  return FALSE;
}

static gboolean
add_version (GrConnection *connection, const GrPicture *picture, const GrPictureVersion *version, GError **error)
{
  GrRows *rows
      = gr_connection_query (connection, ADD_VERSION,
                             GR_VALUES (GR_TEXT (picture->id), GR_INTEGER (version->box), GR_INTEGER (version->width),
                                        GR_INTEGER (version->height), GR_INTEGER (version->bytes)),
                             error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
add_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const Addition *addition = data;
  const GrPicture *picture = addition->picture;
  GrRows *rows;

  if (!has_room (connection, addition, error))
    return FALSE;

  rows
      = gr_connection_query (connection, ADD_PICTURE,
                             GR_VALUES (GR_TEXT (picture->id), GR_TEXT (picture->owner_id), GR_INTEGER (picture->width),
                                        GR_INTEGER (picture->height), GR_INTEGER (picture->alpha),
                                        GR_INTEGER (gr_picture_get_bytes (picture)), GR_INTEGER (picture->created_at)),
                             error);
  if (!gr_store_changed (rows, NULL, error))
    return FALSE;

  for (guint i = 0; i < picture->versions->len; i++)
    if (!add_version (connection, picture, &g_array_index (picture->versions, GrPictureVersion, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
add (GrPictureStore *store, const GrPicture *picture, gint64 quota, GError **error)
{
  Addition addition = { picture, quota };

  return gr_database_transact (database_of (store), GR_WRITE, add_in_transaction, &addition, error);
}

static GrPicture *
get (GrPictureStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, GET_PICTURE, GR_VALUES (GR_TEXT (id)), error);
  g_autoptr (GPtrArray) pictures = read_pictures (rows);

  if (pictures == NULL)
    return NULL;

  if (pictures->len == 0)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, NO_PICTURE);
      return NULL;
    }

  return g_ptr_array_steal_index (pictures, 0);
}

static GPtrArray *
list (GrPictureStore *store, const char *owner_id, gint limit, const char *after, GError **error)
{
  return read_pictures (gr_database_query (database_of (store), GR_READ, LIST_PICTURES,
                                           GR_VALUES (GR_TEXT (owner_id), GR_PAGE_BEFORE (after), GR_INTEGER (limit)),
                                           error));
}

static gboolean
get_usage (GrPictureStore *store, const char *owner_id, gint64 *bytes, GError **error)
{
  g_autoptr (GrRows) rows
      = gr_database_query (database_of (store), GR_READ, GET_USAGE, GR_VALUES (GR_TEXT (owner_id)), error);

  if (rows == NULL)
    return FALSE;

  *bytes = read_usage (rows);
  return TRUE;
}

static gboolean
remove_picture (GrPictureStore *store, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, REMOVE_PICTURE, GR_VALUES (GR_TEXT (id)), error);

  return gr_store_changed (rows, NO_PICTURE, error);
}

void
gr_store_implement_pictures (GrPictureStoreInterface *iface)
{
  iface->add = add;
  iface->get = get;
  iface->list = list;
  iface->get_usage = get_usage;
  iface->remove = remove_picture;
}
