/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/slots and media/hub/sdp-writer, which says what the table holds. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "media/hub/sdp-writer.h"

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

static char *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static GrSdp *
parse (const char *text, GrSdpType type)
{
  g_autoptr (GError) error = NULL;
  GrSdp *sdp = gr_sdp_parse (text, strlen (text), type, &error);

  g_assert_no_error (error);
  return sdp;
}

static GrSdp *
parse_fixture (const char *name, GrSdpType type)
{
  g_autofree char *text = read_fixture (name);

  return parse (text, type);
}

static void
apply (GrSlotTable *table, const GrSdp *offer, const GrSlotPolicy *policy)
{
  g_autoptr (GError) error = NULL;

  gr_slot_table_apply_offer (table, offer, policy, &error);
  g_assert_no_error (error);
}

static GrSlotTable *
new_table (const char *fixture)
{
  g_autoptr (GrSdp) offer = parse_fixture (fixture, GR_SDP_OFFER);
  GrSlotTable *table = gr_slot_table_new ();

  apply (table, offer, &gr_slot_policy_default);
  return table;
}

static void
assert_unchanged (const GrSlotTable *table, const char *before)
{
  g_autofree char *after = gr_sdp_write (table, GR_SDP_ANSWER, &us);

  g_assert_cmpstr (after, ==, before);
}

static void
assert_refused (GrSlotTable *table, const GrSdp *offer, const char *needle)
{
  g_autofree char *before = gr_sdp_write (table, GR_SDP_ANSWER, &us);
  g_autoptr (GError) error = NULL;

  g_assert_false (gr_slot_table_apply_offer (table, offer, &gr_slot_policy_default, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_nonnull (strstr (error->message, needle));
  assert_unchanged (table, before);
}

static void
test_page (const char *fixture)
{
  g_autoptr (GrSlotTable) table = new_table (fixture);
  g_autoptr (GHashTable) ssrcs = g_hash_table_new (NULL, NULL);

  g_assert_cmpuint (gr_slot_table_get_n_lines (table), ==, 8);
  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_AUDIO), ==, 2);
  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 2);
  for (guint i = 0; i < 4; i++)
    {
      const GrSlotLine *track = gr_slot_table_get_line (table, i);

      g_assert_cmpint (track->local.direction, ==, GR_SDP_RECVONLY);
      g_assert_cmpuint (track->slot, ==, GR_NO_SLOT);
    }

  for (guint i = 0; i < 2; i++)
    {
      const GrSlotLine *audio = gr_slot_table_get_slot (table, GR_SDP_AUDIO, i);
      const GrSlotLine *video = gr_slot_table_get_slot (table, GR_SDP_VIDEO, i);

      g_assert_true (gr_slot_table_find_mid (table, video->local.mid) == video);
      g_assert_cmpint (audio->local.direction, ==, GR_SDP_SENDONLY);
      g_assert_cmpstr (audio->local.stream, ==, video->local.stream);
      g_assert_cmpstr (audio->local.track, !=, video->local.track);
      g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (audio->ssrc)));
      g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (video->ssrc)));
      g_assert_true (g_hash_table_add (ssrcs, GUINT_TO_POINTER (video->rtx_ssrc)));
      g_assert_cmpuint (audio->rtx_ssrc, ==, 0);
      for (guint codec = 0; codec < video->local.n_codecs; codec++)
        {
          const GrSdpCodec *entry = &video->local.codecs[codec];
          GrCodec found;
          gboolean is_rtx;

          g_assert_true (gr_slot_table_find_payload_type (table, entry->payload_type, &found, &is_rtx));
          g_assert_true (found == entry->codec && !is_rtx);
          g_assert_true (gr_slot_table_find_payload_type (table, entry->rtx_payload_type, &found, &is_rtx));
          g_assert_true (found == entry->codec && is_rtx);
        }
      g_assert_cmpint (gr_slot_table_find_extension (table, video->local.extensions[GR_EXTENSION_MID]), ==,
                       GR_EXTENSION_MID);
      g_assert_cmpuint (video->local.extensions[GR_EXTENSION_DEPENDENCY_DESCRIPTOR], ==, 0);
    }
  g_assert_false (g_hash_table_contains (ssrcs, GUINT_TO_POINTER (0)));
  g_assert_null (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 2));
}

static void
test_pages (void)
{
  g_test_summary ("A page's offer becomes tracks and slots, voice and picture of a slot in one stream");

  test_page ("chromium-page.sdp");
  test_page ("firefox-page.sdp");
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
      g_autoptr (GrSlotTable) table = new_table (fixtures[i]);
      g_autofree char *text = gr_sdp_write (table, GR_SDP_ANSWER, &us);
      g_autoptr (GrSdp) answer = parse (text, GR_SDP_ANSWER);

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
  g_autoptr (GrSlotTable) table = new_table ("chromium-plain.sdp");
  g_autofree char *text = gr_sdp_write (table, GR_SDP_ANSWER, &us);

  g_test_summary ("A data channel is rejected and not bundled");

  g_assert_nonnull (strstr (text, "a=group:BUNDLE 0 1\r\n"));
  g_assert_nonnull (strstr (text, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

static void
test_no_bundle (void)
{
  g_autoptr (GrSlotTable) table = new_table ("gstreamer-alone.sdp");
  g_autofree char *text = gr_sdp_write (table, GR_SDP_ANSWER, &us);

  g_test_summary ("What was not bundled in the offer is not in the answer");

  g_assert_null (strstr (text, "a=group"));
}

static void
test_growth (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-publish.sdp");
  g_autoptr (GrSdp) page = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  GrSlotLine before[8];

  g_test_summary ("A re-offer adds slots and leaves the others as they were");

  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 0);
  g_assert_cmphex (gr_slot_table_decodes (table), ==, GR_CODECS_ALL);
  apply (table, page, &gr_slot_policy_default);
  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 2);
  g_assert_cmphex (gr_slot_table_decodes (table), ==, GR_CODECS_ALL & ~(1u << GR_CODEC_H264_HIGH));

  for (guint i = 0; i < 8; i++)
    before[i] = *gr_slot_table_get_line (table, i);
  gr_slot_table_set_layer (table, GR_SDP_VIDEO, 1, (GrLayer){ 1, 2 });
  apply (table, page, &gr_slot_policy_default);
  for (guint i = 0; i < 8; i++)
    {
      const GrSlotLine *line = gr_slot_table_get_line (table, i);

      g_assert_cmpuint (line->slot, ==, before[i].slot);
      g_assert_cmpuint (line->ssrc, ==, before[i].ssrc);
      g_assert_cmpuint (line->rtx_ssrc, ==, before[i].rtx_ssrc);
    }
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->layer.temporal, ==, 2);
}

static void
test_recycling (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-page.sdp");
  g_autofree char *text = read_fixture ("chromium-page.sdp");
  g_autoptr (GrSdp) stopped = NULL;
  g_autoptr (GrSdp) again = NULL;
  g_auto (GStrv) sections = g_strsplit (text, "m=", -1);
  g_autoptr (GString) changed = g_string_new (NULL);
  guint32 ssrc = gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->ssrc;
  guint32 other = gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->ssrc;

  g_test_summary ("A stopped transceiver frees its slot; its m-line may come back as another one's");

  /* The sixth m-line is the first that receives video. */
  for (guint i = 0; sections[i] != NULL; i++)
    g_string_append_printf (changed, "%s%s", i > 0 ? "m=" : "",
                            i == 6 ? "video 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:5\r\n" : sections[i]);
  g_string_replace (changed, "BUNDLE 0 1 2 3 4 5 6 7", "BUNDLE 0 1 2 3 4 6 7", 1);
  stopped = parse (changed->str, GR_SDP_OFFER);
  apply (table, stopped, &gr_slot_policy_default);
  g_assert_null (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0));
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->ssrc, ==, other);

  g_string_assign (changed, text);
  g_string_replace (changed, "a=mid:5", "a=mid:8", 1);
  g_string_replace (changed, "BUNDLE 0 1 2 3 4 5 6 7", "BUNDLE 0 1 2 3 4 8 6 7", 1);
  again = parse (changed->str, GR_SDP_OFFER);
  apply (table, again, &gr_slot_policy_default);
  g_assert_cmpstr (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->local.mid, ==, "8");
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->ssrc, !=, ssrc);
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->ssrc, ==, other);
}

static void
test_contradictions (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-page.sdp");
  g_autoptr (GrSdp) fewer = parse_fixture ("chromium-publish.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) other = parse_fixture ("firefox-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) lite = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) mid = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) kind = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);

  g_test_summary ("A re-offer that contradicts what was negotiated is refused and changes nothing");

  assert_refused (table, fewer, "fewer m-lines");
  assert_refused (table, other, "another meaning");
  lite->ice_lite = TRUE;
  assert_refused (table, lite, "ICE-lite");
  g_strlcpy (mid->media[3].mid, "x", sizeof mid->media[3].mid);
  assert_refused (table, mid, "had another mid");
  kind->media[3].kind = GR_SDP_AUDIO;
  assert_refused (table, kind, "was of another kind");
}

static void
test_policy (void)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autoptr (GrSdp) page = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  GrSlotPolicy policy = gr_slot_policy_default;
  const GrSdpMedia *camera, *slot;

  g_test_summary ("Senders are held to the room's codecs, slots take all; what is past a limit is inactive");

  policy.inbound = GR_CODECS_ALWAYS;
  policy.max_slots[GR_SDP_VIDEO] = 1;
  policy.max_tracks[GR_SDP_AUDIO] = 1;
  policy.feedback = GR_FEEDBACK_ALL & ~GR_FEEDBACK_TRANSPORT_CC;
  policy.extensions |= 1 << GR_EXTENSION_DEPENDENCY_DESCRIPTOR;
  apply (table, page, &policy);

  camera = &gr_slot_table_get_line (table, 1)->local;
  slot = &gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->local;
  g_assert_cmpuint (camera->n_codecs, ==, 1);
  g_assert_cmpint (camera->codecs[0].codec, ==, GR_CODEC_VP8);
  g_assert_false (camera->codecs[0].feedback & GR_FEEDBACK_TRANSPORT_CC);
  g_assert_cmpuint (slot->n_codecs, ==, 7);
  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 1);
  g_assert_cmpint (gr_slot_table_get_line (table, 2)->local.direction, ==, GR_SDP_INACTIVE);
  g_assert_cmpint (gr_slot_table_get_line (table, 7)->local.direction, ==, GR_SDP_INACTIVE);
}

static void
test_preference (void)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autoptr (GrSdp) page = parse_fixture ("firefox-page.sdp", GR_SDP_OFFER);
  GrSlotPolicy policy = gr_slot_policy_default;

  g_test_summary ("The codec that a sender is to use comes first");

  policy.preference = gr_codec_preference (GR_CODEC_USE_SCREEN);
  apply (table, page, &policy);
  g_assert_cmpint (gr_slot_table_get_line (table, 3)->local.codecs[0].codec, ==, GR_CODEC_AV1);
}

static void
test_no_codec (void)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autoptr (GrSdp) video = parse_fixture ("gstreamer-video.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) page = parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  GrSlotPolicy policy = gr_slot_policy_default;

  g_test_summary ("An H.264 publisher is refused by a room that cannot decode it; later m-lines are rejected alone");

  policy.inbound = GR_CODECS_ALWAYS;
  policy.outbound = 0;
  g_assert_false (gr_slot_table_apply_offer (table, video, &policy, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);

  apply (table, page, &policy);
  text = gr_sdp_write (table, GR_SDP_ANSWER, &us);
  g_assert_nonnull (strstr (text, "a=group:BUNDLE 0 1 2 3\r\n"));
  g_assert_nonnull (strstr (text, "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n"));
}

static GrSlotTable *
new_offering_table (void)
{
  GrSlotTable *table = gr_slot_table_new ();
  const GrSlotPolicy *policy = &gr_slot_policy_default;

  g_assert_true (gr_slot_table_add (table, GR_SDP_AUDIO, GR_SDP_RECVONLY, 2, policy, NULL));
  g_assert_true (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_RECVONLY, 2, policy, NULL));
  g_assert_true (gr_slot_table_add (table, GR_SDP_AUDIO, GR_SDP_SENDONLY, 3, policy, NULL));
  g_assert_true (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, 4, policy, NULL));
  return table;
}

static void
test_own_offer (void)
{
  static const char *const answers[] = { "chromium-answer.sdp", "firefox-answer.sdp" };

  g_test_summary ("Our own offer is answered by browsers, and grows");

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GrSlotTable) table = new_offering_table ();
      g_autoptr (GrSdp) answer = parse_fixture (answers[i], GR_SDP_ANSWER);
      g_autoptr (GrSdp) offer = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      GrSdpLocal local = us;
      GrSlotLine before;

      local.setup = GR_SDP_ACTPASS;
      text = gr_sdp_write (table, GR_SDP_OFFER, &local);
      offer = parse (text, GR_SDP_OFFER);
      g_assert_cmphex (gr_sdp_codecs (offer, GR_SDP_SENDONLY), ==, GR_CODECS_ALL);
      for (guint codec = 0; codec < offer->media[2].n_codecs; codec++)
        g_assert_cmpuint (offer->media[2].codecs[codec].rtx_payload_type, !=, GR_PAYLOAD_TYPE_NONE);

      before = *gr_slot_table_get_slot (table, GR_SDP_VIDEO, 3);
      gr_slot_table_apply_answer (table, answer, &error);
      g_assert_no_error (error);
      g_assert_cmpint (gr_slot_table_get_line (table, 0)->local.direction, ==, GR_SDP_RECVONLY);
      g_assert_cmpint (gr_slot_table_get_line (table, 1)->local.direction, ==, GR_SDP_INACTIVE);
      g_assert_true (gr_slot_table_get_line (table, 0)->remote.n_ssrcs == 1);
      g_assert_cmphex (gr_slot_table_decodes (table), ==, gr_sdp_codecs (answer, GR_SDP_RECVONLY));

      g_assert_true (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, 1, &gr_slot_policy_default, NULL));
      g_assert_cmpstr (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 4)->local.mid, ==, "11");
      g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 3)->ssrc, ==, before.ssrc);
      g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 4)->local.codecs[0].payload_type, ==,
                        before.local.codecs[0].payload_type);
    }
}

static void
test_bad_answers (void)
{
  static const struct
  {
    const char *from, *what, *by;
  } changes[] = {
    { "m=", "a=sendonly", "a=sendrecv" },
    { "m=", "m=audio", "m=video" },
    { "a=rtpmap:", "/48000/2", "/16000/2" },
    { "a=group", " 1 2", " 1 x" },
  };
  g_autoptr (GrSlotTable) table = new_offering_table ();
  g_autofree char *before = gr_sdp_write (table, GR_SDP_ANSWER, &us);
  g_autoptr (GrSdp) moved = parse_fixture ("chromium-answer.sdp", GR_SDP_ANSWER);
  g_autoptr (GrSdp) fewer = parse_fixture ("gstreamer-answer.sdp", GR_SDP_ANSWER);

  g_test_summary ("An answer that does not fit the offer is refused and changes nothing");

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *text = read_fixture ("chromium-answer.sdp");
      const char *at = strstr (strstr (text, changes[i].from), changes[i].what);
      g_autofree char *changed
          = g_strdup_printf ("%.*s%s%s", (int) (at - text), text, changes[i].by, at + strlen (changes[i].what));
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) answer = gr_sdp_parse (changed, strlen (changed), GR_SDP_ANSWER, &error);

      g_test_message ("%s", changes[i].by);
      g_assert_true (answer == NULL || !gr_slot_table_apply_answer (table, answer, &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
      assert_unchanged (table, before);
    }

  moved->media[2].codecs[0].payload_type = 50;
  g_assert_false (gr_slot_table_apply_answer (table, moved, NULL));
  g_assert_false (gr_slot_table_apply_answer (table, fewer, NULL));
  assert_unchanged (table, before);
}

static void
test_too_many_lines (void)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Slots do not grow past what a description may hold");

  g_assert_true (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, 60, &gr_slot_policy_default, NULL));
  g_assert_false (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, 5, &gr_slot_policy_default, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOO_LARGE);
  g_assert_cmpuint (gr_slot_table_get_n_lines (table), ==, 60);
  g_assert_false (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, G_MAXUINT, &gr_slot_policy_default, NULL));
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

/* A browser's mids may be longer than ours, and it is no ICE-lite peer. */
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
  g_autoptr (GrSlotTable) ours = gr_slot_table_new ();
  g_autoptr (GrSlotTable) theirs = gr_slot_table_new ();
  g_autofree char *our_offer = NULL, *offer_text = NULL, *answer_text = NULL;
  g_autoptr (GrSdp) read_back = NULL, offer = NULL, answer = NULL;

  g_test_summary ("The widest offer and the widest answer are no longer than what both sides read");

  g_assert_true (gr_slot_table_add (ours, GR_SDP_VIDEO, GR_SDP_SENDRECV, GR_SDP_MAX_MEDIA, &widest, NULL));
  local.setup = GR_SDP_ACTPASS;
  our_offer = gr_sdp_write (ours, GR_SDP_OFFER, &local);
  read_back = parse (our_offer, GR_SDP_OFFER);
  g_assert_cmpuint (read_back->n_media, ==, GR_SDP_MAX_MEDIA);

  offer_text = as_browser (our_offer);
  offer = parse (offer_text, GR_SDP_OFFER);
  apply (theirs, offer, &widest);
  local.setup = GR_SDP_PASSIVE;
  answer_text = gr_sdp_write (theirs, GR_SDP_ANSWER, &local);
  answer = parse (answer_text, GR_SDP_ANSWER);
  g_assert_cmpuint (answer->n_media, ==, GR_SDP_MAX_MEDIA);
  for (guint i = 0; i < answer->n_media; i++)
    {
      g_assert_cmpint (answer->media[i].direction, ==, GR_SDP_SENDRECV);
      g_assert_cmpuint (answer->media[i].n_codecs, ==, GR_N_CODECS - 1);
    }
  g_test_message ("%zu and %zu bytes", strlen (offer_text), strlen (answer_text));
}

static void
test_spent_payload_types (void)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autoptr (GrSdp) offer = parse_fixture ("chromium-preferred.sdp", GR_SDP_OFFER);

  g_test_summary ("A page that uses up all payload types with one codec gets slots for that codec alone");

  for (guint8 type = 1; type < GR_SDP_N_PAYLOAD_TYPES; type++)
    {
      if (type >= 64 && type < 96)
        continue;
      for (guint i = 0; i < offer->n_media; i++)
        {
          offer->media[i].codecs[0].payload_type = type;
          offer->media[i].codecs[0].rtx_payload_type = GR_PAYLOAD_TYPE_NONE;
        }
      apply (table, offer, &gr_slot_policy_default);
    }

  g_assert_true (gr_slot_table_add (table, GR_SDP_VIDEO, GR_SDP_SENDONLY, 1, &gr_slot_policy_default, NULL));
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 2)->local.n_codecs, ==, 1);
}

static void
test_bin (void)
{
  static const char *const offers[] = { "chromium-page.sdp", "firefox-page.sdp", "gstreamer-bundle.sdp" };
  g_autoptr (GrSdp) bin_offer = parse_fixture ("gstreamer-alone.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) bin_answer = parse_fixture ("gstreamer-answer.sdp", GR_SDP_ANSWER);
  g_autoptr (GrSdp) answer = parse_fixture ("firefox-answer.sdp", GR_SDP_ANSWER);
  g_autoptr (GrSdp) read_answer = NULL;
  g_autofree char *text = NULL;
  GrSdpLocal local = us;

  g_test_summary ("webrtcbin sees one m-line with one codec, and the other side's credentials and certificate");

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autoptr (GrSdp) offer = parse_fixture (offers[i], GR_SDP_OFFER);
      g_autofree char *for_bin = gr_sdp_write_for_bin (offer, NULL);
      g_autoptr (GrSdp) read = parse (for_bin, GR_SDP_OFFER);

      g_assert_cmpuint (read->n_media, ==, 1);
      g_assert_cmpuint (read->media[0].n_codecs, ==, 1);
      g_assert_cmpuint (read->media[0].codecs[0].feedback, ==, 0);
      g_assert_cmpstr (read->media[0].mid, ==, offer->media[0].mid);
      g_assert_cmpstr (read->password, ==, offer->password);
      g_assert_cmpmem (read->fingerprint, GR_SDP_FINGERPRINT_SIZE, offer->fingerprint, GR_SDP_FINGERPRINT_SIZE);
    }

  text = gr_sdp_write_for_bin (answer, bin_offer);
  read_answer = parse (text, GR_SDP_ANSWER);
  g_assert_cmpstr (read_answer->media[0].mid, ==, bin_offer->media[0].mid);
  g_assert_cmpuint (read_answer->media[0].codecs[0].payload_type, ==, bin_offer->media[0].codecs[0].payload_type);
  g_assert_cmpint (read_answer->setup, ==, GR_SDP_ACTIVE);
  g_assert_cmpstr (read_answer->ufrag, ==, answer->ufrag);

  gr_sdp_local_take (&local, bin_answer);
  g_assert_cmpint (local.setup, ==, GR_SDP_ACTIVE);
  g_assert_cmpstr (local.ufrag, ==, bin_answer->ufrag);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slots/a-page-becomes-tracks-and-slots", test_pages);
  g_test_add_func ("/slots/the-answer-says-what-the-table-holds", test_answer_text);
  g_test_add_func ("/slots/a-data-channel-is-rejected", test_data_channel);
  g_test_add_func ("/slots/an-answer-bundles-only-what-the-offer-did", test_no_bundle);
  g_test_add_func ("/slots/a-re-offer-adds-slots", test_growth);
  g_test_add_func ("/slots/a-stopped-line-frees-its-slot", test_recycling);
  g_test_add_func ("/slots/contradictions-change-nothing", test_contradictions);
  g_test_add_func ("/slots/senders-are-held-to-the-policy", test_policy);
  g_test_add_func ("/slots/the-preferred-codec-comes-first", test_preference);
  g_test_add_func ("/slots/without-a-codec-there-is-no-line", test_no_codec);
  g_test_add_func ("/slots/our-offer-is-answered-and-grows", test_own_offer);
  g_test_add_func ("/slots/a-wrong-answer-changes-nothing", test_bad_answers);
  g_test_add_func ("/slots/there-is-a-last-line", test_too_many_lines);
  g_test_add_func ("/slots/the-widest-description-fits", test_widest);
  g_test_add_func ("/slots/payload-types-may-run-out", test_spent_payload_types);
  g_test_add_func ("/slots/webrtcbin-sees-one-m-line", test_bin);
  return g_test_run ();
}
