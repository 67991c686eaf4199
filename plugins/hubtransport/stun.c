/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/stun.h"

#include <netinet/in.h>
#include <openssl/crypto.h>
#include <string.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/hmac.h"

#define HEADER_BYTES 20
#define MAGIC_COOKIE 0x2112a442
#define COOKIE_BYTES 4

#define USERNAME 0x0006
#define MESSAGE_INTEGRITY 0x0008
#define ERROR_CODE 0x0009
#define UNKNOWN_ATTRIBUTES 0x000a
#define XOR_MAPPED_ADDRESS 0x0020
#define PRIORITY 0x0024
#define USE_CANDIDATE 0x0025
#define FINGERPRINT 0x8028
#define ICE_CONTROLLED 0x8029
#define ICE_CONTROLLING 0x802a
/* Those below it must be understood (RFC 5389, section 15). */
#define OPTIONAL 0x8000

#define FAMILY_IPV4 1
#define FAMILY_IPV6 2
#define INTEGRITY_BYTES (4 + GR_HMAC_BYTES)
#define FINGERPRINT_BYTES 8
#define FINGERPRINT_XOR 0x5354554e
#define MAX_USERNAME 513

/* CRC-32 as in ITU V.42, of four bits at a time: messages are short, and a table of 64 bytes stays in the cache. */
static guint32
crc32_of (const guint8 *bytes, gsize length)
{
  static const guint32 table[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
  };
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      crc = crc >> 4 ^ table[crc & 0x0f];
      crc = crc >> 4 ^ table[crc & 0x0f];
    }

  return ~crc;
}

/* The digest of the message up to @offset, as if MESSAGE-INTEGRITY there were the last attribute (RFC 5389,
 * section 15.4). */
static void
integrity_of (const guint8 *bytes, gsize offset, const char *password, guint8 digest[GR_HMAC_BYTES])
{
  GrHmac hmac;
  guint8 begin[4];

  memcpy (begin, bytes, 2);
  gr_write_u16 (begin + 2, offset + INTEGRITY_BYTES - HEADER_BYTES);
  gr_hmac_init (&hmac, (const guint8 *) password, strlen (password));
  gr_hmac_digest (&hmac, begin, sizeof begin, bytes + sizeof begin, offset - sizeof begin, digest);
}

/* FALSE if the attribute is not of its length. */
static gboolean
read_attribute (GrStunMessage *message, guint16 type, const guint8 *value, gsize length)
{
  const char *colon;

  switch (type)
    {
    case USERNAME:
      if (message->username != NULL || length > MAX_USERNAME)
        return length <= MAX_USERNAME;
      message->username = (const char *) value;
      message->username_length = length;
      colon = memchr (value, ':', length);
      message->ufrag_length = colon != NULL ? colon - message->username : 0;
      return TRUE;
    case PRIORITY:
      message->has_priority = TRUE;
      message->priority = length == 4 ? gr_read_u32 (value) : 0;
      return length == 4;
    case USE_CANDIDATE:
      message->use_candidate = TRUE;
      return length == 0;
    case ICE_CONTROLLING:
      message->controlling = TRUE;
      return length == 8;
    case ICE_CONTROLLED:
      message->controlled = TRUE;
      return length == 8;
    default:
      if (type < OPTIONAL && message->n_unknown < GR_STUN_MAX_UNKNOWN)
        message->unknown[message->n_unknown++] = type;
      return TRUE;
    }
}

static gboolean
check_fingerprint (const guint8 *bytes, gsize at, gsize length)
{
  return at + FINGERPRINT_BYTES == length && gr_read_u16 (bytes + at + 2) == 4
         && gr_read_u32 (bytes + at + 4) == (crc32_of (bytes, at) ^ FINGERPRINT_XOR);
}

static gsize
begin_answer (guint8 *out, const GrStunMessage *request, GrStunType type)
{
  gr_write_u16 (out, type);
  gr_write_u16 (out + 2, 0);
  gr_write_u32 (out + 4, MAGIC_COOKIE);
  memcpy (out + 4 + COOKIE_BYTES, request->transaction, GR_STUN_TRANSACTION_BYTES);

  return HEADER_BYTES;
}

static gsize
begin_attribute (guint8 *out, gsize at, guint16 type, gsize length)
{
  gr_write_u16 (out + at, type);
  gr_write_u16 (out + at + 2, length);

  return at + 4;
}

static gsize
end_answer (guint8 *out, gsize at, const char *password)
{
  if (password != NULL)
    {
      integrity_of (out, at, password, out + at + 4);
      at = begin_attribute (out, at, MESSAGE_INTEGRITY, GR_HMAC_BYTES) + GR_HMAC_BYTES;
    }

  gr_write_u16 (out + 2, at + FINGERPRINT_BYTES - HEADER_BYTES);
  gr_write_u32 (out + at + 4, crc32_of (out, at) ^ FINGERPRINT_XOR);
  return begin_attribute (out, at, FINGERPRINT, 4) + 4;
}

static const char *
reason_of (GrStunError error)
{
  switch (error)
    {
    case GR_STUN_UNAUTHORIZED:
      return "Unauthorized";
    case GR_STUN_UNKNOWN_ATTRIBUTE:
      return "Unknown Attribute";
    case GR_STUN_ROLE_CONFLICT:
      return "Role Conflict";
    default:
      return "Bad Request";
    }
}

gboolean
gr_stun_parse (GrStunMessage *message, const guint8 *bytes, gsize length)
{
  gsize at = HEADER_BYTES;

  if (length < HEADER_BYTES || length % 4 != 0 || (bytes[0] & 0xc0) != 0 || gr_read_u32 (bytes + 4) != MAGIC_COOKIE
      || (gsize) gr_read_u16 (bytes + 2) + HEADER_BYTES != length)
    return FALSE;

  *message = (GrStunMessage){ .type = gr_read_u16 (bytes), .transaction = bytes + 4 + COOKIE_BYTES };
  while (at < length)
    {
      guint16 type = gr_read_u16 (bytes + at);
      gsize value_length = gr_read_u16 (bytes + at + 2);
      gsize next = at + 4 + ((value_length + 3) & ~(gsize) 3);

      if (next > length)
        return FALSE;
      if (type == FINGERPRINT)
        {
          message->has_fingerprint = TRUE;
          return check_fingerprint (bytes, at, length);
        }
      if (message->integrity_offset == 0)
        {
          if (type == MESSAGE_INTEGRITY && value_length != GR_HMAC_BYTES)
            return FALSE;
          if (type == MESSAGE_INTEGRITY)
            message->integrity_offset = at;
          else if (!read_attribute (message, type, bytes + at + 4, value_length))
            return FALSE;
        }
      at = next;
    }

  return TRUE;
}

gboolean
gr_stun_check_integrity (const GrStunMessage *message, const guint8 *bytes, const char *password)
{
  guint8 digest[GR_HMAC_BYTES];

  if (message->integrity_offset == 0)
    return FALSE;

  integrity_of (bytes, message->integrity_offset, password, digest);
  return CRYPTO_memcmp (digest, bytes + message->integrity_offset + 4, sizeof digest) == 0;
}

gsize
gr_stun_write_success (
    guint8 *out, gsize size, const GrStunMessage *request, const struct sockaddr *peer, const char *password)
{
  const struct sockaddr_in *v4 = (const struct sockaddr_in *) peer;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) peer;
  gboolean is_v4 = peer->sa_family == AF_INET;
  const guint8 *address = is_v4 ? (const guint8 *) &v4->sin_addr : v6->sin6_addr.s6_addr;
  gsize address_bytes = is_v4 ? sizeof v4->sin_addr : sizeof v6->sin6_addr;
  gsize at;

  if (size < GR_STUN_MAX_ANSWER || (!is_v4 && peer->sa_family != AF_INET6))
    return 0;
  /* A dual-stack socket's IPv4 peers must see the address that they know (RFC 5389, section 15.2 has no mapped family).
   */
  if (!is_v4 && IN6_IS_ADDR_V4MAPPED (&v6->sin6_addr))
    {
      is_v4 = TRUE;
      address += 12;
      address_bytes = 4;
    }

  at = begin_attribute (out, begin_answer (out, request, GR_STUN_BINDING_SUCCESS), XOR_MAPPED_ADDRESS,
                        4 + address_bytes);
  out[at] = 0;
  out[at + 1] = is_v4 ? FAMILY_IPV4 : FAMILY_IPV6;
  gr_write_u16 (out + at + 2, ntohs (v4->sin_port) ^ (MAGIC_COOKIE >> 16));
  /* The cookie and the transaction id stand beside each other in the header. */
  for (gsize i = 0; i < address_bytes; i++)
    out[at + 4 + i] = address[i] ^ out[4 + i];

  return end_answer (out, at + 4 + address_bytes, password);
}

gsize
gr_stun_write_error (guint8 *out, gsize size, const GrStunMessage *request, GrStunError error, const char *password)
{
  const char *reason = reason_of (error);
  gsize reason_bytes = strlen (reason);
  gsize at;

  if (size < GR_STUN_MAX_ANSWER)
    return 0;

  at = begin_attribute (out, begin_answer (out, request, GR_STUN_BINDING_ERROR), ERROR_CODE, 4 + reason_bytes);
  gr_write_u16 (out + at, 0);
  out[at + 2] = error / 100;
  out[at + 3] = error % 100;
  memset (out + at + 4, 0, reason_bytes + 3);
  memcpy (out + at + 4, reason, reason_bytes);
  at += 4 + ((reason_bytes + 3) & ~(gsize) 3);

  if (error == GR_STUN_UNKNOWN_ATTRIBUTE)
    {
      at = begin_attribute (out, at, UNKNOWN_ATTRIBUTES, request->n_unknown * 2);
      for (guint i = 0; i < request->n_unknown; i++, at += 2)
        gr_write_u16 (out + at, request->unknown[i]);
      if (request->n_unknown % 2 != 0)
        {
          gr_write_u16 (out + at, 0);
          at += 2;
        }
    }

  return end_answer (out, at, password);
}
