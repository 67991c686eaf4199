/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/link.h"

#include <string.h>

#include "base/error.h"
#include "plugins/hubtransport/link-wire.h"

/* More than any setting of a show. */
#define PROGRAMME_BITS 20000000

static const struct
{
  GrCodec format;
  GrHubCodec codec;
  guint8 payload_type;
} payloads[] = {
  { GR_CODEC_OPUS, GR_HUB_OPUS, GR_LINK_OPUS },
  { GR_CODEC_VP8, GR_HUB_VP8, GR_LINK_VP8 },
  { GR_CODEC_VP9, GR_HUB_VP9, GR_LINK_VP9 },
  { GR_CODEC_VP9_10BIT, GR_HUB_VP9, GR_LINK_VP9_10BIT },
  { GR_CODEC_AV1, GR_HUB_AV1, GR_LINK_AV1 },
  { GR_CODEC_H264, GR_HUB_H264, GR_LINK_H264 },
  { GR_CODEC_H264_SINGLE_NAL, GR_HUB_H264, GR_LINK_H264_SINGLE_NAL },
  { GR_CODEC_H264_MAIN, GR_HUB_H264, GR_LINK_H264_MAIN },
  { GR_CODEC_H264_HIGH, GR_HUB_H264, GR_LINK_H264_HIGH },
};

/* All of them can be sent again: what the socket has no room for is lost whatever its kind. */
static void
tell_session (GrParticipant *participant)
{
  GrHubSession session = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    session.payloads[session.n_payloads++] = (GrHubPayload){
      .payload_type = payloads[i].payload_type,
      .rtx_payload_type = payloads[i].payload_type + 1,
      .format = payloads[i].format,
      .codec = payloads[i].codec,
      .clock_rate = gr_codec_traits (payloads[i].format)->clock_rate,
    };

  gr_hub_set_session (participant->hub, participant->peer, &session);
}

static void
publish (GrParticipant *participant, GrTrackKind kind, guint32 ssrc, guint32 max_bits)
{
  GrPublished *published = &participant->tracks[kind];

  published->id = GR_TRACK_ID (participant->peer, kind);
  published->described
      = (GrHubTrack){ .media = (GrHubMedia) gr_track_kind_media (kind), .ssrc = ssrc, .max_bits = max_bits };
  gr_hub_publish (participant->hub, participant->peer, published->id, &published->described);
}

static GrWatched *
watched_at (GArray *watched, guint i)
{
  return &g_array_index (watched, GrWatched, i);
}

static GrWatched *
find_watched (GArray *watched, const char *participant, GrTrackKind kind)
{
  for (guint i = 0; i < watched->len; i++)
    if (watched_at (watched, i)->kind == kind && g_str_equal (watched_at (watched, i)->participant, participant))
      return watched_at (watched, i);

  return NULL;
}

static void
describe (GrParticipant *participant)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (GR_LINK_RECORD_TYPE));
  g_autoptr (GVariant) streams = NULL;
  g_autoptr (GByteArray) record = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  static const guint8 header[GR_LINK_RECORD_HEADER_BYTES] = { GR_LINK_RECORD };

  for (guint i = 0; i < participant->watched->len; i++)
    {
      const GrWatched *watched = watched_at (participant->watched, i);

      g_variant_builder_add (&builder, "(uuss)", watched->described.ssrc, watched->described.rtx_ssrc,
                             watched->participant, gr_track_kind_name (watched->kind));
    }

  streams = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_byte_array_append (record, header, sizeof header);
  g_byte_array_append (record, g_variant_get_data (streams), g_variant_get_size (streams));
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&record));
  gr_hub_describe_link (participant->hub, participant->peer, bytes);
}

static void
add_slot (GrParticipant *participant, GrWatched *watched)
{
  watched->track = 0;
  watched->slot = gr_participant_next_number ();
  watched->described = (GrHubSlot){
    .media = (GrHubMedia) gr_track_kind_media (watched->kind),
    .ssrc = watched->slot << 1,
    .rtx_ssrc = watched->slot << 1 | 1,
  };
  gr_hub_add_slot (participant->hub, participant->peer, watched->slot, &watched->described);
}

void
gr_participant_link (GrParticipant *participant, int fd)
{
  g_return_if_fail (participant->peer == 0);

  participant->peer = gr_participant_next_number ();
  participant->linked = TRUE;
  gr_hub_add_link (participant->hub, participant->peer, fd);
  tell_session (participant);
  publish (participant, GR_TRACK_PROGRAMME, GR_LINK_PROGRAMME_VIDEO_SSRC, PROGRAMME_BITS);
  publish (participant, GR_TRACK_PROGRAMME_AUDIO, GR_LINK_PROGRAMME_AUDIO_SSRC, 0);
  for (guint i = 0; i < participant->watched->len; i++)
    add_slot (participant, watched_at (participant->watched, i));
  describe (participant);
}

/* What is new is added; what is asked for again moves over; what is left in the old list is not watched any more. */
static gboolean
read_tracks (GArray *old, GVariant *tracks, GArray *wanted, GError **error)
{
  GVariantIter iter;
  const char *id, *name;

  if (g_variant_n_children (tracks) > GR_LINK_MAX_STREAMS)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "A link carries %d tracks at most", GR_LINK_MAX_STREAMS);
      return FALSE;
    }

  g_variant_iter_init (&iter, tracks);
  while (g_variant_iter_next (&iter, "(&s&s)", &id, &name))
    {
      GrWatched watched = { 0 };

      if (strlen (id) > 64)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "tracks", "A participant's id has 64 bytes at most");
          return FALSE;
        }
      if (!gr_track_kind_parse (name, &watched.kind, error))
        return FALSE;
      if (find_watched (wanted, id, watched.kind) != NULL)
        continue;
      if (find_watched (old, id, watched.kind) != NULL)
        watched = *find_watched (old, id, watched.kind);
      watched.participant = g_strdup (id);
      g_array_append_val (wanted, watched);
    }

  return TRUE;
}

gboolean
gr_participant_watch (GrParticipant *participant, GVariant *tracks, GError **error)
{
  g_autoptr (GArray) old = participant->watched;
  GArray *wanted = gr_participant_new_watched ();

  if (!read_tracks (old, tracks, wanted, error))
    {
      g_array_unref (wanted);
      g_steal_pointer (&old);
      return FALSE;
    }

  participant->watched = wanted;
  if (participant->linked)
    {
      for (guint i = 0; i < old->len; i++)
        if (find_watched (wanted, watched_at (old, i)->participant, watched_at (old, i)->kind) == NULL)
          gr_hub_remove_slot (participant->hub, participant->peer, watched_at (old, i)->slot);
      for (guint i = 0; i < wanted->len; i++)
        if (watched_at (wanted, i)->slot == 0)
          add_slot (participant, watched_at (wanted, i));
      describe (participant);
    }
  return TRUE;
}

void
gr_participant_settle_link (GrParticipant *participant, GrWatchedTrackFunc track_of, gpointer user_data)
{
  for (guint i = 0; i < participant->watched->len; i++)
    {
      GrWatched *watched = watched_at (participant->watched, i);
      GrHubTrackId track = track_of (watched->participant, watched->kind, user_data);

      if (watched->track != track)
        gr_hub_subscribe (participant->hub, participant->peer, watched->slot, track);
      watched->track = track;
    }
}
