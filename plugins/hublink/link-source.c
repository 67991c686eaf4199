/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hublink/link-source.h"

#include <gst/video/video.h>

#include "plugins/hublink/link-sink.h"
#include "plugins/hubtransport/link-wire.h"

#define MAX_LATENCY_MS 2000
/* What is left for those who come after, once a missing packet was given up. */
#define RESERVE_MS 20

struct _GrLinkSource
{
  GstElement parent;

  GMutex mutex; /* guards what follows; not held while pads change */
  GrLinkEnd *end;
  guint latency;  /* ms */
  guint next_pad; /* for names */
};

G_DEFINE_FINAL_TYPE (GrLinkSource, gr_link_source, GST_TYPE_ELEMENT)

enum
{
  PROP_LINK = 1,
  PROP_LATENCY
};

static GstStaticPadTemplate template
    = GST_STATIC_PAD_TEMPLATE ("src_%u", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS ("application/x-rtp"));

/* A pad's own, on its thread. */
typedef struct
{
  GrLinkStream *stream;
  guint8 payload_type; /* of the caps that it sent */
  gboolean begun;
} Flow;

static void
flow_free (gpointer data)
{
  Flow *flow = data;

  gr_link_stream_unref (flow->stream);
  g_free (flow);
}

static Flow *
flow_of (GstPad *pad)
{
  return g_object_get_data (G_OBJECT (pad), "flow");
}

static GstCaps *
make_caps (const Flow *flow, guint8 payload_type)
{
  gboolean retransmission;
  const GrLinkFormat *format = gr_link_format (payload_type, &retransmission);
  GstCaps *caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, format->video ? "video" : "audio",
                                       "payload", G_TYPE_INT, (int) payload_type, "clock-rate", G_TYPE_INT,
                                       (int) format->clock_rate, "encoding-name", G_TYPE_STRING, format->encoding_name,
                                       "ssrc", G_TYPE_UINT, gr_link_stream_get_ssrc (flow->stream), NULL);

  if (g_str_equal (format->encoding_name, "OPUS"))
    gst_caps_set_simple (caps, "encoding-params", G_TYPE_STRING, "2", NULL);
  if (g_str_equal (format->encoding_name, "H264"))
    gst_caps_set_simple (caps, "packetization-mode", G_TYPE_STRING, "1", NULL);
  return caps;
}

/* Before the first packet, and where a sender has changed its codec. */
static void
begin (GstPad *pad, Flow *flow, guint8 payload_type)
{
  g_autoptr (GstCaps) caps = make_caps (flow, payload_type);

  if (!flow->begun)
    {
      g_autofree char *name = g_strdup_printf ("%s/%s", gr_link_stream_get_participant (flow->stream),
                                               gr_link_stream_get_kind (flow->stream));

      gst_pad_push_event (pad, gst_event_new_stream_start (name));
    }
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  if (!flow->begun)
    {
      GstSegment segment;

      gst_segment_init (&segment, GST_FORMAT_TIME);
      gst_pad_push_event (pad, gst_event_new_segment (&segment));
    }
  flow->begun = TRUE;
  flow->payload_type = payload_type;
}

static guint
get_latency (GrLinkSource *source)
{
  guint latency;

  g_mutex_lock (&source->mutex);
  latency = source->latency;
  g_mutex_unlock (&source->mutex);
  return latency;
}

static void
loop (gpointer data)
{
  GstPad *pad = data;
  GstElement *element = gst_pad_get_parent_element (pad);
  Flow *flow = flow_of (pad);
  GrLinkTaken taken;
  GstClockTime base;
  guint latency;

  if (element == NULL)
    return;

  latency = get_latency (GR_LINK_SOURCE (element));
  base = gst_element_get_base_time (element);
  gst_object_unref (element);
  if (!gr_link_stream_take (flow->stream, MAX (latency, RESERVE_MS) * 1000 - RESERVE_MS * 1000 / 2, &taken))
    {
      gst_pad_pause_task (pad);
      return;
    }

  if (taken.payload_type != flow->payload_type)
    begin (pad, flow, taken.payload_type);
  GST_BUFFER_PTS (taken.packet) -= MIN (base, GST_BUFFER_PTS (taken.packet));
  if (taken.discont)
    GST_BUFFER_FLAG_SET (taken.packet, GST_BUFFER_FLAG_DISCONT);
  /* Whatever becomes of one person's packets, the pad goes on: who decodes them may be replaced at any time. */
  gst_pad_push (pad, taken.packet);
}

static gboolean
on_activate (GstPad *pad, GstObject *parent, GstPadMode mode, gboolean active)
{
  Flow *flow = flow_of (pad);

  gr_link_stream_set_flowing (flow->stream, active);
  return active ? gst_pad_start_task (pad, loop, pad, NULL) : gst_pad_stop_task (pad);
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  if (gst_video_event_is_force_key_unit (event))
    gr_link_stream_want_keyframe (flow_of (pad)->stream);
  gst_event_unref (event);
  return TRUE;
}

static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);

  gst_query_set_latency (query, TRUE, get_latency (GR_LINK_SOURCE (parent)) * GST_MSECOND, GST_CLOCK_TIME_NONE);
  return TRUE;
}

static GstPad *
find_pad (GrLinkSource *source, GrLinkStream *stream)
{
  GstPad *found = NULL;

  GST_OBJECT_LOCK (source);
  for (GList *pads = GST_ELEMENT (source)->srcpads; pads != NULL && found == NULL; pads = pads->next)
    if (flow_of (pads->data)->stream == stream)
      found = gst_object_ref (pads->data);
  GST_OBJECT_UNLOCK (source);
  return found;
}

static void
add_pad (GrLinkSource *source, GrLinkStream *stream)
{
  g_autofree char *name = g_strdup_printf ("src_%u", source->next_pad++);
  GstPad *pad = gst_pad_new_from_static_template (&template, name);
  Flow *flow = g_new0 (Flow, 1);

  flow->stream = gr_link_stream_ref (stream);
  g_object_set_data_full (G_OBJECT (pad), "flow", flow, flow_free);
  gst_pad_set_activatemode_function (pad, on_activate);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_query_function (pad, on_query);
  gst_pad_use_fixed_caps (pad);
  gst_element_add_pad (GST_ELEMENT (source), pad);
  /* What came before it was there is gone. */
  gr_link_stream_want_keyframe (stream);
}

/* May wait for a decoder: not on the link's thread. */
static void
remove_pad (GstElement *element, gpointer data)
{
  GstPad *pad = data;

  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
}

static void
on_stream (GrLinkStream *stream, gboolean here, gpointer user_data)
{
  GrLinkSource *source = user_data;
  g_autoptr (GstPad) pad = find_pad (source, stream);

  if (here && pad == NULL)
    add_pad (source, stream);
  else if (!here && pad != NULL)
    gst_element_call_async (GST_ELEMENT (source), remove_pad, g_steal_pointer (&pad), gst_object_unref);
}

static GrLinkEnd *
take_end (GrLinkSource *source)
{
  GrLinkEnd *end;

  g_mutex_lock (&source->mutex);
  end = source->end != NULL ? g_object_ref (source->end) : NULL;
  g_mutex_unlock (&source->mutex);
  return end;
}

static void
remove_pads (GrLinkSource *source)
{
  for (;;)
    {
      g_autoptr (GstPad) pad = NULL;

      GST_OBJECT_LOCK (source);
      if (GST_ELEMENT (source)->srcpads != NULL)
        pad = gst_object_ref (GST_ELEMENT (source)->srcpads->data);
      GST_OBJECT_UNLOCK (source);
      if (pad == NULL)
        return;
      gst_pad_set_active (pad, FALSE);
      gst_element_remove_pad (GST_ELEMENT (source), pad);
    }
}

static GstStateChangeReturn
gr_link_source_change_state (GstElement *element, GstStateChange change)
{
  GrLinkSource *source = GR_LINK_SOURCE (element);
  g_autoptr (GrLinkEnd) end = take_end (source);
  GstStateChangeReturn result;

  if (change == GST_STATE_CHANGE_PAUSED_TO_READY && end != NULL)
    {
      gr_link_end_on_stream (end, NULL, NULL);
      remove_pads (source);
    }

  result = GST_ELEMENT_CLASS (gr_link_source_parent_class)->change_state (element, change);
  if (result == GST_STATE_CHANGE_FAILURE)
    return result;

  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING && end != NULL)
    gr_link_end_on_stream (end, on_stream, source);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED || change == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

static void
gr_link_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  GrLinkSource *source = GR_LINK_SOURCE (object);

  g_mutex_lock (&source->mutex);
  if (id == PROP_LINK)
    g_set_object (&source->end, g_value_get_object (value));
  else if (id == PROP_LATENCY)
    source->latency = g_value_get_uint (value);
  g_mutex_unlock (&source->mutex);
}

static void
gr_link_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  GrLinkSource *source = GR_LINK_SOURCE (object);

  g_mutex_lock (&source->mutex);
  if (id == PROP_LINK)
    g_value_set_object (value, source->end);
  else if (id == PROP_LATENCY)
    g_value_set_uint (value, source->latency);
  g_mutex_unlock (&source->mutex);
}

static void
gr_link_source_finalize (GObject *object)
{
  GrLinkSource *source = GR_LINK_SOURCE (object);

  g_clear_object (&source->end);
  g_mutex_clear (&source->mutex);
  G_OBJECT_CLASS (gr_link_source_parent_class)->finalize (object);
}

static void
gr_link_source_class_init (GrLinkSourceClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);

  object_class->set_property = gr_link_source_set_property;
  object_class->get_property = gr_link_source_get_property;
  object_class->finalize = gr_link_source_finalize;
  g_object_class_install_property (object_class, PROP_LINK,
                                   g_param_spec_object ("link", "Link", "The GrLinkEnd to receive from",
                                                        GR_TYPE_LINK_END, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_LATENCY,
                                   g_param_spec_uint ("latency", "Latency", "How long to wait for missing packets (ms)",
                                                      0, MAX_LATENCY_MS, GR_LINK_DEFAULT_LATENCY_MS,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  element_class->change_state = gr_link_source_change_state;
  gst_element_class_add_static_pad_template (element_class, &template);
  gst_element_class_set_static_metadata (element_class, "Hub link source", "Source/Network/RTP",
                                         "Receives a room's tracks from the hub", "Greenroom");
}

static void
gr_link_source_init (GrLinkSource *source)
{
  g_mutex_init (&source->mutex);
  source->latency = GR_LINK_DEFAULT_LATENCY_MS;
  GST_OBJECT_FLAG_SET (source, GST_ELEMENT_FLAG_SOURCE);
}

GrLinkStream *
gr_link_source_get_stream (GstPad *pad)
{
  return flow_of (pad)->stream;
}

gboolean
gr_hub_link_register_elements (GstPlugin *plugin)
{
  return gst_element_register (plugin, "hublinksrc", GST_RANK_NONE, GR_TYPE_LINK_SOURCE)
         && gst_element_register (plugin, "hublinksink", GST_RANK_NONE, GR_TYPE_LINK_SINK);
}
