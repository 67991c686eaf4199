/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/cast.h"

/* What one link carries (Hub.Watch). */
#define MAX_TRACKS 64

static GrParticipant *
get_on_stage (GrRoom *room, guint index)
{
  GrParticipant *participant = g_ptr_array_index (gr_room_get_participants (room), index);

  return participant->stage == GR_STAGE_ON && participant->role != GR_ROOM_ROLE_VIEWER ? participant : NULL;
}

static guint
count_people (GrRoom *room)
{
  return room != NULL ? gr_room_get_participants (room)->len : 0;
}

static void
add_source (GArray *sources, const char *participant_id, const char *kind, const char *fit)
{
  GrSceneSource source = { participant_id, kind, fit };

  if (sources->len < GR_SCENE_MAX_SOURCES)
    g_array_append_val (sources, source);
}

static void
add_everybody (GArray *sources, GrRoom *room)
{
  for (guint i = 0; i < count_people (room); i++)
    {
      GrParticipant *participant = get_on_stage (room, i);

      if (participant != NULL && (participant->media & GR_MEDIA_SCREEN))
        add_source (sources, participant->id, "screen", "fit");
    }

  for (guint i = 0; i < count_people (room); i++)
    {
      GrParticipant *participant = get_on_stage (room, i);

      if (participant != NULL)
        add_source (sources, participant->id, "camera", "crop");
    }
}

GArray *
gr_cast_resolve (GrRoom *room, GrScene *scene)
{
  GArray *sources = g_array_new (FALSE, FALSE, sizeof (GrSceneSource));

  if (gr_scene_count_sources (scene) == 0)
    add_everybody (sources, room);

  for (guint i = 0; room != NULL && i < gr_scene_count_sources (scene); i++)
    {
      GrSceneSource source = gr_scene_get_source (scene, i);
      GrParticipant *participant = gr_room_get_participant (room, source.participant_id);

      if (participant != NULL && participant->stage == GR_STAGE_ON)
        add_source (sources, participant->id, source.kind, source.fit);
    }

  return sources;
}

GVariant *
gr_cast_get_tracks (GrRoom *room, GArray *sources)
{
  static const GrTracks sounds[] = { GR_TRACK_MICROPHONE, GR_TRACK_SCREEN_AUDIO };
  GVariantBuilder builder;
  guint n_tracks = sources->len;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; i < sources->len; i++)
    {
      const GrSceneSource *source = &g_array_index (sources, GrSceneSource, i);

      g_variant_builder_add (&builder, "(ss)", source->participant_id, source->kind);
    }

  for (guint sound = 0; sound < G_N_ELEMENTS (sounds); sound++)
    for (guint i = 0; i < count_people (room) && n_tracks < MAX_TRACKS; i++)
      {
        GrParticipant *participant = get_on_stage (room, i);

        if (participant == NULL)
          continue;

        g_variant_builder_add (&builder, "(ss)", participant->id, gr_track_to_string (sounds[sound]));
        n_tracks++;
      }

  return g_variant_builder_end (&builder);
}

char *
gr_cast_write_people (GrRoom *room)
{
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_array (&json);
  for (guint i = 0; i < count_people (room); i++)
    {
      const GrParticipant *participant = g_ptr_array_index (gr_room_get_participants (room), i);

      if (participant->stage == GR_STAGE_WAITING || participant->role == GR_ROOM_ROLE_VIEWER)
        continue;

      gr_json_writer_begin_object (&json);
      gr_json_writer_string_member (&json, "participantId", participant->id);
      gr_json_writer_string_member (&json, "name", participant->name);
      gr_json_writer_double_member (&json, "gain", participant->gain);
      gr_json_writer_bool_member (&json, "onStage", participant->stage == GR_STAGE_ON);
      gr_json_writer_bool_member (&json, "camera", (participant->media & GR_MEDIA_VIDEO) != 0);
      gr_json_writer_end_object (&json);
    }
  gr_json_writer_end_array (&json);

  return g_string_free (text, FALSE);
}

char *
gr_cast_write_scene (GrScene *scene, const char *title, GArray *sources, GrPicturePath path, gpointer user_data)
{
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_scene_write_for_program (&json, scene, title, sources, path, user_data);

  return g_string_free (text, FALSE);
}

guint
gr_cast_count_viewers (GrRoom *room)
{
  guint viewers = 0;

  for (guint i = 0; i < count_people (room); i++)
    {
      const GrParticipant *participant = g_ptr_array_index (gr_room_get_participants (room), i);

      if (participant->role == GR_ROOM_ROLE_VIEWER && participant->stage != GR_STAGE_WAITING)
        viewers++;
    }

  return viewers;
}
