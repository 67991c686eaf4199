/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hub-sink.h"

#include "plugins/hubtransport/stun.h"

struct _GrHubSink
{
  GstElement parent;

  GstPad *pad;
  GrHubSinkFunc function;
  gpointer user_data;
  GDestroyNotify destroy;
  guint64 passed;  /* atomic */
  guint64 dropped; /* atomic */
};

enum
{
  PROP_PASSED = 1,
  PROP_DROPPED
};

G_DEFINE_FINAL_TYPE (GrHubSink, gr_hub_sink, GST_TYPE_ELEMENT)

static GstStaticPadTemplate template
    = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static void
take (GrHubSink *sink, GstBuffer *buffer)
{
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;

  if (gr_datagram_kind (map.data, map.size) == GR_DATAGRAM_DTLS)
    {
      __atomic_fetch_add (&sink->passed, 1, __ATOMIC_RELAXED);
      if (sink->function != NULL)
        sink->function (map.data, map.size, sink->user_data);
    }
  else
    __atomic_fetch_add (&sink->dropped, 1, __ATOMIC_RELAXED);

  gst_buffer_unmap (buffer, &map);
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  take (GR_HUB_SINK (parent), buffer);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstFlowReturn
chain_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  for (guint i = 0; i < gst_buffer_list_length (list); i++)
    take (GR_HUB_SINK (parent), gst_buffer_list_get (list, i));
  gst_buffer_list_unref (list);
  return GST_FLOW_OK;
}

static gboolean
event (GstPad *pad, GstObject *parent, GstEvent *happened)
{
  /* Pipelines end when their sinks say so. */
  if (GST_EVENT_TYPE (happened) == GST_EVENT_EOS)
    gst_element_post_message (GST_ELEMENT (parent), gst_message_new_eos (parent));
  gst_event_unref (happened);
  return TRUE;
}

static void
get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  GrHubSink *sink = GR_HUB_SINK (object);

  switch (property)
    {
    case PROP_PASSED:
      g_value_set_uint64 (value, __atomic_load_n (&sink->passed, __ATOMIC_RELAXED));
      break;
    case PROP_DROPPED:
      g_value_set_uint64 (value, __atomic_load_n (&sink->dropped, __ATOMIC_RELAXED));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
gr_hub_sink_finalize (GObject *object)
{
  GrHubSink *sink = GR_HUB_SINK (object);

  if (sink->destroy != NULL)
    sink->destroy (sink->user_data);

  G_OBJECT_CLASS (gr_hub_sink_parent_class)->finalize (object);
}

static void
gr_hub_sink_class_init (GrHubSinkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);

  object_class->get_property = get_property;
  object_class->finalize = gr_hub_sink_finalize;
  g_object_class_install_property (object_class, PROP_PASSED,
                                   g_param_spec_uint64 ("passed", "Passed", "Datagrams of DTLS that were passed on", 0,
                                                        G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_DROPPED,
                                   g_param_spec_uint64 ("dropped", "Dropped",
                                                        "Buffers that were dropped, since they are not DTLS", 0,
                                                        G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  gst_element_class_add_static_pad_template (element_class, &template);
  gst_element_class_set_static_metadata (
      element_class, "Hub DTLS sink", "Sink/Network",
      "Passes the DTLS of a webrtcbin to its peer through a hub's UDP port, drops the rest", "Greenroom");
}

static void
gr_hub_sink_init (GrHubSink *sink)
{
  sink->pad = gst_pad_new_from_static_template (&template, "sink");
  gst_pad_set_chain_function (sink->pad, chain);
  gst_pad_set_chain_list_function (sink->pad, chain_list);
  gst_pad_set_event_function (sink->pad, event);
  gst_element_add_pad (GST_ELEMENT (sink), sink->pad);
  GST_OBJECT_FLAG_SET (sink, GST_ELEMENT_FLAG_SINK);
}

void
gr_hub_sink_set_function (GrHubSink *sink, GrHubSinkFunc function, gpointer user_data, GDestroyNotify destroy)
{
  sink->function = function;
  sink->user_data = user_data;
  sink->destroy = destroy;
}
