/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kinds of outputs share: an abstract class, and the status that they keep. Main thread. */
#pragma once

#include <json-glib/json-glib.h>

#include "media/program/output.h"

G_BEGIN_DECLS

typedef enum
{
  GR_OUTPUT_CONNECTING,
  GR_OUTPUT_LIVE,
  GR_OUTPUT_RECONNECTING,
  GR_OUTPUT_REFUSED, /* over: by the other side, or by the rules */
  GR_OUTPUT_FAILED,  /* over */
  GR_OUTPUT_ENDED,   /* over */
} GrOutputState;

/* The members of the document, but for the words. */
typedef struct
{
  GrOutputState state;
  const char *reason; /* static, or NULL */
  char *message;      /* for people, or NULL */
  gint64 bits_per_second;
  guint64 dropped;
  double round_trip_ms; /* below 0: unknown */
  guint attempt;
  gint64 retry_in_ms;
  double seconds;
  guint64 bytes;
  guint64 unacknowledged; /* bytes that the other side has not confirmed */
  char *path;             /* of what a recording became, or NULL */
  char *thumbnail;
} GrOutputStatus;

struct _GrOutputClass
{
  GObjectClass parent;

  /* Takes from @document what it needs; @sources is there during the call alone. */
  gboolean (*configure) (GrOutput *output, JsonObject *document, const GrOutputSources *sources, GError **error);
  void (*start) (GrOutput *output);
  void (*end) (GrOutput *output);
  void (*tick) (GrOutput *output); /* every GR_OUTPUT_TICK_MS from start until it is over; may be NULL */
  void (*add_track) (GrOutput *output, const GrOutputTrack *track); /* may be NULL */
  void (*remove_track) (GrOutput *output, GrFanout *fanout);        /* may be NULL */
  char *(*graph) (GrOutput *output);                                /* may be NULL */
};

#define GR_OUTPUT_TICK_MS 250

/* To be changed in place; gr_output_changed() tells of it. */
GrOutputStatus *gr_output_get_status (GrOutput *output);

/* Moves to @state. @reason: static; @message: for people. Both may be NULL. */
void gr_output_set_state (GrOutput *output, GrOutputState state, const char *reason, const char *message);
void gr_output_changed (GrOutput *output);

/* Whether the show wants no more of it. */
gboolean gr_output_is_ending (GrOutput *output);

/* The kinds. */
GType gr_destination_get_type (void);
GType gr_recording_get_type (void);
GType gr_tracks_get_type (void);

G_END_DECLS
