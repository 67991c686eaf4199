/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/rate-limiter. */
#include <math.h>

#include "base/rate-limiter.h"

#define SECOND G_USEC_PER_SEC

static guint
take_all (GrRateLimiter *limiter, const char *key, gint64 now)
{
  guint n = 0;

  while (n < 1000 && gr_rate_limiter_take (limiter, key, now, NULL))
    n++;

  return n;
}

static void
test_bucket (void)
{
  g_autoptr (GrRateLimiter) limiter = gr_rate_limiter_new (2, 5, 10);
  double retry_after = 0;

  g_test_summary ("A burst passes, then as much as drips in, and the refusal says how long to wait");

  g_assert_cmpuint (take_all (limiter, "a", 0), ==, 5);
  g_assert_false (gr_rate_limiter_take (limiter, "a", 0, &retry_after));
  g_assert_cmpfloat_with_epsilon (retry_after, 0.5, 1e-9);
  g_assert_false (gr_rate_limiter_take (limiter, "a", SECOND / 4, &retry_after));
  g_assert_cmpfloat_with_epsilon (retry_after, 0.25, 1e-9);
  g_assert_true (gr_rate_limiter_take (limiter, "a", SECOND / 2, NULL));
  g_assert_cmpuint (take_all (limiter, "a", 2 * SECOND), ==, 3);
  g_assert_cmpuint (take_all (limiter, "a", 1000 * SECOND), ==, 5);
}

static void
test_keys (void)
{
  g_autoptr (GrRateLimiter) limiter = gr_rate_limiter_new (1, 1, 10);

  g_test_summary ("One key's use does not touch another's");

  g_assert_cmpuint (take_all (limiter, "a", 0), ==, 1);
  g_assert_cmpuint (take_all (limiter, "b", 0), ==, 1);
  g_assert_cmpuint (take_all (limiter, "a", 0), ==, 0);
}

static void
test_clock (void)
{
  g_autoptr (GrRateLimiter) limiter = gr_rate_limiter_new (1, 1, 10);

  g_test_summary ("A clock that steps back gives nothing away");

  g_assert_cmpuint (take_all (limiter, "a", 10 * SECOND), ==, 1);
  g_assert_cmpuint (take_all (limiter, "a", 5 * SECOND), ==, 0);
  g_assert_cmpuint (take_all (limiter, "a", 11 * SECOND), ==, 1);
}

static void
test_bounded (void)
{
  g_autoptr (GrRateLimiter) limiter = gr_rate_limiter_new (1, 1, 3);

  g_test_summary ("Past the bound the key used least recently is forgotten, the busy ones are not");

  g_assert_cmpuint (take_all (limiter, "busy", 0), ==, 1);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("address-%u", i);

      g_assert_true (gr_rate_limiter_take (limiter, key, 0, NULL));
      g_assert_false (gr_rate_limiter_take (limiter, "busy", 0, NULL));
    }
  g_assert_cmpuint (gr_rate_limiter_get_n_keys (limiter), ==, 3);
  g_assert_true (gr_rate_limiter_take (limiter, "address-0", 0, NULL));
}

static gpointer
take_some (gpointer data)
{
  return GUINT_TO_POINTER (take_all (data, "a", 0));
}

static void
test_threads (void)
{
  g_autoptr (GrRateLimiter) limiter = gr_rate_limiter_new (1, 500, 3);
  GThread *threads[4];
  guint taken = 0;

  g_test_summary ("Threads together get no more than the bucket holds");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("taker", take_some, limiter);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    taken += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  g_assert_cmpuint (taken, ==, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate-limiter/is-a-token-bucket", test_bucket);
  g_test_add_func ("/rate-limiter/keys-are-apart", test_keys);
  g_test_add_func ("/rate-limiter/clock-may-step-back", test_clock);
  g_test_add_func ("/rate-limiter/keys-are-bounded", test_bounded);
  g_test_add_func ("/rate-limiter/threads-share-a-bucket", test_threads);
  return g_test_run ();
}
