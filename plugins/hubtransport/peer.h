/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPeer: a participant's transport: how it proves itself (ICE), where it is, its keys, and the streams it sends and
 * gets. Made by main, given to the plane, which owns it from then on. Hub thread. */
#pragma once

#include "plugins/hubtransport/address.h"
#include "plugins/hubtransport/hub-source.h"
#include "plugins/hubtransport/hub.h"
#include "plugins/hubtransport/link.h"
#include "plugins/hubtransport/slot.h"
#include "plugins/hubtransport/srtp.h"
#include "plugins/hubtransport/throttle.h"
#include "plugins/hubtransport/track.h"

G_BEGIN_DECLS

/* RFC 8839, section 5.4, allows 256; webrtcbin makes 32. */
#define GR_PEER_CREDENTIAL_BYTES 64
/* A browser tries its interfaces one after the other. */
#define GR_PEER_ADDRESSES 4

typedef struct
{
  char ufrag[GR_PEER_CREDENTIAL_BYTES + 1];
  char password[GR_PEER_CREDENTIAL_BYTES + 1];
} GrCredentials;

struct _GrPeer
{
  GrHubPeerId id;
  GrCredentials credentials; /* ours; empty until webrtcbin made them */

  GrAddress addresses[GR_PEER_ADDRESSES]; /* that proved to be the peer's; the keys of the plane's table */
  guint n_addresses;
  guint oldest_address;
  GrAddress to;       /* the nominated one, before that the first */
  GrAddress proposed; /* nominated since, from where nothing came yet that only the peer can send */
  gboolean nominated;
  gboolean moving; /* @proposed is of use */
  gint64 proven;   /* µs, monotonic: when something came last from @to that nobody else can send, nor repeat */

  GrLink *link;        /* owned; NULL: a peer by ICE and SRTP, with what follows */
  GrHubSource *source; /* owned */
  GrBudget dtls_budget;
  GrSrtp *in; /* NULL until the certificate is compared */
  GrSrtp *out;
  guint32 rtcp_ssrc; /* ours towards this peer */

  gint64 heard; /* µs, monotonic: the last time it proved to be alive */
  gboolean told_nominated;
  gboolean told_gone;
  gboolean told_connected;

  GrHubSession session;
  guint8 payload_index[128]; /* 1 + index in session.payloads, 0: none */
  GPtrArray *tracks;         /* GrTrack, owned */
  GPtrArray *slots;          /* GrSlot, owned */
  GHashTable *streams;       /* SSRC → GrTrack, its retransmissions too */
  GHashTable *slots_by_ssrc; /* SSRC → GrSlot */
  GrBudget rtx_budget;
  GrBudget nack_budget; /* in packets, not bytes */

  gint64 next_report;
  guint64 clock_offset; /* to add to its NTP times to get ours, 32.32 */
  gboolean clock_known;
  guint32 round_trip_us;
  GrHubPeerStats stats;
};

GrPeer *gr_peer_new (GrHubPeerId id, GrHubSource *source);
/* A process of ours. Takes over @link. */
GrPeer *gr_peer_new_linked (GrHubPeerId id, GrLink *link);
void gr_peer_free (GrPeer *peer);

void gr_peer_set_session (GrPeer *peer, const GrHubSession *session);

/* The entry of a payload type or of its retransmissions (*@rtx), NULL if it was not negotiated. */
const GrHubPayload *gr_peer_payload (const GrPeer *peer, guint8 payload_type, gboolean *rtx);
const GrHubPayload *gr_peer_payload_of_format (const GrPeer *peer, guint8 format);

GrTrack *gr_peer_track_of_mid (const GrPeer *peer, const char *mid, gsize length);
GrSlot *gr_peer_slot (const GrPeer *peer, GrHubSlotId slot);

static inline gboolean
gr_peer_can_send (const GrPeer *peer)
{
  return peer->link != NULL ? gr_link_is_open (peer->link) : peer->out != NULL && peer->nominated;
}

G_END_DECLS
