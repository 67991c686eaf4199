/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTP packets (RFC 3550, section 5.1) and their header extensions (RFC 8285, one-byte and two-byte): read in place,
 * changed in place, or copied with another header. Every offset comes out of a bounds-checked parse. Hub thread. */
#pragma once

#include <glib.h>

#include "plugins/hubtransport/bytes.h"

G_BEGIN_DECLS

#define GR_RTP_HEADER_BYTES 12
/* The identifiers of extensions that can be mapped: those of the one-byte form, 1 to 14. */
#define GR_RTP_EXTENSION_IDS 15
#define GR_RTP_MID_BYTES 16

typedef struct
{
  gboolean marker;
  guint8 payload_type; /* 0 to 127 */
  guint16 sequence;
  guint32 timestamp;
  guint32 ssrc;
  guint16 extension_profile; /* 0xBEDE, 0x1000 to 0x100F, anything else is skipped */
  gsize extension_offset;
  gsize extension_length; /* 0 without extension */
  gsize payload_offset;
  gsize payload_length; /* without padding; 0 in a packet that only probes bandwidth */
  gsize padding_length;
} GrRtpHeader;

typedef struct
{
  guint8 id;     /* 1 to 14 in the one-byte form, 1 to 255 in the two-byte form */
  guint8 length; /* 0 to 255 */
  const guint8 *bytes;
} GrRtpExtension;

/* How extensions go from a publisher's numbering to a subscriber's. */
typedef struct
{
  guint8 to[GR_RTP_EXTENSION_IDS]; /* by incoming id: the outgoing id (1 to 14), 0 to leave it out */
  guint8 mid_id;                   /* of the mid that is added (RFC 9143, section 15), 0 for none */
  guint8 mid_length;               /* 1 to 16 */
  char mid[GR_RTP_MID_BYTES];
} GrRtpExtensionMap;

typedef struct
{
  guint8 payload_type;
  guint16 sequence;
  guint32 timestamp;
  guint32 ssrc;
  const GrRtpExtensionMap *extensions;
  gboolean retransmission; /* RFC 4588, section 4: @original_sequence goes before the payload */
  guint16 original_sequence;
} GrRtpRewrite;

/* The length of the header with its CSRCs and extension, 0 if @packet is not RTP version 2 or is cut off in the header.
 * Says nothing of the padding, which is still encrypted in SRTP. */
gsize gr_rtp_header_length (const guint8 *packet, gsize length);

/* FALSE if @packet is not RTP version 2, is cut off, or has more padding than payload. */
gboolean gr_rtp_parse (GrRtpHeader *header, const guint8 *packet, gsize length);

/* Steps through the extensions, *@at being 0 at first. FALSE after the last one and where the rest is cut off. */
gboolean gr_rtp_next_extension (const GrRtpHeader *header, const guint8 *packet, gsize *at, GrRtpExtension *extension);

/* The first extension with @id; FALSE if there is none. */
gboolean gr_rtp_find_extension (const GrRtpHeader *header, const guint8 *packet, guint8 id, GrRtpExtension *extension);

/* RFC 6464: *@level is in −dBov, 0 (loudest) to 127 (silence). */
gboolean
gr_rtp_read_audio_level (const GrRtpHeader *header, const guint8 *packet, guint8 id, guint8 *level, gboolean *voice);

/* Writes the packet that @header describes to @out with the fields of @rewrite; marker, payload and padding stay, CSRCs
 * go. Returns the length, or 0 if @size is too small. @out and @packet do not overlap. */
gsize
gr_rtp_rewrite (guint8 *out, gsize size, const guint8 *packet, const GrRtpHeader *header, const GrRtpRewrite *rewrite);

static inline void
gr_rtp_set_payload_type (guint8 *packet, guint8 payload_type)
{
  packet[1] = (packet[1] & 0x80) | payload_type;
}

static inline void
gr_rtp_set_sequence (guint8 *packet, guint16 sequence)
{
  gr_write_u16 (packet + 2, sequence);
}

static inline void
gr_rtp_set_timestamp (guint8 *packet, guint32 timestamp)
{
  gr_write_u32 (packet + 4, timestamp);
}

static inline void
gr_rtp_set_ssrc (guint8 *packet, guint32 ssrc)
{
  gr_write_u32 (packet + 8, ssrc);
}

/* How far @sequence is ahead of @other, −32768 to 32767. */
static inline gint16
gr_rtp_ahead (guint16 sequence, guint16 other)
{
  return (gint16) (sequence - other);
}

G_END_DECLS
