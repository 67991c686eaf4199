/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "remote.h"

#include <string.h>
#include <unistd.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/transport.h"

#define FORMAT 1
#define SLOT 1

static const guint8 key[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* The descriptor, then a frame whose first bit is 0 for a keyframe (RFC 7741, section 4.3). */
const guint8 remote_keyframe[] = { 0x10, 0x00, 1, 2, 3, 4 };
const guint8 remote_interframe[] = { 0x10, 0x01, 1, 2, 3, 4 };

Remote *
remote_join_without_keys (Scene *scene, GrHubPeerId id)
{
  g_autoptr (GrHubSource) source = g_object_ref_sink (g_object_new (GR_TYPE_HUB_SOURCE, NULL));
  GrHubSession session = {
    .payloads = { { REMOTE_PAYLOAD_TYPE, REMOTE_RTX_PAYLOAD_TYPE, FORMAT, GR_HUB_VP8, 90000 },
                  { REMOTE_OPUS_PAYLOAD_TYPE, 0, FORMAT + 1, GR_HUB_OPUS, 48000 } },
    .n_payloads = 2,
    .extensions = { [GR_HUB_MID] = REMOTE_MID_ID, [GR_HUB_AUDIO_LEVEL] = REMOTE_LEVEL_ID },
  };
  Remote *remote = g_new0 (Remote, 1);
  socklen_t length = sizeof remote->peer->to.v4;

  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_ADD_PEER, .peer = id, .object = gr_peer_new (id, source) });
  scene_obey (scene,
              (GrCommand){ .kind = GR_COMMAND_SESSION, .peer = id, .object = g_memdup2 (&session, sizeof session) });
  remote->plane = scene->plane;
  remote->fd = scene_open_socket ();
  remote->to_hub = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16);
  remote->from_hub = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16);
  remote->peer = gr_plane_peer (scene->plane, id);
  getsockname (remote->fd, &remote->peer->to.any, &length);
  remote->peer->nominated = TRUE;
  return remote;
}

void
remote_give_keys (Scene *scene, GrHubPeerId peer)
{
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_KEYS,
                                  .peer = peer,
                                  .object = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16),
                                  .other = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16) });
  gr_plane_flush (scene->plane);
}

Remote *
remote_join (Scene *scene, GrHubPeerId id)
{
  Remote *remote = remote_join_without_keys (scene, id);

  remote_give_keys (scene, id);
  return remote;
}

void
remote_part (Remote *remote)
{
  gr_srtp_free (remote->to_hub);
  gr_srtp_free (remote->from_hub);
  close (remote->fd);
  g_free (remote);
}

void
remote_publish (Scene *scene, Remote *remote, GrHubTrackId track, const GrHubTrack *what)
{
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_PUBLISH,
                                  .peer = remote->peer->id,
                                  .track = track,
                                  .object = gr_track_new (track, what) });
}

void
remote_publish_video (Scene *scene, Remote *remote, GrHubTrackId track)
{
  remote_publish (scene, remote, track,
                  &(GrHubTrack){ .media = GR_HUB_VIDEO, .ssrc = track * 100, .rtx_ssrc = track * 100 + 1 });
}

void
remote_subscribe (Scene *scene, Remote *remote, GrHubTrackId track)
{
  GrHubPeerId id = remote->peer->id;

  if (gr_peer_slot (remote->peer, SLOT) == NULL)
    {
      GrHubSlot what = { .media = GR_HUB_VIDEO, .ssrc = id * 1000, .rtx_ssrc = id * 1000 + 1, .mid = "v7" };

      scene_obey (scene,
                  (GrCommand){
                      .kind = GR_COMMAND_ADD_SLOT, .peer = id, .value = SLOT, .object = gr_slot_new (SLOT, &what) });
    }
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = id, .value = SLOT, .track = track });
}

void
remote_send (Remote *remote,
             guint8 payload_type,
             guint32 ssrc,
             guint16 sequence,
             guint32 timestamp,
             const guint8 extension[4],
             const guint8 *payload,
             gsize length)
{
  guint8 packet[256] = { extension != NULL ? 0x90 : 0x80, payload_type };
  gsize at = 12;

  gr_write_u16 (packet + 2, sequence);
  gr_write_u32 (packet + 4, timestamp);
  gr_write_u32 (packet + 8, ssrc);
  if (extension != NULL)
    {
      gr_write_u32 (packet + at, 0xbede0001);
      memcpy (packet + at + 4, extension, 4);
      at += 8;
    }
  memcpy (packet + at, payload, length);
  length = gr_srtp_protect (remote->to_hub, packet, at + length, sizeof packet);
  gr_forward_receive (remote->plane, remote->peer, packet, length);
  gr_forward_all (remote->plane);
  gr_plane_flush (remote->plane);
}

void
remote_send_frame (Remote *remote, GrHubTrackId track, guint16 sequence, const guint8 frame[6])
{
  remote_send (remote, REMOTE_PAYLOAD_TYPE, track * 100, sequence, sequence * 3000, NULL, frame,
               sizeof remote_keyframe);
}

void
remote_send_rtcp (Remote *remote, GrRtcpWriter *writer)
{
  gssize length = gr_srtp_protect (remote->to_hub, writer->bytes, writer->length, writer->size);

  g_assert_cmpint (length, >, 0);
  gr_feedback_receive (remote->plane, remote->peer, writer->bytes, length);
  gr_plane_flush (remote->plane);
}

gboolean
remote_receive (Remote *remote)
{
  gssize length = recv (remote->fd, remote->buffer, sizeof remote->buffer, MSG_DONTWAIT);

  if (length < 0)
    return FALSE;

  length = gr_srtp_unprotect (remote->from_hub, remote->buffer, length);
  g_assert_cmpint (length, >, 0);
  remote->length = length;
  if (!gr_is_rtcp (remote->buffer, length))
    g_assert_true (gr_rtp_parse (&remote->header, remote->buffer, length));
  return TRUE;
}

gboolean
remote_receive_rtcp (Remote *remote, guint8 type, guint8 count, GrRtcpPacket *found)
{
  while (remote_receive (remote))
    {
      GrRtcpReader reader;

      gr_rtcp_reader_init (&reader, remote->buffer, remote->length);
      while (gr_is_rtcp (remote->buffer, remote->length) && gr_rtcp_reader_next (&reader, found))
        if (found->type == type && found->count == count)
          return TRUE;
    }

  return FALSE;
}
