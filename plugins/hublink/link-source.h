/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrLinkSource, the element hublinksrc: what comes over a link, a source pad for each stream (application/x-rtp, in
 * order, each with a thread of its own). Time stamps are when a packet was captured, on the pipeline's clock, which has
 * to be the system's monotonic one: sound and picture of one person, and of all people, are on one clock. A
 * GstForceKeyUnit sent upstream becomes a PLI. A pad that nobody linked drops what it gets. */
#pragma once

#include "plugins/hublink/link-end.h"

G_BEGIN_DECLS

#define GR_TYPE_LINK_SOURCE (gr_link_source_get_type ())
G_DECLARE_FINAL_TYPE (GrLinkSource, gr_link_source, GR, LINK_SOURCE, GstElement)

/* How long a pad waits for what is missing before it goes on; the element's latency. */
#define GR_LINK_DEFAULT_LATENCY_MS 120

/* The stream of one of its pads; owned by the pad. */
GrLinkStream *gr_link_source_get_stream (GstPad *pad);

/* hublinksrc and hublinksink, for a process that links them in or a plugin. */
gboolean gr_hub_link_register_elements (GstPlugin *plugin);

G_END_DECLS
