/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: RTP packets with extensions, and what is made of them. */
#include <stdlib.h>
#include <string.h>

#include "plugins/hubtransport/keyframe.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/rtx.h"

#define MAX_PACKET 4096

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* A rewritten packet is RTP again, with the same payload and the extensions that the map names. */
static void
check_rewrite (const guint8 *bytes, const GrRtpHeader *header, gboolean retransmission)
{
  GrRtpExtensionMap map = { .mid_id = 14, .mid_length = 5, .mid = "slot7" };
  GrRtpRewrite rewrite = { .payload_type = 101,
                           .sequence = 2,
                           .timestamp = 3,
                           .ssrc = 4,
                           .extensions = &map,
                           .retransmission = retransmission,
                           .original_sequence = header->sequence };
  /* Heap, so that AddressSanitizer sees a byte too many. */
  g_autofree guint8 *out = g_malloc (MAX_PACKET);
  g_autofree guint8 *tight = g_malloc (header->payload_length + 30);
  GrRtpExtension before, after;
  GrRtpHeader made;
  gsize length;

  for (guint id = 1; id < 14; id++)
    map.to[id] = 14 - id;
  length = gr_rtp_rewrite (out, MAX_PACKET, bytes, header, &rewrite);
  gr_rtp_rewrite (tight, header->payload_length + 30, bytes, header, &rewrite);
  if (length == 0)
    return;

  if (!gr_rtp_parse (&made, out, length) || made.ssrc != 4 || made.marker != header->marker
      || !gr_rtp_find_extension (&made, out, 14, &after) || after.length != 5 || memcmp (after.bytes, "slot7", 5) != 0)
    abort ();
  for (guint id = 1; id < 14; id++)
    if (gr_rtp_find_extension (header, bytes, id, &before) && gr_rtp_find_extension (&made, out, 14 - id, &after)
        && (after.length != before.length || memcmp (after.bytes, before.bytes, before.length) != 0))
      abort ();

  if (retransmission)
    {
      length = gr_rtx_unwrap (out, length, 5, 96);
      if (length == 0 || !gr_rtp_parse (&made, out, length) || made.sequence != header->sequence)
        abort ();
    }
  if (made.payload_length != header->payload_length || made.padding_length != header->padding_length
      || memcmp (out + made.payload_offset, bytes + header->payload_offset, made.payload_length) != 0)
    abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  GrRtpHeader header;
  gsize header_length = gr_rtp_header_length (bytes, length);
  g_autofree guint8 *copy = NULL;
  guint8 level;
  gboolean voice;

  if (header_length > length)
    abort ();
  if (!gr_rtp_parse (&header, bytes, length))
    return 0;
  if (header.payload_offset != header_length
      || header.payload_offset + header.payload_length + header.padding_length != length)
    abort ();

  for (guint id = 0; id <= 16; id++)
    if (gr_rtp_read_audio_level (&header, bytes, id, &level, &voice) && level > 127)
      abort ();
  for (guint codec = GR_HUB_OPUS; codec <= GR_HUB_AV1; codec++)
    gr_keyframe_begins (codec, bytes + header.payload_offset, header.payload_length);

  check_rewrite (bytes, &header, FALSE);
  check_rewrite (bytes, &header, TRUE);
  copy = g_memdup2 (bytes, length);
  gr_rtx_unwrap (copy, length, 1, 96);
  return 0;
}
