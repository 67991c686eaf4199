/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bounds on what strangers can make the hub do: keyframe requests to a publisher, and bytes to a subscriber. Owned by a
 * track or a transport; no memory of its own. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keyframe requests: any number of subscribers ask, the publisher hears of it once in an interval, and none is
 * forgotten. */
typedef struct
{
  gint64 interval; /* µs between two requests */
  gint64 last;     /* µs, monotonic; 0 before the first one */
  gboolean wanted;
} GrThrottle;

static inline void
gr_throttle_init (GrThrottle *throttle, gint64 interval)
{
  *throttle = (GrThrottle){ .interval = interval };
}

/* Notes that somebody wants a keyframe. */
void gr_throttle_want (GrThrottle *throttle);

/* TRUE if a request should go out at @now (µs, monotonic), which then counts as sent. Goes on after each interval until
 * the keyframe is there: the request or the keyframe may be lost. */
gboolean gr_throttle_take (GrThrottle *throttle, gint64 now);

/* When gr_throttle_take() is TRUE next (µs, monotonic); G_MAXINT64 if nobody wants anything. */
gint64 gr_throttle_next_due (const GrThrottle *throttle);

/* The keyframe is there. */
void gr_throttle_satisfy (GrThrottle *throttle);

/* A token bucket, for retransmissions to one subscriber: a flood of NACKs costs no more than @rate. */
typedef struct
{
  gint64 rate;  /* bytes per second */
  gint64 burst; /* bytes */
  gint64 level; /* bytes that may go out at @at */
  gint64 at;    /* µs, monotonic; 0 before the first call */
} GrBudget;

static inline void
gr_budget_init (GrBudget *budget, gint64 rate, gint64 burst)
{
  *budget = (GrBudget){ .rate = rate, .burst = burst, .level = burst };
}

/* Takes @bytes at @now (µs, monotonic), or FALSE and nothing. */
gboolean gr_budget_take (GrBudget *budget, gsize bytes, gint64 now);

G_END_DECLS
