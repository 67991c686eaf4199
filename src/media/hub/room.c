/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "hub"

#include "media/hub/room.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "media/hub/link.h"
#include "media/hub/policy.h"
#include "media/hub/room-private.h"

/* Speakers are weighed while somebody is heard, and for a moment after. */
#define TICK_MS 100
#define QUIET_TICKS 30

/* An answer that webrtcbin is to make. */
typedef struct
{
  GrRoom *room;
  GrHubPeerId peer;
} Wait;

static void
tell_later (GrRoom *room)
{
  room->due = TRUE;
  room->changed (room, room->user_data);
}

static void
touch (GrRoom *room)
{
  room->unsettled = TRUE;
  tell_later (room);
}

static void
answer_seat (GrSeat *seat, const char *answer, const GError *error)
{
  GrRoomAnswerFunc func = g_steal_pointer (&seat->func);

  if (func != NULL)
    func (answer, error, seat->user_data);
}

/* Only what is sent and allowed may be ranked; a programme is heard by those only who watch it. */
static void
rank_sources (GrSeat *seat)
{
  for (GrSourceKind kind = GR_SOURCE_PERSON; kind <= GR_SOURCE_SCREEN; kind++)
    {
      GrSourceId source = gr_participant_source (seat->participant, kind);

      if (gr_participant_sends (seat->participant, gr_track_kind_of (kind, GR_SDP_AUDIO)))
        gr_speakers_add (seat->room->speakers, source);
      else
        gr_speakers_remove (seat->room->speakers, source);
    }
}

static void
count_out (GrSeat *seat)
{
  if (seat->participant->counted)
    gr_room_codecs_leave (&seat->room->codecs, seat->participant->decodes);
  seat->participant->counted = FALSE;
}

static void
count_in (GrSeat *seat)
{
  seat->participant->decodes
      = seat->participant->linked ? GR_LINK_DECODES : gr_slot_table_decodes (seat->participant->table);
  seat->participant->counted = TRUE;
  gr_room_codecs_join (&seat->room->codecs, seat->participant->decodes);
}

static void
end_transport (GrSeat *seat)
{
  g_autoptr (GstElement) webrtcbin = NULL;

  if (seat->participant->peer == 0)
    return;

  count_out (seat);
  g_hash_table_remove (seat->room->peers, GUINT_TO_POINTER (seat->participant->peer));
  webrtcbin = gr_participant_end (seat->participant);
  if (webrtcbin != NULL)
    gr_pipeline_remove (seat->room->pipeline, webrtcbin);
  rank_sources (seat);
  touch (seat->room);

  if (seat->func != NULL)
    {
      g_autoptr (GError) error = NULL;

      gr_set_error (&error, GR_ERROR_CONFLICT, NULL,
                    "Another offer took the place of this one, or the participant left");
      answer_seat (seat, NULL, error);
    }
}

static void
seat_free (gpointer data)
{
  GrSeat *seat = data;

  end_transport (seat);
  g_hash_table_remove (seat->room->numbers, GUINT_TO_POINTER (seat->participant->number));
  gr_participant_free (seat->participant);
  g_free (seat);
}

static GrSeat *
take_seat (GrRoom *room, const char *participant)
{
  GrSeat *seat = gr_room_find_seat (room, participant);

  if (seat != NULL)
    return seat;

  seat = g_new0 (GrSeat, 1);
  seat->room = room;
  seat->participant = gr_participant_new (room->hub, participant);
  g_hash_table_insert (room->seats, seat->participant->id, seat);
  g_hash_table_insert (room->numbers, GUINT_TO_POINTER (seat->participant->number), seat);
  return seat;
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

static void
compare_speakers (GrRoom *room)
{
  g_autoptr (GArray) speaking = list_speakers (room);

  if (speaking->len == room->told_speakers->len
      && (speaking->len == 0
          || memcmp (speaking->data, room->told_speakers->data, speaking->len * sizeof (GrSourceId)) == 0))
    return;

  g_array_unref (room->told_speakers);
  room->told_speakers = g_steal_pointer (&speaking);
  room->speakers_due = TRUE;
  tell_later (room);
}

static gboolean
on_tick (gpointer data)
{
  GrRoom *room = data;

  if (gr_speakers_tick (room->speakers, g_get_monotonic_time ()))
    touch (room);
  compare_speakers (room);

  if (++room->quiet_ticks < QUIET_TICKS || room->told_speakers->len > 0)
    return G_SOURCE_CONTINUE;

  room->timer = 0;
  return G_SOURCE_REMOVE;
}

static void
hear (GrSeat *seat, GrSourceKind kind, guint8 level)
{
  GrRoom *room = seat->room;

  seat->levels[kind] = level;
  gr_speakers_hear (room->speakers, gr_participant_source (seat->participant, kind), level);
  room->quiet_ticks = 0;
  if (room->timer == 0)
    room->timer = g_timeout_add (TICK_MS, on_tick, room);
}

static void
give_answer (GrSeat *seat)
{
  GArray *addresses = seat->room->addresses;
  g_autofree char *answer
      = gr_participant_write_answer (seat->participant, (const GrSdpAddress *) (gpointer) addresses->data,
                                     addresses->len);

  answer_seat (seat, answer, NULL);
  /* Slots are told of after the answer that names them. */
  tell_later (seat->room);
}

static void
on_bin_answer (const char *text, const GError *failure, gpointer user_data)
{
  Wait *wait = user_data;
  GrSeat *seat = g_hash_table_lookup (wait->room->peers, GUINT_TO_POINTER (wait->peer));
  g_autoptr (GError) error = NULL;

  if (seat == NULL)
    return;

  if (text != NULL && gr_participant_take_answer (seat->participant, text, &error))
    {
      give_answer (seat);
      return;
    }

  if (error != NULL)
    gr_warning ("%s", error->message);
  answer_seat (seat, NULL, error != NULL ? error : failure);
  end_transport (seat);
}

static gboolean
begin_transport (GrSeat *seat, const GrSdp *offer, GArray *tracks, GError **error)
{
  GrRoom *room = seat->room;
  GrSlotPolicy policy;
  g_autofree char *reduced = gr_sdp_write_for_bin (offer, NULL);
  GstElement *webrtcbin;
  Wait *wait;

  if (reduced == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "The first m-line has no codec that we know");
      return FALSE;
    }

  /* A transport that ends takes its share of the codec rule along. An offer that is refused ends it as well: its page
   * has given that transport up. */
  end_transport (seat);
  policy = gr_policy_for (&room->codecs, offer);
  webrtcbin = gr_participant_begin (seat->participant, offer, &policy, tracks, error);
  if (webrtcbin == NULL)
    return FALSE;

  g_hash_table_insert (room->peers, GUINT_TO_POINTER (seat->participant->peer), seat);
  wait = g_new (Wait, 1);
  *wait = (Wait){ .room = room, .peer = seat->participant->peer };
  gr_pipeline_answer (room->pipeline, webrtcbin, reduced, on_bin_answer, wait, g_free);
  return TRUE;
}

static gboolean
renew_transport (GrSeat *seat, const GrSdp *offer, GArray *tracks, GError **error)
{
  GrSlotPolicy policy;
  gboolean renewed;

  if (seat->func != NULL)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "The offer before this one has no answer yet");
      return FALSE;
    }

  count_out (seat);
  policy = gr_policy_for (&seat->room->codecs, offer);
  renewed = gr_participant_renew (seat->participant, offer, &policy, tracks, error);
  if (!renewed)
    count_in (seat);
  return renewed;
}

GrRoom *
gr_room_new (
    GrHub *hub, const char *id, GHashTable *peers, GArray *addresses, GrRoomChangedFunc changed, gpointer user_data)
{
  GrRoom *room = g_new0 (GrRoom, 1);

  room->id = g_strdup (id);
  room->hub = g_object_ref (hub);
  room->pipeline = gr_pipeline_new (id);
  room->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, seat_free);
  room->numbers = g_hash_table_new (NULL, NULL);
  room->peers = g_hash_table_ref (peers);
  room->addresses = g_array_ref (addresses);
  room->speakers = gr_speakers_new ();
  room->told_speakers = g_array_new (FALSE, FALSE, sizeof (GrSourceId));
  room->changed = changed;
  room->user_data = user_data;
  return room;
}

void
gr_room_free (GrRoom *room)
{
  g_hash_table_unref (room->seats);
  g_clear_handle_id (&room->timer, g_source_remove);
  gr_pipeline_free (room->pipeline);
  g_hash_table_unref (room->numbers);
  g_hash_table_unref (room->peers);
  g_array_unref (room->addresses);
  g_array_unref (room->told_speakers);
  gr_speakers_free (room->speakers);
  g_object_unref (room->hub);
  g_free (room->id);
  g_free (room);
}

const char *
gr_room_get_id (const GrRoom *room)
{
  return room->id;
}

gboolean
gr_room_is_empty (const GrRoom *room)
{
  return g_hash_table_size (room->seats) == 0;
}

void
gr_room_offer (GrRoom *room,
               const char *participant,
               const GrSdp *offer,
               GArray *tracks,
               GrRoomAnswerFunc func,
               gpointer user_data)
{
  gboolean known = gr_room_find_seat (room, participant) != NULL;
  GrSeat *seat = take_seat (room, participant);
  gboolean renews = gr_participant_knows (seat->participant, offer);
  g_autoptr (GError) error = NULL;

  if (renews ? !renew_transport (seat, offer, tracks, &error) : !begin_transport (seat, offer, tracks, &error))
    {
      if (!known)
        gr_room_leave (room, participant);
      func (NULL, error, user_data);
      return;
    }

  count_in (seat);
  rank_sources (seat);
  touch (room);
  seat->func = func;
  seat->user_data = user_data;
  if (renews)
    give_answer (seat);
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

  seat = take_seat (room, participant);
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

  touch (room);
  return TRUE;
}

void
gr_room_allow (GrRoom *room, const char *participant, guint kinds)
{
  GrSeat *seat = take_seat (room, participant);

  gr_participant_allow (seat->participant, kinds);
  rank_sources (seat);
  compare_speakers (room);
  touch (room);
}

void
gr_room_attach (GrRoom *room, const char *participant, int fd)
{
  GrSeat *seat = take_seat (room, participant);

  end_transport (seat);
  gr_participant_link (seat->participant, fd);
  g_hash_table_insert (room->peers, GUINT_TO_POINTER (seat->participant->peer), seat);
  count_in (seat);
  touch (room);
}

gboolean
gr_room_watch (GrRoom *room, const char *participant, GVariant *tracks, GError **error)
{
  if (!gr_participant_watch (take_seat (room, participant)->participant, tracks, error))
    return FALSE;

  touch (room);
  return TRUE;
}

void
gr_room_leave (GrRoom *room, const char *participant)
{
  g_hash_table_remove (room->seats, participant);
  compare_speakers (room);
  touch (room);
}

void
gr_room_draw (GrRoom *room, GrPipelineFunc func, gpointer user_data, GDestroyNotify destroy)
{
  gr_pipeline_draw (room->pipeline, func, user_data, destroy);
}

void
gr_room_take_fact (GHashTable *peers, const GrHubFact *fact)
{
  GrSeat *seat;

  if (fact->kind == GR_HUB_LEVELS)
    {
      for (guint i = 0; i < fact->n_levels; i++)
        {
          GrTrackKind kind = GR_TRACK_KIND (fact->levels[i].track);

          seat = g_hash_table_lookup (peers, GUINT_TO_POINTER (GR_TRACK_PEER (fact->levels[i].track)));
          if (seat != NULL)
            hear (seat, gr_track_kind_source (kind), fact->levels[i].level);
        }
      return;
    }

  seat = g_hash_table_lookup (peers, GUINT_TO_POINTER (fact->peer));
  if (seat == NULL)
    return;

  switch (fact->kind)
    {
    case GR_HUB_CONNECTED:
      seat->participant->connected_due = TRUE;
      break;
    case GR_HUB_REFUSED:
      gr_warning ("the certificate of %s is not the one that it announced", seat->participant->id);
      G_GNUC_FALLTHROUGH;
    case GR_HUB_GONE:
      seat->participant->gone_due = TRUE;
      break;
    case GR_HUB_TRACK_SEEN:
      {
        GrPublished *published = &seat->participant->tracks[GR_TRACK_KIND (fact->track)];

        if (published->id != fact->track || published->seen)
          return;
        published->seen = published->seen_due = TRUE;
        break;
      }
    default:
      return;
    }

  tell_later (seat->room);
}

const GrParticipant *
gr_room_find_peer (const GrRoom *room, GrHubPeerId peer)
{
  const GrSeat *seat = g_hash_table_lookup (room->peers, GUINT_TO_POINTER (peer));

  return seat != NULL && seat->room == room ? seat->participant : NULL;
}

static void
tell_speakers (GrRoom *room, GrMediaDBusHub *hub)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sd)"));
  for (guint i = 0; i < room->told_speakers->len; i++)
    {
      GrSourceId source = g_array_index (room->told_speakers, GrSourceId, i);
      const GrSeat *seat = gr_room_seat_of_source (room, source);
      guint level = seat != NULL ? seat->levels[GR_SOURCE_KIND (source)] : 0;

      if (seat != NULL)
        g_variant_builder_add (&builder, "(sd)", seat->participant->id,
                               1.0 - MIN (level, GR_AUDIO_LEVEL_SILENT) / (double) GR_AUDIO_LEVEL_SILENT);
    }

  gr_media_dbus_hub_emit_speakers (hub, room->id, g_variant_builder_end (&builder));
}

static void
tell_slots (GrSeat *seat, GrMediaDBusHub *hub)
{
  GArray *slots = seat->participant->slots;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < slots->len; i++)
    {
      const GrCarried *slot = &g_array_index (slots, GrCarried, i);
      const GrSeat *other = slot->source != 0 ? gr_room_seat_of_source (seat->room, slot->source) : NULL;

      if (other != NULL)
        g_variant_builder_add (&builder, "(sss)", slot->described.mid, other->participant->id,
                               gr_track_kind_name (gr_track_kind_of (GR_SOURCE_KIND (slot->source), slot->kind)));
    }

  gr_media_dbus_hub_emit_slots (hub, seat->room->id, seat->participant->id, g_variant_builder_end (&builder));
}

static void
tell_seat (GrSeat *seat, GrMediaDBusHub *hub)
{
  GrParticipant *participant = seat->participant;
  const char *room = seat->room->id;

  if (participant->connected_due)
    gr_media_dbus_hub_emit_connected (hub, room, participant->id);
  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    if (participant->tracks[kind].seen_due)
      gr_media_dbus_hub_emit_track_seen (hub, room, participant->id, gr_track_kind_name (kind));
  if (participant->slots_due && seat->func == NULL)
    tell_slots (seat, hub);
  if (participant->gone_due)
    gr_media_dbus_hub_emit_gone (hub, room, participant->id);

  participant->connected_due = participant->gone_due = FALSE;
  participant->slots_due = participant->slots_due && seat->func != NULL;
  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    participant->tracks[kind].seen_due = FALSE;
}

gboolean
gr_room_tell (GrRoom *room, GrMediaDBusHub *hub)
{
  GHashTableIter iter;
  gpointer seat;

  if (!room->due)
    return FALSE;

  room->due = FALSE;
  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &seat))
    tell_seat (seat, hub);

  if (room->speakers_due)
    tell_speakers (room, hub);
  room->speakers_due = FALSE;
  return TRUE;
}
