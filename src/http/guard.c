/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/guard.h"

#include <string.h>

#include "base/error.h"
#include "http/guard-streams.h"
#include "http/head.h"
#include "http/refusal.h"

#define READ_BYTES (8 * 1024)

typedef enum
{
  GUARD_IDLE,        /* waits for the first byte of a request */
  GUARD_HEAD,        /* has a part of a head */
  GUARD_DELIVERING,  /* the head is whole and good: libsoup reads it */
  GUARD_BODY,        /* libsoup reads the body */
  GUARD_ANSWERING,   /* libsoup has the whole request; its next read is for the next one */
  GUARD_TRANSPARENT, /* switched to another protocol */
  GUARD_ENDED        /* end of file for libsoup, whatever the socket says */
} GuardState;

struct _GrGuardStream
{
  GIOStream parent_instance;

  GIOStream *base;
  GPollableInputStream *base_input;
  GPollableOutputStream *base_output;
  GrGuardInput *input;
  GrGuardOutput *output;
  GrGuardSettings settings;
  GDestroyNotify closed;
  gpointer closed_data;

  GuardState state;
  GrHead head;
  gsize delivered;      /* bytes of the head that libsoup has */
  guint64 body_left;    /* bytes of the body that libsoup has not */
  gsize reserved;       /* bytes of the budget that the body has */
  gint64 request_start; /* monotonic µs of the head's first byte */
  gboolean draining;
  gboolean served;   /* libsoup has had a request */
  gboolean farewell; /* libsoup is still to get an empty line before the end of file */

  /* Read from the socket, not yet framed: no longer than READ_BYTES. */
  guint8 *raw;
  gsize raw_start;
  gsize raw_end;

  GSource *deadline;
  gint64 due;       /* monotonic µs of the deadline, -1 without one */
  gint64 armed;     /* when the source looks next, -1 never */
  gboolean stalled; /* the deadline is that of a blocked write */
};

G_DEFINE_FINAL_TYPE (GrGuardStream, gr_guard_stream, G_TYPE_IO_STREAM)

static void
arm (GrGuardStream *guard, gint64 time)
{
  guard->armed = time;
  g_source_set_ready_time (guard->deadline, time);
}

/* Moving a source costs a wake-up of the main loop, so one that is armed for too early a time just looks again then. */
static void
set_deadline (GrGuardStream *guard, gint64 start, guint ms)
{
  guard->due = start + (gint64) ms * 1000;
  if (guard->armed < 0 || guard->due < guard->armed)
    arm (guard, guard->due);
}

static void
clear_deadline (GrGuardStream *guard)
{
  guard->stalled = FALSE;
  guard->due = -1;
}

static gboolean
has_room (const GrBodyBudget *budget, gsize bytes)
{
  return budget == NULL || bytes <= budget->limit - budget->taken;
}

static void
take (GrBodyBudget *budget, gssize bytes)
{
  if (budget != NULL)
    budget->taken += bytes;
}

/* What a body takes of the budgets; those of everyday size take nothing. */
static void
reserve (GrGuardStream *guard, gsize bytes)
{
  guard->reserved = bytes;
  take (guard->settings.budget, bytes);
  take (guard->settings.share, bytes);
}

static void
release (GrGuardStream *guard)
{
  take (guard->settings.budget, -(gssize) guard->reserved);
  take (guard->settings.share, -(gssize) guard->reserved);
  guard->reserved = 0;
}

static void
end (GrGuardStream *guard)
{
  if (guard->state == GUARD_ENDED)
    return;

  /* libsoup 3.2 forgets, descriptor and all, a kept connection that ends before a byte of its next request. After an
   * empty line it takes the end for a bad request, tries to say so, which we swallow, and cleans up. */
  guard->farewell = guard->served && (guard->state == GUARD_IDLE || guard->state == GUARD_HEAD);
  guard->state = GUARD_ENDED;
  release (guard);
  clear_deadline (guard);
  gr_guard_input_wake (guard->input);
  gr_guard_output_wake (guard->output);
}

static void
refuse (GrGuardStream *guard, GrErrorCode code, const char *message)
{
  const char *const *allowed = guard->settings.allowed_origins;
  const char *origin = guard->head.origin;

  /* Once it is closed there may be no share any more. */
  release (guard);

  /* A page of another origin would learn nothing of the refusal, not even its status (Fetch standard, section 3.2). */
  if (origin == NULL || allowed == NULL || !g_strv_contains (allowed, origin))
    origin = NULL;

  gr_refuse (guard->base, code, message, origin, g_steal_pointer (&guard->closed), guard->closed_data);
  g_clear_object (&guard->base);
  end (guard);
}

static gboolean
on_deadline (gpointer user_data)
{
  GrGuardStream *guard = user_data;

  arm (guard, -1);
  if (guard->due < 0)
    return G_SOURCE_CONTINUE;

  if (g_get_monotonic_time () < guard->due)
    {
      arm (guard, guard->due);
      return G_SOURCE_CONTINUE;
    }

  /* libsoup may drop its last reference when it sees the end. */
  g_object_ref (guard);
  if (guard->state == GUARD_HEAD)
    refuse (guard, GR_ERROR_TIMEOUT, "The headers took too long");
  else if (guard->state == GUARD_BODY)
    refuse (guard, GR_ERROR_TIMEOUT, "The body took too long");
  else
    end (guard);
  g_object_unref (guard);

  return G_SOURCE_CONTINUE;
}

static void
await_request (GrGuardStream *guard)
{
  gr_head_reset (&guard->head);
  release (guard);
  guard->state = GUARD_IDLE;
  set_deadline (guard, g_get_monotonic_time (), guard->settings.idle_ms);

  if (guard->draining)
    end (guard);
}

static void
request_complete (GrGuardStream *guard)
{
  guard->state = GUARD_ANSWERING;
  clear_deadline (guard);
}

/* Fills the raw buffer from the socket: 1 on bytes, 0 at the end of file, -1 on error. */
static gssize
fill (GrGuardStream *guard, GError **error)
{
  gssize length;

  if (guard->raw == NULL)
    guard->raw = g_malloc (READ_BYTES);

  length = g_pollable_input_stream_read_nonblocking (guard->base_input, guard->raw, READ_BYTES, NULL, error);
  if (length < 0)
    {
      /* An idle connection keeps no buffer. */
      g_clear_pointer (&guard->raw, g_free);
      return -1;
    }

  guard->raw_start = 0;
  guard->raw_end = length;
  return length > 0;
}

static gsize
take_raw (GrGuardStream *guard, void *buffer, gsize count)
{
  gsize length = MIN (count, guard->raw_end - guard->raw_start);

  memcpy (buffer, guard->raw + guard->raw_start, length);
  guard->raw_start += length;
  return length;
}

static gboolean
send_continue (GrGuardStream *guard)
{
  static const char answer[] = "HTTP/1.1 100 Continue\r\n\r\n";
  gssize length = g_pollable_output_stream_write_nonblocking (guard->base_output, answer, strlen (answer), NULL, NULL);

  return length == (gssize) strlen (answer);
}

/* The head is whole: looks at what it announces. */
static void
admit (GrGuardStream *guard)
{
  GrHead *head = &guard->head;
  GrBodyBounds bounds = { .bytes = GR_GUARD_BODY_BYTES };

  if (guard->settings.body_bounds != NULL)
    bounds = guard->settings.body_bounds (head->method, head->path, guard->settings.body_bounds_data);

  if (head->content_length > bounds.bytes)
    {
      g_autofree char *message = g_strdup_printf ("The body may have %" G_GSIZE_FORMAT " bytes here", bounds.bytes);

      refuse (guard, GR_ERROR_TOO_LARGE, message);
      return;
    }

  if (head->content_length > GR_GUARD_BODY_BYTES)
    {
      if (!has_room (guard->settings.share, head->content_length))
        {
          refuse (guard, GR_ERROR_RATE_LIMITED, "Too many large files come from your address at once");
          return;
        }
      if (!has_room (guard->settings.budget, head->content_length))
        {
          refuse (guard, GR_ERROR_BUSY, "Too many large files come at once; try again in a moment");
          return;
        }
      reserve (guard, head->content_length);
    }

  if (head->continues && guard->raw_start == guard->raw_end && !send_continue (guard))
    {
      end (guard);
      return;
    }

  guard->served = TRUE;
  guard->delivered = 0;
  guard->body_left = head->content_length;
  guard->state = GUARD_DELIVERING;
  set_deadline (guard, guard->request_start, bounds.ms > 0 ? bounds.ms : guard->settings.request_ms);
}

/* Reads and frames until the state is another. FALSE: an error of the socket, WOULD_BLOCK among them. */
static gboolean
frame_head (GrGuardStream *guard, GError **error)
{
  while (guard->state == GUARD_IDLE || guard->state == GUARD_HEAD)
    {
      g_autoptr (GError) refused = NULL;
      gssize taken;

      if (guard->raw_start == guard->raw_end)
        {
          gssize filled = fill (guard, error);

          if (filled < 0)
            return FALSE;
          if (filled == 0)
            {
              end (guard);
              return TRUE;
            }
        }

      if (guard->state == GUARD_IDLE)
        {
          guard->state = GUARD_HEAD;
          guard->request_start = g_get_monotonic_time ();
          set_deadline (guard, guard->request_start, guard->settings.header_ms);
        }

      taken = gr_head_feed (&guard->head, guard->raw + guard->raw_start, guard->raw_end - guard->raw_start, &refused);
      if (taken < 0)
        {
          refuse (guard, refused->code, refused->message);
          return TRUE;
        }

      guard->raw_start += taken;
      if (guard->head.complete)
        admit (guard);
    }

  return TRUE;
}

static gssize
deliver_head (GrGuardStream *guard, void *buffer, gsize count)
{
  gsize length = MIN (count, guard->head.bytes->len - guard->delivered);

  memcpy (buffer, guard->head.bytes->data + guard->delivered, length);
  guard->delivered += length;
  if (guard->delivered < guard->head.bytes->len)
    return length;

  if (guard->body_left > 0)
    guard->state = GUARD_BODY;
  else
    request_complete (guard);
  return length;
}

static gssize
deliver_body (GrGuardStream *guard, void *buffer, gsize count, GError **error)
{
  gsize wanted = MIN (count, guard->body_left);
  gssize length;

  if (guard->raw_start < guard->raw_end)
    length = take_raw (guard, buffer, wanted);
  else
    length = g_pollable_input_stream_read_nonblocking (guard->base_input, buffer, wanted, NULL, error);

  if (length > 0)
    guard->body_left -= length;
  if (guard->body_left == 0)
    request_complete (guard);
  return length;
}

static gssize
deliver_end (GrGuardStream *guard, guint8 *buffer, gsize count)
{
  static const char empty_line[] = "\r\n";

  if (!guard->farewell || count < strlen (empty_line))
    return 0;

  guard->farewell = FALSE;
  memcpy (buffer, empty_line, strlen (empty_line));
  return strlen (empty_line);
}

gssize
gr_guard_stream_read (GrGuardStream *guard, void *buffer, gsize count, GError **error)
{
  if (guard->state == GUARD_ANSWERING)
    await_request (guard);

  if (!frame_head (guard, error))
    return -1;

  switch (guard->state)
    {
    case GUARD_DELIVERING:
      return deliver_head (guard, buffer, count);
    case GUARD_BODY:
      return deliver_body (guard, buffer, count, error);
    case GUARD_TRANSPARENT:
      if (guard->raw_start < guard->raw_end)
        return take_raw (guard, buffer, count);
      g_clear_pointer (&guard->raw, g_free);
      return g_pollable_input_stream_read_nonblocking (guard->base_input, buffer, count, NULL, error);
    default:
      return deliver_end (guard, buffer, count);
    }
}

gboolean
gr_guard_stream_has_input (GrGuardStream *guard)
{
  return guard->state == GUARD_DELIVERING || guard->state == GUARD_ENDED || guard->raw_start < guard->raw_end;
}

void
gr_guard_stream_polled (GrGuardStream *guard)
{
  /* libsoup waits for input again, so its response is out. */
  if (guard->state == GUARD_ANSWERING)
    await_request (guard);
}

gboolean
gr_guard_stream_may_write (GrGuardStream *guard, GError **error)
{
  if (guard->state != GUARD_ENDED)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The guard has ended the connection");
  return FALSE;
}

void
gr_guard_stream_wrote (GrGuardStream *guard, const void *bytes, gsize length)
{
  static const char switching[] = "HTTP/1.1 101";

  if (guard->state != GUARD_ANSWERING)
    return;

  clear_deadline (guard);
  if (guard->head.websocket && length > strlen (switching) && memcmp (bytes, switching, strlen (switching)) == 0)
    {
      guard->state = GUARD_TRANSPARENT;
      gr_head_reset (&guard->head);
    }
}

void
gr_guard_stream_write_blocked (GrGuardStream *guard)
{
  if (guard->state != GUARD_ANSWERING || guard->stalled)
    return;

  guard->stalled = TRUE;
  set_deadline (guard, g_get_monotonic_time (), guard->settings.stall_ms);
}

static GInputStream *
gr_guard_stream_get_input_stream (GIOStream *stream)
{
  return G_INPUT_STREAM (GR_GUARD_STREAM (stream)->input);
}

static GOutputStream *
gr_guard_stream_get_output_stream (GIOStream *stream)
{
  return G_OUTPUT_STREAM (GR_GUARD_STREAM (stream)->output);
}

static gboolean
gr_guard_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  GrGuardStream *guard = GR_GUARD_STREAM (stream);
  g_autoptr (GIOStream) base = g_steal_pointer (&guard->base);
  GDestroyNotify closed = g_steal_pointer (&guard->closed);
  gboolean success = TRUE;

  end (guard);
  g_source_destroy (guard->deadline);

  /* Without a base the connection has been refused, and the refusal closes it. */
  if (base != NULL)
    success = g_io_stream_close (base, cancellable, error);
  if (closed != NULL)
    closed (guard->closed_data);

  return success;
}

static void
gr_guard_stream_finalize (GObject *object)
{
  GrGuardStream *guard = GR_GUARD_STREAM (object);

  /* libsoup's filter may hold the streams longer than us. */
  gr_guard_input_detach (guard->input);
  gr_guard_output_detach (guard->output);
  g_clear_object (&guard->input);
  g_clear_object (&guard->output);
  g_clear_object (&guard->base_input);
  g_clear_object (&guard->base_output);
  g_clear_pointer (&guard->deadline, g_source_unref);
  g_clear_pointer (&guard->raw, g_free);
  gr_head_clear (&guard->head);

  G_OBJECT_CLASS (gr_guard_stream_parent_class)->finalize (object);
}

static gboolean
dispatch_deadline (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static void
gr_guard_stream_init (GrGuardStream *guard)
{
  static GSourceFuncs deadline_funcs = { .dispatch = dispatch_deadline };

  gr_head_init (&guard->head);
  guard->due = guard->armed = -1;
  guard->deadline = g_source_new (&deadline_funcs, sizeof (GSource));
  g_source_set_callback (guard->deadline, on_deadline, guard, NULL);
  g_source_set_static_name (guard->deadline, "guard deadline");
  g_source_attach (guard->deadline, NULL);
}

static void
gr_guard_stream_class_init (GrGuardStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = gr_guard_stream_finalize;
  stream_class->get_input_stream = gr_guard_stream_get_input_stream;
  stream_class->get_output_stream = gr_guard_stream_get_output_stream;
  stream_class->close_fn = gr_guard_stream_close;
}

GIOStream *
gr_guard_stream_new (GIOStream *base, const GrGuardSettings *settings, GDestroyNotify closed, gpointer user_data)
{
  GrGuardStream *guard = g_object_new (GR_TYPE_GUARD_STREAM, NULL);

  guard->base = g_object_ref (base);
  guard->base_input = g_object_ref (G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (base)));
  guard->base_output = g_object_ref (G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (base)));
  guard->settings = *settings;
  guard->closed = closed;
  guard->closed_data = user_data;
  guard->input = gr_guard_input_new (guard, guard->base_input);
  guard->output = gr_guard_output_new (guard, guard->base_output);
  await_request (guard);

  return G_IO_STREAM (guard);
}

void
gr_guard_stream_drain (GrGuardStream *guard)
{
  guard->draining = TRUE;
  if (guard->state == GUARD_IDLE)
    end (guard);
}
