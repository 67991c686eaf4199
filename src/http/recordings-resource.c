/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings, and their files by signed links. Pool threads; what is being made is asked on main. */
#include "base/error.h"
#include "base/json.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/studio/json.h"
#include "http/file-answer.h"
#include "http/resources.h"
#include "http/studio.h"

typedef struct
{
  GrRequest *request;
  GPtrArray *recordings;
} Look;

/* Those that are being made, as far as they are. */
static gboolean
look_at_shows (gpointer data, GError **error)
{
  Look *look = data;

  for (guint i = 0; i < look->recordings->len; i++)
    {
      GrRecording *stored = g_ptr_array_index (look->recordings, i);
      const GrRecording *live = gr_shows_get_recording (look->request->services->shows, stored);

      if (live == NULL)
        continue;

      stored->state = live->state;
      stored->milliseconds = live->milliseconds;
      stored->bytes = live->bytes;
      g_free (stored->message);
      stored->message = g_strdup (live->message);
    }

  return TRUE;
}

static gboolean
write_recordings (GrRequest *request, GPtrArray *recordings, GError **error)
{
  GrStudio *studio = request->services->studio;
  Look look = { request, recordings };

  if (!gr_main_call (look_at_shows, &look, request->deadline, error))
    return FALSE;

  for (guint i = 0; i < recordings->len; i++)
    {
      GrRecording *recording = g_ptr_array_index (recordings, i);

      if (recording->state == GR_RECORDING_READY && !gr_studio_look_at_files (studio, recording, error))
        return FALSE;
      gr_recording_write (&request->json, recording, studio);
    }

  return TRUE;
}

static gboolean
write_recording (GrRequest *request, GrRecording *recording, GError **error)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, recording);

  return write_recordings (request, one, error);
}

/* A page of those of an owner, or of a show. */
static gboolean
list (GrRequest *request, const char *owner_id, const char *broadcast_id, GError **error)
{
  gint limit = gr_request_query_int (request, "limit", 50);
  g_autoptr (GPtrArray) recordings
      = gr_studio_store_list_recordings (gr_studio_get_store (request->services->studio), owner_id, broadcast_id, limit,
                                         gr_request_query (request, "after"), error);
  const GrRecording *last = NULL;

  if (recordings == NULL)
    return FALSE;

  gr_request_begin_list (request);
  if (!write_recordings (request, recordings, error))
    return FALSE;
  if (recordings->len == (guint) limit)
    last = g_ptr_array_index (recordings, limit - 1);
  gr_request_end_list (request, last != NULL ? last->id : NULL);

  return TRUE;
}

static gboolean
list_recordings (GrRequest *request, GError **error)
{
  return list (request, request->caller->account->id, NULL, error);
}

static gboolean
list_broadcast_recordings (GrRequest *request, GError **error)
{
  return list (request, NULL, request->broadcast->id, error);
}

static gboolean
get_recording (GrRequest *request, GError **error)
{
  return write_recording (request, request->recording, error);
}

static gboolean
delete_recording (GrRequest *request, GError **error)
{
  return gr_studio_delete_recording (request->services->studio, request->recording->id, error)
         && gr_request_no_content (request);
}

typedef struct
{
  GrRequest *request;
  gint part;
  GrRecording *recording; /* taken by the show */
} Start;

static gboolean
plan_recording (gpointer data, GError **error)
{
  Start *start = data;
  GrBroadcast *broadcast;

  if (!gr_request_require_running (start->request, &broadcast, error))
    return FALSE;

  if (gr_broadcast_get_facts (broadcast).recorded)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This broadcast is being recorded already");
      return FALSE;
    }

  start->part = gr_broadcast_get_next_part (broadcast);

  return TRUE;
}

static gboolean
begin_recording (gpointer data, GError **error)
{
  Start *start = data;
  GrBroadcast *broadcast;

  if (!gr_request_require_running (start->request, &broadcast, error))
    return FALSE;

  gr_recording_write (&start->request->json, start->recording, NULL);
  gr_broadcast_add_recording (broadcast, g_steal_pointer (&start->recording));

  return TRUE;
}

static gboolean
start_recording (GrRequest *request, GError **error)
{
  Start start = { .request = request };
  g_autoptr (GrRecording) left = NULL;

  if (!gr_main_call (plan_recording, &start, request->deadline, error))
    return FALSE;

  start.recording = gr_studio_add_recording (request->services->studio, request->broadcast, start.part,
                                             gr_json_bool (gr_request_body (request), "tracks", FALSE), error);
  if (start.recording == NULL)
    return FALSE;

  if (!gr_main_call (begin_recording, &start, request->deadline, error))
    {
      left = start.recording;
      gr_archive_remove (gr_studio_get_archive (request->services->studio), left->id, NULL);
      gr_studio_store_delete_recording (gr_studio_get_store (request->services->studio), left->id, NULL);
      return FALSE;
    }

  request->status = 201;

  return TRUE;
}

static gboolean
stop_on_main (gpointer data, GError **error)
{
  GrRequest *request = data;
  const GrRecording *recording = request->recording;
  GrBroadcast *broadcast
      = recording->broadcast_id != NULL ? gr_shows_get (request->services->shows, recording->broadcast_id) : NULL;

  if (broadcast != NULL && gr_broadcast_stop_recording (broadcast, recording->id))
    return TRUE;

  gr_set_error (error, GR_ERROR_CONFLICT, NULL, "This recording has stopped already");
  return FALSE;
}

static gboolean
stop_recording (GrRequest *request, GError **error)
{
  request->recording->state = GR_RECORDING_FINISHING;

  return gr_main_call (stop_on_main, request, request->deadline, error)
         && write_recording (request, request->recording, error);
}

/* The file that is meant where none is named: what the mix became. */
static char *
default_file (GrRequest *request, const char *id, GError **error)
{
  g_autoptr (GPtrArray) files = gr_archive_list (gr_studio_get_archive (request->services->studio), id, error);
  const char *found = NULL;

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const char *name = ((const GrStoredFile *) g_ptr_array_index (files, i))->name;

      if (g_str_equal (name, "mix.mp4") || (g_str_equal (name, "mix.mkv") && found == NULL))
        found = name;
    }

  if (found == NULL && files != NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "file", "The recording has no such file");

  return g_strdup (found);
}

/* For a host's token: the way to a link that needs none. */
static gboolean
send_to_link (GrRequest *request, const char *id, GError **error)
{
  gint64 until = gr_now () / G_USEC_PER_SEC + 300;
  const char *asked = gr_request_query (request, "file");
  const char *attachment = gr_request_query (request, "attachment");
  g_autofree char *file = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *escaped = NULL;

  if (!gr_request_require_recording (request, error))
    return FALSE;

  file = asked != NULL ? g_strdup (asked) : default_file (request, id, error);
  if (file == NULL)
    return FALSE;

  signature = gr_studio_sign_link (request->services->studio, id, file, until);
  escaped = g_uri_escape_string (file, NULL, FALSE);
  request->location
      = g_strdup_printf ("/api/recordings/%s/download?file=%s&until=%" G_GINT64_FORMAT "&signature=%s%s", id, escaped,
                         until, signature, g_strcmp0 (attachment, "true") == 0 ? "&attachment=true" : "");
  request->status = 303;

  return TRUE;
}

static gboolean
serve_file (GrRequest *request, const char *id, const char *file, GError **error)
{
  gint64 bytes;
  g_autoptr (GInputStream) stream
      = gr_archive_open (gr_studio_get_archive (request->services->studio), id, file, &bytes, error);
  gboolean attachment = g_strcmp0 (gr_request_query (request, "attachment"), "true") == 0;
  GrFilePart part;

  if (stream == NULL)
    return FALSE;

  request->type = gr_recording_file_type (file);
  request->accept_ranges = TRUE;
  if (!gr_file_part_parse (request->range, bytes, &part))
    {
      request->status = 416;
      request->content_range = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, bytes);
      return TRUE;
    }

  if (part.part)
    {
      request->status = 206;
      request->content_range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                                                part.from, part.from + part.length - 1, bytes);
    }

  if (!g_seekable_seek (G_SEEKABLE (stream), part.from, G_SEEK_SET, NULL, error))
    return FALSE;

  if (attachment)
    request->disposition = g_strdup_printf ("attachment; filename=\"%.8s-%s\"", id, file);
  request->file = g_steal_pointer (&stream);
  request->file_bytes = part.length;

  return TRUE;
}

static gboolean
download_recording (GrRequest *request, GError **error)
{
  const char *id = gr_request_param (request, "recording");
  const char *signature = gr_request_query (request, "signature");
  const char *until = gr_request_query (request, "until");
  const char *file = gr_request_query (request, "file");

  if (signature == NULL)
    return send_to_link (request, id, error);

  if (until == NULL || file == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, until == NULL ? "until" : "file", "The link is not whole");
      return FALSE;
    }

  return gr_studio_check_link (request->services->studio, id, file, g_ascii_strtoll (until, NULL, 10), signature, error)
         && serve_file (request, id, file, error);
}

const GrBinding gr_recording_bindings[] = {
  { GR_OP_LIST_RECORDINGS, list_recordings },       { GR_OP_LIST_BROADCAST_RECORDINGS, list_broadcast_recordings },
  { GR_OP_GET_RECORDING, get_recording },           { GR_OP_DELETE_RECORDING, delete_recording },
  { GR_OP_START_RECORDING, start_recording },       { GR_OP_STOP_RECORDING, stop_recording },
  { GR_OP_DOWNLOAD_RECORDING, download_recording }, { 0 },
};
