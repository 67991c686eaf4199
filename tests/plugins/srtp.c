/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of hubtransport's srtp and srtp-cipher: the vectors of RFC 3711, and libsrtp2 as the other side. */
#include <srtp2/srtp.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/srtp-cipher.h"
#include "plugins/hubtransport/srtp.h"

#define SSRC 0xcafebabe
#define ROOM 2048

typedef struct
{
  GrSrtpProfile profile;
  guint8 key[30];
  GrSrtp *sender;
  GrSrtp *receiver;
  srtp_t their_sender;
  srtp_t their_receiver;
} Pair;

static guint8 *
bytes_of (const char *hex, gsize *length)
{
  gsize n = strlen (hex) / 2;
  guint8 *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
  *length = n;
  return bytes;
}

static void
assert_bytes (const guint8 *bytes, const char *hex)
{
  gsize length;
  g_autofree guint8 *expected = bytes_of (hex, &length);

  g_assert_cmpmem (bytes, length, expected, length);
}

static srtp_t
new_theirs (Pair *pair, srtp_ssrc_type_t type)
{
  srtp_policy_t policy = { .ssrc = { .type = type }, .key = pair->key, .window_size = 1024 };
  srtp_t session;

  if (pair->profile == GR_SRTP_AEAD_AES_128_GCM)
    {
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtcp);
    }
  else
    {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
    }
  g_assert_cmpint (srtp_create (&session, &policy), ==, srtp_err_status_ok);
  return session;
}

static void
set_up (Pair *pair, gconstpointer profile)
{
  pair->profile = GPOINTER_TO_UINT (profile);
  for (guint i = 0; i < sizeof pair->key; i++)
    pair->key[i] = 7 * i + 1;
  pair->sender = gr_srtp_new (pair->profile, GR_SRTP_SENDER, pair->key, 8);
  pair->receiver = gr_srtp_new (pair->profile, GR_SRTP_RECEIVER, pair->key, 8);
  pair->their_sender = new_theirs (pair, ssrc_any_outbound);
  pair->their_receiver = new_theirs (pair, ssrc_any_inbound);
}

static void
tear_down (Pair *pair, gconstpointer profile)
{
  gr_srtp_free (pair->sender);
  gr_srtp_free (pair->receiver);
  srtp_dealloc (pair->their_sender);
  srtp_dealloc (pair->their_receiver);
}

static gsize
make_rtp (guint8 *packet, guint32 ssrc, guint16 sequence, gsize payload)
{
  memset (packet, 0, 12);
  packet[0] = 0x80;
  packet[1] = 96;
  gr_write_u16 (packet + 2, sequence);
  gr_write_u32 (packet + 4, sequence * 3000u);
  gr_write_u32 (packet + 8, ssrc);
  for (gsize i = 0; i < payload; i++)
    packet[12 + i] = i * 31 + sequence;
  return 12 + payload;
}

/* With two CSRCs and an extension of two words. */
static gsize
make_rtp_with_extension (guint8 *packet, guint32 ssrc, guint16 sequence, gsize payload)
{
  gsize header = 12 + 8 + 4 + 8;

  make_rtp (packet, ssrc, sequence, header - 12 + payload);
  packet[0] = 0x92;
  gr_write_u16 (packet + 20, 0xbede);
  gr_write_u16 (packet + 22, 2);
  return header + payload;
}

static gsize
make_rtcp (guint8 *packet, guint32 ssrc, guint8 words)
{
  memset (packet, 0x5a, 8 + words * 4);
  packet[0] = 0x80;
  packet[1] = 201;
  gr_write_u16 (packet + 2, 1 + words);
  gr_write_u32 (packet + 4, ssrc);
  return 8 + words * 4;
}

static void
test_keystream (void)
{
  gsize length;
  g_autofree guint8 *key = bytes_of ("2B7E151628AED2A6ABF7158809CF4F3C", &length);
  g_autofree guint8 *iv = bytes_of ("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000", &length);
  g_autofree guint8 *stream = g_malloc0 (0xff02 * 16);
  EVP_CIPHER_CTX *block_cipher = gr_srtp_block_cipher_new (key);

  g_test_summary ("The keystream is that of RFC 3711, appendix B.2, up to block 0xff01");

  gr_srtp_counter_mode (block_cipher, iv, stream, 0xff02 * 16);
  EVP_CIPHER_CTX_free (block_cipher);

  assert_bytes (stream, "E03EAD0935C95E80E166B16DD92B4EB4"
                        "D23513162B02D0F72A43A2FE4A5F97AB"
                        "41E95B3BB0A2E8DD477901E4FCA894C0");
  assert_bytes (stream + 0xfeff * 16, "EC8CDF7398607CB0F2D21675EA9EA1E4"
                                      "362B7C3C6773516318A077D7FC5073AE"
                                      "6A2CC3787889374FBEB4C81B17BA6C44");
}

static void
test_derivation (void)
{
  gsize length;
  g_autofree guint8 *key = bytes_of ("E1F97A0D3E018BE0D64FA32C06DE4139", &length);
  g_autofree guint8 *salt = bytes_of ("0EC675AD498AFEEBB6960B3AABE6", &length);
  guint8 derived[94];

  g_test_summary ("Session keys are those of RFC 3711, appendix B.3");

  gr_srtp_derive (key, salt, GR_SRTP_LABEL_RTP_KEY, derived, 16);
  assert_bytes (derived, "C61E7A93744F39EE10734AFE3FF7A087");
  gr_srtp_derive (key, salt, GR_SRTP_LABEL_RTP_SALT, derived, 14);
  assert_bytes (derived, "30CBBC08863D8C85D49DB34A9AE1");
  gr_srtp_derive (key, salt, GR_SRTP_LABEL_RTP_AUTHENTICATION, derived, 94);
  assert_bytes (derived, "CEBE321F6FF7716B6FD4AB49AF256A15"
                         "6D38BAA48F0A0ACF3C34E2359E6CDBCE"
                         "E049646C43D9327AD175578EF7227098"
                         "6371C10C9A369AC2F94A8C5FBCDDDC25"
                         "6D6E919A48B610EF17C2041E4740357"
                         "66B68642C59BBFC2F34DB60DBDFB2");
}

/* Sends the same packet through both and expects the same bytes, then reads ours with theirs and theirs with ours. */
static void
exchange (Pair *pair, const guint8 *plain, gsize length)
{
  guint8 ours[ROOM], theirs[ROOM];
  int their_length = length;

  memcpy (ours, plain, length);
  memcpy (theirs, plain, length);
  length = gr_srtp_protect (pair->sender, ours, length, sizeof ours);
  g_assert_cmpint (srtp_protect (pair->their_sender, theirs, &their_length), ==, srtp_err_status_ok);
  g_assert_cmpmem (ours, length, theirs, their_length);

  g_assert_cmpint (srtp_unprotect (pair->their_receiver, ours, &their_length), ==, srtp_err_status_ok);
  length = gr_srtp_unprotect (pair->receiver, theirs, length);
  g_assert_cmpmem (ours, their_length, theirs, length);
  g_assert_cmpmem (plain, length, theirs, length);
}

static void
test_identical (Pair *pair, gconstpointer profile)
{
  guint8 packet[ROOM];

  g_test_summary ("Packets of every length are byte for byte those of libsrtp2, and read both ways");

  for (guint length = 0; length < 1500; length++)
    exchange (pair, packet, make_rtp (packet, SSRC, 100 + length, length));
  for (guint length = 0; length < 64; length++)
    exchange (pair, packet, make_rtp_with_extension (packet, SSRC + 1, length, length));
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->packets, ==, 1564);
}

static void
test_rollover (Pair *pair, gconstpointer profile)
{
  static const guint16 late[] = { 2, 1, 0, 65535, 65534, 3, 65533, 5, 4 };
  guint8 packet[ROOM];

  g_test_summary ("The rollover counter goes on through three wraps, also with packets that come late around one");

  for (guint i = 0; i < 3 * 65536; i += 97)
    exchange (pair, packet, make_rtp (packet, SSRC, i, 20));

  for (guint i = 0; i < 65500; i += 100)
    exchange (pair, packet, make_rtp (packet, SSRC + 1, i, 20));
  for (guint i = 0; i < G_N_ELEMENTS (late); i++)
    exchange (pair, packet, make_rtp (packet, SSRC + 1, late[i], 20));
}

static void
test_rtcp (Pair *pair, gconstpointer profile)
{
  guint8 ours[ROOM], theirs[ROOM], plain[ROOM];
  gssize length, plain_length;
  int their_length;

  g_test_summary ("SRTCP is byte for byte that of libsrtp2, with an index of its own for each SSRC");

  /* libsrtp2 begins with 1, RFC 3711 with 0 (section 3.4). */
  g_assert_cmpint (gr_srtp_protect (pair->sender, ours, make_rtcp (ours, SSRC, 2), sizeof ours), >, 0);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, ours, 16 + (pair->profile == 1 ? 14 : 20)), ==, 16);
  g_assert_cmpint (gr_srtp_protect (pair->sender, ours, make_rtcp (ours, SSRC + 1, 2), sizeof ours), >, 0);

  for (guint i = 0; i < 600; i++)
    {
      plain_length = make_rtcp (plain, SSRC + i % 2, i % 100);
      their_length = make_rtcp (theirs, SSRC + i % 2, i % 100);
      length = make_rtcp (ours, SSRC + i % 2, i % 100);
      length = gr_srtp_protect (pair->sender, ours, length, sizeof ours);
      g_assert_cmpint (srtp_protect_rtcp (pair->their_sender, theirs, &their_length), ==, srtp_err_status_ok);
      g_assert_cmpmem (ours, length, theirs, their_length);

      g_assert_cmpint (srtp_unprotect_rtcp (pair->their_receiver, ours, &their_length), ==, srtp_err_status_ok);
      length = gr_srtp_unprotect (pair->receiver, theirs, length);
      g_assert_cmpmem (plain, plain_length, theirs, length);
    }
}

static void
test_replay (Pair *pair, gconstpointer profile)
{
  guint8 kept[2][ROOM], again[ROOM], packet[ROOM];
  gssize length = 0;

  g_test_summary ("A packet passes once, in any order within the window, and never when it is older");

  for (guint i = 0; i < 2; i++)
    length = gr_srtp_protect (pair->sender, kept[i], make_rtp (kept[i], SSRC, 100 + i, 50), ROOM);
  memcpy (again, kept[1], length);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, again, length), ==, 62);
  memcpy (again, kept[1], length);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, again, length), ==, -1);
  memcpy (again, kept[0], length);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, again, length), ==, 62);
  memcpy (again, kept[0], length);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, again, length), ==, -1);
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->replayed, ==, 2);

  /* 102 falls out of the window, 200 is the oldest one in it. */
  for (guint sequence = 102; sequence <= 200; sequence += 98)
    length = gr_srtp_protect (pair->sender, kept[sequence == 200], make_rtp (kept[sequence == 200], SSRC, sequence, 50),
                              ROOM);
  length = gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 199 + GR_SRTP_WINDOW_PACKETS, 50), ROOM);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, 62);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, kept[0], length), ==, -1);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, kept[1], length), ==, 62);
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->replayed, ==, 3);

  length = gr_srtp_protect (pair->sender, packet, make_rtcp (packet, SSRC, 3), ROOM);
  memcpy (again, packet, length);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, 20);
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, again, length), ==, -1);
}

static void
test_shuffled (Pair *pair, gconstpointer profile)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3711);
  guint8 packets[256][100];
  guint16 first = 65400;
  guint8 primer[ROOM];
  gssize length = gr_srtp_protect (pair->sender, primer, make_rtp (primer, SSRC, 40000, 8), ROOM);

  g_test_summary ("Packets that come in any order around a wrap are all read");

  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, primer, length), >, 0);
  for (guint i = 0; i < 256; i++)
    length = gr_srtp_protect (pair->sender, packets[i], make_rtp (packets[i], SSRC, first + i, 60), 100);
  for (guint i = 0; i < 256; i++)
    {
      guint8 packet[100], *other = packets[g_rand_int_range (rand, i, 256)];

      memcpy (packet, other, sizeof packet);
      memcpy (other, packets[i], sizeof packet);
      g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, 72);
    }
}

static void
test_never_twice (Pair *pair, gconstpointer profile)
{
  guint8 packet[ROOM];

  g_test_summary ("An index is never used for two packets");

  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 7, 40), ROOM), >, 0);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 7, 41), ROOM), ==, -1);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 6, 41), ROOM), >, 0);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 6, 41), ROOM), ==, -1);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC + 1, 7, 40), ROOM), >, 0);
  g_assert_cmpuint (gr_srtp_get_counters (pair->sender)->replayed, ==, 2);
}

static void
test_damaged (Pair *pair, gconstpointer profile)
{
  guint8 whole[ROOM], packet[ROOM];

  g_test_summary ("Packets with any byte changed or cut off are refused, and change nothing");

  for (guint rtcp = 0; rtcp < 2; rtcp++)
    {
      gssize length = rtcp ? make_rtcp (whole, SSRC, 3) : make_rtp_with_extension (whole, SSRC, 500, 30);

      length = gr_srtp_protect (pair->sender, whole, length, sizeof whole);
      for (gssize i = 0; i < length; i++)
        {
          g_autofree guint8 *cut = g_memdup2 (whole, MAX (i, 1));

          memcpy (packet, whole, length);
          packet[i] ^= 0x10;
          g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, -1);
          g_assert_cmpint (gr_srtp_unprotect (pair->receiver, cut, i), ==, -1);
        }
      g_assert_cmpint (gr_srtp_unprotect (pair->receiver, whole, length), >, 0);
    }
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->packets, ==, 2);
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->forged, >, 50);
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->malformed, >, 20);
}

static void
test_clear_rtcp (Pair *pair, gconstpointer profile)
{
  guint8 packet[ROOM];
  gssize length = gr_srtp_protect (pair->sender, packet, make_rtcp (packet, SSRC, 3), ROOM);

  g_test_summary ("SRTCP that says it is not encrypted is refused");

  packet[pair->profile == GR_SRTP_AEAD_AES_128_GCM ? length - 4 : length - 14] &= 0x7f;
  g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, -1);
  g_assert_cmpuint (gr_srtp_get_counters (pair->receiver)->malformed, ==, 1);
}

static void
test_streams (Pair *pair, gconstpointer profile)
{
  guint8 forged[100], packet[ROOM];
  gssize length;

  g_test_summary ("Forged SSRCs take no place, and the ninth real one is refused while eight go on");

  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (gr_srtp_unprotect (pair->receiver, forged, make_rtp (forged, i * 77, 1, 60)), ==, -1);

  for (guint sequence = 1; sequence < 3; sequence++)
    for (guint i = 0; i < 8; i++)
      {
        length = gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC + i * 1000, sequence, 60), ROOM);
        g_assert_cmpint (gr_srtp_unprotect (pair->receiver, packet, length), ==, 72);
      }
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC + 1, 1, 60), ROOM), ==, -1);
  g_assert_cmpuint (gr_srtp_get_counters (pair->sender)->streams_full, ==, 1);
}

static void
test_many_streams (Pair *pair, gconstpointer profile)
{
  g_autoptr (GrSrtp) sender = gr_srtp_new (pair->profile, GR_SRTP_SENDER, pair->key, 1024);
  g_autoptr (GrSrtp) receiver = gr_srtp_new (pair->profile, GR_SRTP_RECEIVER, pair->key, 1024);
  guint8 packet[ROOM], again[ROOM];

  g_test_summary ("A thousand streams keep their state while the table grows");

  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < 1024; i++)
      {
        guint16 sequence = 65534 + round + i * 64;
        gssize length = gr_srtp_protect (sender, packet, make_rtp (packet, i * 0x10001, sequence, 20), ROOM);

        memcpy (again, packet, length);
        g_assert_cmpint (gr_srtp_unprotect (receiver, packet, length), ==, 32);
        g_assert_cmpint (gr_srtp_unprotect (receiver, again, length), ==, -1);
      }
  g_assert_cmpint (gr_srtp_protect (sender, packet, make_rtp (packet, 1, 1, 20), ROOM), ==, -1);
  g_assert_cmpuint (gr_srtp_get_counters (receiver)->replayed, ==, 3 * 1024);
}

static void
test_room (Pair *pair, gconstpointer profile)
{
  guint8 packet[ROOM];
  gsize tag = pair->profile == GR_SRTP_AEAD_AES_128_GCM ? 16 : 10;

  g_test_summary ("A buffer without room for the trailer is left alone");

  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 1, 10), 22 + tag - 1), ==, -1);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtcp (packet, SSRC, 1), 12 + tag + 3), ==, -1);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtp (packet, SSRC, 1, 10), 22 + tag), ==, 22 + tag);
  g_assert_cmpint (gr_srtp_protect (pair->sender, packet, make_rtcp (packet, SSRC, 1), 12 + tag + 4), ==, 16 + tag);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Pair *pair, gconstpointer profile);
  } tests[] = {
    { "identical-with-libsrtp2", test_identical },
    { "rollover", test_rollover },
    { "rtcp-identical-with-libsrtp2", test_rtcp },
    { "replay", test_replay },
    { "shuffled", test_shuffled },
    { "index-never-twice", test_never_twice },
    { "damaged", test_damaged },
    { "clear-rtcp", test_clear_rtcp },
    { "bounded-streams", test_streams },
    { "many-streams", test_many_streams },
    { "no-room", test_room },
  };

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (srtp_init (), ==, srtp_err_status_ok);

  g_test_add_func ("/srtp/keystream", test_keystream);
  g_test_add_func ("/srtp/derivation", test_derivation);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *hmac = g_strconcat ("/srtp/aes-cm/", tests[i].name, NULL);
      g_autofree char *gcm = g_strconcat ("/srtp/aes-gcm/", tests[i].name, NULL);

      g_test_add (hmac, Pair, GUINT_TO_POINTER (GR_SRTP_AES_CM_128_HMAC_SHA1_80), set_up, tests[i].run, tear_down);
      g_test_add (gcm, Pair, GUINT_TO_POINTER (GR_SRTP_AEAD_AES_128_GCM), set_up, tests[i].run, tear_down);
    }

  return g_test_run ();
}
