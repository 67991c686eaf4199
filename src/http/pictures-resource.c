/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures that people upload. Pool threads. */
#include <string.h>

#include "http/multipart.h"
#include "http/resources.h"

static char *
url_of (const GrPicture *picture, gint box)
{
  return g_strdup_printf ("/api/pictures/%s/%d", picture->id, box);
}

static void
write_version (GrJsonWriter *json, const GrPicture *picture, const GrPictureVersion *version)
{
  g_autofree char *url = url_of (picture, version->box);

  gr_json_writer_begin_object (json);
  gr_json_writer_int_member (json, "size", version->box);
  gr_json_writer_string_member (json, "url", url);
  gr_json_writer_int_member (json, "width", version->width);
  gr_json_writer_int_member (json, "height", version->height);
  gr_json_writer_int_member (json, "bytes", version->bytes);
  gr_json_writer_end_object (json);
}

static void
write_picture (GrJsonWriter *json, const GrPicture *picture)
{
  g_autofree char *url = url_of (picture, gr_picture_boxes[gr_n_picture_boxes - 1]);

  gr_json_writer_begin_object (json);
  gr_json_writer_string_member (json, "id", picture->id);
  gr_json_writer_string_member (json, "url", url);
  gr_json_writer_int_member (json, "width", picture->width);
  gr_json_writer_int_member (json, "height", picture->height);
  gr_json_writer_bool_member (json, "alpha", picture->alpha);
  gr_json_writer_int_member (json, "bytes", gr_picture_get_bytes (picture));
  gr_json_writer_time_member (json, "createdAt", picture->created_at);
  gr_json_writer_begin_array_member (json, "sizes");
  for (guint i = 0; i < picture->versions->len; i++)
    {
      const GrPictureVersion *version = &g_array_index (picture->versions, GrPictureVersion, i);

      if (version->box != GR_PICTURE_STUDIO)
        write_version (json, picture, version);
    }
  gr_json_writer_end_array (json);
  gr_json_writer_end_object (json);
}

static gboolean
upload (GrRequest *request, GError **error)
{
  g_autoptr (GBytes) file = gr_multipart_get_file (request->content, request->boundary, "file", error);
  g_autoptr (GrPicture) picture = NULL;

  if (file == NULL)
    return FALSE;

  picture = gr_pictures_add (request->services->pictures, request->caller->account->id, file, error);
  if (picture == NULL)
    return FALSE;

  request->status = 201;
  request->location = g_strdup_printf ("/api/pictures/%s", picture->id);
  write_picture (&request->json, picture);

  return TRUE;
}

static gboolean
list_pictures (GrRequest *request, GError **error)
{
  gint limit = gr_request_query_int (request, "limit", 50);
  g_autoptr (GPtrArray) pictures = gr_pictures_list (request->services->pictures, request->caller->account->id, limit,
                                                     gr_request_query (request, "after"), error);
  const GrPicture *last = NULL;

  if (pictures == NULL)
    return FALSE;

  gr_request_begin_list (request);
  for (guint i = 0; i < pictures->len; i++)
    {
      last = g_ptr_array_index (pictures, i);
      write_picture (&request->json, last);
    }
  gr_request_end_list (request, pictures->len == (guint) limit ? last->id : NULL);

  return TRUE;
}

static gboolean
get_picture (GrRequest *request, GError **error)
{
  const char *id = gr_request_param (request, "picture");
  g_autoptr (GrPicture) picture = gr_pictures_get (request->services->pictures, id, error);

  if (picture == NULL)
    return FALSE;

  write_picture (&request->json, picture);

  return TRUE;
}

/* A picture never changes under its id, so its address says all that an entity tag has to. */
static gboolean
get_file (GrRequest *request, GError **error)
{
  const char *id = gr_request_param (request, "picture");
  const char *size = gr_request_param (request, "size");
  g_autofree char *etag = g_strdup_printf ("\"%s-%s\"", id, size);
  gint box = (gint) g_ascii_strtoll (size, NULL, 10);
  g_autoptr (GBytes) bytes = gr_pictures_read (request->services->pictures, id, box, error);

  if (bytes == NULL)
    return FALSE;

  request->etag = g_steal_pointer (&etag);
  if (request->known != NULL && strstr (request->known, request->etag) != NULL)
    {
      request->status = 304;
      return TRUE;
    }

  request->type = "image/webp";
  request->bytes = g_steal_pointer (&bytes);

  return TRUE;
}

static gboolean
delete_picture (GrRequest *request, GError **error)
{
  return gr_pictures_remove (request->services->pictures, gr_request_param (request, "picture"),
                             request->caller->account, error)
         && gr_request_no_content (request);
}

const GrBinding gr_picture_bindings[] = {
  { GR_OP_UPLOAD_PICTURE, upload },     { GR_OP_LIST_PICTURES, list_pictures },   { GR_OP_GET_PICTURE, get_picture },
  { GR_OP_GET_PICTURE_FILE, get_file }, { GR_OP_DELETE_PICTURE, delete_picture }, { 0 },
};
