/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/feedback.h"

#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/rtcp.h"

/* µs, when nothing is due. */
#define IDLE_CHECK (100 * 1000)
/* A publisher's clock that is further off than this was set; less is drift or delay. 32.32 */
#define CLOCK_JUMP (G_GUINT64_CONSTANT (1) << 31)
/* A round trip above this is a lie or a mistake; in 1/65536 s. */
#define MAX_ROUND_TRIP (10 << 16)
#define NACKS_IN_A_PACKET 128
/* Bytes of a NACK or a keyframe request. */
#define SMALL_PACKET_BYTES 600

static GrSlot *
slot_of_ssrc (const GrPeer *peer, guint32 ssrc)
{
  return g_hash_table_lookup (peer->slots_by_ssrc, GUINT_TO_POINTER (ssrc));
}

static void
take_sender_report (GrPlane *plane, GrPeer *peer, const GrRtcpSenderReport *report)
{
  GrTrack *track = g_hash_table_lookup (peer->streams, GUINT_TO_POINTER (report->ssrc));
  guint64 offset = gr_plane_ntp (plane) - report->ntp;

  if (track == NULL || track->what.ssrc != report->ssrc)
    return;

  /* One offset for all that a peer sends: what was said and shown together stays together. The report that was the
   * shortest time on its way tells best: the first one may have waited for the handshake. */
  if (!peer->clock_known || (gint64) (offset - peer->clock_offset) < 0
      || (gint64) (offset - peer->clock_offset) > (gint64) CLOCK_JUMP)
    {
      peer->clock_known = TRUE;
      peer->clock_offset = offset;
    }
  track->clock = (GrSenderClock){ report->ntp, report->rtp_timestamp, plane->now };
}

static void
take_report_block (GrPlane *plane, GrPeer *peer, const GrRtcpReportBlock *block)
{
  GrSlot *slot = slot_of_ssrc (peer, block->ssrc);
  guint32 round_trip;

  if (slot == NULL)
    return;

  slot->stats.fraction_lost = block->fraction_lost;
  slot->stats.lost = MAX (0, block->lost);
  slot->stats.jitter_us = (guint64) block->jitter * G_USEC_PER_SEC / slot->clock_rate;

  round_trip = (guint32) (gr_plane_ntp (plane) >> 16) - block->last_sr - block->delay_since_sr;
  if (block->last_sr != 0 && round_trip < MAX_ROUND_TRIP)
    slot->stats.round_trip_us = peer->round_trip_us = ((guint64) round_trip * G_USEC_PER_SEC) >> 16;
}

static void
want_keyframe (GrPlane *plane, GrPeer *peer, guint32 ssrc, gboolean full_intra)
{
  GrSlot *slot = slot_of_ssrc (peer, ssrc);
  GrTrack *track = slot == NULL ? NULL : slot->next != NULL ? slot->next : slot->track;

  if (slot == NULL)
    return;

  if (full_intra)
    slot->stats.firs++;
  else
    slot->stats.plis++;
  if (track != NULL)
    gr_plane_want_keyframe (plane, track);
}

static void
take_nack (GrPlane *plane, GrPeer *peer, const GrRtcpPacket *packet, guint32 ssrc)
{
  GrSlot *slot = slot_of_ssrc (peer, ssrc);
  guint16 sequence, following;

  for (guint at = 0; slot != NULL && gr_rtcp_read_nack (packet, at, &sequence, &following); at++)
    for (guint i = 0; i <= 16; i++)
      {
        if (i > 0 && (following >> (i - 1) & 1) == 0)
          continue;
        if (!gr_budget_take (&peer->nack_budget, 1, plane->now))
          return;
        slot->stats.nacks++;
        gr_forward_again (plane, slot, sequence + i);
      }
}

static void
take_feedback (GrPlane *plane, GrPeer *peer, const GrRtcpPacket *packet)
{
  guint32 media, ssrc;
  guint64 bitrate;
  guint8 request;

  if (gr_rtcp_is_feedback (packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media))
    take_nack (plane, peer, packet, media);
  else if (gr_rtcp_is_feedback (packet, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &media))
    want_keyframe (plane, peer, media, FALSE);
  else if (gr_rtcp_read_remb (packet, &bitrate))
    peer->stats.estimate_bits = MIN (bitrate, G_MAXUINT32);
  else
    for (guint at = 0; gr_rtcp_read_fir (packet, at, &ssrc, &request); at++)
      want_keyframe (plane, peer, ssrc, TRUE);
}

gboolean
gr_feedback_receive (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length)
{
  gssize plain = gr_srtp_unprotect (peer->in, packet, length);

  if (plain < 0)
    {
      plane->counters.srtp_refused++;
      return FALSE;
    }

  gr_feedback_receive_plain (plane, peer, packet, plain);
  return TRUE;
}

void
gr_feedback_receive_plain (GrPlane *plane, GrPeer *peer, const guint8 *packet, gsize length)
{
  GrRtcpReader reader;
  GrRtcpPacket part;

  peer->heard = plane->now;
  gr_rtcp_reader_init (&reader, packet, length);
  while (gr_rtcp_reader_next (&reader, &part))
    {
      GrRtcpSenderReport report;
      GrRtcpReportBlock block;

      if (gr_rtcp_read_sender_report (&part, &report))
        take_sender_report (plane, peer, &report);
      for (guint at = 0; gr_rtcp_read_report_block (&part, at, &block); at++)
        take_report_block (plane, peer, &block);
      take_feedback (plane, peer, &part);
    }
}

static void
send_nacks (GrPlane *plane, GrTrack *track)
{
  GrPeer *peer = track->peer;
  guint16 sequences[NACKS_IN_A_PACKET];
  guint n = gr_nack_take_due (&track->missing, plane->now, peer->round_trip_us, sequences, G_N_ELEMENTS (sequences));
  GrRtcpWriter writer;

  if (n == 0 || !track->repairs || !gr_peer_can_send (peer))
    return;

  writer = GR_RTCP_WRITER (gr_plane_reserve (plane, peer), SMALL_PACKET_BYTES);
  gr_rtcp_write_nack (&writer, peer->rtcp_ssrc, track->what.ssrc, sequences, n);
  if (!writer.full && gr_plane_protect_and_commit (plane, peer, writer.bytes, writer.length))
    track->stats.nacks_sent += n;
}

static void
ask_for_keyframe (GrPlane *plane, GrTrack *track)
{
  GrPeer *peer = track->peer;
  GrRtcpWriter writer;

  if (track->what.ssrc == 0 || !gr_peer_can_send (peer) || !gr_throttle_take (&track->keyframes, plane->now))
    return;

  writer = GR_RTCP_WRITER (gr_plane_reserve (plane, peer), SMALL_PACKET_BYTES);
  gr_rtcp_write_pli (&writer, peer->rtcp_ssrc, track->what.ssrc);
  if (!gr_plane_protect_and_commit (plane, peer, writer.bytes, writer.length))
    return;

  track->stats.plis_sent++;
  gr_plane_tell_of (plane, GR_HUB_KEYFRAME_WANTED, peer->id, track->id);
}

void
gr_feedback_check (GrPlane *plane)
{
  GHashTableIter iter;
  gpointer value;

  plane->next_check = plane->now + IDLE_CHECK;
  g_hash_table_iter_init (&iter, plane->tracks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrTrack *track = value;

      send_nacks (plane, track);
      ask_for_keyframe (plane, track);
      gr_plane_check_at (plane, gr_nack_next_due (&track->missing));
      /* Of a peer that cannot be asked yet, the next idle check is early enough. */
      if (gr_peer_can_send (track->peer) && track->what.ssrc != 0)
        gr_plane_check_at (plane, gr_throttle_next_due (&track->keyframes));
    }
}
