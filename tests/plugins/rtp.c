/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of hubtransport's rtp, rtx and keyframe. */
#include <string.h>

#include "plugins/hubtransport/keyframe.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/rtx.h"

/* Two CSRCs; one-byte extensions: mid "0" as 4, audio level as 1 (voice, −20 dBov), padding between; payload of 5,
 * padding of 3. */
static const guint8 one_byte[] = {
  0xb2, 0xef, 0x12, 0x34, 0x00, 0x01, 0x02, 0x03, 0xca, 0xfe, 0xba, 0xbe, 1,   2,   3,   4,   5,   6, 7, 8,
  0xbe, 0xde, 0x00, 0x02, 0x40, '0',  0x00, 0x10, 0x94, 0x00, 0x00, 0x00, 'h', 'e', 'l', 'l', 'o', 0, 0, 3,
};

/* Two-byte extensions: 5 of 3 bytes, 200 of 1 byte, 6 of none. */
static const guint8 two_byte[] = {
  0x90, 0x60, 0x00, 0x07, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x2a, 0x10, 0x00, 0x00,
  0x03, 5,    3,    'a',  'b',  'c',  0,    200,  1,    0x55, 6,    0,    0,    'p',
};

static void
test_parse (void)
{
  GrRtpHeader header;

  g_test_summary ("Every field of a header is read, and the payload without its padding");

  g_assert_true (gr_rtp_parse (&header, one_byte, sizeof one_byte));
  g_assert_true (header.marker);
  g_assert_cmpuint (header.payload_type, ==, 0x6f);
  g_assert_cmphex (header.sequence, ==, 0x1234);
  g_assert_cmphex (header.timestamp, ==, 0x00010203);
  g_assert_cmphex (header.ssrc, ==, 0xcafebabe);
  g_assert_cmpuint (header.padding_length, ==, 3);
  g_assert_cmpmem (one_byte + header.payload_offset, header.payload_length, "hello", 5);
}

static void
test_cut (void)
{
  GrRtpHeader header;

  g_test_summary ("A packet that is cut off within its header, or in its padding, is none");

  for (gsize length = 0; length < 32; length++)
    {
      g_autofree guint8 *cut = g_memdup2 (one_byte, MAX (length, 1));

      g_assert_false (gr_rtp_parse (&header, cut, length));
      g_assert_cmpuint (gr_rtp_header_length (cut, length), ==, 0);
    }
  /* The last byte says how much padding there is: 'o' and 0 are too much and too little. */
  g_assert_false (gr_rtp_parse (&header, one_byte, sizeof one_byte - 3));
  g_assert_false (gr_rtp_parse (&header, one_byte, sizeof one_byte - 1));
  g_assert_cmpuint (gr_rtp_header_length (one_byte, sizeof one_byte), ==, 32);
}

static void
test_extensions (void)
{
  GrRtpHeader header;
  GrRtpExtension extension;
  guint8 level;
  gboolean voice;
  gsize at = 0;

  g_test_summary ("Extensions of both forms are found");

  g_assert_true (gr_rtp_parse (&header, one_byte, sizeof one_byte));
  g_assert_true (gr_rtp_find_extension (&header, one_byte, 4, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "0", 1);
  g_assert_true (gr_rtp_read_audio_level (&header, one_byte, 1, &level, &voice));
  g_assert_cmpuint (level, ==, 20);
  g_assert_true (voice);
  g_assert_false (gr_rtp_find_extension (&header, one_byte, 2, &extension));
  g_assert_false (gr_rtp_find_extension (&header, one_byte, 0, &extension));

  g_assert_true (gr_rtp_parse (&header, two_byte, sizeof two_byte));
  g_assert_true (gr_rtp_next_extension (&header, two_byte, &at, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "abc", 3);
  g_assert_true (gr_rtp_next_extension (&header, two_byte, &at, &extension));
  g_assert_cmpuint (extension.id, ==, 200);
  g_assert_true (gr_rtp_next_extension (&header, two_byte, &at, &extension));
  g_assert_cmpuint (extension.length, ==, 0);
  g_assert_false (gr_rtp_next_extension (&header, two_byte, &at, &extension));
  g_assert_false (gr_rtp_read_audio_level (&header, two_byte, 6, &level, &voice));
}

static void
test_broken_extensions (void)
{
  guint8 packet[] = { 0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0x10, 7, 0x2f, 1 };
  GrRtpHeader header;
  GrRtpExtension extension;

  g_test_summary ("An extension that is longer than the rest ends the list, and so does number 15");

  g_assert_true (gr_rtp_parse (&header, packet, sizeof packet));
  g_assert_true (gr_rtp_find_extension (&header, packet, 1, &extension));
  g_assert_false (gr_rtp_find_extension (&header, packet, 2, &extension));

  packet[16] = 0xf0;
  packet[18] = 0x20;
  g_assert_false (gr_rtp_find_extension (&header, packet, 2, &extension));
  packet[13] = 0xdf;
  g_assert_true (gr_rtp_parse (&header, packet, sizeof packet));
  g_assert_false (gr_rtp_find_extension (&header, packet, 2, &extension));
}

static void
test_rewrite (void)
{
  GrRtpExtensionMap map = { .to = { [1] = 9, [4] = 0 }, .mid_id = 3, .mid_length = 2, .mid = "12" };
  GrRtpRewrite rewrite
      = { .payload_type = 96, .sequence = 7, .timestamp = 0xabcdef01, .ssrc = 0x11223344, .extensions = &map };
  guint8 out[256];
  GrRtpHeader before, header;
  GrRtpExtension extension;
  gsize length;

  g_test_summary ("A rewritten packet has the new fields, mapped extensions, its mid, and the old payload");

  g_assert_true (gr_rtp_parse (&before, one_byte, sizeof one_byte));
  length = gr_rtp_rewrite (out, sizeof out, one_byte, &before, &rewrite);
  g_assert_true (gr_rtp_parse (&header, out, length));
  g_assert_true (header.marker);
  g_assert_cmpuint (header.payload_type, ==, 96);
  g_assert_cmpuint (header.sequence, ==, 7);
  g_assert_cmphex (header.timestamp, ==, 0xabcdef01);
  g_assert_cmphex (header.ssrc, ==, 0x11223344);
  g_assert_cmphex (header.extension_profile, ==, 0xbede);
  g_assert_cmpmem (out + header.payload_offset, header.payload_length, "hello", 5);
  g_assert_cmpuint (header.padding_length, ==, 3);
  g_assert_true (gr_rtp_find_extension (&header, out, 3, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "12", 2);
  g_assert_true (gr_rtp_find_extension (&header, out, 9, &extension));
  g_assert_cmphex (extension.bytes[0], ==, 0x94);
  g_assert_false (gr_rtp_find_extension (&header, out, 4, &extension));

  for (gsize size = 0; size < length; size++)
    {
      g_autofree guint8 *tight = g_malloc (MAX (size, 1));

      g_assert_cmpuint (gr_rtp_rewrite (tight, size, one_byte, &before, &rewrite), ==, 0);
    }

  map = (GrRtpExtensionMap){ 0 };
  length = gr_rtp_rewrite (out, sizeof out, one_byte, &before, &rewrite);
  g_assert_cmpuint (length, ==, 12 + 5 + 3);
  g_assert_true (gr_rtp_parse (&header, out, length));
  g_assert_cmpuint (header.extension_length, ==, 0);
}

static void
test_long_extension (void)
{
  GrRtpExtensionMap map = { .to = { [6] = 2, [5] = 1 }, .mid_id = 14, .mid_length = 16, .mid = "sixteen letters!" };
  GrRtpRewrite rewrite = { .payload_type = 100, .extensions = &map };
  guint8 out[256];
  GrRtpHeader before, header;
  GrRtpExtension extension;
  gsize length;

  g_test_summary ("What the one-byte form cannot carry goes out in the two-byte form");

  g_assert_true (gr_rtp_parse (&before, two_byte, sizeof two_byte));
  length = gr_rtp_rewrite (out, sizeof out, two_byte, &before, &rewrite);
  g_assert_true (gr_rtp_parse (&header, out, length));
  g_assert_cmphex (header.extension_profile, ==, 0x1000);
  g_assert_true (gr_rtp_find_extension (&header, out, 2, &extension));
  g_assert_cmpuint (extension.length, ==, 0);
  g_assert_true (gr_rtp_find_extension (&header, out, 1, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "abc", 3);
  g_assert_true (gr_rtp_find_extension (&header, out, 14, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "sixteen letters!", 16);
  g_assert_cmpmem (out + header.payload_offset, header.payload_length, "p", 1);
}

static void
test_in_place (void)
{
  guint8 packet[sizeof one_byte];
  GrRtpHeader header;
  GrRtpExtension extension;

  g_test_summary ("Fields change in place, and nothing else");

  memcpy (packet, one_byte, sizeof packet);
  g_assert_true (gr_rtp_parse (&header, packet, sizeof packet));
  gr_rtp_set_payload_type (packet, 33);
  gr_rtp_set_sequence (packet, 65535);
  gr_rtp_set_timestamp (packet, 1);
  gr_rtp_set_ssrc (packet, 2);

  g_assert_true (gr_rtp_parse (&header, packet, sizeof packet));
  g_assert_true (header.marker);
  g_assert_cmpuint (header.payload_type, ==, 33);
  g_assert_cmpuint (header.sequence, ==, 65535);
  g_assert_cmpuint (header.timestamp, ==, 1);
  g_assert_cmpuint (header.ssrc, ==, 2);
  g_assert_true (gr_rtp_find_extension (&header, packet, 4, &extension));
  g_assert_cmpmem (extension.bytes, extension.length, "0", 1);
}

static void
test_rtx (void)
{
  GrRtpExtensionMap map = { .to = { [1] = 1, [4] = 4 } };
  GrRtpRewrite rewrite = { .payload_type = 97,
                           .sequence = 3,
                           .timestamp = 0x00010203,
                           .ssrc = 5,
                           .extensions = &map,
                           .retransmission = TRUE,
                           .original_sequence = 0x1234 };
  guint8 out[256];
  GrRtpHeader header, original;
  gsize length;

  g_test_summary ("A retransmission carries the number of what it repeats, and becomes that again");

  g_assert_true (gr_rtp_parse (&original, one_byte, sizeof one_byte));
  length = gr_rtp_rewrite (out, sizeof out, one_byte, &original, &rewrite);
  g_assert_true (gr_rtp_parse (&header, out, length));
  g_assert_cmpmem (out + header.payload_offset, header.payload_length, "\x12\x34hello", 7);

  length = gr_rtx_unwrap (out, length, 0xcafebabe, 0x6f);
  g_assert_true (gr_rtp_parse (&header, out, length));
  g_assert_cmphex (header.ssrc, ==, 0xcafebabe);
  g_assert_cmpuint (header.payload_type, ==, 0x6f);
  g_assert_cmphex (header.sequence, ==, 0x1234);
  g_assert_cmpuint (header.padding_length, ==, 3);
  g_assert_cmpmem (out + header.payload_offset, header.payload_length, "hello", 5);
}

static void
test_rtx_probe (void)
{
  guint8 probe[12 + 4] = { 0xa0, 97, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 4 };

  g_test_summary ("A retransmission of nothing, as browsers probe with, is passed over");

  g_assert_cmpuint (gr_rtx_unwrap (probe, sizeof probe, 1, 96), ==, 0);
  g_assert_cmpuint (gr_rtx_unwrap (probe, 11, 1, 96), ==, 0);
}

typedef struct
{
  const char *what;
  GrHubCodec codec;
  gboolean begins;
  gsize length;
  guint8 payload[12];
} KeyframeCase;

static const KeyframeCase keyframe_cases[] = {
  { "Opus, always", GR_HUB_OPUS, TRUE, 1, { 0 } },
  { "VP8, key", GR_HUB_VP8, TRUE, 2, { 0x10, 0x50 } },
  { "VP8, delta", GR_HUB_VP8, FALSE, 2, { 0x10, 0x51 } },
  { "VP8, long picture id, TL0PICIDX, TID", GR_HUB_VP8, TRUE, 7, { 0x90, 0xe0, 0x81, 0x23, 0x05, 0x20, 0x10 } },
  { "VP8, short picture id", GR_HUB_VP8, TRUE, 4, { 0x90, 0x80, 0x11, 0x10 } },
  { "VP8, not the first packet", GR_HUB_VP8, FALSE, 2, { 0x00, 0x50 } },
  { "VP8, another partition", GR_HUB_VP8, FALSE, 2, { 0x11, 0x50 } },
  { "VP8, cut off in the descriptor", GR_HUB_VP8, FALSE, 3, { 0x90, 0xe0, 0x81 } },
  { "VP8, empty", GR_HUB_VP8, FALSE, 0, { 0 } },
  { "VP9, key", GR_HUB_VP9, TRUE, 4, { 0x88, 0x81, 0x23, 0x82 } },
  { "VP9, key, base layer", GR_HUB_VP9, TRUE, 5, { 0xa8, 0x81, 0x23, 0x00, 0x82 } },
  { "VP9, key picture, upper layer", GR_HUB_VP9, FALSE, 5, { 0xa8, 0x81, 0x23, 0x02, 0x82 } },
  { "VP9, key, with its structure",
    GR_HUB_VP9,
    TRUE,
    10,
    { 0x8a, 0x11, 0x10, 0x01, 0x40, 0x00, 0xf0, 0x82, 0x49, 0x83 } },
  { "VP9, key, upper temporal layer", GR_HUB_VP9, TRUE, 6, { 0xa8, 0x81, 0x23, 0x20, 0x00, 0x82 } },
  { "VP9, no picture id", GR_HUB_VP9, TRUE, 2, { 0x08, 0x82 } },
  { "VP9, inter, base layer", GR_HUB_VP9, FALSE, 6, { 0xe8, 0x81, 0x23, 0x00, 0x00, 0x82 } },
  { "VP9, inter", GR_HUB_VP9, FALSE, 4, { 0xc8, 0x81, 0x23, 0x82 } },
  { "VP9, not the first packet", GR_HUB_VP9, FALSE, 4, { 0x80, 0x81, 0x23, 0x82 } },
  { "VP9, cut off", GR_HUB_VP9, FALSE, 2, { 0xa8, 0x81 } },
  { "H.264, SPS", GR_HUB_H264, TRUE, 3, { 0x67, 0x42, 0x00 } },
  { "H.264, IDR alone", GR_HUB_H264, TRUE, 3, { 0x65, 0x88, 0x84 } },
  { "H.264, second slice of an IDR", GR_HUB_H264, FALSE, 3, { 0x65, 0x44, 0x84 } },
  { "H.264, IDR without a body", GR_HUB_H264, FALSE, 1, { 0x65 } },
  { "H.264, PPS", GR_HUB_H264, FALSE, 3, { 0x68, 0xce, 0x3c } },
  { "H.264, slice", GR_HUB_H264, FALSE, 3, { 0x41, 0x9a, 0x00 } },
  { "H.264, AUD then SPS in one", GR_HUB_H264, TRUE, 9, { 0x78, 0, 2, 0x09, 0xf0, 0, 2, 0x67, 0x42 } },
  { "H.264, aggregate without SPS", GR_HUB_H264, FALSE, 9, { 0x78, 0, 2, 0x09, 0xf0, 0, 2, 0x41, 0x42 } },
  { "H.264, SEI then IDR in one", GR_HUB_H264, TRUE, 10, { 0x78, 0, 2, 0x06, 0xf0, 0, 3, 0x65, 0x88, 0x80 } },
  { "H.264, SPS cut off in one", GR_HUB_H264, FALSE, 5, { 0x78, 0, 9, 0x67, 0x42 } },
  { "H.264, empty unit in one", GR_HUB_H264, FALSE, 6, { 0x78, 0, 0, 0, 2, 0x67 } },
  { "H.264, aggregate with a unit too long", GR_HUB_H264, FALSE, 9, { 0x78, 0, 200, 0x09, 0xf0, 0, 2, 0x67, 0x42 } },
  { "H.264, aggregate cut off", GR_HUB_H264, FALSE, 3, { 0x78, 0, 2 } },
  { "H.264, fragmented IDR", GR_HUB_H264, TRUE, 3, { 0x7c, 0x85, 0x88 } },
  { "H.264, fragmented IDR, second slice", GR_HUB_H264, FALSE, 3, { 0x7c, 0x85, 0x44 } },
  { "H.264, fragmented IDR, later", GR_HUB_H264, FALSE, 3, { 0x7c, 0x05, 0x88 } },
  { "H.264, fragmented IDR, end", GR_HUB_H264, FALSE, 3, { 0x7c, 0x45, 0x88 } },
  { "H.264, fragmented SPS", GR_HUB_H264, TRUE, 3, { 0x7c, 0x87, 0x42 } },
  { "H.264, fragment cut off", GR_HUB_H264, FALSE, 2, { 0x7c, 0x85 } },
  { "AV1, new sequence", GR_HUB_AV1, TRUE, 3, { 0x18, 0x0a, 0x0b } },
  { "AV1, new sequence, first of many", GR_HUB_AV1, TRUE, 3, { 0x58, 0x0a, 0x0b } },
  { "AV1, empty", GR_HUB_AV1, FALSE, 0, { 0 } },
  { "AV1, delta", GR_HUB_AV1, FALSE, 3, { 0x10, 0x32, 0x0b } },
  { "AV1, continued", GR_HUB_AV1, FALSE, 3, { 0x98, 0x0a, 0x0b } },
  { "AV1, nothing behind the header", GR_HUB_AV1, FALSE, 1, { 0x08 } },
};

static void
test_keyframe (gconstpointer given)
{
  const KeyframeCase *keyframe = given;
  g_autofree guint8 *payload = g_memdup2 (keyframe->payload, MAX (keyframe->length, 1));

  g_assert_cmpint (gr_keyframe_begins (keyframe->codec, payload, keyframe->length), ==, keyframe->begins);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtp/parse", test_parse);
  g_test_add_func ("/rtp/cut-off", test_cut);
  g_test_add_func ("/rtp/extensions", test_extensions);
  g_test_add_func ("/rtp/broken-extensions", test_broken_extensions);
  g_test_add_func ("/rtp/rewrite", test_rewrite);
  g_test_add_func ("/rtp/long-extension", test_long_extension);
  g_test_add_func ("/rtp/in-place", test_in_place);
  g_test_add_func ("/rtx/round-trip", test_rtx);
  g_test_add_func ("/rtx/probe", test_rtx_probe);
  for (guint i = 0; i < G_N_ELEMENTS (keyframe_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/keyframe/", keyframe_cases[i].what, NULL);

      g_test_add_data_func (path, &keyframe_cases[i], test_keyframe);
    }

  return g_test_run ();
}
