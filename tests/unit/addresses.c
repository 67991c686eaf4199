/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/addresses: on which of this machine's addresses the hub opens its port. */
#include "media/hub/addresses.h"

static GStrv
addresses_of (const char *listening, guint maximum)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (listening);

  return gr_addresses_of (address, maximum);
}

static void
test_one (void)
{
  g_auto (GStrv) addresses = addresses_of ("192.0.2.7", 8);

  g_test_summary ("An address that is given is the one that is opened");
  g_assert_cmpstr (addresses[0], ==, "192.0.2.7");
  g_assert_null (addresses[1]);
}

static void
test_wildcard (void)
{
  g_auto (GStrv) addresses = addresses_of ("0.0.0.0", 8);
  guint n = g_strv_length (addresses);

  g_test_summary ("A wildcard means every address of the machine by itself, loopback last");
  /* Each is one to send from: the wildcard itself is none. */
  g_assert_false (g_strv_contains ((const char *const *) addresses, "0.0.0.0"));
  g_assert_cmpuint (n, >=, 1);
  g_assert_true (gr_address_is_loopback (addresses[n - 1]));
  for (guint i = 0; i + 1 < n; i++)
    g_assert_true (!gr_address_is_loopback (addresses[i]) || gr_address_is_loopback (addresses[i + 1]));
}

static void
test_maximum (void)
{
  g_auto (GStrv) one = addresses_of ("0.0.0.0", 1);
  g_auto (GStrv) none = addresses_of ("192.0.2.7", 0);

  g_test_summary ("No more are opened than there is room for");
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_null (none[0]);
}

static void
test_loopback (void)
{
  g_test_summary ("What only this machine can reach is told from the rest");

  g_assert_true (gr_address_is_loopback ("127.0.0.2"));
  g_assert_true (gr_address_is_loopback ("::1"));
  g_assert_false (gr_address_is_loopback ("192.0.2.7"));
}

static void
test_listen (void)
{
  static const char *const bad[] = { "192.0.2.1:1,192.0.2.2:2", "192.0.2.1:1,192.0.2.2:1,192.0.2.3:1", "nonsense" };
  g_autoptr (GError) error = NULL;
  guint16 port = 0;
  g_autoptr (GPtrArray) two = gr_addresses_to_open ("192.0.2.1:7880,[2001:db8::1]:7880", 2, &port, &error);

  g_test_summary ("One port is opened, on as many addresses as there is room for");
  g_assert_no_error (error);
  g_assert_cmpuint (port, ==, 7880);
  g_assert_cmpuint (two->len, ==, 2);
  g_assert_cmpstr (two->pdata[1], ==, "2001:db8::1");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (gr_addresses_to_open (bad[i], 2, &port, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
}

static void
expect_said (const char *opened, const char *const *announce, const char *expected)
{
  g_auto (GStrv) addresses = g_strsplit (opened, " ", -1);
  g_autoptr (GPtrArray) array = g_ptr_array_new ();
  g_autoptr (GPtrArray) said = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; addresses[i] != NULL; i++)
    g_ptr_array_add (array, addresses[i]);
  said = gr_addresses_to_say (array, announce, &error);
  g_assert_no_error (error);
  g_ptr_array_add (said, NULL);
  text = g_strjoinv (" ", (char **) said->pdata);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_said (void)
{
  static const char *const none[] = { NULL };
  static const char *const announced[] = { "203.0.113.5", NULL };
  static const char *const name[] = { "rooms.example.org", NULL };
  g_autoptr (GPtrArray) empty = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Candidates say what was announced, or what leaves the machine, or, without a network, loopback");
  expect_said ("192.0.2.1 127.0.0.1", NULL, "192.0.2.1");
  expect_said ("192.0.2.1 127.0.0.1", none, "192.0.2.1");
  expect_said ("127.0.0.1", NULL, "127.0.0.1");
  expect_said ("192.0.2.1 127.0.0.1", announced, "203.0.113.5");
  g_assert_null (gr_addresses_to_say (empty, name, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/addresses/one", test_one);
  g_test_add_func ("/addresses/wildcard", test_wildcard);
  g_test_add_func ("/addresses/maximum", test_maximum);
  g_test_add_func ("/addresses/loopback", test_loopback);
  g_test_add_func ("/addresses/one-port", test_listen);
  g_test_add_func ("/addresses/candidates", test_said);

  return g_test_run ();
}
