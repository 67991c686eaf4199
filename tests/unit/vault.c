/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vault.h"

#include <string.h>

#include "base/error.h"

static const GrVaultKey key = { { 1, 2, 3 } };

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sealed = gr_vault_seal (&key, "row", "live_secret");
  g_autofree char *again = gr_vault_seal (&key, "row", "live_secret");
  char *opened = gr_vault_open (&key, "row", sealed, &error);

  g_test_summary ("A sealed secret opens again, and looks different each time");
  g_assert_no_error (error);
  g_assert_cmpstr (opened, ==, "live_secret");
  g_assert_cmpstr (sealed, !=, again);
  g_assert_null (strstr (sealed, "secret"));
  gr_vault_forget (opened);
}

static void
test_refusals (void)
{
  static const GrVaultKey other = { { 9 } };
  g_autofree char *sealed = gr_vault_seal (&key, "row", "live_secret");
  g_autofree char *bent = g_strdup (sealed);
  const struct
  {
    const GrVaultKey *key;
    const char *owner;
    const char *sealed;
  } rows[] = { { &other, "row", sealed }, { &key, "another row", sealed }, { &key, "row", bent },
               { &key, "row", "" },       { &key, "row", "AAAA" },         { &key, "row", "not Base64 at all" } };

  g_test_summary ("Another key, another row and a changed byte open nothing");
  bent[40] = bent[40] == 'A' ? 'B' : 'A';
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gr_vault_open (rows[i].key, rows[i].owner, rows[i].sealed, &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INTERNAL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/round-trip", test_round_trip);
  g_test_add_func ("/vault/refusals", test_refusals);

  return g_test_run ();
}
