/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The regular half of feedback.h: once a second to each peer, sender reports for what it is sent, in the terms of its
 * slots, and receiver reports and REMB for what it sends. */
#include "plugins/hubtransport/feedback.h"

#include "plugins/hubtransport/rtcp.h"

/* µs */
#define REPORT_INTERVAL G_USEC_PER_SEC
#define REPORT_BYTES 1200
/* One name for all slots of a peer: what has the same CNAME may be synchronised (RFC 3550, section 6.5.1). */
#define CNAME "hub"

static void
begin (GrPlane *plane, GrPeer *peer, GrRtcpWriter *writer)
{
  *writer = GR_RTCP_WRITER (gr_plane_reserve (plane, peer), REPORT_BYTES);
}

static void
finish (GrPlane *plane, GrPeer *peer, GrRtcpWriter *writer)
{
  if (writer->length > 0)
    gr_plane_protect_and_commit (plane, peer, writer->bytes, writer->length);
  writer->length = 0;
}

/* What the publisher's clock and ours say at this moment about the slot's stream (lip sync). */
static gboolean
describe_slot (GrPlane *plane, const GrSlot *slot, GrRtcpSenderReport *report)
{
  const GrTrack *track = slot->track;
  guint64 ntp = gr_plane_ntp (plane);
  gint64 elapsed;
  guint32 timestamp;

  if (track == NULL || track->clock.at == 0 || slot->stats.packets == 0)
    return FALSE;

  elapsed = ntp - (track->clock.ntp + track->peer->clock_offset);
  timestamp = track->clock.timestamp + (guint32) (((elapsed >> 16) * track->clock_rate) >> 16);
  *report = (GrRtcpSenderReport){
    .ssrc = slot->what.ssrc, .ntp = ntp, .packets = slot->stats.packets, .octets = slot->octets
  };
  return gr_rewrite_timestamp (&slot->rewrite, track->id, timestamp, &report->rtp_timestamp);
}

static void
report_slots (GrPlane *plane, GrPeer *peer)
{
  GrRtcpWriter writer;

  begin (plane, peer, &writer);
  for (guint i = 0; i < peer->slots->len; i++)
    {
      const GrSlot *slot = g_ptr_array_index (peer->slots, i);
      GrRtcpSenderReport report;

      if (!describe_slot (plane, slot, &report))
        continue;

      /* Room for the sender report with its CNAME, or another packet. */
      if (writer.length + 64 > writer.size)
        {
          finish (plane, peer, &writer);
          begin (plane, peer, &writer);
        }
      gr_rtcp_write_sender_report (&writer, &report, NULL, 0);
      gr_rtcp_write_cname (&writer, report.ssrc, CNAME);
    }
  finish (plane, peer, &writer);
}

static void
describe_track (GrPlane *plane, GrTrack *track, GrRtcpReportBlock *block)
{
  *block = (GrRtcpReportBlock){
    .ssrc = track->what.ssrc,
    .fraction_lost = gr_reception_take_fraction_lost (&track->reception),
    .lost = MIN (gr_reception_lost (&track->reception), 0x7fffff),
    .highest_sequence = track->reception.highest,
    .jitter = gr_reception_jitter (&track->reception),
  };

  if (track->clock.at != 0)
    {
      block->last_sr = track->clock.ntp >> 16;
      block->delay_since_sr = ((plane->now - track->clock.at) << 16) / G_USEC_PER_SEC;
    }
}

static void
report_tracks (GrPlane *plane, GrPeer *peer)
{
  GrRtcpReportBlock blocks[GR_RTCP_MAX_BLOCKS];
  guint32 ssrcs[GR_RTCP_MAX_BLOCKS];
  guint64 bits = 0;
  guint n = 0;
  GrRtcpWriter writer;

  for (guint i = 0; i < peer->tracks->len && n < GR_RTCP_MAX_BLOCKS; i++)
    {
      GrTrack *track = g_ptr_array_index (peer->tracks, i);

      if (!track->reception.started)
        continue;

      describe_track (plane, track, &blocks[n]);
      ssrcs[n++] = track->what.ssrc;
      bits += track->what.max_bits;
    }
  if (n == 0)
    return;

  begin (plane, peer, &writer);
  gr_rtcp_write_receiver_report (&writer, peer->rtcp_ssrc, blocks, n);
  gr_rtcp_write_cname (&writer, peer->rtcp_ssrc, CNAME);
  gr_rtcp_write_remb (&writer, peer->rtcp_ssrc, bits, ssrcs, n);
  finish (plane, peer, &writer);
}

void
gr_feedback_report (GrPlane *plane)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, plane->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrPeer *peer = value;

      if (!gr_peer_can_send (peer) || plane->now < peer->next_report)
        continue;

      peer->next_report = plane->now + REPORT_INTERVAL;
      if (peer->link != NULL)
        gr_link_repeat_record (peer->link);
      report_slots (plane, peer);
      report_tracks (plane, peer);
    }
}
