/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/metrics. */
#include <string.h>

#include "base/metrics.h"

static const double bounds[] = { 0.1, 1 };

static void
assert_text (const char *expected)
{
  g_autofree char *text = gr_metrics_text ();

  if (strstr (text, expected) == NULL)
    g_error ("“%s” is not in:\n%s", expected, text);
}

static void
test_counter (void)
{
  GrMetric *get = gr_metrics_counter ("test_requests_total", "method=\"GET\"", "Requests.");
  GrMetric *post = gr_metrics_counter ("test_requests_total", "method=\"POST\"", "Requests.");

  g_test_summary ("The label sets of a counter stand together under one heading");

  g_assert_true (get == gr_metrics_counter ("test_requests_total", "method=\"GET\"", "Requests."));
  gr_metric_add (get, 2);
  gr_metric_add (get, 1);
  gr_metric_add (post, 1);
  g_assert_cmpint (gr_metric_get (get), ==, 3);
  assert_text ("# HELP test_requests_total Requests.\n# TYPE test_requests_total counter\n"
               "test_requests_total{method=\"GET\"} 3\ntest_requests_total{method=\"POST\"} 1\n");
}

static void
test_gauge (void)
{
  GrMetric *rooms = gr_metrics_gauge ("test_rooms", NULL, "Rooms.");

  g_test_summary ("A gauge is what was set");

  gr_metric_set (rooms, 5);
  gr_metric_add (rooms, -2);
  assert_text ("# TYPE test_rooms gauge\ntest_rooms 3\n");
}

static void
test_histogram (void)
{
  GrMetric *metric = gr_metrics_histogram ("test_seconds", "route=\"/\"", "Seconds.", bounds, G_N_ELEMENTS (bounds));

  g_test_summary ("A histogram's buckets are cumulative and include their bound");

  gr_metric_observe (metric, 0.05);
  gr_metric_observe (metric, 0.1);
  gr_metric_observe (metric, 0.5);
  gr_metric_observe (metric, 2);
  assert_text ("# TYPE test_seconds histogram\n"
               "test_seconds_bucket{route=\"/\",le=\"0.1\"} 2\n"
               "test_seconds_bucket{route=\"/\",le=\"1\"} 3\n"
               "test_seconds_bucket{route=\"/\",le=\"+Inf\"} 4\n"
               "test_seconds_sum{route=\"/\"} 2.65\n"
               "test_seconds_count{route=\"/\"} 4\n");
}

static gpointer
add_many (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    gr_metric_add (data, 1);

  return NULL;
}

static void
test_threads (void)
{
  GrMetric *metric = gr_metrics_counter ("test_parallel_total", NULL, "Counted by threads.");
  GThread *threads[4];

  g_test_summary ("Nothing is lost when threads count at once");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("counter", add_many, metric);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (gr_metric_get (metric), ==, 40000);
}

static double
read_figure (const char *text, const char *name)
{
  g_autofree char *line = g_strdup_printf ("\n%s ", name);
  const char *found = strstr (text, line);

  g_assert_nonnull (found);
  return g_ascii_strtod (found + strlen (line), NULL);
}

static void
test_process (void)
{
  g_autofree char *text = gr_metrics_text ();
  double started = read_figure (text, "process_start_time_seconds");
  double now = (double) g_get_real_time () / G_USEC_PER_SEC;

  g_test_summary ("The process tells its CPU time, memory, descriptors and start");

  g_assert_cmpfloat (read_figure (text, "process_cpu_seconds_total"), >, 0);
  g_assert_cmpfloat (read_figure (text, "process_resident_memory_bytes"), >, 1e6);
  g_assert_cmpfloat (read_figure (text, "process_open_fds"), >=, 2);
  g_assert_cmpfloat (started, >, now - 600);
  g_assert_cmpfloat (started, <, now + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/counters-have-labels", test_counter);
  g_test_add_func ("/metrics/gauges-are-set", test_gauge);
  g_test_add_func ("/metrics/histograms-are-cumulative", test_histogram);
  g_test_add_func ("/metrics/threads-lose-nothing", test_threads);
  g_test_add_func ("/metrics/process-figures", test_process);
  return g_test_run ();
}
