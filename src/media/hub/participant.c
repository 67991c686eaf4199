/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/participant.h"

#include <string.h>

#include "base/error.h"

/* A screen needs more than a camera: 1080p at 60 frames, or text in 2160p (DESIGN, section 5). */
#define SCREEN_BITS 16000000
#define SCREEN_AUDIO_BITS 256000

G_STATIC_ASSERT ((int) GR_SDP_AUDIO == (int) GR_HUB_AUDIO && (int) GR_SDP_VIDEO == (int) GR_HUB_VIDEO);
G_STATIC_ASSERT (GR_N_TRACK_KINDS <= 8 && GR_N_SOURCES <= 4);
G_STATIC_ASSERT (GR_N_CODECS <= GR_HUB_MAX_CODECS && GR_SDP_MAX_MID <= GR_HUB_MID_BYTES);

static const GrHubCodec hub_codecs[GR_N_CODECS] = {
  [GR_CODEC_OPUS] = GR_HUB_OPUS,
  [GR_CODEC_VP8] = GR_HUB_VP8,
  [GR_CODEC_VP9] = GR_HUB_VP9,
  [GR_CODEC_VP9_10BIT] = GR_HUB_VP9,
  [GR_CODEC_AV1] = GR_HUB_AV1,
  [GR_CODEC_H264] = GR_HUB_H264,
  [GR_CODEC_H264_SINGLE_NAL] = GR_HUB_H264,
  [GR_CODEC_H264_MAIN] = GR_HUB_H264,
  [GR_CODEC_H264_HIGH] = GR_HUB_H264,
};

static void
picture_clear (gpointer data)
{
  GrPicture *picture = data;

  g_free (picture->participant);
}

static void
watched_clear (gpointer data)
{
  GrWatched *watched = data;

  g_free (watched->participant);
}

static gboolean
same_media (const GrHubTrack *first, const GrHubTrack *second)
{
  return first->ssrc == second->ssrc && first->rtx_ssrc == second->rtx_ssrc && g_str_equal (first->mid, second->mid);
}

static GrCarried *
slot_at (const GrParticipant *participant, guint i)
{
  return &g_array_index (participant->slots, GrCarried, i);
}

static void
add_payloads (GrHubSession *session, const GrSdpMedia *media)
{
  for (guint i = 0; i < media->n_codecs; i++)
    {
      const GrSdpCodec *codec = &media->codecs[i];
      guint known = 0;

      while (known < session->n_payloads && session->payloads[known].payload_type != codec->payload_type)
        known++;
      if (known < session->n_payloads || known == GR_HUB_MAX_CODECS)
        continue;

      session->payloads[session->n_payloads++] = (GrHubPayload){
        .payload_type = codec->payload_type,
        .rtx_payload_type = codec->rtx_payload_type,
        .format = codec->codec,
        .codec = hub_codecs[codec->codec],
        .clock_rate = gr_codec_traits (codec->codec)->clock_rate,
      };
    }
}

/* Under BUNDLE a number means the same in each m-line. What slots have comes first, since a format is sent by the first
 * payload type that has it. */
static void
tell_session (GrParticipant *participant)
{
  static const struct
  {
    GrExtension from;
    GrHubExtension to;
  } extensions[] = {
    { GR_EXTENSION_MID, GR_HUB_MID },
    { GR_EXTENSION_AUDIO_LEVEL, GR_HUB_AUDIO_LEVEL },
    { GR_EXTENSION_DEPENDENCY_DESCRIPTOR, GR_HUB_DEPENDENCY_DESCRIPTOR },
  };
  GrHubSession session = { 0 };
  guint n_lines = gr_slot_table_get_n_lines (participant->table);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < n_lines; i++)
      {
        const GrSdpMedia *local = &gr_slot_table_get_line (participant->table, i)->local;

        if (pass == ((local->direction & GR_SDP_SENDONLY) ? 0 : 1))
          add_payloads (&session, local);
        for (guint j = 0; j < G_N_ELEMENTS (extensions); j++)
          if (local->extensions[extensions[j].from] != 0)
            session.extensions[extensions[j].to] = local->extensions[extensions[j].from];
      }

  gr_hub_set_session (participant->hub, participant->peer, &session);
}

static void
tell_mute (GrParticipant *participant, GrTrackKind kind)
{
  if (participant->tracks[kind].id != 0)
    gr_hub_mute (participant->hub, participant->tracks[kind].id, (participant->allowed & 1u << kind) == 0);
}

static void
unpublish (GrParticipant *participant, GrTrackKind kind)
{
  if (participant->tracks[kind].id != 0)
    gr_hub_unpublish (participant->hub, participant->tracks[kind].id);
  participant->tracks[kind] = (GrPublished){ 0 };
}

/* FALSE for a line that sends nothing now. */
static gboolean
describe_track (const GrParticipant *participant, const GrTrackLine *track, GrHubTrack *described)
{
  const GrSlotLine *line = gr_slot_table_find_mid (participant->table, track->mid);

  if (line == NULL || line->local.rejected || (line->local.direction & GR_SDP_RECVONLY) == 0)
    return FALSE;

  *described = (GrHubTrack){
    .media = (GrHubMedia) line->local.kind,
    .ssrc = line->remote.n_ssrcs > 0 ? line->remote.ssrcs[0] : 0,
    .rtx_ssrc = line->remote.n_ssrcs > 0 ? line->remote.rtx[0] : 0,
    .max_bits = track->kind == GR_TRACK_SCREEN         ? SCREEN_BITS
                : track->kind == GR_TRACK_SCREEN_AUDIO ? SCREEN_AUDIO_BITS
                                                       : 0,
  };
  g_strlcpy (described->mid, track->mid, sizeof described->mid);
  return TRUE;
}

/* Tracks that are as they were go on; their SSRCs may move from one kind to another, so what ends ends first. */
static void
tell_tracks (GrParticipant *participant, GArray *tracks)
{
  GrHubTrack wanted[GR_N_TRACK_KINDS];
  gboolean sent[GR_N_TRACK_KINDS] = { FALSE };

  for (guint i = 0; i < tracks->len; i++)
    {
      const GrTrackLine *track = &g_array_index (tracks, GrTrackLine, i);

      sent[track->kind] = describe_track (participant, track, &wanted[track->kind]);
    }

  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    if (!sent[kind] || !same_media (&participant->tracks[kind].described, &wanted[kind]))
      unpublish (participant, kind);

  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    if (sent[kind] && participant->tracks[kind].id == 0)
      {
        participant->tracks[kind].id = GR_TRACK_ID (participant->peer, kind);
        participant->tracks[kind].described = wanted[kind];
        gr_hub_publish (participant->hub, participant->peer, participant->tracks[kind].id, &wanted[kind]);
        tell_mute (participant, kind);
      }
}

static gboolean
still_described (const GrParticipant *participant, const GrCarried *slot)
{
  const GrSlotLine *line = gr_slot_table_get_line (participant->table, slot->line);

  return line->slot == slot->index && line->local.kind == slot->kind && line->ssrc == slot->described.ssrc
         && (line->local.direction & GR_SDP_SENDONLY) && g_str_equal (line->local.mid, slot->described.mid);
}

static gboolean
has_slot (const GrParticipant *participant, guint line)
{
  for (guint i = 0; i < participant->slots->len; i++)
    if (slot_at (participant, i)->line == line)
      return TRUE;

  return FALSE;
}

static gboolean
has_rtx (const GrSdpMedia *media)
{
  for (guint i = 0; i < media->n_codecs; i++)
    if (media->codecs[i].rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
      return TRUE;

  return FALSE;
}

static void
tell_slots (GrParticipant *participant)
{
  for (guint i = participant->slots->len; i-- > 0;)
    if (!still_described (participant, slot_at (participant, i)))
      {
        gr_hub_remove_slot (participant->hub, participant->peer, slot_at (participant, i)->line + 1);
        participant->slots_due = TRUE;
        g_array_remove_index (participant->slots, i);
      }

  for (guint i = 0; i < gr_slot_table_get_n_lines (participant->table); i++)
    {
      const GrSlotLine *line = gr_slot_table_get_line (participant->table, i);
      GrCarried slot = { .line = i, .kind = line->local.kind, .index = line->slot };

      if (line->slot == GR_NO_SLOT || (line->local.direction & GR_SDP_SENDONLY) == 0 || has_slot (participant, i))
        continue;

      slot.described = (GrHubSlot){
        .media = (GrHubMedia) line->local.kind,
        .ssrc = line->ssrc,
        .rtx_ssrc = has_rtx (&line->local) ? line->rtx_ssrc : 0,
      };
      g_strlcpy (slot.described.mid, line->local.mid, sizeof slot.described.mid);
      gr_hub_add_slot (participant->hub, participant->peer, i + 1, &slot.described);
      g_array_append_val (participant->slots, slot);
    }

  for (GrSdpKind kind = GR_SDP_AUDIO; kind <= GR_SDP_VIDEO; kind++)
    gr_assignment_resize (participant->assignments[kind], gr_slot_table_get_n_slots (participant->table, kind));
}

/* Before anything changes. */
static gboolean
check_tracks (const GrSdp *offer, GArray *tracks, GError **error)
{
  guint seen = 0;

  for (guint i = 0; i < tracks->len; i++)
    {
      const GrTrackLine *track = &g_array_index (tracks, GrTrackLine, i);
      const GrSdpMedia *media = NULL;

      for (guint j = 0; j < offer->n_media && media == NULL; j++)
        if (g_str_equal (offer->media[j].mid, track->mid))
          media = &offer->media[j];

      if (media == NULL || media->kind != gr_track_kind_media (track->kind))
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "No m-line with mid “%s” can be a %s", track->mid,
                        gr_track_kind_name (track->kind));
          return FALSE;
        }
      if (seen & 1u << track->kind)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "There is more than one %s",
                        gr_track_kind_name (track->kind));
          return FALSE;
        }
      seen |= 1u << track->kind;
    }

  return TRUE;
}

static char *
fingerprint_text (const guint8 *fingerprint)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < GR_SDP_FINGERPRINT_SIZE; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", fingerprint[i]);
  return g_string_free (text, FALSE);
}

/* Three bits are left for the kind. */
guint32
gr_participant_next_number (void)
{
  static guint32 last;

  last = last < G_MAXUINT32 >> 3 ? last + 1 : 1;
  return last;
}

GArray *
gr_participant_new_watched (void)
{
  GArray *watched = g_array_new (FALSE, TRUE, sizeof (GrWatched));

  g_array_set_clear_func (watched, watched_clear);
  return watched;
}

GrParticipant *
gr_participant_new (GrHub *hub, const char *id)
{
  GrParticipant *participant = g_new0 (GrParticipant, 1);

  participant->hub = g_object_ref (hub);
  participant->id = g_strdup (id);
  participant->number = gr_participant_next_number ();
  participant->allowed = (1u << GR_N_TRACK_KINDS) - 1;
  participant->slots = g_array_new (FALSE, FALSE, sizeof (GrCarried));
  participant->watched = gr_participant_new_watched ();
  participant->pictures = g_array_new (FALSE, FALSE, sizeof (GrPicture));
  g_array_set_clear_func (participant->pictures, picture_clear);
  for (guint i = 0; i < G_N_ELEMENTS (participant->assignments); i++)
    participant->assignments[i] = gr_assignment_new (0);
  return participant;
}

void
gr_participant_free (GrParticipant *participant)
{
  g_autoptr (GstElement) webrtcbin = gr_participant_end (participant);

  g_warn_if_fail (webrtcbin == NULL);
  for (guint i = 0; i < G_N_ELEMENTS (participant->assignments); i++)
    gr_assignment_free (participant->assignments[i]);
  g_array_unref (participant->pictures);
  g_array_unref (participant->watched);
  g_array_unref (participant->slots);
  g_object_unref (participant->hub);
  g_free (participant->id);
  g_free (participant);
}

gboolean
gr_participant_knows (const GrParticipant *participant, const GrSdp *offer)
{
  return participant->peer != 0 && g_str_equal (participant->ufrag, offer->ufrag)
         && g_str_equal (participant->password, offer->password)
         && memcmp (participant->fingerprint, offer->fingerprint, sizeof participant->fingerprint) == 0;
}

GstElement *
gr_participant_begin (
    GrParticipant *participant, const GrSdp *offer, const GrSlotPolicy *policy, GArray *tracks, GError **error)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autofree char *fingerprint = fingerprint_text (offer->fingerprint);
  GrHubPeerId peer = gr_participant_next_number ();
  GstElement *webrtcbin;

  g_return_val_if_fail (participant->peer == 0, NULL);

  if (!check_tracks (offer, tracks, error) || !gr_slot_table_apply_offer (table, offer, policy, error))
    return NULL;

  webrtcbin = gr_hub_add_peer (participant->hub, peer);
  if (webrtcbin == NULL)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "There is no webrtcbin");
      return NULL;
    }

  participant->webrtcbin = gst_object_ref_sink (webrtcbin);
  participant->peer = peer;
  participant->table = g_steal_pointer (&table);
  participant->ufrag = g_strdup (offer->ufrag);
  participant->password = g_strdup (offer->password);
  memcpy (participant->fingerprint, offer->fingerprint, sizeof participant->fingerprint);
  participant->local = (GrSdpLocal){ .session_id = (guint64) g_random_int () << 29 | (g_random_int () >> 3) };
  gr_hub_expect_fingerprint (participant->hub, peer, fingerprint);
  tell_session (participant);
  tell_tracks (participant, tracks);
  tell_slots (participant);
  return participant->webrtcbin;
}

gboolean
gr_participant_take_answer (GrParticipant *participant, const char *answer, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (answer, strlen (answer), GR_SDP_ANSWER, &reason);

  if (sdp == NULL)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "webrtcbin's answer cannot be read: %s", reason->message);
      return FALSE;
    }

  gr_sdp_local_take (&participant->local, sdp);
  participant->local.ufrag = participant->local_ufrag = g_strdup (sdp->ufrag);
  participant->local.password = participant->local_password = g_strdup (sdp->password);
  return TRUE;
}

gboolean
gr_participant_renew (
    GrParticipant *participant, const GrSdp *offer, const GrSlotPolicy *policy, GArray *tracks, GError **error)
{
  if (!check_tracks (offer, tracks, error) || !gr_slot_table_apply_offer (participant->table, offer, policy, error))
    return FALSE;

  tell_session (participant);
  tell_tracks (participant, tracks);
  tell_slots (participant);
  return TRUE;
}

char *
gr_participant_write_answer (GrParticipant *participant, const GrSdpAddress *addresses, guint n_addresses)
{
  participant->local.addresses = addresses;
  participant->local.n_addresses = n_addresses;
  participant->local.session_version++;
  return gr_sdp_write (participant->table, &participant->local);
}

GstElement *
gr_participant_end (GrParticipant *participant)
{
  if (participant->peer == 0)
    return NULL;

  gr_hub_remove_peer (participant->hub, participant->peer);
  participant->peer = 0;
  participant->linked = FALSE;
  memset (participant->tracks, 0, sizeof participant->tracks);
  g_array_set_size (participant->slots, 0);
  for (guint i = 0; i < G_N_ELEMENTS (participant->assignments); i++)
    gr_assignment_resize (participant->assignments[i], 0);
  g_clear_pointer (&participant->table, gr_slot_table_free);
  g_clear_pointer (&participant->ufrag, g_free);
  g_clear_pointer (&participant->password, g_free);
  g_clear_pointer (&participant->local_ufrag, g_free);
  g_clear_pointer (&participant->local_password, g_free);
  participant->slots_due = participant->connected_due = participant->gone_due = FALSE;
  return g_steal_pointer (&participant->webrtcbin);
}

void
gr_participant_allow (GrParticipant *participant, guint kinds)
{
  participant->allowed = kinds;
  for (GrTrackKind kind = 0; kind < GR_N_TRACK_KINDS; kind++)
    tell_mute (participant, kind);
}

gboolean
gr_participant_sends (const GrParticipant *participant, GrTrackKind kind)
{
  return participant->tracks[kind].id != 0 && (participant->allowed & 1u << kind);
}

gboolean
gr_participant_can_send (const GrParticipant *participant, GrCodecSet codecs)
{
  for (GrTrackKind kind = 0; participant->table != NULL && kind < GR_N_TRACK_KINDS; kind++)
    {
      const GrPublished *track = &participant->tracks[kind];
      const GrSlotLine *line
          = track->id != 0 ? gr_slot_table_find_mid (participant->table, track->described.mid) : NULL;
      GrCodecSet agreed = 0;

      for (guint i = 0; line != NULL && i < line->local.n_codecs; i++)
        agreed |= GR_CODEC_BIT (line->local.codecs[i].codec);
      if (line != NULL && (agreed & codecs) == 0)
        return FALSE;
    }

  return TRUE;
}

const char *
gr_participant_mid_of_slot (const GrParticipant *participant, GrHubSlotId slot)
{
  for (guint i = 0; i < participant->slots->len; i++)
    if (slot_at (participant, i)->line + 1 == slot)
      return slot_at (participant, i)->described.mid;

  return NULL;
}

void
gr_participant_forget_pictures (GrParticipant *participant)
{
  g_array_set_size (participant->pictures, 0);
}

void
gr_participant_switch (GrParticipant *participant, GrTrackOfFunc track_of, gpointer user_data)
{
  for (guint i = 0; i < participant->slots->len; i++)
    {
      GrCarried *slot = slot_at (participant, i);
      GrSourceId source = gr_assignment_get (participant->assignments[slot->kind], slot->index);
      GrHubTrackId track = source != 0 ? track_of (source, slot->kind, user_data) : 0;

      if (track == 0)
        source = 0;
      if (slot->source != source)
        participant->slots_due = TRUE;
      if (slot->track != track)
        gr_hub_subscribe (participant->hub, participant->peer, slot->line + 1, track);
      slot->source = source;
      slot->track = track;
    }
}
