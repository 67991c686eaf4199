/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrWorker: one greenroom-media process: spawned with one end of a socketpair, spoken to by D-Bus over the other,
 * pinged, and replaced when it ends or falls silent. Owned by the adapter that speaks to it. Main thread.
 *
 * Signals: "up" (GDBusConnection *) when the process answers, at first and after each replacement; "down" when it is
 * gone. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_WORKER (gr_worker_get_type ())
G_DECLARE_FINAL_TYPE (GrWorker, gr_worker, GR, WORKER, GObject)

/* @name is for the log; @argv the program and its arguments, to which "--fd 3" is added. */
GrWorker *gr_worker_new (const char *name, const char *const *argv);

/* Spawns it, now and whenever it ends, after a pause that doubles from 0.2 to 5 s. A program that is not there is
 * logged and tried no more. */
void gr_worker_start (GrWorker *worker);

/* Ends it for good; no signal follows. */
void gr_worker_stop (GrWorker *worker);

/* For the log; 0 while it is down. */
gint gr_worker_get_pid (GrWorker *worker);

G_END_DECLS
