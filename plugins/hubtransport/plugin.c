/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugin as gst-inspect-1.0 and gst-launch-1.0 load it. greenroom-media links the same code in. */
#include "plugins/hubtransport/hub.h"

#define PACKAGE "greenroom"

static gboolean
init (GstPlugin *plugin)
{
  return gr_hub_register_elements (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR,
                   GST_VERSION_MINOR,
                   hubtransport,
                   "One UDP port for all peers of a forwarding hub: DTLS to and from webrtcbin, media around it",
                   init,
                   GREENROOM_VERSION,
                   "LGPL",
                   "greenroom",
                   "Greenroom")
