/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of /metrics, in the Prometheus text format 0.0.4. Metrics are registered once, live as long as the
 * process and are changed with atomics only. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _GrMetric GrMetric;

/* Registers, or finds, the metric @name with @labels, preformatted as in `method="GET",status="200"` (NULL: none).
 * Callers keep the number of label sets small. */
GrMetric *gr_metrics_counter (const char *name, const char *labels, const char *help);
GrMetric *gr_metrics_gauge (const char *name, const char *labels, const char *help);

/* @bounds: ascending upper bounds, @n_bounds of them (at most 24); +Inf is added. */
GrMetric *
gr_metrics_histogram (const char *name, const char *labels, const char *help, const double *bounds, guint n_bounds);

/* Bounds for the seconds a request takes: 1 ms to 10 s. */
extern const double gr_metrics_latency_bounds[];
extern const guint gr_metrics_n_latency_bounds;

void gr_metric_add (GrMetric *metric, gint64 amount);
void gr_metric_set (GrMetric *metric, gint64 value);
gint64 gr_metric_get (GrMetric *metric);
void gr_metric_observe (GrMetric *metric, double value);

/* All of it, with process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds and
 * process_start_time_seconds. */
char *gr_metrics_text (void);

G_END_DECLS
