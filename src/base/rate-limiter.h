/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRateLimiter: a token bucket per key (an address, an account), for a bounded number of keys. Past the bound the
 * key that was used least recently is forgotten. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrRateLimiter GrRateLimiter;

/* @burst tokens at first, @per_second more each second, at most @burst. */
GrRateLimiter *gr_rate_limiter_new (double per_second, double burst, guint max_keys);
void gr_rate_limiter_free (GrRateLimiter *limiter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRateLimiter, gr_rate_limiter_free)

/* Takes a token of @key at @now (microseconds, any clock that does not run back). FALSE if there is none, and
 * then *@retry_after_seconds (or NULL) says when there will be. */
gboolean gr_rate_limiter_take (GrRateLimiter *limiter, const char *key, gint64 now, double *retry_after_seconds);

guint gr_rate_limiter_get_n_keys (GrRateLimiter *limiter);

G_END_DECLS
