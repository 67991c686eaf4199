/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/rtcp.h"

#include <string.h>

#include "plugins/hubtransport/bytes.h"

#define HEADER_BYTES 4
#define VERSION 2
#define PADDING_BIT 0x20
#define COUNT_BITS 0x1f

#define SENDER_REPORT_BYTES 28
#define RECEIVER_REPORT_BYTES 8
#define BLOCK_BYTES 24
#define FEEDBACK_BYTES 12
#define NACK_ITEM_BYTES 4
#define NACK_FOLLOWING 16
#define FIR_ENTRY_BYTES 8
#define REMB_BYTES 20
#define REMB_NAME 0x52454d42 /* "REMB" */
#define REMB_MANTISSA_BITS 18
#define SDES_CNAME 1

static gsize
round_up (gsize length)
{
  return (length + 3) & ~(gsize) 3;
}

/* Where the report blocks begin, 0 if @packet has none. */
static gsize
blocks_offset (const GrRtcpPacket *packet)
{
  return packet->type == GR_RTCP_SR ? SENDER_REPORT_BYTES : packet->type == GR_RTCP_RR ? RECEIVER_REPORT_BYTES : 0;
}

/* Room for a packet of @length bytes with its header written, or NULL. */
static guint8 *
begin_packet (GrRtcpWriter *writer, GrRtcpType type, guint8 count, gsize length)
{
  guint8 *packet = writer->bytes + writer->length;

  if (writer->size - writer->length < length)
    {
      writer->full = TRUE;
      return NULL;
    }

  writer->length += length;
  packet[0] = VERSION << 6 | count;
  packet[1] = type;
  gr_write_u16 (packet + 2, length / 4 - 1);
  return packet;
}

static guint8 *
begin_feedback (GrRtcpWriter *writer, GrRtcpType type, guint8 format, gsize length, guint32 sender, guint32 media)
{
  guint8 *packet = begin_packet (writer, type, format, length);

  if (packet != NULL)
    {
      gr_write_u32 (packet + 4, sender);
      gr_write_u32 (packet + 8, media);
    }

  return packet;
}

static void
put_blocks (guint8 *out, const GrRtcpReportBlock *blocks, guint n_blocks)
{
  for (guint i = 0; i < n_blocks; i++, out += BLOCK_BYTES)
    {
      gr_write_u32 (out, blocks[i].ssrc);
      out[4] = blocks[i].fraction_lost;
      gr_write_u24 (out + 5, CLAMP (blocks[i].lost, -0x800000, 0x7fffff));
      gr_write_u32 (out + 8, blocks[i].highest_sequence);
      gr_write_u32 (out + 12, blocks[i].jitter);
      gr_write_u32 (out + 16, blocks[i].last_sr);
      gr_write_u32 (out + 20, blocks[i].delay_since_sr);
    }
}

void
gr_rtcp_reader_init (GrRtcpReader *reader, const guint8 *bytes, gsize length)
{
  *reader = (GrRtcpReader){ .bytes = bytes, .length = length };
}

gboolean
gr_rtcp_reader_next (GrRtcpReader *reader, GrRtcpPacket *packet)
{
  const guint8 *bytes = reader->bytes + reader->at;
  gsize rest = reader->length - reader->at;
  gsize length, padding = 0;

  if (rest == 0 || reader->malformed)
    return FALSE;

  reader->malformed = TRUE;
  if (rest < HEADER_BYTES || bytes[0] >> 6 != VERSION)
    return FALSE;
  length = (gr_read_u16 (bytes + 2) + 1) * 4;
  if (length > rest)
    return FALSE;
  /* RFC 3550, section 6.4.1: padding is in the last packet only, and a multiple of four. */
  if ((bytes[0] & PADDING_BIT) != 0)
    {
      padding = bytes[length - 1];
      if (length != rest || padding == 0 || padding % 4 != 0 || padding > length - HEADER_BYTES)
        return FALSE;
    }

  reader->malformed = FALSE;
  reader->at += length;
  *packet = (GrRtcpPacket){ bytes[1], bytes[0] & COUNT_BITS, bytes, length - padding };
  return TRUE;
}

gboolean
gr_rtcp_read_sender_report (const GrRtcpPacket *packet, GrRtcpSenderReport *report)
{
  if (packet->type != GR_RTCP_SR || packet->length < SENDER_REPORT_BYTES)
    return FALSE;

  *report = (GrRtcpSenderReport){
    .ssrc = gr_read_u32 (packet->bytes + 4),
    .ntp = gr_read_u64 (packet->bytes + 8),
    .rtp_timestamp = gr_read_u32 (packet->bytes + 16),
    .packets = gr_read_u32 (packet->bytes + 20),
    .octets = gr_read_u32 (packet->bytes + 24),
  };
  return TRUE;
}

gboolean
gr_rtcp_read_report_block (const GrRtcpPacket *packet, guint at, GrRtcpReportBlock *block)
{
  gsize begin = blocks_offset (packet);
  const guint8 *bytes = packet->bytes + begin + at * BLOCK_BYTES;
  guint32 lost;

  if (begin == 0 || at >= packet->count || packet->length < begin + (at + 1) * BLOCK_BYTES)
    return FALSE;

  lost = gr_read_u24 (bytes + 5);
  *block = (GrRtcpReportBlock){
    .ssrc = gr_read_u32 (bytes),
    .fraction_lost = bytes[4],
    .lost = (gint32) lost - ((lost & 0x800000) != 0 ? 0x1000000 : 0),
    .highest_sequence = gr_read_u32 (bytes + 8),
    .jitter = gr_read_u32 (bytes + 12),
    .last_sr = gr_read_u32 (bytes + 16),
    .delay_since_sr = gr_read_u32 (bytes + 20),
  };
  return TRUE;
}

gboolean
gr_rtcp_is_feedback (const GrRtcpPacket *packet, GrRtcpType type, guint8 format, guint32 *media)
{
  if (packet->type != type || packet->count != format || packet->length < FEEDBACK_BYTES)
    return FALSE;

  *media = gr_read_u32 (packet->bytes + 8);
  return TRUE;
}

gboolean
gr_rtcp_read_nack (const GrRtcpPacket *packet, guint at, guint16 *sequence, guint16 *following)
{
  guint32 media;

  if (!gr_rtcp_is_feedback (packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media)
      || (packet->length - FEEDBACK_BYTES) / NACK_ITEM_BYTES <= at)
    return FALSE;

  *sequence = gr_read_u16 (packet->bytes + FEEDBACK_BYTES + at * NACK_ITEM_BYTES);
  *following = gr_read_u16 (packet->bytes + FEEDBACK_BYTES + at * NACK_ITEM_BYTES + 2);
  return TRUE;
}

gboolean
gr_rtcp_read_fir (const GrRtcpPacket *packet, guint at, guint32 *ssrc, guint8 *request)
{
  guint32 media;

  if (!gr_rtcp_is_feedback (packet, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_FIR, &media)
      || (packet->length - FEEDBACK_BYTES) / FIR_ENTRY_BYTES <= at)
    return FALSE;

  *ssrc = gr_read_u32 (packet->bytes + FEEDBACK_BYTES + at * FIR_ENTRY_BYTES);
  *request = packet->bytes[FEEDBACK_BYTES + at * FIR_ENTRY_BYTES + 4];
  return TRUE;
}

gboolean
gr_rtcp_read_remb (const GrRtcpPacket *packet, guint64 *bitrate)
{
  guint32 media, rate;

  if (!gr_rtcp_is_feedback (packet, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_REMB, &media) || packet->length < REMB_BYTES
      || gr_read_u32 (packet->bytes + FEEDBACK_BYTES) != REMB_NAME)
    return FALSE;

  rate = gr_read_u24 (packet->bytes + 17);
  if (rate >> REMB_MANTISSA_BITS > 64 - REMB_MANTISSA_BITS)
    return FALSE;

  *bitrate = (guint64) (rate & 0x3ffff) << (rate >> REMB_MANTISSA_BITS);
  return TRUE;
}

void
gr_rtcp_rewrite_sender_report (guint8 *packet, const GrRtcpSenderReport *report)
{
  gr_write_u32 (packet + 4, report->ssrc);
  gr_write_u64 (packet + 8, report->ntp);
  gr_write_u32 (packet + 16, report->rtp_timestamp);
  gr_write_u32 (packet + 20, report->packets);
  gr_write_u32 (packet + 24, report->octets);
}

void
gr_rtcp_write_sender_report (GrRtcpWriter *writer,
                             const GrRtcpSenderReport *report,
                             const GrRtcpReportBlock *blocks,
                             guint n_blocks)
{
  guint8 *packet = begin_packet (writer, GR_RTCP_SR, n_blocks, SENDER_REPORT_BYTES + n_blocks * BLOCK_BYTES);

  if (packet == NULL)
    return;

  gr_rtcp_rewrite_sender_report (packet, report);
  put_blocks (packet + SENDER_REPORT_BYTES, blocks, n_blocks);
}

void
gr_rtcp_write_receiver_report (GrRtcpWriter *writer, guint32 sender, const GrRtcpReportBlock *blocks, guint n_blocks)
{
  guint8 *packet = begin_packet (writer, GR_RTCP_RR, n_blocks, RECEIVER_REPORT_BYTES + n_blocks * BLOCK_BYTES);

  if (packet == NULL)
    return;

  gr_write_u32 (packet + 4, sender);
  put_blocks (packet + RECEIVER_REPORT_BYTES, blocks, n_blocks);
}

void
gr_rtcp_write_cname (GrRtcpWriter *writer, guint32 ssrc, const char *cname)
{
  gsize cname_length = MIN (strlen (cname), GR_RTCP_MAX_CNAME);
  gsize length = round_up (HEADER_BYTES + 4 + 2 + cname_length + 1);
  guint8 *packet = begin_packet (writer, GR_RTCP_SDES, 1, length);

  if (packet == NULL)
    return;

  memset (packet + length - 4, 0, 4);
  gr_write_u32 (packet + 4, ssrc);
  packet[8] = SDES_CNAME;
  packet[9] = cname_length;
  memcpy (packet + 10, cname, cname_length);
}

void
gr_rtcp_write_nack (GrRtcpWriter *writer, guint32 sender, guint32 media, const guint16 *sequences, guint n_sequences)
{
  guint n_items = 0;
  guint16 first = 0;
  guint8 *item;

  for (guint i = 0; i < n_sequences; i++)
    if (n_items == 0 || (guint16) (sequences[i] - first) > NACK_FOLLOWING)
      {
        first = sequences[i];
        n_items++;
      }

  item = begin_feedback (writer, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, FEEDBACK_BYTES + n_items * NACK_ITEM_BYTES,
                         sender, media);
  if (item == NULL)
    return;

  item += FEEDBACK_BYTES - NACK_ITEM_BYTES;
  for (guint i = 0; i < n_sequences; i++)
    if (i == 0 || (guint16) (sequences[i] - first) > NACK_FOLLOWING)
      {
        first = sequences[i];
        item += NACK_ITEM_BYTES;
        gr_write_u16 (item, first);
        gr_write_u16 (item + 2, 0);
      }
    else if (sequences[i] != first)
      {
        gr_write_u16 (item + 2, gr_read_u16 (item + 2) | 1 << (guint16) (sequences[i] - first - 1));
      }
}

void
gr_rtcp_write_pli (GrRtcpWriter *writer, guint32 sender, guint32 media)
{
  begin_feedback (writer, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, FEEDBACK_BYTES, sender, media);
}

void
gr_rtcp_write_remb (GrRtcpWriter *writer, guint32 sender, guint64 bitrate, const guint32 *ssrcs, guint n_ssrcs)
{
  guint8 *packet = begin_feedback (writer, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_REMB, REMB_BYTES + n_ssrcs * 4, sender, 0);
  guint exponent = 0;

  if (packet == NULL)
    return;

  while (bitrate >> exponent > 0x3ffff)
    exponent++;
  gr_write_u32 (packet + FEEDBACK_BYTES, REMB_NAME);
  packet[16] = n_ssrcs;
  gr_write_u24 (packet + 17, exponent << REMB_MANTISSA_BITS | (guint32) (bitrate >> exponent));
  for (guint i = 0; i < n_ssrcs; i++)
    gr_write_u32 (packet + REMB_BYTES + i * 4, ssrcs[i]);
}
