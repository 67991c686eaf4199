/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers/telemetry.h"
#include "base/main-call.h"
#include "base/metrics.h"
#include "fake-hub.h"
#include "house-fixture.h"

static gint64
figure (const char *name)
{
  g_autofree char *text = gr_metrics_text ();
  g_autofree char *line = g_strdup_printf ("\n%s ", name);
  const char *found = strstr (text, line);

  g_assert_nonnull (found);

  return g_ascii_strtoll (found + strlen (line), NULL, 10);
}

typedef struct
{
  HouseFixture home;
  GrFakeHub *hub;
  GrHubTelemetry *telemetry;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  house_set_up (&fixture->home);
  fixture->hub = gr_fake_hub_new ();
  fixture->telemetry = gr_hub_telemetry_new (fixture->home.house, GR_HUB_PORT (fixture->hub));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->telemetry));
  house_stop (&fixture->home);
  house_tear_down (&fixture->home);
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
}

static void
poll_once (Fixture *fixture)
{
  gr_hub_telemetry_poll (fixture->telemetry);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static const struct
{
  const char *name;
  gint64 value;
} of_cameras[] = {
  { "track_packets", 4 },        { "track_bytes", 5 },
  { "track_nacked_packets", 6 }, { "track_rtx_packets", 7 },
  { "track_plis", 8 },           { "track_jitter_microseconds", 9 },
  { "slot_packets", 12 },        { "slot_bytes", 12 },
  { "slot_lost_packets", 13 },   { "slot_nacked_packets", 14 },
  { "slot_rtx_packets", 15 },    { "slot_plis", 16 },
  { "slot_firs", 17 },           { "slot_jitter_microseconds", 18 },
};

static void
test_figures (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("The hub's counters are shown, and those of tracks are summed up by kind");

  gr_fake_hub_set_statistics (
      fixture->hub,
      "{\"hub\":{\"packetsIn\":7,\"bytesOut\":5000000000},\"rooms\":["
      "{\"room\":\"a\",\"peers\":[{},{}],\"tracks\":[{\"kind\":\"camera\",\"bitsPerSecond\":1000,\"lost\":1},"
      "{\"kind\":\"microphone\",\"bitsPerSecond\":30},{\"kind\":\"smell\",\"lost\":9},5]},"
      "{\"room\":\"b\",\"peers\":[{}],\"tracks\":[{\"kind\":\"camera\",\"bitsPerSecond\":200,\"lost\":2,\"packets\":4,"
      "\"bytes\":5,\"nacksSent\":6,\"recovered\":7,\"plisSent\":8,\"jitterUs\":9}],\"slots\":["
      "{\"kind\":null,\"packets\":100},{\"kind\":\"programme\",\"packets\":7},"
      "{\"kind\":\"camera\",\"packets\":11,\"bytes\":12,\"lost\":13,\"nacks\":14,\"rtx\":15,\"plis\":16,\"firs\":17,"
      "\"jitterUs\":18},{\"kind\":\"camera\",\"packets\":1,\"jitterUs\":2}]}]}");
  poll_once (fixture);

  g_assert_cmpint (figure ("greenroom_hub_packets_in_total"), ==, 7);
  g_assert_cmpint (figure ("greenroom_hub_bytes_out_total"), ==, 5000000000);
  g_assert_cmpint (figure ("greenroom_hub_peers"), ==, 3);
  g_assert_cmpint (figure ("greenroom_hub_tracks{kind=\"camera\"}"), ==, 2);
  g_assert_cmpint (figure ("greenroom_hub_track_bits_per_second{kind=\"camera\"}"), ==, 1200);
  g_assert_cmpint (figure ("greenroom_hub_track_lost_packets{kind=\"camera\"}"), ==, 3);
  g_assert_cmpint (figure ("greenroom_hub_tracks{kind=\"microphone\"}"), ==, 1);
  g_assert_cmpint (figure ("greenroom_hub_slots{kind=\"camera\"}"), ==, 2);
  g_assert_cmpint (figure ("greenroom_hub_slot_packets{kind=\"programme\"}"), ==, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (of_cameras); i++)
    {
      g_autofree char *name = g_strdup_printf ("greenroom_hub_%s{kind=\"camera\"}", of_cameras[i].name);

      g_assert_cmpint (figure (name), ==, of_cameras[i].value);
    }
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char *const answers[] = { NULL, "", "[]", "{\"hub\":[],\"rooms\":{}}", "{\"rooms\":[1]}", "{" };

  g_test_summary ("What is no statistics changes nothing but the presence of tracks");

  gr_fake_hub_set_statistics (fixture->hub, "{\"hub\":{\"packetsIn\":8}}");
  poll_once (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      gr_fake_hub_set_statistics (fixture->hub, answers[i]);
      poll_once (fixture);
      g_assert_cmpint (figure ("greenroom_hub_packets_in_total"), ==, 8);
    }
}

static void
test_restarts (Fixture *fixture, gconstpointer data)
{
  gint64 before = figure ("greenroom_hub_restarts_total");

  g_test_summary ("A hub that goes and comes back is down meanwhile, and its restart is counted");

  g_assert_cmpint (figure ("greenroom_hub_up"), ==, 1);
  gr_fake_hub_set_up (fixture->hub, FALSE);
  g_assert_cmpint (figure ("greenroom_hub_up"), ==, 0);
  g_assert_cmpint (figure ("greenroom_hub_peers"), ==, 0);
  gr_fake_hub_set_up (fixture->hub, TRUE);
  g_assert_cmpint (figure ("greenroom_hub_up"), ==, 1);
  g_assert_cmpint (figure ("greenroom_hub_restarts_total"), ==, before + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  g_test_add ("/telemetry/figures-are-shown-and-summed-up", Fixture, NULL, set_up, test_figures, tear_down);
  g_test_add ("/telemetry/nonsense-is-no-statistics", Fixture, NULL, set_up, test_nonsense, tear_down);
  g_test_add ("/telemetry/restarts-are-counted", Fixture, NULL, set_up, test_restarts, tear_down);

  return g_test_run ();
}
