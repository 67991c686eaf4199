/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of how plugins/hubtransport's hub thread forwards, without the thread. plane-feedback.c has its RTCP. */
#include "plugins/hubtransport/snapshot.h"
#include "plugins/hubtransport/transport.h"
#include "remote.h"

#define MS G_GINT64_CONSTANT (1000)
static void
test_switches_at_keyframe (Scene *scene, gconstpointer data)
{
  Remote *first = remote_join (scene, 1);
  Remote *second = remote_join (scene, 2);
  Remote *viewer = remote_join (scene, 3);
  guint16 sequence;

  g_test_summary ("A slot changes its picture at a remote_keyframe, and its stream goes on without a gap");
  remote_publish_video (scene, first, 1);
  remote_publish_video (scene, second, 2);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (first, 1, 10, remote_interframe);
  g_assert_false (remote_receive (viewer));
  remote_send_frame (first, 1, 11, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.ssrc, ==, 3000);
  g_assert_cmpuint (viewer->header.payload_type, ==, REMOTE_PAYLOAD_TYPE);
  sequence = viewer->header.sequence;

  remote_subscribe (scene, viewer, 2);
  remote_send_frame (second, 2, 5000, remote_interframe);
  g_assert_false (remote_receive (viewer));
  remote_send_frame (first, 1, 12, remote_interframe);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 1));
  remote_send_frame (second, 2, 5001, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 2));
  remote_send_frame (first, 1, 13, remote_interframe);
  g_assert_false (remote_receive (viewer));

  remote_part (first);
  remote_part (second);
  remote_part (viewer);
}

static void
test_learns_mid (Scene *scene, gconstpointer data)
{
  static const guint8 mid[4] = { REMOTE_MID_ID << 4 | 1, 'v', '0', 0 };
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  GrRtpExtension extension;

  g_test_summary ("A stream that the offer did not name is known by its mid, and goes out with the slot's");
  remote_publish (scene, publisher, 1, &(GrHubTrack){ .media = GR_HUB_VIDEO, .mid = "v0" });
  remote_subscribe (scene, viewer, 1);
  remote_send (publisher, REMOTE_PAYLOAD_TYPE, 77, 1, 1, NULL, remote_keyframe, sizeof remote_keyframe);
  g_assert_false (remote_receive (viewer));
  g_assert_cmpuint (scene->plane->counters.unknown_ssrc, ==, 1);
  remote_send (publisher, REMOTE_PAYLOAD_TYPE, 77, 2, 1, mid, remote_keyframe, sizeof remote_keyframe);
  g_assert_true (remote_receive (viewer));
  g_assert_true (gr_rtp_find_extension (&viewer->header, viewer->buffer, REMOTE_MID_ID, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "v7", 2);
  remote_send (publisher, REMOTE_PAYLOAD_TYPE, 77, 3, 1, NULL, remote_interframe, sizeof remote_interframe);
  g_assert_true (remote_receive (viewer));

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_mutes (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);

  g_test_summary ("A muted track goes nowhere, and comes back with a keyframe");
  remote_publish_video (scene, publisher, 1);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = TRUE });
  remote_send_frame (publisher, 1, 2, remote_keyframe);
  g_assert_false (remote_receive (viewer));
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = FALSE });
  remote_send_frame (publisher, 1, 3, remote_interframe);
  g_assert_false (remote_receive (viewer));
  remote_send_frame (publisher, 1, 4, remote_keyframe);
  g_assert_true (remote_receive (viewer));

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_tells_levels (Scene *scene, gconstpointer data)
{
  static const guint8 loud[4] = { REMOTE_LEVEL_ID << 4, 0x80 | 20 };
  static const guint8 quiet[4] = { REMOTE_LEVEL_ID << 4, 90 };
  Remote *publisher = remote_join (scene, 1);
  GrHubFact fact;

  g_test_summary ("Main hears how loud the loudest packet of each track was");
  remote_publish (scene, publisher, 1, &(GrHubTrack){ .media = GR_HUB_AUDIO, .ssrc = 50 });
  remote_send (publisher, REMOTE_OPUS_PAYLOAD_TYPE, 50, 1, 960, loud, remote_keyframe, 1);
  remote_send (publisher, REMOTE_OPUS_PAYLOAD_TYPE, 50, 2, 1920, quiet, remote_keyframe, 1);
  gr_snapshot_tell_levels (scene->plane);
  g_assert_true (scene_was_told (scene, GR_HUB_LEVELS, &fact));
  g_assert_cmpuint (fact.n_levels, ==, 1);
  g_assert_cmpuint (fact.levels[0].track, ==, 1);
  g_assert_cmpuint (fact.levels[0].level, ==, 20);
  gr_snapshot_tell_levels (scene->plane);
  g_assert_false (scene_was_told (scene, GR_HUB_LEVELS, &fact));

  remote_part (publisher);
}

static void
test_keeps_for_newcomer (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join_without_keys (scene, 2);
  GrTrack *track;
  guint16 sequence;

  g_test_summary ("A newcomer gets the picture that began while it shook hands, and what followed");
  remote_publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  remote_subscribe (scene, viewer, 1);
  g_assert_true (track->keyframes.wanted);
  remote_send_frame (publisher, 1, 65534, remote_interframe);
  remote_send_frame (publisher, 1, 65535, remote_keyframe);
  remote_send_frame (publisher, 1, 0, remote_interframe);
  g_assert_false (remote_receive (viewer));

  scene_pass (scene, 200 * MS);
  remote_give_keys (scene, 2);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpmem (viewer->buffer + viewer->header.payload_offset, 2, remote_keyframe, 2);
  sequence = viewer->header.sequence;
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 1));
  g_assert_false (remote_receive (viewer));
  g_assert_false (track->keyframes.wanted);
  remote_send_frame (publisher, 1, 1, remote_interframe);
  g_assert_true (remote_receive (viewer));
  g_assert_cmpuint (viewer->header.sequence, ==, (guint16) (sequence + 2));

  remote_part (publisher);
  remote_part (viewer);
}

static void
test_new_slot (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  GrTrack *track;

  g_test_summary ("A slot that its peer is only now told of begins with a keyframe to come, not with one that is past");
  remote_publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  remote_subscribe (scene, viewer, 1);
  gr_plane_flush (scene->plane);
  g_assert_false (remote_receive (viewer));
  g_assert_true (track->keyframes.wanted);
  remote_part (publisher);
  remote_part (viewer);
}

static void
test_asks_for_newcomer (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join_without_keys (scene, 2);
  Remote *later = remote_join (scene, 3);
  GrTrack *track;

  g_test_summary ("A picture that began long ago, or was nobody's to see, is asked for anew");
  remote_publish_video (scene, publisher, 1);
  track = gr_plane_track (scene->plane, 1);
  remote_subscribe (scene, viewer, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  scene_pass (scene, 501 * MS);
  remote_give_keys (scene, 2);
  g_assert_false (remote_receive (viewer));
  g_assert_true (track->keyframes.wanted);

  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = TRUE });
  remote_send_frame (publisher, 1, 2, remote_keyframe);
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_MUTE, .track = 1, .value = FALSE });
  remote_subscribe (scene, later, 1);
  gr_plane_flush (scene->plane);
  g_assert_false (remote_receive (later));
  g_assert_true (track->keyframes.wanted);
  remote_part (publisher);
  remote_part (viewer);
  remote_part (later);
}

static void
test_notices_silence (Scene *scene, gconstpointer data)
{
  Remote *remote = remote_join (scene, 1);
  Remote *late;
  GrHubFact fact;

  g_test_summary ("A peer that is silent for eight seconds is gone, one that never came after three times as long");
  remote_publish_video (scene, remote, 1);
  remote_send_frame (remote, 1, 1, remote_keyframe);
  late = remote_join (scene, 2);
  scene->plane->now += SCENE_LIVENESS - MS;
  gr_transport_check (scene->plane);
  g_assert_false (scene_was_told (scene, GR_HUB_GONE, &fact));
  scene->plane->now += 2 * MS;
  gr_transport_check (scene->plane);
  g_assert_true (scene_was_told (scene, GR_HUB_GONE, &fact));
  g_assert_cmpuint (fact.peer, ==, 1);
  scene->plane->now += 2 * SCENE_LIVENESS;
  gr_transport_check (scene->plane);
  g_assert_true (scene_was_told (scene, GR_HUB_GONE, &fact));
  g_assert_cmpuint (fact.peer, ==, 2);

  remote_part (remote);
  remote_part (late);
}

static void
test_leaves (Scene *scene, gconstpointer data)
{
  Remote *publisher = remote_join (scene, 1);
  Remote *viewer = remote_join (scene, 2);
  Remote *other = remote_join (scene, 3);

  g_test_summary ("Whoever leaves takes along tracks and slots, and the others go on");
  remote_publish_video (scene, publisher, 1);
  remote_publish_video (scene, other, 2);
  remote_subscribe (scene, viewer, 1);
  remote_subscribe (scene, other, 1);
  remote_send_frame (publisher, 1, 1, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  remote_subscribe (scene, viewer, 2);
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = 1 });
  g_assert_null (gr_plane_track (scene->plane, 1));
  remote_send_frame (other, 2, 1, remote_keyframe);
  g_assert_true (remote_receive (viewer));
  scene_obey (scene, (GrCommand){ .kind = GR_COMMAND_REMOVE_PEER, .peer = 2 });
  remote_send_frame (other, 2, 2, remote_interframe);
  g_assert_false (remote_receive (viewer));

  remote_part (publisher);
  remote_part (viewer);
  remote_part (other);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/plane/" path, Scene, NULL, scene_set_up, function, scene_tear_down)
  ADD ("switches-at-keyframe", test_switches_at_keyframe);
  ADD ("learns-mid", test_learns_mid);
  ADD ("mutes", test_mutes);
  ADD ("tells-levels", test_tells_levels);
  ADD ("keeps-for-newcomer", test_keeps_for_newcomer);
  ADD ("new-slot", test_new_slot);
  ADD ("asks-for-newcomer", test_asks_for_newcomer);
  ADD ("notices-silence", test_notices_silence);
  ADD ("leaves", test_leaves);
#undef ADD

  return g_test_run ();
}
