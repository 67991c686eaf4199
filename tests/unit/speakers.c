/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/speakers and media/hub/assignment. */
#include "media/hub/assignment.h"

#define TICK_US (100 * G_TIME_SPAN_MILLISECOND)

/* Levels in -dBov. */
#define LOUD 25
#define SOFT 35
#define NOISE 75

static gint64 now_us = G_TIME_SPAN_HOUR;

static GrSpeakers *
new_room (guint n)
{
  GrSpeakers *speakers = gr_speakers_new ();

  for (GrSourceId id = 1; id <= n; id++)
    gr_speakers_add (speakers, id);
  gr_speakers_tick (speakers, now_us);
  return speakers;
}

/* Plays @ms during which each of the @n sources has its level; returns how many ticks changed anything. */
static guint
play (GrSpeakers *speakers, const guint *levels, guint n, guint ms)
{
  guint changes = 0;

  for (guint elapsed = 0; elapsed < ms; elapsed += 100)
    {
      /* Packets of 20 ms. */
      for (guint packet = 0; packet < 5; packet++)
        for (guint i = 0; i < n; i++)
          gr_speakers_hear (speakers, i + 1, levels[i]);
      now_us += TICK_US;
      changes += gr_speakers_tick (speakers, now_us);
    }

  return changes;
}

static void
test_start_and_stop (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (2);

  g_test_summary ("Speech is noticed at once; a click is not, and a pause between words does not end it");

  play (speakers, (guint[]){ NOISE, NOISE }, 2, 1000);
  g_assert_false (gr_speakers_is_speaking (speakers, 1));

  play (speakers, (guint[]){ LOUD, NOISE }, 2, 400);
  g_assert_true (gr_speakers_is_speaking (speakers, 1));
  g_assert_false (gr_speakers_is_speaking (speakers, 2));

  for (guint word = 0; word < 10; word++)
    {
      g_assert_cmpuint (play (speakers, (guint[]){ NOISE, NOISE }, 2, 300), ==, 0);
      g_assert_cmpuint (play (speakers, (guint[]){ LOUD, NOISE }, 2, 200), ==, 0);
    }

  play (speakers, (guint[]){ NOISE, NOISE }, 2, 1500);
  g_assert_false (gr_speakers_is_speaking (speakers, 1));
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 1);

  play (speakers, (guint[]){ NOISE, LOUD }, 2, 100);
  play (speakers, (guint[]){ NOISE, NOISE }, 2, 500);
  g_assert_false (gr_speakers_is_speaking (speakers, 2));
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 1);
}

static void
test_silence_by_absence (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (1);

  g_test_summary ("Whose packets stop coming has stopped to speak");

  play (speakers, (guint[]){ LOUD }, 1, 500);
  g_assert_true (gr_speakers_is_speaking (speakers, 1));
  play (speakers, NULL, 0, 1500);
  g_assert_false (gr_speakers_is_speaking (speakers, 1));
}

static void
test_ranking (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (5);

  g_test_summary ("Who speaks comes first, who spoke last comes next");

  play (speakers, (guint[]){ NOISE, NOISE, NOISE, NOISE, LOUD }, 5, 2000);
  play (speakers, (guint[]){ NOISE, NOISE, LOUD, NOISE, NOISE }, 5, 2000);
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 3);
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 1), ==, 5);
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 2), ==, 1);

  /* In silence nobody moves. */
  play (speakers, (guint[]){ NOISE, NOISE, NOISE, NOISE, NOISE }, 5, 1500);
  g_assert_cmpuint (play (speakers, (guint[]){ NOISE, 70, NOISE, 65, NOISE }, 5, 5000), ==, 0);
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 3);
}

static void
test_crosstalk (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (2);
  guint changes = 0;

  g_test_summary ("Two who talk over each other do not change places with every word");

  play (speakers, (guint[]){ SOFT, SOFT }, 2, 3000);
  for (guint word = 0; word < 40; word++)
    {
      changes += play (speakers, (guint[]){ LOUD, SOFT }, 2, 200);
      changes += play (speakers, (guint[]){ SOFT, LOUD }, 2, 200);
    }
  g_assert_cmpuint (changes, ==, 0);

  /* One who shouts over a quiet one for long does pass. */
  play (speakers, (guint[]){ SOFT + 10, 10 }, 2, 4000);
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 2);
}

static void
test_clock (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (2);

  g_test_summary ("A clock that jumps neither silences nor reorders anybody");

  play (speakers, (guint[]){ LOUD, NOISE }, 2, 1000);
  gr_speakers_hear (speakers, 1, LOUD);
  g_assert_false (gr_speakers_tick (speakers, now_us - G_TIME_SPAN_DAY));
  g_assert_true (gr_speakers_is_speaking (speakers, 1));
  gr_speakers_hear (speakers, 1, LOUD);
  g_assert_false (gr_speakers_tick (speakers, now_us + G_TIME_SPAN_DAY));
  g_assert_true (gr_speakers_is_speaking (speakers, 1));
  g_assert_cmpuint (gr_speakers_get_ranked (speakers, 0), ==, 1);
}

static void
test_unknown (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (1);

  g_test_summary ("Levels of nobody, and levels that are none, do nothing");

  gr_speakers_hear (speakers, 99, LOUD);
  gr_speakers_hear (speakers, 0, LOUD);
  for (guint i = 0; i < 20; i++)
    {
      gr_speakers_hear (speakers, 1, 128 + i);
      now_us += TICK_US;
      g_assert_false (gr_speakers_tick (speakers, now_us));
    }
  gr_speakers_remove (speakers, 99);
  gr_speakers_remove (speakers, 1);
  g_assert_true (gr_speakers_tick (speakers, now_us));
  g_assert_cmpuint (gr_speakers_get_n (speakers), ==, 0);
}

static void
test_choose (void)
{
  g_autoptr (GrSpeakers) speakers = new_room (6);
  GrSourceId chosen[3];

  g_test_summary ("A listener gets the pinned ones and then the loudest, never itself");

  play (speakers, (guint[]){ NOISE, NOISE, NOISE, NOISE, NOISE, LOUD }, 6, 1000);
  g_assert_cmpuint (gr_speakers_choose (speakers, NULL, 0, NULL, 0, chosen, 3), ==, 3);
  g_assert_cmpuint (chosen[0], ==, 6);

  g_assert_cmpuint (gr_speakers_choose (speakers, (GrSourceId[]){ 99, 4, 4, 1 }, 4, (GrSourceId[]){ 1, 6 }, 2, chosen,
                                        3),
                    ==, 3);
  g_assert_cmpuint (chosen[0], ==, 4);
  g_assert_cmpuint (chosen[1], ==, 2);
  g_assert_cmpuint (chosen[2], ==, 3);
}

static void
test_assignment_is_stable (void)
{
  g_autoptr (GrAssignment) audio = gr_assignment_new (3);

  g_test_summary ("Who has a slot keeps it; only a newcomer takes that of one nobody wants");

  g_assert_true (gr_assignment_update (audio, (GrSourceId[]){ 1, 2, 3 }, 3, NULL));
  g_assert_false (gr_assignment_update (audio, (GrSourceId[]){ 3, 1, 2 }, 3, NULL));
  g_assert_false (gr_assignment_update (audio, (GrSourceId[]){ 2 }, 1, NULL));
  g_assert_cmpuint (gr_assignment_get (audio, 0), ==, 1);

  g_assert_true (gr_assignment_update (audio, (GrSourceId[]){ 4, 3, 1 }, 3, NULL));
  g_assert_cmpuint (gr_assignment_get (audio, 0), ==, 1);
  g_assert_cmpuint (gr_assignment_get (audio, 1), ==, 4);
  g_assert_cmpuint (gr_assignment_get (audio, 2), ==, 3);

  /* More wishes than slots: the first ones count. */
  g_assert_true (gr_assignment_update (audio, (GrSourceId[]){ 5, 6, 7, 8, 1 }, 5, NULL));
  g_assert_cmpuint (gr_assignment_find (audio, 8), ==, G_MAXUINT);
  g_assert_cmpuint (gr_assignment_find (audio, 7), !=, G_MAXUINT);

  gr_assignment_forget (audio, 7);
  gr_assignment_forget (audio, 99);
  g_assert_true (gr_assignment_update (audio, (GrSourceId[]){ 5, 5, 6, 0, 9 }, 5, NULL) == FALSE);
}

static void
test_assignment_pairs (void)
{
  g_autoptr (GrAssignment) video = gr_assignment_new (4);
  g_autoptr (GrAssignment) audio = gr_assignment_new (2);

  g_test_summary ("A voice goes to the slot beside its picture, and leaves those of other voices free");

  gr_assignment_update (video, (GrSourceId[]){ 10, 20, 30, 40 }, 4, NULL);
  gr_assignment_update (audio, (GrSourceId[]){ 20, 10 }, 2, video);
  g_assert_cmpuint (gr_assignment_get (audio, 0), ==, 10);
  g_assert_cmpuint (gr_assignment_get (audio, 1), ==, 20);

  /* 40 has no slot beside its picture and takes the place of whoever is not wanted. */
  gr_assignment_update (audio, (GrSourceId[]){ 40, 20 }, 2, video);
  g_assert_cmpuint (gr_assignment_get (audio, 0), ==, 40);
  g_assert_cmpuint (gr_assignment_get (audio, 1), ==, 20);

  /* A source that comes first does not sit where the next one belongs. */
  gr_assignment_resize (audio, 0);
  gr_assignment_resize (audio, 2);
  gr_assignment_update (audio, (GrSourceId[]){ 40, 10 }, 2, video);
  g_assert_cmpuint (gr_assignment_get (audio, 0), ==, 10);
  g_assert_cmpuint (gr_assignment_get (audio, 1), ==, 40);
}

static void
test_assignment_grows (void)
{
  g_autoptr (GrAssignment) video = gr_assignment_new (1);

  g_test_summary ("Slots that come are empty and change nothing for the others");

  gr_assignment_update (video, (GrSourceId[]){ 1 }, 1, NULL);
  gr_assignment_resize (video, 3);
  g_assert_cmpuint (gr_assignment_get (video, 0), ==, 1);
  g_assert_cmpuint (gr_assignment_get (video, 2), ==, 0);
  g_assert_cmpuint (gr_assignment_get (video, 3), ==, 0);
  gr_assignment_update (video, (GrSourceId[]){ 2, 3, 1 }, 3, NULL);
  g_assert_cmpuint (gr_assignment_get (video, 0), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speakers/speech-starts-and-stops-with-hysteresis", test_start_and_stop);
  g_test_add_func ("/speakers/no-packets-are-silence", test_silence_by_absence);
  g_test_add_func ("/speakers/the-order-follows-who-speaks", test_ranking);
  g_test_add_func ("/speakers/crosstalk-does-not-flicker", test_crosstalk);
  g_test_add_func ("/speakers/the-clock-may-jump", test_clock);
  g_test_add_func ("/speakers/strangers-are-ignored", test_unknown);
  g_test_add_func ("/speakers/pinned-then-loudest-never-own", test_choose);
  g_test_add_func ("/speakers/assignment-is-stable", test_assignment_is_stable);
  g_test_add_func ("/speakers/assignment-pairs-voice-and-picture", test_assignment_pairs);
  g_test_add_func ("/speakers/assignment-grows", test_assignment_grows);
  return g_test_run ();
}
