/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/srtp-cipher.h"

#include <string.h>

#include "plugins/hubtransport/bytes.h"

#define BLOCK_BYTES 16
/* A whole packet of a usual MTU at once, so that AES-NI is kept busy. */
#define CHUNK_BYTES 1536

EVP_CIPHER_CTX *
gr_srtp_block_cipher_new (const guint8 key[GR_SRTP_KEY_BYTES])
{
  EVP_CIPHER_CTX *block_cipher = EVP_CIPHER_CTX_new ();

  if (EVP_EncryptInit_ex (block_cipher, EVP_aes_128_ecb (), NULL, key, NULL) != 1)
    g_error ("OpenSSL has no AES-128");
  EVP_CIPHER_CTX_set_padding (block_cipher, 0);

  return block_cipher;
}

/* By words: at -O2 the compiler keeps to bytes, which doubles the cost of a video packet. */
static void
xor_bytes (guint8 *bytes, const guint8 *stream, gsize length)
{
  gsize at = 0;

  for (; at + sizeof (guint64) <= length; at += sizeof (guint64))
    {
      guint64 word, other;

      memcpy (&word, bytes + at, sizeof word);
      memcpy (&other, stream + at, sizeof other);
      word ^= other;
      memcpy (bytes + at, &word, sizeof word);
    }
  for (; at < length; at++)
    bytes[at] ^= stream[at];
}

/* The counter blocks are made here and encrypted as one run of ECB: with EVP's own counter mode every packet needs
 * another EVP_EncryptInit_ex() for its IV, which costs more than encrypting a voice packet. */
void
gr_srtp_counter_mode (EVP_CIPHER_CTX *block_cipher, const guint8 iv[16], guint8 *bytes, gsize length)
{
  guint8 stream[CHUNK_BYTES];
  guint16 counter = 0;

  while (length > 0)
    {
      gsize part = MIN (length, sizeof stream);
      gsize n_blocks = (part + BLOCK_BYTES - 1) / BLOCK_BYTES;
      int written;

      for (gsize i = 0; i < n_blocks; i++)
        {
          memcpy (stream + i * BLOCK_BYTES, iv, BLOCK_BYTES - 2);
          gr_write_u16 (stream + i * BLOCK_BYTES + BLOCK_BYTES - 2, counter++);
        }
      EVP_EncryptUpdate (block_cipher, stream, &written, stream, n_blocks * BLOCK_BYTES);
      xor_bytes (bytes, stream, part);
      bytes += part;
      length -= part;
    }
}

void
gr_srtp_derive (const guint8 master_key[GR_SRTP_KEY_BYTES],
                const guint8 master_salt[GR_SRTP_SALT_BYTES],
                GrSrtpLabel label,
                guint8 *derived,
                gsize length)
{
  EVP_CIPHER_CTX *block_cipher = gr_srtp_block_cipher_new (master_key);
  guint8 iv[16] = { 0 };

  memcpy (iv, master_salt, GR_SRTP_SALT_BYTES);
  iv[7] ^= label;
  memset (derived, 0, length);
  gr_srtp_counter_mode (block_cipher, iv, derived, length);
  EVP_CIPHER_CTX_free (block_cipher);
}
