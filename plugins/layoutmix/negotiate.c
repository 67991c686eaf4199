/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/layoutmix/negotiate.h"

#include <gst/video/gstvideopool.h>
#include <gst/video/video.h>

GstCaps *
gr_mix_fixate_src_caps (GstAggregator *aggregator, GstCaps *caps)
{
  GstStructure *structure;

  caps = gst_caps_make_writable (caps);
  structure = gst_caps_get_structure (caps, 0);
  gst_structure_fixate_field_nearest_int (structure, "width", 1280);
  gst_structure_fixate_field_nearest_int (structure, "height", 720);
  gst_structure_fixate_field_nearest_fraction (structure, "framerate", 30, 1);
  if (gst_structure_has_field (structure, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (structure, "pixel-aspect-ratio", 1, 1);
  if (gst_structure_has_field (structure, "colorimetry"))
    gst_structure_fixate_field_string (structure, "colorimetry", GST_VIDEO_COLORIMETRY_BT709);
  else
    gst_structure_set (structure, "colorimetry", G_TYPE_STRING, GST_VIDEO_COLORIMETRY_BT709, NULL);
  return gst_caps_fixate (caps);
}

gboolean
gr_mix_decide_allocation (GstAggregator *aggregator, GstQuery *query)
{
  GstBufferPool *pool = NULL;
  GstStructure *config;
  GstCaps *caps;
  guint size = 0, least = 0, most = 0;
  gboolean offered = gst_query_get_n_allocation_pools (query) > 0;
  GstVideoInfo info;

  gst_query_parse_allocation (query, &caps, NULL);
  if (!gst_video_info_from_caps (&info, caps))
    return FALSE;

  if (offered)
    gst_query_parse_nth_allocation_pool (query, 0, &pool, &size, &least, &most);
  size = MAX (size, info.size);
  if (pool == NULL)
    pool = gst_video_buffer_pool_new ();

  config = gst_buffer_pool_get_config (pool);
  gst_buffer_pool_config_set_params (config, caps, size, least, most);
  if (gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL))
    gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  if (!gst_buffer_pool_set_config (pool, config) || !gst_buffer_pool_set_active (pool, TRUE))
    {
      gst_object_unref (pool);
      return FALSE;
    }

  if (offered)
    gst_query_set_nth_allocation_pool (query, 0, pool, size, least, most);
  else
    gst_query_add_allocation_pool (query, pool, size, least, most);
  gst_object_unref (pool);
  return TRUE;
}

gboolean
gr_mix_propose_allocation (GstAggregator *aggregator, GstAggregatorPad *pad, GstQuery *decide_query, GstQuery *query)
{
  gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  return TRUE;
}
