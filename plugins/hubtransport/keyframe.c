/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/keyframe.h"

#include "plugins/hubtransport/bytes.h"

/* RFC 7741, section 4.2. */
#define VP8_EXTENDED 0x80
#define VP8_START 0x10
#define VP8_PARTITION 0x07
#define VP8_HAS_PICTURE_ID 0x80
#define VP8_HAS_TL0PICIDX 0x40
#define VP8_HAS_TID_OR_KEYIDX 0x30
#define VP8_LONG_PICTURE_ID 0x80
#define VP8_INTER_FRAME 0x01

/* RFC 9628, section 4.2. */
#define VP9_HAS_PICTURE_ID 0x80
#define VP9_INTER_PREDICTED 0x40
#define VP9_HAS_LAYERS 0x20
#define VP9_START 0x08
#define VP9_LONG_PICTURE_ID 0x80
#define VP9_SPATIAL_LAYER(bytes) ((bytes) >> 1 & 0x07)

/* RFC 6184, section 5.2; H.264, table 7-1. */
#define H264_TYPE 0x1f
#define H264_IDR 5
#define H264_SPS 7
#define H264_STAP_A 24
#define H264_FU_A 28
#define H264_FU_START 0x80
#define H264_FIRST_MACROBLOCK 0x80

/* The aggregation header of AV1. */
#define AV1_CONTINUES 0x80
#define AV1_NEW_SEQUENCE 0x08

static gboolean
vp8_begins (const guint8 *payload, gsize length)
{
  gsize at = 1;

  if (length < 1 || (payload[0] & VP8_START) == 0 || (payload[0] & VP8_PARTITION) != 0)
    return FALSE;

  if ((payload[0] & VP8_EXTENDED) != 0)
    {
      guint8 has;

      if (length < 2)
        return FALSE;
      has = payload[1];
      at = 2;
      if ((has & VP8_HAS_PICTURE_ID) != 0)
        at += at < length && (payload[at] & VP8_LONG_PICTURE_ID) != 0 ? 2 : 1;
      if ((has & VP8_HAS_TL0PICIDX) != 0)
        at++;
      if ((has & VP8_HAS_TID_OR_KEYIDX) != 0)
        at++;
    }

  return at < length && (payload[at] & VP8_INTER_FRAME) == 0;
}

static gboolean
vp9_begins (const guint8 *payload, gsize length)
{
  gsize at = 1;

  if (length < 1 || (payload[0] & VP9_START) == 0 || (payload[0] & VP9_INTER_PREDICTED) != 0)
    return FALSE;

  if ((payload[0] & VP9_HAS_PICTURE_ID) != 0)
    at += length > 1 && (payload[1] & VP9_LONG_PICTURE_ID) != 0 ? 2 : 1;
  if ((payload[0] & VP9_HAS_LAYERS) == 0)
    return at < length;

  /* Upper spatial layers of a key picture are not inter-predicted either. */
  return at < length && VP9_SPATIAL_LAYER (payload[at]) == 0;
}

/* A unit of @type that begins with the @length bytes of @body. A picture in several slices begins with the one of
 * macroblock 0, which is a 1 bit (H.264, sections 7.3.3 and 9.1). */
static gboolean
h264_unit_begins (guint8 type, const guint8 *body, gsize length)
{
  return type == H264_SPS || (type == H264_IDR && length > 0 && (body[0] & H264_FIRST_MACROBLOCK) != 0);
}

static gboolean
h264_aggregate_begins (const guint8 *payload, gsize length)
{
  gsize at = 1;

  while (length - at >= 3)
    {
      gsize unit = gr_read_u16 (payload + at);

      if (unit == 0 || length - at - 2 < unit)
        return FALSE;
      if (h264_unit_begins (payload[at + 2] & H264_TYPE, payload + at + 3, unit - 1))
        return TRUE;
      at += 2 + unit;
    }

  return FALSE;
}

static gboolean
h264_begins (const guint8 *payload, gsize length)
{
  if (length < 2)
    return FALSE;

  switch (payload[0] & H264_TYPE)
    {
    case H264_STAP_A:
      return h264_aggregate_begins (payload, length);
    case H264_FU_A:
      return (payload[1] & H264_FU_START) != 0 && h264_unit_begins (payload[1] & H264_TYPE, payload + 2, length - 2);
    default:
      return h264_unit_begins (payload[0] & H264_TYPE, payload + 1, length - 1);
    }
}

gboolean
gr_keyframe_begins (GrHubCodec codec, const guint8 *payload, gsize length)
{
  switch (codec)
    {
    case GR_HUB_OPUS:
      return TRUE;
    case GR_HUB_VP8:
      return vp8_begins (payload, length);
    case GR_HUB_VP9:
      return vp9_begins (payload, length);
    case GR_HUB_H264:
      return h264_begins (payload, length);
    case GR_HUB_AV1:
      return length > 1 && (payload[0] & (AV1_CONTINUES | AV1_NEW_SEQUENCE)) == AV1_NEW_SEQUENCE;
    default:
      return FALSE;
    }
}
