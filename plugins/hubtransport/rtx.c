/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/rtx.h"

#include <string.h>

#include "plugins/hubtransport/rtp.h"

#define ORIGINAL_SEQUENCE_BYTES 2

gsize
gr_rtx_unwrap (guint8 *packet, gsize length, guint32 ssrc, guint8 payload_type)
{
  GrRtpHeader header;
  guint8 *payload;

  if (!gr_rtp_parse (&header, packet, length) || header.payload_length < ORIGINAL_SEQUENCE_BYTES)
    return 0;

  payload = packet + header.payload_offset;
  gr_rtp_set_ssrc (packet, ssrc);
  gr_rtp_set_payload_type (packet, payload_type);
  gr_rtp_set_sequence (packet, gr_read_u16 (payload));
  memmove (payload, payload + ORIGINAL_SEQUENCE_BYTES, length - header.payload_offset - ORIGINAL_SEQUENCE_BYTES);

  return length - ORIGINAL_SEQUENCE_BYTES;
}
