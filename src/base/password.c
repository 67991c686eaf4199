/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/password.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"

#define MEMORY (19 * 1024 * 1024)
#define PASSES 2
#define MAX_RUNNING 2
#define MAX_WAITING 32

/* Well formed, today's parameters, and the hash of no password: stands in where there is no account. */
#define NOBODYS_HASH "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static GMutex lock; /* taken alone; guards the two below */
static GCond released;
static guint n_running;
static guint n_waiting;

static gboolean
acquire (GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (n_running >= MAX_RUNNING && n_waiting >= MAX_WAITING)
    {
      gr_set_error (error, GR_ERROR_BUSY, NULL, "Too many people are signing in at once; try again");
      return FALSE;
    }

  n_waiting++;
  while (n_running >= MAX_RUNNING)
    g_cond_wait (&released, &lock);
  n_waiting--;
  n_running++;
  return TRUE;
}

static void
release (void)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  n_running--;
  g_cond_signal (&released);
}

char *
gr_password_hash (const char *password, GError **error)
{
  char hash[crypto_pwhash_STRBYTES];
  int failed;

  g_return_val_if_fail (sodium_init () >= 0, NULL);
  if (!acquire (error))
    return NULL;

  failed = crypto_pwhash_str_alg (hash, password, strlen (password), PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13);
  release ();

  if (failed)
    {
      gr_set_error (error, GR_ERROR_BUSY, NULL, "There is no memory to hash a password; try again");
      return NULL;
    }

  return g_strdup (hash);
}

gboolean
gr_password_verify (const char *hash, const char *password, GError **error)
{
  char padded[crypto_pwhash_STRBYTES] = { 0 };
  gboolean matches;

  g_return_val_if_fail (sodium_init () >= 0, FALSE);
  g_strlcpy (padded, hash != NULL ? hash : NOBODYS_HASH, sizeof padded);
  if (!acquire (error))
    return FALSE;

  matches = crypto_pwhash_str_verify (padded, password, strlen (password)) == 0;
  release ();

  if (hash == NULL || !matches)
    {
      gr_set_error (error, GR_ERROR_BAD_CREDENTIALS, NULL, "The e-mail address or the password is wrong");
      return FALSE;
    }

  return TRUE;
}

gboolean
gr_password_needs_rehash (const char *hash)
{
  char padded[crypto_pwhash_STRBYTES] = { 0 };

  g_strlcpy (padded, hash, sizeof padded);
  return crypto_pwhash_str_needs_rehash (padded, PASSES, MEMORY) != 0;
}
