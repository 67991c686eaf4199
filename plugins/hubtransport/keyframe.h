/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a subscriber's picture may begin: the first packet of a keyframe, read from the RTP payload's first bytes.
 * Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_CODEC_OPUS,
  GR_CODEC_VP8,
  GR_CODEC_VP9,
  GR_CODEC_H264,
  GR_CODEC_AV1
} GrCodec;

/* TRUE if the @length bytes of an RTP payload begin a keyframe: VP8 (RFC 7741, section 4), VP9 (RFC 9628, section 4.2),
 * AV1 (AOM's "RTP Payload Format For AV1", section 4.4). Of H.264 (RFC 6184, section 5) it is the packet with the
 * sequence parameter set, without which the IDR behind it cannot be decoded. Every packet of Opus begins one. */
gboolean gr_keyframe_begins (GrCodec codec, const guint8 *payload, gsize length);

G_END_DECLS
