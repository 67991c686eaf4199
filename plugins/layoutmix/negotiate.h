/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a GrLayoutMix agrees on with its neighbours: the size and rate that downstream wants, or 1280 × 720 at 30;
 * buffers. Virtual functions of GstAggregatorClass; the streaming thread. */
#pragma once

#include <gst/base/gstaggregator.h>

G_BEGIN_DECLS

GstCaps *gr_mix_fixate_src_caps (GstAggregator *aggregator, GstCaps *caps);
gboolean gr_mix_decide_allocation (GstAggregator *aggregator, GstQuery *query);
gboolean
gr_mix_propose_allocation (GstAggregator *aggregator, GstAggregatorPad *pad, GstQuery *decide_query, GstQuery *query);

G_END_DECLS
