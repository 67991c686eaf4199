/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: compound RTCP with feedback. Every reader is tried on every packet; the sum keeps their reads alive. */
#include <stdlib.h>

#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/twcc.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static guint64
read_reports (const GrRtcpPacket *packet)
{
  GrRtcpSenderReport report = { 0 };
  GrRtcpReportBlock block;
  guint64 sum = 0;

  gr_rtcp_read_sender_report (packet, &report);
  for (guint i = 0; gr_rtcp_read_report_block (packet, i, &block); i++)
    sum += block.jitter;

  return sum + report.ntp;
}

static guint64
read_feedback (const GrRtcpPacket *packet)
{
  guint16 sequence, following;
  guint64 bitrate, sum = 0;
  guint32 ssrc;
  guint8 request;

  for (guint i = 0; gr_rtcp_read_nack (packet, i, &sequence, &following); i++)
    sum += following;
  for (guint i = 0; gr_rtcp_read_fir (packet, i, &ssrc, &request); i++)
    sum += request;
  if (gr_rtcp_read_remb (packet, &bitrate))
    sum += bitrate;

  return sum;
}

static guint64
read_twcc (const GrRtcpPacket *packet)
{
  GrTwccReader reader;
  GrTwccStatus status;
  guint64 sum = 0;
  guint n = 0;

  if (!gr_twcc_reader_init (&reader, packet))
    return 0;

  for (; gr_twcc_reader_next (&reader, &status); n++)
    sum += status.time;
  if (n > GR_TWCC_MAX_PACKETS)
    abort ();

  return sum;
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  GrRtcpReader reader;
  GrRtcpPacket packet;
  volatile guint64 sum = 0;

  gr_rtcp_reader_init (&reader, bytes, length);
  while (gr_rtcp_reader_next (&reader, &packet))
    {
      if (packet.length % 4 != 0 || packet.bytes < bytes || packet.bytes + packet.length > bytes + length)
        abort ();
      sum += read_reports (&packet) + read_feedback (&packet) + read_twcc (&packet);
    }

  return 0;
}
