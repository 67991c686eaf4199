/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STUN (RFC 5389) as an ICE-lite agent needs it (RFC 8445): reads connectivity checks and writes answers. No state, no
 * allocation. Hub thread. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

#define GR_STUN_TRANSACTION_BYTES 12
#define GR_STUN_MAX_UNKNOWN 8
/* What the longest answer takes. */
#define GR_STUN_MAX_ANSWER 160

typedef enum
{
  GR_STUN_BINDING_REQUEST = 0x0001,
  GR_STUN_BINDING_INDICATION = 0x0011,
  GR_STUN_BINDING_SUCCESS = 0x0101,
  GR_STUN_BINDING_ERROR = 0x0111
} GrStunType;

/* RFC 5389, section 15.6; RFC 8445, section 7.1.2. */
typedef enum
{
  GR_STUN_BAD_REQUEST = 400,
  GR_STUN_UNAUTHORIZED = 401,
  GR_STUN_UNKNOWN_ATTRIBUTE = 420,
  GR_STUN_ROLE_CONFLICT = 487
} GrStunError;

/* The pointers are into the bytes that were parsed. */
typedef struct
{
  guint16 type; /* GrStunType, or one we do not speak */
  const guint8 *transaction;
  const char *username; /* "to:from" of the ufrags, NULL without one; not terminated */
  gsize username_length;
  gsize ufrag_length; /* of the part before the colon, ours; 0 without a colon */
  gboolean use_candidate;
  gboolean has_priority;
  guint32 priority;
  gboolean controlling; /* ICE-CONTROLLING was there; so its opposite: */
  gboolean controlled;
  gsize integrity_offset; /* of MESSAGE-INTEGRITY, 0 without one */
  gboolean has_fingerprint;
  guint n_unknown; /* attributes that must be understood and are not */
  guint16 unknown[GR_STUN_MAX_UNKNOWN];
} GrStunMessage;

/* FALSE if @bytes is not one whole STUN message, or carries a FINGERPRINT that does not match. What stands behind
 * MESSAGE-INTEGRITY is ignored, but for FINGERPRINT. */
gboolean gr_stun_parse (GrStunMessage *message, const guint8 *bytes, gsize length);

/* TRUE if @message, parsed from @bytes, has a MESSAGE-INTEGRITY made with the short-term @password (RFC 5389,
 * section 15.4). Takes the same time wherever it differs. */
gboolean gr_stun_check_integrity (const GrStunMessage *message, const guint8 *bytes, const char *password);

/* Writes the success response for @request that came from @peer (IPv4 or IPv6): XOR-MAPPED-ADDRESS, MESSAGE-INTEGRITY
 * and FINGERPRINT. Returns its length, or 0 if @size is below GR_STUN_MAX_ANSWER or @peer of another family. */
gsize gr_stun_write_success (
    guint8 *out, gsize size, const GrStunMessage *request, const struct sockaddr *peer, const char *password);

/* Writes the error response with @error for @request; @password may be NULL (RFC 5389, section 10.1.2: none for 400 and
 * 401). Returns its length, or 0 if @size is below GR_STUN_MAX_ANSWER. */
gsize
gr_stun_write_error (guint8 *out, gsize size, const GrStunMessage *request, GrStunError error, const char *password);

/* What the first byte of a datagram says it is (RFC 7983, section 7). */
typedef enum
{
  GR_DATAGRAM_STUN,
  GR_DATAGRAM_DTLS,
  GR_DATAGRAM_RTP, /* or RTCP */
  GR_DATAGRAM_OTHER
} GrDatagramKind;

static inline GrDatagramKind
gr_datagram_kind (const guint8 *bytes, gsize length)
{
  if (length == 0)
    return GR_DATAGRAM_OTHER;
  if (bytes[0] <= 3)
    return GR_DATAGRAM_STUN;
  if (bytes[0] >= 20 && bytes[0] <= 63)
    return GR_DATAGRAM_DTLS;

  return bytes[0] >= 128 && bytes[0] <= 191 ? GR_DATAGRAM_RTP : GR_DATAGRAM_OTHER;
}

G_END_DECLS
