/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrBroadcast: a show while it runs: what it looks like, who is in it, where it goes, and the process that makes it.
 * Owned by GrShows. Main thread.
 *
 * starting → live ⇄ recovering → ended. A process that died is told everything again by the one function that told the
 * first (on "up"), so that there is one way to set a show up and not two.
 *
 * Signals:
 *  event (const GrShowEvent *)           what happened, in the order it happened
 *  recording-over (const GrRecording *, gboolean left)
 *                                        nobody writes it any more: to be looked at and stored; if it was left by a
 *                                        process that died, to be put in order before
 *  part-wanted (gboolean tracks)         a recording broke off, and another part is to be begun
 *  finished ()                           after the end: the process is gone, too */
#pragma once

#include "domain/ports/program.h"
#include "domain/rooms/house.h"
#include "domain/studio/destination.h"
#include "domain/studio/scene.h"
#include "domain/studio/studio.h"

G_BEGIN_DECLS

#define GR_TYPE_BROADCAST (gr_broadcast_get_type ())
G_DECLARE_FINAL_TYPE (GrBroadcast, gr_broadcast, GR, BROADCAST, GObject)

typedef enum
{
  GR_SHOW_STARTING,
  GR_SHOW_LIVE,
  GR_SHOW_RECOVERING,
  GR_SHOW_ENDED,
} GrShowState;

typedef enum
{
  GR_SHOW_EVENT_STARTED,
  GR_SHOW_EVENT_UPDATED, /* another state or title, or whether it is recorded */
  GR_SHOW_EVENT_ENDED,
  GR_SHOW_EVENT_SCENE,          /* scene, revision */
  GR_SHOW_EVENT_DESTINATION,    /* destination, status */
  GR_SHOW_EVENT_NO_DESTINATION, /* destination_id */
  GR_SHOW_EVENT_BRAND,          /* brand */
  GR_SHOW_EVENT_RECORDING,      /* recording */
} GrShowEventType;

/* How a broadcast stands now, running or not. */
typedef struct
{
  const char *status; /* static; as in the contract */
  gboolean recorded;
  guint viewers;
} GrShowFacts;

/* Lives as long as the signal's emission. */
typedef struct
{
  GrShowEventType type;
  const GrBroadcastRecord *record;
  GrShowFacts facts;
  gboolean running; /* everybody in the room is told, not hosts alone */
  const char *scene;
  gint64 revision;
  const GrDestination *destination;
  const GrOutputStatus *status;
  const char *destination_id;
  const GrBrand *brand;
  const GrRecording *recording;
} GrShowEvent;

/* What shows have in common. */
typedef struct
{
  GrHouse *house;
  GrProgramPort *programs;
  gboolean allow_private;
  const char *pipelines_dir; /* NULL: none */
  GrPicturePath picture_path;
  gpointer picture_data;
} GrShowContext;

/* Takes what it needs of @plan. @context outlives it. */
GrBroadcast *gr_broadcast_new (const GrShowContext *context, GrShowPlan *plan);

/* Has a process begun. UNAVAILABLE. */
gboolean gr_broadcast_start (GrBroadcast *broadcast, GError **error);

/* Off air at once; outputs are finished afterwards. Does nothing the second time. */
void gr_broadcast_end (GrBroadcast *broadcast);

const GrBroadcastRecord *gr_broadcast_get_record (GrBroadcast *broadcast);
GrShowState gr_broadcast_get_state (GrBroadcast *broadcast);
GrShowFacts gr_broadcast_get_facts (GrBroadcast *broadcast);

/* Of the process: those of GrProgramPort. */
void gr_broadcast_on_up (GrBroadcast *broadcast);
void gr_broadcast_on_down (GrBroadcast *broadcast);
void gr_broadcast_on_started (GrBroadcast *broadcast);
void gr_broadcast_on_output (GrBroadcast *broadcast, const char *id, const char *status);

/* The people in the room changed. */
void gr_broadcast_refresh (GrBroadcast *broadcast);

/* The stored show changed: title, or, with a later revision, the scene. */
void gr_broadcast_set_record (GrBroadcast *broadcast, const GrBroadcastRecord *record);

/* Takes @destination: a new one, or one that changed. One that has trouble is tried anew at once. */
void gr_broadcast_put_destination (GrBroadcast *broadcast, GrOpenDestination *destination);
void gr_broadcast_drop_destination (GrBroadcast *broadcast, const char *id);

/* Owned by @broadcast; NULL for one that it does not know. */
const GrOutputStatus *gr_broadcast_get_status (GrBroadcast *broadcast, const char *destination_id);

/* GrDestinations, not owned. */
GPtrArray *gr_broadcast_list_destinations (GrBroadcast *broadcast);

/* Takes @recording, which is stored and has a folder. Everybody is told. */
void gr_broadcast_add_recording (GrBroadcast *broadcast, GrRecording *recording);

/* Stops it; "recording-over" follows. FALSE when it is not being written here. */
gboolean gr_broadcast_stop_recording (GrBroadcast *broadcast, const char *id);

/* How far a recording has come, or NULL. Owned by @broadcast. */
const GrRecording *gr_broadcast_get_recording (GrBroadcast *broadcast, const char *id);

/* The number of the next recording. */
gint gr_broadcast_get_next_part (GrBroadcast *broadcast);

G_END_DECLS
