/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of hubtransport's rewrite. */
#include "plugins/hubtransport/rewrite.h"

#define VIDEO_RATE 90000
#define FRAME_TICKS 3000
#define FRAME_TIME 33333 /* µs */

typedef struct
{
  guint16 sequence;
  guint32 timestamp;
} Numbers;

/* The outgoing numbers of a packet that must have some. */
static Numbers
pass (GrRewrite *rewrite, guint32 source, guint16 sequence, guint32 timestamp, gint64 now)
{
  Numbers out;

  g_assert_true (gr_rewrite_packet (rewrite, source, sequence, timestamp, now, &out.sequence, &out.timestamp));
  return out;
}

static void
refuse (GrRewrite *rewrite, guint32 source, guint16 sequence)
{
  Numbers out;

  g_assert_false (gr_rewrite_packet (rewrite, source, sequence, 0, 0, &out.sequence, &out.timestamp));
}

static void
test_one_source (void)
{
  GrRewrite rewrite;

  g_test_summary ("One source goes on evenly from the first numbers, across both wraps");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 100, 5000);
  for (guint i = 0; i < 200000; i++)
    {
      Numbers out = pass (&rewrite, 1, 65000 + i, G_MAXUINT32 - 9000 + i * FRAME_TICKS, i * (gint64) FRAME_TIME);

      g_assert_cmpuint (out.sequence, ==, (guint16) (100 + i));
      g_assert_cmpuint (out.timestamp, ==, (guint32) (5000 + i * FRAME_TICKS));
    }
}

static void
test_switch (void)
{
  GrRewrite rewrite;
  Numbers last = { 0 };

  g_test_summary ("A hundred switches leave no gap in sequence numbers, and timestamps follow the time that passed");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 32000, 0);
  for (guint i = 0; i < 100; i++)
    {
      gr_rewrite_switch (&rewrite);
      for (guint k = 0; k < 10; k++)
        {
          gint64 now = G_USEC_PER_SEC + (i * 10 + k) * (gint64) FRAME_TIME;
          Numbers out = pass (&rewrite, i % 3, i * 7919 + k, i * 104729u + k * FRAME_TICKS, now);

          if (i > 0 || k > 0)
            {
              g_assert_cmpuint (out.sequence, ==, (guint16) (last.sequence + 1));
              g_assert_cmpint (ABS ((gint32) (out.timestamp - last.timestamp) - FRAME_TICKS), <=, 1);
            }
          last = out;
        }
    }
}

static void
test_same_moment (void)
{
  GrRewrite rewrite;
  Numbers before, after;

  g_test_summary ("A switch within a moment, or with a clock that stands, still moves the timestamp");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 1, 1);
  before = pass (&rewrite, 1, 10, 10, 1000);
  gr_rewrite_switch (&rewrite);
  after = pass (&rewrite, 2, 20, 20, 900);
  g_assert_cmpint ((gint32) (after.timestamp - before.timestamp), ==, 1);
}

static void
test_reordered_at_switch (void)
{
  GrRewrite rewrite;

  g_test_summary ("Around a switch late packets fill their gap, and those with no place do not go out");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 1000, 0);
  pass (&rewrite, 1, 50, 0, 1);
  pass (&rewrite, 1, 53, 6000, 2);
  gr_rewrite_switch (&rewrite);
  g_assert_cmpuint (pass (&rewrite, 2, 700, 0, 3).sequence, ==, 1004);
  g_assert_cmpuint (pass (&rewrite, 2, 702, 0, 3).sequence, ==, 1006);

  g_assert_cmpuint (pass (&rewrite, 1, 51, 3000, 4).sequence, ==, 1001);
  g_assert_cmpuint (pass (&rewrite, 1, 51, 3000, 4).timestamp, ==, 3000);
  g_assert_cmpuint (pass (&rewrite, 2, 701, 0, 4).sequence, ==, 1005);
  /* After the old source's last packet, before the new one's first, and of one that was never on. */
  refuse (&rewrite, 1, 54);
  refuse (&rewrite, 1, 49);
  refuse (&rewrite, 2, 699);
  refuse (&rewrite, 3, 51);

  g_assert_cmpuint (pass (&rewrite, 2, 703, 3000, 5).sequence, ==, 1007);
}

static void
test_find (void)
{
  GrRewrite rewrite;
  guint32 source, back;
  guint16 sequence;

  g_test_summary ("A NACKed number leads to its source, while the segment is remembered");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 0, 0);
  g_assert_false (gr_rewrite_find (&rewrite, 0, &source, &sequence, &back));
  for (guint i = 0; i < 40; i++)
    {
      gr_rewrite_switch (&rewrite);
      for (guint k = 0; k < 5; k++)
        pass (&rewrite, i, 100 * i + k, 90000 * i, i);
    }

  /* 200 packets went out; the last 16 segments are 120 to 199. */
  for (guint out = 0; out < 65536; out++)
    {
      gboolean found = gr_rewrite_find (&rewrite, out, &source, &sequence, &back);

      g_assert_cmpint (found, ==, out >= 120 && out < 200);
      if (found)
        {
          g_assert_cmpuint (source, ==, out / 5);
          g_assert_cmpuint (sequence, ==, 100 * (out / 5) + out % 5);
        }
    }
}

static void
test_leave_out (void)
{
  GrRewrite rewrite;
  guint32 source, back;
  guint16 sequence;

  g_test_summary ("Packets that are left out leave no gap, however many come in a row");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 0, 0);
  pass (&rewrite, 1, 10, 0, 0);
  for (guint i = 11; i < 100; i++)
    g_assert_true (gr_rewrite_leave_out (&rewrite, 1, i));
  g_assert_true (gr_rewrite_find (&rewrite, 0, &source, &sequence, &back));
  g_assert_cmpuint (sequence, ==, 10);
  g_assert_false (gr_rewrite_find (&rewrite, 1, &source, &sequence, &back));
  refuse (&rewrite, 1, 50);
  refuse (&rewrite, 1, 99);

  g_assert_cmpuint (pass (&rewrite, 1, 100, 0, 0).sequence, ==, 1);
  g_assert_cmpuint (rewrite.n_segments, ==, 2);
  g_assert_true (gr_rewrite_find (&rewrite, 1, &source, &sequence, &back));
  g_assert_cmpuint (sequence, ==, 100);
  /* Not the next one: the gap before it may still be filled. */
  g_assert_false (gr_rewrite_leave_out (&rewrite, 1, 102));
  g_assert_false (gr_rewrite_leave_out (&rewrite, 2, 101));
}

static void
test_pause (void)
{
  GrRewrite rewrite;

  g_test_summary ("A long gap of a source that was paused is closed");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 0, 0);
  g_assert_cmpuint (pass (&rewrite, 1, 10, 0, 0).sequence, ==, 0);
  g_assert_cmpuint (pass (&rewrite, 1, 110, 0, 0).sequence, ==, 100);
  g_assert_cmpuint (pass (&rewrite, 1, 20000, 0, 0).sequence, ==, 101);
  g_assert_cmpuint (pass (&rewrite, 1, 20001, 0, 0).sequence, ==, 102);
}

static void
test_long_run (void)
{
  GrRewrite rewrite;
  guint32 source, back;
  guint16 sequence;

  g_test_summary ("After a long run only recent numbers lead back, and what is very late does not go out");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 0, 0);
  pass (&rewrite, 2, 1, 0, 0);
  gr_rewrite_switch (&rewrite);
  for (guint i = 0; i < 1000000; i++)
    {
      g_assert_cmpuint (pass (&rewrite, 1, i, i, i).sequence, ==, (guint16) (i + 1));
      if (i > 10 && i % 1001 == 0)
        {
          g_assert_true (gr_rewrite_find (&rewrite, i - 9, &source, &sequence, &back));
          g_assert_cmpuint (source, ==, 1);
          g_assert_cmpuint (sequence, ==, (guint16) (i - 10));
          g_assert_false (gr_rewrite_find (&rewrite, i + 2, &source, &sequence, &back));
          g_assert_false (gr_rewrite_find (&rewrite, i - 9000, &source, &sequence, &back));
        }
    }
  g_assert_cmpuint (pass (&rewrite, 1, (guint16) (1000000 - 8000), 0, 0).sequence, ==, (guint16) (1000001 - 8000));
  refuse (&rewrite, 1, (guint16) (1000000 - 9000));
}

static void
test_sender_report (void)
{
  GrRewrite rewrite;
  guint32 out;

  g_test_summary ("The current source's reports are in the outgoing clock, others' are not wanted");

  gr_rewrite_init (&rewrite, VIDEO_RATE, 0, 777);
  g_assert_false (gr_rewrite_timestamp (&rewrite, 1, 0, &out));
  pass (&rewrite, 1, 0, 10000, 0);
  g_assert_true (gr_rewrite_timestamp (&rewrite, 1, 10090, &out));
  g_assert_cmpuint (out, ==, 777 + 90);
  g_assert_false (gr_rewrite_timestamp (&rewrite, 2, 10090, &out));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rewrite/one-source", test_one_source);
  g_test_add_func ("/rewrite/switch", test_switch);
  g_test_add_func ("/rewrite/same-moment", test_same_moment);
  g_test_add_func ("/rewrite/reordered-at-switch", test_reordered_at_switch);
  g_test_add_func ("/rewrite/find", test_find);
  g_test_add_func ("/rewrite/leave-out", test_leave_out);
  g_test_add_func ("/rewrite/pause", test_pause);
  g_test_add_func ("/rewrite/long-run", test_long_run);
  g_test_add_func ("/rewrite/sender-report", test_sender_report);

  return g_test_run ();
}
