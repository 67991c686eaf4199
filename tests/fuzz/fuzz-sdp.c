/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: session descriptions, and what must hold of the slot table and the writer behind the parser. */
#include <string.h>

#include "base/error.h"
#include "media/hub/sdp-writer.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static const GrSdpLocal us = {
  .ufrag = "hubs",
  .password = "hubhubhubhubhubhubhubh",
  .setup = GR_SDP_PASSIVE,
  .addresses = (const GrSdpAddress[]){ { "192.0.2.1", 7880, FALSE } },
  .n_addresses = 1,
};

/* What we write we read. */
static void
check_writer (const GrSlotTable *table)
{
  g_autofree char *text = gr_sdp_write (table, &us);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrSdp) sdp = gr_sdp_parse (text, strlen (text), GR_SDP_ANSWER, &error);

  /* Many m-lines with every codec may pass what we take from others. */
  if (sdp == NULL && !g_error_matches (error, GR_ERROR, GR_ERROR_TOO_LARGE))
    g_error ("“%s” was written: %s", text, error->message);
}

static void
check_offer (const GrSdp *offer)
{
  g_autoptr (GrSlotTable) table = gr_slot_table_new ();
  g_autofree char *for_bin = gr_sdp_write_for_bin (offer);

  if (for_bin != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) sdp = gr_sdp_parse (for_bin, strlen (for_bin), GR_SDP_OFFER, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (sdp->n_media, ==, 1);
    }

  if (!gr_slot_table_apply_offer (table, offer, &gr_slot_policy_default, NULL))
    return;
  check_writer (table);

  /* The same offer again is no contradiction. */
  g_assert_true (gr_slot_table_apply_offer (table, offer, &gr_slot_policy_default, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  for (GrSdpType type = GR_SDP_OFFER; type <= GR_SDP_ANSWER; type++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GrSdp) sdp = gr_sdp_parse ((const char *) bytes, length, type, &error);

      if (sdp == NULL)
        {
          g_assert_true (g_error_matches (error, GR_ERROR, GR_ERROR_INVALID_INPUT)
                         || g_error_matches (error, GR_ERROR, GR_ERROR_TOO_LARGE));
          continue;
        }
      g_assert_no_error (error);
      g_assert_nonnull (gr_sdp_tagged_media (sdp));
      if (type == GR_SDP_OFFER)
        check_offer (sdp);
    }

  return 0;
}
