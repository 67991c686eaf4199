/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/probe/probe.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <string.h>

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"
#include "media/program/refusal.h"
#include "media/program/rtmp-sink.h"

/* rtmp2sink gives up each step after five seconds. */
#define ALL_SECONDS 12

/* A tag of an FLV file (Adobe's video file format, annex E): type 18 with empty metadata (AMF0). The sink waits for its
 * connection only when it has something to send. */
static const guint8 flv_tag[] = {
  18, 0, 0,  21,  0,   0,   0,   0,   0,   0,   0,             /* script, 21 bytes, at 0 */
  2,  0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D', 'a', 't', 'a', /* a string */
  8,  0, 0,  0,   0,   0,   0,   9,                            /* an array of nothing */
  0,  0, 0,  32,                                               /* size of the tag */
};

typedef struct
{
  GrRtmpUrl *url;
  char *key;
  gboolean allow_private;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->url, gr_rtmp_url_free);
  g_free (wish->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gboolean
wish_read (Wish *wish, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonNode) node = gr_json_parse (text, length, error);
  JsonObject *object;
  const char *url;

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "A destination is described by an object");
      return FALSE;
    }

  object = json_node_get_object (node);
  url = gr_json_string (object, "url");
  wish->url = gr_rtmp_url_parse (url != NULL ? url : "", "url", error);
  wish->key = g_strdup (gr_json_string (object, "streamKey"));
  wish->allow_private = gr_json_bool (object, "allowPrivate", FALSE);
  if (wish->url != NULL && wish->key == NULL)
    gr_set_error (error, GR_ERROR_INVALID_INPUT, "streamKey", "A destination needs a stream key");

  return wish->url != NULL && wish->key != NULL;
}

static char *
say (const char *state, const char *reason, const char *message)
{
  GString *text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "state", state);
  gr_json_writer_string_member (&json, "reason", reason);
  gr_json_writer_string_member (&json, "message", message);
  gr_json_writer_end_object (&json);

  return g_string_free (text, FALSE);
}

/* What an error means once there is a connection. rtmp2sink tells by its words, which are not translated here. */
static char *
say_refusal (const GError *error)
{
  if (strstr (error->message, "timed out") != NULL)
    return say ("failed", "timeout", "It does not answer in RTMP");

  if (strstr (error->message, "'connect' cmd failed") != NULL)
    return say ("refused", "key", "It refused the address, perhaps because there is no such application");

  if (strstr (error->message, "cmd failed") != NULL
      || g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return say ("refused", "key", "It refused the show, perhaps because of the stream key");

  return say ("refused", "refused", "It does not speak RTMP at that port");
}

static char *
say_error (GstMessage *message, const GrOutboundFacts *facts)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;
  GrRefusal refusal;

  gst_message_parse_error (message, &error, &debug);
  if (facts->phase == GR_OUTBOUND_OPEN)
    return say_refusal (error);

  refusal = gr_refusal_explain (error, debug, facts, FALSE);

  return say (g_str_equal (refusal.word, "refused") ? "refused" : "failed", refusal.word, refusal.message);
}

static GstElement *
make_pipeline (const Wish *wish)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = gst_element_factory_make ("appsrc", NULL);
  GstElement *sink = gst_element_factory_make ("rtmp2sink", NULL);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-flv");

  if (source != NULL)
    gst_bin_add (GST_BIN (pipeline), source);
  if (sink != NULL)
    gst_bin_add (GST_BIN (pipeline), sink);
  if (source == NULL || sink == NULL || !gr_rtmp_sink_aim (sink, wish->url, wish->key))
    return NULL;

  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  gst_element_link (source, sink);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (source), gst_buffer_new_memdup (flv_tag, sizeof flv_tag));
  gst_app_src_end_of_stream (GST_APP_SRC (source));

  return g_steal_pointer (&pipeline);
}

char *
gr_probe_try (const char *text, gsize length, GError **error)
{
  g_auto (Wish) wish = { 0 };
  g_autoptr (GrOutbound) outbound = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  GrOutboundFacts facts;

  if (!wish_read (&wish, text, length, error))
    return NULL;

  gr_rtmp_sink_hush ();
  outbound = gr_outbound_new (wish.url->host, wish.url->port, wish.allow_private);
  pipeline = outbound != NULL ? make_pipeline (&wish) : NULL;
  if (pipeline == NULL)
    return say ("failed", "internal", "GStreamer's RTMP sink is not there");

  /* Done when the sink has taken its first bytes: after handshake, connect, createStream and publish. */
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, ALL_SECONDS * GST_SECOND, GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  gr_outbound_get_facts (outbound, &facts);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  if (message == NULL)
    return say ("failed", facts.phase <= GR_OUTBOUND_RESOLVING ? "dns" : "timeout", "It does not answer");

  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS ? say ("live", NULL, NULL) : say_error (message, &facts);
}
