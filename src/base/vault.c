/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/vault.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT (GR_VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

char *
gr_vault_seal (const GrVaultKey *key, const char *owner, const char *secret)
{
  gsize length = strlen (secret);
  g_autofree guint8 *box = g_malloc (NONCE + length + TAG);
  unsigned long long n_box;

  randombytes_buf (box, NONCE);
  crypto_aead_xchacha20poly1305_ietf_encrypt (box + NONCE, &n_box, (const guint8 *) secret, length,
                                              (const guint8 *) owner, strlen (owner), NULL, box, key->bytes);

  return g_base64_encode (box, NONCE + n_box);
}

char *
gr_vault_open (const GrVaultKey *key, const char *owner, const char *sealed, GError **error)
{
  gsize n_box;
  g_autofree guint8 *box = g_base64_decode (sealed, &n_box);
  g_autofree guint8 *secret = NULL;
  unsigned long long length;

  if (n_box >= NONCE + TAG)
    secret = g_malloc0 (n_box - NONCE - TAG + 1);

  if (secret == NULL
      || crypto_aead_xchacha20poly1305_ietf_decrypt (secret, &length, NULL, box + NONCE, n_box - NONCE,
                                                     (const guint8 *) owner, strlen (owner), box, key->bytes)
             != 0)
    {
      gr_set_error (error, GR_ERROR_INTERNAL, NULL, "A stored secret was sealed with another key");
      return NULL;
    }

  return (char *) g_steal_pointer (&secret);
}

void
gr_vault_forget (char *secret)
{
  if (secret != NULL)
    sodium_memzero (secret, strlen (secret));
  g_free (secret);
}
