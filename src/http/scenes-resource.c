/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a show looks like, and the saved scenes of its room. Pool threads. */
#include "base/error.h"
#include "base/json.h"
#include "domain/studio/json.h"
#include "http/resources.h"
#include "http/studio.h"

static void
write_scene (GrRequest *request, const GrBroadcastRecord *record)
{
  gr_json_writer_begin_object (&request->json);
  gr_scene_write_members (&request->json, record->scene, record->revision);
  gr_json_writer_end_object (&request->json);
}

static gboolean
get_scene (GrRequest *request, GError **error)
{
  write_scene (request, request->broadcast);

  return TRUE;
}

/* Whether there are the pictures that @patch names; @prefix: where its members stand in the body. */
static gboolean
check_pictures (GrRequest *request, JsonObject *patch, const char *prefix, GError **error)
{
  static const char *const holders[] = { "background", "logo", "overlay" };

  for (guint i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      JsonObject *holder = gr_json_object (patch, holders[i]);
      const char *id = holder != NULL ? gr_json_string (holder, "picture") : NULL;
      g_autofree char *path = id != NULL ? gr_pictures_get_studio_path (request->services->pictures, id, NULL) : NULL;
      g_autofree char *field = g_strconcat (prefix, holders[i], ".picture", NULL);

      if (id != NULL && path == NULL)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "There is no such picture");
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
update_scene (GrRequest *request, GError **error)
{
  JsonObject *patch = gr_request_body (request);
  g_autoptr (GrBroadcastRecord) record = NULL;

  if (!check_pictures (request, patch, "", error))
    return FALSE;

  record = gr_studio_change_scene (request->services->studio, request->broadcast->id, patch,
                                   gr_json_int (patch, "revision", -1), error);

  if (record == NULL)
    return FALSE;

  write_scene (request, record);
  gr_request_tell_broadcast (request, record, TRUE);

  return TRUE;
}

static gboolean
list_scenes (GrRequest *request, GError **error)
{
  g_autoptr (GPtrArray) scenes = gr_studio_store_list_saved_scenes (gr_studio_get_store (request->services->studio),
                                                                    request->broadcast->room_id, error);

  if (scenes == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < scenes->len; i++)
    gr_saved_scene_write (&request->json, g_ptr_array_index (scenes, i));
  gr_request_end_list (request, NULL);

  return TRUE;
}

static gboolean
save (GrRequest *request, const char *id, GError **error)
{
  JsonObject *body = gr_request_body (request);
  g_autoptr (GrSavedScene) saved = NULL;

  if (!check_pictures (request, gr_json_object (body, "scene"), "scene.", error))
    return FALSE;

  saved = gr_studio_save_scene (request->services->studio, request->broadcast->room_id, id,
                                gr_json_string (body, "name"), gr_json_object (body, "scene"), error);

  if (saved == NULL)
    return FALSE;

  gr_saved_scene_write (&request->json, saved);

  return TRUE;
}

static gboolean
save_scene (GrRequest *request, GError **error)
{
  request->status = 201;

  return save (request, NULL, error);
}

static gboolean
replace_scene (GrRequest *request, GError **error)
{
  return save (request, gr_request_param (request, "scene"), error);
}

static gboolean
delete_scene (GrRequest *request, GError **error)
{
  return gr_studio_store_delete_saved_scene (gr_studio_get_store (request->services->studio),
                                             request->broadcast->room_id, gr_request_param (request, "scene"), error)
         && gr_request_no_content (request);
}

const GrBinding gr_scene_bindings[] = {
  { GR_OP_GET_SCENE, get_scene },
  { GR_OP_UPDATE_SCENE, update_scene },
  { GR_OP_LIST_SCENES, list_scenes },
  { GR_OP_SAVE_SCENE, save_scene },
  { GR_OP_REPLACE_SCENE, replace_scene },
  { GR_OP_DELETE_SCENE, delete_scene },
  { 0 },
};
