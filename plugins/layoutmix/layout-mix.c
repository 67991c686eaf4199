/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/layout-mix.h"

#include "plugins/layoutmix/layout-mix-private.h"
#include "plugins/layoutmix/negotiate.h"

#define DEFAULT_FADE (250 * GST_MSECOND)
#define DEFAULT_COLOUR 0x101614
/* Behind by more than this, frames are left out until it is back in time. */
#define MAX_LAG GST_SECOND

#define CAPS                                                                                                           \
  "video/x-raw, format=(string)I420, width=(int)[2, 8192], height=(int)[2, 8192], framerate=(fraction)[1/1, 240/1]"
#define SINK_CAPS                                                                                                      \
  "video/x-raw, format=(string)I420, width=(int)[2, 8192], height=(int)[2, 8192], framerate=(fraction)[0/1, max]"

enum
{
  PROP_LIVE = 1,
  PROP_FADE,
  PROP_BACKGROUND,
  PROP_STATS
};

static void child_proxy_init (gpointer interface, gpointer data);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrLayoutMix,
                               gr_layout_mix,
                               GST_TYPE_AGGREGATOR,
                               G_IMPLEMENT_INTERFACE (GST_TYPE_CHILD_PROXY, child_proxy_init))

static GstStaticPadTemplate sink_template
    = GST_STATIC_PAD_TEMPLATE ("sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (SINK_CAPS));
static GstStaticPadTemplate src_template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));

static GstClockTime
frame_time (GrLayoutMix *mix, guint64 number)
{
  return mix->origin
         + gst_util_uint64_scale (number, GST_SECOND * GST_VIDEO_INFO_FPS_D (&mix->info),
                                  GST_VIDEO_INFO_FPS_N (&mix->info));
}

/* Negotiation */

static gboolean
negotiated_src_caps (GstAggregator *aggregator, GstCaps *caps)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (aggregator);
  GstVideoInfo info;
  GstClockTime frame;

  if (!gst_video_info_from_caps (&info, caps) || ((info.width | info.height) & 1) != 0)
    return FALSE;

  if (mix->info.finfo == NULL || mix->info.width != info.width || mix->info.height != info.height)
    {
      gr_composer_set_size (mix->frame->composer, info.width, info.height);
      g_mutex_lock (&mix->lock);
      mix->background_changed = TRUE;
      g_mutex_unlock (&mix->lock);
    }
  if (mix->info.finfo != NULL)
    {
      mix->origin = frame_time (mix, mix->number);
      mix->number = 0;
    }
  mix->info = info;

  /* The frame nearest to an output frame comes up to half a frame after it. */
  frame = gst_util_uint64_scale (GST_SECOND, info.fps_d, info.fps_n);
  gst_aggregator_set_latency (aggregator, frame / 2, frame / 2);
  return TRUE;
}

/* Events */

static gboolean
sink_event (GstAggregator *aggregator, GstAggregatorPad *aggregator_pad, GstEvent *event)
{
  GrLayoutMixPad *pad = GR_LAYOUT_MIX_PAD (aggregator_pad);
  GstCaps *caps;

  switch (GST_EVENT_TYPE (event))
    {
    case GST_EVENT_CAPS:
      /* Nobody but the frames that follow is concerned: what goes out stays as it was agreed on. */
      gst_event_parse_caps (event, &caps);
      if (!gst_video_info_from_caps (&pad->coming_info, caps))
        pad->coming_info.finfo = NULL;
      gst_event_unref (event);
      return pad->coming_info.finfo != NULL;
    case GST_EVENT_EOS:
      pad->left = TRUE;
      /* An aggregator does not wait for the clock when all its pads have ended, and would run away. */
      if (!gst_aggregator_get_force_live (aggregator))
        break;
      gst_event_unref (event);
      return TRUE;
    default:
      break;
    }

  return GST_AGGREGATOR_CLASS (gr_layout_mix_parent_class)->sink_event (aggregator, aggregator_pad, event);
}

static gboolean
src_event (GstAggregator *aggregator, GstEvent *event)
{
  /* Who is behind is not helped by frames that are missing. */
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    {
      gst_event_unref (event);
      return TRUE;
    }
  return GST_AGGREGATOR_CLASS (gr_layout_mix_parent_class)->src_event (aggregator, event);
}

/* A mixer that starts late or was held up for long goes on from now, not from then. */
static void
catch_up (GrLayoutMix *mix)
{
  GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (mix));
  GstClockTime latency = gst_aggregator_get_latency (GST_AGGREGATOR (mix));
  guint64 current;

  if (!gst_aggregator_get_force_live (GST_AGGREGATOR (mix)) || !GST_CLOCK_TIME_IS_VALID (now)
      || !GST_CLOCK_TIME_IS_VALID (latency) || now < frame_time (mix, mix->number) + latency + MAX_LAG)
    return;

  current = gst_util_uint64_scale (now - latency - mix->origin, GST_VIDEO_INFO_FPS_N (&mix->info),
                                   GST_SECOND * GST_VIDEO_INFO_FPS_D (&mix->info));
  g_mutex_lock (&mix->lock);
  mix->skipped += mix->frames == 0 ? 0 : current - mix->number;
  g_mutex_unlock (&mix->lock);
  mix->number = current;
}

static GstFlowReturn
aggregate (GstAggregator *aggregator, gboolean timeout)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (aggregator);
  g_autoptr (GstBufferPool) pool = NULL;
  GstBuffer *buffer = NULL;
  GstClockTime now, duration;
  GstFlowReturn result;
  gboolean ready, over;

  if (mix->info.finfo == NULL)
    return GST_FLOW_NOT_NEGOTIATED;

  catch_up (mix);
  now = frame_time (mix, mix->number);
  duration = frame_time (mix, mix->number + 1) - now;

  g_mutex_lock (&mix->lock);
  ready = gr_layout_mix_choose (mix, now, duration, &over) || timeout;
  if (ready && !over)
    gr_layout_mix_prepare (mix, now, duration);
  g_mutex_unlock (&mix->lock);
  if (!ready || over)
    return over ? GST_FLOW_EOS : GST_AGGREGATOR_FLOW_NEED_DATA;

  gst_aggregator_selected_samples (aggregator, now, GST_CLOCK_TIME_NONE, duration, NULL);
  pool = gst_aggregator_get_buffer_pool (aggregator);
  result = gst_buffer_pool_acquire_buffer (pool, &buffer, NULL);
  if (result == GST_FLOW_OK && !gr_frame_draw (mix->frame, &mix->info, buffer))
    {
      gst_clear_buffer (&buffer);
      result = GST_FLOW_ERROR;
    }
  gr_frame_clear (mix->frame);
  if (result != GST_FLOW_OK)
    return result;

  gr_layout_mix_announce (mix);
  GST_BUFFER_PTS (buffer) = now;
  GST_BUFFER_DURATION (buffer) = duration;
  mix->number++;
  GST_AGGREGATOR_PAD (aggregator->srcpad)->segment.position = now + duration;
  return gst_aggregator_finish_buffer (aggregator, buffer);
}

static GstClockTime
get_next_time (GstAggregator *aggregator)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (aggregator);

  return mix->info.finfo == NULL ? 0 : frame_time (mix, mix->number);
}

static gboolean
start (GstAggregator *aggregator)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (aggregator);
  GstSegment segment;

  mix->info.finfo = NULL;
  mix->origin = mix->number = 0;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_aggregator_update_segment (aggregator, &segment);
  return TRUE;
}

static gboolean
stop (GstAggregator *aggregator)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (aggregator);

  g_mutex_lock (&mix->lock);
  for (guint i = 0; i < mix->pads->len; i++)
    gr_layout_mix_pad_reset (mix->pads->pdata[i]);
  gr_layout_mix_drop_released (mix);
  g_mutex_unlock (&mix->lock);
  return TRUE;
}

/* Pads */

static GstPad *
request_new_pad (GstElement *element, GstPadTemplate *template, const char *name, const GstCaps *caps)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (element);
  GstPad *pad = GST_ELEMENT_CLASS (gr_layout_mix_parent_class)->request_new_pad (element, template, name, caps);

  if (pad == NULL)
    return NULL;

  g_mutex_lock (&mix->lock);
  g_ptr_array_add (mix->pads, g_object_ref (pad));
  g_mutex_unlock (&mix->lock);
  gst_child_proxy_child_added (GST_CHILD_PROXY (element), G_OBJECT (pad), GST_OBJECT_NAME (pad));
  return pad;
}

static void
release_pad (GstElement *element, GstPad *pad)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (element);

  gst_child_proxy_child_removed (GST_CHILD_PROXY (element), G_OBJECT (pad), GST_OBJECT_NAME (pad));
  g_mutex_lock (&mix->lock);
  GR_LAYOUT_MIX_PAD (pad)->released = TRUE;
  g_mutex_unlock (&mix->lock);
  GST_ELEMENT_CLASS (gr_layout_mix_parent_class)->release_pad (element, pad);
}

static GObject *
get_child_by_index (GstChildProxy *proxy, guint index)
{
  GObject *child;

  GST_OBJECT_LOCK (proxy);
  child = g_list_nth_data (GST_ELEMENT (proxy)->sinkpads, index);
  if (child != NULL)
    g_object_ref (child);
  GST_OBJECT_UNLOCK (proxy);
  return child;
}

static guint
get_children_count (GstChildProxy *proxy)
{
  guint count;

  GST_OBJECT_LOCK (proxy);
  count = GST_ELEMENT (proxy)->numsinkpads;
  GST_OBJECT_UNLOCK (proxy);
  return count;
}

static void
child_proxy_init (gpointer interface, gpointer data)
{
  GstChildProxyInterface *proxy = interface;

  proxy->get_child_by_index = get_child_by_index;
  proxy->get_children_count = get_children_count;
}

/* The object */

static void
set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (object);

  switch (property)
    {
    case PROP_LIVE:
      gst_aggregator_set_force_live (GST_AGGREGATOR (mix), g_value_get_boolean (value));
      if (g_value_get_boolean (value))
        GST_OBJECT_FLAG_SET (mix, GST_ELEMENT_FLAG_SOURCE);
      break;
    case PROP_FADE:
      g_mutex_lock (&mix->lock);
      mix->fade = g_value_get_uint64 (value);
      g_mutex_unlock (&mix->lock);
      break;
    case PROP_BACKGROUND:
      gr_layout_mix_set_background (mix, g_value_get_uint (value), NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
}

static void
get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (object);

  g_mutex_lock (&mix->lock);
  switch (property)
    {
    case PROP_LIVE:
      g_value_set_boolean (value, gst_aggregator_get_force_live (GST_AGGREGATOR (mix)));
      break;
    case PROP_FADE:
      g_value_set_uint64 (value, mix->fade);
      break;
    case PROP_BACKGROUND:
      g_value_set_uint (value, mix->colour);
      break;
    case PROP_STATS:
      g_value_take_boxed (value,
                          gst_structure_new ("application/x-layoutmix-stats", "frames", G_TYPE_UINT64, mix->frames,
                                             "skipped", G_TYPE_UINT64, mix->skipped, "drawn", G_TYPE_UINT64, mix->drawn,
                                             "hidden", G_TYPE_UINT64, mix->hidden, NULL));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
  g_mutex_unlock (&mix->lock);
}

static void
gr_layout_mix_finalize (GObject *object)
{
  GrLayoutMix *mix = GR_LAYOUT_MIX (object);

  g_ptr_array_unref (mix->pads);
  gr_overlays_free (mix->overlays);
  g_clear_pointer (&mix->background, gr_mix_image_unref);
  gr_frame_free (mix->frame);
  g_mutex_clear (&mix->lock);

  G_OBJECT_CLASS (gr_layout_mix_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *class)
{
  g_object_class_install_property (
      class, PROP_LIVE,
      g_param_spec_boolean ("live", "Live", "Run by the clock, with or without inputs; otherwise wait for all of them",
                            TRUE, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      class, PROP_FADE,
      g_param_spec_uint64 ("fade", "Fade",
                           "How long an input fades in when it comes, out when it freezes or leaves; ns", 0,
                           10 * GST_SECOND, DEFAULT_FADE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (class, PROP_BACKGROUND,
                                   g_param_spec_uint ("background", "Background",
                                                      "The colour where no picture is, 0xRRGGBB", 0, 0xffffff,
                                                      DEFAULT_COLOUR, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
                          "Frames made, frames skipped while held up; layers drawn and layers that nothing was seen of",
                          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
gr_layout_mix_class_init (GrLayoutMixClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstAggregatorClass *aggregator_class = GST_AGGREGATOR_CLASS (class);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = gr_layout_mix_finalize;
  install_properties (object_class);

  element_class->request_new_pad = request_new_pad;
  element_class->release_pad = release_pad;
  aggregator_class->start = start;
  aggregator_class->stop = stop;
  aggregator_class->sink_event = sink_event;
  aggregator_class->src_event = src_event;
  aggregator_class->fixate_src_caps = gr_mix_fixate_src_caps;
  aggregator_class->negotiated_src_caps = negotiated_src_caps;
  aggregator_class->decide_allocation = gr_mix_decide_allocation;
  aggregator_class->propose_allocation = gr_mix_propose_allocation;
  aggregator_class->aggregate = aggregate;
  aggregator_class->get_next_time = get_next_time;

  gst_element_class_add_static_pad_template_with_gtype (element_class, &sink_template, GR_TYPE_LAYOUT_MIX_PAD);
  gst_element_class_add_static_pad_template_with_gtype (element_class, &src_template, GST_TYPE_AGGREGATOR_PAD);
  gst_element_class_set_static_metadata (
      element_class, "Layout mixer", "Filter/Editor/Video/Compositor",
      "Mixes pictures into one, with scaling, titles and animated changes of layout; runs without inputs, too",
      "Greenroom");
}

static void
gr_layout_mix_init (GrLayoutMix *mix)
{
  g_mutex_init (&mix->lock);
  mix->pads = g_ptr_array_new_with_free_func (g_object_unref);
  mix->overlays = gr_overlays_new ();
  mix->frame = gr_frame_new ();
  mix->fade = DEFAULT_FADE;
  mix->colour = DEFAULT_COLOUR;
  mix->begin = GST_CLOCK_TIME_NONE;
}

gboolean
gr_layout_mix_register (GstPlugin *plugin)
{
  return gst_element_register (plugin, "layoutmix", GST_RANK_NONE, GR_TYPE_LAYOUT_MIX);
}
