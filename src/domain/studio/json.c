/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/json.h"

#include "base/time.h"

#define LINK_SECONDS 300
#define THUMBNAIL "mix.jpg"

static const struct
{
  const char *suffix;
  const char *type;
} types[] = {
  { ".mp4", "video/mp4" },        { ".mkv", "video/x-matroska" },  { ".webm", "video/webm" },
  { ".jpg", "image/jpeg" },       { ".json", "application/json" }, { ".m4a", "audio/mp4" },
  { ".mka", "audio/x-matroska" }, { ".opus", "audio/ogg" },
};

void
gr_broadcast_record_write (GrJsonWriter *writer, const GrBroadcastRecord *record, const GrShowFacts *facts)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", record->id);
  gr_json_writer_string_member (writer, "title", record->title);
  gr_json_writer_string_member (writer, "description", record->description);
  gr_json_writer_begin_object_member (writer, "room");
  gr_json_writer_string_member (writer, "id", record->room_id);
  gr_json_writer_string_member (writer, "slug", record->room_slug);
  gr_json_writer_string_member (writer, "title", record->room_title);
  gr_json_writer_end_object (writer);
  gr_json_writer_begin_object_member (writer, "owner");
  gr_json_writer_string_member (writer, "id", record->owner_id);
  gr_json_writer_string_member (writer, "name", record->owner_name);
  gr_json_writer_end_object (writer);
  gr_json_writer_string_member (writer, "status", facts->status);
  gr_json_writer_bool_member (writer, "recorded", facts->recorded);
  gr_json_writer_string_member (writer, "quality", record->quality);
  gr_json_writer_int_member (writer, "viewers", facts->viewers);
  gr_json_writer_time_member (writer, "startTime", record->start_time);
  gr_json_writer_time_member (writer, "startedAt", record->started_at);
  gr_json_writer_time_member (writer, "endedAt", record->ended_at);
  gr_json_writer_time_member (writer, "createdAt", record->created_at);
  gr_json_writer_end_object (writer);
}

void
gr_scene_write_members (GrJsonWriter *writer, const char *scene, gint64 revision)
{
  gr_json_writer_int_member (writer, "revision", revision);
  gr_json_writer_raw_member (writer, "scene", scene);
}

void
gr_brand_write_members (GrJsonWriter *writer, const GrBrand *brand)
{
  gr_json_writer_int_member (writer, "revision", brand->revision);
  gr_json_writer_raw_member (writer, "brand", brand->document);
}

void
gr_saved_scene_write (GrJsonWriter *writer, const GrSavedScene *scene)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", scene->id);
  gr_json_writer_string_member (writer, "name", scene->name);
  gr_json_writer_raw_member (writer, "scene", scene->document);
  gr_json_writer_time_member (writer, "createdAt", scene->created_at);
  gr_json_writer_end_object (writer);
}

const char *
gr_recording_file_type (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;

  return "application/octet-stream";
}

static char *
make_link (GrStudio *studio, const GrRecording *recording, const char *file, gint64 until)
{
  g_autofree char *signature = gr_studio_sign_link (studio, recording->id, file, until);
  g_autofree char *escaped = g_uri_escape_string (file, NULL, FALSE);

  return g_strdup_printf ("/api/recordings/%s/download?file=%s&until=%" G_GINT64_FORMAT "&signature=%s", recording->id,
                          escaped, until, signature);
}

/* The mix before what was recorded apart. */
static void
write_files (GrJsonWriter *writer, const GrRecording *recording, GrStudio *studio, gint64 until, gboolean mix)
{
  for (guint i = 0; i < recording->files->len; i++)
    {
      const GrStoredFile *file = g_ptr_array_index (recording->files, i);
      g_autofree char *url = make_link (studio, recording, file->name, until);

      if (g_str_equal (file->name, THUMBNAIL) || g_str_has_prefix (file->name, "mix.") != mix)
        continue;

      gr_json_writer_begin_object (writer);
      gr_json_writer_string_member (writer, "name", file->name);
      gr_json_writer_string_member (writer, "type", gr_recording_file_type (file->name));
      gr_json_writer_int_member (writer, "bytes", file->bytes);
      gr_json_writer_string_member (writer, "url", url);
      gr_json_writer_end_object (writer);
    }
}

static gboolean
has_thumbnail (const GrRecording *recording)
{
  for (guint i = 0; i < recording->files->len; i++)
    if (g_str_equal (((const GrStoredFile *) g_ptr_array_index (recording->files, i))->name, THUMBNAIL))
      return TRUE;

  return FALSE;
}

void
gr_recording_write (GrJsonWriter *writer, const GrRecording *recording, GrStudio *studio)
{
  gboolean linked = studio != NULL && recording->files != NULL && recording->state == GR_RECORDING_READY;
  gint64 until = gr_now () / G_USEC_PER_SEC + LINK_SECONDS;
  g_autofree char *thumbnail
      = linked && has_thumbnail (recording) ? make_link (studio, recording, THUMBNAIL, until) : NULL;

  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", recording->id);
  gr_json_writer_string_member (writer, "broadcastId", recording->broadcast_id);
  gr_json_writer_string_member (writer, "roomId", recording->room_id);
  gr_json_writer_string_member (writer, "title", recording->title);
  gr_json_writer_int_member (writer, "part", recording->part);
  gr_json_writer_string_member (writer, "state", gr_recording_state_to_string (recording->state));
  gr_json_writer_string_member (writer, "message", recording->message);
  gr_json_writer_bool_member (writer, "tracks", recording->tracks);
  gr_json_writer_double_member (writer, "seconds", recording->milliseconds / 1000.);
  gr_json_writer_int_member (writer, "bytes", recording->bytes);
  gr_json_writer_time_member (writer, "startedAt", recording->started_at);
  gr_json_writer_time_member (writer, "endedAt", recording->ended_at);
  gr_json_writer_string_member (writer, "thumbnail", thumbnail);
  gr_json_writer_begin_array_member (writer, "files");
  if (linked)
    {
      write_files (writer, recording, studio, until, TRUE);
      write_files (writer, recording, studio, until, FALSE);
    }
  gr_json_writer_end_array (writer);
  gr_json_writer_time_member (writer, "linksUntil", linked ? until * G_USEC_PER_SEC : 0);
  gr_json_writer_end_object (writer);
}
