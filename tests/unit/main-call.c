/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/main-call: the test's thread is main, and a second one plays the pool. */
#include "base/main-call.h"
#include "base/error.h"

#define LONG (30 * G_USEC_PER_SEC)

typedef struct
{
  GMainLoop *loop;
  GString *order;
  gint64 deadline;
  gboolean fails;
  gboolean ran_on_main;
  gboolean result;
  GError *error;
} Scene;

static gboolean
run_func (gpointer data, GError **error)
{
  Scene *scene = data;

  scene->ran_on_main = gr_is_main ();
  if (scene->fails)
    gr_set_error (error, GR_ERROR_ROOM_FULL, NULL, "The room is full");

  return !scene->fails;
}

static void
quit (gpointer data)
{
  Scene *scene = data;

  g_main_loop_quit (scene->loop);
}

static gpointer
call_main (gpointer data)
{
  Scene *scene = data;

  g_assert_false (gr_is_main ());
  scene->result = gr_main_call (run_func, scene, scene->deadline, &scene->error);
  gr_main_post (quit, scene, NULL);
  return NULL;
}

static void
run_scene (Scene *scene)
{
  GThread *thread;

  scene->loop = g_main_loop_new (NULL, FALSE);
  scene->deadline = g_get_monotonic_time () + LONG;
  thread = g_thread_new ("pool", call_main, scene);
  g_main_loop_run (scene->loop);
  g_thread_join (thread);
  g_main_loop_unref (scene->loop);
}

static void
test_result (void)
{
  Scene scene = { 0 };

  g_test_summary ("A call runs on main and brings its result back");

  run_scene (&scene);
  g_assert_no_error (scene.error);
  g_assert_true (scene.result);
  g_assert_true (scene.ran_on_main);
}

static void
test_error (void)
{
  Scene scene = { .fails = TRUE };

  g_test_summary ("A call brings the error back");

  run_scene (&scene);
  g_assert_error (scene.error, GR_ERROR, GR_ERROR_ROOM_FULL);
  g_assert_false (scene.result);
  g_clear_error (&scene.error);
}

static gpointer
call_late (gpointer data)
{
  Scene *scene = data;

  scene->result = gr_main_call (run_func, scene, g_get_monotonic_time () + 1000, &scene->error);
  return NULL;
}

static void
test_deadline (void)
{
  Scene scene = { 0 };

  g_test_summary ("What main did not begin in time never runs");

  /* The loop does not run until the caller has given up. */
  g_thread_join (g_thread_new ("pool", call_late, &scene));
  g_assert_error (scene.error, GR_ERROR, GR_ERROR_BUSY);
  g_assert_false (scene.result);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_false (scene.ran_on_main);
  g_clear_error (&scene.error);
}

static gboolean
outlast_deadline (gpointer data, GError **error)
{
  Scene *scene = data;
  GMutex lock;
  GCond never;

  g_mutex_init (&lock);
  g_cond_init (&never);
  g_mutex_lock (&lock);
  while (g_cond_wait_until (&never, &lock, scene->deadline + 1000))
    continue;
  g_mutex_unlock (&lock);
  g_cond_clear (&never);
  g_mutex_clear (&lock);

  scene->ran_on_main = TRUE;
  return TRUE;
}

static gpointer
call_slow (gpointer data)
{
  Scene *scene = data;

  scene->result = gr_main_call (outlast_deadline, scene, scene->deadline, &scene->error);
  gr_main_post (quit, scene, NULL);
  return NULL;
}

static void
test_running (void)
{
  Scene scene = { .loop = g_main_loop_new (NULL, FALSE) };
  GThread *thread;

  g_test_summary ("What main has begun is waited for, past the deadline too");

  scene.deadline = g_get_monotonic_time () + G_USEC_PER_SEC;
  thread = g_thread_new ("pool", call_slow, &scene);
  g_main_loop_run (scene.loop);
  g_thread_join (thread);
  g_main_loop_unref (scene.loop);

  g_assert_no_error (scene.error);
  g_assert_true (scene.result);
  g_assert_true (scene.ran_on_main);
}

static void
append_a (gpointer data)
{
  g_string_append_c (((Scene *) data)->order, 'a');
}

static void
append_b (gpointer data)
{
  g_string_append_c (((Scene *) data)->order, 'b');
}

static void
append_destroyed (gpointer data)
{
  g_string_append_c (((Scene *) data)->order, 'x');
}

static void
test_post (void)
{
  Scene scene = { .order = g_string_new (NULL) };

  g_test_summary ("Posts run later, in order, each followed by its destroy");

  gr_main_post (append_a, &scene, append_destroyed);
  gr_main_post (append_b, &scene, append_destroyed);
  gr_main_post (append_a, &scene, NULL);
  g_assert_cmpstr (scene.order->str, ==, "");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpstr (scene.order->str, ==, "axbxa");
  g_string_free (scene.order, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();
  gr_assert_main ();
  g_test_add_func ("/main-call/brings-the-result-back", test_result);
  g_test_add_func ("/main-call/brings-the-error-back", test_error);
  g_test_add_func ("/main-call/late-calls-never-run", test_deadline);
  g_test_add_func ("/main-call/running-calls-are-waited-for", test_running);
  g_test_add_func ("/main-call/posts-keep-their-order", test_post);
  return g_test_run ();
}
