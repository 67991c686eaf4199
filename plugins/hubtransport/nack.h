/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrNackList: which packets of a publisher's stream are missing, and when to ask for them (RFC 4585, section 6.2.1).
 * Bounded in packets, tries and time. Owned by a track; no memory of its own. Hub thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_NACK_MAX_MISSING 256
/* Reordering on the way heals within this; µs. */
#define GR_NACK_REORDER_TIME 5000
/* Asked again after a round trip, but not sooner than this; µs. */
#define GR_NACK_MIN_INTERVAL 20000
#define GR_NACK_MAX_TRIES 10
/* What is missing for longer is of no use to anybody's jitter buffer; µs. */
#define GR_NACK_MAX_AGE 1000000

typedef enum
{
  GR_NACK_NEXT,      /* the newest so far; packets before it may be missing now */
  GR_NACK_RECOVERED, /* it was missing */
  GR_NACK_KNOWN,     /* came before, or was given up */
  GR_NACK_GAP        /* too many are missing to ask for: the list is empty, and only a keyframe helps */
} GrNackResult;

typedef struct
{
  guint16 sequence;
  guint8 tries;
  gint64 since; /* µs, monotonic */
  gint64 next;  /* µs, monotonic; when to ask */
} GrNackMissing;

typedef struct
{
  gboolean started;
  guint16 highest;
  guint n_missing;
  guint64 missed;    /* counters */
  guint64 recovered; /* also those that were only late */
  guint64 given_up;
  GrNackMissing missing[GR_NACK_MAX_MISSING]; /* ascending */
} GrNackList;

/* Takes note of a packet that came at @now (µs, monotonic). An all-zero list is an empty one. */
GrNackResult gr_nack_receive (GrNackList *list, guint16 sequence, gint64 now);

/* Fills @sequences with up to @max numbers to ask for now, ascending, and gives up on those that were asked for long
 * enough.
 * @round_trip is in µs, 0 if unknown. Returns how many. */
guint gr_nack_take_due (GrNackList *list, gint64 now, gint64 round_trip, guint16 *sequences, guint max);

/* When gr_nack_take_due() has something to do next (µs, monotonic), G_MAXINT64 if nothing is missing. */
gint64 gr_nack_next_due (const GrNackList *list);

G_END_DECLS
