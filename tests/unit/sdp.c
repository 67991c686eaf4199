/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/sdp: what browsers wrote (sdp/README.md), and what nobody should. */
#include <malloc.h>
#include <string.h>

#include "base/error.h"
#include "media/hub/sdp.h"

/* A small offer with every attribute that we read. */
static const char good[] = "v=0\r\n"
                           "o=- 4611732153 2 IN IP4 127.0.0.1\r\n"
                           "s=-\r\n"
                           "t=0 0\r\n"
                           "a=group:BUNDLE 0 1\r\n"
                           "a=msid-semantic: WMS *\r\n"
                           "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n"
                           "c=IN IP4 0.0.0.0\r\n"
                           "a=ice-ufrag:wxyz\r\n"
                           "a=ice-pwd:0123456789abcdefghijkl\r\n"
                           "a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:"
                           "10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n"
                           "a=setup:actpass\r\n"
                           "a=mid:0\r\n"
                           "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                           "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                           "a=sendonly\r\n"
                           "a=rtcp-mux\r\n"
                           "a=rtpmap:111 opus/48000/2\r\n"
                           "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\n"
                           "a=ssrc:1 cname:x\r\n"
                           "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102\r\n"
                           "c=IN IP4 0.0.0.0\r\n"
                           "a=mid:1\r\n"
                           "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                           "a=sendrecv\r\n"
                           "a=rtcp-mux\r\n"
                           "a=msid:stream track\r\n"
                           "a=rtpmap:96 VP8/90000\r\n"
                           "a=rtcp-fb:96 nack pli\r\n"
                           "a=rtpmap:97 rtx/90000\r\n"
                           "a=fmtp:97 apt=96\r\n"
                           "a=rtpmap:102 VP9/90000\r\n"
                           "a=fmtp:102 profile-id=0\r\n"
                           "a=rid:q send\r\n"
                           "a=rid:h send\r\n"
                           "a=simulcast:send q;~h\r\n"
                           "a=ssrc-group:FID 2 3\r\n"
                           "a=ssrc:2 cname:x\r\n"
                           "a=ssrc:3 cname:x\r\n";

static char *
read_fixture (const char *name, gsize *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

static char *
replace (const char *text, const char *what, const char *by)
{
  const char *at = strstr (text, what);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, by, at + strlen (what));
}

static void
assert_refused (const char *text, gsize length, GrErrorCode code, const char *needle)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, &error);

  g_assert_null (sdp);
  g_assert_error (error, GR_ERROR, (int) code);
  g_assert_cmpstr (gr_error_get_field (error), ==, "sdp");
  if (needle != NULL && strstr (error->message, needle) == NULL)
    g_error ("“%s” does not say “%s”", error->message, needle);
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
      text = read_fixture (fixtures[i].name, &length);
      sdp = gr_sdp_parse (text, length, fixtures[i].type, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sdp->n_media, ==, fixtures[i].n_media);
      g_assert_cmphex (gr_sdp_codecs (sdp, GR_SDP_SENDONLY), ==, fixtures[i].sends);
      g_assert_cmphex (gr_sdp_codecs (sdp, GR_SDP_RECVONLY), ==, fixtures[i].receives);
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
  g_autoptr (GrSdp) sdp = gr_sdp_parse (good, strlen (good), GR_SDP_OFFER, &error);
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

/* A line of the good offer, what stands there instead, and what the message has to say. */
static const struct
{
  const char *line, *instead, *message;
} bad[] = {
  { "v=0", "v=1", "Line 1 (v=)" },
  { "v=0\r\n", "", "Line 1 (o=)" },
  { "o=- 4611732153 2 IN IP4 127.0.0.1", "o=- x 2 IN IP4 127.0.0.1", "Line 2 (o=)" },
  { "o=- 4611732153 2 IN IP4 127.0.0.1", "o=- 99999999999999999999 2 IN IP4 127.0.0.1", "Line 2 (o=)" },
  { "o=- 4611732153 2 IN IP4 127.0.0.1", "o=- 1 2 IN IP4", "Line 2 (o=)" },
  { "s=-", "s=", "Line 3 (s=)" },
  { "s=-", "s=-\r\ns=-", "Line 4 (s=)" },
  { "t=0 0", "t=0", "Line 4 (t=)" },
  { "t=0 0", "x=0", "Line 4 (x=)" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0 0", "Line 5 (a=group)" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0 1 2", "not there" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0", "Line 21 (m=): it is not bundled" },
  { "a=group:BUNDLE 0 1", "a=group", "Line 5 (a=group): it needs a value" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0 1\r\na=group:BUNDLE 0 1", "Line 6 (a=group)" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0 1abcdefghijklmnopq", "Line 5 (a=group)" },
  { "a=group:BUNDLE 0 1\r\n", "", "not bundled" },
  { "a=msid-semantic: WMS *", "a=rtcp-mux", "Line 6 (a=rtcp-mux): it belongs to an m-line" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 65536 UDP/TLS/RTP/SAVPF 111 0", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 9 RTP/AVP 111 0", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 9 UDP/TLS/RTP/SAVPF", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 9 UDP/TLS/RTP/SAVPF 128", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 111", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=text 9 UDP/TLS/RTP/SAVPF 111 0", "Line 7 (m=)" },
  { "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 0 UDP/TLS/RTP/SAVPF 111 0", "Line 7 (m=): it is bundled and rej" },
  { "c=IN IP4 0.0.0.0", "c=IN IP5 0.0.0.0", "Line 8 (c=)" },
  { "c=IN IP4 0.0.0.0", "c=IN", "Line 8 (c=)" },
  { "a=ice-ufrag:wxyz", "a=ice-ufrag:xyz", "Line 9 (a=ice-ufrag)" },
  { "a=ice-ufrag:wxyz", "a=ice-ufrag:wx yz", "Line 9 (a=ice-ufrag)" },
  { "a=ice-ufrag:wxyz\r\n", "", "a=ice-ufrag or a=ice-pwd is missing" },
  { "a=ice-pwd:0123456789abcdefghijkl", "a=ice-pwd:0123456789abcdefghijk", "Line 10 (a=ice-pwd)" },
  { "a=ice-pwd:0123456789abcdefghijkl\r\n", "", "a=ice-ufrag or a=ice-pwd is missing" },
  { "a=fingerprint:sha-256 00", "a=fingerprint:sha-1 00", "Line 11 (a=fingerprint): only sha-256" },
  { "a=fingerprint:sha-256 00", "a=fingerprint:sha-256 0", "Line 11 (a=fingerprint)" },
  { "a=fingerprint:sha-256 00", "a=fingerprint:sha-256 0g", "Line 11 (a=fingerprint)" },
  { "a=fingerprint:sha-256 00:01", "a=fingerprint:sha-256 00-01", "Line 11 (a=fingerprint)" },
  { "a=fingerprint:sha-256", "a=fingerprints:sha-256", "a=fingerprint is missing" },
  { "a=setup:actpass", "a=setup:holdconn", "Line 12 (a=setup)" },
  { "a=setup:actpass\r\n", "", "a=setup is missing" },
  { "a=setup:actpass", "a=setup:actpass\r\na=setup:active", "Line 13 (a=setup): it is said twice" },
  { "a=mid:0", "a=mid:", "Line 13 (a=mid)" },
  { "a=mid:0", "a=mid:a b", "Line 13 (a=mid)" },
  { "a=mid:0", "a=mid:0123456789abcdefg", "Line 13 (a=mid)" },
  { "a=mid:0\r\n", "", "Line 7 (m=): a=mid is missing" },
  { "a=mid:1", "a=mid:0", "Line 23 (a=mid): another m-line" },
  { "a=extmap:1 urn", "a=extmap:0 urn", "Line 14 (a=extmap)" },
  { "a=extmap:1 urn", "a=extmap:15 urn", "Line 14 (a=extmap)" },
  { "a=extmap:1 urn", "a=extmap:256 urn", "Line 14 (a=extmap)" },
  { "a=extmap:1 urn", "a=extmap:1/both urn", "Line 14 (a=extmap)" },
  { "a=extmap:1 urn", "a=extmap:4 urn", "Line 15 (a=extmap): an id is given twice" },
  { "rtp-hdrext:ssrc-audio-level", "rtp-hdrext:sdes:mid", "Line 15 (a=extmap): an extension is given twice" },
  { "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=sendrecv", "a=extmap:4 urn:x\r\na=sendrecv",
    "Line 24 (a=extmap): the id means something else" },
  { "a=sendonly", "a=sendonly\r\na=recvonly", "Line 17 (a=recvonly): it is said twice" },
  { "a=sendonly", "a=sendonly:1", "Line 16 (a=sendonly): it takes no value" },
  { "a=rtcp-mux\r\na=rtpmap:111", "a=rtpmap:111", "Line 7 (m=): a=rtcp-mux is missing" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111", "Line 18 (a=rtpmap)" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus", "Line 18 (a=): a=rtpmap" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/0/2", "Line 18 (a=): a=rtpmap" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/48000/x", "Line 18 (a=): a=rtpmap" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:128 opus/48000/2", "Line 18 (a=rtpmap)" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:0 opus/48000/2", "reserved" },
  { "a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/48000/2\r\na=rtpmap:111 opus/48000/2", "Line 19 (a=rtpmap)" },
  { "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1", "a=fmtp:111 stereo=1\r\na=fmtp:111 stereo=1", "two sets" },
  { "stereo=1", "stereo=3", "Line 18 (a=): a parameter is out of range" },
  { "a=ssrc:1 cname:x", "a=ssrc:0 cname:x", "Line 20 (a=ssrc)" },
  { "a=ssrc:1 cname:x", "a=ssrc:4294967296 cname:x", "Line 20 (a=ssrc)" },
  { "a=ssrc:1 cname:x", "a=ssrc:2 cname:x", "Line 38 (a=ssrc): another m-line" },
  { "a=ssrc:1 cname:x", "a=fingerprint:sha-256 00:00", "it is said twice" },
  { "m=video 9", "m=video x", "Line 21 (m=)" },
  { "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102", "m=video 9 UDP/TLS/RTP/SAVPF 97 102", "rtx repairs" },
  { "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102", "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 111",
    "Line 21 (m=): the payload type means something else" },
  { "a=msid:stream track", "a=msid:\"stream\" track", "Line 27 (a=msid)" },
  { "a=rtpmap:96 VP8/90000", "a=rtpmap:97 VP8/90000", "Line 30 (a=rtpmap): a payload type is described twice" },
  { "a=rtcp-fb:96 nack pli", "a=rtcp-fb:x nack pli", "Line 29 (a=rtcp-fb)" },
  { "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96", "Line 29 (a=rtcp-fb)" },
  { "a=rtpmap:97 rtx/90000", "a=rtpmap:97 rtx/48000", "Line 30 (a=): rtx has another clock rate" },
  { "a=fmtp:97 apt=96", "a=fmtp:97 apt=97", "Line 30 (a=): rtx repairs" },
  { "a=fmtp:97 apt=96", "a=fmtp:97 apt=x", "Line 30 (a=): rtx repairs" },
  { "a=fmtp:97 apt=96\r\n", "", "Line 30 (a=): rtx has no apt" },
  { "a=rtpmap:102 VP9/90000\r\na=fmtp:102 profile-id=0", "a=rtpmap:102 rtx/90000\r\na=fmtp:102 apt=96",
    "repaired by two" },
  { "a=fmtp:102 profile-id=0", "a=fmtp:102 profile-id=0;profile-id=2", "Line 32 (a=): a parameter is given twice" },
  { "a=rid:q send", "a=rid:q", "Line 34 (a=rid)" },
  { "a=rid:q send", "a=rid:q! send", "Line 34 (a=rid)" },
  { "a=rid:q send", "a=rid:h send", "Line 35 (a=rid): a layer is given twice" },
  { "a=simulcast:send q;~h", "a=simulcast:send q;f", "Line 36 (a=)" },
  { "a=simulcast:send q;~h", "a=simulcast:both q", "Line 36 (a=)" },
  { "a=simulcast:send q;~h", "a=simulcast:send", "Line 36 (a=)" },
  { "a=ssrc-group:FID 2 3", "a=ssrc-group:FID 2", "Line 37 (a=ssrc-group)" },
  { "a=ssrc-group:FID 2 3", "a=ssrc-group:FID 2 2", "Line 37 (a=ssrc-group)" },
  { "a=ssrc-group:FID 2 3", "a=ssrc-group:FID 2 4", "Line 21 (m=): a=ssrc-group names" },
  { "a=ssrc-group:FID 2 3", "a=ssrc-group:FID 2 3\r\na=ssrc-group:FID 3 2", "Line 38 (a=ssrc-group)" },
};

static void
test_bad_lines (void)
{
  g_test_summary ("A line that is malformed, there twice or contradicts another is refused by its number");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = replace (good, bad[i].line, bad[i].instead);

      g_test_message ("%s → %s", bad[i].line, bad[i].instead);
      assert_refused (text, strlen (text), GR_ERROR_INVALID_INPUT, bad[i].message);
    }
}

/* Whatever the line, this is none. */
static void
test_every_line (void)
{
  static const char *const fixtures[] = { "chromium-receive.sdp", "firefox-plain.sdp", "gstreamer-bundle.sdp" };
  static const char *const instead[] = { "", "x", "a", "a:mid", "=0", "A=0", "a=\x01", "a=mid:0\t", "m", "v=0" };

  g_test_summary ("In each line of a real offer, what is no line there is refused by its number");

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      gsize length;
      g_autofree char *text = read_fixture (fixtures[i], &length);
      g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

      for (guint line = 0; lines[line + 1] != NULL; line++)
        for (guint j = 0; j < G_N_ELEMENTS (instead); j++)
          {
            g_autofree char *kept = lines[line];
            g_autofree char *changed = NULL;
            g_autofree char *needle = g_strdup_printf ("Line %u", line + 1);

            lines[line] = (char *) instead[j];
            changed = g_strjoinv ("\r\n", lines);
            lines[line] = g_strdup (kept);
            if (!g_str_equal (kept, instead[j]))
              assert_refused (changed, strlen (changed), GR_ERROR_INVALID_INPUT, needle);
          }
    }
}

/* GLib numbers its quarks in turn: a second one, made after the work, tells how many were made in between. */
static GQuark
make_quark (void)
{
  static guint n;
  g_autofree char *name = g_strdup_printf ("sdp-test-%u", n++);

  return g_quark_from_string (name);
}

/* Ways to spoil a line; NULL: leaves it as it is. */
static char *
spoil (const char *line, guint way)
{
  const char *digits = strpbrk (line, "0123456789");

  switch (way)
    {
    case 0:
      return g_strndup (line, strlen (line) / 2);
    case 1:
      return g_strconcat (line, "\r\n", line, NULL);
    case 2:
      return g_strconcat (line, ";x=y \t:,/=\xc3\xa9\xff", NULL);
    case 3:
      return digits == NULL ? NULL
                            : g_strdup_printf ("%.*s99999999999999999999%s", (int) (digits - line), line, digits + 1);
    case 4:
      return digits == NULL ? NULL : g_strdup_printf ("%.*s-1%s", (int) (digits - line), line, digits + 1);
    case 5:
      return g_strndup (line, strcspn (line, ": "));
    default:
      return NULL;
    }
}

/* Whatever comes of it: an error for people or a description, and no quark. */
static void
test_spoilt_recordings (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sdp", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint taken = 0, refused = 0;
  GQuark before;

  g_test_summary ("Every line of everything that was recorded may be cut, doubled, overrun or be out of bounds");

  assert_refused ("", 0, GR_ERROR_INVALID_INPUT, ""); /* makes the quark of our errors */
  before = make_quark ();
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      gsize length;
      g_autofree char *text = g_str_has_suffix (name, ".sdp") ? read_fixture (name, &length) : g_strdup ("");
      g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

      for (guint line = 0; lines[0] != NULL && lines[line + 1] != NULL; line++)
        for (guint way = 0; way < 6; way++)
          {
            char *kept = lines[line];
            g_autofree char *spoilt = spoil (kept, way);
            g_autofree char *changed = NULL;
            g_autoptr (GError) error = NULL;
            g_autoptr (GrSdp) sdp = NULL;

            if (spoilt == NULL)
              continue;
            lines[line] = spoilt;
            changed = g_strjoinv ("\r\n", lines);
            lines[line] = kept;
            sdp = gr_sdp_parse (changed, strlen (changed), GR_SDP_OFFER, &error);
            g_assert_true ((sdp == NULL) == (error != NULL));
            taken += sdp != NULL;
            refused += sdp == NULL;
          }
    }

  g_test_message ("%u taken, %u refused", taken, refused);
  g_assert_cmpuint (refused, >, 1000);
  g_assert_cmpuint (make_quark (), ==, before + 1);
}

/* A text that ends anywhere is either refused or complete; it never reads on (ASan). */
static void
test_truncated (void)
{
  g_test_summary ("A description may end at any byte");

  for (gsize length = 0; length < strlen (good); length++)
    {
      g_autofree char *text = g_memdup2 (good, length > 0 ? length : 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, &error);

      g_assert_true ((sdp == NULL) == (error != NULL));
    }
  assert_refused ("", 0, GR_ERROR_INVALID_INPUT, "no audio or video");
}

static void
test_line_ends (void)
{
  g_auto (GStrv) lines = g_strsplit (good, "\r\n", -1);
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
  g_autofree char *text = g_strdup (good);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = NULL;

  g_test_summary ("What is said of ICE and DTLS before the first m-line holds for all of them");

  for (guint i = 0; i < G_N_ELEMENTS (moved); i++)
    {
      g_autofree char *without = replace (text, moved[i], "");
      g_autofree char *with = g_strdup_printf ("a=group:LS 0 1\r\n%sm=audio", moved[i]);

      g_free (text);
      text = replace (without, "m=audio", with);
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
  g_autoptr (GrSdp) sdp = gr_sdp_parse (good, strlen (good), GR_SDP_ANSWER, &error);

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
  g_autofree char *two = replace (good, "a=mid:1", other);
  g_autofree char *one = replace (good, "a=mid:1", same);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (one, strlen (one), GR_SDP_OFFER, &error);

  g_test_summary ("One certificate secures all m-lines");

  g_assert_no_error (error);
  assert_refused (two, strlen (two), GR_ERROR_INVALID_INPUT, "Line 21 (m=): its fingerprint");
}

static void
test_h264 (void)
{
  gsize length;
  g_autofree char *text = read_fixture ("chromium-publish.sdp", &length);
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, NULL);
  const GrSdpCodec *h264 = gr_sdp_media_codec (&sdp->media[1], GR_CODEC_H264);

  g_test_summary ("Of Chromium's baseline and constrained baseline the exact one is taken, with its own RTX");

  g_assert_cmpuint (h264->payload_type, ==, 108);
  g_assert_cmpuint (h264->rtx_payload_type, ==, 109);
  g_assert_cmphex (h264->parameters.h264_profile, ==, 0x42e01f);
  g_assert_true (h264->parameters.h264_asymmetric);
}

static char *
repeat_lines (const char *after, const char *format, guint n)
{
  g_autoptr (GString) lines = g_string_new (after);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_auto (GStrv) parts = g_strsplit (format, "#", -1);
      g_autofree char *line = g_strjoinv (number, parts);

      g_string_append_printf (lines, "\r\n%s", line);
    }
  return replace (good, after, lines->str);
}

static void
test_limits (void)
{
  static const struct
  {
    const char *after, *line;
    guint n;
    GrErrorCode code;
    const char *message;
  } cases[] = {
    { "a=mid:1", "a=x:#", 4200, GR_ERROR_INVALID_INPUT, "Line 4097: there are too many lines" },
    { "a=mid:1", "a=a-name-of-forty-characters-and-its-number:#", 4000, GR_ERROR_TOO_LARGE, NULL },
    { "a=mid:1", "a=ssrc:9# cname:x", 9, GR_ERROR_INVALID_INPUT, "there are too many in this m-line" },
    { "a=rid:h send", "a=rid:x# send", 3, GR_ERROR_INVALID_INPUT, "there are too many layers" },
    { "a=ssrc:3 cname:x", "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:x#", 63, GR_ERROR_INVALID_INPUT,
      "there are too many m-lines" },
  };
  g_autofree char *word = g_strnfill (GR_SDP_MAX_LINE, 'x');
  g_autofree char *line = g_strdup_printf ("a=mid:1\r\na=x%s", word);
  g_autofree char *text = replace (good, "a=mid:1", line);

  g_test_summary ("Lines, their length, m-lines, layers and SSRCs are counted");

  assert_refused (text, strlen (text), GR_ERROR_INVALID_INPUT, "Line 24: the line is too long");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *many = repeat_lines (cases[i].after, cases[i].line, cases[i].n);

      g_test_message ("%s", cases[i].line);
      assert_refused (many, strlen (many), cases[i].code, cases[i].message);
    }
}

static void
test_names (void)
{
  gsize before = 0;

  g_test_summary ("Offers with thousands of names leave no memory behind, taken or refused");

  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (GString) fmtp = g_string_new ("a=fmtp:102 ");
      g_autofree char *attribute = g_strdup_printf ("a=name-%u-#:value", round);
      g_autofree char *many = repeat_lines ("a=mid:1", attribute, 1500);
      g_autofree char *text = NULL;
      g_autoptr (GrSdp) sdp = NULL;

      while (fmtp->len < 1000)
        g_string_append_printf (fmtp, "n%x=1;", g_random_int ());
      text = replace (many, "a=fmtp:102 profile-id=0", fmtp->str);
      sdp = gr_sdp_parse (text, strlen (text), GR_SDP_OFFER, NULL);
      g_assert_nonnull (sdp);
      g_assert_cmpuint (sdp->media[1].n_codecs, ==, 2);

      if (round == 10)
        before = mallinfo2 ().uordblks;
    }

  g_assert_cmpuint (mallinfo2 ().uordblks, <, before + 128 * 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp/browsers-are-understood", test_fixtures);
  g_test_add_func ("/sdp/the-allow-list-is-kept", test_details);
  g_test_add_func ("/sdp/bad-lines-are-refused-by-number", test_bad_lines);
  g_test_add_func ("/sdp/every-line-of-a-real-offer-is-checked", test_every_line);
  g_test_add_func ("/sdp/every-line-of-every-recording-is-spoilt", test_spoilt_recordings);
  g_test_add_func ("/sdp/the-text-may-end-anywhere", test_truncated);
  g_test_add_func ("/sdp/line-feeds-alone-will-do", test_line_ends);
  g_test_add_func ("/sdp/the-session-speaks-for-its-m-lines", test_session_level);
  g_test_add_func ("/sdp/an-answer-is-not-actpass", test_answers);
  g_test_add_func ("/sdp/one-certificate-for-all", test_fingerprints);
  g_test_add_func ("/sdp/the-exact-profile-wins", test_h264);
  g_test_add_func ("/sdp/everything-is-counted", test_limits);
  g_test_add_func ("/sdp/names-cost-no-memory", test_names);
  return g_test_run ();
}
