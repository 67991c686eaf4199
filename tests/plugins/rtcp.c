/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of hubtransport's rtcp and twcc. */
#include <string.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/twcc.h"

static void
assert_same_report (const GrRtcpSenderReport *report, const GrRtcpSenderReport *expected)
{
  g_assert_cmpuint (report->ssrc, ==, expected->ssrc);
  g_assert_cmpuint (report->ntp, ==, expected->ntp);
  g_assert_cmpuint (report->rtp_timestamp, ==, expected->rtp_timestamp);
  g_assert_cmpuint (report->packets, ==, expected->packets);
  g_assert_cmpuint (report->octets, ==, expected->octets);
}

/* The one packet that was written. */
static GrRtcpPacket
only_packet (const GrRtcpWriter *writer)
{
  GrRtcpReader reader;
  GrRtcpPacket packet = { 0 }, other;

  g_assert_false (writer->full);
  gr_rtcp_reader_init (&reader, writer->bytes, writer->length);
  g_assert_true (gr_rtcp_reader_next (&reader, &packet));
  g_assert_cmpuint (packet.length, ==, writer->length);
  g_assert_false (gr_rtcp_reader_next (&reader, &other));
  g_assert_false (reader.malformed);
  return packet;
}

static void
test_reports (void)
{
  GrRtcpSenderReport sent = { 0x01020304, G_GUINT64_CONSTANT (0xe1e2e3e4f1f2f3f4), 0x11121314, 77, 88888 }, report;
  GrRtcpReportBlock blocks[2] = { { 5, 128, -3, 0x00010002, 9, 0xaabbccdd, 65536 }, { 6, 255, 0x7fffff, 1, 2, 3, 4 } };
  GrRtcpReportBlock block;
  guint8 bytes[256];

  g_test_summary ("Reports come back as they were written, and a report's end is known");

  for (guint sr = 0; sr < 2; sr++)
    {
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      GrRtcpPacket packet;

      if (sr)
        gr_rtcp_write_sender_report (&writer, &sent, blocks, 2);
      else
        gr_rtcp_write_receiver_report (&writer, sent.ssrc, blocks, 2);
      packet = only_packet (&writer);
      g_assert_cmphex (gr_read_u32 (packet.bytes + 4), ==, 0x01020304);
      g_assert_cmpint (gr_rtcp_read_sender_report (&packet, &report), ==, sr);
      for (guint i = 0; i < 2; i++)
        {
          g_assert_true (gr_rtcp_read_report_block (&packet, i, &block));
          g_assert_cmpuint (block.ssrc, ==, blocks[i].ssrc);
          g_assert_cmpuint (block.fraction_lost, ==, blocks[i].fraction_lost);
          g_assert_cmpint (block.lost, ==, blocks[i].lost);
          g_assert_cmpuint (block.highest_sequence, ==, blocks[i].highest_sequence);
          g_assert_cmpuint (block.jitter, ==, blocks[i].jitter);
          g_assert_cmpuint (block.last_sr, ==, blocks[i].last_sr);
          g_assert_cmpuint (block.delay_since_sr, ==, blocks[i].delay_since_sr);
        }
      g_assert_false (gr_rtcp_read_report_block (&packet, 2, &block));
    }

  assert_same_report (&report, &sent);
}

static void
test_rewritten_report (void)
{
  GrRtcpSenderReport report = { 1, 2, 3, 4, 5 }, other = { 9, G_MAXUINT64, 7, 6, 5 };
  guint8 bytes[64];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  GrRtcpPacket packet;

  g_test_summary ("A sender report changes in place");

  gr_rtcp_write_sender_report (&writer, &report, NULL, 0);
  gr_rtcp_rewrite_sender_report (bytes, &other);
  packet = only_packet (&writer);
  g_assert_true (gr_rtcp_read_sender_report (&packet, &report));
  assert_same_report (&report, &other);
}

static void
test_cname (void)
{
  guint8 bytes[512];

  g_test_summary ("A CNAME of any length is an item of a chunk, and ends with zeros");

  for (gsize n = 0; n <= 300; n++)
    {
      g_autofree char *name = g_strnfill (n, 'x');
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      GrRtcpPacket packet;

      memset (bytes, 0xff, sizeof bytes);
      gr_rtcp_write_cname (&writer, 42, name);
      packet = only_packet (&writer);
      g_assert_cmpuint (packet.type, ==, GR_RTCP_SDES);
      g_assert_cmpuint (packet.count, ==, 1);
      g_assert_cmpuint (gr_read_u32 (bytes + 4), ==, 42);
      g_assert_cmpuint (bytes[8], ==, 1);
      g_assert_cmpmem (bytes + 10, bytes[9], name, MIN (n, GR_RTCP_MAX_CNAME));
      g_assert_cmpuint (packet.length, >, 10 + bytes[9]);
      for (gsize i = 10 + bytes[9]; i < packet.length; i++)
        g_assert_cmpuint (bytes[i], ==, 0);
    }
}

static void
test_nack (void)
{
  static const guint16 sequences[] = { 65530, 65531, 65535, 0, 10, 11, 27, 28, 5000 };
  guint8 bytes[128], seen[65536] = { 0 };
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  GrRtcpPacket packet;
  guint16 sequence, following;
  guint32 media;
  guint n_items = 0, n_seen = 0;

  g_test_summary ("A NACK lists exactly what is missing, seventeen neighbours to an item, across the wrap");

  gr_rtcp_write_nack (&writer, 1, 2, sequences, G_N_ELEMENTS (sequences));
  packet = only_packet (&writer);
  g_assert_true (gr_rtcp_is_feedback (&packet, GR_RTCP_TRANSPORT_FEEDBACK, GR_RTCP_NACK, &media));
  g_assert_cmpuint (media, ==, 2);
  while (gr_rtcp_read_nack (&packet, n_items, &sequence, &following))
    {
      seen[sequence] = 1;
      for (guint i = 0; i < 16; i++)
        if ((following >> i & 1) != 0)
          seen[(guint16) (sequence + 1 + i)] = 1;
      n_items++;
    }
  /* 65530 to 10, 11 to 27, 28, 5000 */
  g_assert_cmpuint (n_items, ==, 4);
  for (guint i = 0; i < 65536; i++)
    n_seen += seen[i];
  g_assert_cmpuint (n_seen, ==, G_N_ELEMENTS (sequences));
  for (guint i = 0; i < G_N_ELEMENTS (sequences); i++)
    g_assert_true (seen[sequences[i]]);
}

static void
test_feedback (void)
{
  guint8 bytes[128];
  guint32 media, ssrc;
  guint8 request;
  GrRtcpPacket packet;

  g_test_summary ("PLI and FIR name their stream");

  {
    GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);

    gr_rtcp_write_pli (&writer, 1, 2);
    packet = only_packet (&writer);
    g_assert_true (gr_rtcp_is_feedback (&packet, GR_RTCP_PAYLOAD_FEEDBACK, GR_RTCP_PLI, &media));
    g_assert_cmpuint (media, ==, 2);
    g_assert_false (gr_rtcp_read_fir (&packet, 0, &ssrc, &request));
  }
  {
    static const guint8 fir[] = { 0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 200, 0, 0, 0 };
    GrRtcpWriter writer = { .bytes = (guint8 *) fir, .length = sizeof fir };

    packet = only_packet (&writer);
    g_assert_true (gr_rtcp_read_fir (&packet, 0, &ssrc, &request));
    g_assert_cmpuint (ssrc, ==, 7);
    g_assert_cmpuint (request, ==, 200);
    g_assert_false (gr_rtcp_read_fir (&packet, 1, &ssrc, &request));
  }
}

static void
test_remb (void)
{
  static const guint64 bitrates[] = { 0, 1, 262143, 262144, 2500000, 60000000, G_GUINT64_CONSTANT (123456789012) };
  static const guint32 ssrcs[] = { 11, 22, 33 };
  guint8 bytes[128];

  g_test_summary ("A REMB carries its bit rate to 18 bits, and names its streams");

  for (guint i = 0; i < G_N_ELEMENTS (bitrates); i++)
    {
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
      GrRtcpPacket packet;
      guint64 bitrate;

      gr_rtcp_write_remb (&writer, 1, bitrates[i], ssrcs, 3);
      packet = only_packet (&writer);
      g_assert_true (gr_rtcp_read_remb (&packet, &bitrate));
      g_assert_cmpuint (bitrate, <=, bitrates[i]);
      g_assert_cmpuint (bitrates[i] - bitrate, <=, bitrates[i] >> 17);
      g_assert_cmpuint (bytes[16], ==, 3);
      g_assert_cmpuint (gr_read_u32 (bytes + 28), ==, 33);

      /* An exponent that no 64 bits hold. */
      bytes[17] = 0xff;
      g_assert_false (gr_rtcp_read_remb (&packet, &bitrate));
    }
}

static void
test_compound (void)
{
  guint8 bytes[256];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, 8 + 12 + 12 + 8);
  GrRtcpReader reader;
  GrRtcpPacket packet;
  guint n = 0;

  g_test_summary ("A compound is read to its end; what does not fit is left out whole");

  gr_rtcp_write_receiver_report (&writer, 1, NULL, 0);
  gr_rtcp_write_pli (&writer, 1, 2);
  gr_rtcp_write_sender_report (&writer, &(GrRtcpSenderReport){ 0 }, NULL, 0);
  g_assert_true (writer.full);
  gr_rtcp_write_pli (&writer, 1, 3);
  gr_rtcp_write_receiver_report (&writer, 1, NULL, 0);
  g_assert_cmpuint (writer.length, ==, 40);

  gr_rtcp_reader_init (&reader, bytes, writer.length);
  while (gr_rtcp_reader_next (&reader, &packet))
    n++;
  g_assert_cmpuint (n, ==, 4);
  g_assert_false (reader.malformed);

  for (gsize cut = 1; cut < 40; cut++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, cut);

      gr_rtcp_reader_init (&reader, copy, cut);
      while (gr_rtcp_reader_next (&reader, &packet))
        ;
      g_assert_cmpint (reader.malformed, ==, cut != 8 && cut != 20 && cut != 32);
    }
}

static void
test_malformed (void)
{
  static const struct
  {
    const char *what;
    guint8 bytes[12];
  } cases[] = {
    { "version 1", { 0x40, 200, 0, 2 } },
    { "too long", { 0x80, 201, 0, 3 } },
    { "no padding said", { 0xa0, 201, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 } },
    { "more padding than packet", { 0xa0, 201, 0, 2, 0, 0, 0, 0, 0, 0, 0, 12 } },
    { "crooked padding", { 0xa0, 201, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3 } },
    { "padding before the last packet", { 0xa0, 201, 0, 0, 0x80, 201, 0, 1, 0, 0, 0, 4 } },
  };
  static const guint8 padded[12] = { 0xa0, 201, 0, 2, 0, 0, 0, 0, 0, 0, 0, 4 };
  GrRtcpReader reader;
  GrRtcpPacket packet;

  g_test_summary ("Malformed packets end the compound");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gr_rtcp_reader_init (&reader, cases[i].bytes, sizeof cases[i].bytes);
      g_assert_false (gr_rtcp_reader_next (&reader, &packet));
      g_assert_true (reader.malformed);
    }
  gr_rtcp_reader_init (&reader, padded, sizeof padded);
  g_assert_true (gr_rtcp_reader_next (&reader, &packet));
  g_assert_cmpuint (packet.length, ==, 8);
}

static void
test_claims (void)
{
  guint8 bytes[8] = { 0x9f, 200, 0, 1, 0, 0, 0, 1 };
  GrRtcpReader reader;
  GrRtcpPacket packet;
  GrRtcpSenderReport report;
  GrRtcpReportBlock block;
  guint32 ssrc;

  g_test_summary ("Counts that the bytes do not bear are not believed");

  for (guint type = 200; type < 208; type++)
    {
      bytes[1] = type;
      gr_rtcp_reader_init (&reader, bytes, sizeof bytes);
      g_assert_true (gr_rtcp_reader_next (&reader, &packet));
      g_assert_false (gr_rtcp_read_sender_report (&packet, &report));
      g_assert_false (gr_rtcp_read_report_block (&packet, 0, &block));
      g_assert_false (gr_rtcp_is_feedback (&packet, type, 31, &ssrc));
    }
}

/* 19 packets from 65534, reference time 64 ms, feedback 77: a run of three that came; of fourteen in one-bit symbols
 * the first and the third; in two-bit symbols one with a small and one with a large delta. */
static const guint8 twcc[] = {
  0x8f, 205, 0,    8,    0,    0,    0,    1,    0, 0, 0,  2, 0xff, 0xfe, 0, 19, 0, 0,
  1,    77,  0x20, 0x03, 0xa8, 0x00, 0xd8, 0x00, 4, 8, 12, 4, 8,    2,    0, 4,  0, 0,
};

static void
test_twcc (void)
{
  static const gint64 times[19]
      = { 65000, 67000, 70000, 71000, 0, 73000, [17] = 73500, [18] = 74500 }; /* 0: did not come */
  GrRtcpPacket packet = { 205, 15, twcc, sizeof twcc };
  GrTwccReader reader;
  GrTwccStatus status;

  g_test_summary ("Transport-wide feedback says which packets came, and when");

  g_assert_true (gr_twcc_reader_init (&reader, &packet));
  g_assert_cmpuint (reader.feedback, ==, 77);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_assert_true (gr_twcc_reader_next (&reader, &status));
      g_assert_cmpuint (status.sequence, ==, (guint16) (65534 + i));
      g_assert_cmpint (status.received, ==, times[i] > 0);
      if (status.received)
        g_assert_cmpint (status.time, ==, times[i]);
    }
  g_assert_false (gr_twcc_reader_next (&reader, &status));
  g_assert_false (reader.malformed);
}

static void
test_twcc_large_delta (void)
{
  /* Two-bit symbols: large, small, missing ×5. */
  static const guint8 bytes[]
      = { 0x8f, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5, 0, 7, 0, 0, 0, 1, 0xe4, 0x00, 0xff, 0xfc, 16, 0, 0, 0 };
  GrRtcpPacket packet = { 205, 15, bytes, sizeof bytes };
  GrTwccReader reader;
  GrTwccStatus status;
  guint n = 0;

  g_test_summary ("A packet may have come before the one that precedes it");

  g_assert_true (gr_twcc_reader_init (&reader, &packet));
  g_assert_true (gr_twcc_reader_next (&reader, &status));
  g_assert_cmpint (status.time, ==, -1000);
  g_assert_true (gr_twcc_reader_next (&reader, &status));
  g_assert_cmpint (status.time, ==, 3000);
  while (gr_twcc_reader_next (&reader, &status))
    n++;
  g_assert_cmpuint (n, ==, 5);
}

static void
test_twcc_claims (void)
{
  guint8 bytes[sizeof twcc];
  GrRtcpPacket packet = { 205, 15, bytes, sizeof bytes };
  GrTwccReader reader;
  GrTwccStatus status;

  g_test_summary ("Feedback that claims more than it bears is refused, or ends where it does");

  memcpy (bytes, twcc, sizeof bytes);
  gr_write_u16 (bytes + 14, GR_TWCC_MAX_PACKETS + 1);
  g_assert_false (gr_twcc_reader_init (&reader, &packet));
  gr_write_u16 (bytes + 14, 200);
  packet.length = 24;
  g_assert_false (gr_twcc_reader_init (&reader, &packet));
  packet.length = sizeof bytes;

  /* Packets enough for one run of 8191, but no deltas for them. */
  gr_write_u16 (bytes + 14, 4000);
  gr_write_u16 (bytes + 20, 0x3fff);
  g_assert_true (gr_twcc_reader_init (&reader, &packet));
  while (gr_twcc_reader_next (&reader, &status))
    ;
  g_assert_true (reader.malformed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtcp/reports", test_reports);
  g_test_add_func ("/rtcp/rewritten-report", test_rewritten_report);
  g_test_add_func ("/rtcp/cname", test_cname);
  g_test_add_func ("/rtcp/nack", test_nack);
  g_test_add_func ("/rtcp/feedback", test_feedback);
  g_test_add_func ("/rtcp/remb", test_remb);
  g_test_add_func ("/rtcp/compound", test_compound);
  g_test_add_func ("/rtcp/malformed", test_malformed);
  g_test_add_func ("/rtcp/claims", test_claims);
  g_test_add_func ("/twcc/status", test_twcc);
  g_test_add_func ("/twcc/large-delta", test_twcc_large_delta);
  g_test_add_func ("/twcc/claims", test_twcc_claims);

  return g_test_run ();
}
