/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What goes over a link, the SOCK_SEQPACKET pair between the hub and a program process: a message holds packets, each
 * after its length in two bytes, network order. A packet is RTP or RTCP as a browser would send it, decrypted, or a
 * record: what the hub says about its streams, told by its first byte. Payload types are fixed. Reader and writer never
 * leave their bytes; no allocation after the start. Any one thread. */
#pragma once

#include <glib.h>

#include "plugins/hubtransport/rtp.h"

G_BEGIN_DECLS

/* A message is one buffer of the kernel's: larger ones cost less, and a lost one loses more. */
#define GR_LINK_MESSAGE_BYTES 16384
#define GR_LINK_MAX_PACKETS 64 /* in a message */
#define GR_LINK_BURST 32       /* messages that are written before they are sent */
#define GR_LINK_RECEIVED 4     /* messages that are read at once */
#define GR_LINK_LENGTH_BYTES 2

/* The first byte of a record, which no RTP packet begins with. After it and three bytes of zero, in native order: the
 * hub's streams as a GVariant of this type: SSRC, SSRC of its retransmissions (0: none), participant, kind. */
#define GR_LINK_RECORD 0x01
#define GR_LINK_RECORD_HEADER_BYTES 8
#define GR_LINK_RECORD_TYPE "a(uuss)"
#define GR_LINK_MAX_STREAMS 64

/* What the program publishes. */
#define GR_LINK_PROGRAMME_VIDEO_SSRC 0x70726f67
#define GR_LINK_PROGRAMME_AUDIO_SSRC 0x70726f68

typedef struct
{
  guint8 payload_type; /* its retransmissions have the next one (RFC 4588) */
  const char *encoding_name;
  guint32 clock_rate; /* Hz */
  gboolean video;
} GrLinkFormat;

/* Formats that a decoder tells apart by itself (H.264's profiles) have several payload types. */
enum
{
  GR_LINK_OPUS = 96,
  GR_LINK_VP8 = 98,
  GR_LINK_VP9 = 100,
  GR_LINK_VP9_10BIT = 102,
  GR_LINK_AV1 = 104,
  GR_LINK_H264 = 106,
  GR_LINK_H264_SINGLE_NAL = 108,
  GR_LINK_H264_MAIN = 110,
  GR_LINK_H264_HIGH = 112,
};

/* The format of a payload type or of its retransmissions (*@retransmission); NULL for one that is none. */
const GrLinkFormat *gr_link_format (guint8 payload_type, gboolean *retransmission);

/* The next packet of a message of @length bytes; *@at is 0 at first. NULL after the last one, and where the rest is cut
 * off. */
guint8 *gr_link_next (guint8 *message, gsize length, gsize *at, gsize *packet_length);

typedef struct
{
  guint64 packets;
  guint64 bytes;
  guint64 messages;
  guint64 system_calls;
  guint64 dropped; /* packets for which the other end had no room */
} GrLinkCounters;

typedef struct _GrLinkWriter GrLinkWriter;

GrLinkWriter *gr_link_writer_new (void);
void gr_link_writer_free (GrLinkWriter *writer);

/* Where the next packet of up to @size bytes is written, at most GR_LINK_MESSAGE_BYTES − GR_LINK_LENGTH_BYTES; NULL if
 * the burst is full and has to be sent first. */
guint8 *gr_link_writer_reserve (GrLinkWriter *writer, gsize size);
/* The first @length bytes of what was reserved are a packet. */
void gr_link_writer_commit (GrLinkWriter *writer, gsize length);

/* Sends what is there, never waiting; what the other end has no room for is dropped and counted. Returns FALSE when
 * there is no other end any more. */
gboolean gr_link_writer_send (GrLinkWriter *writer, int fd);

const GrLinkCounters *gr_link_writer_get_counters (const GrLinkWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrLinkWriter, gr_link_writer_free)

typedef struct _GrLinkReader GrLinkReader;

GrLinkReader *gr_link_reader_new (void);
void gr_link_reader_free (GrLinkReader *reader);

/* Reads what is there, up to GR_LINK_RECEIVED messages, without waiting. Returns how many; 0: none now, −1: there is no
 * other end any more. */
int gr_link_reader_receive (GrLinkReader *reader, int fd);

/* Message @at of those, valid until the next call. */
guint8 *gr_link_reader_message (GrLinkReader *reader, int at, gsize *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrLinkReader, gr_link_reader_free)

/* Asks for 4 MiB in each direction and sets the socket not to block. Returns what the kernel gave to send with. */
guint gr_link_prepare_socket (int fd);

G_END_DECLS
