/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two pollable halves of a GrGuardStream: GIO's plumbing, no decisions. Private to the guard. Main thread, except
 * for a blocking write: libsoup ends a chunked response on a pool thread, and that goes straight to the socket. */
#pragma once

#include "http/guard.h"

G_BEGIN_DECLS

#define GR_TYPE_GUARD_INPUT (gr_guard_input_get_type ())
G_DECLARE_FINAL_TYPE (GrGuardInput, gr_guard_input, GR, GUARD_INPUT, GInputStream)

#define GR_TYPE_GUARD_OUTPUT (gr_guard_output_get_type ())
G_DECLARE_FINAL_TYPE (GrGuardOutput, gr_guard_output, GR, GUARD_OUTPUT, GOutputStream)

/* @guard is not owned; detach before it goes. Waking makes whoever polls look again. */
GrGuardInput *gr_guard_input_new (GrGuardStream *guard, GPollableInputStream *base);
void gr_guard_input_wake (GrGuardInput *input);
void gr_guard_input_detach (GrGuardInput *input);
GrGuardOutput *gr_guard_output_new (GrGuardStream *guard, GPollableOutputStream *base);
void gr_guard_output_wake (GrGuardOutput *output);
void gr_guard_output_detach (GrGuardOutput *output);

/* What the halves ask of the guard. */
gssize gr_guard_stream_read (GrGuardStream *guard, void *buffer, gsize count, GError **error);
gboolean gr_guard_stream_has_input (GrGuardStream *guard);
void gr_guard_stream_polled (GrGuardStream *guard);
gboolean gr_guard_stream_may_write (GrGuardStream *guard, GError **error);
void gr_guard_stream_wrote (GrGuardStream *guard, const void *bytes, gsize length);
void gr_guard_stream_write_blocked (GrGuardStream *guard);

G_END_DECLS
