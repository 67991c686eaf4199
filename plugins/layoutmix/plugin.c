/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plugin as gst-inspect-1.0 and gst-launch-1.0 load it. greenroom-media links the same code in. */
#include "plugins/layoutmix/layout-mix.h"

#define PACKAGE "greenroom"

static gboolean
init (GstPlugin *plugin)
{
  return gr_layout_mix_register (plugin);
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR,
                   GST_VERSION_MINOR,
                   layoutmix,
                   "Mixes pictures into one: layouts with animated changes, scaling, titles, a permanent background",
                   init,
                   GREENROOM_VERSION,
                   "LGPL",
                   "greenroom",
                   "Greenroom")
