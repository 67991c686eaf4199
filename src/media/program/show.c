/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "media/program/show.h"

#include <gst/video/video.h>

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "media/launch.h"
#include "media/program/input.h"
#include "media/program/publish.h"
#include "media/program/stage.h"
#include "plugins/hublink/link-source.h"

/* What mixers wait for those who are late: what the link waits for missing packets, and a picture to decode. Fixed from
 * the start, so that nobody who comes moves the programme's clock. */
#define LATENCY (160 * GST_MSECOND)

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
#define SOUND_QUEUE "queue leaky=downstream max-size-buffers=0 max-size-bytes=0 max-size-time=500000000"

struct _GrShow
{
  GObject parent;

  GrShowEvents events;
  GrShowSettings settings;
  GrLinkEnd *end;
  GrScene *scene;
  GArray *people;

  /* While it runs. */
  GstElement *pipeline;
  GstElement *source;
  GstElement *video_mixer;
  GstElement *audio_mixer;
  GrStage *stage;
  GPtrArray *inputs; /* GrInput */
  GrFanout *fanout;
  GrPublish *publish;
  GstPad *video_end; /* of the encoder, where keyframes are asked for */
  gboolean failed;

  gint started; /* atomic, as what follows: written by streaming threads */
  gint encoded[GR_FANOUT_PROGRAMME_STREAMS];
  gint late_us[GR_FANOUT_PROGRAMME_STREAMS]; /* from a frame's time until it is encoded */
  gint skipped;                              /* frames that the encoder had no time for */
};

G_DEFINE_FINAL_TYPE (GrShow, gr_show, G_TYPE_OBJECT)

/* What a streaming thread has to say. */
typedef struct
{
  GrShow *show;
  GstPad *pad;       /* of the link, or NULL */
  GstObject *source; /* of an error */
  char *message;
} Fact;

static Fact *
fact_new (GrShow *show)
{
  Fact *fact = g_new0 (Fact, 1);

  fact->show = g_object_ref (show);
  return fact;
}

static void
fact_free (gpointer data)
{
  Fact *fact = data;

  gst_clear_object (&fact->pad);
  gst_clear_object (&fact->source);
  g_object_unref (fact->show);
  g_free (fact->message);
  g_free (fact);
}

static void
apply (GrShow *show, gboolean animated)
{
  if (show->pipeline == NULL)
    return;

  gr_stage_apply (show->stage, show->scene, show->people, show->inputs, animated);
  for (guint i = 0; i < show->inputs->len; i++)
    {
      GrInput *input = g_ptr_array_index (show->inputs, i);
      const GrPersonOnShow *person = gr_people_find (show->people, gr_input_get_participant (input));

      gr_input_set_gain (input, person != NULL && person->on_stage ? person->gain : 0);
    }
}

static void
tell_track (GrShow *show, const GrInput *input, gboolean here)
{
  if (show->events.track != NULL)
    show->events.track (show, gr_input_get_participant (input), gr_input_get_kind (input), gr_input_get_fanout (input),
                        here, show->events.user_data);
}

static GrInput *
find_input (GrShow *show, GstPad *source, guint *at)
{
  for (guint i = 0; i < show->inputs->len; i++)
    if (gr_input_get_source (g_ptr_array_index (show->inputs, i)) == source)
      {
        if (at != NULL)
          *at = i;
        return g_ptr_array_index (show->inputs, i);
      }

  return NULL;
}

/* A stream has a codec, the first one or another. */
static void
on_caps_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;
  GrInput *input;
  gboolean video;
  const char *kind = gr_link_stream_get_kind (gr_link_source_get_stream (fact->pad));

  if (show->pipeline == NULL || !gst_pad_is_active (fact->pad))
    return;

  input = find_input (show, fact->pad, NULL);
  if (input != NULL)
    {
      gr_input_renew (input, FALSE);
      return;
    }

  video = g_str_equal (kind, "camera") || g_str_equal (kind, "screen");
  input = gr_input_new (GST_BIN (show->pipeline), fact->pad, video ? show->video_mixer : show->audio_mixer);
  g_ptr_array_add (show->inputs, input);
  tell_track (show, input, TRUE);
  apply (show, TRUE);
}

static void
on_pad_removed_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;
  guint at;
  GrInput *input = show->pipeline != NULL ? find_input (show, fact->pad, &at) : NULL;

  if (input == NULL)
    return;

  g_ptr_array_steal_index (show->inputs, at);
  apply (show, TRUE);
  tell_track (show, input, FALSE);
  gr_input_free (input);
}

static GstPadProbeReturn
on_pad_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS)
    {
      Fact *fact = fact_new (user_data);

      fact->pad = gst_object_ref (pad);
      gr_main_post (on_caps_fact, fact, fact_free);
    }
  return GST_PAD_PROBE_OK;
}

/* The link's thread. */
static void
on_pad_added (GstElement *source, GstPad *pad, gpointer user_data)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_pad_event, g_object_ref (user_data), g_object_unref);
}

static void
on_pad_removed (GstElement *source, GstPad *pad, gpointer user_data)
{
  Fact *fact = fact_new (user_data);

  fact->pad = gst_object_ref (pad);
  gr_main_post (on_pad_removed_fact, fact, fact_free);
}

static void
on_error_fact (gpointer data)
{
  Fact *fact = data;
  GrShow *show = fact->show;

  if (show->pipeline == NULL)
    return;

  /* One person's packets are nobody else's trouble: a decoder that fell over is made anew. */
  for (guint i = 0; i < show->inputs->len; i++)
    if (gr_input_owns (g_ptr_array_index (show->inputs, i), fact->source))
      {
        gr_warning ("the decoder of %s is made anew: %s",
                    gr_input_get_participant (g_ptr_array_index (show->inputs, i)), fact->message);
        gr_input_renew (g_ptr_array_index (show->inputs, i), TRUE);
        return;
      }
  /* Of one that was made anew already. */
  if (!gst_object_has_as_ancestor (fact->source, GST_OBJECT (show->pipeline)))
    return;

  gr_warning ("the programme: %s", fact->message);
  if (!show->failed && show->events.failed != NULL)
    show->events.failed (show, fact->message, show->events.user_data);
  show->failed = TRUE;
}

static void
on_latency_fact (gpointer data)
{
  Fact *fact = data;

  if (fact->show->pipeline != NULL)
    gst_bin_recalculate_latency (GST_BIN (fact->show->pipeline));
}

/* Any thread. Nothing stays on the bus. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      Fact *fact = fact_new (user_data);
      g_autoptr (GError) error = NULL;

      gst_message_parse_error (message, &error, NULL);
      fact->source = gst_object_ref (GST_MESSAGE_SRC (message));
      fact->message = g_strdup_printf ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
      gr_main_post (on_error_fact, fact, fact_free);
    }
  else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gr_main_post (on_latency_fact, fact_new (user_data), fact_free);

  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
on_started_fact (gpointer data)
{
  Fact *fact = data;

  if (fact->show->pipeline != NULL && fact->show->events.started != NULL)
    fact->show->events.started (fact->show, fact->show->events.user_data);
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
    gr_main_post (on_started_fact, fact_new (show), fact_free);

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

/* Any thread. */
static void
want_keyframe (gpointer user_data)
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

  g_signal_connect (queue, "overrun", G_CALLBACK (on_skipped), &show->skipped);
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

  gst_bin_add (GST_BIN (show->pipeline), queue);
  gst_element_link (tee, queue);
  return add_encoder (show, name, parameters, stream, queue, error) != NULL;
}

static gboolean
make_pipeline (GrShow *show, GError **error)
{
  const GrShowSettings *settings = &show->settings;
  g_autofree char *text = g_strdup_printf (PICTURE " " SOUND, LATENCY, settings->width, settings->height,
                                           settings->frames_per_second, LATENCY);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GError) failure = NULL;

  show->pipeline = gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &failure);
  if (show->pipeline == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The programme cannot be made: %s", failure->message);
      return FALSE;
    }

  gst_object_ref_sink (show->pipeline);
  gst_object_set_name (GST_OBJECT (show->pipeline), "programme");
  bus = gst_pipeline_get_bus (GST_PIPELINE (show->pipeline));
  gst_bus_set_sync_handler (bus, on_message, g_object_ref (show), g_object_unref);
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

static void
add_source (GrShow *show)
{
  show->source = gst_element_factory_make ("hublinksrc", NULL);
  g_object_set (show->source, "link", show->end, NULL);
  g_signal_connect_object (show->source, "pad-added", G_CALLBACK (on_pad_added), show, 0);
  g_signal_connect_object (show->source, "pad-removed", G_CALLBACK (on_pad_removed), show, 0);
  gst_bin_add (GST_BIN (show->pipeline), show->source);
}

static void
play (GstElement *pipeline, gpointer user_data)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
}

static void
end (GstElement *pipeline, gpointer user_data)
{
  g_autoptr (GstBus) bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));

  gst_element_set_state (pipeline, GST_STATE_NULL);
  /* Lets go of the show. */
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
}

static void
gr_show_dispose (GObject *object)
{
  gr_show_stop (GR_SHOW (object));
  G_OBJECT_CLASS (gr_show_parent_class)->dispose (object);
}

static void
gr_show_finalize (GObject *object)
{
  GrShow *show = GR_SHOW (object);

  gr_show_settings_clear (&show->settings);
  gr_scene_free (show->scene);
  g_array_unref (show->people);
  g_ptr_array_unref (show->inputs);
  g_object_unref (show->end);
  G_OBJECT_CLASS (gr_show_parent_class)->finalize (object);
}

static void
gr_show_class_init (GrShowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_show_dispose;
  G_OBJECT_CLASS (class)->finalize = gr_show_finalize;
}

static void
gr_show_init (GrShow *show)
{
  show->end = gr_link_end_new ();
  show->scene = gr_scene_new ();
  show->people = gr_people_new ();
  show->inputs = g_ptr_array_new ();
}

GrShow *
gr_show_new (const GrShowEvents *events)
{
  GrShow *show = g_object_new (GR_TYPE_SHOW, NULL);

  show->events = *events;
  return show;
}

void
gr_show_set_socket (GrShow *show, int fd)
{
  gr_link_end_set_socket (show->end, fd);
}

gboolean
gr_show_start (GrShow *show, const GrShowSettings *settings, GError **error)
{
  if (show->pipeline != NULL)
    {
      gr_set_error (error, GR_ERROR_CONFLICT, NULL, "The programme runs already");
      return FALSE;
    }

  show->settings = *settings;
  show->settings.pipelines_directory = g_strdup (settings->pipelines_directory);
  if (!make_pipeline (show, error))
    {
      gr_show_stop (show);
      return FALSE;
    }

  gr_fanout_set_want_keyframe (show->fanout, want_keyframe, show->video_end);
  add_source (show);
  show->stage = gr_stage_new (GR_LAYOUT_MIX (show->video_mixer), settings->width, settings->height);
  show->publish = gr_publish_new (show->fanout, show->end, gst_element_get_base_time (show->pipeline));
  apply (show, FALSE);
  gst_element_call_async (show->pipeline, play, NULL, NULL);
  return TRUE;
}

void
gr_show_set_scene (GrShow *show, GrScene *scene)
{
  gr_scene_free (show->scene);
  show->scene = scene;
  apply (show, TRUE);
}

void
gr_show_set_people (GrShow *show, GArray *people)
{
  g_array_unref (show->people);
  show->people = people;
  apply (show, TRUE);
}

GrFanout *
gr_show_get_fanout (GrShow *show)
{
  return show->fanout;
}

const char *
gr_show_get_pipelines_directory (GrShow *show)
{
  return show->settings.pipelines_directory;
}

const char *
gr_show_get_name (GrShow *show, const char *participant)
{
  const GrPersonOnShow *person = gr_people_find (show->people, participant);

  return person != NULL ? person->name : NULL;
}

void
gr_show_list_tracks (GrShow *show, GrShowTrackFunc func, gpointer user_data)
{
  for (guint i = 0; i < show->inputs->len; i++)
    {
      const GrInput *input = g_ptr_array_index (show->inputs, i);

      func (show, gr_input_get_participant (input), gr_input_get_kind (input), gr_input_get_fanout (input), TRUE,
            user_data);
    }
}

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
describe_video (GrShow *show, GrJsonWriter *json)
{
  g_autoptr (GstElement) queue = gst_bin_get_by_name (GST_BIN (show->pipeline), "video-queue");
  GstStructure *mixed = NULL;
  guint64 frames = 0, skipped = 0;
  guint queued;

  g_object_get (show->video_mixer, "stats", &mixed, NULL);
  g_object_get (queue, "current-level-buffers", &queued, NULL);
  gst_structure_get (mixed, "frames", G_TYPE_UINT64, &frames, "skipped", G_TYPE_UINT64, &skipped, NULL);
  gst_structure_free (mixed);
  gr_json_writer_begin_object_member (json, "video");
  gr_json_writer_int_member (json, "mixed", frames);
  gr_json_writer_int_member (json, "skippedByMixer", skipped);
  gr_json_writer_int_member (json, "queued", queued);
  gr_json_writer_int_member (json, "skippedByEncoder", g_atomic_int_get (&show->skipped));
  gr_json_writer_int_member (json, "encoded", g_atomic_int_get (&show->encoded[GR_FANOUT_VIDEO]));
  gr_json_writer_int_member (json, "lateUs", g_atomic_int_get (&show->late_us[GR_FANOUT_VIDEO]));
  gr_json_writer_end_object (json);
}

static void
describe_audio (GrShow *show, GrJsonWriter *json)
{
  gr_json_writer_begin_object_member (json, "audio");
  gr_json_writer_int_member (json, "aacEncoded", g_atomic_int_get (&show->encoded[GR_FANOUT_AAC]));
  gr_json_writer_int_member (json, "aacLateUs", g_atomic_int_get (&show->late_us[GR_FANOUT_AAC]));
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
  gr_json_writer_int_member (json, "latencyMs", LATENCY / GST_MSECOND);
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

void
gr_show_stop (GrShow *show)
{
  if (show->pipeline == NULL)
    return;

  if (show->fanout != NULL)
    gr_fanout_close (show->fanout);
  g_clear_pointer (&show->publish, gr_publish_free);
  for (guint i = 0; i < show->inputs->len; i++)
    {
      tell_track (show, g_ptr_array_index (show->inputs, i), FALSE);
      gr_input_free (g_ptr_array_index (show->inputs, i));
    }
  g_ptr_array_set_size (show->inputs, 0);
  g_clear_pointer (&show->stage, gr_stage_free);
  gst_clear_object (&show->video_end);
  gst_clear_object (&show->video_mixer);
  gst_clear_object (&show->audio_mixer);
  gst_element_call_async (show->pipeline, end, NULL, NULL);
  gst_clear_object (&show->pipeline);
  g_clear_pointer (&show->fanout, gr_fanout_unref);
  gr_show_settings_clear (&show->settings);
}
