/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a peer's transport does before any media and beneath it: answers STUN as an ICE-lite agent (RFC 8445), passes
 * DTLS on, takes the keys, and notices that a peer has vanished. Hub thread. */
#pragma once

#include "plugins/hubtransport/plane.h"

G_BEGIN_DECLS

void gr_transport_set_credentials (GrPlane *plane, GrPeer *peer, const GrCredentials *credentials);
/* Takes both over; NULL: the certificate was another one. */
void gr_transport_set_keys (GrPlane *plane, GrPeer *peer, GrSrtp *in, GrSrtp *out);
void gr_transport_send_dtls (GrPlane *plane, GrPeer *peer, GBytes *datagram);
/* Takes the peer out of the tables. */
void gr_transport_forget (GrPlane *plane, GrPeer *peer);

/* What came from @from, whoever that is; it is changed in place, and may stay in use until gr_forward_all(). */
void gr_transport_receive (GrPlane *plane, const GrAddress *from, guint8 *bytes, gsize length);

void gr_transport_receive_stun (GrPlane *plane, const GrAddress *from, const guint8 *bytes, gsize length);
void gr_transport_receive_dtls (GrPlane *plane, GrPeer *peer, const guint8 *bytes, gsize length);

/* Tells of peers that have been silent for too long, and again what main was too slow to hear. */
void gr_transport_check (GrPlane *plane);

G_END_DECLS
