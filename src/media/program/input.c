/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "program"

#include "media/program/input.h"

#include <gst/video/video.h>

#include "base/log.h"
#include "plugins/hublink/link-source.h"

/* The last element of each, "coded", gives what is recorded as it is. A picture begins with a keyframe, which is asked
 * for; a decoder that is angry at one frame goes on with the next. */
static const struct
{
  const char *encoding;
  const char *depayloads;
  const char *decodes;
  const char *otherwise; /* where the first one is not installed */
} codecs[] = {
  { "OPUS", "rtpopusdepay name=coded", "opusdec plc=true", NULL },
  { "VP8", "rtpvp8depay name=coded request-keyframe=true wait-for-keyframe=true", "vp8dec max-errors=-1", NULL },
  { "VP9", "rtpvp9depay name=coded request-keyframe=true wait-for-keyframe=true", "vp9dec max-errors=-1", NULL },
  { "H264",
    "rtph264depay request-keyframe=true wait-for-keyframe=true ! h264parse name=coded config-interval=-1 "
    "! capsfilter caps=video/x-h264,stream-format=avc3,alignment=au",
    "avdec_h264 max-errors=-1 max-threads=1", "openh264dec max-errors=-1" },
};

#define VIDEO_FRONT "queue name=queue leaky=downstream max-size-buffers=3 max-size-bytes=0 max-size-time=0"
#define AUDIO_FRONT                                                                                                    \
  "queue name=queue leaky=downstream max-size-buffers=0 max-size-bytes=0 max-size-time=500000000 ! volume name=volume"

struct _GrInput
{
  GstBin *pipeline; /* borrowed: it outlives its inputs */
  GstElement *mixer;
  GstPad *source; /* referenced, as what follows */
  GrLinkStream *stream;
  gboolean video;
  GstElement *front; /* queue and, of sound, gain */
  GstPad *mixer_pad;
  GstElement *decoder; /* NULL: of a codec that we cannot decode */
  char *encoding;      /* what that is for */
  GrFanout *fanout;
  gint *frames; /* decoded: atomic, in an atomic reference-counted box that the streaming thread shares */
};

static void
want_keyframe (gpointer user_data)
{
  gr_link_stream_want_keyframe (user_data);
}

static GstElement *
make_decoder (const char *encoding)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    for (guint attempt = 0; g_str_equal (codecs[i].encoding, encoding) && attempt < 2; attempt++)
      {
        const char *decodes = attempt == 0 ? codecs[i].decodes : codecs[i].otherwise;
        g_autofree char *text = NULL;
        g_autoptr (GError) error = NULL;
        GstElement *bin;

        if (decodes == NULL)
          continue;
        text = g_strdup_printf ("%s ! %s%s", codecs[i].depayloads, decodes,
                                g_str_equal (encoding, "OPUS") ? "" : " ! videoconvert n-threads=1");
        bin = gst_parse_bin_from_description_full (text, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
        if (bin != NULL)
          return bin;
        gr_warning ("%s cannot be decoded by %s: %s", encoding, decodes, error->message);
      }

  return NULL;
}

/* Streaming thread. */
static GstPadProbeReturn
on_coded (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GrFanout *fanout = user_data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    {
      g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
      const GstSegment *segment;

      if (event == NULL)
        return GST_PAD_PROBE_OK;
      gst_event_parse_segment (event, &segment);
      gr_fanout_push (fanout, 0, GST_PAD_PROBE_INFO_BUFFER (info), segment, 0);
    }
  else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS)
    {
      GstCaps *caps;

      gst_event_parse_caps (GST_PAD_PROBE_INFO_EVENT (info), &caps);
      gr_fanout_set_caps (fanout, 0, caps);
    }

  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_decoded (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_OK;
}

static void
unref_fanout (gpointer fanout)
{
  gr_fanout_unref (fanout);
}

static void
tap (GrInput *input)
{
  g_autoptr (GstElement) coded = gst_bin_get_by_name (GST_BIN (input->decoder), "coded");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (coded, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_coded,
                     gr_fanout_ref (input->fanout), unref_fanout);
}

static void
end_element (GstElement *element, gpointer user_data)
{
  gst_element_set_state (element, GST_STATE_NULL);
}

/* Stopping a decoder waits for the picture it has in hand. */
static void
drop_element (GrInput *input, GstElement **element)
{
  if (*element == NULL)
    return;

  gst_object_ref (*element);
  gst_element_set_locked_state (*element, TRUE);
  gst_bin_remove (input->pipeline, *element);
  gst_element_call_async (*element, end_element, NULL, NULL);
  gst_object_unref (g_steal_pointer (element));
}

static gboolean
link_named (GstElement *from, GstElement *to)
{
  g_autoptr (GstPad) source = gst_element_get_static_pad (from, "src");
  g_autoptr (GstPad) sink = gst_element_get_static_pad (to, "sink");

  return gst_pad_link (source, sink) == GST_PAD_LINK_OK;
}

static char *
encoding_of (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps != NULL ? g_strdup (gst_structure_get_string (gst_caps_get_structure (caps, 0), "encoding-name")) : NULL;
}

void
gr_input_renew (GrInput *input, gboolean always)
{
  g_autofree char *encoding = encoding_of (input->source);
  g_autoptr (GstPad) sink = NULL;

  if (encoding == NULL || (!always && g_strcmp0 (encoding, input->encoding) == 0))
    return;

  drop_element (input, &input->decoder);
  g_free (input->encoding);
  input->encoding = g_steal_pointer (&encoding);
  input->decoder = make_decoder (input->encoding);
  if (input->decoder == NULL)
    {
      gr_warning ("what %s sends as %s cannot be shown: %s", gr_input_get_participant (input),
                  gr_input_get_kind (input), input->encoding);
      return;
    }

  tap (input);
  gst_bin_add (input->pipeline, input->decoder);
  link_named (input->decoder, input->front);
  gst_element_sync_state_with_parent (input->decoder);
  sink = gst_element_get_static_pad (input->decoder, "sink");
  if (gst_pad_link (input->source, sink) != GST_PAD_LINK_OK)
    gr_warning ("a track of %s cannot be linked", gr_input_get_participant (input));
  gr_link_stream_want_keyframe (input->stream);
}

GrInput *
gr_input_new (GstBin *pipeline, GstPad *source, GstElement *mixer)
{
  GrInput *input = g_new0 (GrInput, 1);
  GrLinkStream *stream = gr_link_source_get_stream (source);
  const char *kind = gr_link_stream_get_kind (stream);
  g_autoptr (GstPad) last = NULL;

  input->pipeline = pipeline;
  input->mixer = mixer;
  input->source = gst_object_ref (source);
  input->stream = gr_link_stream_ref (stream);
  input->frames = g_atomic_rc_box_new0 (gint);
  input->video = gr_link_stream_is_video (stream);
  input->fanout = gr_fanout_new (1, input->video ? 0 : GR_FANOUT_NO_GATE, want_keyframe, input->stream);
  input->front = gst_parse_bin_from_description (input->video ? VIDEO_FRONT : AUDIO_FRONT, TRUE, NULL);
  input->mixer_pad = gst_element_request_pad_simple (mixer, "sink_%u");
  /* A shared screen that does not change sends nothing for long. */
  if (g_str_equal (kind, "screen"))
    g_object_set (input->mixer_pad, "hold", G_MAXUINT64, NULL);

  gst_bin_add (pipeline, input->front);
  last = gst_element_get_static_pad (input->front, "src");
  gst_pad_add_probe (last, GST_PAD_PROBE_TYPE_BUFFER, on_decoded, g_atomic_rc_box_acquire (input->frames),
                     g_atomic_rc_box_release);
  gst_pad_link (last, input->mixer_pad);
  gst_element_sync_state_with_parent (input->front);
  if (!input->video)
    gr_input_set_gain (input, 0);
  gr_input_renew (input, TRUE);
  return input;
}

void
gr_input_free (GrInput *input)
{
  g_autoptr (GstPad) last = gst_element_get_static_pad (input->front, "src");

  gr_fanout_close (input->fanout);
  drop_element (input, &input->decoder);
  gst_pad_unlink (last, input->mixer_pad);
  gst_element_release_request_pad (input->mixer, input->mixer_pad);
  gst_object_unref (input->mixer_pad);
  drop_element (input, &input->front);
  gr_fanout_unref (input->fanout);
  gr_link_stream_unref (input->stream);
  gst_object_unref (input->source);
  g_atomic_rc_box_release (input->frames);
  g_free (input->encoding);
  g_free (input);
}

const char *
gr_input_get_participant (const GrInput *input)
{
  return gr_link_stream_get_participant (input->stream);
}

const char *
gr_input_get_kind (const GrInput *input)
{
  return gr_link_stream_get_kind (input->stream);
}

gboolean
gr_input_is_video (const GrInput *input)
{
  return input->video;
}

GstPad *
gr_input_get_source (const GrInput *input)
{
  return input->source;
}

GstPad *
gr_input_get_mixer_pad (const GrInput *input)
{
  return input->mixer_pad;
}

GrFanout *
gr_input_get_fanout (const GrInput *input)
{
  return input->fanout;
}

void
gr_input_set_gain (GrInput *input, double gain)
{
  g_autoptr (GstElement) volume = gst_bin_get_by_name (GST_BIN (input->front), "volume");

  if (volume != NULL)
    g_object_set (volume, "volume", gain, NULL);
}

gboolean
gr_input_owns (const GrInput *input, GstObject *element)
{
  return (input->decoder != NULL && gst_object_has_as_ancestor (element, GST_OBJECT (input->decoder)))
         || gst_object_has_as_ancestor (element, GST_OBJECT (input->front));
}

void
gr_input_describe (GrInput *input, GrJsonWriter *json)
{
  g_autoptr (GstElement) queue = gst_bin_get_by_name (GST_BIN (input->front), "queue");
  GrLinkStreamStats stats;
  guint buffers;
  guint64 time;

  g_object_get (queue, "current-level-buffers", &buffers, "current-level-time", &time, NULL);
  gr_link_stream_get_stats (input->stream, &stats);
  gr_json_writer_begin_object (json);
  gr_json_writer_string_member (json, "participantId", stats.participant);
  gr_json_writer_string_member (json, "kind", stats.kind);
  gr_json_writer_string_member (json, "codec", input->encoding);
  gr_json_writer_bool_member (json, "decoding", input->decoder != NULL);
  gr_json_writer_int_member (json, "packets", stats.packets);
  gr_json_writer_int_member (json, "lost", stats.lost);
  gr_json_writer_int_member (json, "recovered", stats.recovered);
  gr_json_writer_int_member (json, "overflowed", stats.overflowed);
  gr_json_writer_int_member (json, "keyframeRequests", stats.keyframe_requests);
  gr_json_writer_int_member (json, "queuedPackets", stats.queued);
  gr_json_writer_int_member (json, "delayUs", stats.delay_us);
  gr_json_writer_int_member (json, "decoded", g_atomic_int_get (input->frames));
  gr_json_writer_int_member (json, "queuedBuffers", buffers);
  gr_json_writer_int_member (json, "queuedMs", time / GST_MSECOND);
  gr_json_writer_end_object (json);
  gr_link_stream_stats_clear (&stats);
}
