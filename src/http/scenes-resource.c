/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a show looks like, and what its room has at hand for that: saved scenes, lines, pictures. Pool threads. */
#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
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

static gboolean
update_scene (GrRequest *request, GError **error)
{
  JsonObject *patch = gr_request_body (request);
  g_autoptr (GrBroadcastRecord) record = gr_studio_change_scene (request->services->studio, request->broadcast->id,
                                                                 patch, gr_json_int (patch, "revision", -1), error);

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
  g_autoptr (GrSavedScene) saved
      = gr_studio_save_scene (request->services->studio, request->broadcast->room_id, id, gr_json_string (body, "name"),
                              gr_json_object (body, "scene"), error);

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

static void
write_brand (GrRequest *request, const GrBrand *brand)
{
  gr_json_writer_begin_object (&request->json);
  gr_brand_write_members (&request->json, brand);
  gr_json_writer_end_object (&request->json);
}

static gboolean
get_brand (GrRequest *request, GError **error)
{
  g_autoptr (GrBrand) brand
      = gr_studio_store_get_brand (gr_studio_get_store (request->services->studio), request->broadcast->room_id, error);

  if (brand == NULL)
    return FALSE;

  write_brand (request, brand);

  return TRUE;
}

/* What was stored, on its way to main. */
typedef struct
{
  GrShows *shows;
  GrBroadcastRecord *record;
  GrBrand *brand;
} BrandNews;

static void
brand_news_free (gpointer data)
{
  BrandNews *news = data;

  g_object_unref (news->shows);
  gr_broadcast_record_free (news->record);
  gr_brand_free (news->brand);
  g_free (news);
}

static void
tell_brand (gpointer data)
{
  BrandNews *news = data;

  gr_shows_brand_changed (news->shows, news->record, news->brand);
}

static gboolean
check_brand_pictures (GrRequest *request, JsonArray *pictures, GError **error)
{
  for (guint i = 0; i < json_array_get_length (pictures); i++)
    {
      const char *id = gr_json_string (json_array_get_object_element (pictures, i), "id");
      g_autofree char *field = g_strdup_printf ("brand.pictures.%u.id", i);

      if (!gr_studio_check_picture (request->services->studio, id, field, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
set_brand (GrRequest *request, GError **error)
{
  JsonObject *body = gr_request_body (request);
  g_autoptr (GrBrand) brand = g_new0 (GrBrand, 1);
  BrandNews *news;

  brand->document = gr_json_text (json_object_get_member (body, "brand"));
  brand->revision = gr_json_int (body, "revision", 0);
  if (!check_brand_pictures (request, gr_json_array (gr_json_object (body, "brand"), "pictures"), error)
      || !gr_studio_store_set_brand (gr_studio_get_store (request->services->studio), request->broadcast->room_id,
                                     brand, error))
    return FALSE;

  brand->revision++;
  write_brand (request, brand);
  news = g_new0 (BrandNews, 1);
  *news = (BrandNews){ g_object_ref (request->services->shows), gr_broadcast_record_copy (request->broadcast),
                       g_steal_pointer (&brand) };
  gr_main_post (tell_brand, news, brand_news_free);

  return TRUE;
}

const GrBinding gr_scene_bindings[] = {
  { GR_OP_GET_SCENE, get_scene },   { GR_OP_UPDATE_SCENE, update_scene },   { GR_OP_LIST_SCENES, list_scenes },
  { GR_OP_SAVE_SCENE, save_scene }, { GR_OP_REPLACE_SCENE, replace_scene }, { GR_OP_DELETE_SCENE, delete_scene },
  { GR_OP_GET_BRAND, get_brand },   { GR_OP_SET_BRAND, set_brand },         { 0 },
};
