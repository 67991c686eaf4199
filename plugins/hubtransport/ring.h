/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRing: the last packets of a track as they came from the publisher, decrypted, for retransmission to anybody.
 * Bounded in packets and in bytes, both preallocated; new packets overwrite the oldest. Owned by a track. Hub thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_RING_MAX_PACKET 2048

typedef struct _GrRing GrRing;

/* @packets (1 to 32768) and @bytes (at least GR_RING_MAX_PACKET) are rounded up to powers of two. */
GrRing *gr_ring_new (guint packets, gsize bytes);
void gr_ring_free (GrRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRing, gr_ring_free)

/* Copies a packet of 1 to GR_RING_MAX_PACKET bytes; others are not kept. */
void gr_ring_put (GrRing *ring, guint16 sequence, const guint8 *packet, gsize length);

/* The packet with @sequence, valid until the next gr_ring_put(), or NULL if it never came or is overwritten. */
const guint8 *gr_ring_get (const GrRing *ring, guint16 sequence, gsize *length);

G_END_DECLS
