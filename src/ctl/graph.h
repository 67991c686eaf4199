/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pipelines as graphs, on standard output. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @dot is in the language of Graphviz: printed as it is, as JSON {"dot":…}, or drawn by dot(1). UNAVAILABLE without it.
 */
gboolean gr_graph_print (const char *dot, gboolean as_json, gboolean as_svg, GError **error);

G_END_DECLS
