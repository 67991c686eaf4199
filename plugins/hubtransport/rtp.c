/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/rtp.h"

#include <string.h>

#define VERSION 2
#define VERSION_BITS 0x80
#define PADDING_BIT 0x20
#define EXTENSION_BIT 0x10
#define CSRC_COUNT 0x0f
#define MARKER_BIT 0x80

#define ONE_BYTE_PROFILE 0xbede
#define TWO_BYTE_PROFILE 0x1000
#define ONE_BYTE_END 15 /* RFC 8285, section 4.2: nothing after it counts */
#define ONE_BYTE_MAX 16

typedef enum
{
  FORM_ONE_BYTE,
  FORM_TWO_BYTE,
  FORM_UNKNOWN
} Form;

static Form
form_of (const GrRtpHeader *header)
{
  if (header->extension_profile == ONE_BYTE_PROFILE)
    return FORM_ONE_BYTE;

  return (header->extension_profile & 0xfff0) == TWO_BYTE_PROFILE ? FORM_TWO_BYTE : FORM_UNKNOWN;
}

static gsize
put_element (guint8 *out, gboolean two_byte, guint8 id, const void *bytes, guint8 length)
{
  gsize header = two_byte ? 2 : 1;

  if (two_byte)
    {
      out[0] = id;
      out[1] = length;
    }
  else
    {
      out[0] = id << 4 | (length - 1);
    }
  memcpy (out + header, bytes, length);

  return header + length;
}

/* The mapped extensions and the mid, with the four bytes before them; returns their length, 0 if there are none, or -1
 * if they do not fit into @room. */
static gssize
write_extensions (
    guint8 *out, gsize room, const guint8 *packet, const GrRtpHeader *header, const GrRtpExtensionMap *map)
{
  GrRtpExtension elements[GR_RTP_EXTENSION_IDS + 1], extension;
  gboolean two_byte = FALSE;
  gsize at = 0, length = 4, bytes = 0;
  guint n = 0;

  if (map->mid_id != 0)
    elements[n++] = (GrRtpExtension){ map->mid_id, map->mid_length, (const guint8 *) map->mid };
  while (n < G_N_ELEMENTS (elements) && gr_rtp_next_extension (header, packet, &at, &extension))
    {
      if (extension.id >= GR_RTP_EXTENSION_IDS || map->to[extension.id] == 0)
        continue;
      elements[n++] = (GrRtpExtension){ map->to[extension.id], extension.length, extension.bytes };
    }
  if (n == 0)
    return 0;

  for (guint i = 0; i < n; i++)
    {
      two_byte |= elements[i].length == 0 || elements[i].length > ONE_BYTE_MAX;
      bytes += elements[i].length;
    }
  if (room < 4 + bytes + n * (two_byte ? 2 : 1) + 3)
    return -1;

  for (guint i = 0; i < n; i++)
    length += put_element (out + length, two_byte, elements[i].id, elements[i].bytes, elements[i].length);
  while (length % 4 != 0)
    out[length++] = 0;

  gr_write_u16 (out, two_byte ? TWO_BYTE_PROFILE : ONE_BYTE_PROFILE);
  gr_write_u16 (out + 2, length / 4 - 1);
  return length;
}

gsize
gr_rtp_header_length (const guint8 *packet, gsize length)
{
  gsize header;

  if (length < GR_RTP_HEADER_BYTES || packet[0] >> 6 != VERSION)
    return 0;

  header = GR_RTP_HEADER_BYTES + (packet[0] & CSRC_COUNT) * 4;
  if ((packet[0] & EXTENSION_BIT) != 0)
    {
      if (length < header + 4)
        return 0;
      header += 4 + gr_read_u16 (packet + header + 2) * 4;
    }

  return header <= length ? header : 0;
}

gboolean
gr_rtp_parse (GrRtpHeader *header, const guint8 *packet, gsize length)
{
  gsize payload = gr_rtp_header_length (packet, length);
  gsize before = GR_RTP_HEADER_BYTES;

  if (payload == 0)
    return FALSE;

  before += (packet[0] & CSRC_COUNT) * 4;
  *header = (GrRtpHeader){
    .marker = (packet[1] & MARKER_BIT) != 0,
    .payload_type = packet[1] & 0x7f,
    .sequence = gr_read_u16 (packet + 2),
    .timestamp = gr_read_u32 (packet + 4),
    .ssrc = gr_read_u32 (packet + 8),
    .payload_offset = payload,
    .payload_length = length - payload,
  };
  if ((packet[0] & EXTENSION_BIT) != 0)
    {
      header->extension_profile = gr_read_u16 (packet + before);
      header->extension_offset = before + 4;
      header->extension_length = payload - before - 4;
    }
  if ((packet[0] & PADDING_BIT) != 0)
    {
      header->padding_length = length > payload ? packet[length - 1] : 0;
      if (header->padding_length == 0 || header->padding_length > header->payload_length)
        return FALSE;
      header->payload_length -= header->padding_length;
    }

  return TRUE;
}

gboolean
gr_rtp_next_extension (const GrRtpHeader *header, const guint8 *packet, gsize *at, GrRtpExtension *extension)
{
  const guint8 *bytes = packet + header->extension_offset;
  gsize end = header->extension_length;
  Form form = form_of (header);
  gsize before = form == FORM_ONE_BYTE ? 1 : 2;

  if (form == FORM_UNKNOWN)
    return FALSE;

  /* Padding is a zero byte in both forms. */
  while (*at < end && bytes[*at] == 0)
    (*at)++;
  if (end - *at < before)
    return FALSE;

  extension->id = form == FORM_ONE_BYTE ? bytes[*at] >> 4 : bytes[*at];
  extension->length = form == FORM_ONE_BYTE ? (bytes[*at] & 0x0f) + 1 : bytes[*at + 1];
  extension->bytes = bytes + *at + before;
  /* An id of 0 with a length in the one-byte form is reserved: the rest cannot be trusted either. */
  if ((form == FORM_ONE_BYTE && (extension->id == ONE_BYTE_END || extension->id == 0))
      || end - *at - before < extension->length)
    return FALSE;

  *at += before + extension->length;
  return TRUE;
}

gboolean
gr_rtp_find_extension (const GrRtpHeader *header, const guint8 *packet, guint8 id, GrRtpExtension *extension)
{
  gsize at = 0;

  while (gr_rtp_next_extension (header, packet, &at, extension))
    if (extension->id == id)
      return TRUE;

  return FALSE;
}

gboolean
gr_rtp_read_audio_level (const GrRtpHeader *header, const guint8 *packet, guint8 id, guint8 *level, gboolean *voice)
{
  GrRtpExtension extension;

  if (!gr_rtp_find_extension (header, packet, id, &extension) || extension.length < 1)
    return FALSE;

  *level = extension.bytes[0] & 0x7f;
  *voice = (extension.bytes[0] & 0x80) != 0;
  return TRUE;
}

gsize
gr_rtp_rewrite (guint8 *out, gsize size, const guint8 *packet, const GrRtpHeader *header, const GrRtpRewrite *rewrite)
{
  gsize rest = header->payload_length + header->padding_length + (rewrite->retransmission ? 2 : 0);
  gsize at = GR_RTP_HEADER_BYTES;
  gssize extensions;

  if (size < at + rest)
    return 0;
  extensions = write_extensions (out + at, size - at - rest, packet, header, rewrite->extensions);
  if (extensions < 0)
    return 0;

  out[0] = VERSION_BITS | (header->padding_length > 0 ? PADDING_BIT : 0) | (extensions > 0 ? EXTENSION_BIT : 0);
  out[1] = (header->marker ? MARKER_BIT : 0) | rewrite->payload_type;
  gr_rtp_set_sequence (out, rewrite->sequence);
  gr_rtp_set_timestamp (out, rewrite->timestamp);
  gr_rtp_set_ssrc (out, rewrite->ssrc);
  at += extensions;
  if (rewrite->retransmission)
    {
      gr_write_u16 (out + at, rewrite->original_sequence);
      at += 2;
      rest -= 2;
    }
  memcpy (out + at, packet + header->payload_offset, rest);

  return at + rest;
}
