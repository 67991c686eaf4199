/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP (RFC 3550, section 6) with feedback (RFC 4585, RFC 5104): a reader of compound and of reduced-size packets (RFC
 * 5506) that never leaves its bytes, and a writer into the caller's buffer. No state, no allocation. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_RTCP_SR = 200,
  GR_RTCP_RR = 201,
  GR_RTCP_SDES = 202,
  GR_RTCP_BYE = 203,
  GR_RTCP_APP = 204,
  GR_RTCP_TRANSPORT_FEEDBACK = 205,
  GR_RTCP_PAYLOAD_FEEDBACK = 206
} GrRtcpType;

/* The formats of GR_RTCP_TRANSPORT_FEEDBACK: RFC 4585, section 6.2.1;
 * draft-holmer-rmcat-transport-wide-cc-extensions-01. */
#define GR_RTCP_NACK 1
#define GR_RTCP_TWCC 15
/* The formats of GR_RTCP_PAYLOAD_FEEDBACK: RFC 4585, section 6.3.1; RFC 5104, section 4.3.1;
 * draft-alvestrand-rmcat-remb-03. */
#define GR_RTCP_PLI 1
#define GR_RTCP_FIR 4
#define GR_RTCP_REMB 15

#define GR_RTCP_MAX_BLOCKS 31
#define GR_RTCP_MAX_CNAME 255
#define GR_RTCP_MAX_REMB_SSRCS 255

/* One packet of a compound. */
typedef struct
{
  guint8 type;
  guint8 count;        /* of report blocks, chunks or SSRCs; the format of feedback */
  const guint8 *bytes; /* from the header on */
  gsize length;        /* with the header of 4 bytes, without padding; a multiple of 4 */
} GrRtcpPacket;

typedef struct
{
  const guint8 *bytes;
  gsize length;
  gsize at;
  gboolean malformed; /* the rest after the packets that were given out is not RTCP */
} GrRtcpReader;

/* RFC 3550, section 6.4.1. */
typedef struct
{
  guint32 ssrc;
  guint64 ntp; /* seconds since 1900 in 32.32 bits */
  guint32 rtp_timestamp;
  guint32 packets; /* modulo 2^32 */
  guint32 octets;  /* of payload, modulo 2^32 */
} GrRtcpSenderReport;

typedef struct
{
  guint32 ssrc;
  guint8 fraction_lost;     /* of 256, since the last report */
  gint32 lost;              /* 24 bits, signed */
  guint32 highest_sequence; /* with the cycles in the upper half */
  guint32 jitter;           /* in ticks of the payload's clock */
  guint32 last_sr;          /* the middle 32 bits of its NTP time, 0 without one */
  guint32 delay_since_sr;   /* in 1/65536 s */
} GrRtcpReportBlock;

void gr_rtcp_reader_init (GrRtcpReader *reader, const guint8 *bytes, gsize length);

/* FALSE after the last packet, and where the rest is malformed. */
gboolean gr_rtcp_reader_next (GrRtcpReader *reader, GrRtcpPacket *packet);

/* FALSE if @packet is no SR, or too short. */
gboolean gr_rtcp_read_sender_report (const GrRtcpPacket *packet, GrRtcpSenderReport *report);

/* Block @at of an SR or RR, from 0; FALSE past the last one. */
gboolean gr_rtcp_read_report_block (const GrRtcpPacket *packet, guint at, GrRtcpReportBlock *block);

/* TRUE for feedback of @type and @format; *@media is the SSRC it is about (0 in FIR and REMB, which list theirs). */
gboolean gr_rtcp_is_feedback (const GrRtcpPacket *packet, GrRtcpType type, guint8 format, guint32 *media);

/* Item @at of a NACK, from 0: a sequence number, and a bit for each of the 16 after it. FALSE past the last one. */
gboolean gr_rtcp_read_nack (const GrRtcpPacket *packet, guint at, guint16 *sequence, guint16 *following);

/* Entry @at of a FIR, from 0. A request is repeated with the same @request number. FALSE past the last one. */
gboolean gr_rtcp_read_fir (const GrRtcpPacket *packet, guint at, guint32 *ssrc, guint8 *request);

/* *@bitrate is in bit/s. FALSE if @packet is no REMB. */
gboolean gr_rtcp_read_remb (const GrRtcpPacket *packet, guint64 *bitrate);

/* Changes an SR in place: what the subscriber gets is the publisher's report in terms of the slot's stream. */
void gr_rtcp_rewrite_sender_report (guint8 *packet, const GrRtcpSenderReport *report);

/* Packets are appended one by one; one that does not fit whole is left out, and `full` tells. */
typedef struct
{
  guint8 *bytes;
  gsize size;
  gsize length;
  gboolean full;
} GrRtcpWriter;

#define GR_RTCP_WRITER(out, room) ((GrRtcpWriter){ .bytes = (out), .size = (room) })

/* @n_blocks is at most GR_RTCP_MAX_BLOCKS. */
void gr_rtcp_write_sender_report (GrRtcpWriter *writer,
                                  const GrRtcpSenderReport *report,
                                  const GrRtcpReportBlock *blocks,
                                  guint n_blocks);
void
gr_rtcp_write_receiver_report (GrRtcpWriter *writer, guint32 sender, const GrRtcpReportBlock *blocks, guint n_blocks);

/* @cname has at most GR_RTCP_MAX_CNAME bytes. */
void gr_rtcp_write_cname (GrRtcpWriter *writer, guint32 ssrc, const char *cname);

/* @sequences ascend (modulo 2^16); at least one. Up to 17 neighbours share an item. */
void
gr_rtcp_write_nack (GrRtcpWriter *writer, guint32 sender, guint32 media, const guint16 *sequences, guint n_sequences);
void gr_rtcp_write_pli (GrRtcpWriter *writer, guint32 sender, guint32 media);

/* @bitrate is in bit/s; @n_ssrcs at most GR_RTCP_MAX_REMB_SSRCS. */
void gr_rtcp_write_remb (GrRtcpWriter *writer, guint32 sender, guint64 bitrate, const guint32 *ssrcs, guint n_ssrcs);

G_END_DECLS
