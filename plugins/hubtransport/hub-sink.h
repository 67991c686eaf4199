/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hubsink: takes from a webrtcbin what it wants to send and passes on DTLS only. Its rtpbin makes reports and feedback
 * of its own, encrypted with the keys that the hub uses: two speakers under one key would repeat its keystream. Owned
 * by GrHubIceTransport; webrtcbin's threads push. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GR_TYPE_HUB_SINK (gr_hub_sink_get_type ())
G_DECLARE_FINAL_TYPE (GrHubSink, gr_hub_sink, GR, HUB_SINK, GstElement)

typedef void (*GrHubSinkFunc) (const guint8 *datagram, gsize length, gpointer user_data);

/* Who takes the DTLS, from any thread, until the element goes. Before anything flows. */
void gr_hub_sink_set_function (GrHubSink *sink, GrHubSinkFunc function, gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
