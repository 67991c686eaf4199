/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPool: a fixed number of named threads and a bounded queue before them. Owned by who made it; pushed to from
 * any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrPool GrPool;
typedef void (*GrPoolFunc) (gpointer data);

/* Threads are called "@name-1" and so on (15 characters show in ps). */
GrPool *gr_pool_new (const char *name, guint n_threads, guint max_queued);

/* Stops and frees. */
void gr_pool_free (GrPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrPool, gr_pool_free)

/* Queues @func, then @destroy (or NULL) on @data; a job that is dropped gets only @destroy. GR_ERROR_BUSY if the
 * queue is full, GR_ERROR_UNAVAILABLE once stopped: then @data is still the caller's. */
gboolean gr_pool_push (GrPool *pool, GrPoolFunc func, gpointer data, GDestroyNotify destroy, GError **error);

guint gr_pool_get_queued (GrPool *pool);
guint gr_pool_get_running (GrPool *pool);

/* Waits until nothing is queued or running; FALSE if that did not happen by @deadline_us (monotonic). A job that
 * calls main (gr_main_call) needs main's loop running, so main asks for the figures instead. */
gboolean gr_pool_drain (GrPool *pool, gint64 deadline_us);

/* Takes no more jobs, drops the queued ones, waits for the running ones. */
void gr_pool_stop (GrPool *pool);

G_END_DECLS
