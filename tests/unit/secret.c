/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/secret. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/secret.h"

static char *
new_dir (void)
{
  char *dir = g_dir_make_tmp ("greenroom-secret-XXXXXX", NULL);

  g_assert_nonnull (dir);
  return dir;
}

static void
remove_dir (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

static void
test_lasts (void)
{
  g_autofree char *dir = new_dir ();
  g_autofree char *path = g_build_filename (dir, "jwt.key", NULL);
  g_autoptr (GError) error = NULL;
  guint8 first[32] = { 0 }, second[32] = { 0 }, zero[32] = { 0 };
  struct stat status;

  g_test_summary ("A secret is made once, for the owner only, and read again after that");

  g_assert_true (gr_secret_load (dir, "jwt.key", 32, first, &error));
  g_assert_no_error (error);
  g_assert_true (gr_secret_load (dir, "jwt.key", 32, second, &error));
  g_assert_cmpmem (first, 32, second, 32);
  g_assert_cmpint (memcmp (first, zero, 32), !=, 0);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* Succeeds only if nothing else was left behind. */
  remove_dir (dir, "jwt.key");
}

static void
test_refused (void)
{
  g_autofree char *dir = new_dir ();
  g_autofree char *path = g_build_filename (dir, "jwt.key", NULL);
  guint8 bytes[32];

  g_test_summary ("A secret that others can read, of a wrong size or out of reach is an error");

  g_assert_true (gr_secret_load (dir, "jwt.key", 32, bytes, NULL));
  g_assert_false (gr_secret_load (dir, "jwt.key", 31, bytes, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_false (gr_secret_load (dir, "jwt.key", 32, bytes, NULL));
  g_assert_false (gr_secret_load ("/nonexistent", "jwt.key", 32, bytes, NULL));
  remove_dir (dir, "jwt.key");
}

typedef struct
{
  const char *dir;
  guint8 bytes[32];
} Loader;

static gpointer
load (gpointer data)
{
  Loader *loader = data;

  g_assert_true (gr_secret_load (loader->dir, "race.key", 32, loader->bytes, NULL));
  return NULL;
}

static void
test_race (void)
{
  g_autofree char *dir = new_dir ();
  Loader loaders[8];
  GThread *threads[8];

  g_test_summary ("Those who start at once end up with the same secret");

  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    {
      loaders[i].dir = dir;
      threads[i] = g_thread_new ("loader", load, &loaders[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (loaders); i++)
    g_thread_join (threads[i]);
  for (guint i = 1; i < G_N_ELEMENTS (loaders); i++)
    g_assert_cmpmem (loaders[i].bytes, 32, loaders[0].bytes, 32);
  remove_dir (dir, "race.key");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/lasts", test_lasts);
  g_test_add_func ("/secret/is-refused-when-open", test_refused);
  g_test_add_func ("/secret/race-has-one-winner", test_race);
  return g_test_run ();
}
