/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happens to a routed request on its pool thread: who calls, may they, does the input fit, and then the handler.
 * Pool threads. */
#pragma once

#include "http/request.h"

G_BEGIN_DECLS

/* Answers @request: by its handler or with an error. */
void gr_pipeline_run (GrRequest *request);

/* The body of an error response. */
GString *gr_pipeline_error_text (const GError *error);

/* Whether the page at @origin came from @host (a Host header). Any thread. */
gboolean gr_pipeline_same_host (const char *origin, const char *host);

/* Whether every operation of the contract has exactly one handler; names the first that has not. */
gboolean gr_pipeline_is_complete (GError **error);

G_END_DECLS
