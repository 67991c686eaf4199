/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way of a packet of media: decrypted once, noted in its track, and for each slot that shows the track rewritten,
 * encrypted and queued. And the routes: which slot shows which track. Hub thread. */
#pragma once

#include "plugins/hubtransport/plane.h"

G_BEGIN_DECLS

/* Take over the track, the slot. */
void gr_forward_publish (GrPlane *plane, GrPeer *peer, GrTrack *track);
void gr_forward_add_slot (GrPlane *plane, GrPeer *peer, GrSlot *slot);
/* And free them. */
void gr_forward_unpublish (GrPlane *plane, GrTrack *track);
void gr_forward_remove_slot (GrPlane *plane, GrSlot *slot);

/* @track may be NULL: nothing more is sent. In a slot that was in use another picture begins with the last keyframe if
 * that came just now, else with the next one, which is asked for. */
void gr_forward_subscribe (GrPlane *plane, GrSlot *slot, GrTrack *track);
void gr_forward_mute (GrPlane *plane, GrTrack *track, gboolean muted);

/* Sends what the slot waits for from its last keyframe on, if that came a moment ago. Else FALSE: it waits for another
 * one. */
gboolean gr_forward_catch_up (GrPlane *plane, GrSlot *slot);

/* Takes an encrypted packet, in place; its bytes must stay until gr_forward_all(). Returns whether @peer sent it, and
 * for the first time. */
gboolean gr_forward_receive (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length);

/* The same for a packet that is plain already. */
void gr_forward_receive_plain (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length);

/* Sends what these took on. Track by track and slot by slot, so that packets to one peer lie side by
 * side (GrBatch joins them). */
void gr_forward_all (GrPlane *plane);

/* Sends the packet that was @sequence in the slot's stream again; FALSE if it is not there any more, or too much is
 * asked. */
gboolean gr_forward_again (GrPlane *plane, GrSlot *slot, guint16 sequence);

G_END_DECLS
