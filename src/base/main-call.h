/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way from a pool thread to the main thread, which owns every live object and never waits for a pool thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*GrMainFunc) (gpointer data);
typedef gboolean (*GrMainCallFunc) (gpointer data, GError **error);

/* Declares the calling thread to be the main thread, and the default main context to be its own. */
void gr_main_init (void);

/* Runs @func on the main thread soon, in the order posted; then @destroy (or NULL) on @data there. Any thread. */
void gr_main_post (GrMainFunc func, gpointer data, GDestroyNotify destroy);

/* Runs @func on the main thread and waits for its result. If main has not begun by @deadline_us
 * (g_get_monotonic_time()), fails with GR_ERROR_BUSY and @func will never run; once begun it is waited for, so @data
 * may live on the caller's stack. Pool threads only. */
gboolean gr_main_call (GrMainCallFunc func, gpointer data, gint64 deadline_us, GError **error);

/* Whether the calling thread is the main thread. Before gr_main_init() every thread is. */
gboolean gr_is_main (void);

#define gr_assert_main() g_assert (gr_is_main ())
#define gr_assert_pool() g_assert (!gr_is_main ())

G_END_DECLS
