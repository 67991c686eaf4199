/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/link.h"
#include "media/hub/policy.h"
#include "media/hub/room-private.h"

static GrHubTrackId
track_of (GrSourceId source, GrSdpKind media, gpointer user_data)
{
  GrSeat *seat = gr_room_seat_of_source (user_data, source);
  GrTrackKind kind = gr_track_kind_of (GR_SOURCE_KIND (source), media);

  if (seat == NULL || !gr_participant_sends (seat->participant, kind))
    return 0;

  return seat->participant->tracks[kind].id;
}

/* The pictures that it asked for and that are there, never its own. @media: of a screen or a programme, its sound is
 * asked for as well. */
static guint
choose_pictures (GrSeat *seat, GrSdpKind media, GrSourceId *chosen, guint n_slots)
{
  GArray *pictures = seat->participant->pictures;
  guint n = 0;

  for (guint i = 0; i < pictures->len && n < n_slots; i++)
    {
      const GrPicture *picture = &g_array_index (pictures, GrPicture, i);
      GrSeat *other = gr_room_find_seat (seat->room, picture->participant);

      if (other == NULL || other == seat || (media == GR_SDP_AUDIO && picture->source == GR_SOURCE_PERSON))
        continue;
      if (gr_participant_sends (other->participant, gr_track_kind_of (picture->source, media)))
        chosen[n++] = gr_participant_source (other->participant, picture->source);
    }

  return n;
}

/* A silent person keeps an idle slot; a picture that is not wanted would go on costing what it costs. */
static void
forget_all_but (GrRoom *room, GrAssignment *assignment, GrSdpKind media, const GrSourceId *wanted, guint n_wanted)
{
  for (guint slot = 0; slot < gr_assignment_get_n_slots (assignment); slot++)
    {
      GrSourceId source = gr_assignment_get (assignment, slot);
      gboolean stays = source != 0 && track_of (source, media, room) != 0;

      if (stays && media == GR_SDP_VIDEO)
        {
          stays = FALSE;
          for (guint i = 0; i < n_wanted; i++)
            stays |= wanted[i] == source;
        }
      if (!stays)
        gr_assignment_forget (assignment, source);
    }
}

static GrHubTrackId
watched_track (const char *participant, GrTrackKind kind, gpointer user_data)
{
  GrSeat *other = gr_room_find_seat (user_data, participant);

  return other != NULL && gr_participant_sends (other->participant, kind) ? other->participant->tracks[kind].id : 0;
}

/* Programmes are not ranked with those who speak: whoever watches one hears it first. */
static guint
take_programmes (const GrSourceId *pinned, guint n_pinned, GrSourceId *heard, guint n_slots)
{
  guint n = 0;

  for (guint i = 0; i < n_pinned && n < n_slots; i++)
    if (GR_SOURCE_KIND (pinned[i]) == GR_SOURCE_PROGRAMME)
      heard[n++] = pinned[i];

  return n;
}

static void
settle_seat (GrSeat *seat)
{
  GrRoom *room = seat->room;
  GrParticipant *participant = seat->participant;
  GrAssignment *audio = participant->assignments[GR_SDP_AUDIO];
  GrAssignment *video = participant->assignments[GR_SDP_VIDEO];
  const GrSourceId own[] = { gr_participant_source (participant, GR_SOURCE_PERSON),
                             gr_participant_source (participant, GR_SOURCE_SCREEN) };
  GrSourceId pinned[GR_MAX_AUDIO_SLOTS];
  GrSourceId heard[GR_MAX_AUDIO_SLOTS];
  GrSourceId shown[GR_SDP_MAX_MEDIA];
  guint n_pinned = choose_pictures (seat, GR_SDP_AUDIO, pinned, GR_MAX_AUDIO_SLOTS);
  guint n_slots = MIN (gr_assignment_get_n_slots (audio), GR_MAX_AUDIO_SLOTS);
  guint n_programmes = take_programmes (pinned, n_pinned, heard, n_slots);
  guint n_heard = n_programmes
                  + gr_speakers_choose (room->speakers, pinned, n_pinned, own, G_N_ELEMENTS (own), heard + n_programmes,
                                        n_slots - n_programmes);
  guint n_shown
      = choose_pictures (seat, GR_SDP_VIDEO, shown, MIN (gr_assignment_get_n_slots (video), GR_SDP_MAX_MEDIA));

  forget_all_but (room, audio, GR_SDP_AUDIO, heard, n_heard);
  forget_all_but (room, video, GR_SDP_VIDEO, shown, n_shown);
  gr_assignment_update (audio, heard, n_heard, video);
  gr_assignment_update (video, shown, n_shown, audio);
  gr_participant_switch (participant, track_of, room);
}

GrSeat *
gr_room_find_seat (GrRoom *room, const char *participant)
{
  return g_hash_table_lookup (room->seats, participant);
}

GrSeat *
gr_room_seat_of_source (GrRoom *room, GrSourceId source)
{
  return g_hash_table_lookup (room->numbers, GUINT_TO_POINTER (GR_SOURCE_NUMBER (source)));
}

void
gr_room_settle (GrRoom *room)
{
  GHashTableIter iter;
  gpointer value;

  if (!room->unsettled)
    return;

  room->unsettled = FALSE;
  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrSeat *seat = value;

      if (seat->participant->linked)
        gr_participant_settle_link (seat->participant, watched_track, room);
      else
        settle_seat (seat);
    }
}
