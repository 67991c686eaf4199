/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fast half of forward.h: per packet, without allocation, lock or log. */
#include "plugins/hubtransport/forward.h"

#include <string.h>

#include "plugins/hubtransport/keyframe.h"
#include "plugins/hubtransport/rtx.h"

/* A picture that began so long ago (µs), or this many packets, is better begun anew: a slow line would take longer for
 * what was than for a keyframe. */
#define CATCH_UP_TIME (500 * 1000)
#define CATCH_UP_PACKETS 128
#define CATCH_UP_PACKET_BYTES 1200
/* Streams that a peer may have beside those that it announced: learnt from mids. */
#define MAX_STREAMS 64
#define PASSED_ON_FIRST GR_HUB_AUDIO_LEVEL

/* A stream whose SSRC the offer did not name says in its first packets which m-line it is of (RFC 9143, section 9.2).
 */
static GrTrack *
learn_stream (GrPeer *peer, const GrRtpHeader *header, const guint8 *packet)
{
  guint8 id = peer->session.extensions[GR_HUB_MID];
  GrRtpExtension mid;
  gboolean rtx;
  GrTrack *track;
  guint32 *ssrc;

  if (id == 0 || g_hash_table_size (peer->streams) >= MAX_STREAMS || !gr_rtp_find_extension (header, packet, id, &mid)
      || gr_peer_payload (peer, header->payload_type, &rtx) == NULL)
    return NULL;

  track = gr_peer_track_of_mid (peer, (const char *) mid.bytes, mid.length);
  if (track == NULL)
    return NULL;

  ssrc = rtx ? &track->what.rtx_ssrc : &track->what.ssrc;
  if (*ssrc != 0)
    return NULL;

  *ssrc = header->ssrc;
  if (!rtx)
    track->stats.ssrc = header->ssrc;
  g_hash_table_insert (peer->streams, GUINT_TO_POINTER (header->ssrc), track);
  return track;
}

static void
note_level (GrTrack *track, const GrRtpHeader *header, const guint8 *packet)
{
  guint8 id = track->peer->session.extensions[GR_HUB_AUDIO_LEVEL];
  guint8 level;
  gboolean voice;

  if (id == 0 || !gr_rtp_read_audio_level (header, packet, id, &level, &voice))
    return;

  track->heard = TRUE;
  track->loudest = MIN (track->loudest, level);
}

static void
note_sequence (GrPlane *plane, GrTrack *track, const GrRtpHeader *header)
{
  switch (gr_nack_receive (&track->missing, header->sequence, plane->now))
    {
    case GR_NACK_RECOVERED:
      track->stats.recovered++;
      break;
    case GR_NACK_GAP:
      gr_plane_want_keyframe (plane, track);
      break;
    case GR_NACK_NEXT:
      gr_plane_check_at (plane, gr_nack_next_due (&track->missing));
      break;
    case GR_NACK_KNOWN:
      break;
    }
}

static void
enqueue (GrPlane *plane, GrTrack *track, const GrArrival *arrival)
{
  gint index = plane->n_arrivals++;

  plane->arrivals[index] = *arrival;
  plane->arrivals[index].next = -1;
  if (track->first_arrival < 0)
    {
      track->first_arrival = index;
      plane->touched[plane->n_touched++] = track;
    }
  else
    plane->arrivals[track->last_arrival].next = index;
  track->last_arrival = index;
}

static void
take_packet (GrPlane *plane, GrTrack *track, guint8 *packet, gsize length)
{
  GrArrival arrival = { .packet = packet, .length = length };
  gboolean rtx;

  if (!gr_rtp_parse (&arrival.header, packet, length))
    return;

  arrival.payload = gr_peer_payload (track->peer, arrival.header.payload_type, &rtx);
  if (arrival.payload == NULL || rtx)
    {
      plane->counters.unknown_payload++;
      return;
    }

  track->clock_rate = arrival.payload->clock_rate;
  track->repairs = arrival.payload->rtx_payload_type != 0;
  note_sequence (plane, track, &arrival.header);
  gr_ring_put (track->ring, arrival.header.sequence, packet, length);
  if (track->what.media == GR_HUB_AUDIO)
    note_level (track, &arrival.header, packet);
  else if (arrival.header.payload_length > 0)
    arrival.keyframe = gr_keyframe_begins (arrival.payload->codec, packet + arrival.header.payload_offset,
                                           arrival.header.payload_length);
  /* Of the packets of one frame only the first may begin it: behind it is what the others need. */
  arrival.keyframe &= !track->keyframe_known || track->keyframe_timestamp != arrival.header.timestamp;
  if (arrival.keyframe)
    {
      track->keyframe_known = TRUE;
      track->keyframe_timestamp = arrival.header.timestamp;
      track->keyframe_sequence = arrival.header.sequence;
      track->keyframe_at = track->muted ? 0 : plane->now;
      track->stats.keyframes++;
      gr_throttle_satisfy (&track->keyframes);
    }
  if (!track->seen)
    track->seen = gr_plane_tell_of (plane, GR_HUB_TRACK_SEEN, track->peer->id, track->id);

  if (!track->muted && track->slots->len > 0)
    enqueue (plane, track, &arrival);
}

/* What the publisher sent again comes as a stream of its own, and goes on as the packet it repeats. */
static void
take_retransmission (GrPlane *plane, GrTrack *track, guint8 *packet, gsize length, guint8 payload_type)
{
  gboolean rtx;
  const GrHubPayload *payload = gr_peer_payload (track->peer, payload_type, &rtx);

  if (payload == NULL || !rtx)
    {
      plane->counters.unknown_payload++;
      return;
    }

  length = gr_rtx_unwrap (packet, length, track->what.ssrc, payload->payload_type);
  if (length > 0 && track->what.ssrc != 0)
    take_packet (plane, track, packet, length);
}

gboolean
gr_forward_receive (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length)
{
  gssize plain = gr_srtp_unprotect (peer->in, packet, length);

  if (plain < 0)
    {
      plane->counters.srtp_refused++;
      return FALSE;
    }

  gr_forward_receive_plain (plane, peer, packet, plain);
  return TRUE;
}

void
gr_forward_receive_plain (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length)
{
  GrRtpHeader header;
  GrTrack *track;

  peer->heard = plane->now;
  if (!gr_rtp_parse (&header, packet, length))
    {
      plane->counters.srtp_refused++;
      return;
    }

  track = g_hash_table_lookup (peer->streams, GUINT_TO_POINTER (header.ssrc));
  if (track == NULL)
    track = learn_stream (peer, &header, packet);
  if (track == NULL)
    {
      plane->counters.unknown_ssrc++;
      return;
    }

  track->stats.packets++;
  track->stats.bytes += length;
  if (header.ssrc != track->what.ssrc)
    take_retransmission (plane, track, packet, length, header.payload_type);
  else
    {
      gr_reception_packet (&track->reception, header.sequence, header.timestamp, track->clock_rate, plane->now);
      take_packet (plane, track, packet, length);
    }
}

/* How packets of this payload type reach the slot's peer. */
static void
map_slot (GrSlot *slot, const GrTrack *track, const GrHubPayload *payload)
{
  const guint8 *from = track->peer->session.extensions;
  const guint8 *to = slot->peer->session.extensions;
  gsize mid_length = strlen (slot->what.mid);

  memset (&slot->extensions, 0, sizeof slot->extensions);
  for (guint i = PASSED_ON_FIRST; i < GR_HUB_N_EXTENSIONS; i++)
    if (from[i] > 0 && from[i] < GR_RTP_EXTENSION_IDS)
      slot->extensions.to[from[i]] = to[i];
  if (mid_length > 0 && mid_length <= GR_RTP_MID_BYTES)
    {
      slot->extensions.mid_id = to[GR_HUB_MID];
      slot->extensions.mid_length = mid_length;
      memcpy (slot->extensions.mid, slot->what.mid, mid_length);
    }

  slot->mapped_from = track->peer;
  slot->mapped_payload = payload->payload_type;
  slot->payload = gr_peer_payload_of_format (slot->peer, payload->format);
}

static void
switch_slot (GrSlot *slot)
{
  if (slot->track != NULL && slot->track != slot->next)
    g_ptr_array_remove_fast (slot->track->slots, slot);
  slot->track = slot->next;
  slot->next = NULL;
  gr_rewrite_switch (&slot->rewrite);
  gr_slot_unmap (slot);
}

static void
send_arrival (GrPlane *plane, GrSlot *slot, GrTrack *track, const GrArrival *arrival)
{
  GrRtpRewrite rewrite = { .ssrc = slot->what.ssrc, .extensions = &slot->extensions };
  guint8 *out;
  gsize length;

  if (slot->mapped_from != track->peer || slot->mapped_payload != arrival->payload->payload_type)
    map_slot (slot, track, arrival->payload);
  if (slot->payload == NULL)
    return;
  /* A probe of the publisher's bandwidth says nothing to anybody else. */
  if (arrival->header.payload_length == 0 && gr_rewrite_leave_out (&slot->rewrite, track->id, arrival->header.sequence))
    return;
  if (!gr_rewrite_packet (&slot->rewrite, track->id, arrival->header.sequence, arrival->header.timestamp, plane->now,
                          &rewrite.sequence, &rewrite.timestamp))
    return;

  rewrite.payload_type = slot->payload->payload_type;
  out = gr_plane_reserve (plane, slot->peer);
  length
      = gr_rtp_rewrite (out, GR_BATCH_PACKET_BYTES - GR_SRTP_MAX_TRAILER, arrival->packet, &arrival->header, &rewrite);
  if (length == 0 || !gr_plane_protect_and_commit (plane, slot->peer, out, length))
    return;

  slot->octets += arrival->header.payload_length;
  slot->stats.packets++;
  slot->stats.bytes += length;
}

static void
forward_to_slot (GrPlane *plane, GrTrack *track, GrSlot *slot)
{
  if (!gr_peer_can_send (slot->peer))
    return;

  for (gint i = track->first_arrival; i >= 0; i = plane->arrivals[i].next)
    {
      const GrArrival *arrival = &plane->arrivals[i];

      if (slot->next == track && (arrival->keyframe || track->what.media == GR_HUB_AUDIO))
        switch_slot (slot);
      if (slot->track == track)
        send_arrival (plane, slot, track, arrival);
    }
}

void
gr_forward_all (GrPlane *plane)
{
  for (guint i = 0; i < plane->n_touched; i++)
    {
      GrTrack *track = plane->touched[i];

      /* A slot that switches to this track leaves the list of another one, never this. */
      for (guint j = 0; j < track->slots->len; j++)
        forward_to_slot (plane, track, g_ptr_array_index (track->slots, j));
      track->first_arrival = track->last_arrival = -1;
    }
  plane->n_arrivals = plane->n_touched = 0;
}

/* A packet of the ring, as it was when it came. */
static gboolean
recall (const GrTrack *track, guint16 sequence, GrArrival *arrival)
{
  gboolean rtx;

  *arrival = (GrArrival){ .next = -1 };
  arrival->packet = gr_ring_get (track->ring, sequence, &arrival->length);
  if (arrival->packet == NULL || !gr_rtp_parse (&arrival->header, arrival->packet, arrival->length))
    return FALSE;

  arrival->payload = gr_peer_payload (track->peer, arrival->header.payload_type, &rtx);
  return arrival->payload != NULL && !rtx;
}

gboolean
gr_forward_catch_up (GrPlane *plane, GrSlot *slot)
{
  GrTrack *track = slot->next;
  guint16 n = track->missing.highest - track->keyframe_sequence + 1;
  GrArrival arrival;

  if (track->what.media != GR_HUB_VIDEO || track->muted || track->keyframe_at == 0
      || plane->now - track->keyframe_at > CATCH_UP_TIME || n > CATCH_UP_PACKETS || !gr_peer_can_send (slot->peer)
      || !recall (track, track->keyframe_sequence, &arrival)
      || !gr_budget_take (&slot->peer->rtx_budget, n * CATCH_UP_PACKET_BYTES, plane->now))
    return FALSE;

  /* One that is still missing leaves a gap, and comes like every late one. */
  switch_slot (slot);
  for (guint16 i = 0; i < n; i++)
    if (recall (track, track->keyframe_sequence + i, &arrival))
      send_arrival (plane, slot, track, &arrival);
  return TRUE;
}

gboolean
gr_forward_again (GrPlane *plane, GrSlot *slot, guint16 sequence)
{
  GrRtpRewrite rewrite = {
    .ssrc = slot->what.rtx_ssrc,
    .sequence = slot->rtx_sequence,
    .extensions = &slot->extensions,
    .retransmission = TRUE,
    .original_sequence = sequence,
  };
  GrRtpHeader header;
  guint32 source, timestamp_back;
  guint16 original;
  const guint8 *packet;
  gsize length;
  guint8 *out;
  GrTrack *track;

  if (slot->what.rtx_ssrc == 0 || slot->payload == NULL || slot->payload->rtx_payload_type == 0
      || !gr_peer_can_send (slot->peer)
      || !gr_rewrite_find (&slot->rewrite, sequence, &source, &original, &timestamp_back))
    return FALSE;

  track = gr_plane_track (plane, source);
  packet = track != NULL ? gr_ring_get (track->ring, original, &length) : NULL;
  /* From before a switch to another codec or numbering, of no use by now. */
  if (packet == NULL || !gr_rtp_parse (&header, packet, length) || slot->mapped_from != track->peer
      || slot->mapped_payload != header.payload_type || !gr_budget_take (&slot->peer->rtx_budget, length, plane->now))
    return FALSE;

  rewrite.timestamp = header.timestamp - timestamp_back;
  rewrite.payload_type = slot->payload->rtx_payload_type;
  out = gr_plane_reserve (plane, slot->peer);
  length = gr_rtp_rewrite (out, GR_BATCH_PACKET_BYTES - GR_SRTP_MAX_TRAILER, packet, &header, &rewrite);
  if (length == 0 || !gr_plane_protect_and_commit (plane, slot->peer, out, length))
    return FALSE;

  slot->rtx_sequence++;
  slot->stats.rtx++;
  return TRUE;
}
