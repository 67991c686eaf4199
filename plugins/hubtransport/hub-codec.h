/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hub has to know of a codec, which is little: where a keyframe begins. A caller's finer differences (H.264's
 * profiles) are in GrHubPayload.format. Any thread. */
#pragma once

typedef enum
{
  GR_HUB_OPUS,
  GR_HUB_VP8,
  GR_HUB_VP9,
  GR_HUB_H264,
  GR_HUB_AV1
} GrHubCodec;
