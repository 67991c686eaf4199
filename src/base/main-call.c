/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/main-call.h"

#include "base/error.h"

typedef enum
{
  CALL_WAITING,
  CALL_RUNNING,
  CALL_DONE,
  CALL_ABANDONED, /* the caller has left; its data may be gone */
} CallState;

/* One call from a pool thread, held by the caller and by the main context's source. */
typedef struct
{
  gatomicrefcount refs;
  GMutex lock; /* taken alone; guards all below */
  GCond changed;
  CallState state;
  GrMainCallFunc func;
  gpointer data;
  gboolean result;
  GError *error;
} Call;

typedef struct
{
  GrMainFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

static GThread *main_thread;

static void
call_unref (gpointer data)
{
  Call *call = data;

  if (!g_atomic_ref_count_dec (&call->refs))
    return;

  g_clear_error (&call->error);
  g_cond_clear (&call->changed);
  g_mutex_clear (&call->lock);
  g_free (call);
}

static gboolean
run_call (gpointer data)
{
  Call *call = data;
  gboolean wanted;

  g_mutex_lock (&call->lock);
  wanted = call->state == CALL_WAITING;
  if (wanted)
    call->state = CALL_RUNNING;
  g_mutex_unlock (&call->lock);

  if (!wanted)
    return G_SOURCE_REMOVE;

  /* Only this thread touches result and error until the state says DONE. */
  call->result = call->func (call->data, &call->error);

  g_mutex_lock (&call->lock);
  call->state = CALL_DONE;
  g_cond_signal (&call->changed);
  g_mutex_unlock (&call->lock);
  return G_SOURCE_REMOVE;
}

static gboolean
run_post (gpointer data)
{
  Post *post = data;

  post->func (post->data);
  return G_SOURCE_REMOVE;
}

static void
post_free (gpointer data)
{
  Post *post = data;

  if (post->destroy != NULL)
    post->destroy (post->data);
  g_free (post);
}

/* g_main_context_invoke() would run it at once where nobody holds the context. */
static void
attach (GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "greenroom main call");
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, NULL);
}

void
gr_main_init (void)
{
  g_atomic_pointer_set (&main_thread, g_thread_self ());
}

gboolean
gr_is_main (void)
{
  GThread *thread = g_atomic_pointer_get (&main_thread);

  return thread == NULL || thread == g_thread_self ();
}

void
gr_main_post (GrMainFunc func, gpointer data, GDestroyNotify destroy)
{
  Post *post = g_new (Post, 1);

  *post = (Post){ .func = func, .data = data, .destroy = destroy };
  attach (run_post, post, post_free);
}

gboolean
gr_main_call (GrMainCallFunc func, gpointer data, gint64 deadline_us, GError **error)
{
  Call *call = g_new0 (Call, 1);
  gboolean result = FALSE;

  gr_assert_pool ();
  g_atomic_ref_count_init (&call->refs);
  g_atomic_ref_count_inc (&call->refs);
  g_mutex_init (&call->lock);
  g_cond_init (&call->changed);
  call->func = func;
  call->data = data;
  attach (run_call, call, call_unref);

  g_mutex_lock (&call->lock);
  while (call->state == CALL_WAITING)
    if (!g_cond_wait_until (&call->changed, &call->lock, deadline_us) && call->state == CALL_WAITING)
      call->state = CALL_ABANDONED;
  while (call->state == CALL_RUNNING)
    g_cond_wait (&call->changed, &call->lock);

  if (call->state == CALL_ABANDONED)
    gr_set_error (error, GR_ERROR_BUSY, NULL, "The server is too busy; try again");
  else
    {
      result = call->result;
      if (call->error != NULL)
        g_propagate_error (error, g_steal_pointer (&call->error));
    }
  g_mutex_unlock (&call->lock);

  call_unref (call);
  return result;
}
