/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "hub"

#include "media/hub/room-private.h"

#include "base/error.h"
#include "base/log.h"
#include "media/hub/link.h"
#include "media/hub/policy.h"

/* An answer that webrtcbin is to make. */
typedef struct
{
  GrRoom *room;
  GrHubPeerId peer;
} Wait;

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

/* What senders have to be able to send. */
static GrCodecSet
needed_codecs (GrRoom *room)
{
  GHashTableIter iter;
  gpointer seat;

  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &seat))
    if (((GrSeat *) seat)->participant->linked)
      return GR_LINK_DECODES;

  return GR_CODECS_ALL;
}

static void
end_transport (GrSeat *seat)
{
  g_autoptr (GstElement) webrtcbin = NULL;

  if (seat->participant->peer == 0)
    return;

  count_out (seat);
  g_hash_table_remove (seat->room->peers, GUINT_TO_POINTER (seat->participant->peer));
  seat->told_codecs = 0;
  webrtcbin = gr_participant_end (seat->participant);
  if (webrtcbin != NULL)
    gr_pipeline_remove (seat->room->pipeline, webrtcbin);
  rank_sources (seat);
  gr_room_touch (seat->room);

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

static void
give_answer (GrSeat *seat)
{
  GArray *addresses = seat->room->addresses;
  g_autofree char *answer
      = gr_participant_write_answer (seat->participant, (const GrSdpAddress *) (gpointer) addresses->data,
                                     addresses->len);

  answer_seat (seat, answer, NULL);
  /* Slots are told of after the answer that names them. */
  gr_room_tell_later (seat->room);
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
  g_autofree char *reduced = gr_sdp_write_for_bin (offer);
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
  if (!gr_policy_admits (offer, needed_codecs (room), error))
    return FALSE;

  policy = gr_policy_for (&room->codecs, offer, needed_codecs (room));
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

  if (!gr_policy_admits (offer, needed_codecs (seat->room), error))
    return FALSE;

  count_out (seat);
  policy = gr_policy_for (&seat->room->codecs, offer, needed_codecs (seat->room));
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
  GrSeat *seat = gr_room_take_seat (room, participant);
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
  gr_room_touch (room);
  seat->func = func;
  seat->user_data = user_data;
  if (renews)
    give_answer (seat);
}

void
gr_room_allow (GrRoom *room, const char *participant, guint kinds, gboolean backstage, gboolean hears_backstage)
{
  GrSeat *seat = gr_room_take_seat (room, participant);

  seat->participant->backstage = backstage;
  seat->participant->hears_backstage = hears_backstage;
  gr_participant_allow (seat->participant, kinds);
  rank_sources (seat);
  gr_room_compare_speakers (room);
  gr_room_touch (room);
}

/* Browsers change over when they are told what all others decode. An encoder that agreed to nothing else cannot: better
 * that it hears so, when it comes again, than that it goes on unseen. */
static void
end_those_unfit_for_shows (GrRoom *room)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, room->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrSeat *seat = value;

      if (gr_participant_can_send (seat->participant, GR_LINK_DECODES))
        continue;

      gr_warning ("%s leaves: it sends nothing that a show can take", seat->participant->id);
      end_transport (seat);
      seat->participant->gone_due = TRUE;
    }
}

void
gr_room_attach (GrRoom *room, const char *participant, int fd)
{
  GrSeat *seat = gr_room_take_seat (room, participant);

  end_transport (seat);
  gr_participant_link (seat->participant, fd);
  g_hash_table_insert (room->peers, GUINT_TO_POINTER (seat->participant->peer), seat);
  count_in (seat);
  end_those_unfit_for_shows (room);
  gr_room_touch (room);
}

gboolean
gr_room_watch (GrRoom *room, const char *participant, GVariant *tracks, GError **error)
{
  if (!gr_participant_watch (gr_room_take_seat (room, participant)->participant, tracks, error))
    return FALSE;

  gr_room_touch (room);
  return TRUE;
}

void
gr_room_leave (GrRoom *room, const char *participant)
{
  g_hash_table_remove (room->seats, participant);
  gr_room_compare_speakers (room);
  gr_room_touch (room);
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
            gr_room_hear (seat, gr_track_kind_source (kind), fact->levels[i].level);
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

  gr_room_tell_later (seat->room);
}

const GrParticipant *
gr_room_find (GrRoom *room, const char *participant)
{
  const GrSeat *seat = gr_room_find_seat (room, participant);

  return seat != NULL ? seat->participant : NULL;
}

const GrParticipant *
gr_room_find_peer (const GrRoom *room, GrHubPeerId peer)
{
  const GrSeat *seat = g_hash_table_lookup (room->peers, GUINT_TO_POINTER (peer));

  return seat != NULL && seat->room == room ? seat->participant : NULL;
}

void
gr_room_tell_later (GrRoom *room)
{
  room->due = TRUE;
  room->changed (room, room->user_data);
}

void
gr_room_touch (GrRoom *room)
{
  room->unsettled = TRUE;
  gr_room_tell_later (room);
}

GrSeat *
gr_room_find_seat (GrRoom *room, const char *participant)
{
  return g_hash_table_lookup (room->seats, participant);
}

GrSeat *
gr_room_take_seat (GrRoom *room, const char *participant)
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

GrSeat *
gr_room_seat_of_source (GrRoom *room, GrSourceId source)
{
  return g_hash_table_lookup (room->numbers, GUINT_TO_POINTER (GR_SOURCE_NUMBER (source)));
}
