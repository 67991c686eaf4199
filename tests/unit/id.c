/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/id. */
#include <string.h>

#include "base/id.h"
#include "base/time.h"
#include "base/words.h"

#define N_THREADS 4
#define N_IDS 20000

static gint64 stopped_us = G_GINT64_CONSTANT (1795255200123000);

static gint64
stopped_clock (void)
{
  return stopped_us;
}

static void
test_layout (void)
{
  g_autofree char *id = NULL;
  g_autofree char *hex = NULL;

  g_test_summary ("An id is a UUID of version 7 whose first 48 bits are the time");

  gr_time_set_source (stopped_clock);
  id = gr_id_new ();
  gr_time_set_source (NULL);

  g_assert_true (gr_id_is_valid (id));
  g_assert_cmpint (id[14], ==, '7');
  g_assert_nonnull (strchr ("89ab", id[19]));

  hex = g_strdup_printf ("%.8s%.4s", id, id + 9);
  g_assert_cmpuint (g_ascii_strtoull (hex, NULL, 16), ==, stopped_us / 1000);
}

static void
test_monotonic (void)
{
  g_autofree char *last = g_strdup ("");

  g_test_summary ("Ids sort in the order they were made, even while the clock stands or runs back");

  gr_time_set_source (stopped_clock);
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *id = gr_id_new ();

      if (i == 5000)
        stopped_us -= G_USEC_PER_SEC;
      g_assert_cmpstr (id, >, last);
      g_free (last);
      last = g_steal_pointer (&id);
    }
  gr_time_set_source (NULL);
}

static gpointer
make_ids (gpointer data)
{
  char **ids = data;

  for (guint i = 0; i < N_IDS; i++)
    ids[i] = gr_id_new ();

  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char **ids = g_new0 (char *, N_THREADS *N_IDS);
  GThread *threads[N_THREADS];

  g_test_summary ("Threads that make ids at once never make the same");

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("ids", make_ids, ids + i * N_IDS);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_THREADS * N_IDS; i++)
    g_assert_true (g_hash_table_add (seen, ids[i]));
}

static void
test_valid (void)
{
  g_test_summary ("Only a complete lower case UUID is an id");

  g_assert_true (gr_id_is_valid ("0190a6b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b"));
  g_assert_false (gr_id_is_valid (NULL));
  g_assert_false (gr_id_is_valid (""));
  g_assert_false (gr_id_is_valid ("0190a6b2-1c2d-7e3f-8a4b-5c6d7e8f9a0"));
  g_assert_false (gr_id_is_valid ("0190a6b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b0"));
  g_assert_false (gr_id_is_valid ("0190A6B2-1c2d-7e3f-8a4b-5c6d7e8f9a0b"));
  g_assert_false (gr_id_is_valid ("0190a6b2x1c2d-7e3f-8a4b-5c6d7e8f9a0b"));
  g_assert_false (gr_id_is_valid ("0190a6b2-1c2d-7e3f-8a4b-5c6d7e8f9a0g"));
}

static void
test_token (void)
{
  g_autofree char *a = gr_token_new (32);
  g_autofree char *b = gr_token_new (32);
  g_autofree char *hash = gr_hash_token ("abc");

  g_test_summary ("Tokens are random and url-safe, and are kept as SHA-256");

  g_assert_cmpuint (strlen (a), ==, 43);
  g_assert_cmpstr (a, !=, b);
  g_assert_true (strspn (a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == 43);
  g_assert_cmpstr (hash, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_equal (void)
{
  g_test_summary ("Secrets are equal only if all of them is, and nothing equals nothing");

  g_assert_true (gr_equal_secret ("secret", "secret"));
  g_assert_true (gr_equal_secret ("", ""));
  g_assert_false (gr_equal_secret ("secret", "secreT"));
  g_assert_false (gr_equal_secret ("secret", "secret1"));
  g_assert_false (gr_equal_secret (NULL, "secret"));
  g_assert_false (gr_equal_secret (NULL, NULL));
}

static void
check_words (const char *const *words, guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (n, >=, 256);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (g_regex_match_simple ("^[a-z]{2,9}$", words[i], 0, 0));
      g_assert_true (g_hash_table_add (seen, (gpointer) words[i]));
    }
}

static void
test_code (void)
{
  g_test_summary ("Room codes are two words and a number of two digits");

  check_words (gr_words_first, gr_n_words_first);
  check_words (gr_words_second, gr_n_words_second);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *code = gr_code_new ();

      g_assert_true (g_regex_match_simple ("^[a-z]+-[a-z]+-[1-9][0-9]$", code, 0, 0));
    }
}

static void
test_invite_code (void)
{
  g_autofree char *a = gr_invite_code_new ();
  g_autofree char *b = gr_invite_code_new ();

  g_test_summary ("An invite can be read out, and is not met twice");
  g_assert_true (g_regex_match_simple ("^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$", a, 0, 0));
  g_assert_cmpstr (a, !=, b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/is-a-uuid-of-version-7", test_layout);
  g_test_add_func ("/id/sorts-in-order-of-making", test_monotonic);
  g_test_add_func ("/id/is-unique-across-threads", test_threads);
  g_test_add_func ("/id/only-uuids-are-valid", test_valid);
  g_test_add_func ("/id/tokens-are-random", test_token);
  g_test_add_func ("/id/secrets-compare-whole", test_equal);
  g_test_add_func ("/id/codes-can-be-spoken", test_code);
  g_test_add_func ("/id/invite-code", test_invite_code);
  return g_test_run ();
}
