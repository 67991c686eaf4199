/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP, of which the hub is an end on every leg: it asks publishers for what is missing and for keyframes, repairs what
 * subscribers miss, and reports to both (RFC 3550, RFC 4585, RFC 5104). Hub thread. */
#pragma once

#include "plugins/hubtransport/plane.h"

G_BEGIN_DECLS

/* Takes an encrypted compound, in place. Returns whether @peer sent it, and for the first time. */
gboolean gr_feedback_receive (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length);
/* The same for one that is plain already. */
void gr_feedback_receive_plain (GrPlane *plane, GrPeer *peer, const guint8 *packet, gsize length);

/* Sends the NACKs and the keyframe requests that are due, and sets when the next ones are. */
void gr_feedback_check (GrPlane *plane);

/* Sends the reports of the peers whose time has come. */
void gr_feedback_report (GrPlane *plane);

G_END_DECLS
