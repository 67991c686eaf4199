/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrWsConnection: one WebSocket of a client. Owns the stream that SoupServer handed over; bounds what it reads (message
 * size, frames a second) and what it holds to be sent (bytes, seconds without progress); pings. Owned by the session
 * that it serves. Main thread.
 *
 * Signals:
 *  message (const char *text, guint64 length)  a text message, NUL-terminated beyond its length
 *  closed (guint code, const char *reason)     once, last, and never out of send() or close(); the code is the
 *                                              client's, or GR_WS_ABNORMAL, or ours where we closed */
#pragma once

#include <gio/gio.h>

#include "ws/codec.h"

G_BEGIN_DECLS

typedef struct
{
  gsize message_bytes; /* of one message across its fragments */
  gsize queue_bytes;   /* that wait to be sent; beyond, the client is dropped */
  guint stall_ms;      /* with bytes waiting and none taken; beyond, the client is dropped */
  guint ping_ms;       /* of silence until a ping */
  guint pong_ms;       /* of silence after it until the client is dropped */
  guint close_ms;      /* for the client's half of the closing handshake */
  guint frames_rate;   /* frames a second as gr_ws_decoder_get_frames() counts; 0 is unlimited */
  guint frames_burst;  /* frames that may come at once */
} GrWsLimits;

#define GR_WS_LIMITS_DEFAULT                                                                                           \
  {                                                                                                                    \
    .message_bytes = GR_WS_MESSAGE_BYTES, .queue_bytes = 1024 * 1024, .stall_ms = 10000, .ping_ms = 20000,             \
    .pong_ms = 10000, .close_ms = 2000, .frames_rate = 200, .frames_burst = 1000                                       \
  }

#define GR_TYPE_WS_CONNECTION (gr_ws_connection_get_type ())
G_DECLARE_FINAL_TYPE (GrWsConnection, gr_ws_connection, GR, WS_CONNECTION, GObject)

/* Speaks WebSocket on @stream, whose streams must be pollable and whose handshake is done. Reading starts in the next
 * turn of the main loop. */
GrWsConnection *gr_ws_connection_new (GIOStream *stream, const GrWsLimits *limits);

/* Sends @frame, which is a whole frame from gr_ws_encode*() and may be shared by any number of connections: at once if
 * the socket takes it, else from the queue. Does nothing once closing has begun. */
void gr_ws_connection_send (GrWsConnection *connection, GBytes *frame);

/* Begins the closing handshake (RFC 6455, section 7.1.2) after what is queued. Idempotent. */
void gr_ws_connection_close (GrWsConnection *connection, guint code, const char *reason);

/* Bytes that wait to be sent. */
gsize gr_ws_connection_get_queue_bytes (GrWsConnection *connection);

/* FALSE from the moment that closing began on either side. */
gboolean gr_ws_connection_is_open (GrWsConnection *connection);

G_END_DECLS
