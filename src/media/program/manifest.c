/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/manifest.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/json-writer.h"

gboolean
gr_manifest_write (const char *directory, const GrManifestTrack *tracks, guint n_tracks, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "manifest.json", NULL);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);
  GstClockTime origin = GST_CLOCK_TIME_NONE;

  for (guint i = 0; i < n_tracks; i++)
    origin = MIN (origin, tracks[i].begin);

  gr_json_writer_begin_object (&json);
  gr_json_writer_int_member (&json, "version", 1);
  gr_json_writer_int_member (&json, "originUs", n_tracks > 0 ? GST_TIME_AS_USECONDS (origin) : 0);
  gr_json_writer_begin_array_member (&json, "tracks");
  for (guint i = 0; i < n_tracks; i++)
    {
      gr_json_writer_begin_object (&json);
      gr_json_writer_string_member (&json, "file", tracks[i].file);
      gr_json_writer_string_member (&json, "participantId", tracks[i].participant);
      gr_json_writer_string_member (&json, "name", tracks[i].name);
      gr_json_writer_string_member (&json, "kind", tracks[i].kind);
      gr_json_writer_string_member (&json, "codec", tracks[i].codec);
      gr_json_writer_int_member (&json, "offsetUs", GST_TIME_AS_USECONDS (tracks[i].begin - origin));
      gr_json_writer_int_member (&json, "durationUs", GST_TIME_AS_USECONDS (tracks[i].duration));
      gr_json_writer_string_member (&json, "continues", tracks[i].continues);
      gr_json_writer_string_member (&json, "error", tracks[i].error);
      gr_json_writer_end_object (&json);
    }
  gr_json_writer_end_array (&json);
  gr_json_writer_end_object (&json);
  g_string_append_c (text, '\n');
  /* A process that dies leaves the one before or this one. That power fails is not guarded against: a disk that is slow
   * to say that it has it would hold up the main thread, every two seconds. */
  if (!g_file_set_contents_full (part, text->str, text->len, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return FALSE;
  if (g_rename (part, path) == 0)
    return TRUE;

  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "manifest.json: %s", g_strerror (errno));
  return FALSE;
}
