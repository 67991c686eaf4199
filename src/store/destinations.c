/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Destinations of a broadcast, and saved scenes and brand of a room. */
#include "base/error.h"
#include "store/queries.h"

#define NO_DESTINATION "There is no such destination."
#define NO_SCENE "There is no such saved scene."

#define DESTINATIONS "SELECT id, broadcast_id, platform, name, url, secret, enabled, created_at FROM destinations"
#define COUNT_DESTINATIONS "SELECT count (*) FROM destinations WHERE broadcast_id = $1"
#define ADD_DESTINATION                                                                                                \
  "INSERT INTO destinations (id, broadcast_id, platform, name, url, secret, enabled, created_at)"                      \
  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
#define GET_DESTINATION DESTINATIONS " WHERE id = $1 AND broadcast_id = $2"
#define UPDATE_DESTINATION "UPDATE destinations SET name = $2, url = $3, secret = $4, enabled = $5 WHERE id = $1"
#define DELETE_DESTINATION "DELETE FROM destinations WHERE id = $1 AND broadcast_id = $2"
#define LIST_DESTINATIONS DESTINATIONS " WHERE broadcast_id = $1 ORDER BY id"

#define SCENE_COLUMNS "id, room_id, name, document, created_at"
#define COUNT_SCENES "SELECT count (*) FROM scenes WHERE room_id = $1"
#define ADD_SCENE "INSERT INTO scenes (" SCENE_COLUMNS ") VALUES ($1, $2, $3, $4, $5)"
#define REPLACE_SCENE                                                                                                  \
  "UPDATE scenes SET name = $3, document = $4 WHERE id = $1 AND room_id = $2 RETURNING " SCENE_COLUMNS
#define DELETE_SCENE "DELETE FROM scenes WHERE id = $1 AND room_id = $2"
#define LIST_SCENES "SELECT " SCENE_COLUMNS " FROM scenes WHERE room_id = $1 ORDER BY id"

#define GET_BRAND "SELECT document, revision FROM brands WHERE room_id = $1"
#define SET_BRAND                                                                                                      \
  "INSERT INTO brands (room_id, document, revision) VALUES ($1, $2, 1) ON CONFLICT (room_id)"                          \
  " DO UPDATE SET document = excluded.document, revision = brands.revision + 1 WHERE brands.revision = $3"

static GrDatabase *
database_of (GrStudioStore *store)
{
  return gr_store_get_database (GR_STORE (store));
}

static gpointer
read_destination (GrRows *rows)
{
  GrDestination *destination = g_new0 (GrDestination, 1);

  destination->id = gr_rows_dup (rows, 0);
  destination->broadcast_id = gr_rows_dup (rows, 1);
  destination->platform = gr_rows_dup (rows, 2);
  destination->name = gr_rows_dup (rows, 3);
  destination->url = gr_rows_dup (rows, 4);
  destination->secret = gr_rows_dup (rows, 5);
  destination->enabled = gr_rows_boolean (rows, 6);
  destination->created_at = gr_rows_integer (rows, 7);
  return destination;
}

static gpointer
read_scene (GrRows *rows)
{
  GrSavedScene *scene = g_new0 (GrSavedScene, 1);

  scene->id = gr_rows_dup (rows, 0);
  scene->room_id = gr_rows_dup (rows, 1);
  scene->name = gr_rows_dup (rows, 2);
  scene->document = gr_rows_dup (rows, 3);
  scene->created_at = gr_rows_integer (rows, 4);
  return scene;
}

static gboolean
add_destination_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrDestination *one = data;
  GrRows *rows;

  if (!gr_store_check_count (connection, COUNT_DESTINATIONS, one->broadcast_id, GR_MAX_DESTINATIONS,
                             "A broadcast goes to 10 destinations at most.", error))
    return FALSE;

  rows = gr_connection_query (connection, ADD_DESTINATION,
                              GR_VALUES (GR_TEXT (one->id), GR_TEXT (one->broadcast_id), GR_TEXT (one->platform),
                                         GR_TEXT (one->name), GR_TEXT (one->url), GR_TEXT (one->secret),
                                         GR_INTEGER (one->enabled), GR_INTEGER (one->created_at)),
                              error);
  return gr_store_changed (rows, NULL, error);
}

static gboolean
add_destination (GrStudioStore *store, const GrDestination *destination, GError **error)
{
  return gr_database_transact (database_of (store), GR_WRITE, add_destination_in_transaction, (gpointer) destination,
                               error);
}

static GrDestination *
get_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, GET_DESTINATION,
                                    GR_VALUES (GR_TEXT (id), GR_TEXT (broadcast_id)), error);

  return gr_store_read_one (rows, read_destination, NO_DESTINATION, error);
}

static gboolean
update_destination (GrStudioStore *store, const GrDestination *destination, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, UPDATE_DESTINATION,
                                    GR_VALUES (GR_TEXT (destination->id), GR_TEXT (destination->name),
                                               GR_TEXT (destination->url), GR_TEXT (destination->secret),
                                               GR_INTEGER (destination->enabled)),
                                    error);

  return gr_store_changed (rows, NO_DESTINATION, error);
}

static gboolean
delete_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, DELETE_DESTINATION,
                                    GR_VALUES (GR_TEXT (id), GR_TEXT (broadcast_id)), error);

  return gr_store_changed (rows, NO_DESTINATION, error);
}

static GPtrArray *
list_destinations (GrStudioStore *store, const char *broadcast_id, GError **error)
{
  GrRows *rows
      = gr_database_query (database_of (store), GR_READ, LIST_DESTINATIONS, GR_VALUES (GR_TEXT (broadcast_id)), error);

  return gr_store_read_all (rows, read_destination, (GDestroyNotify) gr_destination_free);
}

static gboolean
add_scene_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  const GrSavedScene *scene = data;
  GrRows *rows;

  if (!gr_store_check_count (connection, COUNT_SCENES, scene->room_id, GR_MAX_SAVED_SCENES,
                             "A room keeps 50 scenes at most. Delete one first.", error))
    return FALSE;

  rows = gr_connection_query (connection, ADD_SCENE,
                              GR_VALUES (GR_TEXT (scene->id), GR_TEXT (scene->room_id), GR_TEXT (scene->name),
                                         GR_TEXT (scene->document), GR_INTEGER (scene->created_at)),
                              error);
  return gr_store_changed (rows, NULL, error);
}

static gboolean
add_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error)
{
  return gr_database_transact (database_of (store), GR_WRITE, add_scene_in_transaction, (gpointer) scene, error);
}

static GrSavedScene *
replace_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, REPLACE_SCENE,
                                    GR_VALUES (GR_TEXT (scene->id), GR_TEXT (scene->room_id), GR_TEXT (scene->name),
                                               GR_TEXT (scene->document)),
                                    error);

  return gr_store_read_one (rows, read_scene, NO_SCENE, error);
}

static gboolean
delete_saved_scene (GrStudioStore *store, const char *room_id, const char *id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_WRITE, DELETE_SCENE,
                                    GR_VALUES (GR_TEXT (id), GR_TEXT (room_id)), error);

  return gr_store_changed (rows, NO_SCENE, error);
}

static GPtrArray *
list_saved_scenes (GrStudioStore *store, const char *room_id, GError **error)
{
  GrRows *rows = gr_database_query (database_of (store), GR_READ, LIST_SCENES, GR_VALUES (GR_TEXT (room_id)), error);

  return gr_store_read_all (rows, read_scene, (GDestroyNotify) gr_saved_scene_free);
}

static GrBrand *
get_brand (GrStudioStore *store, const char *room_id, GError **error)
{
  g_autoptr (GrRows) rows
      = gr_database_query (database_of (store), GR_READ, GET_BRAND, GR_VALUES (GR_TEXT (room_id)), error);
  GrBrand *brand;

  if (rows == NULL)
    return NULL;

  brand = g_new0 (GrBrand, 1);
  if (gr_rows_next (rows))
    *brand = (GrBrand){ gr_rows_dup (rows, 0), gr_rows_integer (rows, 1) };
  else
    brand->document = g_strdup ("{\"banners\":[],\"pictures\":[]}");

  return brand;
}

static gboolean
set_brand (GrStudioStore *store, const char *room_id, const GrBrand *brand, GError **error)
{
  g_autoptr (GrRows) rows
      = gr_database_query (database_of (store), GR_WRITE, SET_BRAND,
                           GR_VALUES (GR_TEXT (room_id), GR_TEXT (brand->document), GR_INTEGER (brand->revision)),
                           error);

  if (rows == NULL)
    return FALSE;

  if (gr_rows_changed (rows) == 0)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, "revision", "Somebody else changed the brand. Look at it again.");
      return FALSE;
    }

  return TRUE;
}

void
gr_store_implement_destinations (GrStudioStoreInterface *iface)
{
  iface->add_destination = add_destination;
  iface->get_destination = get_destination;
  iface->update_destination = update_destination;
  iface->delete_destination = delete_destination;
  iface->list_destinations = list_destinations;
  iface->add_saved_scene = add_saved_scene;
  iface->replace_saved_scene = replace_saved_scene;
  iface->delete_saved_scene = delete_saved_scene;
  iface->list_saved_scenes = list_saved_scenes;
  iface->get_brand = get_brand;
  iface->set_brand = set_brand;
}
