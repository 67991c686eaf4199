/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkSink, the element hublinksink: publishes what a payloader makes over a link to the hub. It sends sender
 * reports, so that streams of one link are synchronised, sends again what the hub misses, and turns the hub's PLI into
 * a GstForceKeyUnit upstream. Never waits for the hub. */
#pragma once

#include <gst/base/gstbasesink.h>

#include "plugins/hublink/link-end.h"

G_BEGIN_DECLS

#define GR_TYPE_LINK_SINK (gr_link_sink_get_type ())
G_DECLARE_FINAL_TYPE (GrLinkSink, gr_link_sink, GR, LINK_SINK, GstBaseSink)

G_END_DECLS
