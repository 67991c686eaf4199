/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/password. */
#include "base/password.h"
#include "base/error.h"

#define N_THREADS 50

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = gr_password_hash ("correct horse", &error);
  g_autofree char *again = gr_password_hash ("correct horse", NULL);

  g_test_summary ("A password verifies against its own hash, which is Argon2id of 19 MiB and two passes, and salted");

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
  g_assert_cmpstr (hash, !=, again);
  g_assert_true (gr_password_verify (hash, "correct horse", &error));
  g_assert_no_error (error);
  g_assert_false (gr_password_verify (hash, "correct horsE", &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS);
}

static void
test_nobody (void)
{
  gint64 started, wrong_us, nobody_us;
  g_autofree char *hash = gr_password_hash ("x", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("No account takes as long, and says the same, as a wrong password");

  started = g_get_monotonic_time ();
  for (guint i = 0; i < 5; i++)
    g_assert_false (gr_password_verify (hash, "y", NULL));
  wrong_us = g_get_monotonic_time () - started;

  started = g_get_monotonic_time ();
  for (guint i = 0; i < 5; i++)
    g_assert_false (gr_password_verify (NULL, "y", NULL));
  nobody_us = g_get_monotonic_time () - started;

  /* Without the work it would be a thousandth. */
  g_assert_cmpint (nobody_us, >, wrong_us / 4);
  g_assert_false (gr_password_verify (NULL, "", &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_BAD_CREDENTIALS);
}

static void
test_broken_hash (void)
{
  static const char *const hashes[]
      = { "", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$2b$10$abcdefghijklmnopqrstuv" };

  g_test_summary ("A hash that is none verifies nothing and wants replacing");

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_assert_false (gr_password_verify (hashes[i], "", NULL));
      g_assert_true (gr_password_needs_rehash (hashes[i]));
    }
}

static void
test_rehash (void)
{
  g_autofree char *hash = gr_password_hash ("x", NULL);

  g_test_summary ("Only a hash with other parameters is to be replaced");

  g_assert_false (gr_password_needs_rehash (hash));
  g_assert_true (gr_password_needs_rehash (
      "$argon2id$v=19$m=8192,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

static gpointer
verify_nobody (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (gr_password_verify (NULL, "x", &error));
  return GINT_TO_POINTER (error->code);
}

static void
test_bounded (void)
{
  GThread *threads[N_THREADS];
  guint looked = 0, busy = 0;

  g_test_summary ("However many sign in at once, each gets an answer: looked at, or busy");

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("sign-in", verify_nobody, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      int code = GPOINTER_TO_INT (g_thread_join (threads[i]));

      if (code == GR_ERROR_BUSY)
        busy++;
      else if (code == GR_ERROR_BAD_CREDENTIALS)
        looked++;
    }

  g_assert_cmpuint (looked + busy, ==, N_THREADS);
  g_assert_cmpuint (looked, >=, 34);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/password/verifies-its-own-hash", test_round_trip);
  g_test_add_func ("/password/unknown-accounts-take-as-long", test_nobody);
  g_test_add_func ("/password/broken-hashes-verify-nothing", test_broken_hash);
  g_test_add_func ("/password/old-parameters-are-replaced", test_rehash);
  g_test_add_func ("/password/work-is-bounded", test_bounded);
  return g_test_run ();
}
