/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/log: what arrives on stderr, seen from outside in a child process. */
#define GR_LOG_TOPIC "test"
#include "base/log.h"

static void
test_json (void)
{
  g_test_summary ("A record is one JSON line with level, topic, message and request; below the level nothing comes");

  if (g_test_subprocess ())
    {
      gr_log_init ("info", "json");
      gr_debug ("hidden");
      gr_log_set_request ("req-1");
      gr_info ("said \"%s\"\n", "hello");
      gr_log_set_request (NULL);
      gr_warning ("alone");
      g_log_structured ("Soup", G_LOG_LEVEL_MESSAGE, "MESSAGE", "from a library");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("{\"time\":\"*\",\"level\":\"info\",\"topic\":\"test\","
                             "\"message\":\"said \\\"hello\\\"\\n\",\"request\":\"req-1\"}\n*");
  g_test_trap_assert_stderr ("*,\"level\":\"warning\",\"topic\":\"test\",\"message\":\"alone\"}\n*");
  g_test_trap_assert_stderr ("*,\"level\":\"message\",\"topic\":\"Soup\",\"message\":\"from a library\"}\n*");
  g_test_trap_assert_stderr_unmatched ("*hidden*");
}

static void
test_level (void)
{
  g_test_summary ("The level filters: \"error\" still shows faults of the program, \"debug\" shows all");

  if (g_test_subprocess ())
    {
      gr_log_init ("error", "json");
      gr_warning ("hidden");
      g_log_structured ("test", G_LOG_LEVEL_CRITICAL, "MESSAGE", "a fault");
      gr_log_init ("debug", "json");
      gr_debug ("detail");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_stderr ("*a fault*detail*");
  g_test_trap_assert_stderr_unmatched ("*hidden*");
}

static gpointer
read_request (gpointer data)
{
  return g_strdup (gr_log_get_request ());
}

static void
test_request (void)
{
  g_autofree char *elsewhere = NULL;

  g_test_summary ("The request belongs to the thread that set it");

  gr_log_set_request ("mine");
  elsewhere = g_thread_join (g_thread_new ("other", read_request, NULL));
  g_assert_null (elsewhere);
  g_assert_cmpstr (gr_log_get_request (), ==, "mine");
  gr_log_set_request (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/writes-json-lines", test_json);
  g_test_add_func ("/log/filters-by-level", test_level);
  g_test_add_func ("/log/request-is-per-thread", test_request);
  return g_test_run ();
}
