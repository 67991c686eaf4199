/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the hub's links to program processes: the test turns the plane and sets its clock; the other ends are real
 * SOCK_SEQPACKET sockets. */
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plane-scene.h"
#include "plugins/hubtransport/feedback.h"
#include "plugins/hubtransport/forward.h"
#include "plugins/hubtransport/link.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/rtx.h"

#define MS G_GINT64_CONSTANT (1000)
#define LIVENESS (8000 * MS)
#define FORMAT 1
#define TRACK 7
#define SSRC 700
#define SLOT 1
#define PAYLOAD_BYTES 900
/* Of the socket, so that few packets fill it. */
#define SMALL_BUFFER 65536

typedef struct
{
  GrPlane *plane;
  GrHubPeerId id;
  int fd;
  int hub_fd; /* the hub's end, to change its buffer */
  GrLinkWriter *writer;
  GrLinkReader *reader;
  int n_messages; /* of the last read */
  int message;
  gsize at;
  guint messages_read;
  guint8 *packet;
  gsize length;
} Remote;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene_open (scene, -1, LIVENESS);
}

static Remote *
join (Scene *scene, GrHubPeerId id)
{
  GrHubSession session
      = { .payloads = { { GR_LINK_VP8, GR_LINK_VP8 + 1, FORMAT, GR_HUB_VP8, 90000 } }, .n_payloads = 1 };
  Remote *remote = g_new0 (Remote, 1);
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  *remote = (Remote){
    .plane = scene->plane,
    .id = id,
    .fd = ends[0],
    .hub_fd = dup (ends[1]),
    .writer = gr_link_writer_new (),
    .reader = gr_link_reader_new (),
  };
  gr_link_prepare_socket (remote->fd);
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_ADD_PEER,
                                  .peer = id,
                                  .object = gr_peer_new_linked (id, gr_link_new (ends[1])) });
  scene_obey (scene,
              (GrCommand){ .kind = GR_COMMAND_SESSION, .peer = id, .object = g_memdup2 (&session, sizeof session) });
  return remote;
}

static void
part (Remote *remote)
{
  gr_link_writer_free (remote->writer);
  gr_link_reader_free (remote->reader);
  if (remote->fd >= 0)
    close (remote->fd);
  close (remote->hub_fd);
  g_free (remote);
}

static void
publish (Scene *scene, Remote *remote)
{
  GrHubTrack what = { .media = GR_HUB_VIDEO, .ssrc = SSRC, .max_bits = 60000000 };

  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_PUBLISH,
                                  .peer = remote->id,
                                  .track = TRACK,
                                  .object = gr_track_new (TRACK, &what) });
}

static void
subscribe (Scene *scene, Remote *remote)
{
  GrHubSlot what = { .media = GR_HUB_VIDEO, .ssrc = remote->id * 1000, .rtx_ssrc = remote->id * 1000 + 1 };

  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_ADD_SLOT,
                                  .peer = remote->id,
                                  .value = SLOT,
                                  .object = gr_slot_new (SLOT, &what) });
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_SUBSCRIBE, .peer = remote->id, .value = SLOT, .track = TRACK });
}

static void
pass (Scene *scene, gint64 time)
{
  scene->plane->now += time;
  gr_link_receive_all (scene->plane);
  gr_feedback_check (scene->plane);
  gr_feedback_report (scene->plane);
  gr_plane_flush (scene->plane);
}

/* The first one begins a keyframe. Its number is in its payload as well. */
static void
write_frame (Remote *remote, guint16 sequence)
{
  guint8 *packet = gr_link_writer_reserve (remote->writer, 12 + PAYLOAD_BYTES);

  g_assert_nonnull (packet);
  memset (packet, 0, 12 + PAYLOAD_BYTES);
  packet[0] = 0x80;
  packet[1] = GR_LINK_VP8;
  gr_write_u16 (packet + 2, sequence);
  gr_write_u32 (packet + 4, sequence * 3000);
  gr_write_u32 (packet + 8, SSRC);
  packet[12] = 0x10;
  packet[13] = sequence == 0 ? 0 : 1;
  gr_write_u16 (packet + 20, sequence);
  gr_link_writer_commit (remote->writer, 12 + PAYLOAD_BYTES);
}

static void
send_frames (Scene *scene, Remote *remote, guint first, guint n)
{
  for (guint i = 0; i < n; i++)
    write_frame (remote, first + i);
  g_assert_true (gr_link_writer_send (remote->writer, remote->fd));
  gr_link_receive_all (scene->plane);
  gr_plane_flush (scene->plane);
}

static void
send_rtcp (Scene *scene, Remote *remote, const GrRtcpWriter *rtcp)
{
  guint8 *packet = gr_link_writer_reserve (remote->writer, rtcp->length);

  memcpy (packet, rtcp->bytes, rtcp->length);
  gr_link_writer_commit (remote->writer, rtcp->length);
  g_assert_true (gr_link_writer_send (remote->writer, remote->fd));
  gr_link_receive_all (scene->plane);
  gr_plane_flush (scene->plane);
}

/* The next packet that has come, FALSE when there is none. */
static gboolean
receive (Remote *remote)
{
  for (;;)
    {
      gsize size;
      guint8 *message;

      if (remote->message == remote->n_messages)
        {
          remote->message = 0;
          remote->at = 0;
          remote->n_messages = gr_link_reader_receive (remote->reader, remote->fd);
          if (remote->n_messages <= 0)
            {
              remote->n_messages = 0;
              return FALSE;
            }
        }
      message = gr_link_reader_message (remote->reader, remote->message, &size);
      remote->packet = gr_link_next (message, size, &remote->at, &remote->length);
      if (remote->packet != NULL)
        return TRUE;
      g_assert_cmpuint (remote->at, ==, size);
      remote->message++;
      remote->messages_read++;
      remote->at = 0;
    }
}

static gboolean
receive_rtp (Remote *remote, GrRtpHeader *header)
{
  while (receive (remote))
    if (remote->packet[0] >= 0x80 && (remote->packet[1] & 0x7f) >= GR_LINK_OPUS)
      return gr_rtp_parse (header, remote->packet, remote->length);

  return FALSE;
}

static gboolean
was_told (Scene *scene, GrHubFactKind kind, GrHubPeerId peer)
{
  GrNotice notice;
  gboolean told = FALSE;

  while (gr_mailbox_take (scene->notices, &notice))
    told |= notice.fact.kind == kind && notice.fact.peer == peer;
  return told;
}

static void
test_batches (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *program = join (scene, 2);
  GrRtpHeader header;
  guint n = 0;

  g_test_summary ("Packets of a turn travel together, under the slot's name and the link's payload types");
  g_assert_true (was_told (scene, GR_HUB_CONNECTED, 2));
  publish (scene, publisher);
  subscribe (scene, program);
  send_frames (scene, publisher, 0, 40);
  while (receive_rtp (program, &header))
    {
      g_assert_cmpuint (header.ssrc, ==, 2000);
      g_assert_cmpuint (header.payload_type, ==, GR_LINK_VP8);
      g_assert_cmpuint (gr_read_u16 (program->packet + 20), ==, n++);
    }
  g_assert_cmpuint (n, ==, 40);
  g_assert_cmpuint (program->messages_read, <=, 4);

  part (publisher);
  part (program);
}

static void
test_repairs_overflow (Scene *scene, gconstpointer data)
{
  enum
  {
    SENT = 400
  };
  Remote *publisher = join (scene, 1);
  Remote *program = join (scene, 2);
  gboolean seen[SENT] = { FALSE };
  guint16 first = 0, missing[SENT];
  guint n = 0, n_missing, rounds = 0;
  guint8 bytes[1200];
  GrRtpHeader header;
  int small = SMALL_BUFFER;

  g_test_summary ("What a slow program had no room for is counted, asked for again and repaired from the ring");
  publish (scene, publisher);
  subscribe (scene, program);
  setsockopt (program->hub_fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  for (guint i = 0; i < SENT; i += 20)
    send_frames (scene, publisher, i, 20);
  g_assert_cmpuint (gr_link_get_counters (gr_plane_peer (scene->plane, 2)->link)->dropped, >, 0);

  while (receive_rtp (program, &header))
    {
      if (n++ == 0)
        first = header.sequence;
      seen[(guint16) (header.sequence - first)] = TRUE;
    }
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (n, <, SENT);
  /* Retransmissions may overflow as well. */
  do
    {
      GrRtcpWriter rtcp = GR_RTCP_WRITER (bytes, sizeof bytes);

      n_missing = 0;
      for (guint i = 0; i < SENT; i++)
        if (!seen[i])
          missing[n_missing++] = first + i;
      gr_rtcp_write_nack (&rtcp, 1, 2000, missing, n_missing);
      g_assert_false (rtcp.full);
      send_rtcp (scene, program, &rtcp);
      while (receive_rtp (program, &header))
        {
          guint16 at;

          g_assert_cmpuint (header.ssrc, ==, 2001);
          g_assert_cmpuint (header.payload_type, ==, GR_LINK_VP8 + 1);
          g_assert_cmpuint (gr_rtx_unwrap (program->packet, program->length, 2000, GR_LINK_VP8), ==,
                            12 + PAYLOAD_BYTES);
          g_assert_true (gr_rtp_parse (&header, program->packet, program->length));
          at = header.sequence - first;
          g_assert_cmpuint (gr_read_u16 (program->packet + 20), ==, at);
          n_missing -= !seen[at];
          seen[at] = TRUE;
        }
      scene->plane->now += 100 * MS;
    }
  while (n_missing > 0 && rounds++ < 20);
  g_assert_cmpuint (n_missing, ==, 0);

  part (publisher);
  part (program);
}

static void
test_keyframe_request (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *program = join (scene, 2);
  guint8 bytes[64];
  GrRtcpWriter rtcp = GR_RTCP_WRITER (bytes, sizeof bytes);
  gboolean asked = FALSE;

  g_test_summary ("A program's PLI reaches who publishes the picture");
  publish (scene, publisher);
  subscribe (scene, program);
  send_frames (scene, publisher, 0, 1);
  pass (scene, 1000 * MS);
  while (receive (publisher))
    ;
  gr_rtcp_write_pli (&rtcp, 1, 2000);
  send_rtcp (scene, program, &rtcp);
  pass (scene, 1000 * MS);
  while (receive (publisher))
    {
      GrRtcpReader reader;
      GrRtcpPacket part_of;
      guint32 media;

      gr_rtcp_reader_init (&reader, publisher->packet, publisher->length);
      while (gr_rtcp_reader_next (&reader, &part_of))
        asked |= gr_rtcp_is_feedback (&part_of, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &media) && media == SSRC;
    }
  g_assert_true (asked);

  part (publisher);
  part (program);
}

static void
test_stalled (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *stalled = join (scene, 2);
  Remote *live = join (scene, 3);
  GrRtpHeader header;
  guint n = 0;
  gint64 longest = 0;

  g_test_summary ("A program that stopped reading holds nobody up, and nothing is kept for it");
  publish (scene, publisher);
  subscribe (scene, stalled);
  subscribe (scene, live);
  for (guint i = 0; i < 20000; i += 50)
    {
      gint64 before = g_get_monotonic_time ();

      send_frames (scene, publisher, i, 50);
      longest = MAX (longest, g_get_monotonic_time () - before);
      while (receive_rtp (live, &header))
        n++;
    }
  g_assert_cmpuint (n, ==, 20000);
  g_assert_cmpuint (gr_link_get_counters (gr_plane_peer (scene->plane, 2)->link)->dropped, >, 10000);
  g_assert_cmpint (longest, <, 1000 * MS);
  scene->plane->now += 3 * LIVENESS + 1;

  part (publisher);
  part (stalled);
  part (live);
}

static void
test_dead (Scene *scene, gconstpointer data)
{
  Remote *publisher = join (scene, 1);
  Remote *program = join (scene, 2);
  struct epoll_event event;

  g_test_summary ("A program that died is told of at once, wakes nobody any more and is sent nothing");
  publish (scene, publisher);
  subscribe (scene, program);
  send_frames (scene, publisher, 0, 1);
  close (program->fd);
  program->fd = -1;
  send_frames (scene, publisher, 1, 1);
  g_assert_true (was_told (scene, GR_HUB_GONE, 2));
  g_assert_false (gr_peer_can_send (gr_plane_peer (scene->plane, 2)));
  g_assert_cmpint (epoll_wait (scene->plane->link_epoll, &event, 1, 0), ==, 0);
  send_frames (scene, publisher, 2, 10);
  pass (scene, 1000 * MS);
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = 2 });
  send_frames (scene, publisher, 12, 10);

  part (publisher);
  part (program);
}

static void
test_garbage (Scene *scene, gconstpointer data)
{
  Remote *program = join (scene, 1);
  GRand *random = g_rand_new_with_seed (1);
  guint8 message[GR_LINK_MESSAGE_BYTES];

  g_test_summary ("Nothing that a program may send harms the hub");
  publish (scene, program);
  for (guint i = 0; i < 2000; i++)
    {
      gsize length = g_rand_int_range (random, 1, sizeof message);

      for (gsize j = 0; j < length; j++)
        message[j] = g_rand_int (random);
      /* Whole packets, too, that look like RTP or RTCP. */
      if (i % 2 == 0 && length > 300)
        for (gsize at = 0; at + 102 <= length; at += 102)
          {
            gr_write_u16 (message + at, 100);
            message[at + 2] = 0x80 | (message[at + 2] & 0x3f);
            if (i % 4 == 0)
              gr_write_u32 (message + at + 10, SSRC);
          }
      g_assert_cmpint (send (program->fd, message, length, MSG_NOSIGNAL), ==, length);
      gr_link_receive_all (scene->plane);
      pass (scene, 10 * MS);
      while (receive (program))
        ;
    }
  g_assert_cmpuint (scene->plane->counters.packets_in, >, 1000);

  g_rand_free (random);
  part (program);
}

static void
test_record (Scene *scene, gconstpointer data)
{
  static const guint8 said[GR_LINK_RECORD_HEADER_BYTES + 3] = { GR_LINK_RECORD, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c' };
  Remote *program = join (scene, 1);
  guint n = 0;

  g_test_summary ("What the hub says of its streams is said again, since it may be lost");
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_RECORD, .peer = 1, .object = g_bytes_new (said, sizeof said) });
  for (guint i = 0; i < 3; i++)
    {
      pass (scene, 1000 * MS);
      while (receive (program))
        if (program->packet[0] == GR_LINK_RECORD)
          {
            g_assert_cmpmem (program->packet, program->length, said, sizeof said);
            n++;
          }
    }
  g_assert_cmpuint (n, >=, 3);

  part (program);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/link/batches", Scene, NULL, set_up, test_batches, scene_tear_down);
  g_test_add ("/link/repairs-overflow", Scene, NULL, set_up, test_repairs_overflow, scene_tear_down);
  g_test_add ("/link/keyframe-request", Scene, NULL, set_up, test_keyframe_request, scene_tear_down);
  g_test_add ("/link/stalled", Scene, NULL, set_up, test_stalled, scene_tear_down);
  g_test_add ("/link/dead", Scene, NULL, set_up, test_dead, scene_tear_down);
  g_test_add ("/link/garbage", Scene, NULL, set_up, test_garbage, scene_tear_down);
  g_test_add ("/link/record", Scene, NULL, set_up, test_record, scene_tear_down);

  return g_test_run ();
}
