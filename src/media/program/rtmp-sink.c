/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/rtmp-sink.h"

gboolean
gr_rtmp_sink_aim (GstElement *sink, const GrRtmpUrl *url, const char *stream_key)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "stream") == NULL)
    return FALSE;

  g_object_set (sink, "scheme", url->secure ? 1 : 0, "host", url->host, "port", (int) url->port, "application",
                url->application, "stream", stream_key, "username", url->user, "password", url->password, NULL);

  return TRUE;
}

guint64
gr_rtmp_sink_get_bytes (GstElement *sink)
{
  g_autoptr (GstStructure) stats = NULL;
  guint64 bytes = 0;

  g_object_get (sink, "stats", &stats, NULL);
  if (stats != NULL)
    gst_structure_get_uint64 (stats, "out-bytes-total", &bytes);

  return bytes;
}

void
gr_rtmp_sink_hush (void)
{
  gst_debug_set_threshold_for_name ("rtmp*", GST_LEVEL_NONE);
}
