/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Worker: a greenroom-media hub at the other end of a socketpair, as greenroomd starts it (the program is in
 * GREENROOM_MEDIA), and what it told about those who came. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GSubprocess *process;
  GDBusConnection *hub;
  gboolean ended;
  guint connected;
} Worker;

/* From /proc. */
typedef struct
{
  guint threads;
  guint descriptors;
  guint kilobytes; /* resident */
  guint processor_ms;
} WorkerFigures;

/* @watchdog: seconds until the test is killed. */
Worker *worker_start (guint watchdog);

/* Insists on a clean end: whoever was in it has left no trace that keeps it alive, and no sanitizer complains. */
void worker_stop (Worker *worker);

WorkerFigures worker_figures (Worker *worker);

/* Calls a method, which must work. */
void worker_call (Worker *worker, const char *method, GVariant *arguments);

/* JSON. */
char *worker_statistics (Worker *worker);

/* A member of "hub" in its statistics: how much it counted. */
gint64 worker_counter (Worker *worker, const char *member);

/* The sum of @member over all objects of its statistics. */
gint64 worker_sum (Worker *worker, const char *member);

/* Streaming threads and other processes count without waking the main context. */
void worker_turn (void);

#define worker_wait_until(condition)                                                                                   \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    while (!(condition))                                                                                               \
      worker_turn ();                                                                                                  \
  }                                                                                                                    \
  G_STMT_END

G_END_DECLS
