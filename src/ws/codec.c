/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ws/codec.h"

#include <string.h>

#define FIN_BIT 0x80
#define RESERVED_BITS 0x70
#define OPCODE_BITS 0x0f
#define CONTROL_BIT 0x08
#define MASK_BIT 0x80
#define LENGTH_BITS 0x7f
#define MAX_HEADER_BYTES 14
/* A larger buffer is given back after its message, so that a thousand idle connections cost nothing. */
#define KEPT_BUFFER_BYTES 2048

struct _GrWsDecoder
{
  gsize max_message;
  guint64 frames;
  gboolean failed;

  guint8 header[MAX_HEADER_BYTES];
  gsize header_length;
  gboolean in_payload;

  GrWsOpcode opcode;
  gboolean fin;
  guint8 mask[4];
  gsize payload_length;
  gsize payload_taken;

  gboolean fragmented; /* a message has begun and its last fragment is not there */
  GrWsOpcode message_opcode;
  guint8 *message;
  gsize message_length;
  gsize message_size;
  guint8 control[GR_WS_CONTROL_BYTES + 1];
};

static GrWsResult
fail (GrWsDecoder *decoder, GrWsEvent *event, guint code, const char *reason)
{
  decoder->failed = TRUE;
  *event = (GrWsEvent){ .close_code = code, .reason = reason };
  return GR_WS_FAILED;
}

static gboolean
is_control (GrWsOpcode opcode)
{
  return (opcode & CONTROL_BIT) != 0;
}

/* How long the header is that begins with the bytes we have. */
static gsize
header_size (const GrWsDecoder *decoder)
{
  guint8 length;

  if (decoder->header_length < 2)
    return 2;

  length = decoder->header[1] & LENGTH_BITS;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((decoder->header[1] & MASK_BIT) != 0 ? 4 : 0);
}

static guint64
announced_length (const GrWsDecoder *decoder)
{
  guint8 length = decoder->header[1] & LENGTH_BITS;
  guint64 announced = 0;
  gsize extended = length == 126 ? 2 : length == 127 ? 8 : 0;

  if (extended == 0)
    return length;

  for (gsize i = 0; i < extended; i++)
    announced = announced << 8 | decoder->header[2 + i];
  return announced;
}

/* What the first two bytes of a header already tell: NULL, or why they are refused. */
static const char *
check_header_start (const GrWsDecoder *decoder)
{
  GrWsOpcode opcode = decoder->header[0] & OPCODE_BITS;
  gboolean fin = (decoder->header[0] & FIN_BIT) != 0;

  if ((decoder->header[0] & RESERVED_BITS) != 0)
    return "A reserved bit is set";
  if ((decoder->header[1] & MASK_BIT) == 0)
    return "The frame is not masked";

  switch (opcode)
    {
    case GR_WS_CONTINUATION:
      return decoder->fragmented ? NULL : "A continuation of nothing";
    case GR_WS_TEXT:
    case GR_WS_BINARY:
      return decoder->fragmented ? "A new message inside a fragmented one" : NULL;
    case GR_WS_CLOSE:
    case GR_WS_PING:
    case GR_WS_PONG:
      if (!fin)
        return "A fragmented control frame";
      return (decoder->header[1] & LENGTH_BITS) > GR_WS_CONTROL_BYTES ? "A control frame is too long" : NULL;
    default:
      return "An unknown opcode";
    }
}

static void
reserve (GrWsDecoder *decoder, gsize size)
{
  if (size <= decoder->message_size)
    return;

  /* Doubling, so that a message in many fragments is not copied once for each. */
  decoder->message_size = MAX (size, MIN (decoder->message_size * 2, decoder->max_message + 1));
  decoder->message = g_realloc (decoder->message, decoder->message_size);
}

static GrWsResult
begin_payload (GrWsDecoder *decoder, GrWsEvent *event)
{
  guint64 length = announced_length (decoder);
  gsize size = header_size (decoder);
  guint8 short_length = decoder->header[1] & LENGTH_BITS;

  if ((short_length == 126 && length < 126) || (short_length == 127 && length <= G_MAXUINT16))
    return fail (decoder, event, GR_WS_PROTOCOL_ERROR, "A length is not in its shortest form");

  decoder->opcode = decoder->header[0] & OPCODE_BITS;
  decoder->fin = (decoder->header[0] & FIN_BIT) != 0;
  if (!is_control (decoder->opcode) && length > decoder->max_message - decoder->message_length)
    return fail (decoder, event, GR_WS_TOO_BIG, "The message is too big");

  memcpy (decoder->mask, decoder->header + size - sizeof decoder->mask, sizeof decoder->mask);
  decoder->payload_length = length;
  decoder->payload_taken = 0;
  decoder->in_payload = TRUE;
  decoder->header_length = 0;
  decoder->frames += 1 + length / GR_WS_COUNTED_BYTES;

  if (!is_control (decoder->opcode))
    {
      if (decoder->opcode != GR_WS_CONTINUATION)
        decoder->message_opcode = decoder->opcode;
      decoder->fragmented = !decoder->fin;
    }
  return GR_WS_NEED_MORE;
}

/* Collects header bytes. TRUE: the payload begins, or *result is a failure. */
static gboolean
take_header (GrWsDecoder *decoder, const guint8 **bytes, gsize *length, GrWsEvent *event, GrWsResult *result)
{
  *result = GR_WS_NEED_MORE;
  while (*length > 0)
    {
      decoder->header[decoder->header_length++] = **bytes;
      (*bytes)++;
      (*length)--;

      if (decoder->header_length == 2)
        {
          const char *reason = check_header_start (decoder);

          if (reason != NULL)
            {
              *result = fail (decoder, event, GR_WS_PROTOCOL_ERROR, reason);
              return TRUE;
            }
        }

      if (decoder->header_length >= 2 && decoder->header_length == header_size (decoder))
        {
          *result = begin_payload (decoder, event);
          return TRUE;
        }
    }

  return FALSE;
}

/* Section 5.3, eight bytes at a time; @offset is the place of the first byte in the payload. */
static void
unmask (guint8 *to, const guint8 *from, gsize length, const guint8 mask[4], gsize offset)
{
  guint8 turned[8];
  guint64 wide_mask;
  gsize i = 0;

  for (gsize j = 0; j < sizeof turned; j++)
    turned[j] = mask[(offset + j) & 3];
  memcpy (&wide_mask, turned, sizeof wide_mask);

  for (; i + sizeof wide_mask <= length; i += sizeof wide_mask)
    {
      guint64 wide;

      memcpy (&wide, from + i, sizeof wide);
      wide ^= wide_mask;
      memcpy (to + i, &wide, sizeof wide);
    }
  for (; i < length; i++)
    to[i] = from[i] ^ turned[i & 7];
}

static void
take_payload (GrWsDecoder *decoder, const guint8 **bytes, gsize *length)
{
  gsize part = MIN (*length, decoder->payload_length - decoder->payload_taken);
  guint8 *to;

  if (is_control (decoder->opcode))
    {
      to = decoder->control + decoder->payload_taken;
    }
  else
    {
      /* Memory follows what has arrived, not what was announced. */
      reserve (decoder, decoder->message_length + part + 1);
      to = decoder->message + decoder->message_length;
      decoder->message_length += part;
    }

  unmask (to, *bytes, part, decoder->mask, decoder->payload_taken);
  decoder->payload_taken += part;
  *bytes += part;
  *length -= part;
}

static GrWsResult
finish_close (GrWsDecoder *decoder, GrWsEvent *event)
{
  const guint8 *payload = decoder->control;
  gsize length = decoder->payload_length;

  event->close_code = GR_WS_NO_STATUS;
  event->reason = "";
  if (length == 0)
    return GR_WS_MESSAGE;

  if (length == 1)
    return fail (decoder, event, GR_WS_PROTOCOL_ERROR, "A close frame with half a code");

  event->close_code = payload[0] << 8 | payload[1];
  if (!gr_ws_close_code_is_valid (event->close_code))
    return fail (decoder, event, GR_WS_PROTOCOL_ERROR, "A close code that is not to be sent");

  if (!gr_ws_is_utf8 (payload + 2, length - 2))
    return fail (decoder, event, GR_WS_INVALID_TEXT, "The reason of a close is not UTF-8");

  event->reason = (const char *) payload + 2;
  return GR_WS_MESSAGE;
}

static GrWsResult
finish_control (GrWsDecoder *decoder, GrWsEvent *event)
{
  decoder->control[decoder->payload_length] = '\0';
  *event = (GrWsEvent){
    .opcode = decoder->opcode,
    .payload = decoder->control,
    .length = decoder->payload_length,
  };

  return decoder->opcode == GR_WS_CLOSE ? finish_close (decoder, event) : GR_WS_MESSAGE;
}

static GrWsResult
finish_message (GrWsDecoder *decoder, GrWsEvent *event)
{
  reserve (decoder, decoder->message_length + 1);
  decoder->message[decoder->message_length] = '\0';

  if (decoder->message_opcode == GR_WS_TEXT && !gr_ws_is_utf8 (decoder->message, decoder->message_length))
    return fail (decoder, event, GR_WS_INVALID_TEXT, "The text is not UTF-8");

  *event = (GrWsEvent){
    .opcode = decoder->message_opcode,
    .payload = decoder->message,
    .length = decoder->message_length,
  };
  decoder->message_length = 0;
  return GR_WS_MESSAGE;
}

GrWsDecoder *
gr_ws_decoder_new (gsize max_message)
{
  GrWsDecoder *decoder = g_new0 (GrWsDecoder, 1);

  decoder->max_message = max_message;
  return decoder;
}

void
gr_ws_decoder_free (GrWsDecoder *decoder)
{
  g_free (decoder->message);
  g_free (decoder);
}

GrWsResult
gr_ws_decoder_next (GrWsDecoder *decoder, const guint8 **bytes, gsize *length, GrWsEvent *event)
{
  if (decoder->failed)
    return fail (decoder, event, GR_WS_PROTOCOL_ERROR, "The stream has failed before");

  if (decoder->message_length == 0 && !decoder->fragmented && decoder->message_size > KEPT_BUFFER_BYTES)
    {
      g_clear_pointer (&decoder->message, g_free);
      decoder->message_size = 0;
    }

  for (;;)
    {
      GrWsResult result;

      if (!decoder->in_payload)
        {
          if (!take_header (decoder, bytes, length, event, &result))
            return GR_WS_NEED_MORE;
          if (result == GR_WS_FAILED)
            return result;
        }

      take_payload (decoder, bytes, length);
      if (decoder->payload_taken < decoder->payload_length)
        return GR_WS_NEED_MORE;

      decoder->in_payload = FALSE;
      if (is_control (decoder->opcode))
        return finish_control (decoder, event);
      if (decoder->fin)
        return finish_message (decoder, event);
    }
}

guint64
gr_ws_decoder_get_frames (GrWsDecoder *decoder)
{
  return decoder->frames;
}

GBytes *
gr_ws_encode (GrWsOpcode opcode, const void *payload, gsize length)
{
  gsize extended = length < 126 ? 0 : length <= G_MAXUINT16 ? 2 : 8;
  gsize size = 2 + extended + length;
  guint8 *frame = g_malloc (size);

  frame[0] = FIN_BIT | opcode;
  frame[1] = extended == 0 ? length : extended == 2 ? 126 : 127;
  for (gsize i = 0; i < extended; i++)
    frame[2 + i] = (guint64) length >> 8 * (extended - 1 - i);
  if (length > 0)
    memcpy (frame + 2 + extended, payload, length);

  return g_bytes_new_take (frame, size);
}

GBytes *
gr_ws_encode_text (const char *text, gssize length)
{
  return gr_ws_encode (GR_WS_TEXT, text, length < 0 ? strlen (text) : (gsize) length);
}

GBytes *
gr_ws_encode_close (guint code, const char *reason)
{
  guint8 payload[GR_WS_CONTROL_BYTES] = { code >> 8, code };
  const char *text = reason != NULL ? reason : "";
  const char *end = text;
  gsize length = strlen (text);

  if (length > sizeof payload - 2)
    {
      /* Cut between characters. */
      g_utf8_validate_len (text, sizeof payload - 2, &end);
      length = end - text;
    }

  memcpy (payload + 2, text, length);
  return gr_ws_encode (GR_WS_CLOSE, payload, 2 + length);
}

gboolean
gr_ws_close_code_is_valid (guint code)
{
  if (code >= 3000)
    return code <= 4999;

  return code >= 1000 && code <= 1014 && code != 1004 && code != GR_WS_NO_STATUS && code != GR_WS_ABNORMAL;
}

char *
gr_ws_accept_key (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree guint8 *nonce = NULL;
  guint8 digest[20];
  gsize length = sizeof digest, nonce_length = 0;

  /* 16 bytes are 22 base64 digits and "==". */
  if (key == NULL || strlen (key) != 24
      || strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != 22)
    return NULL;

  nonce = g_base64_decode (key, &nonce_length);
  if (nonce_length != 16)
    return NULL;

  g_checksum_update (checksum, (const guint8 *) key, -1);
  g_checksum_update (checksum, (const guint8 *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

/* The length of the UTF-8 sequence at @text, or 0 (Unicode 15, table 3-7). */
static gsize
sequence_length (const guint8 *text, gsize left)
{
  guint8 lead = text[0];
  guint8 low = 0x80, high = 0xbf;
  gsize length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;

  if (length <= 1)
    return length;

  if (lead == 0xe0)
    low = 0xa0;
  else if (lead == 0xed)
    high = 0x9f;
  else if (lead == 0xf0)
    low = 0x90;
  else if (lead == 0xf4)
    high = 0x8f;

  if (left < length || text[1] < low || text[1] > high)
    return 0;
  for (gsize i = 2; i < length; i++)
    if ((text[i] & 0xc0) != 0x80)
      return 0;
  return length;
}

gboolean
gr_ws_is_utf8 (const guint8 *text, gsize length)
{
  gsize i = 0;

  while (i < length)
    {
      guint64 wide = 0;
      gsize sequence;

      if (length - i >= sizeof wide)
        {
          memcpy (&wide, text + i, sizeof wide);
          if ((wide & G_GUINT64_CONSTANT (0x8080808080808080)) == 0)
            {
              i += sizeof wide;
              continue;
            }
        }

      sequence = sequence_length (text + i, length - i);
      if (sequence == 0)
        return FALSE;
      i += sequence;
    }

  return TRUE;
}
