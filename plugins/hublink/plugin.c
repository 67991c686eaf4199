/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugin "hublink", for gst-inspect-1.0; greenroom-media links the elements in. */
#include "plugins/hublink/link-source.h"

#define PACKAGE "greenroom"

static gboolean
init (GstPlugin *plugin)
{
  return gr_hub_link_register_elements (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR,
                   GST_VERSION_MINOR,
                   hublink,
                   "A room's tracks between hub and program",
                   init,
                   GREENROOM_VERSION,
                   "LGPL",
                   "greenroom",
                   "Greenroom")
