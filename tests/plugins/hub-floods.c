/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Garbage and floods at greenroom-media's port, from strangers and from somebody who is in the room, while two others
 * see each other: these must not notice, and the counters must tell. */
#include "party.h"

#include <string.h>

#include "plugins/hubtransport/bytes.h"

/* Of a packet that asks for 1700 others, with all that goes on beside it. */
#define MAX_COST_MS 1

static gsize
make_unclassified (Party *party, guint8 *datagram)
{
  gsize length = party_fill (party, datagram, g_rand_int_range (party->dice, 1, 100));

  datagram[0] = 192 + datagram[0] % 64;
  return length;
}

static gsize
make_rtp (Party *party, guint8 *datagram)
{
  gsize length = party_fill (party, datagram, g_rand_int_range (party->dice, 1, 200));

  datagram[0] = 128 + datagram[0] % 64;
  return length;
}

static gsize
make_dtls (Party *party, guint8 *datagram)
{
  gsize length = party_fill (party, datagram, g_rand_int_range (party->dice, 1, 200));

  datagram[0] = 20 + datagram[0] % 44;
  return length;
}

static gsize
make_oversized (Party *party, guint8 *datagram)
{
  datagram[0] = 128;
  return PARTY_DATAGRAM_BYTES;
}

static gsize
write_stun (guint8 *datagram, const char *ufrag, const char *password)
{
  g_autofree char *username = g_strconcat (ufrag, ":eve", NULL);
  gsize length = strlen (username);
  gsize padded = (length + 3) & ~(gsize) 3;
  gsize at = 20 + 4 + padded;
  g_autoptr (GHmac) hmac = NULL;
  gsize digest_bytes = 20;

  memset (datagram, 0, at);
  gr_write_u16 (datagram, 0x0001);
  gr_write_u16 (datagram + 2, 4 + padded + 24);
  gr_write_u32 (datagram + 4, 0x2112a442);
  gr_write_u16 (datagram + 20, 0x0006);
  gr_write_u16 (datagram + 22, length);
  memcpy (datagram + 24, username, length);
  gr_write_u16 (datagram + at, 0x0008);
  gr_write_u16 (datagram + at + 2, digest_bytes);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) password, strlen (password));
  g_hmac_update (hmac, datagram, at);
  g_hmac_get_digest (hmac, datagram + at + 4, &digest_bytes);
  return at + 4 + digest_bytes;
}

static gsize
make_stun_of_nobody (Party *party, guint8 *datagram)
{
  return write_stun (datagram, "nobody", party->password);
}

static gsize
make_stun_with_wrong_password (Party *party, guint8 *datagram)
{
  return write_stun (datagram, party->ufrag, "guessed by a stranger");
}

/* Cut anywhere, or with a bit that fell over; what is still right by chance is answered and not counted. */
static gsize
make_broken_stun (Party *party, guint8 *datagram)
{
  gsize length = write_stun (datagram, party->ufrag, party->password);

  if (g_rand_boolean (party->dice))
    return g_rand_int_range (party->dice, 1, length);

  datagram[g_rand_int_range (party->dice, 1, length)] ^= 1 << g_rand_int_range (party->dice, 0, 8);
  return length;
}

static void
test_strangers (Party *party, gconstpointer data)
{
  g_test_summary (
      "Whatever strangers send is counted and forgotten, and people in a room see each other all the while");
  party_flood (party, make_unclassified, party_send_as_stranger, "unclassified");
  party_flood (party, make_rtp, party_send_as_stranger, "unknownAddress");
  party_flood (party, make_dtls, party_send_as_stranger, "unknownAddress");
  party_flood (party, make_oversized, party_send_as_stranger, "truncated");
  party_flood (party, make_stun_of_nobody, party_send_as_stranger, "unknownUfrag");
  party_flood (party, make_stun_with_wrong_password, party_send_as_stranger, "stunRefused");
  party_flood (party, make_broken_stun, party_send_as_stranger, "stunRefused");
  party_assert_undisturbed (party);
}

/* What eve sent before, whole or cut, its handshake too. */
static gsize
make_repetition (Party *party, guint8 *datagram)
{
  GstBuffer *buffer;
  gsize length;

  g_mutex_lock (&party->lock);
  buffer = g_ptr_array_index (party->heard, g_rand_int_range (party->dice, 0, party->heard->len));
  length = gst_buffer_extract (buffer, 0, datagram, PARTY_DATAGRAM_BYTES);
  g_mutex_unlock (&party->lock);
  return g_rand_boolean (party->dice) ? length : (gsize) g_rand_int_range (party->dice, 1, length + 1);
}

static void
test_peer (Party *party, gconstpointer data)
{
  g_test_summary ("Whoever is in a room and replays, cuts and forges datagrams disturbs none of the others");
  party_flood (party, make_repetition, party_send_as_peer, "srtpRefused");
  party_flood (party, make_rtp, party_send_as_peer, "srtpRefused");
  party_flood (party, make_dtls, party_send_as_peer, "dtlsRefused");
  party_flood (party, make_broken_stun, party_send_as_peer, "stunRefused");
  party_assert_undisturbed (party);
}

/* Of a stream that another sends. */
static gsize
make_colliding_rtp (Party *party, guint8 *datagram)
{
  static const guint8 payload_types[] = { 96, 111, 0, 127 };
  g_autofree char *sdp = party_offer_of (party->ann);
  g_autofree char *ssrc = party_word_after (sdp, "a=ssrc:");
  gsize length = party_fill (party, datagram, g_rand_int_range (party->dice, 12, 200));

  datagram[0] = 0x80;
  datagram[1] = payload_types[datagram[1] % G_N_ELEMENTS (payload_types)];
  gr_write_u32 (datagram + 8, strtoul (ssrc, NULL, 10));
  return length;
}

/* Feedback about eve's slot; a word of @parameters behind it. */
static gsize
write_feedback (Party *party, guint8 *datagram, guint8 kind, guint8 format, guint words)
{
  datagram[0] = 0x80 | format;
  datagram[1] = kind;
  gr_write_u16 (datagram + 2, 2 + words);
  gr_write_u32 (datagram + 4, 1);
  gr_write_u32 (datagram + 8, party_slot_ssrc (party->eve));
  for (guint i = 0; i < words; i++)
    gr_write_u32 (datagram + 12 + 4 * i, g_rand_int (party->dice) | 0xffff);
  return 12 + 4 * words;
}

static gsize
make_nack (Party *party, guint8 *datagram)
{
  return write_feedback (party, datagram, 205, 1, 100);
}

static gsize
make_pli (Party *party, guint8 *datagram)
{
  return write_feedback (party, datagram, 206, 1, 0);
}

/* A report that lies about its own length and about what is in it, or nothing but noise. */
static gsize
make_rtcp (Party *party, guint8 *datagram)
{
  gsize length = 8 + 4 * g_rand_int_range (party->dice, 0, 40);

  party_fill (party, datagram, length);
  datagram[0] = 0x80 | (datagram[0] & 0x3f);
  datagram[1] = 200 + datagram[1] % 8;
  if (g_rand_boolean (party->dice))
    gr_write_u16 (datagram + 2, length / 4 - 1);
  return length;
}

/* Processor time of the whole hub, in which three cameras and microphones go on meanwhile. */
static void
assert_cheap (Party *party, PartyMake make)
{
  guint before = worker_figures (party->worker).processor_ms;
  guint cost;

  party_pour (party, make, party_send_rtcp);
  cost = worker_figures (party->worker).processor_ms - before;
  g_test_message ("%u packets took %u ms of the processor", PARTY_ENOUGH, cost);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (cost, <, PARTY_ENOUGH * MAX_COST_MS);
#endif
}

static void
test_floods (Party *party, gconstpointer data)
{
  g_autoptr (GstElement) encoder = party_find_element (party->eve, "dtlssrtpenc");
  g_autoptr (GstPad) reports = gst_element_get_static_pad (encoder, "rtcp_sink_0");
  gint64 asked, began;

  g_test_summary (
      "Floods of NACKs, keyframe requests, reports and strange streams under right keys are held in bounds");
  /* Whoever never reported has not said what its stream is. */
  worker_wait_until (gst_pad_has_current_caps (reports));
  party_flood (party, make_colliding_rtp, party_send_rtp, "unknownSsrc");
  assert_cheap (party, make_nack);
  assert_cheap (party, make_pli);

  began = g_get_monotonic_time ();
  asked = worker_sum (party->worker, "plisSent");
  party_flood (party, make_pli, party_send_rtcp, "plis");
  asked = worker_sum (party->worker, "plisSent") - asked;
  /* Twice a second and track, and three cameras. */
  g_assert_cmpint (asked, <=, 3 * (2 * (g_get_monotonic_time () - began) / G_USEC_PER_SEC + 2));

  party_pour (party, make_rtcp, party_send_rtcp);
  party_assert_undisturbed (party);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define scene_test(path, function) g_test_add (path, Party, NULL, party_set_up, function, party_tear_down)
  scene_test ("/hub-floods/strangers", test_strangers);
  scene_test ("/hub-floods/peer", test_peer);
  scene_test ("/hub-floods/floods", test_floods);

  return g_test_run ();
}
