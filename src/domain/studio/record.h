/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of shows outlives the daemon, as values: broadcast, saved scene, destination, recording. Plain structs, owned by
 * whoever holds the pointer; any thread. The running show is GrBroadcast. */
#pragma once

#include "domain/ports/archive.h"
#include "domain/rooms/record.h"

G_BEGIN_DECLS

typedef enum
{
  GR_BROADCAST_SCHEDULED,
  GR_BROADCAST_LIVE,
  GR_BROADCAST_ENDED,
} GrBroadcastStatus;

typedef struct
{
  char *id; /* UUIDv7 */
  char *room_id;
  char *title;
  char *description;
  GrBroadcastStatus status;
  char *quality; /* "720p30", as in the contract */
  char *scene;   /* a scene document, JSON */
  gint64 revision;
  gint64 start_time; /* µs since the epoch; 0: nobody has said; likewise below */
  gint64 started_at;
  gint64 ended_at;
  gint64 created_at;

  /* read with the room, not stored in it */
  char *room_slug;
  char *room_title;
  char *owner_id;
  char *owner_name;
} GrBroadcastRecord;

typedef struct
{
  char *id;
  char *room_id;
  char *name;
  char *document; /* JSON */
  gint64 created_at;
} GrSavedScene;

/* What a room's hosts keep at hand. */
typedef struct
{
  char *document; /* JSON: BrandDocument of the contract */
  gint64 revision;
} GrBrand;

typedef struct
{
  char *id;
  char *broadcast_id;
  char *platform; /* "youtube", as in the contract */
  char *name;
  char *url;
  char *secret; /* the stream key, sealed */
  gboolean enabled;
  gint64 created_at;
} GrDestination;

typedef enum
{
  GR_RECORDING_RECORDING,
  GR_RECORDING_FINISHING,
  GR_RECORDING_READY,
  GR_RECORDING_FAILED,
} GrRecordingState;

typedef struct
{
  char *id;
  char *owner_id;
  char *room_id;      /* NULL once it is gone; likewise below */
  char *broadcast_id; /* outlived by its recordings */
  char *title;
  gint part;
  GrRecordingState state;
  char *message; /* for people, or NULL */
  gboolean tracks;
  gint64 milliseconds;
  gint64 bytes;
  gint64 started_at;
  gint64 ended_at;

  char *folder;     /* while it is written: where; not stored */
  GPtrArray *files; /* GrStoredFile, read from the archive; NULL: not looked at */
} GrRecording;

GrBroadcastRecord *gr_broadcast_record_copy (const GrBroadcastRecord *broadcast);
GrDestination *gr_destination_copy (const GrDestination *destination);
GrRecording *gr_recording_copy (const GrRecording *recording);

void gr_broadcast_record_free (GrBroadcastRecord *broadcast);
void gr_saved_scene_free (GrSavedScene *scene);
void gr_brand_free (GrBrand *brand);
void gr_destination_free (GrDestination *destination);
void gr_recording_free (GrRecording *recording);

const char *gr_broadcast_status_to_string (GrBroadcastStatus status);
gboolean gr_broadcast_status_from_string (const char *word, GrBroadcastStatus *status);
const char *gr_recording_state_to_string (GrRecordingState state);

/* What a quality means; FALSE for a word that is none. @height in lines, of 16:9; @bits of the picture per second. */
gboolean gr_quality_parse (const char *quality, gint *height, gint *frames_per_second, gint *bits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrBroadcastRecord, gr_broadcast_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSavedScene, gr_saved_scene_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrBrand, gr_brand_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrDestination, gr_destination_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrRecording, gr_recording_free)

G_END_DECLS
