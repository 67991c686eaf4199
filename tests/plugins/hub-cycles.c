/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comings and goings of every kind at one greenroom-media: nothing may stay behind. 100 of them, 300 with
 * GREENROOM_TEST_LONG. */
#include "person.h"
#include "worker.h"

/* Seconds. */
#define WATCHDOG 900

/* Caches fill, and malloc makes its arenas, before anything is measured. */
#define WARM_UP 100
#define CYCLES 100
#define LONG_CYCLES 300

/* The arenas of malloc grow ever slower until about 500 cycles (2.7 kB a cycle after the warm-up, below 1 after 500).
 */
#define KILOBYTES_A_CYCLE 8

static Person *
come (Worker *worker, const char *id)
{
  Person *person = person_new (worker->hub, id, 0.0, 1, 1);

  person_offer (person);
  return person;
}

static Person *
come_and_connect (Worker *worker, const char *id)
{
  guint before = worker->connected;
  Person *person = come (worker, id);

  worker_wait_until (worker->connected > before);
  return person;
}

static void
leave (Worker *worker, const char *id)
{
  worker_call (worker, "Leave", g_variant_new ("(ss)", ROOM, id));
}

/* Each ends with an empty room, which is then gone too, and says how many came. */
static guint
two_meet_and_leave (Worker *worker)
{
  Person *ann = come_and_connect (worker, "ann");
  Person *ben = come_and_connect (worker, "ben");

  worker_call (worker, "Subscribe", g_variant_new_parsed ("(%s, 'ben', [('ann', 'camera')])", ROOM));
  worker_wait_until (g_atomic_int_get (&ben->decoded[2]) > 0);
  leave (worker, "ben");
  leave (worker, "ann");
  person_free (ben);
  person_free (ann);
  return 2;
}

static guint
one_is_killed (Worker *worker)
{
  person_free (come_and_connect (worker, "ann"));
  leave (worker, "ann");
  return 1;
}

static guint
one_is_killed_while_it_shakes_hands (Worker *worker)
{
  person_free (come (worker, "ann"));
  leave (worker, "ann");
  return 1;
}

static guint
one_is_killed_and_comes_back (Worker *worker)
{
  person_free (come_and_connect (worker, "ann"));
  person_free (come_and_connect (worker, "ann"));
  leave (worker, "ann");
  return 2;
}

/* A cycle is one person's coming and going. */
static void
turn (Worker *worker, guint n_cycles)
{
  static guint (*const kinds[]) (Worker *) = {
    two_meet_and_leave,
    one_is_killed,
    one_is_killed_while_it_shakes_hands,
    one_is_killed_and_comes_back,
  };

  for (guint i = 0, came = 0; came < n_cycles; i++)
    came += kinds[i % G_N_ELEMENTS (kinds)](worker);
}

static gboolean
is_as_before (Worker *worker, const WorkerFigures *before)
{
  WorkerFigures now = worker_figures (worker);

  return now.threads <= before->threads && now.descriptors <= before->descriptors;
}

static void
test_cycles (void)
{
  guint n_cycles = g_getenv ("GREENROOM_TEST_LONG") != NULL ? LONG_CYCLES : CYCLES;
  Worker *worker = worker_start (WATCHDOG);
  WorkerFigures before, after;

  g_test_summary ("Whoever comes, leaves or is killed leaves no thread, no descriptor and next to no memory behind");
  turn (worker, WARM_UP);
  before = worker_figures (worker);
  turn (worker, n_cycles);
  worker_wait_until (is_as_before (worker, &before));
  after = worker_figures (worker);
  g_test_message ("%u cycles: %u to %u threads, %u to %u descriptors, %u to %u kB", n_cycles, before.threads,
                  after.threads, before.descriptors, after.descriptors, before.kilobytes, after.kilobytes);
#ifndef __SANITIZE_ADDRESS__
  /* AddressSanitizer keeps freed memory for a while. */
  g_assert_cmpuint (after.kilobytes, <, before.kilobytes + n_cycles * KILOBYTES_A_CYCLE);
#endif
  g_assert_cmpint (worker_sum (worker, "ssrc"), ==, 0);
  worker_stop (worker);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hub-cycles/nothing-stays", test_cycles);

  return g_test_run ();
}
