/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/peer.h"

#include <string.h>

/* A handshake takes about 6 kB each way; a peer that sends more wants to keep us busy. */
#define DTLS_BYTES_PER_SECOND (64 * 1024)
#define DTLS_BURST (64 * 1024)
/* Retransmissions to one subscriber: a tenth of a 60 Mbit/s share, and a lost burst at once. */
#define RTX_BYTES_PER_SECOND (1024 * 1024)
#define RTX_BURST (512 * 1024)
/* Packets that it may ask for, found or not. */
#define NACKS_PER_SECOND 4000
#define NACKS_BURST 4000

static void
free_track (gpointer track)
{
  gr_track_free (track);
}

static void
free_slot (gpointer slot)
{
  gr_slot_free (slot);
}

GrPeer *
gr_peer_new (GrHubPeerId id, GrHubSource *source)
{
  GrPeer *peer = g_new0 (GrPeer, 1);

  peer->id = id;
  peer->source = source != NULL ? g_object_ref (source) : NULL;
  gr_budget_init (&peer->dtls_budget, DTLS_BYTES_PER_SECOND, DTLS_BURST);
  gr_budget_init (&peer->rtx_budget, RTX_BYTES_PER_SECOND, RTX_BURST);
  gr_budget_init (&peer->nack_budget, NACKS_PER_SECOND, NACKS_BURST);
  peer->rtcp_ssrc = g_random_int_range (1, G_MAXINT32);
  peer->tracks = g_ptr_array_new_with_free_func (free_track);
  peer->slots = g_ptr_array_new_with_free_func (free_slot);
  peer->streams = g_hash_table_new (NULL, NULL);
  peer->slots_by_ssrc = g_hash_table_new (NULL, NULL);
  peer->stats.peer = id;
  return peer;
}

GrPeer *
gr_peer_new_linked (GrHubPeerId id, GrLink *link)
{
  GrPeer *peer = gr_peer_new (id, NULL);

  peer->link = link;
  return peer;
}

void
gr_peer_free (GrPeer *peer)
{
  g_clear_pointer (&peer->in, gr_srtp_free);
  g_clear_pointer (&peer->out, gr_srtp_free);
  g_hash_table_unref (peer->streams);
  g_hash_table_unref (peer->slots_by_ssrc);
  g_ptr_array_unref (peer->tracks);
  g_ptr_array_unref (peer->slots);
  g_clear_object (&peer->source);
  g_clear_pointer (&peer->link, gr_link_free);
  g_free (peer);
}

void
gr_peer_set_session (GrPeer *peer, const GrHubSession *session)
{
  peer->session = *session;
  peer->session.n_payloads = MIN (session->n_payloads, GR_HUB_MAX_CODECS);
  memset (peer->payload_index, 0, sizeof peer->payload_index);
  for (guint i = 0; i < peer->session.n_payloads; i++)
    {
      const GrHubPayload *payload = &peer->session.payloads[i];

      peer->payload_index[payload->payload_type & 0x7f] = i + 1;
      if (payload->rtx_payload_type != 0)
        peer->payload_index[payload->rtx_payload_type & 0x7f] = i + 1;
    }

  for (guint i = 0; i < peer->slots->len; i++)
    gr_slot_unmap (g_ptr_array_index (peer->slots, i));
  for (guint i = 0; i < peer->tracks->len; i++)
    {
      const GrTrack *track = g_ptr_array_index (peer->tracks, i);

      for (guint j = 0; j < track->slots->len; j++)
        gr_slot_unmap (g_ptr_array_index (track->slots, j));
    }
}

const GrHubPayload *
gr_peer_payload (const GrPeer *peer, guint8 payload_type, gboolean *rtx)
{
  guint8 index = peer->payload_index[payload_type & 0x7f];
  const GrHubPayload *payload;

  if (index == 0)
    return NULL;

  payload = &peer->session.payloads[index - 1];
  *rtx = payload->payload_type != payload_type;
  return payload;
}

const GrHubPayload *
gr_peer_payload_of_format (const GrPeer *peer, guint8 format)
{
  for (guint i = 0; i < peer->session.n_payloads; i++)
    if (peer->session.payloads[i].format == format)
      return &peer->session.payloads[i];

  return NULL;
}

GrTrack *
gr_peer_track_of_mid (const GrPeer *peer, const char *mid, gsize length)
{
  for (guint i = 0; i < peer->tracks->len; i++)
    {
      GrTrack *track = g_ptr_array_index (peer->tracks, i);

      if (length > 0 && strlen (track->what.mid) == length && memcmp (track->what.mid, mid, length) == 0)
        return track;
    }

  return NULL;
}

GrSlot *
gr_peer_slot (const GrPeer *peer, GrHubSlotId slot)
{
  for (guint i = 0; i < peer->slots->len; i++)
    {
      GrSlot *candidate = g_ptr_array_index (peer->slots, i);

      if (candidate->id == slot)
        return candidate;
    }

  return NULL;
}
