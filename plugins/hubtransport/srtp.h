/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SRTP and SRTCP (RFC 3711, RFC 7714) of one direction of one transport, on OpenSSL. Packets change in place, and
 * nothing is allocated but for the first packet of an SSRC. RTP and RTCP are told apart by the second byte (RFC 5761,
 * section 4). Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The numbers of DTLS-SRTP (RFC 5764, section 4.1.2; RFC 7714, section 14.2). */
typedef enum
{
  GR_SRTP_AES_CM_128_HMAC_SHA1_80 = 0x0001,
  GR_SRTP_AEAD_AES_128_GCM = 0x0007
} GrSrtpProfile;

typedef enum
{
  GR_SRTP_SENDER,
  GR_SRTP_RECEIVER
} GrSrtpDirection;

/* The room that gr_srtp_protect() needs behind a packet. */
#define GR_SRTP_MAX_TRAILER 20
/* How far behind the newest packet of its SSRC a packet may come. Uplink losses of a 60 Mbit/s share that are repaired
 * after 150 ms are sent on 940 packets late. */
#define GR_SRTP_WINDOW_PACKETS 960

typedef struct
{
  guint64 packets;      /* protected or unprotected */
  guint64 malformed;    /* no RTP or RTCP, cut off, or no room for the trailer */
  guint64 forged;       /* the tag does not match */
  guint64 replayed;     /* seen before or too old; to send: an index that was used before */
  guint64 streams_full; /* a new SSRC, and max_streams of them are known */
} GrSrtpCounters;

typedef struct _GrSrtp GrSrtp;

/* The bytes of the master key and of the salt behind it, as DTLS exports them: 30 or 28. */
gsize gr_srtp_key_bytes (GrSrtpProfile profile);

/* @key has gr_srtp_key_bytes(). @max_streams (1 to 1024) bounds the SSRCs; each takes 300 to 1200 bytes. */
GrSrtp *gr_srtp_new (GrSrtpProfile profile, GrSrtpDirection direction, const guint8 *key, guint max_streams);
void gr_srtp_free (GrSrtp *srtp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSrtp, gr_srtp_free)

/* Encrypts and authenticates the @length bytes of @packet, for which the buffer has @size. Returns the new length, or
 * -1: counted, and the packet is as before. The same index of an SSRC is never used twice: the keystream would repeat.
 */
gssize gr_srtp_protect (GrSrtp *srtp, guint8 *packet, gsize length, gsize size);

/* Checks and decrypts the @length bytes of @packet. Returns the length of the plain packet, or -1: counted, and the
 * contents of the buffer are undefined. Only an authentic packet changes any state. */
gssize gr_srtp_unprotect (GrSrtp *srtp, guint8 *packet, gsize length);

const GrSrtpCounters *gr_srtp_get_counters (const GrSrtp *srtp);

/* TRUE for the payload types that RTCP has when it shares a port with RTP (RFC 5761, section 4). */
static inline gboolean
gr_is_rtcp (const guint8 *packet, gsize length)
{
  return length >= 2 && packet[1] >= 192 && packet[1] <= 223;
}

G_END_DECLS
