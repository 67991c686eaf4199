/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "hub"

#include "media/hub/pipeline.h"

#define GST_USE_UNSTABLE_API
#include <gio/gio.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"

struct _GrPipeline
{
  GThreadPool *worker; /* of one thread, so that work keeps its order */
  GCancellable *cancellable;
  GstElement *element;
};

typedef struct _Job Job;

/* A piece of work, and what becomes of it. Passes from main to the worker, from there perhaps to webrtcbin's thread,
 * and ends on main. */
struct _Job
{
  void (*run) (Job *job);
  GstElement *pipeline;
  GstElement *webrtcbin;
  GCancellable *cancellable;
  GrPipelineFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  char *text;
  GError *error;
};

static Job *
job_new (GrPipeline *pipeline, void (*run) (Job *job), GstElement *webrtcbin)
{
  Job *job = g_new0 (Job, 1);

  job->run = run;
  job->pipeline = gst_object_ref (pipeline->element);
  job->webrtcbin = webrtcbin != NULL ? gst_object_ref_sink (webrtcbin) : NULL;
  job->cancellable = g_object_ref (pipeline->cancellable);
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy != NULL)
    job->destroy (job->user_data);
  gst_clear_object (&job->webrtcbin);
  gst_clear_object (&job->pipeline);
  g_object_unref (job->cancellable);
  g_free (job->text);
  g_clear_error (&job->error);
  g_free (job);
}

static void
job_call_back (gpointer data)
{
  Job *job = data;

  if (job->func != NULL && !g_cancellable_is_cancelled (job->cancellable))
    job->func (job->text, job->error, job->user_data);
}

static void
job_end (Job *job)
{
  gr_main_post (job_call_back, job, job_free);
}

/* Waits for webrtcbin to keep @promise, which is taken. The worker may wait; and so nothing is ever removed in the
 * midst of its handshake, when webrtcbin (1.22) forgets its promises and keeps itself alive by them. Its reply, or NULL
 * with the job failed. */
static GstStructure *
wait_for (Job *job, GstPromise *promise)
{
  GstPromiseResult result = gst_promise_wait (promise);
  const GstStructure *reply = result == GST_PROMISE_RESULT_REPLIED ? gst_promise_get_reply (promise) : NULL;
  GstStructure *kept = reply != NULL ? gst_structure_copy (reply) : gst_structure_new_empty ("none");
  g_autoptr (GError) error = NULL;

  gst_promise_unref (promise);
  if (result == GST_PROMISE_RESULT_REPLIED && !gst_structure_has_field (kept, "error"))
    return kept;

  gst_structure_get (kept, "error", G_TYPE_ERROR, &error, NULL);
  gst_structure_free (kept);
  gr_warning ("webrtcbin refuses: %s", error != NULL ? error->message : "no reply");
  gr_set_error (&job->error, GR_ERROR_UNAVAILABLE, NULL, "The participant's transport cannot be made");
  return NULL;
}

static gboolean
set_description (Job *job, const char *signal, GstWebRTCSessionDescription *description)
{
  GstPromise *promise = gst_promise_new ();
  GstStructure *reply;

  g_signal_emit_by_name (job->webrtcbin, signal, description, promise);
  reply = wait_for (job, promise);
  if (reply == NULL)
    return FALSE;

  gst_structure_free (reply);
  return TRUE;
}

static GstWebRTCSessionDescription *
create_answer (Job *job)
{
  GstPromise *promise = gst_promise_new ();
  GstWebRTCSessionDescription *answer = NULL;
  GstStructure *reply;

  g_signal_emit_by_name (job->webrtcbin, "create-answer", NULL, promise);
  reply = wait_for (job, promise);
  if (reply == NULL)
    return NULL;

  if (!gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &answer, NULL))
    gr_set_error (&job->error, GR_ERROR_UNAVAILABLE, NULL, "The description got no answer");
  gst_structure_free (reply);
  return answer;
}

static gboolean
add_to_pipeline (Job *job, GError **error)
{
  if (gst_bin_add (GST_BIN (job->pipeline), job->webrtcbin) && gst_element_sync_state_with_parent (job->webrtcbin))
    return TRUE;

  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The participant's transport cannot be made");
  return FALSE;
}

static void
run_answer (Job *job)
{
  g_autofree char *offer = g_steal_pointer (&job->text);
  g_autoptr (GstWebRTCSessionDescription) remote = NULL;
  g_autoptr (GstWebRTCSessionDescription) answer = NULL;
  GstSDPMessage *message = NULL;

  if (gst_sdp_message_new_from_text (offer, &message) == GST_SDP_OK)
    remote = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
  else
    gr_set_error (&job->error, GR_ERROR_INTERNAL, NULL, "GStreamer cannot read our description");

  if (remote != NULL && add_to_pipeline (job, &job->error) && set_description (job, "set-remote-description", remote))
    answer = create_answer (job);
  if (answer != NULL && set_description (job, "set-local-description", answer))
    job->text = gst_sdp_message_as_text (answer->sdp);

  job_end (job);
}

static void
run_remove (Job *job)
{
  /* Locked, it is not brought back to what the pipeline does meanwhile. */
  gst_element_set_locked_state (job->webrtcbin, TRUE);
  gst_element_set_state (job->webrtcbin, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (job->pipeline), job->webrtcbin);
  /* Its end is the worker's, too. */
  gst_clear_object (&job->webrtcbin);
  job_end (job);
}

static void
run_draw (Job *job)
{
  job->text = gst_debug_bin_to_dot_data (GST_BIN (job->pipeline), GST_DEBUG_GRAPH_SHOW_ALL);
  job_end (job);
}

static void
run_start (Job *job)
{
  gst_element_set_state (job->pipeline, GST_STATE_PLAYING);
  job_end (job);
}

static void
run_stop (Job *job)
{
  gst_element_set_state (job->pipeline, GST_STATE_NULL);
  job_end (job);
}

static void
run_job (gpointer data, gpointer user_data)
{
  Job *job = data;

  job->run (job);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      gr_warning ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
    }

  gst_message_unref (message);
  return GST_BUS_DROP;
}

GrPipeline *
gr_pipeline_new (const char *name)
{
  GrPipeline *pipeline = g_new0 (GrPipeline, 1);
  g_autoptr (GstBus) bus = NULL;

  gr_assert_main ();
  pipeline->cancellable = g_cancellable_new ();
  pipeline->element = gst_object_ref_sink (gst_pipeline_new (name));
  /* A pool that is not exclusive cannot fail to be made. */
  pipeline->worker = g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
  bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline->element));
  gst_bus_set_sync_handler (bus, on_message, NULL, NULL);
  g_thread_pool_push (pipeline->worker, job_new (pipeline, run_start, NULL), NULL);
  return pipeline;
}

void
gr_pipeline_free (GrPipeline *pipeline)
{
  gr_assert_main ();
  g_cancellable_cancel (pipeline->cancellable);
  g_thread_pool_push (pipeline->worker, job_new (pipeline, run_stop, NULL), NULL);
  g_thread_pool_free (pipeline->worker, FALSE, FALSE);
  gst_object_unref (pipeline->element);
  g_object_unref (pipeline->cancellable);
  g_free (pipeline);
}

void
gr_pipeline_answer (GrPipeline *pipeline,
                    GstElement *webrtcbin,
                    const char *offer,
                    GrPipelineFunc func,
                    gpointer user_data,
                    GDestroyNotify destroy)
{
  Job *job = job_new (pipeline, run_answer, webrtcbin);

  gr_assert_main ();
  job->text = g_strdup (offer);
  job->func = func;
  job->user_data = user_data;
  job->destroy = destroy;
  g_thread_pool_push (pipeline->worker, job, NULL);
}

void
gr_pipeline_remove (GrPipeline *pipeline, GstElement *webrtcbin)
{
  gr_assert_main ();
  g_thread_pool_push (pipeline->worker, job_new (pipeline, run_remove, webrtcbin), NULL);
}

void
gr_pipeline_draw (GrPipeline *pipeline, GrPipelineFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Job *job = job_new (pipeline, run_draw, NULL);

  gr_assert_main ();
  job->func = func;
  job->user_data = user_data;
  job->destroy = destroy;
  g_thread_pool_push (pipeline->worker, job, NULL);
}
