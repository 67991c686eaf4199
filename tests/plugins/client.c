/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client.h"

#include <gst/sdp/sdp.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#define PUBLISHES                                                                                                      \
  "videotestsrc is-live=true pattern=ball ! video/x-raw,width=160,height=120,framerate=30/1 "                          \
  "! vp8enc name=encoder deadline=1 threads=1 target-bitrate=300000 keyframe-max-dist=3000 error-resilient=default "   \
  "! rtpvp8pay pt=96 mtu=600 picture-id-mode=15-bit name=payloader "                                                   \
  "! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000,ssrc=(uint)%u "                       \
  "! webrtcbin name=webrtcbin bundle-policy=max-bundle"
#define WATCHES "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"

static GstPadProbeReturn
count_packet (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Client *client = user_data;

  g_atomic_int_inc (&client->packets);
  return GST_PAD_PROBE_OK;
}

static void
on_pad (GstElement *webrtcbin, GstPad *pad, gpointer user_data)
{
  Client *client = user_data;
  GstElement *sink;
  GstPad *into;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  sink = gst_element_factory_make ("fakesink", "watching");
  g_object_set (sink, "async", FALSE, "sync", FALSE, NULL);
  gst_bin_add (GST_BIN (client->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  into = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (into, GST_PAD_PROBE_TYPE_BUFFER, count_packet, client, NULL);
  gst_pad_link (pad, into);
  gst_object_unref (into);
}

static GstPadProbeReturn
count_request (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Client *client = user_data;

  if (gst_event_has_name (GST_PAD_PROBE_INFO_EVENT (info), "GstForceKeyUnit"))
    g_atomic_int_inc (&client->keyframe_requests);
  return GST_PAD_PROBE_OK;
}

/* On the wire, where the header is still to be read: what webrtcbin loses by itself is no gap. */
static GstPadProbeReturn
watch_wire (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Client *client = user_data;
  guint8 header[4] = { 0 };
  guint16 sequence;

  gst_buffer_extract (GST_PAD_PROBE_INFO_BUFFER (info), 0, header, sizeof header);
  if (header[0] < 128 || (header[1] & 0x7f) != CLIENT_PAYLOAD_TYPE)
    return GST_PAD_PROBE_OK;

  sequence = header[2] << 8 | header[3];
  if (client->started && (guint16) (sequence - client->last_sequence) != 1)
    g_atomic_int_inc (&client->gaps);
  client->started = TRUE;
  client->last_sequence = sequence;
  if (g_atomic_int_get (&client->drop) <= 0)
    return GST_PAD_PROBE_OK;

  g_atomic_int_add (&client->drop, -1);
  return GST_PAD_PROBE_DROP;
}

static void
on_element (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "nicesrc"))
    {
      GstPad *pad = gst_element_get_static_pad (element, "src");

      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, watch_wire, user_data, NULL);
      gst_object_unref (pad);
    }
}

static void
on_negotiation_needed (GstElement *webrtcbin, gpointer user_data)
{
  Client *client = user_data;

  g_atomic_int_set (&client->negotiation_needed, TRUE);
  g_main_context_wakeup (NULL);
}

static GstElement *
make_publisher (Client *client)
{
  g_autofree char *text = g_strdup_printf (PUBLISHES, 1000 + client->id);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (text, &error);
  GstElement *payloader, *encoder;
  GstPad *pad;

  g_assert_no_error (error);
  payloader = gst_bin_get_by_name (GST_BIN (pipeline), "payloader");
  g_object_set (payloader, "ssrc", 1000 + client->id, NULL);
  gst_object_unref (payloader);
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), "encoder");
  pad = gst_element_get_static_pad (encoder, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, count_request, client, NULL);
  gst_object_unref (pad);
  gst_object_unref (encoder);
  return pipeline;
}

static GstElement *
make_watcher (Client *client)
{
  GstElement *pipeline = gst_pipeline_new (NULL);
  GstElement *webrtcbin = gst_element_factory_make ("webrtcbin", "webrtcbin");

  g_object_set (webrtcbin, "bundle-policy", GST_WEBRTC_BUNDLE_POLICY_MAX_BUNDLE, "latency", 100, NULL);
  gst_bin_add (GST_BIN (pipeline), webrtcbin);
  return pipeline;
}

static void
allow_retransmissions (GstElement *webrtcbin)
{
  GstWebRTCRTPTransceiver *transceiver = NULL;

  g_signal_emit_by_name (webrtcbin, "get-transceiver", 0, &transceiver);
  g_object_set (transceiver, "do-nack", TRUE, NULL);
  gst_object_unref (transceiver);
}

Client *
client_new (GrHub *hub, GrHubPeerId id, ClientRole role, const char *address)
{
  Client *client = g_new0 (Client, 1);
  GstObject *agent = NULL;
  GObject *nice = NULL;
  gboolean added = FALSE;

  client->hub = hub;
  client->id = id;
  client->role = role;
  client->address = address;
  client->pipeline = role == CLIENT_PUBLISHES ? make_publisher (client) : make_watcher (client);
  client->webrtcbin = gst_bin_get_by_name (GST_BIN (client->pipeline), "webrtcbin");
  g_signal_connect (client->webrtcbin, "deep-element-added", G_CALLBACK (on_element), client);
  g_signal_connect (client->webrtcbin, "pad-added", G_CALLBACK (on_pad), client);
  g_signal_connect (client->webrtcbin, "on-negotiation-needed", G_CALLBACK (on_negotiation_needed), client);
  g_object_get (client->webrtcbin, "ice-agent", &agent, NULL);
  /* libnice leaves out the loopback interface by itself, and looks for routers in the network. */
  g_signal_emit_by_name (agent, "add-local-ip-address", address, &added);
  g_object_get (agent, "agent", &nice, NULL);
  g_object_set (nice, "upnp", FALSE, NULL);
  g_object_unref (nice);
  gst_object_unref (agent);

  client->room = gst_pipeline_new (NULL);
  client->hub_half = gr_hub_add_peer (hub, id);
  g_assert_nonnull (client->hub_half);
  gst_bin_add (GST_BIN (client->room), client->hub_half);
  gst_element_set_state (client->room, GST_STATE_PLAYING);
  gst_element_set_state (client->pipeline, GST_STATE_PLAYING);

  if (role == CLIENT_WATCHES)
    {
      GstCaps *caps = gst_caps_from_string (WATCHES);
      GstWebRTCRTPTransceiver *transceiver = NULL;

      g_signal_emit_by_name (client->webrtcbin, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps,
                             &transceiver);
      gst_caps_unref (caps);
      gst_object_unref (transceiver);
    }
  allow_retransmissions (client->webrtcbin);
  return client;
}

static void
stop (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (bus, TRUE);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

void
client_free (Client *client)
{
  gst_object_unref (client->webrtcbin);
  stop (client->pipeline);
  stop (client->room);
  g_free (client);
}

static GstWebRTCSessionDescription *
create (GstElement *webrtcbin, const char *what)
{
  g_autofree char *signal = g_strconcat ("create-", what, NULL);
  GstPromise *promise = gst_promise_new ();
  GstWebRTCSessionDescription *description = NULL;

  g_signal_emit_by_name (webrtcbin, signal, NULL, promise);
  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  gst_structure_get (gst_promise_get_reply (promise), what, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  gst_promise_unref (promise);
  g_assert_nonnull (description);
  return description;
}

static void
set_description (GstElement *webrtcbin, const char *signal, GstWebRTCSessionDescription *description)
{
  GstPromise *promise = gst_promise_new ();

  g_signal_emit_by_name (webrtcbin, signal, description, promise);
  gst_promise_wait (promise);
  g_assert_false (gst_promise_get_reply (promise) != NULL
                  && gst_structure_has_field (gst_promise_get_reply (promise), "error"));
  gst_promise_unref (promise);
}

static guint32
number_after (const char *text, const char *before)
{
  const char *found = strstr (text, before);

  return found != NULL ? strtoul (found + strlen (before), NULL, 10) : 0;
}

static void
read_offer (Client *client, const char *offer)
{
  const char *group = strstr (offer, "a=ssrc-group:FID ");
  const char *rtx = strstr (offer, " rtx/90000");

  client->ssrc = number_after (offer, "a=ssrc:");
  if (group != NULL)
    {
      client->ssrc = number_after (group, "FID ");
      client->rtx_ssrc = strtoul (strchr (group + strlen ("a=ssrc-group:FID "), ' '), NULL, 10);
    }
  if (rtx != NULL)
    {
      while (rtx[-1] != ':')
        rtx--;
      client->rtx_payload_type = strtoul (rtx, NULL, 10);
    }
}

/* The hub's half takes part in the handshake only if it has something to receive. */
static GstWebRTCSessionDescription *
offer_for_hub (const char *offer)
{
  g_autoptr (GString) text = g_string_new (offer);
  GstSDPMessage *message;

  g_string_replace (text, "a=recvonly", "a=sendrecv", 0);
  gst_sdp_message_new_from_text (text->str, &message);
  return gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
}

static char *
fingerprint_of (const char *sdp)
{
  const char *found = strstr (sdp, "a=fingerprint:sha-256 ");

  g_assert_nonnull (found);
  found += strlen ("a=fingerprint:sha-256 ");
  return g_strndup (found, strcspn (found, "\r\n"));
}

/* What the hub's own SDP writer does in earnest: a lite agent, one candidate, and the slot that is sent. */
static char *
complete_answer (Client *client, const char *answer, guint32 ssrc, guint32 rtx_ssrc)
{
  GString *text = g_string_new (answer);

  if (ssrc != 0)
    {
      g_string_replace (text, "a=recvonly", "a=sendonly", 0);
      g_string_replace (text, "SAVPF 96\r\n", "SAVPF 96 97\r\n", 0);
      g_string_append (text, "a=rtcp-fb:96 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
    }
  g_string_replace (text, "m=", "a=ice-lite\r\nm=", 1);
  g_string_append_printf (text, "a=candidate:1 1 UDP 2130706431 %s %u typ host\r\n", client->address,
                          gr_hub_get_port (client->hub));
  if (ssrc != 0)
    {
      g_string_append_printf (text, "a=ssrc-group:FID %u %u\r\n", ssrc, rtx_ssrc);
      g_string_append_printf (text, "a=ssrc:%u cname:hub\r\na=ssrc:%u cname:hub\r\n", ssrc, rtx_ssrc);
    }
  return g_string_free (text, FALSE);
}

void
client_negotiate (Client *client, const char *fingerprint, guint32 ssrc, guint32 rtx_ssrc)
{
  GstWebRTCSessionDescription *offer, *answer;
  g_autofree char *offer_text = NULL;
  g_autofree char *answer_text = NULL;
  g_autofree char *completed = NULL;
  g_autofree char *announced = NULL;
  GrHubSession session = { .n_payloads = 1 };
  GstSDPMessage *message;

  while (!g_atomic_int_get (&client->negotiation_needed))
    g_main_context_iteration (NULL, TRUE);

  offer = create (client->webrtcbin, "offer");
  offer_text = gst_sdp_message_as_text (offer->sdp);
  read_offer (client, offer_text);
  announced = fingerprint_of (offer_text);
  g_assert_true (gr_hub_expect_fingerprint (client->hub, client->id, fingerprint != NULL ? fingerprint : announced));
  session.payloads[0]
      = (GrHubPayload){ CLIENT_PAYLOAD_TYPE, client->rtx_payload_type, CLIENT_FORMAT, GR_HUB_VP8, 90000 };
  gr_hub_set_session (client->hub, client->id, &session);

  set_description (client->webrtcbin, "set-local-description", offer);
  gst_webrtc_session_description_free (offer);
  offer = offer_for_hub (offer_text);
  set_description (client->hub_half, "set-remote-description", offer);
  answer = create (client->hub_half, "answer");
  set_description (client->hub_half, "set-local-description", answer);

  answer_text = gst_sdp_message_as_text (answer->sdp);
  gst_webrtc_session_description_free (answer);
  completed = complete_answer (client, answer_text, ssrc, rtx_ssrc);
  gst_sdp_message_new_from_text (completed, &message);
  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, message);
  set_description (client->webrtcbin, "set-remote-description", answer);

  gst_webrtc_session_description_free (offer);
  gst_webrtc_session_description_free (answer);
}

void
client_vanish (Client *client)
{
  gst_element_set_state (client->pipeline, GST_STATE_NULL);
}

void
client_ask_for_keyframe (Client *client)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (client->pipeline), "watching");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  GstStructure *request = gst_structure_new ("GstForceKeyUnit", "all-headers", G_TYPE_BOOLEAN, TRUE, NULL);

  gst_pad_push_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, request));
  gst_object_unref (pad);
  gst_object_unref (sink);
}
