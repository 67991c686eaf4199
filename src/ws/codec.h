/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WebSocket protocol (RFC 6455) of a server, as bytes in and bytes out: no I/O, no extensions. A decoder belongs to
 * one connection and holds at most one message of bounded size. Any thread, one at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 6455, section 5.2. */
typedef enum
{
  GR_WS_CONTINUATION = 0x0,
  GR_WS_TEXT = 0x1,
  GR_WS_BINARY = 0x2,
  GR_WS_CLOSE = 0x8,
  GR_WS_PING = 0x9,
  GR_WS_PONG = 0xa
} GrWsOpcode;

/* RFC 6455, section 7.4.1. */
typedef enum
{
  GR_WS_NORMAL = 1000,
  GR_WS_GOING_AWAY = 1001,
  GR_WS_PROTOCOL_ERROR = 1002,
  GR_WS_UNSUPPORTED = 1003,
  GR_WS_NO_STATUS = 1005, /* never sent: the peer's close frame had no code */
  GR_WS_ABNORMAL = 1006,  /* never sent: the connection ended without a close frame */
  GR_WS_INVALID_TEXT = 1007,
  GR_WS_POLICY = 1008,
  GR_WS_TOO_BIG = 1009,
  GR_WS_INTERNAL_ERROR = 1011,
  GR_WS_TRY_LATER = 1013
} GrWsCloseCode;

#define GR_WS_MESSAGE_BYTES (64 * 1024)
#define GR_WS_CONTROL_BYTES 125

typedef enum
{
  GR_WS_NEED_MORE, /* all input is taken and the frame is not whole; also after each fragment but the last */
  GR_WS_MESSAGE,   /* a text or binary message, or a control frame */
  GR_WS_FAILED     /* close with @close_code; the decoder takes nothing more */
} GrWsResult;

typedef struct
{
  GrWsOpcode opcode;
  const guint8 *payload; /* owned by the decoder until the next call; a NUL byte follows it */
  gsize length;
  guint close_code;   /* of GR_WS_CLOSE (GR_WS_NO_STATUS without one), and of a failure */
  const char *reason; /* of GR_WS_CLOSE, UTF-8; of a failure, for people */
} GrWsEvent;

typedef struct _GrWsDecoder GrWsDecoder;

/* A decoder of masked frames for messages of up to @max_message bytes. */
GrWsDecoder *gr_ws_decoder_new (gsize max_message);
void gr_ws_decoder_free (GrWsDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrWsDecoder, gr_ws_decoder_free)

/* Takes bytes from *@bytes, advancing it and *@length, until there is an event to report. Call again until it answers
 * GR_WS_NEED_MORE. */
GrWsResult gr_ws_decoder_next (GrWsDecoder *decoder, const guint8 **bytes, gsize *length, GrWsEvent *event);

/* Frames begun so far, fragments and control frames among them, long ones once more for each GR_WS_COUNTED_BYTES: what
 * a rate limit should count. */
#define GR_WS_COUNTED_BYTES (16 * 1024)
guint64 gr_ws_decoder_get_frames (GrWsDecoder *decoder);

/* An unmasked, unfragmented frame, which any number of connections may send. */
GBytes *gr_ws_encode (GrWsOpcode opcode, const void *payload, gsize length);

/* A text frame of @text, which is UTF-8; @length -1 for all of it. */
GBytes *gr_ws_encode_text (const char *text, gssize length);

/* A close frame; @reason (UTF-8 or NULL) is cut to fit. */
GBytes *gr_ws_encode_close (guint code, const char *reason);

/* Whether an endpoint may put @code into a close frame. */
gboolean gr_ws_close_code_is_valid (guint code);

/* RFC 6455, section 4.2.2: Sec-WebSocket-Accept for a client's Sec-WebSocket-Key, or NULL if that is not base64 of 16
 * bytes. */
char *gr_ws_accept_key (const char *key);

/* Whether @text is UTF-8 (NUL included). Quick on ASCII. */
gboolean gr_ws_is_utf8 (const guint8 *text, gsize length);

G_END_DECLS
