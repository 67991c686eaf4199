/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/srtp.h"

#include <openssl/crypto.h>
#include <string.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/hmac.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/srtp-cipher.h"

#define HMAC_TAG_BYTES 10
#define GCM_TAG_BYTES 16
#define GCM_SALT_BYTES 12
#define GCM_IV_BYTES 12
#define AUTHENTICATION_KEY_BYTES 20
#define MAX_STREAMS 1024
/* A voice and a picture with its retransmissions each way, and who reports on them. */
#define FIRST_PLACES 16

#define RTCP_HEADER_BYTES 8
#define RTCP_INDEX_BYTES 4
#define RTCP_ENCRYPTED 0x80000000u
#define RTCP_INDEX_MAX 0x7fffffff

#define WINDOW_WORDS 16
#define WORD_BITS 64

/* A replay list (RFC 3711, section 3.3.2) as a ring of words, one of which is always being cleared (RFC 6479). */
typedef struct
{
  gboolean started;
  gint64 highest; /* RTP: 48 bits, ROC and sequence number; RTCP: 31 bits */
  guint64 seen[WINDOW_WORDS];
} Window;

G_STATIC_ASSERT (GR_SRTP_WINDOW_PACKETS == (WINDOW_WORDS - 1) * WORD_BITS);

typedef struct
{
  guint32 ssrc;
  gboolean used;
  Window rtp;
  Window rtcp;
} Stream;

typedef struct
{
  EVP_CIPHER_CTX *cipher;
  guint8 salt[GR_SRTP_SALT_BYTES];
  GrHmac hmac;
} Keys;

struct _GrSrtp
{
  GrSrtpProfile profile;
  GrSrtpDirection direction;
  gsize tag_bytes;
  Keys rtp;
  Keys rtcp;
  GrSrtpCounters counters;

  Stream *streams; /* open addressing; a power of two, at most half full */
  guint mask;
  guint n_streams;
  guint max_streams;
};

static gboolean
window_is_new (const Window *window, gint64 index)
{
  if (index < 0)
    return FALSE;
  if (!window->started || index > window->highest)
    return TRUE;
  if (window->highest - index >= GR_SRTP_WINDOW_PACKETS)
    return FALSE;

  return (window->seen[index / WORD_BITS % WINDOW_WORDS] >> index % WORD_BITS & 1) == 0;
}

static void
window_mark (Window *window, gint64 index)
{
  if (!window->started)
    {
      window->started = TRUE;
      window->highest = index;
    }
  else if (index > window->highest)
    {
      gint64 word = window->highest / WORD_BITS;
      gint64 n_words = MIN (index / WORD_BITS - word, WINDOW_WORDS);

      for (gint64 i = 1; i <= n_words; i++)
        window->seen[(word + i) % WINDOW_WORDS] = 0;
      window->highest = index;
    }

  window->seen[index / WORD_BITS % WINDOW_WORDS] |= G_GUINT64_CONSTANT (1) << index % WORD_BITS;
}

/* The index with this sequence number that is nearest to the newest one (RFC 3711, section 3.3.1); negative before the
 * stream's begin. */
static gint64
guess_index (const Window *window, guint16 sequence)
{
  return window->started ? window->highest + (gint16) (sequence - (guint16) window->highest) : sequence;
}

/* The stream of @ssrc, or the unused place for it: the table is never full. */
static Stream *
find_stream (GrSrtp *srtp, guint32 ssrc)
{
  guint at = (ssrc * 2654435769u >> 16) & srtp->mask;

  while (srtp->streams[at].used && srtp->streams[at].ssrc != ssrc)
    at = (at + 1) & srtp->mask;

  return &srtp->streams[at];
}

/* Twice the places, for the streams that there are. */
static void
grow (GrSrtp *srtp)
{
  g_autofree Stream *before = g_steal_pointer (&srtp->streams);
  guint n_before = srtp->mask + 1;

  srtp->streams = g_new0 (Stream, n_before * 2);
  srtp->mask = n_before * 2 - 1;
  for (guint i = 0; i < n_before; i++)
    if (before[i].used)
      *find_stream (srtp, before[i].ssrc) = before[i];
}

/* @stream, which find_stream() gave, or where it is from now on. */
static Stream *
use_stream (GrSrtp *srtp, Stream *stream, guint32 ssrc)
{
  if (stream->used)
    return stream;

  srtp->n_streams++;
  if (srtp->n_streams * 2 > srtp->mask + 1)
    {
      grow (srtp);
      stream = find_stream (srtp, ssrc);
    }
  stream->used = TRUE;
  stream->ssrc = ssrc;
  return stream;
}

static gboolean
may_use_stream (GrSrtp *srtp, const Stream *stream)
{
  if (stream->used || srtp->n_streams < srtp->max_streams)
    return TRUE;

  srtp->counters.streams_full++;
  return FALSE;
}

static gssize
refuse (guint64 *counter)
{
  (*counter)++;
  return -1;
}

/* RFC 3711, section 4.1.1: the salt, the SSRC and the index, then 16 bits of block counter. RFC 7714, section 8.1, has
 * the same fields two bytes earlier and nothing behind them. */
static void
make_iv (const GrSrtp *srtp, const Keys *keys, guint32 ssrc, guint64 index, guint8 iv[16])
{
  guint8 *fields = srtp->profile == GR_SRTP_AEAD_AES_128_GCM ? iv + 2 : iv + 4;

  memset (iv, 0, 16);
  memcpy (iv, keys->salt, GR_SRTP_SALT_BYTES);
  gr_write_u32 (fields, gr_read_u32 (fields) ^ ssrc);
  gr_write_u16 (fields + 4, gr_read_u16 (fields + 4) ^ (guint16) (index >> 32));
  gr_write_u32 (fields + 6, gr_read_u32 (fields + 6) ^ (guint32) index);
}

/* Encrypts @bytes in place, with the tag behind them; @more may be NULL. */
static void
seal (const Keys *keys,
      const guint8 *iv,
      const guint8 *clear,
      int clear_length,
      const guint8 *more,
      guint8 *bytes,
      int length)
{
  int written;

  EVP_EncryptInit_ex (keys->cipher, NULL, NULL, NULL, iv);
  EVP_EncryptUpdate (keys->cipher, NULL, &written, clear, clear_length);
  if (more != NULL)
    EVP_EncryptUpdate (keys->cipher, NULL, &written, more, RTCP_INDEX_BYTES);
  EVP_EncryptUpdate (keys->cipher, bytes, &written, bytes, length);
  EVP_EncryptFinal_ex (keys->cipher, bytes + length, &written);
  EVP_CIPHER_CTX_ctrl (keys->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, bytes + length);
}

/* The reverse of seal(); FALSE if the tag does not match. */
static gboolean
open_sealed (const Keys *keys,
             const guint8 *iv,
             const guint8 *clear,
             int clear_length,
             const guint8 *more,
             guint8 *bytes,
             int length)
{
  int written;

  EVP_DecryptInit_ex (keys->cipher, NULL, NULL, NULL, iv);
  EVP_CIPHER_CTX_ctrl (keys->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, bytes + length);
  EVP_DecryptUpdate (keys->cipher, NULL, &written, clear, clear_length);
  if (more != NULL)
    EVP_DecryptUpdate (keys->cipher, NULL, &written, more, RTCP_INDEX_BYTES);
  EVP_DecryptUpdate (keys->cipher, bytes, &written, bytes, length);

  return EVP_DecryptFinal_ex (keys->cipher, bytes + length, &written) == 1;
}

/* RFC 3711, section 4.2: the ROC is authenticated as if it stood behind the packet. */
static void
rtp_digest (const Keys *keys, const guint8 *packet, gsize length, gint64 index, guint8 digest[GR_HMAC_BYTES])
{
  guint8 roc[4];

  gr_write_u32 (roc, index >> 16);
  gr_hmac_digest (&keys->hmac, packet, length, roc, sizeof roc, digest);
}

static gssize
protect_rtp (GrSrtp *srtp, guint8 *packet, gsize length, gsize size)
{
  gsize header = gr_rtp_header_length (packet, length);
  guint8 digest[GR_HMAC_BYTES], iv[16];
  Stream *stream;
  guint32 ssrc;
  gint64 index;

  if (header == 0 || size < length + srtp->tag_bytes)
    return refuse (&srtp->counters.malformed);

  ssrc = gr_read_u32 (packet + 8);
  stream = find_stream (srtp, ssrc);
  if (!may_use_stream (srtp, stream))
    return -1;
  index = guess_index (&stream->rtp, gr_read_u16 (packet + 2));
  if (!window_is_new (&stream->rtp, index))
    return refuse (&srtp->counters.replayed);

  stream = use_stream (srtp, stream, ssrc);
  window_mark (&stream->rtp, index);
  make_iv (srtp, &srtp->rtp, ssrc, index, iv);
  if (srtp->profile == GR_SRTP_AEAD_AES_128_GCM)
    {
      seal (&srtp->rtp, iv, packet, header, NULL, packet + header, length - header);
    }
  else
    {
      gr_srtp_counter_mode (srtp->rtp.cipher, iv, packet + header, length - header);
      rtp_digest (&srtp->rtp, packet, length, index, digest);
      memcpy (packet + length, digest, HMAC_TAG_BYTES);
    }

  srtp->counters.packets++;
  return length + srtp->tag_bytes;
}

static gssize
unprotect_rtp (GrSrtp *srtp, guint8 *packet, gsize length)
{
  guint8 digest[GR_HMAC_BYTES], iv[16];
  Stream *stream;
  guint32 ssrc;
  gint64 index;
  gsize header;

  header = length > srtp->tag_bytes ? gr_rtp_header_length (packet, length - srtp->tag_bytes) : 0;
  if (header == 0)
    return refuse (&srtp->counters.malformed);

  length -= srtp->tag_bytes;
  ssrc = gr_read_u32 (packet + 8);
  stream = find_stream (srtp, ssrc);
  if (!may_use_stream (srtp, stream))
    return -1;
  index = guess_index (&stream->rtp, gr_read_u16 (packet + 2));
  if (!window_is_new (&stream->rtp, index))
    return refuse (&srtp->counters.replayed);

  make_iv (srtp, &srtp->rtp, ssrc, index, iv);
  if (srtp->profile == GR_SRTP_AEAD_AES_128_GCM)
    {
      if (!open_sealed (&srtp->rtp, iv, packet, header, NULL, packet + header, length - header))
        return refuse (&srtp->counters.forged);
    }
  else
    {
      rtp_digest (&srtp->rtp, packet, length, index, digest);
      if (CRYPTO_memcmp (packet + length, digest, HMAC_TAG_BYTES) != 0)
        return refuse (&srtp->counters.forged);
      gr_srtp_counter_mode (srtp->rtp.cipher, iv, packet + header, length - header);
    }

  stream = use_stream (srtp, stream, ssrc);
  window_mark (&stream->rtp, index);
  srtp->counters.packets++;
  return length;
}

/* RFC 3711, section 3.4: behind the packet the index, then the tag. RFC 7714, section 9: the tag, then the index. */
static gssize
protect_rtcp (GrSrtp *srtp, guint8 *packet, gsize length, gsize size)
{
  guint8 digest[GR_HMAC_BYTES], trailer[RTCP_INDEX_BYTES], iv[16];
  Stream *stream;
  guint32 ssrc;
  gint64 index;

  if (length < RTCP_HEADER_BYTES || packet[0] >> 6 != 2 || size < length + srtp->tag_bytes + RTCP_INDEX_BYTES)
    return refuse (&srtp->counters.malformed);

  ssrc = gr_read_u32 (packet + 4);
  stream = find_stream (srtp, ssrc);
  if (!may_use_stream (srtp, stream))
    return -1;
  index = stream->rtcp.started ? stream->rtcp.highest + 1 : 0;
  if (index > RTCP_INDEX_MAX)
    return refuse (&srtp->counters.replayed);

  stream = use_stream (srtp, stream, ssrc);
  window_mark (&stream->rtcp, index);
  make_iv (srtp, &srtp->rtcp, ssrc, index, iv);
  gr_write_u32 (trailer, RTCP_ENCRYPTED | (guint32) index);
  if (srtp->profile == GR_SRTP_AEAD_AES_128_GCM)
    {
      seal (&srtp->rtcp, iv, packet, RTCP_HEADER_BYTES, trailer, packet + RTCP_HEADER_BYTES,
            length - RTCP_HEADER_BYTES);
      memcpy (packet + length + GCM_TAG_BYTES, trailer, RTCP_INDEX_BYTES);
    }
  else
    {
      gr_srtp_counter_mode (srtp->rtcp.cipher, iv, packet + RTCP_HEADER_BYTES, length - RTCP_HEADER_BYTES);
      memcpy (packet + length, trailer, RTCP_INDEX_BYTES);
      gr_hmac_digest (&srtp->rtcp.hmac, packet, length, trailer, RTCP_INDEX_BYTES, digest);
      memcpy (packet + length + RTCP_INDEX_BYTES, digest, HMAC_TAG_BYTES);
    }

  srtp->counters.packets++;
  return length + srtp->tag_bytes + RTCP_INDEX_BYTES;
}

static gssize
unprotect_rtcp (GrSrtp *srtp, guint8 *packet, gsize length)
{
  guint8 digest[GR_HMAC_BYTES], trailer[RTCP_INDEX_BYTES], iv[16];
  gboolean gcm = srtp->profile == GR_SRTP_AEAD_AES_128_GCM;
  Stream *stream;
  guint32 ssrc;
  gint64 index;

  if (length < RTCP_HEADER_BYTES + srtp->tag_bytes + RTCP_INDEX_BYTES || packet[0] >> 6 != 2)
    return refuse (&srtp->counters.malformed);

  length -= srtp->tag_bytes + RTCP_INDEX_BYTES;
  memcpy (trailer, packet + length + (gcm ? GCM_TAG_BYTES : 0), RTCP_INDEX_BYTES);
  /* WebRTC never sends RTCP that is authenticated only (RFC 8827, section 6.5). */
  if ((gr_read_u32 (trailer) & RTCP_ENCRYPTED) == 0)
    return refuse (&srtp->counters.malformed);

  index = gr_read_u32 (trailer) & ~RTCP_ENCRYPTED;
  ssrc = gr_read_u32 (packet + 4);
  stream = find_stream (srtp, ssrc);
  if (!may_use_stream (srtp, stream))
    return -1;
  if (!window_is_new (&stream->rtcp, index))
    return refuse (&srtp->counters.replayed);

  make_iv (srtp, &srtp->rtcp, ssrc, index, iv);
  if (gcm)
    {
      if (!open_sealed (&srtp->rtcp, iv, packet, RTCP_HEADER_BYTES, trailer, packet + RTCP_HEADER_BYTES,
                        length - RTCP_HEADER_BYTES))
        return refuse (&srtp->counters.forged);
    }
  else
    {
      gr_hmac_digest (&srtp->rtcp.hmac, packet, length, trailer, RTCP_INDEX_BYTES, digest);
      if (CRYPTO_memcmp (packet + length + RTCP_INDEX_BYTES, digest, HMAC_TAG_BYTES) != 0)
        return refuse (&srtp->counters.forged);
      gr_srtp_counter_mode (srtp->rtcp.cipher, iv, packet + RTCP_HEADER_BYTES, length - RTCP_HEADER_BYTES);
    }

  stream = use_stream (srtp, stream, ssrc);
  window_mark (&stream->rtcp, index);
  srtp->counters.packets++;
  return length;
}

static EVP_CIPHER_CTX *
new_gcm_cipher (GrSrtpDirection direction, const guint8 key[GR_SRTP_KEY_BYTES])
{
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new ();

  if (EVP_CipherInit_ex (cipher, EVP_aes_128_gcm (), NULL, key, NULL, direction == GR_SRTP_SENDER) != 1)
    g_error ("OpenSSL has no AES-128-GCM");

  return cipher;
}

/* @label is the first of the three labels. */
static void
derive_keys (GrSrtp *srtp, Keys *keys, const guint8 *master, GrSrtpLabel label)
{
  /* RFC 7714, section 11: the shorter salt of GCM is filled up with zeros. */
  guint8 salt[GR_SRTP_SALT_BYTES] = { 0 };
  guint8 key[GR_SRTP_KEY_BYTES], authentication[AUTHENTICATION_KEY_BYTES];
  gboolean gcm = srtp->profile == GR_SRTP_AEAD_AES_128_GCM;

  memcpy (salt, master + GR_SRTP_KEY_BYTES, gr_srtp_key_bytes (srtp->profile) - GR_SRTP_KEY_BYTES);
  gr_srtp_derive (master, salt, label, key, sizeof key);
  gr_srtp_derive (master, salt, label + 1, authentication, sizeof authentication);
  gr_srtp_derive (master, salt, label + 2, keys->salt, gcm ? GCM_SALT_BYTES : GR_SRTP_SALT_BYTES);

  keys->cipher = gcm ? new_gcm_cipher (srtp->direction, key) : gr_srtp_block_cipher_new (key);
  gr_hmac_init (&keys->hmac, authentication, sizeof authentication);
  OPENSSL_cleanse (key, sizeof key);
  OPENSSL_cleanse (authentication, sizeof authentication);
}

gsize
gr_srtp_key_bytes (GrSrtpProfile profile)
{
  return GR_SRTP_KEY_BYTES + (profile == GR_SRTP_AEAD_AES_128_GCM ? GCM_SALT_BYTES : GR_SRTP_SALT_BYTES);
}

GrSrtp *
gr_srtp_new (GrSrtpProfile profile, GrSrtpDirection direction, const guint8 *key, guint max_streams)
{
  GrSrtp *srtp = g_new0 (GrSrtp, 1);

  g_assert (max_streams >= 1 && max_streams <= MAX_STREAMS);

  srtp->profile = profile;
  srtp->direction = direction;
  srtp->tag_bytes = profile == GR_SRTP_AEAD_AES_128_GCM ? GCM_TAG_BYTES : HMAC_TAG_BYTES;
  srtp->streams = g_new0 (Stream, FIRST_PLACES);
  srtp->mask = FIRST_PLACES - 1;
  srtp->max_streams = max_streams;
  derive_keys (srtp, &srtp->rtp, key, GR_SRTP_LABEL_RTP_KEY);
  derive_keys (srtp, &srtp->rtcp, key, GR_SRTP_LABEL_RTCP_KEY);

  return srtp;
}

void
gr_srtp_free (GrSrtp *srtp)
{
  EVP_CIPHER_CTX_free (srtp->rtp.cipher);
  EVP_CIPHER_CTX_free (srtp->rtcp.cipher);
  g_free (srtp->streams);
  OPENSSL_cleanse (srtp, sizeof *srtp);
  g_free (srtp);
}

gssize
gr_srtp_protect (GrSrtp *srtp, guint8 *packet, gsize length, gsize size)
{
  g_assert (srtp->direction == GR_SRTP_SENDER);

  return gr_is_rtcp (packet, length) ? protect_rtcp (srtp, packet, length, size)
                                     : protect_rtp (srtp, packet, length, size);
}

gssize
gr_srtp_unprotect (GrSrtp *srtp, guint8 *packet, gsize length)
{
  g_assert (srtp->direction == GR_SRTP_RECEIVER);

  return gr_is_rtcp (packet, length) ? unprotect_rtcp (srtp, packet, length) : unprotect_rtp (srtp, packet, length);
}

const GrSrtpCounters *
gr_srtp_get_counters (const GrSrtp *srtp)
{
  return &srtp->counters;
}
