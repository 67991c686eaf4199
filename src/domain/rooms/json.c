/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/json.h"

#include "base/main-call.h"

static const struct
{
  GrMedia flag;
  const char *word;
} media_words[] = {
  { GR_MEDIA_AUDIO, "audio" },
  { GR_MEDIA_VIDEO, "video" },
  { GR_MEDIA_SCREEN, "screen" },
};

void
gr_headcount_take (GrHeadcount *headcount, GrRoom *room)
{
  GPtrArray *participants;
  guint n_names = 0;

  gr_assert_main ();
  *headcount = (GrHeadcount){ 0 };

  if (room == NULL)
    return;

  headcount->air = gr_room_get_air (room);
  participants = gr_room_get_participants (room);

  for (guint i = 0; i < participants->len; i++)
    {
      GrParticipant *participant = g_ptr_array_index (participants, i);

      if (participant->stage == GR_STAGE_WAITING)
        continue;

      headcount->participants++;
      if (n_names < GR_HEADCOUNT_NAMES)
        headcount->names[n_names++] = g_strdup (participant->name);
    }
}

void
gr_headcount_clear (GrHeadcount *headcount)
{
  for (guint i = 0; i < GR_HEADCOUNT_NAMES; i++)
    g_clear_pointer (&headcount->names[i], g_free);
}

void
gr_room_record_write (GrJsonWriter *writer,
                      const GrRoomRecord *record,
                      const GrHeadcount *headcount,
                      const char *account_id)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", record->id);
  gr_json_writer_string_member (writer, "slug", record->slug);
  gr_json_writer_string_member (writer, "title", record->title);
  gr_json_writer_string_member (writer, "description", record->description);
  gr_json_writer_string_member (writer, "visibility", gr_visibility_to_string (record->visibility));
  gr_json_writer_int_member (writer, "capacity", record->capacity);
  gr_json_writer_bool_member (writer, "waitingRoom", record->waiting_room);
  gr_json_writer_bool_member (writer, "guests", record->guests);
  gr_json_writer_bool_member (writer, "locked", record->locked);
  gr_json_writer_int_member (writer, "p2pMax", record->p2p_max);
  gr_json_writer_begin_object_member (writer, "owner");
  gr_json_writer_string_member (writer, "id", record->owner_id);
  gr_json_writer_string_member (writer, "name", record->owner_name);
  gr_json_writer_end_object (writer);
  gr_json_writer_time_member (writer, "createdAt", record->created_at);
  gr_json_writer_int_member (writer, "participants", headcount->participants);
  gr_json_writer_begin_array_member (writer, "inside");
  for (guint i = 0; headcount->names[i] != NULL; i++)
    gr_json_writer_string (writer, headcount->names[i]);
  gr_json_writer_end_array (writer);
  gr_json_writer_bool_member (writer, "onAir", (headcount->air & GR_AIR_BROADCAST) != 0);
  gr_json_writer_bool_member (writer, "recorded", (headcount->air & GR_AIR_RECORDED) != 0);
  gr_json_writer_bool_member (writer, "mine", g_strcmp0 (account_id, record->owner_id) == 0);
  gr_json_writer_end_object (writer);
}

void
gr_participant_write (GrJsonWriter *writer, const GrParticipant *participant)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", participant->id);
  gr_json_writer_string_member (writer, "userId", participant->account_id);
  gr_json_writer_bool_member (writer, "guest", participant->guest);
  gr_json_writer_string_member (writer, "name", participant->name);
  gr_json_writer_string_member (writer, "role", gr_room_role_to_string (participant->role));
  gr_json_writer_string_member (writer, "stage", gr_stage_to_string (participant->stage));
  for (guint i = 0; i < G_N_ELEMENTS (media_words); i++)
    gr_json_writer_bool_member (writer, media_words[i].word, (participant->media & media_words[i].flag) != 0);
  gr_json_writer_bool_member (writer, "hand", participant->hand_at != 0);
  gr_json_writer_time_member (writer, "handAt", participant->hand_at);
  gr_json_writer_begin_object_member (writer, "streams");
  if (participant->camera_stream != NULL)
    gr_json_writer_string_member (writer, "camera", participant->camera_stream);
  if (participant->screen_stream != NULL)
    gr_json_writer_string_member (writer, "screen", participant->screen_stream);
  gr_json_writer_end_object (writer);
  if (participant->gain != 1)
    gr_json_writer_double_member (writer, "gain", participant->gain);
  gr_json_writer_time_member (writer, "joinedAt", participant->joined_at);
  gr_json_writer_end_object (writer);
}

void
gr_message_write (GrJsonWriter *writer, const GrMessage *message)
{
  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "id", message->id);
  gr_json_writer_string_member (writer, "participantId", message->participant_id);
  gr_json_writer_string_member (writer, "userId", message->account_id);
  gr_json_writer_string_member (writer, "name", message->name);
  gr_json_writer_string_member (writer, "text", message->text);
  gr_json_writer_time_member (writer, "createdAt", message->created_at);
  gr_json_writer_end_object (writer);
}

void
gr_media_write (GrJsonWriter *writer, GrMedia media)
{
  gr_json_writer_begin_array (writer);
  for (guint i = 0; i < G_N_ELEMENTS (media_words); i++)
    if (media & media_words[i].flag)
      gr_json_writer_string (writer, media_words[i].word);
  gr_json_writer_end_array (writer);
}

GrMedia
gr_media_parse (JsonArray *words)
{
  GrMedia media = 0;

  for (guint i = 0; i < json_array_get_length (words); i++)
    for (guint j = 0; j < G_N_ELEMENTS (media_words); j++)
      if (g_str_equal (json_array_get_string_element (words, i), media_words[j].word))
        media |= media_words[j].flag;

  return media;
}
