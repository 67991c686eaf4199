/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hmac.h"

#include <openssl/crypto.h>
#include <string.h>

#define INNER_PAD 0x36
#define OUTER_PAD 0x5c

static void
absorb_pad (SHA_CTX *state, const guint8 key[SHA_CBLOCK], guint8 pad)
{
  guint8 block[SHA_CBLOCK];

  for (guint i = 0; i < SHA_CBLOCK; i++)
    block[i] = key[i] ^ pad;
  SHA1_Init (state);
  SHA1_Update (state, block, sizeof block);
  OPENSSL_cleanse (block, sizeof block);
}

void
gr_hmac_init (GrHmac *hmac, const guint8 *key, gsize length)
{
  guint8 block[SHA_CBLOCK] = { 0 };

  if (length > sizeof block)
    SHA1 (key, length, block);
  else
    memcpy (block, key, length);

  absorb_pad (&hmac->inner, block, INNER_PAD);
  absorb_pad (&hmac->outer, block, OUTER_PAD);
  OPENSSL_cleanse (block, sizeof block);
}

void
gr_hmac_digest (const GrHmac *hmac,
                const guint8 *first,
                gsize first_length,
                const guint8 *second,
                gsize second_length,
                guint8 digest[GR_HMAC_BYTES])
{
  SHA_CTX state = hmac->inner;

  SHA1_Update (&state, first, first_length);
  SHA1_Update (&state, second, second_length);
  SHA1_Final (digest, &state);

  state = hmac->outer;
  SHA1_Update (&state, digest, GR_HMAC_BYTES);
  SHA1_Final (digest, &state);
}
