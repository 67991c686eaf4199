/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/guard-streams.h"

struct _GrGuardInput
{
  GInputStream parent_instance;

  GrGuardStream *guard;
  GPollableInputStream *base;
  GSource *polled; /* the source that was made last, to be woken at the end */
};

struct _GrGuardOutput
{
  GOutputStream parent_instance;

  GrGuardStream *guard;
  GPollableOutputStream *base;
  GSource *polled; /* as above */
};

static void input_pollable_init (GPollableInputStreamInterface *pollable);
static void output_pollable_init (GPollableOutputStreamInterface *pollable);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrGuardInput,
                               gr_guard_input,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (GrGuardOutput,
                               gr_guard_output,
                               G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, output_pollable_init))

/* Lets go of the source: it holds the stream that holds it. */
static void
wake (GSource **polled)
{
  if (*polled == NULL)
    return;

  g_source_set_ready_time (*polled, 0);
  g_clear_pointer (polled, g_source_unref);
}

/* A source for @stream that is ready when @waits_for is, or at once without it. */
static GSource *
create_source (gpointer stream, GSource *waits_for, GSource **polled, GCancellable *cancellable)
{
  g_autoptr (GSource) child = waits_for;
  GSource *source = g_pollable_source_new_full (stream, child, cancellable);

  g_clear_pointer (polled, g_source_unref);
  if (child != NULL)
    *polled = g_source_ref (source);
  else
    g_source_set_ready_time (source, 0);

  return source;
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  GrGuardInput *input = GR_GUARD_INPUT (stream);

  return input->guard == NULL || gr_guard_stream_has_input (input->guard)
         || g_pollable_input_stream_is_readable (input->base);
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  GrGuardInput *input = GR_GUARD_INPUT (stream);

  if (input->guard != NULL)
    gr_guard_stream_polled (input->guard);

  if (input->guard == NULL || gr_guard_stream_has_input (input->guard))
    return create_source (stream, NULL, &input->polled, cancellable);

  return create_source (stream, g_pollable_input_stream_create_source (input->base, NULL), &input->polled, cancellable);
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  GrGuardInput *input = GR_GUARD_INPUT (stream);

  return input->guard != NULL ? gr_guard_stream_read (input->guard, buffer, count, error) : 0;
}

static gssize
input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A guarded stream is only polled");
  return -1;
}

static void
gr_guard_input_finalize (GObject *object)
{
  g_clear_object (&GR_GUARD_INPUT (object)->base);
  G_OBJECT_CLASS (gr_guard_input_parent_class)->finalize (object);
}

static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  GrGuardOutput *output = GR_GUARD_OUTPUT (stream);

  return output->guard == NULL || !gr_guard_stream_may_write (output->guard, NULL)
         || g_pollable_output_stream_is_writable (output->base);
}

static GSource *
output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  GrGuardOutput *output = GR_GUARD_OUTPUT (stream);

  if (output->guard == NULL || !gr_guard_stream_may_write (output->guard, NULL))
    return create_source (stream, NULL, &output->polled, cancellable);

  return create_source (stream, g_pollable_output_stream_create_source (output->base, NULL), &output->polled,
                        cancellable);
}

static gboolean
output_may_write (GrGuardOutput *output, GError **error)
{
  if (output->guard != NULL)
    return gr_guard_stream_may_write (output->guard, error);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is closed");
  return FALSE;
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize count, GError **error)
{
  GrGuardOutput *output = GR_GUARD_OUTPUT (stream);
  g_autoptr (GError) failure = NULL;
  gssize length;

  if (!output_may_write (output, error))
    return -1;

  length = g_pollable_output_stream_write_nonblocking (output->base, buffer, count, NULL, &failure);
  if (length >= 0)
    gr_guard_stream_wrote (output->guard, buffer, length);
  else if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    gr_guard_stream_write_blocked (output->guard);

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return length;
}

static GPollableReturn
output_writev_nonblocking (
    GPollableOutputStream *stream, const GOutputVector *vectors, gsize n_vectors, gsize *bytes_written, GError **error)
{
  GrGuardOutput *output = GR_GUARD_OUTPUT (stream);
  GPollableReturn result;

  if (!output_may_write (output, error))
    return G_POLLABLE_RETURN_FAILED;

  result = g_pollable_output_stream_writev_nonblocking (output->base, vectors, n_vectors, bytes_written, NULL, error);
  if (result == G_POLLABLE_RETURN_OK)
    gr_guard_stream_wrote (output->guard, vectors[0].buffer, MIN (vectors[0].size, *bytes_written));
  else if (result == G_POLLABLE_RETURN_WOULD_BLOCK)
    gr_guard_stream_write_blocked (output->guard);

  return result;
}

static gssize
output_write (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return g_output_stream_write (G_OUTPUT_STREAM (GR_GUARD_OUTPUT (stream)->base), buffer, count, cancellable, error);
}

static void
gr_guard_output_finalize (GObject *object)
{
  g_clear_object (&GR_GUARD_OUTPUT (object)->base);
  G_OBJECT_CLASS (gr_guard_output_parent_class)->finalize (object);
}

static void
input_pollable_init (GPollableInputStreamInterface *pollable)
{
  pollable->is_readable = input_is_readable;
  pollable->create_source = input_create_source;
  pollable->read_nonblocking = input_read_nonblocking;
}

static void
output_pollable_init (GPollableOutputStreamInterface *pollable)
{
  pollable->is_writable = output_is_writable;
  pollable->create_source = output_create_source;
  pollable->write_nonblocking = output_write_nonblocking;
  pollable->writev_nonblocking = output_writev_nonblocking;
}

static void
gr_guard_input_class_init (GrGuardInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_guard_input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = input_read;
}

static void
gr_guard_input_init (GrGuardInput *input)
{
}

static void
gr_guard_output_class_init (GrGuardOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_guard_output_finalize;
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = output_write;
}

static void
gr_guard_output_init (GrGuardOutput *output)
{
}

GrGuardInput *
gr_guard_input_new (GrGuardStream *guard, GPollableInputStream *base)
{
  GrGuardInput *input = g_object_new (GR_TYPE_GUARD_INPUT, NULL);

  input->guard = guard;
  input->base = g_object_ref (base);
  return input;
}

void
gr_guard_input_wake (GrGuardInput *input)
{
  wake (&input->polled);
}

void
gr_guard_input_detach (GrGuardInput *input)
{
  wake (&input->polled);
  input->guard = NULL;
}

GrGuardOutput *
gr_guard_output_new (GrGuardStream *guard, GPollableOutputStream *base)
{
  GrGuardOutput *output = g_object_new (GR_TYPE_GUARD_OUTPUT, NULL);

  output->guard = guard;
  output->base = g_object_ref (base);
  return output;
}

void
gr_guard_output_wake (GrGuardOutput *output)
{
  wake (&output->polled);
}

void
gr_guard_output_detach (GrGuardOutput *output)
{
  wake (&output->polled);
  output->guard = NULL;
}
