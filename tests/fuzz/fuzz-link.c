/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "plugins/hubtransport/link-wire.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* A record is a GVariant of strangers' bytes: what is wrong in it reads as zero and empty, never beyond it. */
static void
read_record (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  g_autoptr (GVariant) streams = g_variant_ref_sink (
      g_variant_new_from_data (G_VARIANT_TYPE (GR_LINK_RECORD_TYPE), copy, length, FALSE, NULL, NULL));
  GVariantIter iter;
  guint32 ssrc, rtx;
  const char *participant, *kind;
  gsize n = 0;

  g_variant_iter_init (&iter, streams);
  while (n++ < GR_LINK_MAX_STREAMS && g_variant_iter_next (&iter, "(uu&s&s)", &ssrc, &rtx, &participant, &kind))
    if (!g_utf8_validate (participant, -1, NULL) || !g_utf8_validate (kind, -1, NULL))
      abort ();
}

/* Any message is packets that lie in it one after the other, and then perhaps something that is none. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  gsize size = MIN (length, GR_LINK_MESSAGE_BYTES);
  g_autofree guint8 *message = g_memdup2 (bytes, size);
  gsize at = 0, before = 0, packet_length;
  guint8 *packet;
  gboolean retransmission;

  while (size > 0 && (packet = gr_link_next (message, size, &at, &packet_length)) != NULL)
    {
      if (packet_length == 0 || packet != message + before + GR_LINK_LENGTH_BYTES || at > size
          || at != before + GR_LINK_LENGTH_BYTES + packet_length)
        abort ();
      before = at;
      if (packet_length >= GR_LINK_RECORD_HEADER_BYTES && packet[0] == GR_LINK_RECORD)
        read_record (packet + GR_LINK_RECORD_HEADER_BYTES, packet_length - GR_LINK_RECORD_HEADER_BYTES);
      gr_link_format (packet[packet_length - 1] & 0x7f, &retransmission);
    }

  return 0;
}
