/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/transport.h"

#include <string.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/stun.h"

/* Everyone who gets something reports more often than this; µs. */
#define SILENCE (5 * G_USEC_PER_SEC)

void
gr_transport_set_credentials (GrPlane *plane, GrPeer *peer, const GrCredentials *credentials)
{
  if (peer->credentials.ufrag[0] != '\0')
    g_hash_table_remove (plane->by_ufrag, peer->credentials.ufrag);
  peer->credentials = *credentials;
  g_hash_table_insert (plane->by_ufrag, peer->credentials.ufrag, peer);
}

void
gr_transport_set_keys (GrPlane *plane, GrPeer *peer, GrSrtp *in, GrSrtp *out)
{
  if (in == NULL)
    {
      gr_plane_tell_of (plane, GR_HUB_REFUSED, peer->id, 0);
      return;
    }

  peer->in = in;
  peer->out = out;
  peer->told_connected = gr_plane_tell_of (plane, GR_HUB_CONNECTED, peer->id, 0);

  /* The keyframes that its slots waited for may have come before it could get them. */
  for (guint i = 0; i < peer->slots->len; i++)
    {
      GrSlot *slot = g_ptr_array_index (peer->slots, i);

      if (slot->next != NULL && !gr_forward_catch_up (plane, slot))
        gr_plane_want_keyframe (plane, slot->next);
    }
}

void
gr_transport_send_dtls (GrPlane *plane, GrPeer *peer, GBytes *datagram)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (datagram, &length);

  if (!peer->nominated || length > GR_BATCH_PACKET_BYTES)
    {
      plane->counters.dtls_refused++;
      return;
    }

  memcpy (gr_plane_reserve (plane, peer), bytes, length);
  gr_plane_commit (plane, peer, length);
}

void
gr_transport_forget (GrPlane *plane, GrPeer *peer)
{
  for (guint i = 0; i < peer->n_addresses; i++)
    g_hash_table_remove (plane->by_address, &peer->addresses[i]);
  if (peer->credentials.ufrag[0] != '\0')
    g_hash_table_remove (plane->by_ufrag, peer->credentials.ufrag);
}

/* The same port of the same machine came with another peer's password: a page was loaded again. It belongs to whoever
 * proved it last, and nothing meant for the one before goes there. */
static void
take_address_away (GrPlane *plane, GrPeer *peer, const GrAddress *address)
{
  GrAddress *last = &peer->addresses[peer->n_addresses - 1];

  if (gr_address_equal (&peer->to, address))
    peer->nominated = FALSE;

  for (GrAddress *place = peer->addresses; place <= last; place++)
    {
      if (!gr_address_equal (place, address))
        continue;

      g_hash_table_remove (plane->by_address, place);
      if (place != last)
        {
          g_hash_table_remove (plane->by_address, last);
          *place = *last;
          g_hash_table_insert (plane->by_address, place, peer);
        }
      peer->n_addresses--;
      return;
    }
}

/* Remembers where the peer sends from: a few places at once, since a browser changes its mind. Where it is known to be
 * stays among them, however many others repeat its checks. */
static void
learn_address (GrPlane *plane, GrPeer *peer, const GrAddress *from)
{
  GrPeer *other = g_hash_table_lookup (plane->by_address, from);
  GrAddress *place;

  if (other == peer)
    return;
  if (other != NULL)
    take_address_away (plane, other, from);

  if (peer->n_addresses < GR_PEER_ADDRESSES)
    place = &peer->addresses[peer->n_addresses++];
  else
    {
      if (peer->nominated && gr_address_equal (&peer->addresses[peer->oldest_address], &peer->to))
        peer->oldest_address = (peer->oldest_address + 1) % GR_PEER_ADDRESSES;
      place = &peer->addresses[peer->oldest_address];
      peer->oldest_address = (peer->oldest_address + 1) % GR_PEER_ADDRESSES;
      g_hash_table_remove (plane->by_address, place);
    }
  *place = *from;
  g_hash_table_insert (plane->by_address, place, peer);
}

static void
move_to (GrPlane *plane, GrPeer *peer, const GrAddress *address)
{
  peer->to = *address;
  peer->nominated = TRUE;
  peer->moving = FALSE;
  peer->proven = plane->now;
}

/* A check proves that somebody knew the password once: whoever saw it can send it again, from anywhere (RFC 8445 has
 * nothing against that). So a peer that has keys moves when a packet of SRTP came from the new place, or when none has
 * come from the old one for a while. */
static void
nominate (GrPlane *plane, GrPeer *peer, const GrAddress *from)
{
  if (peer->nominated && gr_address_equal (&peer->to, from))
    return;

  if (!peer->nominated || peer->in == NULL || plane->now - peer->proven > SILENCE)
    {
      move_to (plane, peer, from);
      return;
    }
  peer->proposed = *from;
  peer->moving = TRUE;
}

static void
prove (GrPlane *plane, GrPeer *peer, const GrAddress *from)
{
  if (peer->moving && gr_address_equal (&peer->proposed, from))
    move_to (plane, peer, from);
  else if (gr_address_equal (&peer->to, from))
    peer->proven = plane->now;
}

/* The one whom the request is for, if it knows the password. */
static GrPeer *
authenticate (GrPlane *plane, const GrStunMessage *request, const guint8 *bytes)
{
  char ufrag[GR_PEER_CREDENTIAL_BYTES + 1];
  GrPeer *peer;

  if (request->username == NULL || request->ufrag_length == 0 || request->ufrag_length >= sizeof ufrag)
    {
      plane->counters.stun_refused++;
      return NULL;
    }

  memcpy (ufrag, request->username, request->ufrag_length);
  ufrag[request->ufrag_length] = '\0';
  peer = g_hash_table_lookup (plane->by_ufrag, ufrag);
  if (peer == NULL)
    {
      plane->counters.unknown_ufrag++;
      return NULL;
    }
  if (!gr_stun_check_integrity (request, bytes, peer->credentials.password))
    {
      plane->counters.stun_refused++;
      return NULL;
    }

  return peer;
}

/* Strangers get no answer at all. */
void
gr_transport_receive_stun (GrPlane *plane, const GrAddress *from, const guint8 *bytes, gsize length)
{
  GrBatch *batch = plane->sockets[from->socket].batch;
  GrStunMessage request;
  GrPeer *peer;
  guint8 *answer;

  if (!gr_stun_parse (&request, bytes, length))
    {
      plane->counters.stun_refused++;
      return;
    }
  /* An indication keeps a NAT open and proves nothing. */
  if (request.type != GR_STUN_BINDING_REQUEST)
    return;

  peer = authenticate (plane, &request, bytes);
  if (peer == NULL)
    return;

  peer->heard = plane->now;
  answer = gr_batch_reserve (batch);
  if (request.n_unknown > 0 || request.controlled)
    {
      GrStunError error = request.n_unknown > 0 ? GR_STUN_UNKNOWN_ATTRIBUTE : GR_STUN_ROLE_CONFLICT;

      length = gr_stun_write_error (answer, GR_BATCH_PACKET_BYTES, &request, error, peer->credentials.password);
      gr_batch_commit (batch, length, from);
      return;
    }

  length = gr_stun_write_success (answer, GR_BATCH_PACKET_BYTES, &request, &from->any, peer->credentials.password);
  gr_batch_commit (batch, length, from);

  learn_address (plane, peer, from);
  /* Chromium nominates only with its second check, 50 ms after the first: the handshake begins on the pair that works
   * already, and goes over to another if that is nominated (RFC 8445, section 12.1). */
  if (request.use_candidate || !peer->nominated)
    nominate (plane, peer, from);
  if (peer->nominated && !peer->told_nominated)
    peer->told_nominated = gr_plane_tell (plane, &(GrNotice){ .nominated = TRUE, .fact.peer = peer->id });
}

void
gr_transport_receive_dtls (GrPlane *plane, GrPeer *peer, const guint8 *bytes, gsize length)
{
  if (!gr_budget_take (&peer->dtls_budget, length, plane->now) || !gr_hub_source_push (peer->source, bytes, length))
    plane->counters.dtls_refused++;
}

void
gr_transport_receive (GrPlane *plane, const GrAddress *from, guint8 *bytes, gsize length)
{
  GrDatagramKind kind = gr_datagram_kind (bytes, length);
  GrPeer *peer;

  plane->counters.packets_in++;
  plane->counters.bytes_in += length;
  if (kind == GR_DATAGRAM_STUN)
    {
      gr_transport_receive_stun (plane, from, bytes, length);
      return;
    }
  if (kind == GR_DATAGRAM_OTHER)
    {
      plane->counters.unclassified++;
      return;
    }

  peer = g_hash_table_lookup (plane->by_address, from);
  if (peer == NULL)
    {
      plane->counters.unknown_address++;
      return;
    }

  peer->stats.packets_in++;
  peer->stats.bytes_in += length;
  if (kind == GR_DATAGRAM_DTLS)
    gr_transport_receive_dtls (plane, peer, bytes, length);
  else if (peer->in == NULL)
    plane->counters.without_keys++;
  else if (gr_is_rtcp (bytes, length) ? gr_feedback_receive (plane, peer, bytes, length)
                                      : gr_forward_receive (plane, peer, bytes, length))
    prove (plane, peer, from);
}

void
gr_transport_check (GrPlane *plane)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, plane->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrPeer *peer = value;

      if (peer->nominated && !peer->told_nominated)
        peer->told_nominated = gr_plane_tell (plane, &(GrNotice){ .nominated = TRUE, .fact.peer = peer->id });
      if (peer->in != NULL && !peer->told_connected)
        peer->told_connected = gr_plane_tell_of (plane, GR_HUB_CONNECTED, peer->id, 0);
      if (!peer->told_gone && plane->now - peer->heard > plane->liveness)
        peer->told_gone = gr_plane_tell_of (plane, GR_HUB_GONE, peer->id, 0);
    }
}
