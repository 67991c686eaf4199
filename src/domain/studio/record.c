/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/record.h"

static const char *const broadcast_statuses[] = { "scheduled", "live", "ended", NULL };
static const char *const recording_states[] = { "recording", "finishing", "ready", "failed" };

/* Bit rates that YouTube and Twitch ask for, a little under their limits. */
static const struct
{
  const char *word;
  gint height;
  gint frames_per_second;
  gint bits;
} qualities[] = {
  { "720p30", 720, 30, 4000000 },
  { "720p60", 720, 60, 5000000 },
  { "1080p30", 1080, 30, 6000000 },
  { "1080p60", 1080, 60, 7500000 },
};

static gpointer
copy_item (gconstpointer item, gpointer data)
{
  const GrStoredFile *file = item;
  GrStoredFile *copy = g_memdup2 (file, sizeof *file);

  copy->name = g_strdup (file->name);

  return copy;
}

GrBroadcastRecord *
gr_broadcast_record_copy (const GrBroadcastRecord *broadcast)
{
  GrBroadcastRecord *copy = g_memdup2 (broadcast, sizeof *broadcast);

  copy->id = g_strdup (broadcast->id);
  copy->room_id = g_strdup (broadcast->room_id);
  copy->title = g_strdup (broadcast->title);
  copy->description = g_strdup (broadcast->description);
  copy->quality = g_strdup (broadcast->quality);
  copy->scene = g_strdup (broadcast->scene);
  copy->room_slug = g_strdup (broadcast->room_slug);
  copy->room_title = g_strdup (broadcast->room_title);
  copy->owner_id = g_strdup (broadcast->owner_id);
  copy->owner_name = g_strdup (broadcast->owner_name);

  return copy;
}

GrDestination *
gr_destination_copy (const GrDestination *destination)
{
  GrDestination *copy = g_memdup2 (destination, sizeof *destination);

  copy->id = g_strdup (destination->id);
  copy->broadcast_id = g_strdup (destination->broadcast_id);
  copy->platform = g_strdup (destination->platform);
  copy->name = g_strdup (destination->name);
  copy->url = g_strdup (destination->url);
  copy->secret = g_strdup (destination->secret);

  return copy;
}

GrRecording *
gr_recording_copy (const GrRecording *recording)
{
  GrRecording *copy = g_memdup2 (recording, sizeof *recording);

  copy->id = g_strdup (recording->id);
  copy->owner_id = g_strdup (recording->owner_id);
  copy->room_id = g_strdup (recording->room_id);
  copy->broadcast_id = g_strdup (recording->broadcast_id);
  copy->title = g_strdup (recording->title);
  copy->message = g_strdup (recording->message);
  copy->folder = g_strdup (recording->folder);
  copy->files = NULL;
  if (recording->files != NULL)
    {
      copy->files = g_ptr_array_copy (recording->files, copy_item, NULL);
      g_ptr_array_set_free_func (copy->files, (GDestroyNotify) gr_stored_file_free);
    }

  return copy;
}

void
gr_broadcast_record_free (GrBroadcastRecord *broadcast)
{
  g_free (broadcast->id);
  g_free (broadcast->room_id);
  g_free (broadcast->title);
  g_free (broadcast->description);
  g_free (broadcast->quality);
  g_free (broadcast->scene);
  g_free (broadcast->room_slug);
  g_free (broadcast->room_title);
  g_free (broadcast->owner_id);
  g_free (broadcast->owner_name);
  g_free (broadcast);
}

void
gr_brand_free (GrBrand *brand)
{
  g_free (brand->document);
  g_free (brand);
}

void
gr_saved_scene_free (GrSavedScene *scene)
{
  g_free (scene->id);
  g_free (scene->room_id);
  g_free (scene->name);
  g_free (scene->document);
  g_free (scene);
}

void
gr_destination_free (GrDestination *destination)
{
  g_free (destination->id);
  g_free (destination->broadcast_id);
  g_free (destination->platform);
  g_free (destination->name);
  g_free (destination->url);
  g_free (destination->secret);
  g_free (destination);
}

void
gr_recording_free (GrRecording *recording)
{
  g_free (recording->id);
  g_free (recording->owner_id);
  g_free (recording->room_id);
  g_free (recording->broadcast_id);
  g_free (recording->title);
  g_free (recording->message);
  g_free (recording->folder);
  g_clear_pointer (&recording->files, g_ptr_array_unref);
  g_free (recording);
}

const char *
gr_broadcast_status_to_string (GrBroadcastStatus status)
{
  return broadcast_statuses[status];
}

gboolean
gr_broadcast_status_from_string (const char *word, GrBroadcastStatus *status)
{
  for (guint i = 0; broadcast_statuses[i] != NULL; i++)
    if (g_str_equal (broadcast_statuses[i], word))
      {
        *status = i;
        return TRUE;
      }

  return FALSE;
}

const char *
gr_recording_state_to_string (GrRecordingState state)
{
  return recording_states[state];
}

gboolean
gr_quality_parse (const char *quality, gint *height, gint *frames_per_second, gint *bits)
{
  for (guint i = 0; i < G_N_ELEMENTS (qualities); i++)
    if (g_str_equal (qualities[i].word, quality))
      {
        *height = qualities[i].height;
        *frames_per_second = qualities[i].frames_per_second;
        *bits = qualities[i].bits;
        return TRUE;
      }

  return FALSE;
}
