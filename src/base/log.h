/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structured logging: to the journal when stderr is the journal, otherwise one JSON line per record on stderr. GLib
 * and every library that logs through it end up there too. A file that logs starts with
 *
 *   #define GR_LOG_TOPIC "http"
 *   #include "base/log.h"
 *
 * Secrets never go into a message. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Installs the writer, or gives it another level and format. Start-up only. @level: "debug", "info", "warning" or
 * "error"; @format: "auto", "journal" or "json". */
void gr_log_init (const char *level, const char *format);

/* Attaches @request (NULL: none) to every record of the calling thread until the next call. Copied. */
void gr_log_set_request (const char *request);

/* The calling thread's request id or NULL. */
const char *gr_log_get_request (void);

/* One record; use the macros. */
void gr_log (GLogLevelFlags level, const char *topic, const char *format, ...) G_GNUC_PRINTF (3, 4);

#define gr_debug(...) gr_log (G_LOG_LEVEL_DEBUG, GR_LOG_TOPIC, __VA_ARGS__)
#define gr_info(...) gr_log (G_LOG_LEVEL_INFO, GR_LOG_TOPIC, __VA_ARGS__)
#define gr_warning(...) gr_log (G_LOG_LEVEL_WARNING, GR_LOG_TOPIC, __VA_ARGS__)

G_END_DECLS
