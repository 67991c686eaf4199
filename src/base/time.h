/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wall-clock time in microseconds since 1970 UTC, as everywhere in the program and the database; RFC 3339 in
 * JSON. Deadlines and intervals use g_get_monotonic_time(). Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef gint64 (*GrTimeSource) (void);

/* Now, from the system clock or from what gr_time_set_source() put in its place. */
gint64 gr_now (void);

/* Replaces the clock of gr_now() for a test; NULL brings the system clock back. */
void gr_time_set_source (GrTimeSource source);

/* "2026-11-21T10:00:00.000Z". */
char *gr_time_format (gint64 us);

/* Reads an RFC 3339 date-time with a mandatory zone. FALSE, and *@out untouched, if it is anything else. */
gboolean gr_time_parse (const char *text, gint64 *out);

G_END_DECLS
