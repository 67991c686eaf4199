/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/pool.h"

#include "base/error.h"

typedef struct
{
  GrPoolFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Job;

struct _GrPool
{
  GPtrArray *threads;
  guint max_queued;

  GMutex lock; /* taken alone, never while a job runs; guards all below */
  GCond wake;  /* there is a job, or the pool stops */
  GCond idle;  /* nothing is queued or running */
  GQueue queue;
  guint n_running;
  gboolean stopping;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy != NULL)
    job->destroy (job->data);
  g_free (job);
}

/* Called with the lock held; NULL: the thread is to end. */
static Job *
next_job (GrPool *pool)
{
  while (!pool->stopping && g_queue_is_empty (&pool->queue))
    g_cond_wait (&pool->wake, &pool->lock);

  return pool->stopping ? NULL : g_queue_pop_head (&pool->queue);
}

static gpointer
run_thread (gpointer data)
{
  GrPool *pool = data;
  Job *job;

  g_mutex_lock (&pool->lock);
  while ((job = next_job (pool)) != NULL)
    {
      pool->n_running++;
      g_mutex_unlock (&pool->lock);

      job->func (job->data);
      job_free (job);

      g_mutex_lock (&pool->lock);
      if (--pool->n_running == 0 && g_queue_is_empty (&pool->queue))
        g_cond_broadcast (&pool->idle);
    }
  g_mutex_unlock (&pool->lock);

  return NULL;
}

GrPool *
gr_pool_new (const char *name, guint n_threads, guint max_queued)
{
  GrPool *pool = g_new0 (GrPool, 1);

  g_mutex_init (&pool->lock);
  g_cond_init (&pool->wake);
  g_cond_init (&pool->idle);
  g_queue_init (&pool->queue);
  pool->max_queued = max_queued;
  pool->threads = g_ptr_array_new ();

  for (guint i = 0; i < n_threads; i++)
    {
      g_autofree char *thread_name = g_strdup_printf ("%s-%u", name, i + 1);

      g_ptr_array_add (pool->threads, g_thread_new (thread_name, run_thread, pool));
    }

  return pool;
}

void
gr_pool_free (GrPool *pool)
{
  gr_pool_stop (pool);
  g_ptr_array_unref (pool->threads);
  g_cond_clear (&pool->idle);
  g_cond_clear (&pool->wake);
  g_mutex_clear (&pool->lock);
  g_free (pool);
}

gboolean
gr_pool_push (GrPool *pool, GrPoolFunc func, gpointer data, GDestroyNotify destroy, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);
  Job *job;

  if (pool->stopping)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The server is stopping");
      return FALSE;
    }

  /* A thread without work takes a job past the queue's limit, so that a limit of zero means "do not wait". */
  if (pool->queue.length + pool->n_running >= pool->max_queued + pool->threads->len)
    {
      gr_set_error (error, GR_ERROR_BUSY, NULL, "The server is too busy; try again");
      return FALSE;
    }

  job = g_new (Job, 1);
  *job = (Job){ .func = func, .data = data, .destroy = destroy };
  g_queue_push_tail (&pool->queue, job);
  g_cond_signal (&pool->wake);
  return TRUE;
}

guint
gr_pool_get_queued (GrPool *pool)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);

  return pool->queue.length;
}

guint
gr_pool_get_running (GrPool *pool)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);

  return pool->n_running;
}

gboolean
gr_pool_drain (GrPool *pool, gint64 deadline_us)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&pool->lock);

  while (pool->n_running > 0 || !g_queue_is_empty (&pool->queue))
    if (!g_cond_wait_until (&pool->idle, &pool->lock, deadline_us))
      return pool->n_running == 0 && g_queue_is_empty (&pool->queue);

  return TRUE;
}

void
gr_pool_stop (GrPool *pool)
{
  GQueue dropped;

  g_mutex_lock (&pool->lock);
  pool->stopping = TRUE;
  dropped = pool->queue;
  g_queue_init (&pool->queue);
  g_cond_broadcast (&pool->wake);
  if (pool->n_running == 0)
    g_cond_broadcast (&pool->idle);
  g_mutex_unlock (&pool->lock);

  g_queue_clear_full (&dropped, job_free);
  for (guint i = 0; i < pool->threads->len; i++)
    g_thread_join (g_ptr_array_index (pool->threads, i));
  g_ptr_array_set_size (pool->threads, 0);
}
