/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "base/log.h"
#include "media/program/show-private.h"

static void
describe_link (GrShow *show, GrJsonWriter *json)
{
  GrLinkEndStats stats;

  gr_link_end_get_stats (show->end, &stats);
  gr_json_writer_begin_object_member (json, "link");
  gr_json_writer_bool_member (json, "open", stats.open);
  gr_json_writer_int_member (json, "packetsIn", stats.packets_in);
  gr_json_writer_int_member (json, "bytesIn", stats.bytes_in);
  gr_json_writer_int_member (json, "packetsOut", stats.packets_out);
  gr_json_writer_int_member (json, "bytesOut", stats.bytes_out);
  gr_json_writer_int_member (json, "droppedOut", stats.dropped_out);
  gr_json_writer_int_member (json, "refused", stats.refused);
  gr_json_writer_end_object (json);
}

static void
count_mixed (GrShow *show, guint64 *frames, guint64 *skipped)
{
  GstStructure *mixed = NULL;

  g_object_get (show->video_mixer, "stats", &mixed, NULL);
  gst_structure_get (mixed, "frames", G_TYPE_UINT64, frames, "skipped", G_TYPE_UINT64, skipped, NULL);
  gst_structure_free (mixed);
}

static void
describe_video (GrShow *show, GrJsonWriter *json)
{
  g_autoptr (GstElement) queue = gst_bin_get_by_name (GST_BIN (show->pipeline), "video-queue");
  guint64 frames = 0, skipped = 0;
  guint queued;

  count_mixed (show, &frames, &skipped);
  g_object_get (queue, "current-level-buffers", &queued, NULL);
  gr_json_writer_begin_object_member (json, "video");
  gr_json_writer_int_member (json, "mixed", frames);
  gr_json_writer_int_member (json, "skippedByMixer", skipped);
  gr_json_writer_int_member (json, "queued", queued);
  gr_json_writer_int_member (json, "skippedByEncoder", g_atomic_int_get (&show->skipped[GR_FANOUT_VIDEO]));
  gr_json_writer_int_member (json, "encoded", g_atomic_int_get (&show->encoded[GR_FANOUT_VIDEO]));
  gr_json_writer_int_member (json, "lateUs", g_atomic_int_get (&show->late_us[GR_FANOUT_VIDEO]));
  gr_json_writer_end_object (json);
}

static void
describe_audio (GrShow *show, GrJsonWriter *json)
{
  gr_json_writer_begin_object_member (json, "audio");
  gr_json_writer_int_member (json, "aacSkipped", g_atomic_int_get (&show->skipped[GR_FANOUT_AAC]));
  gr_json_writer_int_member (json, "aacEncoded", g_atomic_int_get (&show->encoded[GR_FANOUT_AAC]));
  gr_json_writer_int_member (json, "aacLateUs", g_atomic_int_get (&show->late_us[GR_FANOUT_AAC]));
  gr_json_writer_int_member (json, "opusSkipped", g_atomic_int_get (&show->skipped[GR_FANOUT_OPUS]));
  gr_json_writer_int_member (json, "opusEncoded", g_atomic_int_get (&show->encoded[GR_FANOUT_OPUS]));
  gr_json_writer_int_member (json, "opusLateUs", g_atomic_int_get (&show->late_us[GR_FANOUT_OPUS]));
  gr_json_writer_end_object (json);
}

void
gr_show_describe (GrShow *show, GrJsonWriter *json)
{
  GrFanoutStats published = { 0 };

  describe_link (show, json);
  if (show->pipeline == NULL)
    return;

  gr_json_writer_double_member (json, "seconds",
                                gst_element_get_current_running_time (show->pipeline) / (double) GST_SECOND);
  gr_json_writer_int_member (json, "latencyMs", GR_SHOW_LATENCY / GST_MSECOND);
  describe_video (show, json);
  describe_audio (show, json);
  gr_publish_get_stats (show->publish, &published);
  gr_json_writer_begin_object_member (json, "published");
  gr_json_writer_int_member (json, "buffers", published.buffers);
  gr_json_writer_int_member (json, "dropped", published.dropped);
  gr_json_writer_end_object (json);
  gr_json_writer_begin_array_member (json, "inputs");
  for (guint i = 0; i < show->inputs->len; i++)
    gr_input_describe (g_ptr_array_index (show->inputs, i), json);
  gr_json_writer_end_array (json);
}

void
gr_show_log_totals (GrShow *show)
{
  guint64 frames = 0, skipped = 0;

  if (show->pipeline == NULL)
    return;

  count_mixed (show, &frames, &skipped);
  gr_info ("the show ends: of pictures %" G_GUINT64_FORMAT " mixed, %" G_GUINT64_FORMAT
           " skipped by the mixer, %d by the encoder; of sounds %d skipped",
           frames, skipped, g_atomic_int_get (&show->skipped[GR_FANOUT_VIDEO]),
           g_atomic_int_get (&show->skipped[GR_FANOUT_AAC]));
}

char *
gr_show_draw (GrShow *show)
{
  g_autofree char *publish = NULL;
  g_autofree char *programme = NULL;

  if (show->pipeline == NULL)
    return g_strdup ("digraph programme {}\n");

  programme = gst_debug_bin_to_dot_data (GST_BIN (show->pipeline), GST_DEBUG_GRAPH_SHOW_ALL);
  publish = gr_publish_draw (show->publish);
  return g_strconcat (programme, publish, NULL);
}
