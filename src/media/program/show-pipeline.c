/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gst/video/video.h>

#include "base/error.h"
#include "base/main-call.h"
#include "media/launch.h"
#include "media/program/show-private.h"

/* The queue bridges half a second in which the encoder gets no processor; after that, frames are left out. */
#define PICTURE                                                                                                        \
  "layoutmix name=video-mixer min-upstream-latency=%" G_GUINT64_FORMAT " ! capsfilter name=picture "                   \
  "caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,colorimetry=bt709 "                                  \
  "! queue name=video-queue leaky=downstream max-size-buffers=15 max-size-bytes=0 max-size-time=0"
/* The mixer believes what a sender report says of sound: left alone it takes up to 40 ms for jitter. The link's times
 * have none, so what is off by 1 ms is so for good. It runs from the start,
 * whatever comes. */
#define SOUND                                                                                                          \
  "audiotestsrc is-live=true wave=silence samplesperbuffer=480 ! " RAW_SOUND " ! audiomixer name=audio-mixer "         \
  "force-live=true min-upstream-latency=%" G_GUINT64_FORMAT                                                            \
  " ignore-inactive-pads=true output-buffer-duration=20000000 "                                                        \
  "alignment-threshold=1000000 discont-wait=100000000 ! " RAW_SOUND " ! rglimiter ! tee name=sound"
#define RAW_SOUND "audio/x-raw,format=F32LE,rate=48000,channels=2,layout=interleaved"
#define SOUND_QUEUE                                                                                                    \
  "queue name=sound-queue leaky=downstream max-size-buffers=0 max-size-bytes=0 max-size-time=500000000"

static void
on_started_fact (gpointer data)
{
  GrShow *show = data;

  if (show->pipeline != NULL && show->events.started != NULL)
    show->events.started (show, show->events.user_data);
}

/* What has been encoded: how much, and how late. */
static GstPadProbeReturn
on_encoded (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GrShow *show = user_data;
  guint stream = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (pad), "stream"));
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  g_autoptr (GstElement) sink = gst_pad_get_parent_element (pad);
  const GstSegment *segment;
  guint64 running, now;

  g_atomic_int_inc (&show->encoded[stream]);
  if (stream == GR_FANOUT_VIDEO && g_atomic_int_compare_and_exchange (&show->started, FALSE, TRUE))
    gr_main_post (on_started_fact, g_object_ref (show), g_object_unref);

  if (event == NULL || sink == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  running = gst_segment_to_running_time (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)));
  now = gst_element_get_current_running_time (sink);
  if (running != GST_CLOCK_TIME_NONE && now != GST_CLOCK_TIME_NONE)
    g_atomic_int_set (&show->late_us[stream], ((gint64) now - (gint64) running) / 1000);
  return GST_PAD_PROBE_OK;
}

static void
on_skipped (GstElement *queue, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

void
gr_show_want_keyframe (gpointer user_data)
{
  gst_pad_push_event (user_data, gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

static GstElement *
add_encoder (
    GrShow *show, const char *name, const char *const *parameters, guint stream, GstElement *from, GError **error)
{
  const char *directory = show->settings.pipelines_directory;
  GstElement *encoder = gr_launch_make (directory, name, parameters, error);
  GstClockTime delay = gr_launch_number (directory, name, "delay-us", 0) * GST_USECOND;
  GstElement *sink;
  g_autoptr (GstPad) pad = NULL;

  if (encoder == NULL)
    return NULL;

  sink = gr_fanout_make_sink (show->fanout, stream, delay);
  pad = gst_element_get_static_pad (sink, "sink");
  g_object_set_data (G_OBJECT (pad), "stream", GUINT_TO_POINTER (stream));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded, show, NULL);
  gst_bin_add_many (GST_BIN (show->pipeline), encoder, sink, NULL);
  if (!gst_element_link_many (from, encoder, sink, NULL))
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "%s.launch does not take what the mixer gives", name);
      return NULL;
    }

  return sink;
}

static gboolean
add_video_encoder (GrShow *show, GError **error)
{
  const GrShowSettings *settings = &show->settings;
  g_autofree char *kilobits = g_strdup_printf ("%d", settings->video_bits / 1000);
  g_autofree char *frames = g_strdup_printf ("%d", settings->keyframe_seconds * settings->frames_per_second);
  const char *const parameters[] = { "kilobits", kilobits, "keyframe-frames", frames, NULL };
  g_autoptr (GstElement) queue = gst_bin_get_by_name (GST_BIN (show->pipeline), "video-queue");
  GstElement *sink = add_encoder (show, "encode-h264", parameters, GR_FANOUT_VIDEO, queue, error);

  g_signal_connect (queue, "overrun", G_CALLBACK (on_skipped), &show->skipped[GR_FANOUT_VIDEO]);
  if (sink != NULL)
    show->video_end = gst_element_get_static_pad (sink, "sink");
  return sink != NULL;
}

static gboolean
add_audio_encoder (GrShow *show, const char *name, guint stream, GError **error)
{
  g_autofree char *bits = g_strdup_printf ("%d", show->settings.audio_bits);
  const char *const parameters[] = { "bits", bits, NULL };
  g_autoptr (GstElement) tee = gst_bin_get_by_name (GST_BIN (show->pipeline), "sound");
  GstElement *queue = gst_parse_bin_from_description (SOUND_QUEUE, TRUE, NULL);
  g_autoptr (GstElement) waiting = gst_bin_get_by_name (GST_BIN (queue), "sound-queue");

  g_signal_connect (waiting, "overrun", G_CALLBACK (on_skipped), &show->skipped[stream]);
  gst_bin_add (GST_BIN (show->pipeline), queue);
  gst_element_link (tee, queue);
  return add_encoder (show, name, parameters, stream, queue, error) != NULL;
}

gboolean
gr_show_make_pipeline (GrShow *show, GError **error)
{
  const GrShowSettings *settings = &show->settings;
  g_autofree char *text = g_strdup_printf (PICTURE " " SOUND, GR_SHOW_LATENCY, settings->width, settings->height,
                                           settings->frames_per_second, GR_SHOW_LATENCY);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GError) failure = NULL;

  show->pipeline = gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &failure);
  if (show->pipeline == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The programme cannot be made: %s", failure->message);
      return FALSE;
    }

  gst_object_ref_sink (show->pipeline);
  gst_object_set_name (GST_OBJECT (show->pipeline), "programme");
  /* All times are the monotonic clock's, here and at the link. */
  gst_pipeline_use_clock (GST_PIPELINE (show->pipeline), clock);
  gst_element_set_start_time (show->pipeline, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (show->pipeline, gst_clock_get_time (clock));
  show->video_mixer = gst_bin_get_by_name (GST_BIN (show->pipeline), "video-mixer");
  show->audio_mixer = gst_bin_get_by_name (GST_BIN (show->pipeline), "audio-mixer");
  show->fanout = gr_fanout_new (GR_FANOUT_PROGRAMME_STREAMS, GR_FANOUT_VIDEO, NULL, NULL);
  return add_video_encoder (show, error) && add_audio_encoder (show, "encode-aac", GR_FANOUT_AAC, error)
         && add_audio_encoder (show, "encode-opus", GR_FANOUT_OPUS, error);
}
