/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/hub/slots. */
#include <string.h>

#include "media/hub/sdp-writer.h"
#include "sdp-fixture.h"

static const GrSdpLocal us = {
  .ufrag = "hubs",
  .password = "hubhubhubhubhubhubhubh",
  .setup = GR_SDP_PASSIVE,
  .addresses = (const GrSdpAddress[]){ { "192.0.2.1", 7880, FALSE } },
  .n_addresses = 1,
};

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
  g_autoptr (GrSdp) offer = sdp_parse_fixture (fixture, GR_SDP_OFFER);
  GrSlotTable *table = gr_slot_table_new ();

  apply (table, offer, &gr_slot_policy_default);
  return table;
}

static void
assert_refused (GrSlotTable *table, const GrSdp *offer, const char *needle)
{
  g_autofree char *before = gr_sdp_write (table, &us);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (gr_slot_table_apply_offer (table, offer, &gr_slot_policy_default, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_nonnull (strstr (error->message, needle));
  after = gr_sdp_write (table, &us);
  g_assert_cmpstr (after, ==, before);
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
test_growth (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-publish.sdp");
  g_autoptr (GrSdp) page = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  GrSlotLine before[8];

  g_test_summary ("A re-offer adds slots and leaves the others as they were");

  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 0);
  g_assert_cmphex (gr_slot_table_decodes (table), ==, GR_CODECS_ALL);
  apply (table, page, &gr_slot_policy_default);
  g_assert_cmpuint (gr_slot_table_get_n_slots (table, GR_SDP_VIDEO), ==, 2);
  g_assert_cmphex (gr_slot_table_decodes (table), ==, GR_CODECS_ALL & ~(1u << GR_CODEC_H264_HIGH));

  for (guint i = 0; i < 8; i++)
    before[i] = *gr_slot_table_get_line (table, i);
  apply (table, page, &gr_slot_policy_default);
  for (guint i = 0; i < 8; i++)
    {
      const GrSlotLine *line = gr_slot_table_get_line (table, i);

      g_assert_cmpuint (line->slot, ==, before[i].slot);
      g_assert_cmpuint (line->ssrc, ==, before[i].ssrc);
      g_assert_cmpuint (line->rtx_ssrc, ==, before[i].rtx_ssrc);
    }
}

static void
test_recycling (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-page.sdp");
  g_autofree char *text = sdp_read_fixture ("chromium-page.sdp", NULL);
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
  stopped = sdp_parse (changed->str, GR_SDP_OFFER);
  apply (table, stopped, &gr_slot_policy_default);
  g_assert_null (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0));
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->ssrc, ==, other);

  g_string_assign (changed, text);
  g_string_replace (changed, "a=mid:5", "a=mid:8", 1);
  g_string_replace (changed, "BUNDLE 0 1 2 3 4 5 6 7", "BUNDLE 0 1 2 3 4 8 6 7", 1);
  again = sdp_parse (changed->str, GR_SDP_OFFER);
  apply (table, again, &gr_slot_policy_default);
  g_assert_cmpstr (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->local.mid, ==, "8");
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 0)->ssrc, !=, ssrc);
  g_assert_cmpuint (gr_slot_table_get_slot (table, GR_SDP_VIDEO, 1)->ssrc, ==, other);
}

static void
test_contradictions (void)
{
  g_autoptr (GrSlotTable) table = new_table ("chromium-page.sdp");
  g_autoptr (GrSdp) fewer = sdp_parse_fixture ("chromium-publish.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) other = sdp_parse_fixture ("firefox-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) lite = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) mid = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) kind = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);

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
  g_autoptr (GrSdp) page = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
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
  g_autoptr (GrSdp) page = sdp_parse_fixture ("firefox-page.sdp", GR_SDP_OFFER);
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
  g_autoptr (GrSdp) video = sdp_parse_fixture ("gstreamer-video.sdp", GR_SDP_OFFER);
  g_autoptr (GrSdp) page = sdp_parse_fixture ("chromium-page.sdp", GR_SDP_OFFER);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  GrSlotPolicy policy = gr_slot_policy_default;

  g_test_summary ("An H.264 publisher is refused by a room that cannot decode it; later m-lines are rejected alone");

  policy.inbound = GR_CODECS_ALWAYS;
  policy.outbound = 0;
  g_assert_false (gr_slot_table_apply_offer (table, video, &policy, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);

  apply (table, page, &policy);
  text = gr_sdp_write (table, &us);
  g_assert_nonnull (strstr (text, "a=group:BUNDLE 0 1 2 3\r\n"));
  g_assert_nonnull (strstr (text, "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slots/a-page-becomes-tracks-and-slots", test_pages);
  g_test_add_func ("/slots/a-re-offer-adds-slots", test_growth);
  g_test_add_func ("/slots/a-stopped-line-frees-its-slot", test_recycling);
  g_test_add_func ("/slots/contradictions-change-nothing", test_contradictions);
  g_test_add_func ("/slots/senders-are-held-to-the-policy", test_policy);
  g_test_add_func ("/slots/the-preferred-codec-comes-first", test_preference);
  g_test_add_func ("/slots/without-a-codec-there-is-no-line", test_no_codec);
  return g_test_run ();
}
