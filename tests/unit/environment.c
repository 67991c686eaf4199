/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers/environment.h"

static void
test_secrets (void)
{
  g_auto (GStrv) given = NULL;

  g_test_summary ("Workers find no password of ours in their environment, and what GStreamer needs is there");
  g_setenv ("GREENROOM_STORE_URL", "postgresql://ann:sesame@host/greenroom", TRUE);
  g_setenv ("PGPASSWORD", "sesame", TRUE);
  g_setenv ("GST_PLUGIN_PATH", "/plugins", TRUE);
  given = gr_worker_environment ();

  g_assert_null (g_environ_getenv (given, "GREENROOM_STORE_URL"));
  g_assert_null (g_environ_getenv (given, "PGPASSWORD"));
  g_assert_cmpstr (g_environ_getenv (given, "GST_PLUGIN_PATH"), ==, "/plugins");
  g_assert_cmpstr (g_environ_getenv (given, "PATH"), ==, g_getenv ("PATH"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/has-no-secrets", test_secrets);

  return g_test_run ();
}
