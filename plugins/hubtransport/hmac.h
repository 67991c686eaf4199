/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HMAC-SHA1 (RFC 2104) keyed once, for SRTP and STUN. OpenSSL's SHA_CTX is a plain struct: copying the keyed state
 * costs a memcpy, while EVP_MD_CTX_copy and EVP_MAC in OpenSSL 3.0 allocate for every packet. Any thread, one at a
 * time. */
#pragma once

#include <glib.h>
#include <openssl/sha.h>

G_BEGIN_DECLS

#define GR_HMAC_BYTES SHA_DIGEST_LENGTH

typedef struct
{
  SHA_CTX inner;
  SHA_CTX outer;
} GrHmac;

void gr_hmac_init (GrHmac *hmac, const guint8 *key, gsize length);

/* The digest of @first followed by @second. */
void gr_hmac_digest (const GrHmac *hmac,
                     const guint8 *first,
                     gsize first_length,
                     const guint8 *second,
                     gsize second_length,
                     guint8 digest[GR_HMAC_BYTES]);

G_END_DECLS
