/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/hub-ice.h"

#include "plugins/hubtransport/hub-sink.h"

#define GR_TYPE_HUB_ICE_TRANSPORT (gr_hub_ice_transport_get_type ())
G_DECLARE_FINAL_TYPE (GrHubIceTransport, gr_hub_ice_transport, GR, HUB_ICE_TRANSPORT, GstWebRTCICETransport)

#define GR_TYPE_HUB_ICE_STREAM (gr_hub_ice_stream_get_type ())
G_DECLARE_FINAL_TYPE (GrHubIceStream, gr_hub_ice_stream, GR, HUB_ICE_STREAM, GstWebRTCICEStream)

struct _GrHubIceTransport
{
  GstWebRTCICETransport parent;
};

struct _GrHubIceStream
{
  GstWebRTCICEStream parent;

  GrHubIceTransport *transport;
};

typedef struct
{
  GrHubIceWay way;
  gpointer user_data;
} Callee;

struct _GrHubIce
{
  GstWebRTCICE parent;

  GrHubIceStream *stream;
  guint session;
  char **candidates;
  Callee *callee; /* an atomic rc box, shared with the sink, which outlives the agent by a moment */

  GstWebRTCICEOnCandidateFunc on_candidate;
  gpointer on_candidate_data;
  GDestroyNotify on_candidate_destroy;
};

G_DEFINE_FINAL_TYPE (GrHubIceTransport, gr_hub_ice_transport, GST_TYPE_WEBRTC_ICE_TRANSPORT)
G_DEFINE_FINAL_TYPE (GrHubIceStream, gr_hub_ice_stream, GST_TYPE_WEBRTC_ICE_STREAM)
G_DEFINE_FINAL_TYPE (GrHubIce, gr_hub_ice, GST_TYPE_WEBRTC_ICE)

static void
callee_clear (gpointer box)
{
  Callee *callee = box;

  callee->way.destroy (callee->user_data);
}

static void
callee_unref (gpointer box)
{
  g_atomic_rc_box_release_full (box, callee_clear);
}

static void
on_dtls (const guint8 *datagram, gsize length, gpointer user_data)
{
  Callee *callee = user_data;

  callee->way.dtls (datagram, length, callee->user_data);
}

static gboolean
transport_gather (GstWebRTCICETransport *transport)
{
  return TRUE;
}

static void
gr_hub_ice_transport_finalize (GObject *object)
{
  GstWebRTCICETransport *transport = GST_WEBRTC_ICE_TRANSPORT (object);

  gst_object_unref (transport->src);
  gst_object_unref (transport->sink);

  G_OBJECT_CLASS (gr_hub_ice_transport_parent_class)->finalize (object);
}

static void
gr_hub_ice_transport_class_init (GrHubIceTransportClass *class)
{
  G_OBJECT_CLASS (class)->finalize = gr_hub_ice_transport_finalize;
  GST_WEBRTC_ICE_TRANSPORT_CLASS (class)->gather_candidates = transport_gather;
}

/* The base class does not care who owns the elements; webrtcbin's bins take references of their own. */
static void
gr_hub_ice_transport_init (GrHubIceTransport *transport)
{
  GstWebRTCICETransport *base = GST_WEBRTC_ICE_TRANSPORT (transport);

  base->src = gst_object_ref_sink (g_object_new (GR_TYPE_HUB_SOURCE, NULL));
  base->sink = gst_object_ref_sink (g_object_new (GR_TYPE_HUB_SINK, NULL));
  base->role = GST_WEBRTC_ICE_ROLE_CONTROLLED;
}

static GstWebRTCICETransport *
stream_find_transport (GstWebRTCICEStream *stream, GstWebRTCICEComponent component)
{
  return gst_object_ref (GST_WEBRTC_ICE_TRANSPORT (GR_HUB_ICE_STREAM (stream)->transport));
}

static gboolean
stream_gather (GstWebRTCICEStream *stream)
{
  return TRUE;
}

static void
gr_hub_ice_stream_dispose (GObject *object)
{
  GrHubIceStream *stream = GR_HUB_ICE_STREAM (object);

  gst_clear_object (&stream->transport);

  G_OBJECT_CLASS (gr_hub_ice_stream_parent_class)->dispose (object);
}

static void
gr_hub_ice_stream_class_init (GrHubIceStreamClass *class)
{
  G_OBJECT_CLASS (class)->dispose = gr_hub_ice_stream_dispose;
  GST_WEBRTC_ICE_STREAM_CLASS (class)->find_transport = stream_find_transport;
  GST_WEBRTC_ICE_STREAM_CLASS (class)->gather_candidates = stream_gather;
}

static void
gr_hub_ice_stream_init (GrHubIceStream *stream)
{
  stream->transport = g_object_new (GR_TYPE_HUB_ICE_TRANSPORT, "component", GST_WEBRTC_ICE_COMPONENT_RTP, NULL);
}

/* "transfer full" by its documentation, but webrtcbin 1.22.0 never releases it: a borrowed reference leaks nothing.
 * Newer ones get what the documentation says, since a stream too few would be worse than one too many. */
static GstWebRTCICEStream *
add_stream (GstWebRTCICE *base, guint session)
{
  GrHubIce *ice = GR_HUB_ICE (base);

  ice->session = session;
#if GST_CHECK_VERSION(1, 23, 1)
  gst_object_ref (ice->stream);
#endif
  return GST_WEBRTC_ICE_STREAM (ice->stream);
}

static GstWebRTCICETransport *
find_transport (GstWebRTCICE *ice, GstWebRTCICEStream *stream, GstWebRTCICEComponent component)
{
  return gst_webrtc_ice_stream_find_transport (stream, component);
}

/* The first address is the best one (RFC 8445, section 5.1.2). */
static guint32
priority (guint position)
{
  return 126u << 24 | (65535 - position) << 8 | 255;
}

static gboolean
gather_candidates (GstWebRTCICE *base, GstWebRTCICEStream *stream)
{
  GrHubIce *ice = GR_HUB_ICE (base);
  GstWebRTCICETransport *transport = GST_WEBRTC_ICE_TRANSPORT (ice->stream->transport);

  if (transport->gathering_state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    return TRUE;

  gst_webrtc_ice_transport_gathering_state_change (transport, GST_WEBRTC_ICE_GATHERING_STATE_GATHERING);
  for (guint i = 0; ice->candidates[i] != NULL && ice->on_candidate != NULL; i++)
    {
      g_autofree char *candidate
          = g_strdup_printf ("candidate:%u 1 UDP %u %s typ host", i + 1, priority (i), ice->candidates[i]);

      /* Called stream_id, but webrtcbin looks it up as the session. */
      ice->on_candidate (base, ice->session, candidate, ice->on_candidate_data);
    }
  gst_webrtc_ice_transport_gathering_state_change (transport, GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE);
  return TRUE;
}

static gboolean
set_local_credentials (GstWebRTCICE *base, GstWebRTCICEStream *stream, const char *ufrag, const char *password)
{
  Callee *callee = GR_HUB_ICE (base)->callee;

  callee->way.credentials (ufrag, password, callee->user_data);
  return TRUE;
}

/* ICE-lite sends no checks, so it needs neither the peer's candidates nor its password. */
static gboolean
set_remote_credentials (GstWebRTCICE *ice, GstWebRTCICEStream *stream, const char *ufrag, const char *password)
{
  return TRUE;
}

#if GST_CHECK_VERSION(1, 23, 0)
static void
add_candidate (GstWebRTCICE *ice, GstWebRTCICEStream *stream, const char *candidate, GstPromise *promise)
{
  if (promise != NULL)
    gst_promise_reply (promise, NULL);
}
#else
static void
add_candidate (GstWebRTCICE *ice, GstWebRTCICEStream *stream, const char *candidate)
{
}
#endif

#if GST_CHECK_VERSION(1, 27, 1)
static void
close_agent (GstWebRTCICE *ice, GstPromise *promise)
{
  if (promise != NULL)
    gst_promise_reply (promise, NULL);
}
#endif

static void
set_on_ice_candidate (GstWebRTCICE *base,
                      GstWebRTCICEOnCandidateFunc function,
                      gpointer user_data,
                      GDestroyNotify destroy)
{
  GrHubIce *ice = GR_HUB_ICE (base);

  if (ice->on_candidate_destroy != NULL)
    ice->on_candidate_destroy (ice->on_candidate_data);
  ice->on_candidate = function;
  ice->on_candidate_data = user_data;
  ice->on_candidate_destroy = destroy;
}

static void
set_is_controller (GstWebRTCICE *ice, gboolean controller)
{
}

static gboolean
get_is_controller (GstWebRTCICE *ice)
{
  return FALSE;
}

/* The base class calls these without looking whether they are there. No server helps a lite agent. */
static gboolean
add_turn_server (GstWebRTCICE *ice, const char *uri)
{
  return FALSE;
}

static void
set_force_relay (GstWebRTCICE *ice, gboolean force_relay)
{
}

static void
set_server (GstWebRTCICE *ice, const char *uri)
{
}

static char *
get_server (GstWebRTCICE *ice)
{
  return NULL;
}

static void
set_tos (GstWebRTCICE *ice, GstWebRTCICEStream *stream, guint tos)
{
}

static GstWebRTCICECandidateStats **
get_candidates (GstWebRTCICE *ice, GstWebRTCICEStream *stream)
{
  return g_new0 (GstWebRTCICECandidateStats *, 1);
}

static gboolean
get_selected_pair (GstWebRTCICE *ice,
                   GstWebRTCICEStream *stream,
                   GstWebRTCICECandidateStats **local,
                   GstWebRTCICECandidateStats **remote)
{
  return FALSE;
}

static void
gr_hub_ice_finalize (GObject *object)
{
  GrHubIce *ice = GR_HUB_ICE (object);

  set_on_ice_candidate (GST_WEBRTC_ICE (ice), NULL, NULL, NULL);
  gst_clear_object (&ice->stream);
  g_strfreev (ice->candidates);
  callee_unref (ice->callee);

  G_OBJECT_CLASS (gr_hub_ice_parent_class)->finalize (object);
}

static void
gr_hub_ice_class_init (GrHubIceClass *class)
{
  GstWebRTCICEClass *ice_class = GST_WEBRTC_ICE_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = gr_hub_ice_finalize;
  ice_class->add_stream = add_stream;
  ice_class->find_transport = find_transport;
  ice_class->gather_candidates = gather_candidates;
  ice_class->add_candidate = add_candidate;
#if GST_CHECK_VERSION(1, 27, 1)
  ice_class->close = close_agent;
#endif
  ice_class->set_local_credentials = set_local_credentials;
  ice_class->set_remote_credentials = set_remote_credentials;
  ice_class->add_turn_server = add_turn_server;
  ice_class->set_is_controller = set_is_controller;
  ice_class->get_is_controller = get_is_controller;
  ice_class->set_force_relay = set_force_relay;
  ice_class->set_stun_server = set_server;
  ice_class->get_stun_server = get_server;
  ice_class->set_turn_server = set_server;
  ice_class->get_turn_server = get_server;
  ice_class->set_http_proxy = set_server;
  ice_class->get_http_proxy = get_server;
  ice_class->set_tos = set_tos;
  ice_class->set_on_ice_candidate = set_on_ice_candidate;
  ice_class->get_local_candidates = get_candidates;
  ice_class->get_remote_candidates = get_candidates;
  ice_class->get_selected_pair = get_selected_pair;
}

static void
gr_hub_ice_init (GrHubIce *ice)
{
  ice->stream = g_object_new (GR_TYPE_HUB_ICE_STREAM, "stream-id", 1, NULL);
}

GrHubIce *
gr_hub_ice_new (const char *const *candidates, const GrHubIceWay *way, gpointer user_data)
{
  GrHubIce *ice = g_object_new (GR_TYPE_HUB_ICE, NULL);
  GrHubSink *sink = GR_HUB_SINK (GST_WEBRTC_ICE_TRANSPORT (ice->stream->transport)->sink);

  ice->candidates = g_strdupv ((char **) candidates);
  ice->callee = g_atomic_rc_box_new (Callee);
  ice->callee->way = *way;
  ice->callee->user_data = user_data;
  gr_hub_sink_set_function (sink, on_dtls, g_atomic_rc_box_acquire (ice->callee), callee_unref);
  return ice;
}

GrHubSource *
gr_hub_ice_get_source (GrHubIce *ice)
{
  return GR_HUB_SOURCE (GST_WEBRTC_ICE_TRANSPORT (ice->stream->transport)->src);
}

void
gr_hub_ice_connected (GrHubIce *ice)
{
  GstWebRTCICETransport *transport = GST_WEBRTC_ICE_TRANSPORT (ice->stream->transport);

  gst_webrtc_ice_transport_connection_state_change (transport, GST_WEBRTC_ICE_CONNECTION_STATE_CONNECTED);
  gst_webrtc_ice_transport_selected_pair_change (transport);
  gst_webrtc_ice_transport_connection_state_change (transport, GST_WEBRTC_ICE_CONNECTION_STATE_COMPLETED);
}
