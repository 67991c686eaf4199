/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hubsrc: brings a peer's DTLS, and nothing else, to its webrtcbin. Owned by GrHubIceTransport; the hub thread pushes.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GR_TYPE_HUB_SOURCE (gr_hub_source_get_type ())
G_DECLARE_FINAL_TYPE (GrHubSource, gr_hub_source, GR, HUB_SOURCE, GstElement)

/* Pushes a datagram. Never waits: webrtcbin has a leaky queue behind this pad. FALSE if the pad is not active. One
 * thread. */
gboolean gr_hub_source_push (GrHubSource *source, const guint8 *datagram, gsize length);

G_END_DECLS
