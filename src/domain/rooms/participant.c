/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/participant.h"

G_DEFINE_FINAL_TYPE (GrParticipant, gr_participant, G_TYPE_OBJECT)

static const struct
{
  GrTracks track;
  GrMedia media;
  const char *word;
} tracks[] = {
  { GR_TRACK_MICROPHONE, GR_MEDIA_AUDIO, "microphone" },
  { GR_TRACK_CAMERA, GR_MEDIA_VIDEO, "camera" },
  { GR_TRACK_SCREEN, GR_MEDIA_SCREEN, "screen" },
  { GR_TRACK_SCREEN_AUDIO, GR_MEDIA_SCREEN, "screen-audio" },
  { GR_TRACK_PROGRAMME, 0, "programme" },
  { GR_TRACK_PROGRAMME_AUDIO, 0, "programme-audio" },
};

static const char *const stages[] = { "waiting", "backstage", "stage", NULL };

static void
gr_participant_finalize (GObject *object)
{
  GrParticipant *participant = GR_PARTICIPANT (object);

  g_free (participant->id);
  g_free (participant->account_id);
  g_free (participant->address_hash);
  g_free (participant->name);
  g_free (participant->session_id);
  g_free (participant->camera_stream);
  g_free (participant->screen_stream);

  G_OBJECT_CLASS (gr_participant_parent_class)->finalize (object);
}

static void
gr_participant_class_init (GrParticipantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_participant_finalize;
}

static void
gr_participant_init (GrParticipant *participant)
{
}

GrParticipant *
gr_participant_new (const GrSeat *seat, gboolean owner, GrStage stage)
{
  GrParticipant *participant = g_object_new (GR_TYPE_PARTICIPANT, NULL);

  participant->id = g_strdup (seat->id);
  participant->account_id = g_strdup (seat->account_id);
  participant->address_hash = g_strdup (seat->address_hash);
  participant->name = g_strdup (seat->name);
  participant->owner = owner;
  participant->role = seat->role;
  participant->stage = stage;
  participant->gain = 1;
  participant->joined_at = seat->joined_at;

  return participant;
}

gboolean
gr_participant_is_in_green_room (const GrParticipant *participant)
{
  return participant->stage == GR_STAGE_BACKSTAGE && participant->role != GR_ROOM_ROLE_VIEWER;
}

gboolean
gr_participant_hears_backstage (const GrParticipant *participant)
{
  if (participant->stage == GR_STAGE_WAITING || participant->role == GR_ROOM_ROLE_VIEWER)
    return FALSE;

  return participant->stage == GR_STAGE_BACKSTAGE || participant->role == GR_ROOM_ROLE_HOST
         || participant->server_role >= GR_ROLE_MODERATOR;
}

const char *
gr_stage_to_string (GrStage stage)
{
  return stages[stage];
}

gboolean
gr_stage_from_string (const char *word, GrStage *stage)
{
  for (guint i = 0; stages[i] != NULL; i++)
    if (g_str_equal (stages[i], word))
      {
        *stage = i;
        return TRUE;
      }

  return FALSE;
}

const char *
gr_track_to_string (GrTracks track)
{
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    if (tracks[i].track == track)
      return tracks[i].word;

  g_assert_not_reached ();
}

GrTracks
gr_track_from_string (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    if (g_str_equal (tracks[i].word, word))
      return tracks[i].track;

  return 0;
}

GrTracks
gr_tracks_of_media (GrMedia media)
{
  GrTracks set = 0;

  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    if (tracks[i].media & media)
      set |= tracks[i].track;

  return set;
}
