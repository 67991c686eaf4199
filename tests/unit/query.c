/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/query.h"

#include <string.h>

#include "base/error.h"
#include "http/cookies.h"

static void
test_pairs (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) pairs = gr_query_parse ("limit=20&after=a%2Fb+c&flag&name=%D0%86&&", &error);
  g_autoptr (GHashTable) none = gr_query_parse (NULL, NULL);

  g_test_summary ("Names and values are decoded; a name may stand alone");
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (pairs), ==, 4);
  g_assert_cmpstr (g_hash_table_lookup (pairs, "limit"), ==, "20");
  g_assert_cmpstr (g_hash_table_lookup (pairs, "after"), ==, "a/b c");
  g_assert_cmpstr (g_hash_table_lookup (pairs, "flag"), ==, "");
  g_assert_cmpstr (g_hash_table_lookup (pairs, "name"), ==, "І");
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

static void
assert_refused (const char *query, const char *field)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) pairs = gr_query_parse (query, &error);

  g_assert_null (pairs);
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_cmpstr (gr_error_get_field (error), ==, field);
}

static void
test_bad_queries (void)
{
  g_autofree char *long_value = g_strnfill (GR_QUERY_MAX_BYTES, 'a');
  GString *many = g_string_new (NULL);

  g_test_summary ("A query that is ambiguous, not UTF-8 or too long is refused and the name named");
  assert_refused ("a=1&a=2", "a");
  assert_refused ("a=%", "a");
  assert_refused ("a=%4", "a");
  assert_refused ("a=%zz", "a");
  assert_refused ("a=%ff", "a");
  assert_refused ("a=%00", "a");
  assert_refused ("a=%0a", "a");
  assert_refused ("=1", NULL);
  assert_refused ("%ff=1", NULL);

  g_string_printf (many, "a=%s", long_value);
  assert_refused (many->str, NULL);
  g_string_truncate (many, 0);
  for (guint i = 0; i <= GR_QUERY_MAX_PAIRS; i++)
    g_string_append_printf (many, "&n%u=1", i);
  assert_refused (many->str, NULL);
  g_string_free (many, TRUE);
}

static void
assert_cookie (const char *header, const char *expected)
{
  g_autofree char *value = gr_cookies_get (header, "refresh");

  g_assert_cmpstr (value, ==, expected);
}

static void
test_cookies (void)
{
  g_autofree char *long_header = g_strnfill (GR_COOKIES_MAX_BYTES, 'x');
  g_autofree char *beyond = g_strconcat ("refresh=a; b=", long_header, NULL);

  g_test_summary ("One cookie is found by its name, and none where two disagree or the text is no cookie");
  assert_cookie (NULL, NULL);
  assert_cookie ("", NULL);
  assert_cookie ("refresh=abc", "abc");
  assert_cookie ("a=b; refresh=abc=; c=d", "abc=");
  assert_cookie ("a=b;refresh=\"abc\" ;c", "abc");
  assert_cookie ("xrefresh=abc; refreshx=abc; REFRESH=abc", NULL);
  assert_cookie ("refresh=a; refresh=a", "a");
  assert_cookie ("refresh=a; refresh=b", NULL);
  assert_cookie ("refresh=a b", NULL);
  assert_cookie ("refresh=\xff", NULL);
  assert_cookie ("refresh", NULL);
  assert_cookie (beyond, NULL);
}

static void
test_set_cookie (void)
{
  g_autofree char *secure = gr_cookies_build ("refresh", "abc", "/api/auth", 600, GR_COOKIE_SECURE);
  g_autofree char *plain = gr_cookies_build ("refresh", "", "/", 0, GR_COOKIE_PLAIN);

  g_test_summary ("The refresh cookie is out of reach for scripts and other sites");
  g_assert_cmpstr (secure, ==, "refresh=abc; Path=/api/auth; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
  g_assert_cmpstr (plain, ==, "refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/pairs", test_pairs);
  g_test_add_func ("/query/bad-queries", test_bad_queries);
  g_test_add_func ("/cookies/get", test_cookies);
  g_test_add_func ("/cookies/set", test_set_cookie);
  return g_test_run ();
}
