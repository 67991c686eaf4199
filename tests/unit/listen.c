/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/listen. */
#include "base/listen.h"
#include "base/error.h"

static char *
describe (GPtrArray *addresses)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *one = g_socket_connectable_to_string (g_ptr_array_index (addresses, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", one);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_good (void)
{
  static const struct
  {
    const char *text, *addresses;
  } cases[] = {
    { "", "" },
    { "8080", "127.0.0.1:8080 [::1]:8080" },
    { "localhost:8080", "127.0.0.1:8080 [::1]:8080" },
    { "*:80", "0.0.0.0:80 [::]:80" },
    { "[::]:8080, 0.0.0.0:8080", "[::]:8080 0.0.0.0:8080" },
    { "127.0.0.1:0", "127.0.0.1" },
    { "[::1]:9", "[::1]:9" },
  };

  g_test_summary ("Hosts, ports and the short forms become addresses");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) addresses = gr_listen_parse (cases[i].text, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = describe (addresses);
      g_assert_cmpstr (text, ==, cases[i].addresses);
    }
}

static void
test_bad (void)
{
  static const char *const cases[] = { "localhost",    "example.org:80", ":80",   "127.0.0.1:", "127.0.0.1:65536",
                                       "127.0.0.1:-1", "::1:80",         "[::1]", "[]:80",      "8080,nonsense" };

  g_test_summary ("Names, missing ports and bare IPv6 addresses are refused");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gr_listen_parse (cases[i], &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/listen/reads-addresses", test_good);
  g_test_add_func ("/listen/refuses-all-else", test_bad);
  return g_test_run ();
}
