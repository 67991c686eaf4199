/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrTrack: a stream that comes in: what is known of its packets, the last of which it keeps for retransmissions, and
 * who gets it. Made by main, given to the plane. Hub thread. */
#pragma once

#include "plugins/hubtransport/hub.h"
#include "plugins/hubtransport/nack.h"
#include "plugins/hubtransport/reception.h"
#include "plugins/hubtransport/ring.h"
#include "plugins/hubtransport/throttle.h"

G_BEGIN_DECLS

typedef struct _GrPeer GrPeer;

/* Of a publisher's last sender report (RFC 3550, section 6.4.1). */
typedef struct
{
  guint64 ntp;
  guint32 timestamp;
  gint64 at; /* µs, monotonic, when it came; 0: none yet */
} GrSenderClock;

typedef struct
{
  GrHubTrackId id;
  GrHubTrack what;
  GrPeer *peer;
  gboolean seen;
  gboolean muted;
  gboolean repairs; /* retransmissions were negotiated for what it sends */
  guint32 clock_rate;

  GrRing *ring;
  GrNackList missing;
  GrThrottle keyframes;
  gboolean keyframe_known;
  guint32 keyframe_timestamp; /* of the last one */
  guint16 keyframe_sequence;  /* of its first packet */
  gint64 keyframe_at;         /* µs, monotonic, when that came; 0: none that everybody may see */
  GrReception reception;
  GrSenderClock clock;
  GPtrArray *slots; /* GrSlot, current or about to switch */

  /* The packets of this turn, by index; −1: none. */
  gint first_arrival;
  gint last_arrival;

  guint8 loudest; /* since the last levels; 127: silent */
  gboolean heard;
  GrHubTrackStats stats;
  guint64 bytes_before; /* at the last estimate of the bit rate */
} GrTrack;

GrTrack *gr_track_new (GrHubTrackId id, const GrHubTrack *what);
void gr_track_free (GrTrack *track);

G_END_DECLS
