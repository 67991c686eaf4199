/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where an rtmp2sink is to publish. Any thread, before it starts. */
#pragma once

#include <gst/gst.h>

#include "base/rtmp-url.h"

G_BEGIN_DECLS

/* FALSE: @sink is no rtmp2sink. */
gboolean gr_rtmp_sink_aim (GstElement *sink, const GrRtmpUrl *url, const char *stream_key);

/* Bytes that it sent; 0 before the server agreed to be published to. */
guint64 gr_rtmp_sink_get_bytes (GstElement *sink);

/* rtmp2sink's log has keys in it, for whoever sets GST_DEBUG: there is none from now on. */
void gr_rtmp_sink_hush (void);

G_END_DECLS
