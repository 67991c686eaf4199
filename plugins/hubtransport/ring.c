/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/ring.h"

#include <string.h>

#define MAX_PACKETS 32768

typedef struct
{
  guint64 begin; /* of the packet, counted from the first byte ever written */
  guint16 sequence;
  guint16 length; /* 0 if unused */
} Entry;

struct _GrRing
{
  Entry *entries; /* by the low bits of the sequence number */
  guint entry_mask;
  guint8 *bytes;
  gsize size;
  guint64 written; /* all bytes ever written; those before written − size are overwritten */
};

static gsize
power_of_two (gsize least)
{
  gsize power = 1;

  while (power < least)
    power *= 2;

  return power;
}

GrRing *
gr_ring_new (guint packets, gsize bytes)
{
  GrRing *ring = g_new0 (GrRing, 1);
  gsize n_entries = power_of_two (CLAMP (packets, 1, MAX_PACKETS));

  ring->entries = g_new0 (Entry, n_entries);
  ring->entry_mask = n_entries - 1;
  ring->size = power_of_two (MAX (bytes, GR_RING_MAX_PACKET));
  ring->bytes = g_malloc (ring->size);

  return ring;
}

void
gr_ring_free (GrRing *ring)
{
  g_free (ring->entries);
  g_free (ring->bytes);
  g_free (ring);
}

void
gr_ring_put (GrRing *ring, guint16 sequence, const guint8 *packet, gsize length)
{
  gsize to_end = ring->size - (ring->written & (ring->size - 1));

  if (length == 0 || length > GR_RING_MAX_PACKET)
    return;

  /* A packet is never split: what is left at the end stays unused. */
  if (length > to_end)
    ring->written += to_end;

  memcpy (ring->bytes + (ring->written & (ring->size - 1)), packet, length);
  ring->entries[sequence & ring->entry_mask] = (Entry){ ring->written, sequence, length };
  ring->written += length;
}

const guint8 *
gr_ring_get (const GrRing *ring, guint16 sequence, gsize *length)
{
  const Entry *entry = &ring->entries[sequence & ring->entry_mask];

  if (entry->length == 0 || entry->sequence != sequence || ring->written - entry->begin > ring->size)
    return NULL;

  *length = entry->length;
  return ring->bytes + (entry->begin & (ring->size - 1));
}
