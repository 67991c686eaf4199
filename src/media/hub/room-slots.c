/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/room-private.h"

#include <string.h>

#include "base/error.h"
#include "media/hub/casting.h"
#include "media/hub/link.h"
#include "media/hub/policy.h"

/* Speakers are weighed while somebody is heard, and for a moment after. */
#define TICK_MS 100
#define QUIET_TICKS 30

/* Whether @listener gets anything of @seat. */
static gboolean
reaches (const GrSeat *seat, const GrSeat *listener)
{
  return seat != NULL && (!seat->participant->backstage || listener->participant->hears_backstage);
}

/* @listener: GrSeat. */
static GrHubTrackId
track_of (GrSourceId source, GrSdpKind media, gpointer listener)
{
  GrSeat *seat = gr_room_seat_of_source (((GrSeat *) listener)->room, source);
  GrTrackKind kind = gr_track_kind_of (GR_SOURCE_KIND (source), media);

  if (!reaches (seat, listener) || !gr_participant_sends (seat->participant, kind))
    return 0;

  return seat->participant->tracks[kind].id;
}

/* The pictures that it asked for and that are there, never its own. @media: of a screen or a programme, its sound is
 * asked for as well. @kinds: bits 1 << GrSourceKind of those that are meant. */
static guint
choose_pictures (GrSeat *seat, GrSdpKind media, guint kinds, GrSourceId *chosen, guint n_slots)
{
  GArray *pictures = seat->participant->pictures;
  guint n = 0;

  for (guint i = 0; i < pictures->len && n < n_slots; i++)
    {
      const GrPicture *picture = &g_array_index (pictures, GrPicture, i);
      GrSeat *other = gr_room_find_seat (seat->room, picture->participant);

      if (!reaches (other, seat) || other == seat || (kinds & 1u << picture->source) == 0)
        continue;
      if (gr_participant_sends (other->participant, gr_track_kind_of (picture->source, media)))
        chosen[n++] = gr_participant_source (other->participant, picture->source);
    }

  return n;
}

static gboolean
sends (GrSourceId source, gboolean sound, gpointer listener)
{
  return track_of (source, sound ? GR_SDP_AUDIO : GR_SDP_VIDEO, listener) != 0;
}

/* What is backstage, after room for the two sources of a listener itself. */
static GArray *
list_backstage (GrRoom *room)
{
  GArray *sources = g_array_new (FALSE, FALSE, sizeof (GrSourceId));
  GHashTableIter iter;
  gpointer value;

  g_array_set_size (sources, 2);
  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const GrParticipant *participant = ((GrSeat *) value)->participant;
      const GrSourceId own[] = { gr_participant_source (participant, GR_SOURCE_PERSON),
                                 gr_participant_source (participant, GR_SOURCE_SCREEN) };

      if (participant->backstage)
        g_array_append_vals (sources, own, G_N_ELEMENTS (own));
    }

  return sources;
}

static void
settle_seat (GrSeat *seat, GArray *unheard)
{
  GrParticipant *participant = seat->participant;
  GrAssignment *audio = participant->assignments[GR_SDP_AUDIO];
  GrAssignment *video = participant->assignments[GR_SDP_VIDEO];
  GrSourceId *own = (GrSourceId *) (gpointer) unheard->data;
  GrSourceId programmes[GR_MAX_AUDIO_SLOTS];
  GrSourceId screens[GR_MAX_AUDIO_SLOTS];
  GrSourceId shown[GR_SDP_MAX_MEDIA];
  const GrCastWish wish = {
    .own = own,
    .n_own = participant->hears_backstage ? 2 : unheard->len,
    .unranked = programmes,
    .n_unranked
    = choose_pictures (seat, GR_SDP_AUDIO, 1u << GR_SOURCE_PROGRAMME, programmes, G_N_ELEMENTS (programmes)),
    .pinned = screens,
    .n_pinned = choose_pictures (seat, GR_SDP_AUDIO, 1u << GR_SOURCE_SCREEN, screens, G_N_ELEMENTS (screens)),
    .shown = shown,
    .n_shown = choose_pictures (seat, GR_SDP_VIDEO, G_MAXUINT, shown, G_N_ELEMENTS (shown)),
  };

  own[0] = gr_participant_source (participant, GR_SOURCE_PERSON);
  own[1] = gr_participant_source (participant, GR_SOURCE_SCREEN);
  gr_cast (seat->room->speakers, &wish, sends, seat, audio, video);
  gr_participant_switch (participant, track_of, seat);
}

static GrHubTrackId
watched_track (const char *participant, GrTrackKind kind, gpointer user_data)
{
  GrSeat *other = gr_room_find_seat (user_data, participant);

  if (other == NULL || other->participant->backstage || !gr_participant_sends (other->participant, kind))
    return 0;

  return other->participant->tracks[kind].id;
}

/* People, not what their screens play. */
static GArray *
list_speakers (GrRoom *room)
{
  GArray *speaking = g_array_new (FALSE, FALSE, sizeof (GrSourceId));

  for (guint i = 0; i < gr_speakers_get_n (room->speakers); i++)
    {
      GrSourceId source = gr_speakers_get_ranked (room->speakers, i);

      if (GR_SOURCE_KIND (source) == GR_SOURCE_PERSON && gr_speakers_is_speaking (room->speakers, source))
        g_array_append_val (speaking, source);
    }

  return speaking;
}

void
gr_room_compare_speakers (GrRoom *room)
{
  g_autoptr (GArray) speaking = list_speakers (room);

  if (speaking->len == room->told_speakers->len
      && (speaking->len == 0
          || memcmp (speaking->data, room->told_speakers->data, speaking->len * sizeof (GrSourceId)) == 0))
    return;

  g_array_unref (room->told_speakers);
  room->told_speakers = g_steal_pointer (&speaking);
  room->speakers_due = TRUE;
  gr_room_tell_later (room);
}

static gboolean
on_tick (gpointer data)
{
  GrRoom *room = data;

  if (gr_speakers_tick (room->speakers, g_get_monotonic_time ()))
    gr_room_touch (room);
  gr_room_compare_speakers (room);

  if (++room->quiet_ticks < QUIET_TICKS || room->told_speakers->len > 0)
    return G_SOURCE_CONTINUE;

  room->timer = 0;
  return G_SOURCE_REMOVE;
}

void
gr_room_hear (GrSeat *seat, GrSourceKind kind, guint8 level)
{
  GrRoom *room = seat->room;

  seat->levels[kind] = level;
  gr_speakers_hear (room->speakers, gr_participant_source (seat->participant, kind), level);
  room->quiet_ticks = 0;
  if (room->timer == 0)
    room->timer = g_timeout_add (TICK_MS, on_tick, room);
}

gboolean
gr_room_subscribe (GrRoom *room, const char *participant, GVariant *pictures, GError **error)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (GrPicture));
  GrSeat *seat;
  GVariantIter iter;
  const char *other, *name;

  g_variant_iter_init (&iter, pictures);
  while (g_variant_iter_next (&iter, "(&s&s)", &other, &name))
    {
      GrTrackKind kind;

      if (!gr_track_kind_parse (name, &kind, error))
        return FALSE;
      if (gr_track_kind_media (kind) != GR_SDP_VIDEO)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "pictures", "“%s” is no picture", name);
          return FALSE;
        }
    }

  seat = gr_room_take_seat (room, participant);
  gr_participant_forget_pictures (seat->participant);
  g_variant_iter_init (&iter, pictures);
  while (g_variant_iter_next (&iter, "(&s&s)", &other, &name) && seat->participant->pictures->len < GR_MAX_PICTURES)
    {
      GrTrackKind kind = GR_TRACK_CAMERA;
      GrPicture picture;

      gr_track_kind_parse (name, &kind, NULL);
      picture = (GrPicture){ g_strdup (other), gr_track_kind_source (kind) };
      g_array_append_val (seat->participant->pictures, picture);
    }

  gr_room_touch (room);
  return TRUE;
}

void
gr_room_settle (GrRoom *room)
{
  g_autoptr (GArray) unheard = NULL;
  GHashTableIter iter;
  gpointer value;

  if (!room->unsettled)
    return;

  unheard = list_backstage (room);
  room->unsettled = FALSE;
  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrSeat *seat = value;

      if (seat->participant->linked)
        gr_participant_settle_link (seat->participant, watched_track, room);
      else
        settle_seat (seat, unheard);
    }
}
