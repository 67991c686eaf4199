/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Retransmission as a stream of its own (RFC 4588). Sending is gr_rtp_rewrite() with `retransmission` set; this is the
 * way back, for what a publisher sends again. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Turns a retransmitted packet of @length bytes in place into the packet it repeats, of @ssrc and @payload_type.
 * Returns its length, or 0 if there is none in it: it is cut off, or only probes bandwidth. */
gsize gr_rtx_unwrap (guint8 *packet, gsize length, guint32 ssrc, guint8 payload_type);

G_END_DECLS
