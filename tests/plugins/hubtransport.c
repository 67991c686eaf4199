/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of plugins/hubtransport with real peers: webrtcbins on libnice, over the loopback interface. */
#include <unistd.h>

#include "client.h"

/* Seconds; a test that hangs is killed. */
#define WATCHDOG 60
#define LIVENESS_MS 1500
#define IPV4 "127.0.0.1"
#define IPV6 "::1"
#define WRONG_FINGERPRINT                                                                                              \
  "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

typedef struct
{
  GrHub *hub;
  gboolean has_ipv6;
  guint connected;
  guint refused;
  guint gone;
  guint seen;
  guint keyframes_wanted;
  GrHubPeerId last_gone;
  GrHubSnapshot *snapshot;
  gboolean asked;
} Scene;

static void
on_fact (GrHub *hub, const GrHubFact *fact, gpointer user_data)
{
  Scene *scene = user_data;

  switch (fact->kind)
    {
    case GR_HUB_CONNECTED:
      scene->connected++;
      break;
    case GR_HUB_REFUSED:
      scene->refused++;
      break;
    case GR_HUB_GONE:
      scene->gone++;
      scene->last_gone = fact->peer;
      break;
    case GR_HUB_TRACK_SEEN:
      scene->seen++;
      break;
    case GR_HUB_KEYFRAME_WANTED:
      scene->keyframes_wanted++;
      break;
    case GR_HUB_LEVELS:
      break;
    }
}

static void
set_up (Scene *scene, gconstpointer data)
{
  GrHubOptions options = {
    .addresses = { IPV4, IPV6 },
    .n_addresses = 2,
    .liveness_ms = LIVENESS_MS,
    .on_fact = on_fact,
    .user_data = scene,
  };
  g_autoptr (GError) error = NULL;

  alarm (WATCHDOG);
  scene->hub = gr_hub_new (&options, &error);
  scene->has_ipv6 = scene->hub != NULL;
  if (!scene->has_ipv6)
    {
      g_clear_error (&error);
      options.n_addresses = 1;
      scene->hub = gr_hub_new (&options, &error);
    }
  g_assert_no_error (error);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  g_clear_pointer (&scene->snapshot, gr_hub_snapshot_free);
  g_assert_finalize_object (scene->hub);
  alarm (0);
}

static void
on_snapshot (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Scene *scene = user_data;

  scene->snapshot = gr_hub_take_snapshot_finish (GR_HUB (source), result, NULL);
  scene->asked = FALSE;
}

static const GrHubSnapshot *
take_snapshot (Scene *scene)
{
  g_clear_pointer (&scene->snapshot, gr_hub_snapshot_free);
  scene->asked = TRUE;
  gr_hub_take_snapshot_async (scene->hub, on_snapshot, scene);
  while (scene->asked)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (scene->snapshot);
  return scene->snapshot;
}

static gboolean
wake (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Streaming threads count without waking the main context. */
#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    guint waker = g_timeout_add (10, wake, NULL);                                                                      \
                                                                                                                       \
    while (!(condition))                                                                                               \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (waker);                                                                                           \
  }                                                                                                                    \
  G_STMT_END

static gboolean
expire (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Where a test shows that something does not happen. */
static void
let_pass (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, expire, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
leave (Client *client)
{
  gr_hub_remove_peer (client->hub, client->id);
  client_free (client);
}

static Client *
publish (Scene *scene, GrHubPeerId id, GrHubTrackId track)
{
  Client *client = client_new (scene->hub, id, CLIENT_PUBLISHES, IPV4);
  GrHubTrack what = { .media = GR_HUB_VIDEO };

  client_negotiate (client, NULL, 0, 0);
  what.ssrc = client->ssrc;
  what.rtx_ssrc = client->rtx_ssrc;
  gr_hub_publish (scene->hub, id, track, &what);
  return client;
}

static Client *
watch (Scene *scene, GrHubPeerId id, GrHubTrackId track)
{
  Client *client = client_new (scene->hub, id, CLIENT_WATCHES, IPV4);
  GrHubSlot what = { .media = GR_HUB_VIDEO, .ssrc = 5000 + id, .rtx_ssrc = 6000 + id };

  client_negotiate (client, NULL, what.ssrc, what.rtx_ssrc);
  gr_hub_add_slot (scene->hub, id, 1, &what);
  gr_hub_subscribe (scene->hub, id, 1, track);
  return client;
}

static const GrHubSlotStats *
slot_of (const GrHubSnapshot *snapshot, GrHubPeerId peer)
{
  for (guint i = 0; i < snapshot->slots->len; i++)
    if (g_array_index (snapshot->slots, GrHubSlotStats, i).peer == peer)
      return &g_array_index (snapshot->slots, GrHubSlotStats, i);

  g_assert_not_reached ();
}

static void
test_connects (Scene *scene, gconstpointer data)
{
  Client *client = client_new (scene->hub, 1, CLIENT_PUBLISHES, IPV4);

  g_test_summary ("A peer shakes hands through the hub's port");
  client_negotiate (client, NULL, 0, 0);
  wait_until (scene->connected == 1);
  g_assert_cmpuint (scene->refused, ==, 0);
  leave (client);
}

static void
test_connects_ipv6 (Scene *scene, gconstpointer data)
{
  Client *client;

  g_test_summary ("A peer shakes hands over IPv6 through the same port");
  if (!scene->has_ipv6)
    {
      g_test_skip ("This machine has no IPv6");
      return;
    }

  client = client_new (scene->hub, 1, CLIENT_PUBLISHES, IPV6);
  client_negotiate (client, NULL, 0, 0);
  wait_until (scene->connected == 1);
  leave (client);
}

static void
test_wrong_fingerprint (Scene *scene, gconstpointer data)
{
  Client *client = client_new (scene->hub, 1, CLIENT_PUBLISHES, IPV4);
  GrHubTrack what = { .media = GR_HUB_VIDEO, .ssrc = 1001 };

  g_test_summary ("With another certificate than the announced one no packet passes");
  client_negotiate (client, WRONG_FINGERPRINT, 0, 0);
  gr_hub_publish (scene->hub, 1, 1, &what);
  wait_until (scene->refused == 1);
  wait_until (take_snapshot (scene)->counters.without_keys > 10);
  g_assert_cmpuint (scene->connected, ==, 0);
  g_assert_cmpuint (scene->seen, ==, 0);
  g_assert_cmpuint (g_array_index (scene->snapshot->tracks, GrHubTrackStats, 0).packets, ==, 0);
  leave (client);
}

static void
test_forwards (Scene *scene, gconstpointer data)
{
  Client *publisher = publish (scene, 1, 1);
  Client *first = watch (scene, 2, 1);
  Client *second = watch (scene, 3, 1);

  g_test_summary ("What one publishes reaches two who watch, each with its own SSRC");
  wait_until (g_atomic_int_get (&first->packets) > 50 && g_atomic_int_get (&second->packets) > 50);
  g_assert_cmpuint (scene->seen, ==, 1);
  g_assert_cmpint (g_atomic_int_get (&first->gaps), ==, 0);
  take_snapshot (scene);
  g_assert_cmpuint (slot_of (scene->snapshot, 2)->track, ==, 1);
  g_assert_cmpuint (slot_of (scene->snapshot, 3)->packets, >, 50);
  g_assert_cmpuint (scene->snapshot->counters.srtp_refused, ==, 0);
  leave (first);
  leave (second);
  leave (publisher);
}

static void
test_repairs (Scene *scene, gconstpointer data)
{
  Client *publisher = publish (scene, 1, 1);
  Client *watcher = watch (scene, 2, 1);

  g_test_summary ("A packet that is lost on the way down is sent again from the ring");
  wait_until (g_atomic_int_get (&watcher->packets) > 30);
  g_atomic_int_set (&watcher->drop, 3);
  wait_until (slot_of (take_snapshot (scene), 2)->rtx > 0);
  g_assert_cmpuint (slot_of (scene->snapshot, 2)->nacks, >=, slot_of (scene->snapshot, 2)->rtx);
  leave (watcher);
  leave (publisher);
}

static void
test_keyframes (Scene *scene, gconstpointer data)
{
  Client *publisher = publish (scene, 1, 1);
  Client *watcher = watch (scene, 2, 1);
  const GrHubTrackStats *track;
  gint64 began;

  g_test_summary ("However often keyframes are asked for, the publisher hears of it twice a second");
  wait_until (g_atomic_int_get (&watcher->packets) > 30);
  take_snapshot (scene);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < 100; i++)
    {
      client_ask_for_keyframe (watcher);
      let_pass (10);
    }
  wait_until (g_atomic_int_get (&publisher->keyframe_requests) > 1);
  take_snapshot (scene);
  track = &g_array_index (scene->snapshot->tracks, GrHubTrackStats, 0);
  g_assert_cmpuint (track->plis_sent, <=, 3 + (g_get_monotonic_time () - began) / (G_USEC_PER_SEC / 2));
  leave (watcher);
  leave (publisher);
}

static void
test_vanishes (Scene *scene, gconstpointer data)
{
  Client *client = publish (scene, 7, 1);
  gint64 began;

  g_test_summary ("A peer that vanishes without a word is reported");
  wait_until (scene->seen == 1);
  client_vanish (client);
  began = g_get_monotonic_time ();
  wait_until (scene->gone == 1);
  g_assert_cmpuint (scene->last_gone, ==, 7);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 3 * LIVENESS_MS * 1000);
  leave (client);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
come_and_go (Scene *scene)
{
  Client *client = client_new (scene->hub, 1, CLIENT_WATCHES, IPV4);
  guint before = scene->connected;

  client_negotiate (client, NULL, 5001, 6001);
  wait_until (scene->connected == before + 1);
  leave (client);
}

static void
test_cycles (Scene *scene, gconstpointer data)
{
  guint cycles = g_test_slow () ? 300 : 100;
  guint descriptors, threads;

  g_test_summary ("A hundred peers who come and go leave descriptors and threads as before");
  alarm (300);
  /* GStreamer keeps some threads and descriptors for good. */
  for (guint i = 0; i < 3; i++)
    come_and_go (scene);
  let_pass (500);
  descriptors = count_entries ("/proc/self/fd");
  threads = count_entries ("/proc/self/task");
  for (guint i = 0; i < cycles; i++)
    come_and_go (scene);
  let_pass (500);
  wait_until (count_entries ("/proc/self/task") <= threads);
  g_assert_cmpuint (count_entries ("/proc/self/fd"), <=, descriptors);
  g_assert_cmpuint (take_snapshot (scene)->peers->len, ==, 0);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/hubtransport/" path, Scene, NULL, set_up, function, tear_down)
  ADD ("connects", test_connects);
  ADD ("connects-ipv6", test_connects_ipv6);
  ADD ("wrong-fingerprint", test_wrong_fingerprint);
  ADD ("forwards", test_forwards);
  ADD ("repairs", test_repairs);
  ADD ("keyframes", test_keyframes);
  ADD ("vanishes", test_vanishes);
  ADD ("cycles", test_cycles);
#undef ADD

  return g_test_run ();
}
