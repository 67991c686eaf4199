/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What broadcast.c (the show's life) and outputs.c (where it goes) share. Main thread. */
#pragma once

#include "domain/studio/broadcast.h"

G_BEGIN_DECLS

/* A destination or a recording. An output that is begun anew has another id, so that late news of the old one are not
 * taken for its own. */
typedef struct
{
  char *id; /* in the program process */
  guint generation;
  GrOpenDestination *destination;
  GrOutputStatus *status;
  GrRecording *recording;
  gboolean tracks_over; /* of a recording: nothing is written apart any more */
  gboolean broke_off;   /* of a recording: the process died; what it left is to be put in order */
} GrOutput;

struct _GrBroadcast
{
  GObject parent;

  const GrShowContext *context;
  GrBroadcastRecord *record;
  GrScene *scene;
  GrShowState state;
  gboolean up;
  GPtrArray *outputs; /* GrOutput */
  gint parts;

  /* What the process was told last; NULL: nothing yet */
  char *told_scene;
  char *told_people;
  GVariant *told_tracks;
};

/* broadcast.c: tells of what happened; who is inside the room; how an output fares; that nobody writes a recording any
 * more. @left: its process went before it was put in order. */
void gr_broadcast_emit (GrBroadcast *broadcast, GrShowEvent event);
void gr_broadcast_tell_room (GrBroadcast *broadcast);
void gr_broadcast_emit_output (GrBroadcast *broadcast, GrOutput *output);
void gr_broadcast_recording_over (GrBroadcast *broadcast, GrOutput *output, gboolean left);

/* outputs.c: tells the process of the output, if it is there and the output is wanted. */
void gr_output_send (GrBroadcast *broadcast, GrOutput *output);

/* outputs.c: has the process finish it, and what it writes apart. */
void gr_output_remove (GrBroadcast *broadcast, GrOutput *output);

/* Takes @recording and tells nobody yet. */
GrOutput *gr_output_add_recording (GrBroadcast *broadcast, GrRecording *recording);

/* The one that the process calls @id; *@tracks: what is meant is what it writes apart. */
GrOutput *gr_output_find (GrBroadcast *broadcast, const char *id, gboolean *tracks);
void gr_output_free (GrOutput *output);

G_END_DECLS
