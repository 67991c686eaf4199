/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/codecs. */
#include <string.h>

#include "sdp-fixture.h"

static GrCodecMatch
match (const char *encoding, guint clock_rate, guint channels, const char *fmtp, GrCodec *codec)
{
  GrCodecParameters parameters;

  gr_codec_parameters_init (&parameters);
  g_assert_null (gr_codec_parameters_parse (&parameters, fmtp, strlen (fmtp)));
  return gr_codec_match (encoding, strlen (encoding), clock_rate, channels, &parameters, codec);
}

static void
test_formats (void)
{
  static const struct
  {
    const char *encoding;
    guint clock_rate, channels;
    const char *fmtp;
    GrCodecMatch match;
    GrCodec codec;
  } cases[] = {
    { "opus", 48000, 2, "minptime=10;useinbandfec=1", GR_CODEC_MATCH_EXACT, GR_CODEC_OPUS },
    { "OPUS", 48000, 2, "", GR_CODEC_MATCH_EXACT, GR_CODEC_OPUS },
    { "opus", 48000, 1, "", GR_CODEC_MATCH_NONE, 0 },
    { "opus", 16000, 2, "", GR_CODEC_MATCH_NONE, 0 },
    { "VP8", 90000, 0, "max-fs=12288;max-fr=60", GR_CODEC_MATCH_EXACT, GR_CODEC_VP8 },
    { "VP8", 90000, 2, "", GR_CODEC_MATCH_NONE, 0 },
    { "VP9", 90000, 0, "", GR_CODEC_MATCH_EXACT, GR_CODEC_VP9 },
    { "VP9", 90000, 0, "profile-id=2", GR_CODEC_MATCH_EXACT, GR_CODEC_VP9_10BIT },
    { "VP9", 90000, 0, "profile-id=1", GR_CODEC_MATCH_NONE, 0 },
    { "AV1", 90000, 0, "level-idx=5;profile=0;tier=0", GR_CODEC_MATCH_EXACT, GR_CODEC_AV1 },
    { "AV1", 90000, 0, "", GR_CODEC_MATCH_EXACT, GR_CODEC_AV1 },
    { "AV1", 90000, 0, "level-idx=5;profile=1;tier=0", GR_CODEC_MATCH_NONE, 0 },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=42e01f", GR_CODEC_MATCH_EXACT, GR_CODEC_H264 },
    { "H264", 90000, 0, "packetization-mode=1; profile-level-id=42C015", GR_CODEC_MATCH_EXACT, GR_CODEC_H264 },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=4de01f", GR_CODEC_MATCH_EXACT, GR_CODEC_H264 },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=42001f", GR_CODEC_MATCH_CLOSE, GR_CODEC_H264 },
    { "H264", 90000, 0, "packetization-mode=0;profile-level-id=42e01f", GR_CODEC_MATCH_EXACT,
      GR_CODEC_H264_SINGLE_NAL },
    { "H264", 90000, 0, "", GR_CODEC_MATCH_CLOSE, GR_CODEC_H264_SINGLE_NAL },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=4d001f", GR_CODEC_MATCH_EXACT, GR_CODEC_H264_MAIN },
    { "H264", 90000, 0, "packetization-mode=0;profile-level-id=4d001f", GR_CODEC_MATCH_NONE, 0 },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=640028", GR_CODEC_MATCH_EXACT, GR_CODEC_H264_HIGH },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=640c1f", GR_CODEC_MATCH_CLOSE, GR_CODEC_H264_HIGH },
    { "H264", 90000, 0, "packetization-mode=1;profile-level-id=f4001f", GR_CODEC_MATCH_NONE, 0 },
    { "H264", 90000, 0, "packetization-mode=2;profile-level-id=42e01f", GR_CODEC_MATCH_NONE, 0 },
    { "H265", 90000, 0, "", GR_CODEC_MATCH_NONE, 0 },
    { "red", 48000, 2, "", GR_CODEC_MATCH_NONE, 0 },
  };

  g_test_summary ("A format is a codec with the profile that a decoder has to know");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GrCodec codec = GR_N_CODECS;

      g_test_message ("%s %s", cases[i].encoding, cases[i].fmtp);
      g_assert_cmpint (match (cases[i].encoding, cases[i].clock_rate, cases[i].channels, cases[i].fmtp, &codec), ==,
                       cases[i].match);
      if (cases[i].match != GR_CODEC_MATCH_NONE)
        g_assert_cmpint (codec, ==, cases[i].codec);
    }
}

static void
test_bad_parameters (void)
{
  static const char *const cases[] = {
    "profile-id=4",
    "profile-id=",
    "profile-id=-1",
    "profile-id=99999999999999999999",
    "profile-level-id=42e01",
    "profile-level-id=42e01g",
    "profile-level-id=42e01f0",
    "packetization-mode=3",
    "packetization-mode=1;packetization-mode=1",
    "level-idx=32",
    "tier=2",
    "stereo=2",
    "stereo=1;STEREO=0",
  };

  g_test_summary ("A parameter of ours that is out of range, or there twice, is refused");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GrCodecParameters parameters;

      gr_codec_parameters_init (&parameters);
      g_test_message ("%s", cases[i]);
      g_assert_nonnull (gr_codec_parameters_parse (&parameters, cases[i], strlen (cases[i])));
    }
}

static void
test_foreign_parameters (void)
{
  GrCodecParameters parameters;
  static const char text[] = ";;=;x;x=;=1;111/111;sprop-parameter-sets=Z0LA==,aMuM;max-fr=60; stereo=1;";

  g_test_summary ("Parameters that are not ours may look like anything");

  gr_codec_parameters_init (&parameters);
  g_assert_null (gr_codec_parameters_parse (&parameters, text, strlen (text)));
  g_assert_true (parameters.opus_stereo);
}

static void
test_round_trip (void)
{
  g_test_summary ("What is written for a format is read as the same format");

  for (GrCodec codec = 0; codec < GR_N_CODECS; codec++)
    {
      const GrCodecTraits *traits = gr_codec_traits (codec);
      g_autoptr (GString) text = g_string_new (NULL);
      GrCodecParameters parameters;
      GrCodec found;

      sdp_init_parameters (&parameters, codec);
      gr_codec_parameters_write (&parameters, codec, text);
      g_assert_cmpint (match (traits->encoding, traits->clock_rate, traits->channels, text->str, &found), ==,
                       GR_CODEC_MATCH_EXACT);
      g_assert_cmpint (found, ==, codec);
    }
}

static void
test_room_rule (void)
{
  static const GrCodecSet firefox = GR_CODECS_ALWAYS | GR_CODEC_BIT (GR_CODEC_VP9) | GR_CODEC_BIT (GR_CODEC_AV1);
  static const GrCodecSet camera = GR_CODECS_ALWAYS | GR_CODEC_BIT (GR_CODEC_H264);
  GrRoomCodecs room = { 0 };

  g_test_summary ("A room's codecs are those that everyone present decodes, and VP8 and Opus");

  g_assert_cmphex (gr_room_codecs_common (&room), ==, GR_CODECS_ALL);
  gr_room_codecs_join (&room, GR_CODECS_ALL);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, GR_CODECS_ALL);
  gr_room_codecs_join (&room, firefox);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, firefox);
  gr_room_codecs_join (&room, camera);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, GR_CODECS_ALWAYS);

  /* Somebody who decodes nothing that we know does not take VP8 from the others. */
  gr_room_codecs_join (&room, 0);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, GR_CODECS_ALWAYS);
  gr_room_codecs_leave (&room, 0);

  gr_room_codecs_leave (&room, firefox);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, camera);
  gr_room_codecs_leave (&room, camera);
  g_assert_cmphex (gr_room_codecs_common (&room), ==, GR_CODECS_ALL);
}

static void
test_preference (void)
{
  g_test_summary ("For cameras and for screens every format has its place");

  for (GrCodecUse use = GR_CODEC_USE_CAMERA; use <= GR_CODEC_USE_SCREEN; use++)
    {
      GrCodecSet named = 0;

      for (const GrCodec *codec = gr_codec_preference (use); *codec != GR_N_CODECS; codec++)
        {
          g_assert_false (named & GR_CODEC_BIT (*codec));
          named |= GR_CODEC_BIT (*codec);
        }
      g_assert_cmphex (named, ==, GR_CODECS_ALL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/codecs/a-format-is-a-codec-with-its-profile", test_formats);
  g_test_add_func ("/codecs/bad-parameters-are-refused", test_bad_parameters);
  g_test_add_func ("/codecs/foreign-parameters-are-skipped", test_foreign_parameters);
  g_test_add_func ("/codecs/written-formats-are-read-again", test_round_trip);
  g_test_add_func ("/codecs/a-room-speaks-what-everyone-decodes", test_room_rule);
  g_test_add_func ("/codecs/every-format-has-its-place", test_preference);
  return g_test_run ();
}
