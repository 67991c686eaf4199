/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ws/connection.h"

#include <string.h>

#define READ_BYTES (16 * 1024)
/* Reads in one turn of the main loop, so that one busy client does not starve the others. */
#define READS_A_TURN 8
#define VECTORS_A_WRITE 64

typedef enum
{
  WS_OPEN,
  WS_CLOSING, /* our close frame is queued or sent; the client's is awaited */
  WS_ENDING,  /* nothing more is read; what is queued is sent, then the end */
  WS_DROPPED, /* the stream is given up; closed is about to be emitted */
  WS_CLOSED
} WsState;

enum
{
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _GrWsConnection
{
  GObject parent_instance;

  GIOStream *stream;
  GPollableInputStream *input;
  GPollableOutputStream *output;
  GrWsLimits limits;
  GrWsDecoder *decoder;

  WsState state;
  gboolean discarding; /* the client broke the protocol: what it still sends is read away */
  guint close_code;
  char *close_reason;

  GQueue queue; /* GBytes */
  gsize queue_bytes;
  gsize head_sent; /* bytes of the queue's head that are sent */

  GSource *readable;
  GSource *writable; /* while the socket is full */
  GSource *timer;

  /* Monotonic µs. */
  gint64 heard;    /* when the client's last byte came */
  gint64 pinged;   /* when we asked for a sign of life, 0 if we did not since */
  gint64 progress; /* when the socket last took bytes, or the queue was empty */
  gint64 closing;  /* when closing began */
  gint64 armed;    /* when the timer looks next, G_MAXINT64 never */

  double frames_left; /* token bucket */
  gint64 frames_refilled;
  guint64 frames_seen;
};

G_DEFINE_FINAL_TYPE (GrWsConnection, gr_ws_connection, G_TYPE_OBJECT)

static gboolean on_writable (GPollableOutputStream *output, gpointer user_data);

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gint64
after_ms (gint64 time, guint ms)
{
  return time + (gint64) ms * 1000;
}

/* When the next of the deadlines is due. */
static void
arm_timer (GrWsConnection *connection)
{
  gint64 due = G_MAXINT64;

  if (connection->state == WS_OPEN)
    due = connection->pinged != 0 ? after_ms (connection->pinged, connection->limits.pong_ms)
                                  : after_ms (connection->heard, connection->limits.ping_ms);
  else if (connection->state == WS_CLOSING || connection->state == WS_ENDING)
    due = after_ms (connection->closing, connection->limits.close_ms);
  else if (connection->state == WS_DROPPED)
    due = 0;

  if (connection->queue_bytes > 0 && connection->state != WS_DROPPED)
    due = MIN (due, after_ms (connection->progress, connection->limits.stall_ms));

  /* Moving a source costs a wake-up of the main loop, so one that is armed for too early a time just looks again. */
  if (connection->state == WS_CLOSED || due >= connection->armed)
    return;

  connection->armed = due;
  g_source_set_ready_time (connection->timer, due);
}

static void
clear_queue (GrWsConnection *connection)
{
  g_queue_clear_full (&connection->queue, (GDestroyNotify) g_bytes_unref);
  connection->queue_bytes = 0;
  connection->head_sent = 0;
}

/* Gives the stream up; the timer, due at once, tells the owner in a turn of its own. */
static void
drop (GrWsConnection *connection, guint code, const char *reason)
{
  if (connection->state >= WS_DROPPED)
    return;

  if (connection->close_code == 0)
    {
      connection->close_code = code;
      connection->close_reason = g_strdup (reason);
    }

  connection->state = WS_DROPPED;
  clear_source (&connection->readable);
  clear_source (&connection->writable);
  clear_queue (connection);
  g_io_stream_close (connection->stream, NULL, NULL);
  arm_timer (connection);
}

static void
sent (GrWsConnection *connection, gsize length)
{
  connection->queue_bytes -= length;
  length += connection->head_sent;
  while (!g_queue_is_empty (&connection->queue))
    {
      GBytes *head = g_queue_peek_head (&connection->queue);
      gsize size = g_bytes_get_size (head);

      if (length < size)
        break;
      length -= size;
      g_bytes_unref (g_queue_pop_head (&connection->queue));
    }
  connection->head_sent = length;
}

static GPollableReturn
write_batch (GrWsConnection *connection, gsize *length, GError **error)
{
  GOutputVector vectors[VECTORS_A_WRITE];
  gsize n_vectors = 0;

  for (GList *link = connection->queue.head; link != NULL && n_vectors < VECTORS_A_WRITE; link = link->next)
    {
      gsize skipped = n_vectors == 0 ? connection->head_sent : 0;
      gsize size;
      const guint8 *bytes = g_bytes_get_data (link->data, &size);

      vectors[n_vectors].buffer = bytes + skipped;
      vectors[n_vectors].size = size - skipped;
      n_vectors++;
    }

  return g_pollable_output_stream_writev_nonblocking (connection->output, vectors, n_vectors, length, NULL, error);
}

/* Writes until the queue is empty or the socket full. */
static void
flush (GrWsConnection *connection)
{
  while (connection->queue_bytes > 0)
    {
      g_autoptr (GError) error = NULL;
      gsize length = 0;
      GPollableReturn result = write_batch (connection, &length, &error);

      if (result == G_POLLABLE_RETURN_FAILED)
        {
          drop (connection, GR_WS_ABNORMAL, "The connection was lost");
          return;
        }

      if (result == G_POLLABLE_RETURN_WOULD_BLOCK)
        {
          if (connection->writable == NULL)
            {
              connection->writable = g_pollable_output_stream_create_source (connection->output, NULL);
              g_source_set_callback (connection->writable, G_SOURCE_FUNC (on_writable), connection, NULL);
              g_source_set_static_name (connection->writable, "websocket writable");
              g_source_attach (connection->writable, NULL);
            }
          arm_timer (connection);
          return;
        }

      sent (connection, length);
      connection->progress = g_get_monotonic_time ();
    }

  clear_source (&connection->writable);
  if (connection->state == WS_ENDING)
    drop (connection, GR_WS_NORMAL, "");
}

static void
enqueue (GrWsConnection *connection, GBytes *frame)
{
  if (connection->queue_bytes + g_bytes_get_size (frame) > connection->limits.queue_bytes)
    {
      drop (connection, GR_WS_ABNORMAL, "The client reads too slowly");
      return;
    }

  if (connection->queue_bytes == 0)
    connection->progress = g_get_monotonic_time ();
  connection->queue_bytes += g_bytes_get_size (frame);
  g_queue_push_tail (&connection->queue, g_bytes_ref (frame));

  if (connection->writable == NULL)
    flush (connection);
}

static void
begin_closing (GrWsConnection *connection, WsState state, guint code, const char *reason, guint code_sent)
{
  g_autoptr (GBytes) frame = NULL;

  connection->close_code = code;
  connection->close_reason = g_strdup (reason);
  connection->closing = g_get_monotonic_time ();
  connection->state = state;
  if (state == WS_ENDING)
    clear_source (&connection->readable);

  frame = code_sent == GR_WS_NO_STATUS ? gr_ws_encode (GR_WS_CLOSE, NULL, 0) : gr_ws_encode_close (code_sent, reason);
  enqueue (connection, frame);
  arm_timer (connection);
}

static void
handle_close (GrWsConnection *connection, const GrWsEvent *event)
{
  if (connection->state == WS_OPEN)
    {
      begin_closing (connection, WS_ENDING, event->close_code, event->reason, event->close_code);
      return;
    }

  /* The answer to ours: the handshake is done. */
  connection->state = WS_ENDING;
  clear_source (&connection->readable);
  if (connection->queue_bytes == 0)
    drop (connection, GR_WS_NORMAL, "");
}

static void
emit_message (GrWsConnection *connection, const GrWsEvent *event)
{
  g_signal_emit (connection, signals[SIGNAL_MESSAGE], 0, (const char *) event->payload, (guint64) event->length);

  /* Only our caller's reference is left: the owner let go, and must not hear of what else is in the buffer. */
  if (g_atomic_int_get (&G_OBJECT (connection)->ref_count) == 1)
    g_object_run_dispose (G_OBJECT (connection));
}

static void
handle_event (GrWsConnection *connection, const GrWsEvent *event)
{
  g_autoptr (GBytes) pong = NULL;

  switch (event->opcode)
    {
    case GR_WS_TEXT:
      if (connection->state == WS_OPEN)
        emit_message (connection, event);
      break;
    case GR_WS_PING:
      pong = gr_ws_encode (GR_WS_PONG, event->payload, event->length);
      if (connection->state == WS_OPEN)
        enqueue (connection, pong);
      break;
    case GR_WS_PONG:
      break;
    case GR_WS_CLOSE:
      handle_close (connection, event);
      break;
    default:
      gr_ws_connection_close (connection, GR_WS_UNSUPPORTED, "Only text is spoken here");
      break;
    }
}

/* FALSE when the client sends more frames than it may. */
static gboolean
within_rate (GrWsConnection *connection)
{
  guint64 frames = gr_ws_decoder_get_frames (connection->decoder);
  double fresh = (double) (frames - connection->frames_seen);
  gint64 now = connection->heard;

  connection->frames_seen = frames;
  if (connection->limits.frames_rate == 0)
    return TRUE;

  connection->frames_left += (double) (now - connection->frames_refilled) * connection->limits.frames_rate / 1e6;
  connection->frames_left = MIN (connection->frames_left, connection->limits.frames_burst) - fresh;
  connection->frames_refilled = now;
  return connection->frames_left >= 0;
}

/* Says why and reads on for a moment: closing with bytes unread would reset the connection, and the client would never
 * see the reason. */
static void
fail (GrWsConnection *connection, guint code, const char *reason)
{
  connection->discarding = TRUE;
  gr_ws_connection_close (connection, code, reason);
}

static void
decode (GrWsConnection *connection, const guint8 *bytes, gsize length)
{
  GrWsEvent event;

  while (connection->state <= WS_CLOSING && !connection->discarding)
    {
      GrWsResult result = gr_ws_decoder_next (connection->decoder, &bytes, &length, &event);

      if (result != GR_WS_FAILED && !within_rate (connection))
        {
          result = GR_WS_FAILED;
          event = (GrWsEvent){ .close_code = GR_WS_POLICY, .reason = "Too many messages" };
        }

      if (result == GR_WS_NEED_MORE)
        return;

      if (result == GR_WS_MESSAGE)
        handle_event (connection, &event);
      else
        fail (connection, event.close_code, event.reason);
    }
}

static void
read_available (GrWsConnection *connection)
{
  guint8 bytes[READ_BYTES];

  for (guint i = 0; i < READS_A_TURN && connection->state <= WS_CLOSING; i++)
    {
      g_autoptr (GError) error = NULL;
      gssize length = g_pollable_input_stream_read_nonblocking (connection->input, bytes, sizeof bytes, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;

      if (length <= 0)
        {
          drop (connection, GR_WS_ABNORMAL, "The connection was lost");
          break;
        }

      connection->heard = g_get_monotonic_time ();
      connection->pinged = 0;
      decode (connection, bytes, length);
      if ((gsize) length < sizeof bytes)
        break;
    }

  if (connection->state == WS_OPEN)
    arm_timer (connection);
}

static gboolean
on_readable (GPollableInputStream *input, gpointer user_data)
{
  g_autoptr (GrWsConnection) connection = g_object_ref (user_data);

  read_available (connection);
  return connection->readable != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
on_writable (GPollableOutputStream *output, gpointer user_data)
{
  g_autoptr (GrWsConnection) connection = g_object_ref (user_data);

  flush (connection);
  return connection->writable != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
emit_closed (GrWsConnection *connection)
{
  connection->state = WS_CLOSED;
  g_signal_emit (connection, signals[SIGNAL_CLOSED], 0, connection->close_code,
                 connection->close_reason != NULL ? connection->close_reason : "");
}

static gboolean
on_timer (gpointer user_data)
{
  g_autoptr (GrWsConnection) connection = g_object_ref (user_data);
  gint64 now = g_get_monotonic_time ();

  connection->armed = G_MAXINT64;
  g_source_set_ready_time (connection->timer, -1);
  if (connection->state == WS_DROPPED)
    {
      emit_closed (connection);
      return G_SOURCE_CONTINUE;
    }

  if (connection->queue_bytes > 0 && now >= after_ms (connection->progress, connection->limits.stall_ms))
    {
      drop (connection, GR_WS_ABNORMAL, "The client reads too slowly");
    }
  else if (connection->state == WS_CLOSING || connection->state == WS_ENDING)
    {
      if (now >= after_ms (connection->closing, connection->limits.close_ms))
        drop (connection, GR_WS_ABNORMAL, "The client did not close");
    }
  else if (connection->pinged != 0)
    {
      if (now >= after_ms (connection->pinged, connection->limits.pong_ms))
        drop (connection, GR_WS_ABNORMAL, "The client gave no sign of life");
    }
  else if (now >= after_ms (connection->heard, connection->limits.ping_ms))
    {
      g_autoptr (GBytes) ping = gr_ws_encode (GR_WS_PING, NULL, 0);

      connection->pinged = now;
      enqueue (connection, ping);
    }

  arm_timer (connection);
  return G_SOURCE_CONTINUE;
}

static gboolean
start_reading (gpointer user_data)
{
  g_autoptr (GrWsConnection) connection = g_object_ref (user_data);

  /* What came with the handshake sits in a buffer: a source made before that is empty would be ready for ever. */
  clear_source (&connection->readable);
  read_available (connection);
  if (connection->state > WS_CLOSING)
    return G_SOURCE_REMOVE;

  connection->readable = g_pollable_input_stream_create_source (connection->input, NULL);
  g_source_set_callback (connection->readable, G_SOURCE_FUNC (on_readable), connection, NULL);
  g_source_set_static_name (connection->readable, "websocket readable");
  g_source_attach (connection->readable, NULL);
  return G_SOURCE_REMOVE;
}

static void
gr_ws_connection_dispose (GObject *object)
{
  GrWsConnection *connection = GR_WS_CONNECTION (object);

  connection->state = WS_CLOSED;
  clear_source (&connection->readable);
  clear_source (&connection->writable);
  clear_source (&connection->timer);
  clear_queue (connection);
  if (connection->stream != NULL)
    g_io_stream_close (connection->stream, NULL, NULL);
  g_clear_object (&connection->stream);

  G_OBJECT_CLASS (gr_ws_connection_parent_class)->dispose (object);
}

static void
gr_ws_connection_finalize (GObject *object)
{
  GrWsConnection *connection = GR_WS_CONNECTION (object);

  g_clear_pointer (&connection->decoder, gr_ws_decoder_free);
  g_clear_pointer (&connection->close_reason, g_free);

  G_OBJECT_CLASS (gr_ws_connection_parent_class)->finalize (object);
}

static void
gr_ws_connection_class_init (GrWsConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = gr_ws_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = gr_ws_connection_finalize;

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_UINT64);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static void
gr_ws_connection_init (GrWsConnection *connection)
{
  static GSourceFuncs timer_funcs = { .dispatch = dispatch_timer };

  g_queue_init (&connection->queue);
  connection->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (connection->timer, on_timer, connection, NULL);
  g_source_set_static_name (connection->timer, "websocket timer");
}

GrWsConnection *
gr_ws_connection_new (GIOStream *stream, const GrWsLimits *limits)
{
  GrWsConnection *connection = g_object_new (GR_TYPE_WS_CONNECTION, NULL);

  connection->stream = g_object_ref (stream);
  connection->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  connection->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  connection->limits = *limits;
  connection->decoder = gr_ws_decoder_new (limits->message_bytes);
  connection->frames_left = limits->frames_burst;
  connection->armed = G_MAXINT64;
  connection->heard = connection->progress = connection->frames_refilled = g_get_monotonic_time ();

  connection->readable = g_idle_source_new ();
  g_source_set_priority (connection->readable, G_PRIORITY_DEFAULT);
  g_source_set_callback (connection->readable, start_reading, connection, NULL);
  g_source_attach (connection->readable, NULL);
  g_source_attach (connection->timer, NULL);
  arm_timer (connection);
  return connection;
}

void
gr_ws_connection_send (GrWsConnection *connection, GBytes *frame)
{
  if (connection->state == WS_OPEN)
    enqueue (connection, frame);
}

void
gr_ws_connection_close (GrWsConnection *connection, guint code, const char *reason)
{
  if (connection->state == WS_OPEN)
    begin_closing (connection, WS_CLOSING, code, reason, code);
}

gsize
gr_ws_connection_get_queue_bytes (GrWsConnection *connection)
{
  return connection->queue_bytes;
}

gboolean
gr_ws_connection_is_open (GrWsConnection *connection)
{
  return connection->state == WS_OPEN;
}
