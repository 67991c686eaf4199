/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkJitter: puts the packets of a stream in order and waits a moment for those that are asked for again. Without
 * loss nothing waits. Bounded; nothing is allocated for a packet. Pure; owned by a stream. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A second of a large screen share. */
#define GR_LINK_JITTER_PACKETS 4096

typedef struct _GrLinkJitter GrLinkJitter;

GrLinkJitter *gr_link_jitter_new (void);
void gr_link_jitter_free (GrLinkJitter *jitter);
void gr_link_jitter_clear (GrLinkJitter *jitter);

/* Takes @buffer (transfer full), which came at @now (µs). FALSE if it is of no use: it is there, was given up, or, with
 * the rest dropped, there was no room, and what comes after it is a new beginning. */
gboolean gr_link_jitter_put (GrLinkJitter *jitter, guint16 sequence, GstBuffer *buffer, gint64 now);

/* The next packet in order (transfer full), or NULL: then *@wake is when to look again (G_MAXINT64: when something
 * comes). Packets that are missing for @patience (µs) after a later one came are given up: *@lost says how many went
 * missing just before this one. */
GstBuffer *gr_link_jitter_take (GrLinkJitter *jitter, gint64 now, gint64 patience, guint *lost, gint64 *wake);

/* How many are there. */
guint gr_link_jitter_get_level (const GrLinkJitter *jitter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrLinkJitter, gr_link_jitter_free)

G_END_DECLS
