/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/pool. */
#include "base/pool.h"
#include "base/error.h"

#define DEADLINE (g_get_monotonic_time () + 30 * G_USEC_PER_SEC)

/* A gate that jobs report to and wait at. */
typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean open;
  guint waiting;
  guint passed;
  guint destroyed;
} Gate;

static void
wait_at_gate (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->waiting++;
  g_cond_broadcast (&gate->changed);
  while (!gate->open)
    g_cond_wait (&gate->changed, &gate->lock);
  gate->passed++;
  g_mutex_unlock (&gate->lock);
}

static void
count_destroyed (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->lock);
  gate->destroyed++;
  g_mutex_unlock (&gate->lock);
}

static void
await_waiting (Gate *gate, guint n)
{
  gint64 deadline = DEADLINE;

  g_mutex_lock (&gate->lock);
  while (gate->waiting < n)
    g_assert_true (g_cond_wait_until (&gate->changed, &gate->lock, deadline));
  g_mutex_unlock (&gate->lock);
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static void
push (GrPool *pool, Gate *gate)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (gr_pool_push (pool, wait_at_gate, gate, count_destroyed, &error));
  g_assert_no_error (error);
}

static void
test_runs (void)
{
  g_autoptr (GrPool) pool = gr_pool_new ("test", 3, 1000);
  Gate gate = { .open = TRUE };

  g_test_summary ("Every job runs once and is then destroyed");

  for (guint i = 0; i < 500; i++)
    push (pool, &gate);
  g_assert_true (gr_pool_drain (pool, DEADLINE));
  g_assert_cmpuint (gate.passed, ==, 500);
  g_assert_cmpuint (gate.destroyed, ==, 500);
  g_assert_cmpuint (gr_pool_get_queued (pool) + gr_pool_get_running (pool), ==, 0);
}

static void
test_full (void)
{
  g_autoptr (GrPool) pool = gr_pool_new ("test", 2, 3);
  g_autoptr (GError) error = NULL;
  Gate gate = { 0 };

  g_test_summary ("Past its threads and its queue the pool is busy, and takes jobs again later");

  for (guint i = 0; i < 5; i++)
    push (pool, &gate);
  await_waiting (&gate, 2);
  g_assert_cmpuint (gr_pool_get_running (pool), ==, 2);
  g_assert_cmpuint (gr_pool_get_queued (pool), ==, 3);

  g_assert_false (gr_pool_push (pool, wait_at_gate, &gate, count_destroyed, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BUSY);
  g_assert_cmpuint (gate.destroyed, ==, 0);
  g_assert_false (gr_pool_drain (pool, g_get_monotonic_time () + 1000));

  open_gate (&gate);
  g_assert_true (gr_pool_drain (pool, DEADLINE));
  push (pool, &gate);
  g_assert_true (gr_pool_drain (pool, DEADLINE));
  g_assert_cmpuint (gate.passed, ==, 6);
}

static gpointer
stop_pool (gpointer data)
{
  gr_pool_stop (data);
  return NULL;
}

static void
test_stop (void)
{
  g_autoptr (GrPool) pool = gr_pool_new ("test", 1, 8);
  g_autoptr (GError) error = NULL;
  Gate gate = { 0 };
  GThread *stopper;

  g_test_summary ("Stopping waits for what runs, drops what waits and takes nothing more");

  for (guint i = 0; i < 4; i++)
    push (pool, &gate);
  await_waiting (&gate, 1);
  stopper = g_thread_new ("stopper", stop_pool, pool);
  while (gr_pool_get_queued (pool) > 0)
    g_thread_yield ();
  open_gate (&gate);
  g_thread_join (stopper);

  g_assert_cmpuint (gate.passed, ==, 1);
  g_assert_cmpuint (gate.destroyed, ==, 4);
  g_assert_false (gr_pool_push (pool, wait_at_gate, &gate, NULL, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_UNAVAILABLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool/runs-every-job", test_runs);
  g_test_add_func ("/pool/is-bounded", test_full);
  g_test_add_func ("/pool/stops", test_stop);
  return g_test_run ();
}
