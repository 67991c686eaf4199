/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/sdp: what browsers wrote (sdp/README.md) is understood. sdp-lines.c has what nobody should write.
 */
#include <string.h>

#include "sdp-fixture.h"

/* What the describing side can encode (GR_SDP_SENDONLY) or decode (GR_SDP_RECVONLY), by all its m-lines. */
static GrCodecSet
codecs_of (const GrSdp *sdp, GrSdpDirection direction)
{
  GrCodecSet set = 0;

  for (guint i = 0; i < sdp->n_media; i++)
    for (guint j = 0; (sdp->media[i].direction & direction) != 0 && j < sdp->media[i].n_codecs; j++)
      set |= GR_CODEC_BIT (sdp->media[i].codecs[j].codec);

  return set;
}

static void
test_fixtures (void)
{
  static const GrCodecSet vp8 = GR_CODEC_BIT (GR_CODEC_VP8), opus = GR_CODEC_BIT (GR_CODEC_OPUS);
  static const GrCodecSet firefox = GR_CODECS_ALWAYS | 1 << GR_CODEC_VP9 | 1 << GR_CODEC_AV1;
  static const GrCodecSet chromium = GR_CODECS_ALL & ~(1u << GR_CODEC_H264_HIGH);
  const struct
  {
    const char *name;
    GrSdpType type;
    guint n_media;
    GrCodecSet sends, receives;
    guint n_rids;
  } fixtures[] = {
    { "chromium-publish.sdp", GR_SDP_OFFER, 4, chromium, 0, 0 },
    { "chromium-page.sdp", GR_SDP_OFFER, 8, chromium, chromium, 0 },
    { "chromium-simulcast.sdp", GR_SDP_OFFER, 2, chromium, 0, 3 },
    { "chromium-receive.sdp", GR_SDP_OFFER, 2, 0, chromium, 0 },
    { "chromium-plain.sdp", GR_SDP_OFFER, 3, chromium, chromium, 0 },
    { "chromium-preferred.sdp", GR_SDP_OFFER, 3, vp8, vp8, 0 },
    { "chromium-answer.sdp", GR_SDP_ANSWER, 11, chromium, chromium, 0 },
    { "firefox-publish.sdp", GR_SDP_OFFER, 4, firefox, 0, 0 },
    { "firefox-page.sdp", GR_SDP_OFFER, 8, firefox, firefox, 0 },
    { "firefox-simulcast.sdp", GR_SDP_OFFER, 2, firefox, 0, 3 },
    { "firefox-receive.sdp", GR_SDP_OFFER, 2, 0, firefox, 0 },
    { "firefox-plain.sdp", GR_SDP_OFFER, 3, firefox, firefox, 0 },
    { "firefox-preferred.sdp", GR_SDP_OFFER, 3, vp8, vp8, 0 },
    { "firefox-answer.sdp", GR_SDP_ANSWER, 11, firefox, firefox, 0 },
    { "gstreamer-bundle.sdp", GR_SDP_OFFER, 2, GR_CODECS_ALWAYS, GR_CODECS_ALWAYS, 0 },
    { "gstreamer-video.sdp", GR_SDP_OFFER, 1, 1 << GR_CODEC_H264, 1 << GR_CODEC_H264, 0 },
    { "gstreamer-alone.sdp", GR_SDP_OFFER, 1, opus, opus, 0 },
    { "gstreamer-answer.sdp", GR_SDP_ANSWER, 1, 0, opus, 0 },
  };

  g_test_summary ("What Chromium, Firefox and webrtcbin offer and answer is understood");

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) sdp = NULL;
      g_autofree char *text = NULL;
      gsize length;
      guint n_rids = 0;

      g_test_message ("%s", fixtures[i].name);
      text = sdp_read_fixture (fixtures[i].name, &length);
      sdp = gr_sdp_parse (text, length, fixtures[i].type, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sdp->n_media, ==, fixtures[i].n_media);
      g_assert_cmphex (codecs_of (sdp, GR_SDP_SENDONLY), ==, fixtures[i].sends);
      g_assert_cmphex (codecs_of (sdp, GR_SDP_RECVONLY), ==, fixtures[i].receives);
      g_assert_cmpint (sdp->fingerprint[0], ==, 3);
      g_assert_cmpint (sdp->setup, ==, fixtures[i].type == GR_SDP_OFFER ? GR_SDP_ACTPASS : GR_SDP_ACTIVE);
      g_assert_true (g_str_has_prefix (sdp->ufrag, "wxyz"));
      g_assert_true (g_str_has_prefix (sdp->password, "0123456789abcdefghijkl"));

      for (guint line = 0; line < sdp->n_media; line++)
        {
          const GrSdpMedia *media = &sdp->media[line];

          n_rids += media->n_rids;
          g_assert_false (media->rejected);
          if (media->kind == GR_SDP_VIDEO && fixtures[i].type == GR_SDP_OFFER)
            for (guint codec = 0; codec < media->n_codecs; codec++)
              {
                g_assert_cmpuint (media->codecs[codec].rtx_payload_type, !=, GR_PAYLOAD_TYPE_NONE);
                g_assert_true (media->codecs[codec].feedback & GR_FEEDBACK_PLI);
              }
        }
      g_assert_cmpuint (n_rids, ==, fixtures[i].n_rids);
    }
}

static void
test_details (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (sdp_good, strlen (sdp_good), GR_SDP_OFFER, &error);
  const GrSdpMedia *audio, *video;

  g_test_summary ("Everything on the allow-list is kept, and nothing else");

  g_assert_no_error (error);
  audio = &sdp->media[0];
  video = &sdp->media[1];
  g_assert_cmpuint (sdp->session_id, ==, G_GUINT64_CONSTANT (4611732153));
  g_assert_cmpint (sdp->fingerprint[31], ==, 0x1f);
  g_assert_true (gr_sdp_tagged_media (sdp) == audio);
  g_assert_cmpuint (audio->n_codecs, ==, 1);
  g_assert_true (audio->codecs[0].parameters.opus_stereo);
  g_assert_cmpuint (audio->extensions[GR_EXTENSION_AUDIO_LEVEL], ==, 1);
  g_assert_cmpuint (audio->extensions[GR_EXTENSION_MID], ==, 4);
  g_assert_cmpint (audio->direction, ==, GR_SDP_SENDONLY);
  g_assert_cmpstr (video->stream, ==, "stream");
  g_assert_cmpstr (video->track, ==, "track");
  g_assert_cmpuint (video->n_codecs, ==, 2);
  g_assert_cmpuint (video->codecs[0].rtx_payload_type, ==, 97);
  g_assert_cmpuint (video->codecs[0].feedback, ==, GR_FEEDBACK_PLI);
  g_assert_cmpuint (video->codecs[1].rtx_payload_type, ==, GR_PAYLOAD_TYPE_NONE);
  g_assert_null (gr_sdp_media_codec (video, GR_CODEC_AV1));
  g_assert_true (video->simulcast);
  g_assert_cmpuint (video->n_rids, ==, 2);
  g_assert_cmpstr (video->rids[1], ==, "h");
  g_assert_cmpuint (video->n_ssrcs, ==, 1);
  g_assert_cmpuint (video->ssrcs[0], ==, 2);
  g_assert_cmpuint (video->rtx[0], ==, 3);
  g_assert_true (gr_sdp_announces (sdp, 3));
  g_assert_false (gr_sdp_announces (sdp, 4));
}

static void
test_line_ends (void)
{
  g_auto (GStrv) lines = g_strsplit (sdp_good, "\r\n", -1);
  g_autofree char *text = g_strjoinv ("\n", lines);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, strlen (text), GR_SDP_OFFER, &error);

  g_test_summary ("Lines may end without a carriage return");

  g_assert_no_error (error);
  g_assert_nonnull (sdp);
}

/* In the manner of OBS, whose library says these once. */
static void
test_session_level (void)
{
  static const char *const moved[]
      = { "a=ice-ufrag:wxyz\r\n", "a=ice-pwd:0123456789abcdefghijkl\r\n", "a=setup:actpass\r\n" };
  g_autofree char *text = g_strdup (sdp_good);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = NULL;

  g_test_summary ("What is said of ICE and DTLS before the first m-line holds for all of them");

  for (guint i = 0; i < G_N_ELEMENTS (moved); i++)
    {
      g_autofree char *without = sdp_replace (text, moved[i], "");
      g_autofree char *with = g_strdup_printf ("a=group:LS 0 1\r\n%sm=audio", moved[i]);

      g_free (text);
      text = sdp_replace (without, "m=audio", with);
    }
  sdp = gr_sdp_parse (text, strlen (text), GR_SDP_OFFER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (sdp->ufrag, ==, "wxyz");
  g_assert_cmpint (sdp->setup, ==, GR_SDP_ACTPASS);
}

static void
test_answers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (sdp_good, strlen (sdp_good), GR_SDP_ANSWER, &error);

  g_test_summary ("An answer has to decide who begins DTLS");

  g_assert_null (sdp);
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
}

static void
test_fingerprints (void)
{
  static const char other[] = "a=mid:1\r\na=fingerprint:sha-256 FF:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:"
                              "10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F";
  static const char same[] = "a=mid:1\r\na=fingerprint:SHA-256 00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:"
                             "10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f";
  g_autofree char *two = sdp_replace (sdp_good, "a=mid:1", other);
  g_autofree char *one = sdp_replace (sdp_good, "a=mid:1", same);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (one, strlen (one), GR_SDP_OFFER, &error);

  g_test_summary ("One certificate secures all m-lines");

  g_assert_no_error (error);
  sdp_assert_refused (two, strlen (two), GR_ERROR_INVALID_INPUT, "Line 21 (m=): its fingerprint");
}

static void
test_h264 (void)
{
  gsize length;
  g_autofree char *text = sdp_read_fixture ("chromium-publish.sdp", &length);
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, NULL);
  const GrSdpCodec *h264 = gr_sdp_media_codec (&sdp->media[1], GR_CODEC_H264);

  g_test_summary ("Of Chromium's baseline and constrained baseline the exact one is taken, with its own RTX");

  g_assert_cmpuint (h264->payload_type, ==, 108);
  g_assert_cmpuint (h264->rtx_payload_type, ==, 109);
  g_assert_cmphex (h264->parameters.h264_profile, ==, 0x42e01f);
  g_assert_true (h264->parameters.h264_asymmetric);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp/browsers-are-understood", test_fixtures);
  g_test_add_func ("/sdp/the-allow-list-is-kept", test_details);
  g_test_add_func ("/sdp/line-feeds-alone-will-do", test_line_ends);
  g_test_add_func ("/sdp/the-session-speaks-for-its-m-lines", test_session_level);
  g_test_add_func ("/sdp/an-answer-is-not-actpass", test_answers);
  g_test_add_func ("/sdp/one-certificate-for-all", test_fingerprints);
  g_test_add_func ("/sdp/the-exact-profile-wins", test_h264);
  return g_test_run ();
}
