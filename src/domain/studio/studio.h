/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrStudio: shows as they stand in the store: planned, dressed, given destinations, recorded. Owned by the composition
 * root. Blocking calls for pool threads. What runs is GrShows's. */
#pragma once

#include "base/config.h"
#include "base/vault.h"
#include "domain/ports/archive.h"
#include "domain/ports/studio-store.h"
#include "domain/studio/destination.h"
#include "domain/studio/scene.h"

G_BEGIN_DECLS

#define GR_TYPE_STUDIO (gr_studio_get_type ())
G_DECLARE_FINAL_TYPE (GrStudio, gr_studio, GR, STUDIO, GObject)

/* NULL members and those whose flag is not set stay as they are. */
typedef struct
{
  const char *title;
  const char *description;
  const char *quality;
  gboolean has_start_time;
  gint64 start_time; /* µs; 0: nobody has said */
} GrBroadcastChange;

typedef struct
{
  const char *platform; /* of a new one */
  const char *name;
  const char *url;
  const char *stream_key;
  gint enabled; /* -1: as it is */
} GrDestinationChange;

/* A destination with its key in the open, for the one who connects to it. */
typedef struct
{
  GrDestination *destination;
  char *stream_key;
} GrOpenDestination;

/* All that a show needs to begin. */
typedef struct
{
  GrBroadcastRecord *broadcast;
  GPtrArray *destinations; /* GrOpenDestination: all of them, the ones switched off too */
  GrRecording *recording;  /* NULL: none */
} GrShowPlan;

/* @links: signs links to recordings. */
GrStudio *gr_studio_new (
    GrStudioStore *store, GrArchive *archive, GrConfig *config, const GrVaultKey *vault, const GrVaultKey *links);

GrStudioStore *gr_studio_get_store (GrStudio *studio);
GrArchive *gr_studio_get_archive (GrStudio *studio);
gboolean gr_studio_allows_private (GrStudio *studio);

/* Where pictures lie; without it there are none. Before any scene is changed. */
void gr_studio_set_picture_path (GrStudio *studio, GrPicturePath path, gpointer user_data);

/* Nothing that was live when the server stopped is live now, and what was being recorded is as far as it got. Returns:
 * (transfer full): the GrRecordings whose mix is still to be put in order, with their folders; NULL with @error. */
GPtrArray *gr_studio_recover (GrStudio *studio, GError **error);

/* CONFLICT past the hundredth that a room has planned. */
GrBroadcastRecord *
gr_studio_create (GrStudio *studio, const char *room_id, const GrBroadcastChange *change, GError **error);

/* CONFLICT for start and quality once it has begun. */
GrBroadcastRecord *gr_studio_update (GrStudio *studio, const char *id, const GrBroadcastChange *change, GError **error);

/* INVALID_INPUT at @field: there is no such picture. */
gboolean gr_studio_check_picture (GrStudio *studio, const char *picture_id, const char *field, GError **error);

/* Merges @patch into the scene. @revision: the one that is changed, or -1 for whichever it is. INVALID_INPUT names the
 * member, also of a picture that is not there; CONFLICT (field revision). The broadcast as it is then. */
GrBroadcastRecord *
gr_studio_change_scene (GrStudio *studio, const char *id, JsonObject *patch, gint64 revision, GError **error);

/* Saves @patch over the default scene; over the place of @id unless it is NULL. */
GrSavedScene *gr_studio_save_scene (
    GrStudio *studio, const char *room_id, const char *id, const char *name, JsonObject *patch, GError **error);

/* INVALID_INPUT (field rtmpUrl, streamKey); CONFLICT past the tenth. */
GrDestination *gr_studio_add_destination (GrStudio *studio,
                                          const char *broadcast_id,
                                          const GrDestinationChange *change,
                                          GError **error);
GrDestination *gr_studio_update_destination (
    GrStudio *studio, const char *broadcast_id, const char *id, const GrDestinationChange *change, GError **error);

/* Connects to a destination for a moment: what an output says of itself then, "live" for well. Blocks for seconds. NULL
 * with @error: BUSY past a few at once, UNAVAILABLE without a program to run. */
typedef GrOutputStatus *(*GrProbeFunc) (
    const char *url, const char *stream_key, gboolean allow_private, gpointer user_data, GError **error);
void gr_studio_set_probe (GrStudio *studio, GrProbeFunc probe, gpointer user_data);
GrOutputStatus *gr_studio_test_destination (GrStudio *studio, const GrOpenDestination *destination, GError **error);

GrOpenDestination *gr_studio_open_destination (GrStudio *studio, const GrDestination *destination, GError **error);

/* Marks it live and gathers what it needs; a recording if @record or @tracks. CONFLICT when it is not scheduled or the
 * room has another live one. */
GrShowPlan *gr_studio_begin (GrStudio *studio, const char *id, gboolean record, gboolean tracks, GError **error);

/* It could not begin after all. */
void gr_studio_postpone (GrStudio *studio, const GrShowPlan *plan);

/* A new recording of a show, stored, with a folder. */
GrRecording *gr_studio_add_recording (
    GrStudio *studio, const GrBroadcastRecord *broadcast, gint part, gboolean tracks, GError **error);

/* Looks at the files of @recording. */
gboolean gr_studio_look_at_files (GrStudio *studio, GrRecording *recording, GError **error);

/* CONFLICT while it is being written. */
gboolean gr_studio_delete_recording (GrStudio *studio, const char *id, GError **error);

/* The signature of a link to @file of a recording that is good until @until (Unix seconds); the caller's. */
char *gr_studio_sign_link (GrStudio *studio, const char *recording_id, const char *file, gint64 until);

/* Whether the link is good now. FORBIDDEN. */
gboolean gr_studio_check_link (
    GrStudio *studio, const char *recording_id, const char *file, gint64 until, const char *signature, GError **error);

void gr_open_destination_free (GrOpenDestination *destination);
void gr_show_plan_free (GrShowPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrOpenDestination, gr_open_destination_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrShowPlan, gr_show_plan_free)

G_END_DECLS
