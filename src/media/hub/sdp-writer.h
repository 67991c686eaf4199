/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes what the hub says of itself, from a slot table: ICE-lite, a candidate for each listening address, everything
 * that is said of the transport said once for the session. No name of a host or a user gets in. Any thread. */
#pragma once

#include "media/hub/slots.h"

G_BEGIN_DECLS

typedef struct
{
  const char *address; /* IPv4 or IPv6, never a name */
  guint16 port;
  gboolean is_tcp; /* passive (RFC 6544) */
} GrSdpAddress;

/* Our side of a transport: webrtcbin made its credentials and certificate, the process listens. */
typedef struct
{
  guint64 session_id;      /* below 1 << 62, the same for all descriptions of a transport */
  guint64 session_version; /* grows with each */
  const char *ufrag;
  const char *password;
  guint8 fingerprint[GR_SDP_FINGERPRINT_SIZE];
  GrSdpSetup setup;              /* GR_SDP_ACTPASS in an offer; else what webrtcbin answered */
  const GrSdpAddress *addresses; /* best first */
  guint n_addresses;
} GrSdpLocal;

/* Takes credentials, certificate and role from the description that webrtcbin made; the strings belong to @bin. */
void gr_sdp_local_take (GrSdpLocal *local, const GrSdp *bin);

/* Returns: (transfer full): the offer or the answer that @table stands for. */
char *gr_sdp_write (const GrSlotTable *table, GrSdpType type, const GrSdpLocal *local);

/* The description of the other side that webrtcbin gets: one m-line with one codec, for as long as it lives, so that it
 * does ICE and DTLS and nothing else. With @bin_offer, webrtcbin's own offer, an answer to that; else an offer.
 *
 * Returns: (transfer full) (nullable): NULL if @bin_offer has no codec that we know. */
char *gr_sdp_write_for_bin (const GrSdp *remote, const GrSdp *bin_offer);

G_END_DECLS
