/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/error: every code can be told to a client. */
#include "base/error.h"

static void
test_traits (void)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_test_summary ("Every code has a name of its own, an HTTP status and a D-Bus name");

  for (int code = 0; code < GR_ERROR_LAST; code++)
    {
      const GrErrorTraits *traits = gr_error_code_traits (code);

      g_assert_nonnull (traits->name);
      g_assert_cmpuint (traits->status, >=, 400);
      g_assert_cmpuint (traits->status, <, 600);
      g_assert_true (g_str_has_prefix (traits->dbus_name, "org.greenroom.Error."));
      g_assert_true (g_hash_table_add (names, (gpointer) traits->name));
    }
}

static void
test_field (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;

  g_test_summary ("An error carries the field at fault, and so does its copy");

  gr_set_error (&error, GR_ERROR_INVALID_INPUT, "email", "%s is missing", "email");
  copy = g_error_copy (error);
  g_assert_error (copy, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_cmpstr (gr_error_get_field (copy), ==, "email");
  g_assert_cmpstr (copy->message, ==, "email is missing");
}

static void
test_foreign (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "/secret/path is missing");

  g_test_summary ("An error of another domain is an internal one");

  g_assert_cmpstr (gr_error_traits (error)->name, ==, "internal");
  g_assert_null (gr_error_get_field (error));
  gr_set_error (NULL, GR_ERROR_BUSY, NULL, "nobody listens");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/every-code-has-traits", test_traits);
  g_test_add_func ("/error/carries-the-field", test_field);
  g_test_add_func ("/error/foreign-domains-are-internal", test_foreign);
  return g_test_run ();
}
