/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/layout-mix-pad.h"

#define DEFAULT_HOLD (5 * GST_SECOND)

enum
{
  PROP_XPOS = 1,
  PROP_YPOS,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_FIT,
  PROP_ZORDER,
  PROP_ALPHA,
  PROP_HOLD
};

/* Around the middle between two frames the one not yet seen wins, or a camera whose clock drifts through the middle
 * would stutter there for minutes. It is shown earlier by as much: 2 ms at 30 frames/s. */
#define SLACK(duration) ((duration) / 16)

G_DEFINE_FINAL_TYPE (GrLayoutMixPad, gr_layout_mix_pad, GST_TYPE_AGGREGATOR_PAD)

/* The running time of the buffer at the head of the queue, GST_CLOCK_TIME_NONE if it has none. */
static GstClockTime
running_time (GrLayoutMixPad *pad, GstBuffer *buffer)
{
  GstSegment *segment = &GST_AGGREGATOR_PAD (pad)->segment;
  GstClockTime time = GST_BUFFER_PTS (buffer);

  if (!GST_CLOCK_TIME_IS_VALID (time) || segment->format != GST_FORMAT_TIME)
    return GST_CLOCK_TIME_NONE;
  /* A frame that began before the segment is seen from its start on. */
  return gst_segment_to_running_time (segment, GST_FORMAT_TIME, MAX (time, segment->start));
}

static void
take (GrLayoutMixPad *pad, GstBuffer *buffer, GstClockTime time)
{
  gst_buffer_replace (&pad->buffer, buffer);
  pad->info = pad->coming_info;
  pad->time = time;
  pad->used = FALSE;
  pad->left = FALSE;
}

static GstClockTime
distance (GstClockTime a, GstClockTime b)
{
  return a > b ? a - b : b - a;
}

/* Whether @coming is to be shown at @time rather than the frame that the pad has. */
static gboolean
is_nearer (GrLayoutMixPad *pad, GstClockTime coming, GstClockTime time, GstClockTime duration)
{
  GstClockTime slack = SLACK (duration);

  if (coming <= time || pad->buffer == NULL)
    return coming <= time + duration / 2 + slack;
  if (coming > time + duration / 2 + slack)
    return FALSE;
  return pad->used ? coming - time < distance (pad->time, time) + slack
                   : coming - time + slack < distance (pad->time, time);
}

gboolean
gr_layout_mix_pad_choose (GrLayoutMixPad *pad, GstClockTime time, GstClockTime duration)
{
  GstAggregatorPad *aggregator_pad = GST_AGGREGATOR_PAD (pad);
  GstBuffer *buffer;

  while ((buffer = gst_aggregator_pad_peek_buffer (aggregator_pad)) != NULL)
    {
      GstClockTime coming = running_time (pad, buffer);
      gboolean gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) && gst_buffer_get_size (buffer) == 0;
      gboolean usable = GST_CLOCK_TIME_IS_VALID (coming) && pad->coming_info.finfo != NULL && !gap;
      gboolean wanted = usable && is_nearer (pad, coming, time, duration);

      if (usable && !wanted)
        {
          gst_buffer_unref (buffer);
          return TRUE;
        }
      if (wanted)
        take (pad, buffer, coming);
      gst_buffer_unref (buffer);
      gst_aggregator_pad_drop_buffer (aggregator_pad);
    }

  if (gst_aggregator_pad_is_eos (aggregator_pad))
    {
      pad->left = pad->buffer == NULL || pad->time + duration < time;
      return TRUE;
    }
  return pad->buffer != NULL && !pad->used && distance (pad->time, time) <= duration / 2 + SLACK (duration);
}

void
gr_layout_mix_pad_advance (GrLayoutMixPad *pad, GstClockTime time, double step)
{
  GstClockTime hold;
  gboolean present;

  GST_OBJECT_LOCK (pad);
  hold = pad->hold;
  GST_OBJECT_UNLOCK (pad);

  present = pad->buffer != NULL && !pad->left && !pad->released
            && (!GST_CLOCK_TIME_IS_VALID (hold) || pad->time + hold >= time);
  pad->presence = CLAMP (pad->presence + (present ? step : -step), 0, 1);
  pad->used = TRUE;
  /* The decoder wants its buffer back. */
  if (pad->presence <= 0 && !present)
    gst_buffer_replace (&pad->buffer, NULL);
}

gboolean
gr_layout_mix_pad_is_done (GrLayoutMixPad *pad)
{
  return gst_aggregator_pad_is_eos (GST_AGGREGATOR_PAD (pad)) && (pad->used || pad->buffer == NULL);
}

void
gr_layout_mix_pad_reset (GrLayoutMixPad *pad)
{
  gst_buffer_replace (&pad->buffer, NULL);
  gst_video_info_init (&pad->coming_info);
  pad->coming_info.finfo = NULL;
  pad->presence = 0;
  pad->left = FALSE;
}

GrShot
gr_layout_mix_pad_get_own_shot (GrLayoutMixPad *pad, gint canvas_width, gint canvas_height)
{
  GrShot shot;

  GST_OBJECT_LOCK (pad);
  shot = (GrShot){ pad->rect, pad->fit, pad->z, pad->alpha };
  GST_OBJECT_UNLOCK (pad);

  if (shot.cell.width == 0)
    shot.cell.width = canvas_width;
  if (shot.cell.height == 0)
    shot.cell.height = canvas_height;
  shot.cell = gr_rect_even (&shot.cell);
  return shot;
}

static GstFlowReturn
flush (GstAggregatorPad *aggregator_pad, GstAggregator *aggregator)
{
  gst_buffer_replace (&GR_LAYOUT_MIX_PAD (aggregator_pad)->buffer, NULL);
  return GST_FLOW_OK;
}

static void
set_property (GObject *object, guint property, const GValue *value, GParamSpec *spec)
{
  GrLayoutMixPad *pad = GR_LAYOUT_MIX_PAD (object);

  GST_OBJECT_LOCK (pad);
  switch (property)
    {
    case PROP_XPOS:
      pad->rect.x = g_value_get_int (value);
      break;
    case PROP_YPOS:
      pad->rect.y = g_value_get_int (value);
      break;
    case PROP_WIDTH:
      pad->rect.width = g_value_get_int (value);
      break;
    case PROP_HEIGHT:
      pad->rect.height = g_value_get_int (value);
      break;
    case PROP_FIT:
      pad->fit = g_value_get_boolean (value) ? GR_FIT_WHOLE : GR_FIT_CROP;
      break;
    case PROP_ZORDER:
      pad->z = g_value_get_int (value);
      break;
    case PROP_ALPHA:
      pad->alpha = g_value_get_double (value);
      break;
    case PROP_HOLD:
      pad->hold = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
  GST_OBJECT_UNLOCK (pad);
}

static void
get_property (GObject *object, guint property, GValue *value, GParamSpec *spec)
{
  GrLayoutMixPad *pad = GR_LAYOUT_MIX_PAD (object);

  GST_OBJECT_LOCK (pad);
  switch (property)
    {
    case PROP_XPOS:
      g_value_set_int (value, pad->rect.x);
      break;
    case PROP_YPOS:
      g_value_set_int (value, pad->rect.y);
      break;
    case PROP_WIDTH:
      g_value_set_int (value, pad->rect.width);
      break;
    case PROP_HEIGHT:
      g_value_set_int (value, pad->rect.height);
      break;
    case PROP_FIT:
      g_value_set_boolean (value, pad->fit == GR_FIT_WHOLE);
      break;
    case PROP_ZORDER:
      g_value_set_int (value, pad->z);
      break;
    case PROP_ALPHA:
      g_value_set_double (value, pad->alpha);
      break;
    case PROP_HOLD:
      g_value_set_uint64 (value, pad->hold);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, spec);
    }
  GST_OBJECT_UNLOCK (pad);
}

static void
gr_layout_mix_pad_finalize (GObject *object)
{
  gst_buffer_replace (&GR_LAYOUT_MIX_PAD (object)->buffer, NULL);
  G_OBJECT_CLASS (gr_layout_mix_pad_parent_class)->finalize (object);
}

static void
install (GObjectClass *class, guint property, const char *name, const char *what, gint least)
{
  g_object_class_install_property (class, property,
                                   g_param_spec_int (name, name, what, least, 16384, 0,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
gr_layout_mix_pad_class_init (GrLayoutMixPadClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = gr_layout_mix_pad_finalize;
  GST_AGGREGATOR_PAD_CLASS (class)->flush = flush;

  install (object_class, PROP_XPOS, "xpos", "Left edge of its box on the canvas, until a layout is committed", -16384);
  install (object_class, PROP_YPOS, "ypos", "Upper edge of its box on the canvas, until a layout is committed", -16384);
  install (object_class, PROP_WIDTH, "width", "Width of its box, 0: the canvas's, until a layout is committed", 0);
  install (object_class, PROP_HEIGHT, "height", "Height of its box, 0: the canvas's, until a layout is committed", 0);
  install (object_class, PROP_ZORDER, "zorder", "Higher lies above lower, until a layout is committed", -16384);
  g_object_class_install_property (
      object_class, PROP_FIT,
      g_param_spec_boolean ("whole", "Whole", "Show the whole picture inside the box instead of covering the box",
                            FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (object_class, PROP_ALPHA,
                                   g_param_spec_double ("alpha", "Alpha",
                                                        "How opaque it is, until a layout is committed", 0, 1, 1,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_HOLD,
      g_param_spec_uint64 ("hold", "Hold",
                           "How long a frozen picture keeps its last frame, in ns; the maximum: for ever", 0,
                           G_MAXUINT64, DEFAULT_HOLD, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
gr_layout_mix_pad_init (GrLayoutMixPad *pad)
{
  pad->alpha = 1;
  pad->hold = DEFAULT_HOLD;
  pad->presence = 0;
}
