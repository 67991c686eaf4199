/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES in counter mode as SRTP uses it: the keystream of a packet and the derivation of session keys. Only srtp.c and
 * its tests include this. Any thread, one at a time for each cipher. */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

G_BEGIN_DECLS

#define GR_SRTP_KEY_BYTES 16
#define GR_SRTP_SALT_BYTES 14

/* RFC 3711, section 4.3.1. */
typedef enum
{
  GR_SRTP_LABEL_RTP_KEY = 0,
  GR_SRTP_LABEL_RTP_AUTHENTICATION = 1,
  GR_SRTP_LABEL_RTP_SALT = 2,
  GR_SRTP_LABEL_RTCP_KEY = 3,
  GR_SRTP_LABEL_RTCP_AUTHENTICATION = 4,
  GR_SRTP_LABEL_RTCP_SALT = 5
} GrSrtpLabel;

/* An AES-128 block cipher for gr_srtp_counter_mode(). */
EVP_CIPHER_CTX *gr_srtp_block_cipher_new (const guint8 key[GR_SRTP_KEY_BYTES]);

/* Encrypts or decrypts @bytes in place (RFC 3711, section 4.1.1). The last two bytes of @iv are 0: the block counter.
 */
void gr_srtp_counter_mode (EVP_CIPHER_CTX *block_cipher, const guint8 iv[16], guint8 *bytes, gsize length);

/* Derives @length bytes for @label (RFC 3711, section 4.3, with a key derivation rate of 0). */
void gr_srtp_derive (const guint8 master_key[GR_SRTP_KEY_BYTES],
                     const guint8 master_salt[GR_SRTP_SALT_BYTES],
                     GrSrtpLabel label,
                     guint8 *derived,
                     gsize length);

G_END_DECLS
