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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/addresses/one", test_one);
  g_test_add_func ("/addresses/wildcard", test_wildcard);
  g_test_add_func ("/addresses/maximum", test_maximum);
  g_test_add_func ("/addresses/loopback", test_loopback);

  return g_test_run ();
}
