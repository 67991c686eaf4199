/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-sink.h"

#include <gst/video/video.h>
#include <string.h>

#include "plugins/hubtransport/ring.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/rtp.h"

/* For half a second of 20 Mbit/s. */
#define RING_PACKETS 2048
#define RING_BYTES (2 * 1024 * 1024)
#define REPORT_INTERVAL G_USEC_PER_SEC
#define REPORT_BYTES 128
#define CNAME "program"

struct _GrLinkSink
{
  GstBaseSink parent;

  GrLinkEnd *end; /* set before it runs */
  guint32 ssrc;   /* of what it sends, whatever the payloader says */
  guint32 clock_rate;

  GMutex mutex; /* guards what follows: the link's thread asks for packets again */
  GrRing *ring;
  guint32 packets;
  guint32 octets;
  gint64 next_report; /* µs, monotonic */
};

G_DEFINE_FINAL_TYPE (GrLinkSink, gr_link_sink, GST_TYPE_BASE_SINK)

enum
{
  PROP_LINK = 1,
  PROP_SSRC
};

static GstStaticPadTemplate template
    = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-rtp"));

/* The link's thread. */
static void
send_again (guint16 sequence, gpointer user_data)
{
  GrLinkSink *sink = user_data;
  const guint8 *packet;
  gsize length;

  g_mutex_lock (&sink->mutex);
  packet = gr_ring_get (sink->ring, sequence, &length);
  if (packet != NULL)
    gr_link_end_send (sink->end, packet, length, FALSE);
  g_mutex_unlock (&sink->mutex);
}

static void
push_force_key_unit (GstElement *element, gpointer user_data)
{
  gst_pad_push_event (GST_BASE_SINK_PAD (element),
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

static void
want_keyframe (gpointer user_data)
{
  /* Events upstream may wait for an encoder's lock. */
  gst_element_call_async (GST_ELEMENT (user_data), push_force_key_unit, NULL, NULL);
}

/* @time of @timestamp, µs of the monotonic clock: the NTP time that the hub sees is that clock. */
static void
report (GrLinkSink *sink, guint32 timestamp, gint64 time, gint64 now)
{
  guint8 bytes[REPORT_BYTES];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes);
  guint64 ntp = now;
  GrRtcpSenderReport said = {
    .ssrc = sink->ssrc,
    .ntp = (ntp / G_USEC_PER_SEC) << 32 | ((ntp % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC,
    .rtp_timestamp = timestamp + (guint32) ((now - time) * sink->clock_rate / G_USEC_PER_SEC),
    .packets = sink->packets,
    .octets = sink->octets,
  };

  gr_rtcp_write_sender_report (&writer, &said, NULL, 0);
  gr_rtcp_write_cname (&writer, sink->ssrc, CNAME);
  gr_link_end_send (sink->end, writer.bytes, writer.length, FALSE);
}

static void
send_packet (GrLinkSink *sink, GstBuffer *buffer, GstClockTime base, gboolean flush)
{
  guint64 running
      = gst_segment_to_running_time (&GST_BASE_SINK (sink)->segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  gint64 now = g_get_monotonic_time ();
  guint8 packet[GR_RING_MAX_PACKET];
  gsize length = gst_buffer_extract (buffer, 0, packet, sizeof packet);
  GrRtpHeader header;

  if (gst_buffer_get_size (buffer) > sizeof packet || !gr_rtp_parse (&header, packet, length))
    return;

  gr_rtp_set_ssrc (packet, sink->ssrc);
  g_mutex_lock (&sink->mutex);
  if (now >= sink->next_report && running != GST_CLOCK_TIME_NONE)
    {
      report (sink, header.timestamp, (gint64) ((base + running) / GST_USECOND), now);
      sink->next_report = now + REPORT_INTERVAL;
    }
  gr_ring_put (sink->ring, header.sequence, packet, length);
  sink->packets++;
  sink->octets += header.payload_length;
  gr_link_end_send (sink->end, packet, length, flush);
  g_mutex_unlock (&sink->mutex);
}

static GstFlowReturn
gr_link_sink_render (GstBaseSink *base_sink, GstBuffer *buffer)
{
  send_packet (GR_LINK_SINK (base_sink), buffer, gst_element_get_base_time (GST_ELEMENT (base_sink)), TRUE);
  return GST_FLOW_OK;
}

static GstFlowReturn
gr_link_sink_render_list (GstBaseSink *base_sink, GstBufferList *list)
{
  GstClockTime base = gst_element_get_base_time (GST_ELEMENT (base_sink));
  guint n = gst_buffer_list_length (list);

  for (guint i = 0; i < n; i++)
    send_packet (GR_LINK_SINK (base_sink), gst_buffer_list_get (list, i), base, i + 1 == n);
  return GST_FLOW_OK;
}

static gboolean
gr_link_sink_set_caps (GstBaseSink *base_sink, GstCaps *caps)
{
  GrLinkSink *sink = GR_LINK_SINK (base_sink);
  int clock_rate = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "clock-rate", &clock_rate);
  sink->clock_rate = clock_rate;
  return clock_rate > 0;
}

static gboolean
gr_link_sink_start (GstBaseSink *base_sink)
{
  GrLinkSink *sink = GR_LINK_SINK (base_sink);
  const GrLinkPublisher publisher = { sink->ssrc, send_again, want_keyframe, sink };

  if (sink->end == NULL || sink->ssrc == 0)
    {
      GST_ELEMENT_ERROR (sink, RESOURCE, SETTINGS, ("There is no link to send over"), (NULL));
      return FALSE;
    }

  gr_link_end_publish (sink->end, &publisher);
  return TRUE;
}

static gboolean
gr_link_sink_stop (GstBaseSink *base_sink)
{
  GrLinkSink *sink = GR_LINK_SINK (base_sink);

  gr_link_end_unpublish (sink->end, sink->ssrc);
  return TRUE;
}

static void
gr_link_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  GrLinkSink *sink = GR_LINK_SINK (object);

  if (id == PROP_LINK)
    g_set_object (&sink->end, g_value_get_object (value));
  else if (id == PROP_SSRC)
    sink->ssrc = g_value_get_uint (value);
}

static void
gr_link_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  GrLinkSink *sink = GR_LINK_SINK (object);

  if (id == PROP_LINK)
    g_value_set_object (value, sink->end);
  else if (id == PROP_SSRC)
    g_value_set_uint (value, sink->ssrc);
}

static void
gr_link_sink_finalize (GObject *object)
{
  GrLinkSink *sink = GR_LINK_SINK (object);

  g_clear_object (&sink->end);
  gr_ring_free (sink->ring);
  g_mutex_clear (&sink->mutex);
  G_OBJECT_CLASS (gr_link_sink_parent_class)->finalize (object);
}

static void
gr_link_sink_class_init (GrLinkSinkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = gr_link_sink_set_property;
  object_class->get_property = gr_link_sink_get_property;
  object_class->finalize = gr_link_sink_finalize;
  g_object_class_install_property (object_class, PROP_LINK,
                                   g_param_spec_object ("link", "Link", "The GrLinkEnd to send over", GR_TYPE_LINK_END,
                                                        flags));
  g_object_class_install_property (object_class, PROP_SSRC,
                                   g_param_spec_uint ("ssrc", "SSRC", "Of what is sent, by which the hub knows it", 0,
                                                      G_MAXUINT32, 0, flags));

  sink_class->start = gr_link_sink_start;
  sink_class->stop = gr_link_sink_stop;
  sink_class->set_caps = gr_link_sink_set_caps;
  sink_class->render = gr_link_sink_render;
  sink_class->render_list = gr_link_sink_render_list;
  gst_element_class_add_static_pad_template (element_class, &template);
  gst_element_class_set_static_metadata (element_class, "Hub link sink", "Sink/Network/RTP",
                                         "Publishes RTP at the hub over a link", "Greenroom");
}

static void
gr_link_sink_init (GrLinkSink *sink)
{
  g_mutex_init (&sink->mutex);
  sink->ring = gr_ring_new (RING_PACKETS, RING_BYTES);
  /* The hub paces nothing, and neither do we: what is encoded leaves. */
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
}
