/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "media/program/publish.h"

#include <gst/video/video.h>

#include "base/log.h"
#include "plugins/hubtransport/link-wire.h"

/* With room for what the hub adds: extensions, SRTP. */
#define MTU 1200

struct _GrPublish
{
  GrFanout *fanout;
  GrFanoutConsumer *consumer;
  GstElement *pipeline;
};

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      gr_warning ("publishing the programme: %s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
    }

  gst_message_unref (message);
  return GST_BUS_DROP;
}

/* A viewer's PLI has come up to here; the encoder is in another pipeline. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (gst_video_event_is_force_key_unit (GST_PAD_PROBE_INFO_EVENT (info)))
    gr_fanout_want_keyframe (user_data);
  return GST_PAD_PROBE_OK;
}

static void
unref_fanout (gpointer fanout)
{
  gr_fanout_unref (fanout);
}

static void
add_stream (
    GrPublish *publish, GrLinkEnd *end, guint stream, const char *payloader_name, guint payload_type, guint32 ssrc)
{
  GstElement *source = gr_fanout_consumer_get_source (publish->consumer, stream);
  GstElement *payloader = gst_element_factory_make (payloader_name, NULL);
  GstElement *sink = gst_element_factory_make ("hublinksink", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  g_object_set (payloader, "pt", payload_type, "mtu", MTU, NULL);
  g_object_set (sink, "link", end, "ssrc", ssrc, NULL);
  if (stream == GR_FANOUT_VIDEO)
    g_object_set (payloader, "config-interval", -1, "aggregate-mode", 1 /* zero-latency */, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_event, gr_fanout_ref (publish->fanout), unref_fanout);
  gst_bin_add_many (GST_BIN (publish->pipeline), source, payloader, sink, NULL);
  gst_element_link_many (source, payloader, sink, NULL);
}

static void
stop (GstElement *pipeline, gpointer user_data)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

GrPublish *
gr_publish_new (GrFanout *fanout, GrLinkEnd *end, GstClockTime base_time)
{
  const GrFanoutOptions options = {
    .streams = 1 << GR_FANOUT_VIDEO | 1 << GR_FANOUT_OPUS,
    .max_time = GST_SECOND,
  };
  GrPublish *publish = g_new0 (GrPublish, 1);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = NULL;

  publish->fanout = gr_fanout_ref (fanout);
  publish->consumer = gr_fanout_join (fanout, &options);
  publish->pipeline = gst_object_ref_sink (gst_pipeline_new ("publish"));
  bus = gst_pipeline_get_bus (GST_PIPELINE (publish->pipeline));
  gst_bus_set_sync_handler (bus, on_message, NULL, NULL);
  gst_pipeline_use_clock (GST_PIPELINE (publish->pipeline), clock);
  gst_element_set_start_time (publish->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (publish->pipeline, base_time);
  add_stream (publish, end, GR_FANOUT_VIDEO, "rtph264pay", GR_LINK_H264, GR_LINK_PROGRAMME_VIDEO_SSRC);
  add_stream (publish, end, GR_FANOUT_OPUS, "rtpopuspay", GR_LINK_OPUS, GR_LINK_PROGRAMME_AUDIO_SSRC);
  /* Live, with sinks that wait for nothing: this does not block. */
  gst_element_set_state (publish->pipeline, GST_STATE_PLAYING);
  return publish;
}

void
gr_publish_free (GrPublish *publish)
{
  gr_fanout_consumer_leave (publish->consumer);
  gst_element_call_async (publish->pipeline, stop, NULL, NULL);
  gst_object_unref (publish->pipeline);
  gr_fanout_unref (publish->fanout);
  g_free (publish);
}

void
gr_publish_get_stats (GrPublish *publish, GrFanoutStats *stats)
{
  gr_fanout_consumer_get_stats (publish->consumer, stats);
}

char *
gr_publish_draw (GrPublish *publish)
{
  return gst_debug_bin_to_dot_data (GST_BIN (publish->pipeline), GST_DEBUG_GRAPH_SHOW_ALL);
}
