/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHubIce: the ICE agent that a peer's webrtcbin is given. ICE-lite (RFC 8445, section 2.5): it has the candidates of
 * the hub's one port, sends no checks and never controls; the hub thread answers STUN. It knows one stream with one
 * component, since everything is bundled. Owned by its webrtcbin; webrtcbin's threads call it. */
#pragma once

#include "plugins/hubtransport/hub-source.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/ice.h>
#include <gst/webrtc/icestream.h>
#include <gst/webrtc/icetransport.h>

G_BEGIN_DECLS

#define GR_TYPE_HUB_ICE (gr_hub_ice_get_type ())
G_DECLARE_FINAL_TYPE (GrHubIce, gr_hub_ice, GR, HUB_ICE, GstWebRTCICE)

/* Where the agent leads to. From any thread. */
typedef struct
{
  void (*credentials) (const char *ufrag, const char *password, gpointer user_data);
  void (*dtls) (const guint8 *datagram, gsize length, gpointer user_data);
  /* Of both functions; called when the last of the agent and its elements is gone. */
  GDestroyNotify destroy;
} GrHubIceWay;

/* @candidates as in SDP, without "a=". */
GrHubIce *gr_hub_ice_new (const char *const *candidates, const GrHubIceWay *way, gpointer user_data);

/* The hub thread's way into webrtcbin. Owned by the agent. */
GrHubSource *gr_hub_ice_get_source (GrHubIce *ice);

/* The peer nominated a pair: DTLS may begin. Main. */
void gr_hub_ice_connected (GrHubIce *ice);

G_END_DECLS
