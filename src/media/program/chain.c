/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/chain.h"

#include "base/error.h"
#include "media/launch.h"

/* What the threads that change states hold on to. */
typedef struct
{
  gatomicrefcount references;
  GstElement *pipeline;
  GMutex mutex; /* held while a state changes */
  gboolean stopped;
  GrMainFunc done;
  gpointer data;
} Run;

struct _GrChain
{
  Run *run;
  GstBin *bin; /* of the text, within the pipeline */
  GrFanout *fanout;
  GrFanoutOptions options;
  const char *entries[GR_FANOUT_MAX_STREAMS];
  GrFanoutConsumer *consumer;
  GrChainFunc over;
  gpointer user_data;
};

static void
run_unref (gpointer data)
{
  Run *run = data;

  if (!g_atomic_ref_count_dec (&run->references))
    return;

  gst_object_unref (run->pipeline);
  g_mutex_clear (&run->mutex);
  g_free (run);
}

static Run *
run_ref (Run *run)
{
  g_atomic_ref_count_inc (&run->references);
  return run;
}

static void
play (GstElement *pipeline, gpointer data)
{
  Run *run = data;

  g_mutex_lock (&run->mutex);
  if (!run->stopped)
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_mutex_unlock (&run->mutex);
}

static void
stop (GstElement *pipeline, gpointer data)
{
  Run *run = data;

  g_mutex_lock (&run->mutex);
  run->stopped = TRUE;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_mutex_unlock (&run->mutex);
  if (run->done != NULL)
    gr_main_post (run->done, run->data, NULL);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  GrChain *chain = user_data;
  GrChainFunc over = chain->over;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS)
    return G_SOURCE_CONTINUE;

  /* The first one is the cause; what follows from it is nobody's interest. */
  chain->over = NULL;
  if (over != NULL)
    over (chain, error, debug, chain->user_data);
  return G_SOURCE_CONTINUE;
}

GrChain *
gr_chain_new (const GrChainPlan *plan, GrChainFunc over, gpointer user_data, GError **error)
{
  GstElement *bin = gr_launch_make_whole (plan->pipelines, plan->name, NULL, error);
  GrChain *chain;
  g_autoptr (GstBus) bus = NULL;

  if (bin == NULL)
    return NULL;

  chain = g_new0 (GrChain, 1);
  chain->run = g_new0 (Run, 1);
  g_atomic_ref_count_init (&chain->run->references);
  g_mutex_init (&chain->run->mutex);
  chain->run->pipeline = gst_object_ref_sink (gst_pipeline_new (plan->name));
  chain->bin = GST_BIN (bin);
  chain->fanout = plan->fanout != NULL ? gr_fanout_ref (plan->fanout) : NULL;
  chain->options = plan->options;
  chain->options.streams = 0;
  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS && plan->entries != NULL && i < GR_FANOUT_PROGRAMME_STREAMS; i++)
    {
      chain->entries[i] = plan->entries[i];
      chain->options.streams |= (plan->entries[i] != NULL) << i;
    }
  chain->over = over;
  chain->user_data = user_data;
  gst_bin_add (GST_BIN (chain->run->pipeline), bin);
  bus = gst_element_get_bus (chain->run->pipeline);
  gst_bus_add_watch (bus, on_message, chain);
  return chain;
}

GstElement *
gr_chain_get (GrChain *chain, const char *name)
{
  return gst_bin_get_by_name (chain->bin, name);
}

char *
gr_chain_draw (GrChain *chain)
{
  return chain != NULL ? gst_debug_bin_to_dot_data (GST_BIN (chain->run->pipeline),
                                                    GST_DEBUG_GRAPH_SHOW_MEDIA_TYPE | GST_DEBUG_GRAPH_SHOW_STATES)
                       : NULL;
}

/* FALSE: the operator's text has no such element, or it does not take what the encoder makes. */
static gboolean
attach (GrChain *chain, guint stream)
{
  GstElement *source = gr_fanout_consumer_get_source (chain->consumer, stream);
  g_autoptr (GstElement) entry = gr_chain_get (chain, chain->entries[stream]);

  /* Muxers then wait for the other stream instead of for the clock, and interleave well. */
  g_object_set (source, "is-live", FALSE, NULL);
  gst_bin_add (chain->bin, source);
  return entry != NULL && gst_element_link (source, entry);
}

void
gr_chain_play (GrChain *chain)
{
  gboolean attached = TRUE;

  if (chain->fanout != NULL)
    chain->consumer = gr_fanout_join (chain->fanout, &chain->options);
  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
    if (chain->entries[i] != NULL)
      attached &= attach (chain, i);
  if (!attached)
    GST_ELEMENT_ERROR (chain->run->pipeline, CORE, NEGOTIATION, ("The pipeline does not take what is to go in"),
                       (NULL));

  gst_element_call_async (chain->run->pipeline, play, run_ref (chain->run), run_unref);
}

void
gr_chain_end (GrChain *chain)
{
  if (chain->consumer != NULL)
    gr_fanout_consumer_end (chain->consumer);
}

void
gr_chain_get_stats (GrChain *chain, GrFanoutStats *stats)
{
  *stats = (GrFanoutStats){ .last = GST_CLOCK_TIME_NONE };
  if (chain->consumer != NULL)
    gr_fanout_consumer_get_stats (chain->consumer, stats);
}

void
gr_chain_stop (GrChain *chain, GrMainFunc done, gpointer data)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (chain->run->pipeline);

  gst_bus_remove_watch (bus);
  gst_bus_set_flushing (bus, TRUE);
  g_clear_pointer (&chain->consumer, gr_fanout_consumer_leave);
  g_clear_pointer (&chain->fanout, gr_fanout_unref);
  chain->run->done = done;
  chain->run->data = data;
  gst_element_call_async (chain->run->pipeline, stop, run_ref (chain->run), run_unref);
  run_unref (chain->run);
  g_free (chain);
}
