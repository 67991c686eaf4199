/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what repairs streams, and of what bounds it: hubtransport's ring, nack, throttle and reception. */
#include <string.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/nack.h"
#include "plugins/hubtransport/reception.h"
#include "plugins/hubtransport/ring.h"
#include "plugins/hubtransport/throttle.h"

#define MS 1000

static gsize
length_of (guint i)
{
  return 1 + i * 37 % 1400;
}

static void
test_ring (void)
{
  g_autoptr (GrRing) ring = gr_ring_new (256, 512 * 1024);
  guint8 packet[1500];
  gsize length;

  g_test_summary ("The ring gives back the last packets as they were, across wraps, and no others");

  for (guint i = 0; i < 100000; i++)
    {
      memset (packet, i, sizeof packet);
      gr_ring_put (ring, i, packet, length_of (i));
      if (i % 997 == 0 && i > 300)
        for (guint back = 0; back < 300; back++)
          {
            const guint8 *kept = gr_ring_get (ring, i - back, &length);

            g_assert_cmpint (kept != NULL, ==, back < 256);
            if (kept == NULL)
              continue;
            g_assert_cmpuint (length, ==, length_of (i - back));
            g_assert_cmpuint (kept[0], ==, (guint8) (i - back));
            g_assert_cmpuint (kept[length - 1], ==, (guint8) (i - back));
          }
    }
  g_assert_null (gr_ring_get (ring, (guint16) 100001, &length));
}

static void
test_ring_bytes (void)
{
  g_autoptr (GrRing) ring = gr_ring_new (1024, 8192);
  guint8 packet[GR_RING_MAX_PACKET + 1] = { 0 };
  gsize length;
  guint n_kept = 0;

  g_test_summary ("A ring that is short of bytes keeps fewer packets, all of them whole");

  for (guint i = 0; i < 1000; i++)
    {
      gr_write_u16 (packet, i);
      gr_write_u16 (packet + 998, i);
      gr_ring_put (ring, i, packet, 1000);
    }
  for (guint i = 0; i < 1000; i++)
    {
      const guint8 *kept = gr_ring_get (ring, i, &length);

      if (kept == NULL)
        continue;
      n_kept++;
      g_assert_cmpuint (gr_read_u16 (kept), ==, i);
      g_assert_cmpuint (gr_read_u16 (kept + 998), ==, i);
    }
  g_assert_cmpuint (n_kept, >=, 7);
  g_assert_cmpuint (n_kept, <=, 8);

  gr_ring_put (ring, 2000, packet, sizeof packet);
  g_assert_null (gr_ring_get (ring, 2000, &length));
  gr_ring_put (ring, 2000, packet, 0);
  g_assert_null (gr_ring_get (ring, 2000, &length));
}

static void
test_nack (void)
{
  GrNackList list = { 0 };
  guint16 due[8];

  g_test_summary ("What is missing is asked for after a moment, again after a round trip, and not after it came");

  g_assert_cmpint (gr_nack_receive (&list, 65534, 0), ==, GR_NACK_NEXT);
  g_assert_cmpint (gr_nack_next_due (&list), ==, G_MAXINT64);
  g_assert_cmpint (gr_nack_receive (&list, 2, 0), ==, GR_NACK_NEXT);
  g_assert_cmpuint (gr_nack_take_due (&list, 0, 0, due, 8), ==, 0);
  g_assert_cmpint (gr_nack_next_due (&list), ==, GR_NACK_REORDER_TIME);

  g_assert_cmpint (gr_nack_receive (&list, 0, 1 * MS), ==, GR_NACK_RECOVERED);
  g_assert_cmpint (gr_nack_receive (&list, 0, 1 * MS), ==, GR_NACK_KNOWN);
  g_assert_cmpuint (gr_nack_take_due (&list, 5 * MS, 50 * MS, due, 8), ==, 2);
  g_assert_cmpuint (due[0], ==, 65535);
  g_assert_cmpuint (due[1], ==, 1);
  g_assert_cmpuint (gr_nack_take_due (&list, 54 * MS, 50 * MS, due, 8), ==, 0);
  g_assert_cmpuint (gr_nack_take_due (&list, 55 * MS, 50 * MS, due, 1), ==, 1);
  g_assert_cmpuint (gr_nack_take_due (&list, 55 * MS, 50 * MS, due, 1), ==, 1);
  g_assert_cmpuint (due[0], ==, 1);

  g_assert_cmpint (gr_nack_receive (&list, 65535, 60 * MS), ==, GR_NACK_RECOVERED);
  g_assert_cmpint (gr_nack_receive (&list, 1, 60 * MS), ==, GR_NACK_RECOVERED);
  g_assert_cmpuint (gr_nack_take_due (&list, 900 * MS, 0, due, 8), ==, 0);
  g_assert_cmpuint (list.missed, ==, 3);
  g_assert_cmpuint (list.recovered, ==, 3);
  g_assert_cmpuint (list.given_up, ==, 0);
}

static void
test_nack_gives_up (void)
{
  GrNackList list = { 0 };
  guint16 due[8];
  guint n_asked = 0;

  g_test_summary ("A packet that never comes is asked for ten times, or for a second, and no longer");

  gr_nack_receive (&list, 1, 0);
  gr_nack_receive (&list, 3, 0);
  for (gint64 now = 0; now < 3000 * MS; now += MS)
    n_asked += gr_nack_take_due (&list, now, 0, due, 8);
  g_assert_cmpuint (n_asked, ==, GR_NACK_MAX_TRIES);

  gr_nack_receive (&list, 5, 3000 * MS);
  for (gint64 now = 3000 * MS; now < 6000 * MS; now += MS)
    n_asked += gr_nack_take_due (&list, now, 300 * MS, due, 8);
  g_assert_cmpuint (n_asked, ==, GR_NACK_MAX_TRIES + 4);
  g_assert_cmpuint (list.given_up, ==, 2);
  g_assert_cmpuint (list.n_missing, ==, 0);
}

static void
test_nack_gap (void)
{
  GrNackList list = { 0 };
  guint16 due[1000];

  g_test_summary ("A gap that is too long is not asked for, in one piece or in many");

  gr_nack_receive (&list, 0, 0);
  g_assert_cmpint (gr_nack_receive (&list, GR_NACK_MAX_MISSING + 1, 0), ==, GR_NACK_NEXT);
  g_assert_cmpuint (gr_nack_take_due (&list, 10 * MS, 0, due, 1000), ==, GR_NACK_MAX_MISSING);
  g_assert_cmpint (gr_nack_receive (&list, GR_NACK_MAX_MISSING + 3, 0), ==, GR_NACK_GAP);
  g_assert_cmpuint (gr_nack_take_due (&list, 100 * MS, 0, due, 1000), ==, 0);
  g_assert_cmpint (gr_nack_receive (&list, 30000, 0), ==, GR_NACK_GAP);
  g_assert_cmpint (gr_nack_receive (&list, 30001, 0), ==, GR_NACK_NEXT);
  g_assert_cmpuint (list.missed, ==, list.given_up);
}

static void
test_throttle (void)
{
  GrThrottle throttle;
  guint n_sent = 0;

  g_test_summary ("A flood of keyframe requests is one in an interval, until the keyframe is there");

  gr_throttle_init (&throttle, 300 * MS);
  g_assert_false (gr_throttle_take (&throttle, 1));
  for (gint64 now = MS; now < 1000 * MS; now += MS)
    {
      gr_throttle_want (&throttle);
      n_sent += gr_throttle_take (&throttle, now);
    }
  g_assert_cmpuint (n_sent, ==, 4);

  gr_throttle_satisfy (&throttle);
  g_assert_cmpint (gr_throttle_next_due (&throttle), ==, G_MAXINT64);
  gr_throttle_want (&throttle);
  g_assert_false (gr_throttle_take (&throttle, 1000 * MS));
  g_assert_cmpint (gr_throttle_next_due (&throttle), ==, 1201 * MS);
  g_assert_true (gr_throttle_take (&throttle, 1201 * MS));
}

static void
test_budget (void)
{
  GrBudget budget;
  guint taken = 0;

  g_test_summary ("A budget is its burst at once, and its rate over time, in steps of any size");

  gr_budget_init (&budget, 1000000, 20000);
  for (gint64 now = MS; now <= 1001 * MS; now += 10)
    while (gr_budget_take (&budget, 1000, now))
      taken += 1000;
  g_assert_cmpuint (taken, ==, 20000 + 1000000);
  g_assert_false (gr_budget_take (&budget, 20001, G_MAXINT64 / 2));
  g_assert_true (gr_budget_take (&budget, 20000, G_MAXINT64 / 2));
}

static void
test_reception (void)
{
  GrReception reception = { 0 };

  g_test_summary ("A reception knows its losses, in all and since the last report, its jitter and its wraps");

  for (guint i = 0; i < 1000; i++)
    if (i % 10 != 3)
      gr_reception_packet (&reception, 65000 + i, i * 160, 8000, i * 20 * MS);
  g_assert_cmpuint (gr_reception_lost (&reception), ==, 100);
  g_assert_cmpuint (gr_reception_take_fraction_lost (&reception), ==, 25);
  g_assert_cmpuint (reception.highest, ==, 65000 + 999);
  g_assert_cmpuint (gr_reception_jitter (&reception), ==, 0);

  /* Nothing is lost any more, but each second packet comes 10 ms late. */
  for (guint i = 1000; i < 2000; i++)
    gr_reception_packet (&reception, 65000 + i, i * 160, 8000, i * 20 * MS + (i % 2) * 10 * MS);
  g_assert_cmpuint (gr_reception_lost (&reception), ==, 100);
  g_assert_cmpuint (gr_reception_take_fraction_lost (&reception), ==, 0);
  g_assert_cmpuint (gr_reception_jitter (&reception), >=, 78);
  g_assert_cmpuint (gr_reception_jitter (&reception), <=, 80);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ring/packets", test_ring);
  g_test_add_func ("/ring/bytes", test_ring_bytes);
  g_test_add_func ("/nack/asks-again", test_nack);
  g_test_add_func ("/nack/gives-up", test_nack_gives_up);
  g_test_add_func ("/nack/gap", test_nack_gap);
  g_test_add_func ("/throttle/keyframes", test_throttle);
  g_test_add_func ("/throttle/budget", test_budget);
  g_test_add_func ("/reception/report", test_reception);

  return g_test_run ();
}
