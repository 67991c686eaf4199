/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/time. */
#include "base/time.h"

static gint64
test_clock (void)
{
  return 42;
}

static void
test_format (void)
{
  static const struct
  {
    gint64 us;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00.000Z" },
    { G_GINT64_CONSTANT (1795255200000000), "2026-11-21T10:00:00.000Z" },
    { G_GINT64_CONSTANT (1795255200123999), "2026-11-21T10:00:00.123Z" },
    { -1, "1969-12-31T23:59:59.999Z" },
    { -1000, "1969-12-31T23:59:59.999Z" },
    { G_GINT64_CONSTANT (253402300799999999), "9999-12-31T23:59:59.999Z" },
  };

  g_test_summary ("Times are written as RFC 3339 with milliseconds, rounded down");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = gr_time_format (cases[i].us);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64 us;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-11-21T10:00:00.000Z", G_GINT64_CONSTANT (1795255200000000) },
    { "2026-11-21t12:30:00.5+02:30", G_GINT64_CONSTANT (1795255200500000) },
    { "2026-11-21T05:00:00-05:00", G_GINT64_CONSTANT (1795255200000000) },
    { "2026-11-21T10:00:00.1234567899z", G_GINT64_CONSTANT (1795255200123456) },
    { "2016-12-31T23:59:60Z", G_GINT64_CONSTANT (1483228800000000) },
    { "2024-02-29T00:00:00Z", G_GINT64_CONSTANT (1709164800000000) },
    { "1969-12-31T23:59:59.999Z", -1000 },
  };

  g_test_summary ("RFC 3339 times are read with any zone and any fraction");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 us = 7;

      g_assert_true (gr_time_parse (cases[i].text, &us));
      g_assert_cmpint (us, ==, cases[i].us);
    }
}

static void
test_refuse (void)
{
  static const char *const cases[] = {
    NULL,
    "",
    "2026",
    "2026-11-21",
    "2026-11-21T10:00:00",
    "2026-11-21 10:00:00Z",
    "2026-11-21T10:00Z",
    "2026-11-21T10:00:00Z ",
    " 2026-11-21T10:00:00Z",
    "2026-13-21T10:00:00Z",
    "2026-00-21T10:00:00Z",
    "2026-02-29T10:00:00Z",
    "2026-11-31T10:00:00Z",
    "2026-11-21T24:00:00Z",
    "2026-11-21T10:60:00Z",
    "2026-11-21T10:00:61Z",
    "2026-11-21T10:00:00.Z",
    "2026-11-21T10:00:00+0200",
    "2026-11-21T10:00:00+24:00",
    "2026-11-21T10:00:00+02:60",
    "20261121T100000Z",
    "0000-01-01T00:00:00Z",
    "+026-11-21T10:00:00Z",
  };

  g_test_summary ("What is not a complete RFC 3339 time is refused and changes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 us = 7;

      g_assert_false (gr_time_parse (cases[i], &us));
      g_assert_cmpint (us, ==, 7);
    }
}

static void
test_source (void)
{
  g_test_summary ("A test may put its own clock in place");

  gr_time_set_source (test_clock);
  g_assert_cmpint (gr_now (), ==, 42);
  gr_time_set_source (NULL);
  g_assert_cmpint (ABS (gr_now () - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/formats-rfc-3339", test_format);
  g_test_add_func ("/time/parses-rfc-3339", test_parse);
  g_test_add_func ("/time/refuses-all-else", test_refuse);
  g_test_add_func ("/time/clock-can-be-replaced", test_source);
  return g_test_run ();
}
