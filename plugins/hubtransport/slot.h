/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrSlot: a stream that goes out, one SSRC that a peer knows from its SDP, whatever track fills it. Made by main, given
 * to the plane. Hub thread. */
#pragma once

#include "plugins/hubtransport/rewrite.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/track.h"

G_BEGIN_DECLS

typedef struct
{
  GrHubSlotId id;
  GrHubSlot what;
  GrPeer *peer;
  guint32 clock_rate;

  GrTrack *track; /* what it shows */
  GrTrack *next;  /* what it will show, from the next keyframe on */
  GrRewrite rewrite;
  guint16 rtx_sequence;

  /* From the track's session to the peer's; remade when either changes. */
  const GrPeer *mapped_from;
  guint8 mapped_payload;       /* the incoming payload type that this is for, 0xff: none */
  const GrHubPayload *payload; /* NULL: the peer cannot decode it */
  GrRtpExtensionMap extensions;

  guint32 octets; /* of payload, modulo 2^32, for sender reports */
  GrHubSlotStats stats;
} GrSlot;

GrSlot *gr_slot_new (GrHubSlotId id, const GrHubSlot *what);
void gr_slot_free (GrSlot *slot);

/* The slot forgets how it mapped: a session changed. */
void gr_slot_unmap (GrSlot *slot);

G_END_DECLS
