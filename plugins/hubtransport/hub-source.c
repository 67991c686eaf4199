/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hub-source.h"

struct _GrHubSource
{
  GstElement parent;

  GstPad *pad;
  gboolean started; /* of the pushing thread: stream-start, caps and segment have gone out */
};

G_DEFINE_FINAL_TYPE (GrHubSource, gr_hub_source, GST_TYPE_ELEMENT)

static GstStaticPadTemplate template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static void
start (GrHubSource *source)
{
  g_autofree char *stream = gst_pad_create_stream_id (source->pad, GST_ELEMENT (source), NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (source->pad, gst_event_new_stream_start (stream));
  gst_pad_push_event (source->pad, gst_event_new_segment (&segment));
  source->started = TRUE;
}

static gboolean
query (GstPad *pad, GstObject *parent, GstQuery *asked)
{
  if (GST_QUERY_TYPE (asked) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, asked);

  gst_query_set_latency (asked, TRUE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/* Live: nothing to preroll, and the pipeline must not wait for it. */
static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstStateChangeReturn result = GST_ELEMENT_CLASS (gr_hub_source_parent_class)->change_state (element, transition);

  if (result == GST_STATE_CHANGE_SUCCESS
      && (transition == GST_STATE_CHANGE_READY_TO_PAUSED || transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED))
    return GST_STATE_CHANGE_NO_PREROLL;

  return result;
}

static void
gr_hub_source_class_init (GrHubSourceClass *class)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);

  element_class->change_state = change_state;
  gst_element_class_add_static_pad_template (element_class, &template);
  gst_element_class_set_static_metadata (element_class, "Hub DTLS source", "Source/Network",
                                         "Brings the DTLS of one peer of a hub's UDP port to its webrtcbin",
                                         "Greenroom");
}

static void
gr_hub_source_init (GrHubSource *source)
{
  source->pad = gst_pad_new_from_static_template (&template, "src");
  gst_pad_set_query_function (source->pad, query);
  gst_pad_use_fixed_caps (source->pad);
  gst_element_add_pad (GST_ELEMENT (source), source->pad);
  GST_OBJECT_FLAG_SET (source, GST_ELEMENT_FLAG_SOURCE);
}

gboolean
gr_hub_source_push (GrHubSource *source, const guint8 *datagram, gsize length)
{
  g_autoptr (GstClock) clock = NULL;
  GstBuffer *buffer;

  if (!GST_PAD_IS_ACTIVE (source->pad))
    return FALSE;
  if (!source->started)
    start (source);

  buffer = gst_buffer_new_memdup (datagram, length);
  clock = gst_element_get_clock (GST_ELEMENT (source));
  if (clock != NULL)
    {
      GstClockTime now = gst_clock_get_time (clock);
      GstClockTime base = gst_element_get_base_time (GST_ELEMENT (source));

      GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = now > base ? now - base : 0;
    }

  return gst_pad_push (source->pad, buffer) == GST_FLOW_OK;
}
