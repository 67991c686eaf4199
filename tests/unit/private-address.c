/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/private-address.h"

static void
test_addresses (void)
{
  static const char *const inside[] = {
    "127.0.0.1",       "127.255.0.9",     "10.1.2.3",       "172.16.0.1",   "172.31.255.255",
    "192.168.1.1",     "169.254.169.254", "0.0.0.0",        "100.64.0.1",   "224.0.0.1",
    "240.0.0.1",       "255.255.255.255", "198.18.0.1",     "::1",          "::",
    "fe80::1",         "fc00::1",         "fd12::1",        "ff02::1",      "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::10.0.0.1",      "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1",
  };
  static const char *const outside[] = {
    "1.1.1.1",     "8.8.8.8",         "172.32.0.1",     "100.128.0.1",
    "192.169.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
  };

  g_test_summary ("Addresses inside are told from those of the Internet, in whatever they are wrapped");
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (inside[i]);

      g_test_message ("%s", inside[i]);
      g_assert_true (gr_address_is_private (address));
    }
  for (guint i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (outside[i]);

      g_test_message ("%s", outside[i]);
      g_assert_false (gr_address_is_private (address));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/private-address/addresses", test_addresses);

  return g_test_run ();
}
