/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what plugins/hubtransport's hub thread does, without the thread: the test turns the plane and sets its
 * clock. Remotes are sockets on the loopback interface with keys that both sides know. */
#include <string.h>
#include <unistd.h>

#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/snapshot.h"
#include "plugins/hubtransport/transport.h"

#define MS G_GINT64_CONSTANT (1000)
#define SECOND (1000 * MS)
#define LIVENESS (8 * SECOND)
#define FORMAT 1
#define PAYLOAD_TYPE 96
#define RTX_PAYLOAD_TYPE 97
#define OPUS_PAYLOAD_TYPE 111
#define MID_ID 4
#define LEVEL_ID 1
#define SLOT 1

static const guint8 key[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };
/* VP8: the descriptor, then a frame whose first bit is 0 for a keyframe (RFC 7741, section 4.3). */
static const guint8 keyframe[] = { 0x10, 0x00, 1, 2, 3, 4 };
static const guint8 interframe[] = { 0x10, 0x01, 1, 2, 3, 4 };

typedef struct
{
  GrPlane *plane;
  GrMailbox *commands;
  GrMailbox *notices;
} Scene;

typedef struct
{
  GrPlane *plane;
  GrPeer *peer;
  int fd;
  GrSrtp *to_hub;
  GrSrtp *from_hub;
  guint8 buffer[2048];
  gsize length;
  GrRtpHeader header; /* of what it received last */
} Remote;

static int
open_socket (void)
{
  struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &any, sizeof any), ==, 0);
  return fd;
}

static void
set_up (Scene *scene, gconstpointer data)
{
  int fd = open_socket ();

  scene->commands = gr_mailbox_new (sizeof (GrCommand), 16);
  scene->notices = gr_mailbox_new (sizeof (GrNotice), 16);
  scene->plane = gr_plane_new (&fd, 1, scene->commands, scene->notices, LIVENESS);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  gr_plane_free (scene->plane);
  gr_mailbox_unref (scene->commands);
  gr_mailbox_unref (scene->notices);
}

static void
obey (Scene *scene, GrCommand command)
{
  gr_plane_obey (scene->plane, &command);
}

static Remote *
join (Scene *scene, GrHubPeerId id)
{
  g_autoptr (GrHubSource) source = g_object_ref_sink (g_object_new (GR_TYPE_HUB_SOURCE, NULL));
  GrHubSession session = {
    .payloads = { { PAYLOAD_TYPE, RTX_PAYLOAD_TYPE, FORMAT, GR_HUB_VP8, 90000 },
                  { OPUS_PAYLOAD_TYPE, 0, FORMAT + 1, GR_HUB_OPUS, 48000 } },
    .n_payloads = 2,
    .extensions = { [GR_HUB_MID] = MID_ID, [GR_HUB_AUDIO_LEVEL] = LEVEL_ID },
  };
  Remote *remote = g_new0 (Remote, 1);
  socklen_t length = sizeof remote->peer->to.v4;

  obey (scene, (GrCommand){ .kind = GR_COMMAND_ADD_PEER, .peer = id, .object = gr_peer_new (id, source) });
  obey (scene, (GrCommand){ .kind = GR_COMMAND_SESSION, .peer = id, .object = g_memdup2 (&session, sizeof session) });
  obey (scene, (GrCommand){ .kind = GR_COMMAND_KEYS,
                            .peer = id,
                            .object = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16),
                            .other = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16) });
  remote->plane = scene->plane;
  remote->fd = open_socket ();
  remote->to_hub = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16);
  remote->from_hub = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16);
  remote->peer = gr_plane_peer (scene->plane, id);
  getsockname (remote->fd, &remote->peer->to.any, &length);
  remote->peer->nominated = TRUE;
  return remote;
}

static void
part (Remote *remote)
{
  gr_srtp_free (remote->to_hub);
  gr_srtp_free (remote->from_hub);
  close (remote->fd);
  g_free (remote);
}

static void
publish (Scene *scene, Remote *remote, GrHubTrackId track, const GrHubTrack *what)
{
  obey (scene, (GrCommand){ .kind = GR_COMMAND_PUBLISH,
                            .peer = remote->peer->id,
                            .track = track,
                            .object = gr_track_new (track, what) });
}

static void
publish_video (Scene *scene, Remote *remote, GrHubTrackId track)
{
  publish (scene, remote, track,
           &(GrHubTrack){ .media = GR_HUB_VIDEO, .ssrc = track * 100, .rtx_ssrc = track * 100 + 1 });
}

static void
subscribe (Scene *scene, Remote *remote, GrHubTrackId track)
{
  GrHubPeerId id = remote->peer->id;

  if (gr_peer_slot (remote->peer, SLOT) == NULL)
    {
      GrHubSlot what = { .media = GR_HUB_VIDEO, .ssrc = id * 1000, .rtx_ssrc = id * 1000 + 1, .mid = "v7" };

      obey (scene,
            (GrCommand){ .kind = GR_COMMAND_ADD_SLOT, .peer = id, .value = SLOT, .object = gr_slot_new (SLOT, &what) });
    }
  obey (scene, (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = id, .value = SLOT, .track = track });
}

/* @extension: a one-byte element, padded to 4 bytes, or NULL. */
static void
send_packet (Remote *remote,
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

static void
send_frame (Remote *remote, GrHubTrackId track, guint16 sequence, const guint8 frame[6])
{
  send_packet (remote, PAYLOAD_TYPE, track * 100, sequence, sequence * 3000, NULL, frame, sizeof keyframe);
}

static void
send_rtcp (Remote *remote, GrRtcpWriter *writer)
{
  gssize length = gr_srtp_protect (remote->to_hub, writer->bytes, writer->length, writer->size);

  g_assert_cmpint (length, >, 0);
  gr_feedback_receive (remote->plane, remote->peer, writer->bytes, length);
  gr_plane_flush (remote->plane);
}

/* FALSE when nothing is there; a packet to this machine is there as soon as it was sent. */
static gboolean
receive (Remote *remote)
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

/* Finds a packet of RTCP among what has come. */
static gboolean
receive_rtcp (Remote *remote, guint8 type, guint8 count, GrRtcpPacket *found)
{
  while (receive (remote))
    {
      GrRtcpReader reader;

      gr_rtcp_reader_init (&reader, remote->buffer, remote->length);
      while (gr_is_rtcp (remote->buffer, remote->length) && gr_rtcp_reader_next (&reader, found))
        if (found->type == type && found->count == count)
          return TRUE;
    }

  return FALSE;
}

static void
pass (Scene *scene, gint64 time)
{
  scene->plane->now += time;
  gr_feedback_check (scene->plane);
  gr_plane_flush (scene->plane);
}

/* The last fact of a kind that main was told. */
static gboolean
was_told (Scene *scene, GrHubFactKind kind, GrHubFact *fact)
{
  GrNotice notice;
  gboolean told = FALSE;

  while (gr_mailbox_take (scene->notices, &notice))
    if (!notice.nominated && notice.fact.kind == kind)
      {
        *fact = notice.fact;
        told = TRUE;
      }
  return told;
}

static void
test_switches_at_keyframe (Scene *scene, gconstpointer data)
{
  Remote *first = join (scene, 1);
  Remote *second = join (scene, 2);
  Remote *viewer = join (scene, 3);
  guint16 sequence;

  g_test_summary ("A slot changes its picture at a keyframe, and its stream goes on without a gap");
  publish_video (scene, first, 1);
  publish_video (scene, second, 2);
  subscribe (scene, viewer, 1);
  send_frame (first, 1, 10, interframe);
  g_assert_false (receive (viewer));
  send_frame (first, 1, 11, keyframe);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 3000);
  g_assert_cmpuint (viewer->header.payload_type, ==, PAYLOAD_TYPE);
  sequence = viewer->header.sequence;

  subscribe (scene, viewer, 2);
  send_frame (second, 2, 5000, interframe);
  g_assert_false (receive (viewer));
  send_frame (first, 1, 12, interframe);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 1));
  send_frame (second, 2, 5001, keyframe);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 2));
  send_frame (first, 1, 13, interframe);
  g_assert_false (receive (viewer));

  part (first);
  part (second);
  part (viewer);
}

static void
test_learns_mid (Scene *scene, gconstpointer data)
{
  static const guint8 mid[4] = { MID_ID << 4 | 1, 'v', '0', 0 };
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  GrRtpExtension extension;

  g_test_summary ("A stream that the offer did not name is known by its mid, and goes out with the slot's");
  publish (scene, publisher, 1, &(GrHubTrack){ .media = GR_HUB_VIDEO, .mid = "v0" });
  subscribe (scene, viewer, 1);
  send_packet (publisher, PAYLOAD_TYPE, 77, 1, 1, NULL, keyframe, sizeof keyframe);
  g_assert_false (receive (viewer));
  g_assert_cmpuint (scene->plane->counters.unknown_ssrc, ==, 1);
  send_packet (publisher, PAYLOAD_TYPE, 77, 2, 1, mid, keyframe, sizeof keyframe);
  g_assert_true (receive (viewer));
  g_assert_true (gr_rtp_find_extension (&viewer->header, viewer->buffer, MID_ID, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "v7", 2);
  send_packet (publisher, PAYLOAD_TYPE, 77, 3, 1, NULL, interframe, sizeof interframe);
  g_assert_true (receive (viewer));

  part (publisher);
  part (viewer);
}

static void
test_mutes (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);

  g_test_summary ("A muted track goes nowhere, and comes back with a keyframe");
  publish_video (scene, publisher, 1);
  subscribe (scene, viewer, 1);
  send_frame (publisher, 1, 1, keyframe);
  g_assert_true (receive (viewer));
  obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = TRUE });
  send_frame (publisher, 1, 2, keyframe);
  g_assert_false (receive (viewer));
  obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = FALSE });
  send_frame (publisher, 1, 3, interframe);
  g_assert_false (receive (viewer));
  send_frame (publisher, 1, 4, keyframe);
  g_assert_true (receive (viewer));

  part (publisher);
  part (viewer);
}

static void
test_tells_levels (Scene *scene, gconstpointer data)
{
  static const guint8 loud[4] = { LEVEL_ID << 4, 0x80 | 20 };
  static const guint8 quiet[4] = { LEVEL_ID << 4, 90 };
  Remote *publisher = join (scene, 1);
  GrHubFact fact;

  g_test_summary ("Main hears how loud the loudest packet of each track was");
  publish (scene, publisher, 1, &(GrHubTrack){ .media = GR_HUB_AUDIO, .ssrc = 50 });
  send_packet (publisher, OPUS_PAYLOAD_TYPE, 50, 1, 960, loud, keyframe, 1);
  send_packet (publisher, OPUS_PAYLOAD_TYPE, 50, 2, 1920, quiet, keyframe, 1);
  gr_snapshot_tell_levels (scene->plane);
  g_assert_true (was_told (scene, GR_HUB_LEVELS, &fact));
  g_assert_cmpuint (fact.n_levels, ==, 1);
  g_assert_cmpuint (fact.levels[0].track, ==, 1);
  g_assert_cmpuint (fact.levels[0].level, ==, 20);
  gr_snapshot_tell_levels (scene->plane);
  g_assert_false (was_told (scene, GR_HUB_LEVELS, &fact));

  part (publisher);
}

static void
test_sends_again (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  guint8 bytes[256];
  GrRtcpWriter writer;
  guint16 wanted[2];

  g_test_summary ("What a subscriber misses is sent again as RTX, and what was never sent is not");
  publish_video (scene, publisher, 1);
  subscribe (scene, viewer, 1);
  send_frame (publisher, 1, 1, keyframe);
  send_frame (publisher, 1, 2, interframe);
  g_assert_true (receive (viewer));
  wanted[0] = viewer->header.sequence;
  wanted[1] = viewer->header.sequence + 9;
  g_assert_true (receive (viewer));

  writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  gr_rtcp_write_nack (&writer, 9, 2000, wanted, 2);
  send_rtcp (viewer, &writer);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 2001);
  g_assert_cmpuint (viewer->header.payload_type, ==, RTX_PAYLOAD_TYPE);
  g_assert_cmpuint (gr_read_u16 (viewer->buffer + viewer->header.payload_offset), ==, wanted[0]);
  g_assert_cmpmem (viewer->buffer + viewer->header.payload_offset + 2, viewer->header.payload_length - 2, keyframe,
                   sizeof keyframe);
  g_assert_false (receive (viewer));

  part (publisher);
  part (viewer);
}

static void
test_asks_for_missing (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  static const guint8 repaired[] = { 0, 2, 0x10, 0x01, 9 };
  GrRtcpPacket packet;
  guint16 sequence, following;
  guint32 media;

  g_test_summary ("A publisher is asked for what is missing, and what it sends again goes on in its place");
  publish_video (scene, publisher, 1);
  subscribe (scene, viewer, 1);
  send_frame (publisher, 1, 1, keyframe);
  send_frame (publisher, 1, 3, interframe);
  g_assert_true (receive (viewer));
  g_assert_true (receive (viewer));
  pass (scene, 10 * MS);
  g_assert_true (receive_rtcp (publisher, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &packet));
  g_assert_true (gr_rtcp_is_feedback (&packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media));
  g_assert_cmpuint (media, ==, 100);
  g_assert_true (gr_rtcp_read_nack (&packet, 0, &sequence, &following));
  g_assert_cmpuint (sequence, ==, 2);
  g_assert_cmpuint (following, ==, 0);

  sequence = viewer->header.sequence;
  send_packet (publisher, RTX_PAYLOAD_TYPE, 101, 500, 6000, NULL, repaired, sizeof repaired);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 2000);
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence - 1));
  pass (scene, 100 * MS);
  g_assert_false (receive_rtcp (publisher, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &packet));

  part (publisher);
  part (viewer);
}

static void
test_throttles_keyframes (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  guint asked = 0;

  g_test_summary ("A flood of keyframe requests reaches the publisher twice a second");
  publish_video (scene, publisher, 1);
  subscribe (scene, viewer, 1);
  for (guint i = 0; i < 1000; i++)
    {
      guint8 bytes[64];
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      GrRtcpPacket packet;

      gr_rtcp_write_pli (&writer, 9, 2000);
      send_rtcp (viewer, &writer);
      pass (scene, 2 * MS);
      while (receive_rtcp (publisher, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &packet))
        asked++;
    }
  g_assert_cmpuint (asked, >=, 4);
  g_assert_cmpuint (asked, <=, 5);

  part (publisher);
  part (viewer);
}

static void
give_keys (Scene *scene, GrHubPeerId peer)
{
  obey (scene, (GrCommand){ .kind = GR_COMMAND_KEYS,
                            .peer = peer,
                            .object = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, key, 16),
                            .other = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, key, 16) });
  gr_plane_flush (scene->plane);
}

static Remote *
join_without_keys (Scene *scene, GrHubPeerId id)
{
  Remote *remote = join (scene, id);

  g_clear_pointer (&remote->peer->in, gr_srtp_free);
  g_clear_pointer (&remote->peer->out, gr_srtp_free);
  return remote;
}

static void
test_keeps_for_newcomer (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join_without_keys (scene, 2);
  GrTrack *track;
  guint16 sequence;

  g_test_summary ("A newcomer gets the picture that began while it shook hands, and what followed");
  publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  subscribe (scene, viewer, 1);
  g_assert_true (track->keyframes.wanted);
  send_frame (publisher, 1, 65534, interframe);
  send_frame (publisher, 1, 65535, keyframe);
  send_frame (publisher, 1, 0, interframe);
  g_assert_false (receive (viewer));

  pass (scene, 200 * MS);
  give_keys (scene, 2);
  g_assert_true (receive (viewer));
  g_assert_cmpmem (viewer->buffer + viewer->header.payload_offset, 2, keyframe, 2);
  sequence = viewer->header.sequence;
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 1));
  g_assert_false (receive (viewer));
  g_assert_false (track->keyframes.wanted);
  send_frame (publisher, 1, 1, interframe);
  g_assert_true (receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 2));

  part (publisher);
  part (viewer);
}

static void
test_new_slot (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  GrTrack *track;

  g_test_summary ("A slot that its peer is only now told of begins with a keyframe to come, not with one that is past");
  publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  send_frame (publisher, 1, 1, keyframe);
  subscribe (scene, viewer, 1);
  gr_plane_flush (scene->plane);
  g_assert_false (receive (viewer));
  g_assert_true (track->keyframes.wanted);
  part (publisher);
  part (viewer);
}

static void
test_asks_for_newcomer (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join_without_keys (scene, 2);
  Remote *later = join (scene, 3);
  GrTrack *track;

  g_test_summary ("A picture that began long ago, or was nobody's to see, is asked for anew");
  publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  subscribe (scene, viewer, 1);
  send_frame (publisher, 1, 1, keyframe);
  pass (scene, 501 * MS);
  give_keys (scene, 2);
  g_assert_false (receive (viewer));
  g_assert_true (track->keyframes.wanted);

  obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = TRUE });
  send_frame (publisher, 1, 2, keyframe);
  obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = FALSE });
  subscribe (scene, later, 1);
  gr_plane_flush (scene->plane);
  g_assert_false (receive (later));
  g_assert_true (track->keyframes.wanted);
  part (publisher);
  part (viewer);
  part (later);
}

static void
test_reports (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  guint8 bytes[256];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  GrRtcpSenderReport report = { .ssrc = 100, .ntp = G_GUINT64_CONSTANT (5) << 32, .rtp_timestamp = 3000 };
  GrRtcpReportBlock block;
  GrRtcpPacket packet;
  guint32 shown;
  guint64 bits;
  guint n;

  g_test_summary ("Subscribers get the publisher's clock in terms of their slot, publishers a report and a limit");
  publish_video (scene, publisher, 1);
  subscribe (scene, viewer, 1);
  send_frame (publisher, 1, 1, keyframe);
  g_assert_true (receive (viewer));
  shown = viewer->header.timestamp;
  gr_rtcp_write_sender_report (&writer, &report, NULL, 0);
  send_rtcp (publisher, &writer);

  scene->plane->now += SECOND;
  gr_feedback_report (scene->plane);
  gr_plane_flush (scene->plane);
  g_assert_true (receive_rtcp (viewer, GR_RTCP_SR, 0, &packet));
  g_assert_true (gr_rtcp_read_sender_report (&packet, &report));
  g_assert_cmpuint (report.ssrc, ==, 2000);
  g_assert_cmpuint (report.packets, ==, 1);
  g_assert_cmpint (ABS ((gint32) (report.rtp_timestamp - shown - 90000)), <, 10);

  g_assert_true (receive_rtcp (publisher, GR_RTCP_RR, 1, &packet));
  g_assert_true (gr_rtcp_read_report_block (&packet, 0, &block));
  g_assert_cmpuint (block.ssrc, ==, 100);
  g_assert_cmpuint (block.last_sr, ==, 5 << 16);
  g_assert_cmpuint (block.delay_since_sr, ==, 1 << 16);

  pass (scene, 0);
  scene->plane->now += SECOND;
  gr_feedback_report (scene->plane);
  gr_plane_flush (scene->plane);
  g_assert_true (receive_rtcp (publisher, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_REMB, &packet));
  g_assert_true (gr_rtcp_read_remb (&packet, &bits, &n));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (bits, >=, 3900000);

  part (publisher);
  part (viewer);
}

static void
test_notices_silence (Scene *scene, gconstpointer data)
{
  Remote *remote = join (scene, 1);
  Remote *late;
  GrHubFact fact;

  g_test_summary ("A peer that is silent for eight seconds is gone, one that never came after three times as long");
  publish_video (scene, remote, 1);
  send_frame (remote, 1, 1, keyframe);
  late = join (scene, 2);
  scene->plane->now += LIVENESS - MS;
  gr_transport_check (scene->plane);
  g_assert_false (was_told (scene, GR_HUB_GONE, &fact));
  scene->plane->now += 2 * MS;
  gr_transport_check (scene->plane);
  g_assert_true (was_told (scene, GR_HUB_GONE, &fact));
  g_assert_cmpuint (fact.peer, ==, 1);
  scene->plane->now += 2 * LIVENESS;
  gr_transport_check (scene->plane);
  g_assert_true (was_told (scene, GR_HUB_GONE, &fact));
  g_assert_cmpuint (fact.peer, ==, 2);

  part (remote);
  part (late);
}

static void
test_leaves (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *viewer = join (scene, 2);
  Remote *other = join (scene, 3);

  g_test_summary ("Whoever leaves takes along tracks and slots, and the others go on");
  publish_video (scene, publisher, 1);
  publish_video (scene, other, 2);
  subscribe (scene, viewer, 1);
  subscribe (scene, other, 1);
  send_frame (publisher, 1, 1, keyframe);
  g_assert_true (receive (viewer));
  subscribe (scene, viewer, 2);
  obey (scene, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = 1 });
  g_assert_null (gr_plane_track (scene->plane, 1));
  send_frame (other, 2, 1, keyframe);
  g_assert_true (receive (viewer));
  obey (scene, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = 2 });
  send_frame (other, 2, 2, interframe);
  g_assert_false (receive (viewer));

  part (publisher);
  part (viewer);
  part (other);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/plane/" path, Scene, NULL, set_up, function, tear_down)
  ADD ("switches-at-keyframe", test_switches_at_keyframe);
  ADD ("learns-mid", test_learns_mid);
  ADD ("mutes", test_mutes);
  ADD ("tells-levels", test_tells_levels);
  ADD ("sends-again", test_sends_again);
  ADD ("asks-for-missing", test_asks_for_missing);
  ADD ("throttles-keyframes", test_throttles_keyframes);
  ADD ("keeps-for-newcomer", test_keeps_for_newcomer);
  ADD ("new-slot", test_new_slot);
  ADD ("asks-for-newcomer", test_asks_for_newcomer);
  ADD ("reports", test_reports);
  ADD ("notices-silence", test_notices_silence);
  ADD ("leaves", test_leaves);
#undef ADD

  return g_test_run ();
}
