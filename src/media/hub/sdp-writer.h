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
  GrSdpSetup setup;              /* what webrtcbin answered, so never GR_SDP_ACTPASS */
  const GrSdpAddress *addresses; /* best first */
  guint n_addresses;
} GrSdpLocal;

/* Takes credentials, certificate and role from the description that webrtcbin made; the strings belong to @bin. */
void gr_sdp_local_take (GrSdpLocal *local, const GrSdp *bin);

/* Returns: (transfer full): the answer that @table stands for. */
char *gr_sdp_write (const GrSlotTable *table, const GrSdpLocal *local);

/* What webrtcbin gets of an offer: one m-line with one codec, for as long as it lives, so that it does ICE and DTLS and
 * nothing else.
 *
 * Returns: (transfer full) (nullable): NULL if the first m-line of @offer has no codec that we know. */
char *gr_sdp_write_for_bin (const GrSdp *offer);

G_END_DECLS
