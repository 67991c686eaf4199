/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remote: somebody behind a socket on the loopback interface, with keys that both sides know, who sends and receives
 * through the plane of a Scene. Owned by the test, on its thread. */
#pragma once

#include "plane-scene.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/rtp.h"

#define REMOTE_PAYLOAD_TYPE 96
#define REMOTE_RTX_PAYLOAD_TYPE 97
#define REMOTE_OPUS_PAYLOAD_TYPE 111
#define REMOTE_MID_ID 4
#define REMOTE_LEVEL_ID 1

/* Payloads of VP8. */
extern const guint8 remote_keyframe[6];
extern const guint8 remote_interframe[6];

typedef struct
{
  GrPlane *plane;
  GrPeer *peer;
  int fd;
  GrSrtp *to_hub;
  GrSrtp *from_hub;
  guint8 buffer[2048]; /* what it received last */
  gsize length;
  GrRtpHeader header; /* of that, unless it is RTCP */
} Remote;

Remote *remote_join (Scene *scene, GrHubPeerId id);
/* Still shakes hands, until it is given its keys. */
Remote *remote_join_without_keys (Scene *scene, GrHubPeerId id);
void remote_give_keys (Scene *scene, GrHubPeerId id);
void remote_part (Remote *remote);

void remote_publish (Scene *scene, Remote *remote, GrHubTrackId track, const GrHubTrack *what);
/* With the SSRC 100 * @track, and one more for its RTX. */
void remote_publish_video (Scene *scene, Remote *remote, GrHubTrackId track);
/* In its one slot, with the mid "v7" and the SSRC 1000 * the peer, and one more for its RTX. */
void remote_subscribe (Scene *scene, Remote *remote, GrHubTrackId track);

/* @extension: a one-byte element, padded to 4 bytes, or NULL. */
void remote_send (Remote *remote,
                  guint8 payload_type,
                  guint32 ssrc,
                  guint16 sequence,
                  guint32 timestamp,
                  const guint8 extension[4],
                  const guint8 *payload,
                  gsize length);
void remote_send_frame (Remote *remote, GrHubTrackId track, guint16 sequence, const guint8 frame[6]);
void remote_send_rtcp (Remote *remote, GrRtcpWriter *writer);

/* FALSE when nothing is there; a packet to this machine is there as soon as it was sent. */
gboolean remote_receive (Remote *remote);
/* Finds a packet of RTCP among what has come. */
gboolean remote_receive_rtcp (Remote *remote, guint8 type, guint8 count, GrRtcpPacket *found);
