/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder such as people have: webrtcbin, a test picture in VP8 and a tone in Opus, and a WHIP client (RFC 9725)
 * around it. "whip-publisher URL BEARER" publishes until SIGTERM comes, then ends the session. One thread, and
 * GStreamer's own. */
#define GST_USE_UNSTABLE_API

#include <glib-unix.h>
#include <gst/gst.h>
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <libsoup/soup.h>

#define PIPELINE                                                                                                       \
  "webrtcbin name=peer bundle-policy=max-bundle "                                                                      \
  "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=30/1 ! "                        \
  "vp8enc deadline=1 keyframe-max-dist=30 ! rtpvp8pay pt=96 ! "                                                        \
  "application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer. "                                                \
  "audiotestsrc is-live=true ! opusenc ! rtpopuspay pt=111 ! "                                                         \
  "application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! peer."

typedef struct
{
  const char *url;
  const char *bearer;
  GMainLoop *loop;
  GstElement *pipeline;
  GstElement *peer;
  SoupSession *session;
  char *visit; /* the session's URL */
  int status;
} Publisher;

static GBytes *
send (Publisher *publisher, const char *method, const char *url, const char *sdp, SoupMessage **message)
{
  g_autofree char *authorization = g_strdup_printf ("Bearer %s", publisher->bearer);
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  *message = soup_message_new (method, url);
  soup_message_headers_replace (soup_message_get_request_headers (*message), "Authorization", authorization);
  if (sdp != NULL)
    {
      g_autoptr (GBytes) body = g_bytes_new (sdp, strlen (sdp));

      soup_message_set_request_body_from_bytes (*message, "application/sdp", body);
    }

  answer = soup_session_send_and_read (publisher->session, *message, NULL, &error);
  if (answer == NULL)
    g_error ("%s %s: %s", method, url, error->message);

  return answer;
}

static void
take_answer (Publisher *publisher, GBytes *text)
{
  g_autoptr (GstWebRTCSessionDescription) answer = NULL;
  GstSDPMessage *sdp;
  gsize length;
  const guint8 *data = g_bytes_get_data (text, &length);

  gst_sdp_message_new (&sdp);
  if (gst_sdp_message_parse_buffer (data, length, sdp) != GST_SDP_OK)
    g_error ("the answer is no SDP");

  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, sdp);
  g_signal_emit_by_name (publisher->peer, "set-remote-description", answer, NULL);
}

/* All candidates are in the offer: trickling is optional in WHIP. */
static gboolean
offer (gpointer data)
{
  Publisher *publisher = data;
  g_autoptr (GstWebRTCSessionDescription) local = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autofree char *sdp = NULL;

  g_object_get (publisher->peer, "local-description", &local, NULL);
  sdp = gst_sdp_message_as_text (local->sdp);
  answer = send (publisher, "POST", publisher->url, sdp, &message);

  if (soup_message_get_status (message) != SOUP_STATUS_CREATED)
    {
      g_printerr ("%u %.*s\n", soup_message_get_status (message), (int) g_bytes_get_size (answer),
                  (const char *) g_bytes_get_data (answer, NULL));
      publisher->status = 1;
      g_main_loop_quit (publisher->loop);
      return G_SOURCE_REMOVE;
    }

  publisher->visit
      = g_uri_resolve_relative (publisher->url,
                                soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"),
                                G_URI_FLAGS_NONE, NULL);
  take_answer (publisher, answer);
  g_print ("%s\n", publisher->visit);

  return G_SOURCE_REMOVE;
}

static void
on_gathering (GstElement *peer, GParamSpec *property, Publisher *publisher)
{
  GstWebRTCICEGatheringState state;

  g_object_get (peer, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    g_idle_add (offer, publisher);
}

static void
on_offer (GstPromise *promise, gpointer data)
{
  Publisher *publisher = data;
  g_autoptr (GstWebRTCSessionDescription) description = NULL;

  gst_structure_get (gst_promise_get_reply (promise), "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  g_signal_emit_by_name (publisher->peer, "set-local-description", description, NULL);
  gst_promise_unref (promise);
}

static void
on_negotiation_needed (GstElement *peer, Publisher *publisher)
{
  g_signal_emit_by_name (peer, "create-offer", NULL, gst_promise_new_with_change_func (on_offer, publisher, NULL));
}

/* Encoders send and do not receive (RFC 9725). */
static void
only_send (GstElement *peer)
{
  for (gint i = 0; i < 2; i++)
    {
      g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

      g_signal_emit_by_name (peer, "get-transceiver", i, &transceiver);
      g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, NULL);
    }
}

/* libnice leaves out the loopback interface, where tests speak, unless it is named. */
static void
stay_at_home (GstElement *peer)
{
  g_autoptr (GObject) ice = NULL;
  gboolean added = FALSE;

  g_object_get (peer, "ice-agent", &ice, NULL);
  g_signal_emit_by_name (ice, "add-local-ip-address", "127.0.0.1", &added);
  g_assert (added);
}

static gboolean
on_term (gpointer data)
{
  Publisher *publisher = data;

  g_main_loop_quit (publisher->loop);

  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  Publisher publisher = { 0 };
  g_autoptr (GError) error = NULL;

  gst_init (&argc, &argv);
  if (argc != 3)
    g_error ("Usage: whip-publisher URL BEARER");

  publisher.url = argv[1];
  publisher.bearer = argv[2];
  publisher.loop = g_main_loop_new (NULL, FALSE);
  publisher.session = soup_session_new ();
  publisher.pipeline = gst_parse_launch (PIPELINE, &error);
  if (publisher.pipeline == NULL)
    g_error ("%s", error->message);

  publisher.peer = gst_bin_get_by_name (GST_BIN (publisher.pipeline), "peer");
  stay_at_home (publisher.peer);
  only_send (publisher.peer);
  g_signal_connect (publisher.peer, "on-negotiation-needed", G_CALLBACK (on_negotiation_needed), &publisher);
  g_signal_connect (publisher.peer, "notify::ice-gathering-state", G_CALLBACK (on_gathering), &publisher);
  g_unix_signal_add (SIGTERM, on_term, &publisher);
  gst_element_set_state (publisher.pipeline, GST_STATE_PLAYING);
  g_main_loop_run (publisher.loop);

  if (publisher.visit != NULL)
    {
      g_autoptr (SoupMessage) message = NULL;
      g_autoptr (GBytes) nothing = send (&publisher, "DELETE", publisher.visit, NULL, &message);

      publisher.status = soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT ? 0 : 1;
    }

  gst_element_set_state (publisher.pipeline, GST_STATE_NULL);
  g_object_unref (publisher.peer);
  g_object_unref (publisher.pipeline);
  g_object_unref (publisher.session);
  g_main_loop_unref (publisher.loop);
  g_free (publisher.visit);

  return publisher.status;
}
