/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the RTCP of plugins/hubtransport's hub thread, without the thread: repair, keyframes, reports. */
#include "plugins/hubtransport/feedback.h"
#include "remote.h"

#define MS G_GINT64_CONSTANT (1000)
#define SECOND (1000 * MS)
static void
test_sends_again (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  guint8 bytes[256];
  GrRtcpWriter writer;
  guint16 wanted[2];

  g_test_summary ("What a subscriber misses is sent again as RTX, and what was never sent is not");
  remote_publish_video (scene, publisher, 1);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  remote_send_frame (publisher, 1, 2, remote_interframe);
  g_assert_true (remote_receive (viewer));
  wanted[0] = viewer->header.sequence;
  wanted[1] = viewer->header.sequence + 9;
  g_assert_true (remote_receive (viewer));

  writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  gr_rtcp_write_nack (&writer, 9, 2000, wanted, 2);
  remote_send_rtcp (viewer, &writer);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 2001);
  g_assert_cmpuint (viewer->header.payload_type, ==, REMOTE_RTX_PAYLOAD_TYPE);
  g_assert_cmpuint (gr_read_u16 (viewer->buffer + viewer->header.payload_offset), ==, wanted[0]);
  g_assert_cmpmem (viewer->buffer + viewer->header.payload_offset + 2, viewer->header.payload_length - 2,
                   remote_keyframe, sizeof remote_keyframe);
  g_assert_false (remote_receive (viewer));

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_asks_for_missing (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  static const guint8 repaired[] = { 0, 2, 0x10, 0x01, 9 };
  GrRtcpPacket packet;
  guint16 sequence, following;
  guint32 media;

  g_test_summary ("A publisher is asked for what is missing, and what it sends again goes on in its place");
  remote_publish_video (scene, publisher, 1);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  remote_send_frame (publisher, 1, 3, remote_interframe);
  g_assert_true (remote_receive (viewer));
  g_assert_true (remote_receive (viewer));
  scene_pass (scene, 10 * MS);
  g_assert_true (remote_receive_rtcp (publisher, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &packet));
  g_assert_true (gr_rtcp_is_feedback (&packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media));
  g_assert_cmpuint (media, ==, 100);
  g_assert_true (gr_rtcp_read_nack (&packet, 0, &sequence, &following));
  g_assert_cmpuint (sequence, ==, 2);
  g_assert_cmpuint (following, ==, 0);

  sequence = viewer->header.sequence;
  remote_send (publisher, REMOTE_RTX_PAYLOAD_TYPE, 101, 500, 6000, NULL, repaired, sizeof repaired);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 2000);
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence - 1));
  scene_pass (scene, 100 * MS);
  g_assert_false (remote_receive_rtcp (publisher, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &packet));

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_throttles_keyframes (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  guint asked = 0;

  g_test_summary ("A flood of keyframe requests reaches the publisher twice a second");
  remote_publish_video (scene, publisher, 1);
  remote_subscribe (scene, viewer, 1);
  for (guint i = 0; i < 1000; i++)
    {
      guint8 bytes[64];
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      GrRtcpPacket packet;

      gr_rtcp_write_pli (&writer, 9, 2000);
      remote_send_rtcp (viewer, &writer);
      scene_pass (scene, 2 * MS);
      while (remote_receive_rtcp (publisher, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &packet))
        asked++;
    }
  g_assert_cmpuint (asked, >=, 4);
  g_assert_cmpuint (asked, <=, 5);

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_reports (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  guint8 bytes[256];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  GrRtcpSenderReport report = { .ssrc = 100, .ntp = G_GUINT64_CONSTANT (5) << 32, .rtp_timestamp = 3000 };
  GrRtcpReportBlock block;
  GrRtcpPacket packet;
  guint32 shown;
  guint64 bits;

  g_test_summary ("Subscribers get the publisher's clock in terms of their slot, publishers a report and a limit");
  remote_publish_video (scene, publisher, 1);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  shown = viewer->header.timestamp;
  gr_rtcp_write_sender_report (&writer, &report, NULL, 0);
  remote_send_rtcp (publisher, &writer);

  scene->plane->now += SECOND;
  gr_feedback_report (scene->plane);
  gr_plane_flush (scene->plane);
  g_assert_true (remote_receive_rtcp (viewer, GR_RTCP_SR, 0, &packet));
  g_assert_true (gr_rtcp_read_sender_report (&packet, &report));
  g_assert_cmpuint (report.ssrc, ==, 2000);
  g_assert_cmpuint (report.packets, ==, 1);
  g_assert_cmpint (ABS ((gint32) (report.rtp_timestamp - shown - 90000)), <, 10);

  g_assert_true (remote_receive_rtcp (publisher, GR_RTCP_RR, 1, &packet));
  g_assert_true (gr_rtcp_read_report_block (&packet, 0, &block));
  g_assert_cmpuint (block.ssrc, ==, 100);
  g_assert_cmpuint (block.last_sr, ==, 5 << 16);
  g_assert_cmpuint (block.delay_since_sr, ==, 1 << 16);

  scene_pass (scene, 0);
  scene->plane->now += SECOND;
  gr_feedback_report (scene->plane);
  gr_plane_flush (scene->plane);
  g_assert_true (remote_receive_rtcp (publisher, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_REMB, &packet));
  g_assert_true (gr_rtcp_read_remb (&packet, &bits));
  g_assert_cmpuint (packet.bytes[16], ==, 1);
  g_assert_cmpuint (bits, >=, 3900000);

  remote_part (publisher);
  remote_part (viewer);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/plane-feedback/" path, Scene, NULL, scene_set_up, function, scene_tear_down)
  ADD ("sends-again", test_sends_again);
  ADD ("asks-for-missing", test_asks_for_missing);
  ADD ("throttles-keyframes", test_throttles_keyframes);
  ADD ("reports", test_reports);
#undef ADD

  return g_test_run ();
}
