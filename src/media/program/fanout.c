/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/fanout.h"

#define DEFAULT_MAX_TIME (2 * GST_SECOND)
#define DEFAULT_MAX_BYTES (8 * 1024 * 1024)
#define KEYFRAME_INTERVAL (G_USEC_PER_SEC / 2)
/* By how much sound may come before the pictures that belong to it: they take longer to encode. */
#define KEPT (GST_SECOND)

struct _GrFanout
{
  gatomicrefcount references;
  guint n_streams;
  guint gate;

  GMutex keyframe_mutex; /* taken alone, and while want_keyframe is called */
  GrFanoutKeyframeFunc want_keyframe;
  gpointer user_data;
  gint64 asked; /* µs, monotonic */

  GMutex mutex; /* guards what follows and all consumers; before an appsrc's own */
  GstCaps *caps[GR_FANOUT_MAX_STREAMS];
  GstClockTime first[GR_FANOUT_MAX_STREAMS]; /* when each begins; GST_CLOCK_TIME_NONE, which is late, before */
  GQueue kept[GR_FANOUT_MAX_STREAMS];        /* GstBuffer: the newest of those beside the gate, for who begins */
  GPtrArray *consumers;                      /* GrFanoutConsumer */
};

struct _GrFanoutConsumer
{
  GrFanout *fanout;
  GrFanoutOptions options;
  GstElement *sources[GR_FANOUT_MAX_STREAMS]; /* referenced; NULL: not its stream */
  gboolean waits;                             /* for a keyframe */
  gboolean ended;
  gboolean based;
  GstClockTime begin;                        /* running time of the keyframe that it began or went on with */
  GstClockTime given[GR_FANOUT_MAX_STREAMS]; /* running time of the newest; GST_CLOCK_TIME_NONE before */
  GrFanoutStats stats;
};

/* What an appsink needs to know. */
typedef struct
{
  GrFanout *fanout;
  guint stream;
  GstClockTime delay;
} Sink;

GrFanout *
gr_fanout_new (guint n_streams, guint gate, GrFanoutKeyframeFunc want_keyframe, gpointer user_data)
{
  GrFanout *fanout = g_new0 (GrFanout, 1);

  g_return_val_if_fail (n_streams <= GR_FANOUT_MAX_STREAMS, NULL);

  g_atomic_ref_count_init (&fanout->references);
  fanout->n_streams = n_streams;
  fanout->gate = gate;
  fanout->want_keyframe = want_keyframe;
  fanout->user_data = user_data;
  g_mutex_init (&fanout->keyframe_mutex);
  g_mutex_init (&fanout->mutex);
  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
    {
      fanout->first[i] = GST_CLOCK_TIME_NONE;
      g_queue_init (&fanout->kept[i]);
    }
  fanout->consumers = g_ptr_array_new ();
  return fanout;
}

GrFanout *
gr_fanout_ref (GrFanout *fanout)
{
  g_atomic_ref_count_inc (&fanout->references);
  return fanout;
}

void
gr_fanout_unref (GrFanout *fanout)
{
  if (!g_atomic_ref_count_dec (&fanout->references))
    return;

  for (guint i = 0; i < fanout->n_streams; i++)
    {
      gst_clear_caps (&fanout->caps[i]);
      g_queue_clear_full (&fanout->kept[i], (GDestroyNotify) gst_buffer_unref);
    }
  g_ptr_array_unref (fanout->consumers);
  g_mutex_clear (&fanout->mutex);
  g_mutex_clear (&fanout->keyframe_mutex);
  g_free (fanout);
}

void
gr_fanout_set_want_keyframe (GrFanout *fanout, GrFanoutKeyframeFunc want_keyframe, gpointer user_data)
{
  g_mutex_lock (&fanout->keyframe_mutex);
  fanout->want_keyframe = want_keyframe;
  fanout->user_data = user_data;
  g_mutex_unlock (&fanout->keyframe_mutex);
}

void
gr_fanout_close (GrFanout *fanout)
{
  gr_fanout_set_want_keyframe (fanout, NULL, NULL);
}

void
gr_fanout_want_keyframe (GrFanout *fanout)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&fanout->keyframe_mutex);
  if (fanout->want_keyframe != NULL && (fanout->asked == 0 || now - fanout->asked >= KEYFRAME_INTERVAL))
    {
      fanout->asked = now;
      fanout->want_keyframe (fanout->user_data);
    }
  g_mutex_unlock (&fanout->keyframe_mutex);
}

/* The next who wants a keyframe is heard at once. */
static void
forget_request (GrFanout *fanout)
{
  g_mutex_lock (&fanout->keyframe_mutex);
  fanout->asked = 0;
  g_mutex_unlock (&fanout->keyframe_mutex);
}

void
gr_fanout_set_caps (GrFanout *fanout, guint stream, GstCaps *caps)
{
  g_mutex_lock (&fanout->mutex);
  gst_caps_replace (&fanout->caps[stream], caps);
  for (guint i = 0; i < fanout->consumers->len; i++)
    {
      GrFanoutConsumer *consumer = g_ptr_array_index (fanout->consumers, i);

      if (consumer->sources[stream] != NULL)
        gst_app_src_set_caps (GST_APP_SRC (consumer->sources[stream]), caps);
    }
  g_mutex_unlock (&fanout->mutex);
}

GstCaps *
gr_fanout_get_caps (GrFanout *fanout, guint stream)
{
  GstCaps *caps;

  g_mutex_lock (&fanout->mutex);
  caps = fanout->caps[stream] != NULL ? gst_caps_ref (fanout->caps[stream]) : NULL;
  g_mutex_unlock (&fanout->mutex);
  return caps;
}

static gboolean
is_full (const GrFanoutConsumer *consumer, guint stream)
{
  GstAppSrc *source = GST_APP_SRC (consumer->sources[stream]);

  return gst_app_src_get_current_level_time (source) >= consumer->options.max_time
         || gst_app_src_get_current_level_bytes (source) >= consumer->options.max_bytes;
}

static void
give (GrFanoutConsumer *consumer, guint stream, GstBuffer *buffer)
{
  GstBuffer *own = gst_buffer_copy (buffer);

  consumer->given[stream] = GST_BUFFER_DTS_OR_PTS (own);
  if (GST_BUFFER_PTS_IS_VALID (own))
    GST_BUFFER_PTS (own) -= MIN (consumer->stats.base, GST_BUFFER_PTS (own));
  if (GST_BUFFER_DTS_IS_VALID (own))
    GST_BUFFER_DTS (own) -= MIN (consumer->stats.base, GST_BUFFER_DTS (own));
  consumer->stats.last = GST_BUFFER_DTS_OR_PTS (own);
  consumer->stats.buffers++;
  consumer->stats.bytes += gst_buffer_get_size (own);
  gst_app_src_push_buffer (GST_APP_SRC (consumer->sources[stream]), own);
}

/* From here on the consumer has an unbroken programme again. @time: when its keyframe is due. */
static void
begin (GrFanoutConsumer *consumer, GstClockTime time)
{
  consumer->waits = FALSE;
  consumer->begin = time;
  consumer->stats.begun = TRUE;
  if (!consumer->based)
    {
      consumer->based = TRUE;
      consumer->stats.base = consumer->options.rebase ? time : 0;
    }
}

/* What is to be heard with the keyframe at @time, and came before it. */
static void
catch_up (GrFanoutConsumer *consumer, guint stream, GstClockTime time)
{
  for (GList *kept = consumer->fanout->kept[stream].head; kept != NULL; kept = kept->next)
    {
      GstClockTime due = GST_BUFFER_DTS_OR_PTS (GST_BUFFER (kept->data));

      /* Before it fell behind it may have had some of it. */
      if (due >= time && (!GST_CLOCK_TIME_IS_VALID (consumer->given[stream]) || due > consumer->given[stream]))
        give (consumer, stream, kept->data);
    }
}

/* Sound takes a moment longer than pictures to begin, and a file is to begin with both. */
static gboolean
all_run (const GrFanoutConsumer *consumer, GstClockTime time)
{
  for (guint i = 0; i < consumer->fanout->n_streams; i++)
    if (consumer->sources[i] != NULL && consumer->fanout->first[i] > time)
      return FALSE;
  return TRUE;
}

/* Whether the gate lets a buffer through that is shown or heard from @time on. */
static gboolean
passes (GrFanoutConsumer *consumer, guint stream, gboolean keyframe, GstClockTime time)
{
  guint gate = consumer->fanout->gate;

  if (!consumer->waits)
    return stream == gate || time >= consumer->begin;
  if (gate != GR_FANOUT_NO_GATE && (stream != gate || !keyframe || !all_run (consumer, time)))
    return FALSE;

  begin (consumer, time);
  return TRUE;
}

/* TRUE if a keyframe is wanted now. */
static gboolean
offer (GrFanoutConsumer *consumer, guint stream, GstBuffer *buffer)
{
  GstClockTime time = GST_BUFFER_DTS_OR_PTS (buffer);
  gboolean keyframe = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  gboolean waited;

  if (consumer->ended || consumer->sources[stream] == NULL)
    return FALSE;
  if (!consumer->waits && is_full (consumer, stream))
    consumer->waits = TRUE;
  if (consumer->waits && is_full (consumer, stream))
    {
      consumer->stats.dropped++;
      return FALSE;
    }

  waited = consumer->waits;
  if (!passes (consumer, stream, keyframe, time))
    {
      /* What comes before its first keyframe, and sound that belongs before it, is nobody's loss. */
      consumer->stats.dropped += consumer->stats.begun && consumer->waits;
      return consumer->waits && stream == consumer->fanout->gate && all_run (consumer, time);
    }

  give (consumer, stream, buffer);
  for (guint i = 0; waited && i < consumer->fanout->n_streams; i++)
    if (consumer->sources[i] != NULL)
      catch_up (consumer, i, time);
  return FALSE;
}

/* Under the mutex, once all consumers had it. */
static void
keep (GrFanout *fanout, guint stream, GstBuffer *buffer)
{
  GQueue *kept = &fanout->kept[stream];
  GstClockTime time = GST_BUFFER_DTS_OR_PTS (buffer);
  GstBuffer *oldest;

  if (fanout->gate == GR_FANOUT_NO_GATE || stream == fanout->gate)
    return;

  g_queue_push_tail (kept, gst_buffer_ref (buffer));
  while ((oldest = g_queue_peek_head (kept)) != buffer && GST_BUFFER_DTS_OR_PTS (oldest) + KEPT < time)
    gst_buffer_unref (g_queue_pop_head (kept));
}

static GstClockTime
running_time (const GstSegment *segment, GstClockTime time, GstClockTime delay)
{
  guint64 running = gst_segment_to_running_time (segment, GST_FORMAT_TIME, time);

  return running == GST_CLOCK_TIME_NONE || running < delay ? GST_CLOCK_TIME_NONE : running - delay;
}

void
gr_fanout_push (GrFanout *fanout, guint stream, GstBuffer *buffer, const GstSegment *segment, GstClockTime delay)
{
  g_autoptr (GstBuffer) timed = gst_buffer_copy (buffer);
  gboolean wanted = FALSE;
  gboolean begins;

  GST_BUFFER_PTS (timed) = running_time (segment, GST_BUFFER_PTS (buffer), delay);
  GST_BUFFER_DTS (timed) = running_time (segment, GST_BUFFER_DTS (buffer), delay);
  /* Sound from before the programme began. */
  if (!GST_BUFFER_PTS_IS_VALID (timed))
    return;

  g_mutex_lock (&fanout->mutex);
  begins = !GST_CLOCK_TIME_IS_VALID (fanout->first[stream]);
  if (begins)
    fanout->first[stream] = GST_BUFFER_DTS_OR_PTS (timed);
  for (guint i = 0; i < fanout->consumers->len; i++)
    wanted |= offer (g_ptr_array_index (fanout->consumers, i), stream, timed);
  keep (fanout, stream, timed);
  g_mutex_unlock (&fanout->mutex);

  if (begins)
    forget_request (fanout);
  if (wanted)
    gr_fanout_want_keyframe (fanout);
}

static GstFlowReturn
on_sample (GstAppSink *appsink, gpointer user_data)
{
  Sink *sink = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (appsink);
  GstCaps *caps = sample != NULL ? gst_sample_get_caps (sample) : NULL;

  if (sample == NULL)
    return GST_FLOW_EOS;

  if (caps != NULL && (sink->fanout->caps[sink->stream] == NULL || sink->fanout->caps[sink->stream] != caps))
    gr_fanout_set_caps (sink->fanout, sink->stream, caps);
  gr_fanout_push (sink->fanout, sink->stream, gst_sample_get_buffer (sample), gst_sample_get_segment (sample),
                  sink->delay);
  return GST_FLOW_OK;
}

static void
sink_free (gpointer user_data)
{
  Sink *sink = user_data;

  gr_fanout_unref (sink->fanout);
  g_free (sink);
}

GstElement *
gr_fanout_make_sink (GrFanout *fanout, guint stream, GstClockTime delay)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  GstElement *element = gst_element_factory_make ("appsink", NULL);
  Sink *sink = g_new (Sink, 1);

  *sink = (Sink){ gr_fanout_ref (fanout), stream, delay };
  g_object_set (element, "sync", FALSE, "async", FALSE, "max-buffers", 4, "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (element), &callbacks, sink, sink_free);
  return element;
}

static GstElement *
make_source (const GrFanoutConsumer *consumer, GstCaps *caps)
{
  GstElement *source = gst_object_ref_sink (gst_element_factory_make ("appsrc", NULL));

  /* The bound is ours (is_full()): appsrc's own would block or leak in the midst of a picture. */
  g_object_set (source, "is-live", TRUE, "format", GST_FORMAT_TIME, "max-bytes", (guint64) 0, "max-time", (guint64) 0,
                "max-buffers", (guint64) 0, "block", FALSE, "emit-signals", FALSE, "caps", caps, NULL);
  return source;
}

GrFanoutConsumer *
gr_fanout_join (GrFanout *fanout, const GrFanoutOptions *options)
{
  GrFanoutConsumer *consumer = g_new0 (GrFanoutConsumer, 1);

  consumer->fanout = gr_fanout_ref (fanout);
  consumer->options = *options;
  if (consumer->options.max_time == 0)
    consumer->options.max_time = DEFAULT_MAX_TIME;
  if (consumer->options.max_bytes == 0)
    consumer->options.max_bytes = DEFAULT_MAX_BYTES;
  consumer->waits = TRUE;
  consumer->stats.last = GST_CLOCK_TIME_NONE;
  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
    consumer->given[i] = GST_CLOCK_TIME_NONE;

  g_mutex_lock (&fanout->mutex);
  for (guint i = 0; i < fanout->n_streams; i++)
    if (options->streams & 1u << i)
      consumer->sources[i] = make_source (consumer, fanout->caps[i]);
  g_ptr_array_add (fanout->consumers, consumer);
  g_mutex_unlock (&fanout->mutex);

  if (fanout->gate != GR_FANOUT_NO_GATE)
    gr_fanout_want_keyframe (fanout);
  return consumer;
}

GstElement *
gr_fanout_consumer_get_source (GrFanoutConsumer *consumer, guint stream)
{
  return stream < GR_FANOUT_MAX_STREAMS ? consumer->sources[stream] : NULL;
}

void
gr_fanout_consumer_end (GrFanoutConsumer *consumer)
{
  g_mutex_lock (&consumer->fanout->mutex);
  if (!consumer->ended)
    for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
      if (consumer->sources[i] != NULL)
        gst_app_src_end_of_stream (GST_APP_SRC (consumer->sources[i]));
  consumer->ended = TRUE;
  g_mutex_unlock (&consumer->fanout->mutex);
}

void
gr_fanout_consumer_leave (GrFanoutConsumer *consumer)
{
  GrFanout *fanout = consumer->fanout;

  g_mutex_lock (&fanout->mutex);
  g_ptr_array_remove_fast (fanout->consumers, consumer);
  g_mutex_unlock (&fanout->mutex);

  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
    gst_clear_object (&consumer->sources[i]);
  g_free (consumer);
  gr_fanout_unref (fanout);
}

void
gr_fanout_consumer_get_stats (GrFanoutConsumer *consumer, GrFanoutStats *stats)
{
  g_mutex_lock (&consumer->fanout->mutex);
  *stats = consumer->stats;
  for (guint i = 0; i < GR_FANOUT_MAX_STREAMS; i++)
    if (consumer->sources[i] != NULL)
      {
        stats->queued = MAX (stats->queued, gst_app_src_get_current_level_time (GST_APP_SRC (consumer->sources[i])));
        stats->queued_bytes += gst_app_src_get_current_level_bytes (GST_APP_SRC (consumer->sources[i]));
      }
  g_mutex_unlock (&consumer->fanout->mutex);
}
