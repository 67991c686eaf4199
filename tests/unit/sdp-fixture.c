/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sdp-fixture.h"

#include <string.h>

const char sdp_good[] = "v=0\r\n"
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

char *
sdp_read_fixture (const char *name, gsize *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, length, &error);
  g_assert_no_error (error);
  return text;
}

char *
sdp_replace (const char *text, const char *what, const char *by)
{
  const char *at = strstr (text, what);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (int) (at - text), text, by, at + strlen (what));
}

GrSdp *
sdp_parse (const char *text, GrSdpType type)
{
  g_autoptr (GError) error = NULL;
  GrSdp *sdp = gr_sdp_parse (text, strlen (text), type, &error);

  g_assert_no_error (error);
  return sdp;
}

GrSdp *
sdp_parse_fixture (const char *name, GrSdpType type)
{
  g_autofree char *text = sdp_read_fixture (name, NULL);

  return sdp_parse (text, type);
}

void
sdp_assert_refused (const char *text, gsize length, GrErrorCode code, const char *needle)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, &error);

  g_assert_null (sdp);
  g_assert_error (error, GR_ERROR, (int) code);
  g_assert_cmpstr (gr_error_get_field (error), ==, "sdp");
  if (needle != NULL && strstr (error->message, needle) == NULL)
    g_error ("“%s” does not say “%s”", error->message, needle);
}

void
sdp_init_parameters (GrCodecParameters *parameters, GrCodec codec)
{
  gr_codec_parameters_init (parameters);

  switch (codec)
    {
    case GR_CODEC_OPUS:
      parameters->opus_stereo = TRUE;
      break;
    case GR_CODEC_VP9_10BIT:
      parameters->vp9_profile = 2;
      break;
    case GR_CODEC_H264:
    case GR_CODEC_H264_SINGLE_NAL:
      parameters->h264_profile = 0x42e01f;
      break;
    case GR_CODEC_H264_MAIN:
      parameters->h264_profile = 0x4d001f;
      break;
    case GR_CODEC_H264_HIGH:
      parameters->h264_profile = 0x64001f;
      break;
    default:
      break;
    }
}
