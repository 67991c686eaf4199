/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a subscriber's picture may begin: the first packet of a keyframe, read from the RTP payload's first bytes.
 * Hub thread. */
#pragma once

#include <glib.h>

#include "plugins/hubtransport/hub-codec.h"

G_BEGIN_DECLS

/* TRUE if the @length bytes of an RTP payload begin a keyframe: VP8 (RFC 7741, section 4), VP9 (RFC 9628, section 4.2),
 * AV1 (AOM's "RTP Payload Format For AV1", section 4.4). Of H.264 (RFC 6184, section 5) it is the packet with the
 * sequence parameter set or with the beginning of an IDR picture: encoders that send the set out of band send the
 * latter alone, so both may come with one timestamp, and the first of them is the one to begin with. Every packet of
 * Opus begins one. */
gboolean gr_keyframe_begins (GrHubCodec codec, const guint8 *payload, gsize length);

G_END_DECLS
