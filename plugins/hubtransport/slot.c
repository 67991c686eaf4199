/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/slot.h"

#define UNMAPPED 0xff
/* Below this a receiver guesses SRTP's rollover counter right even if it misses the first packets. */
#define FIRST_SEQUENCE_LIMIT 32768

GrSlot *
gr_slot_new (GrHubSlotId id, const GrHubSlot *what)
{
  GrSlot *slot = g_new0 (GrSlot, 1);

  slot->id = id;
  slot->what = *what;
  slot->clock_rate = what->media == GR_HUB_VIDEO ? 90000 : 48000;
  slot->rtx_sequence = g_random_int_range (0, FIRST_SEQUENCE_LIMIT);
  gr_rewrite_init (&slot->rewrite, slot->clock_rate, g_random_int_range (0, FIRST_SEQUENCE_LIMIT), g_random_int ());
  slot->stats.slot = id;
  gr_slot_unmap (slot);
  return slot;
}

void
gr_slot_free (GrSlot *slot)
{
  g_free (slot);
}

void
gr_slot_unmap (GrSlot *slot)
{
  slot->mapped_from = NULL;
  slot->mapped_payload = UNMAPPED;
  slot->payload = NULL;
}
