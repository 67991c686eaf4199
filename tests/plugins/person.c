/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "person.h"

#include <gst/sdp/sdp.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <string.h>

#define SENDS                                                                                                          \
  "webrtcbin name=webrtcbin bundle-policy=max-bundle latency=50 "                                                      \
  "audiotestsrc is-live=true name=voice ! audio/x-raw,rate=48000,channels=2 ! level audio-level-meta=true "            \
  "! opusenc ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,"     \
  "encoding-params=(string)2,extmap-1=(GstValueArray)<(string)\"\",(string)urn:ietf:params:rtp-hdrext:ssrc-audio-"     \
  "level,(string)\"vad=on\"> ! webrtcbin. "                                                                            \
  "videotestsrc is-live=true pattern=ball ! video/x-raw,width=160,height=120,framerate=15/1 "                          \
  "! vp8enc deadline=1 threads=1 target-bitrate=150000 keyframe-max-dist=3000 ! rtpvp8pay pt=96 "                      \
  "! application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000 ! webrtcbin. "
#define HEARS "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,encoding-params=(string)2"
#define SEES "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000"
#define SEES_H264                                                                                                      \
  "application/x-rtp,media=video,encoding-name=H264,payload=102,clock-rate=90000,packetization-mode=(string)1,"        \
  "profile-level-id=(string)42e01f"

static GstPadProbeReturn
count_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return GST_PAD_PROBE_OK;
}

static void
on_decoded (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);
  GstObject *pipeline = gst_element_get_parent (decoder);
  GstPad *into;

  g_object_set (sink, "async", FALSE, "sync", FALSE, NULL);
  gst_bin_add (GST_BIN (pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  into = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (into, GST_PAD_PROBE_TYPE_BUFFER, count_frame, user_data, NULL);
  gst_pad_link (pad, into);
  gst_object_unref (into);
  gst_object_unref (pipeline);
}

static void
on_pad (GstElement *webrtcbin, GstPad *pad, gpointer user_data)
{
  Person *person = user_data;
  GstWebRTCRTPTransceiver *transceiver = NULL;
  GstElement *decoder;
  GstPad *into;
  guint line;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;

  g_object_get (pad, "transceiver", &transceiver, NULL);
  g_object_get (transceiver, "mlineindex", &line, NULL);
  gst_object_unref (transceiver);
  g_assert_cmpuint (line, <, PERSON_MAX_LINES);
  decoder = gst_element_factory_make ("decodebin", NULL);
  g_signal_connect (decoder, "pad-added", G_CALLBACK (on_decoded), &person->decoded[line]);
  gst_bin_add (GST_BIN (person->pipeline), decoder);
  gst_element_sync_state_with_parent (decoder);
  into = gst_element_get_static_pad (decoder, "sink");
  gst_pad_link (pad, into);
  gst_object_unref (into);
}

static void
on_negotiation_needed (GstElement *webrtcbin, gpointer user_data)
{
  Person *person = user_data;

  g_atomic_int_set (&person->negotiation_needed, TRUE);
  g_main_context_wakeup (NULL);
}

/* libnice leaves out the loopback interface by itself, and looks for routers in the network. */
static void
stay_at_home (GstElement *webrtcbin)
{
  GstObject *agent = NULL;
  GObject *nice = NULL;
  gboolean added = FALSE;

  g_object_get (webrtcbin, "ice-agent", &agent, NULL);
  g_signal_emit_by_name (agent, "add-local-ip-address", "127.0.0.1", &added);
  g_object_get (agent, "agent", &nice, NULL);
  g_object_set (nice, "upnp", FALSE, NULL);
  g_object_unref (nice);
  gst_object_unref (agent);
}

/* What it sends has lines of its own; webrtcbin would receive there as well. */
static void
only_send (GstElement *webrtcbin)
{
  for (gint i = 0; i < 2; i++)
    {
      GstWebRTCRTPTransceiver *transceiver = NULL;

      g_signal_emit_by_name (webrtcbin, "get-transceiver", i, &transceiver);
      g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, NULL);
      gst_object_unref (transceiver);
    }
}

/* These people are GStreamer's own webrtcbin, and the hub is another process. Of 1.22 it is known that srtpdec
 * complains when RTCP comes before its other pad heard anything, and that a session walks a table of sources that
 * another thread changes; what matters is whether a test's media arrive. */
static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  return g_strcmp0 (domain, "GStreamer") != 0 && strstr (message, "'version == hash_table->version'") == NULL;
}

static void
on_complaint (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  g_printerr ("# %s: %s\n", domain, message);
}

/* Both are needed: GTest says "Bail out!" of what is fatal before it asks whether it is. */
static void
let_gstreamer_complain (void)
{
  static const char *const domains[] = { "GStreamer", "GLib" };
  static gsize done;

  g_test_log_set_fatal_handler (is_fatal, NULL);
  if (!g_once_init_enter (&done))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (domains); i++)
    g_log_set_handler (domains[i], G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION,
                       on_complaint, NULL);
  g_once_init_leave (&done, 1);
}

Person *
person_new (GDBusConnection *hub, const char *id, double volume, guint audio_slots, guint video_slots)
{
  return person_new_sending (hub, id, SENDS, volume, audio_slots, video_slots);
}

Person *
person_new_sending (
    GDBusConnection *hub, const char *id, const char *sends, double volume, guint audio_slots, guint video_slots)
{
  Person *person = g_new0 (Person, 1);
  g_autoptr (GError) error = NULL;

  let_gstreamer_complain ();
  person->hub = hub;
  person->id = g_strdup (id);
  person->pipeline = gst_parse_launch (sends, &error);
  g_assert_no_error (error);
  person->webrtcbin = gst_bin_get_by_name (GST_BIN (person->pipeline), "webrtcbin");
  g_signal_connect (person->webrtcbin, "pad-added", G_CALLBACK (on_pad), person);
  g_signal_connect (person->webrtcbin, "on-negotiation-needed", G_CALLBACK (on_negotiation_needed), person);
  stay_at_home (person->webrtcbin);
  person_set_volume (person, volume);
  gst_element_set_state (person->pipeline, GST_STATE_PLAYING);
  while (!g_atomic_int_get (&person->negotiation_needed))
    g_main_context_iteration (NULL, TRUE);

  only_send (person->webrtcbin);
  for (guint i = 0; i < audio_slots; i++)
    person_add_slot (person, "audio");
  for (guint i = 0; i < video_slots; i++)
    person_add_slot (person, "video");
  return person;
}

void
person_free (Person *person)
{
  GstBus *bus = gst_element_get_bus (person->pipeline);

  gst_element_set_state (person->pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (bus, TRUE);
  gst_object_unref (bus);
  gst_object_unref (person->webrtcbin);
  gst_object_unref (person->pipeline);
  g_free (person->id);
  g_free (person);
}

void
person_add_slot (Person *person, const char *media)
{
  GstCaps *caps = gst_caps_from_string (g_str_equal (media, "audio")  ? HEARS
                                        : g_str_equal (media, "h264") ? SEES_H264
                                                                      : SEES);
  GstWebRTCRTPTransceiver *transceiver = NULL;

  g_signal_emit_by_name (person->webrtcbin, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY, caps,
                         &transceiver);
  gst_caps_unref (caps);
  gst_object_unref (transceiver);
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

static GVariant *
list_tracks (const GstSDPMessage *offer)
{
  static const char *const kinds[] = { "microphone", "camera" };
  GVariantBuilder tracks;

  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_variant_builder_add (&tracks, "(ss)",
                           gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (offer, i), "mid"), kinds[i]);
  return g_variant_builder_end (&tracks);
}

static void
distort (char **sdp, char *(*by) (const char *) )
{
  g_autofree char *truth = *sdp;

  *sdp = by != NULL ? by (truth) : g_steal_pointer (&truth);
}

char *
person_make_offer (Person *person, GVariant **tracks)
{
  GstPromise *promise = gst_promise_new ();
  GstWebRTCSessionDescription *offer = NULL;
  char *text;

  g_signal_emit_by_name (person->webrtcbin, "create-offer", NULL, promise);
  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  gst_structure_get (gst_promise_get_reply (promise), "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  gst_promise_unref (promise);
  set_description (person->webrtcbin, "set-local-description", offer);

  text = gst_sdp_message_as_text (offer->sdp);
  *tracks = g_variant_ref_sink (list_tracks (offer->sdp));
  gst_webrtc_session_description_free (offer);
  return text;
}

void
person_take_answer (Person *person, const char *sdp)
{
  GstSDPMessage *message = NULL;
  GstWebRTCSessionDescription *answer;

  g_assert_cmpint (gst_sdp_message_new_from_text (sdp, &message), ==, GST_SDP_OK);
  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, message);
  set_description (person->webrtcbin, "set-remote-description", answer);
  gst_webrtc_session_description_free (answer);
}

void
person_offer (Person *person)
{
  g_autoptr (GVariant) tracks = NULL;
  g_autofree char *offer = person_make_offer (person, &tracks);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  distort (&offer, person->says);
  reply = hub_call (person->hub, "Offer", g_variant_new ("(sss@a(ss))", ROOM, person->id, offer, tracks), &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(s)", &answer);
  distort (&answer, person->hears);
  person_take_answer (person, answer);
}

void
person_set_volume (Person *person, double volume)
{
  GstElement *voice = gst_bin_get_by_name (GST_BIN (person->pipeline), "voice");

  g_object_set (voice, "volume", volume, NULL);
  gst_object_unref (voice);
}

void
person_vanish (Person *person)
{
  gst_element_set_state (person->pipeline, GST_STATE_NULL);
}

GVariant *
hub_call (GDBusConnection *hub, const char *method, GVariant *arguments, GError **error)
{
  return g_dbus_connection_call_sync (hub, NULL, "/org/greenroom/Media1", "org.greenroom.Media1.Hub", method, arguments,
                                      NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, error);
}
