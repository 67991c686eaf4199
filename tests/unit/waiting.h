/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting in the main loop for what comes, with a deadline. Main thread. */
#pragma once

#include <gio/gio.h>

/* Runs the main loop while @pending; fails the test when that takes too long. */
void wait_while (gboolean (*pending) (gpointer), gpointer data);

/* A GAsyncReadyCallback that keeps the result for wait_result(). */
void keep_result (GObject *source, GAsyncResult *result, gpointer data);
/* The caller's. */
GAsyncResult *wait_result (void);
