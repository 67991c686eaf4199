/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/sdp: lines that nobody should write, texts that end too early, and too much of everything. */
#include <malloc.h>
#include <string.h>

#include "sdp-fixture.h"

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
      g_autofree char *text = sdp_replace (sdp_good, bad[i].line, bad[i].instead);

      g_test_message ("%s → %s", bad[i].line, bad[i].instead);
      sdp_assert_refused (text, strlen (text), GR_ERROR_INVALID_INPUT, bad[i].message);
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
      g_autofree char *text = sdp_read_fixture (fixtures[i], &length);
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
              sdp_assert_refused (changed, strlen (changed), GR_ERROR_INVALID_INPUT, needle);
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

  sdp_assert_refused ("", 0, GR_ERROR_INVALID_INPUT, ""); /* makes the quark of our errors */
  before = make_quark ();
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      gsize length;
      g_autofree char *text = g_str_has_suffix (name, ".sdp") ? sdp_read_fixture (name, &length) : g_strdup ("");
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

  for (gsize length = 0; length < strlen (sdp_good); length++)
    {
      g_autofree char *text = g_memdup2 (sdp_good, length > 0 ? length : 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) sdp = gr_sdp_parse (text, length, GR_SDP_OFFER, &error);

      g_assert_true ((sdp == NULL) == (error != NULL));
    }
  sdp_assert_refused ("", 0, GR_ERROR_INVALID_INPUT, "no audio or video");
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
  return sdp_replace (sdp_good, after, lines->str);
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
  g_autofree char *text = sdp_replace (sdp_good, "a=mid:1", line);

  g_test_summary ("Lines, their length, m-lines, layers and SSRCs are counted");

  sdp_assert_refused (text, strlen (text), GR_ERROR_INVALID_INPUT, "Line 24: the line is too long");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *many = repeat_lines (cases[i].after, cases[i].line, cases[i].n);

      g_test_message ("%s", cases[i].line);
      sdp_assert_refused (many, strlen (many), cases[i].code, cases[i].message);
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
      text = sdp_replace (many, "a=fmtp:102 profile-id=0", fmtp->str);
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
  g_test_add_func ("/sdp-lines/bad-lines-are-refused-by-number", test_bad_lines);
  g_test_add_func ("/sdp-lines/every-line-of-a-real-offer-is-checked", test_every_line);
  g_test_add_func ("/sdp-lines/every-line-of-every-recording-is-spoilt", test_spoilt_recordings);
  g_test_add_func ("/sdp-lines/the-text-may-end-anywhere", test_truncated);
  g_test_add_func ("/sdp-lines/everything-is-counted", test_limits);
  g_test_add_func ("/sdp-lines/names-cost-no-memory", test_names);
  return g_test_run ();
}
