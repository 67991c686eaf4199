/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/sdp-writer: our answers, and what webrtcbin gets. */
#include <stdlib.h>
#include <string.h>

#include "media/hub/sdp-writer.h"
#include "sdp-fixture.h"

static const GrSdpAddress addresses[] = {
  { "192.0.2.1", 7880, FALSE },
  { "2001:db8::1", 7880, FALSE },
  { "192.0.2.1", 7880, TRUE },
};

static const GrSdpLocal us = {
  .session_id = 42,
  .session_version = 1,
  .ufrag = "hubs",
  .password = "hubhubhubhubhubhubhubh",
  .fingerprint = { 0xaa, 0xbb },
  .setup = GR_SDP_PASSIVE,
  .addresses = addresses,
  .n_addresses = G_N_ELEMENTS (addresses),
};

static GrSlotTable *
new_table (const GrSdp *offer, const GrSlotPolicy *policy)
{
  g_autoptr (GError) error = NULL;
  GrSlotTable *table = gr_slot_table_new ();

  gr_slot_table_apply_offer (table, offer, policy, &error);
  g_assert_no_error (error);
  return table;
}

static GrSlotTable *
new_table_of (const char *fixture)
{
  g_autoptr (GrSdp) offer = sdp_parse_fixture (fixture, GR_SDP_OFFER);

  return new_table (offer, &gr_slot_policy_default);
}

static void
test_answer_text (void)
{
  static const char *const fixtures[]
      = { "chromium-page.sdp", "chromium-plain.sdp",    "chromium-simulcast.sdp", "firefox-page.sdp",
          "firefox-plain.sdp", "firefox-preferred.sdp", "gstreamer-bundle.sdp",   "gstreamer-video.sdp" };

  g_test_summary ("Our answer says what the table holds, and our parser reads the same from it");

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autoptr (GrSlotTable) table = new_table_of (fixtures[i]);
      g_autofree char *text = gr_sdp_write (table, &us);
      g_autoptr (GrSdp) answer = sdp_parse (text, GR_SDP_ANSWER);

      g_test_message ("%s", fixtures[i]);
      g_assert_true (answer->ice_lite);
      g_assert_cmpstr (answer->ufrag, ==, us.ufrag);
      g_assert_cmpmem (answer->fingerprint, GR_SDP_FINGERPRINT_SIZE, us.fingerprint, GR_SDP_FINGERPRINT_SIZE);
      g_assert_cmpuint (answer->n_media, ==, gr_slot_table_get_n_lines (table));
      for (guint line = 0; line < answer->n_media; line++)
        {
          const GrSlotLine *ours = gr_slot_table_get_line (table, line);
          const GrSdpMedia *written = &answer->media[line];

          g_assert_cmpint (written->kind, ==, ours->local.kind);
          g_assert_cmpint (written->rejected, ==, ours->local.rejected);
          g_assert_cmpstr (written->mid, ==, ours->local.mid);
          g_assert_cmpint (written->direction, ==, ours->local.direction);
          g_assert_cmpuint (written->n_codecs, ==, ours->local.n_codecs);
          g_assert_cmpmem (written->extensions, GR_N_EXTENSIONS, ours->local.extensions, GR_N_EXTENSIONS);
          g_assert_cmpstr (written->stream, ==, ours->local.stream);
          g_assert_cmpuint (written->ssrcs[0], ==, ours->ssrc);
          g_assert_cmpuint (written->rtx[0], ==, ours->rtx_ssrc);
          for (guint codec = 0; codec < written->n_codecs; codec++)
            {
              g_assert_cmpint (written->codecs[codec].codec, ==, ours->local.codecs[codec].codec);
              g_assert_cmpint (written->codecs[codec].payload_type, ==, ours->local.codecs[codec].payload_type);
              g_assert_cmpint (written->codecs[codec].rtx_payload_type, ==, ours->local.codecs[codec].rtx_payload_type);
              g_assert_cmpint (written->codecs[codec].feedback, ==, ours->local.codecs[codec].feedback);
            }
        }

      g_assert_nonnull (strstr (text, "a=candidate:1 1 udp 2130706431 192.0.2.1 7880 typ host\r\n"));
      g_assert_nonnull (strstr (text, "2001:db8::1 7880 typ host\r\n"));
      g_assert_nonnull (strstr (text, "192.0.2.1 7880 typ host tcptype passive\r\n"));
      g_assert_null (strstr (text, "simulcast"));
      g_assert_null (strstr (text, g_get_host_name ()));
      g_assert_null (strstr (text, "user"));
    }
}

static void
test_data_channel (void)
{
  g_autoptr (GrSlotTable) table = new_table_of ("chromium-plain.sdp");
  g_autofree char *text = gr_sdp_write (table, &us);

  g_test_summary ("A data channel is rejected and not bundled");

  g_assert_nonnull (strstr (text, "a=group:BUNDLE 0 1\r\n"));
  g_assert_nonnull (strstr (text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

static void
test_no_bundle (void)
{
  g_autoptr (GrSlotTable) table = new_table_of ("gstreamer-alone.sdp");
  g_autofree char *text = gr_sdp_write (table, &us);

  g_test_summary ("What was not bundled in the offer is not in the answer");

  g_assert_null (strstr (text, "a=group"));
}

/* All that we may ever say, in each m-line. */
static const GrSlotPolicy widest = {
  .inbound = GR_CODECS_ALL,
  .outbound = GR_CODECS_ALL,
  .extensions = (1u << GR_N_EXTENSIONS) - 1,
  .feedback = GR_FEEDBACK_ALL,
  .max_slots = { GR_SDP_MAX_MEDIA, GR_SDP_MAX_MEDIA },
  .max_tracks = { GR_SDP_MAX_MEDIA, GR_SDP_MAX_MEDIA },
};

static GrSdpLocal
widest_local (char *credential, GrSdpAddress *eight)
{
  GrSdpLocal local = us;

  memset (credential, 'x', GR_SDP_MAX_CREDENTIAL);
  credential[GR_SDP_MAX_CREDENTIAL] = '\0';
  for (guint i = 0; i < 8; i++)
    eight[i] = (GrSdpAddress){ "2001:db8:1000:1000:1000:1000:1000:1000", 65535, TRUE };
  local.ufrag = local.password = credential;
  local.addresses = eight;
  local.n_addresses = 8;
  local.session_id = local.session_version = G_MAXUINT64;
  return local;
}

/* An offer of all m-lines that there may be, each with every video codec, its RTX and every header extension. */
static GrSdp *
new_widest_offer (void)
{
  GrSdp *offer = g_new0 (GrSdp, 1);

  offer->n_media = GR_SDP_MAX_MEDIA;
  for (guint i = 0; i < offer->n_media; i++)
    {
      GrSdpMedia *media = &offer->media[i];

      media->kind = GR_SDP_VIDEO;
      media->direction = GR_SDP_SENDRECV;
      media->bundled = media->rtcp_mux = media->rtcp_rsize = TRUE;
      g_snprintf (media->mid, sizeof media->mid, "%u", i);
      for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
        media->extensions[extension] = extension + 1;
      for (GrCodec codec = 0; codec < GR_N_CODECS; codec++)
        {
          GrSdpCodec *described = &media->codecs[media->n_codecs];

          if ((GR_CODEC_BIT (codec) & GR_CODECS_VIDEO) == 0)
            continue;
          described->codec = codec;
          described->payload_type = 100 + 2 * media->n_codecs;
          described->rtx_payload_type = described->payload_type + 1;
          described->feedback = GR_FEEDBACK_ALL;
          sdp_init_parameters (&described->parameters, codec);
          media->n_codecs++;
        }
    }

  return offer;
}

/* What a browser would have written: its mids may be as long as can be, it is no ICE-lite peer and leaves DTLS to us.
 */
static char *
as_browser (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  g_autoptr (GString) result = g_string_new (NULL);

  for (guint i = 0; lines[i + 1] != NULL; i++)
    if (g_str_has_prefix (lines[i], "a=mid:"))
      g_string_append_printf (result, "a=mid:abcdefghijklmn%02u\r\n", (guint) atoi (lines[i] + 6));
    else if (g_str_has_prefix (lines[i], "a=group:BUNDLE"))
      {
        g_string_append (result, "a=group:BUNDLE");
        for (guint mid = 0; mid < GR_SDP_MAX_MEDIA; mid++)
          g_string_append_printf (result, " abcdefghijklmn%02u", mid);
        g_string_append (result, "\r\n");
      }
    else if (g_str_has_prefix (lines[i], "a=setup:"))
      g_string_append (result, "a=setup:actpass\r\n");
    else if (!g_str_equal (lines[i], "a=ice-lite"))
      g_string_append_printf (result, "%s\r\n", lines[i]);

  return g_string_free (g_steal_pointer (&result), FALSE);
}

static void
test_widest (void)
{
  char credential[GR_SDP_MAX_CREDENTIAL + 1];
  GrSdpAddress eight[8];
  GrSdpLocal local = widest_local (credential, eight);
  g_autoptr (GrSdp) made = new_widest_offer ();
  g_autoptr (GrSlotTable) same = new_table (made, &widest);
  g_autofree char *same_text = gr_sdp_write (same, &local);
  g_autofree char *offer_text = as_browser (same_text);
  g_autoptr (GrSdp) offer = sdp_parse (offer_text, GR_SDP_OFFER);
  g_autoptr (GrSlotTable) table = new_table (offer, &widest);
  g_autofree char *answer_text = gr_sdp_write (table, &local);
  g_autoptr (GrSdp) answer = sdp_parse (answer_text, GR_SDP_ANSWER);

  g_test_summary ("The widest offer and the widest answer are no longer than what both sides read");

  g_assert_cmpuint (answer->n_media, ==, GR_SDP_MAX_MEDIA);
  for (guint i = 0; i < answer->n_media; i++)
    {
      g_assert_cmpint (answer->media[i].direction, ==, GR_SDP_SENDRECV);
      g_assert_cmpuint (answer->media[i].n_codecs, ==, GR_N_CODECS - 1);
      for (guint codec = 0; codec < answer->media[i].n_codecs; codec++)
        g_assert_cmpuint (answer->media[i].codecs[codec].rtx_payload_type, !=, GR_PAYLOAD_TYPE_NONE);
    }
  g_test_message ("%zu and %zu bytes", strlen (offer_text), strlen (answer_text));
}

static void
test_bin (void)
{
  static const char *const offers[] = { "chromium-page.sdp", "firefox-page.sdp", "gstreamer-bundle.sdp" };
  g_autoptr (GrSdp) bin_answer = sdp_parse_fixture ("gstreamer-answer.sdp", GR_SDP_ANSWER);
  GrSdpLocal local = us;

  g_test_summary ("webrtcbin sees one m-line with one codec, and the other side's credentials and certificate");

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autoptr (GrSdp) offer = sdp_parse_fixture (offers[i], GR_SDP_OFFER);
      g_autofree char *for_bin = gr_sdp_write_for_bin (offer);
      g_autoptr (GrSdp) read = sdp_parse (for_bin, GR_SDP_OFFER);

      g_assert_cmpuint (read->n_media, ==, 1);
      g_assert_cmpuint (read->media[0].n_codecs, ==, 1);
      g_assert_cmpuint (read->media[0].codecs[0].feedback, ==, 0);
      g_assert_cmpstr (read->media[0].mid, ==, offer->media[0].mid);
      g_assert_cmpstr (read->password, ==, offer->password);
      g_assert_cmpmem (read->fingerprint, GR_SDP_FINGERPRINT_SIZE, offer->fingerprint, GR_SDP_FINGERPRINT_SIZE);
    }

  gr_sdp_local_take (&local, bin_answer);
  g_assert_cmpint (local.setup, ==, GR_SDP_ACTIVE);
  g_assert_cmpstr (local.ufrag, ==, bin_answer->ufrag);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp-writer/the-answer-says-what-the-table-holds", test_answer_text);
  g_test_add_func ("/sdp-writer/a-data-channel-is-rejected", test_data_channel);
  g_test_add_func ("/sdp-writer/an-answer-bundles-only-what-the-offer-did", test_no_bundle);
  g_test_add_func ("/sdp-writer/the-widest-description-fits", test_widest);
  g_test_add_func ("/sdp-writer/webrtcbin-sees-one-m-line", test_bin);
  return g_test_run ();
}
