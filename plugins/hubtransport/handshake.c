/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/handshake.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#define DIGEST_BYTES 32
#define MAX_KEY_BYTES 32
/* GstDtlsSrtpCipher and GstDtlsSrtpAuth, whose header is not installed. */
#define DTLS_CIPHER_AES_128_ICM 1
#define DTLS_AUTH_HMAC_SHA1_80 2
/* Streams of one peer, retransmissions and layers among them; and those that it is sent: every slot with its
 * retransmissions, and those of offers before. A stream takes memory from its first packet on. */
#define STREAMS_IN 64
#define STREAMS_OUT 1024

typedef struct
{
  gboolean known;
  guint8 key[MAX_KEY_BYTES];
} Key;

struct _GrHandshake
{
  GrHandshakeFunc function;
  gpointer user_data;
  GDestroyNotify destroy;

  /* A leaf: nothing else is locked while it is held. */
  GMutex lock;
  gboolean done;
  gboolean announced;
  guint8 expected[DIGEST_BYTES];
  gboolean presented;
  guint8 actual[DIGEST_BYTES];
  Key decoder;
  Key encoder;
};

static gboolean
digest_certificate (const char *pem, guint8 digest[DIGEST_BYTES])
{
  BIO *bio = BIO_new_mem_buf (pem, -1);
  X509 *certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  guint length = 0;
  gboolean hashed = certificate != NULL && X509_digest (certificate, EVP_sha256 (), digest, &length) == 1;

  X509_free (certificate);
  BIO_free (bio);
  return hashed && length == DIGEST_BYTES;
}

/* Decides as soon as everything is known, once. */
static void
decide (GrHandshake *handshake)
{
  GrSrtp *in = NULL;
  GrSrtp *out = NULL;
  gboolean ready;

  g_mutex_lock (&handshake->lock);
  ready = !handshake->done && handshake->announced && handshake->decoder.known && handshake->encoder.known;
  if (ready)
    {
      handshake->done = TRUE;
      if (handshake->presented && CRYPTO_memcmp (handshake->expected, handshake->actual, DIGEST_BYTES) == 0)
        {
          in = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, handshake->decoder.key, STREAMS_IN);
          out = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, handshake->encoder.key, STREAMS_OUT);
        }
      OPENSSL_cleanse (&handshake->decoder, sizeof handshake->decoder);
      OPENSSL_cleanse (&handshake->encoder, sizeof handshake->encoder);
    }
  g_mutex_unlock (&handshake->lock);

  if (ready)
    handshake->function (in, out, handshake->user_data);
}

/* Keys of a cipher that we do not speak stay unknown: nothing passes, and the peer is given up as silent. */
static void
take_key (GrHandshake *handshake, GstElement *element, const char *property, Key *key)
{
  GstBuffer *buffer = NULL;
  guint cipher, auth;

  g_object_get (element, property, &buffer, "srtp-cipher", &cipher, "srtp-auth", &auth, NULL);
  if (buffer == NULL)
    return;

  g_mutex_lock (&handshake->lock);
  if (!handshake->done && cipher == DTLS_CIPHER_AES_128_ICM && auth == DTLS_AUTH_HMAC_SHA1_80)
    {
      gsize length = gr_srtp_key_bytes (GR_SRTP_AES_CM_128_HMAC_SHA1_80);

      key->known = gst_buffer_extract (buffer, 0, key->key, length) == length;
    }
  g_mutex_unlock (&handshake->lock);
  gst_buffer_unref (buffer);
}

static void
on_decoder_key (GstElement *decoder, gpointer user_data)
{
  GrHandshake *handshake = user_data;
  g_autofree char *pem = NULL;

  g_object_get (decoder, "peer-pem", &pem, NULL);
  g_mutex_lock (&handshake->lock);
  handshake->presented = pem != NULL && digest_certificate (pem, handshake->actual);
  g_mutex_unlock (&handshake->lock);

  take_key (handshake, decoder, "decoder-key", &handshake->decoder);
  decide (handshake);
}

static void
on_encoder_key (GstElement *encoder, gpointer user_data)
{
  GrHandshake *handshake = user_data;

  take_key (handshake, encoder, "encoder-key", &handshake->encoder);
  decide (handshake);
}

static void
release (gpointer user_data, GClosure *closure)
{
  gr_handshake_unref (user_data);
}

static void
on_element (GstBin *webrtcbin, GstBin *bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  GCallback callback = NULL;

  if (g_str_equal (name, "dtlsdec"))
    callback = G_CALLBACK (on_decoder_key);
  else if (g_str_equal (name, "dtlsenc"))
    callback = G_CALLBACK (on_encoder_key);

  if (callback != NULL)
    g_signal_connect_data (element, "on-key-received", callback, gr_handshake_ref (user_data), release, 0);
}

GrHandshake *
gr_handshake_new (GrHandshakeFunc function, gpointer user_data, GDestroyNotify destroy)
{
  GrHandshake *handshake = g_atomic_rc_box_new0 (GrHandshake);

  handshake->function = function;
  handshake->user_data = user_data;
  handshake->destroy = destroy;
  g_mutex_init (&handshake->lock);
  return handshake;
}

GrHandshake *
gr_handshake_ref (GrHandshake *handshake)
{
  return g_atomic_rc_box_acquire (handshake);
}

static void
gr_handshake_clear (gpointer box)
{
  GrHandshake *handshake = box;

  handshake->destroy (handshake->user_data);
  OPENSSL_cleanse (&handshake->decoder, sizeof handshake->decoder);
  OPENSSL_cleanse (&handshake->encoder, sizeof handshake->encoder);
  g_mutex_clear (&handshake->lock);
}

void
gr_handshake_unref (GrHandshake *handshake)
{
  g_atomic_rc_box_release_full (handshake, gr_handshake_clear);
}

void
gr_handshake_watch (GrHandshake *handshake, GstElement *webrtcbin)
{
  g_signal_connect_data (webrtcbin, "deep-element-added", G_CALLBACK (on_element), gr_handshake_ref (handshake),
                         release, 0);
}

gboolean
gr_handshake_expect (GrHandshake *handshake, const char *sha256)
{
  guint8 digest[DIGEST_BYTES];

  if (strlen (sha256) != DIGEST_BYTES * 3 - 1)
    return FALSE;
  for (guint i = 0; i < DIGEST_BYTES; i++)
    {
      const char *byte = sha256 + i * 3;

      if (!g_ascii_isxdigit (byte[0]) || !g_ascii_isxdigit (byte[1]) || (i < DIGEST_BYTES - 1 && byte[2] != ':'))
        return FALSE;
      digest[i] = g_ascii_xdigit_value (byte[0]) << 4 | g_ascii_xdigit_value (byte[1]);
    }

  g_mutex_lock (&handshake->lock);
  memcpy (handshake->expected, digest, sizeof digest);
  handshake->announced = TRUE;
  g_mutex_unlock (&handshake->lock);
  decide (handshake);
  return TRUE;
}
