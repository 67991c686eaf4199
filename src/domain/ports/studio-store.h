/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to what lasts of shows; the same store as GrStore, under the same terms (domain/ports/store.h): blocking
 * calls, each a transaction. */
#pragma once

#include "domain/studio/record.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define GR_TYPE_STUDIO_STORE (gr_studio_store_get_type ())
G_DECLARE_INTERFACE (GrStudioStore, gr_studio_store, GR, STUDIO_STORE, GObject)

/* The most of each: more is CONFLICT. */
#define GR_MAX_PLANNED_BROADCASTS 100
#define GR_MAX_DESTINATIONS 10
#define GR_MAX_SAVED_SCENES 50

/* Which broadcasts: of one room, or else of the rooms that an account owns, or else of public rooms (or of all). */
typedef struct
{
  const char *room_id;
  const char *owner_id;
  gboolean everywhere; /* of private rooms too */
  gboolean has_status;
  GrBroadcastStatus status;
} GrBroadcastFilter;

struct _GrStudioStoreInterface
{
  GTypeInterface parent;

  gboolean (*add_broadcast) (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error);
  GrBroadcastRecord *(*get_broadcast) (GrStudioStore *store, const char *id, GError **error);
  gboolean (*update_broadcast) (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error);
  gboolean (*set_scene) (GrStudioStore *store, const char *id, const char *scene, gint64 revision, GError **error);
  gboolean (*begin_broadcast) (GrStudioStore *store, const char *id, gint64 now, GError **error);
  gboolean (*end_broadcast) (GrStudioStore *store, const char *id, gint64 now, GError **error);
  gboolean (*postpone_broadcast) (GrStudioStore *store, const char *id, GError **error);
  gboolean (*delete_broadcast) (GrStudioStore *store, const char *id, GError **error);
  GPtrArray *(*list_broadcasts) (
      GrStudioStore *store, const GrBroadcastFilter *filter, gint limit, const char *after, GError **error);

  gboolean (*add_saved_scene) (GrStudioStore *store, const GrSavedScene *scene, GError **error);
  GrSavedScene *(*replace_saved_scene) (GrStudioStore *store, const GrSavedScene *scene, GError **error);
  gboolean (*delete_saved_scene) (GrStudioStore *store, const char *room_id, const char *id, GError **error);
  GPtrArray *(*list_saved_scenes) (GrStudioStore *store, const char *room_id, GError **error);
  GrBrand *(*get_brand) (GrStudioStore *store, const char *room_id, GError **error);
  gboolean (*set_brand) (GrStudioStore *store, const char *room_id, const GrBrand *brand, GError **error);

  gboolean (*add_destination) (GrStudioStore *store, const GrDestination *destination, GError **error);
  GrDestination *(*get_destination) (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error);
  gboolean (*update_destination) (GrStudioStore *store, const GrDestination *destination, GError **error);
  gboolean (*delete_destination) (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error);
  GPtrArray *(*list_destinations) (GrStudioStore *store, const char *broadcast_id, GError **error);

  gboolean (*add_recording) (GrStudioStore *store, const GrRecording *recording, GError **error);
  GrRecording *(*get_recording) (GrStudioStore *store, const char *id, GError **error);
  gboolean (*update_recording) (GrStudioStore *store, const GrRecording *recording, GError **error);
  gboolean (*delete_recording) (GrStudioStore *store, const char *id, GError **error);
  GPtrArray *(*list_recordings) (GrStudioStore *store,
                                 const char *owner_id,
                                 const char *broadcast_id,
                                 gint limit,
                                 const char *after,
                                 GError **error);
  GPtrArray *(*list_unfinished) (GrStudioStore *store, GError **error);
};

/* NOT_FOUND (field roomId): there is no such room. CONFLICT past GR_MAX_PLANNED_BROADCASTS of a room. */
gboolean gr_studio_store_add_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error);

/* With its room and the room's owner. NOT_FOUND. */
GrBroadcastRecord *gr_studio_store_get_broadcast (GrStudioStore *store, const char *id, GError **error);

/* Writes title, description, quality and start time. NOT_FOUND. */
gboolean gr_studio_store_update_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error);

/* Writes the scene that follows @revision. CONFLICT (field revision) when it is another one by now, or the broadcast is
 * gone. */
gboolean
gr_studio_store_set_scene (GrStudioStore *store, const char *id, const char *scene, gint64 revision, GError **error);

/* From scheduled to live. CONFLICT when it is not scheduled, or another one of the room is live. */
gboolean gr_studio_store_begin_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error);

/* From live to ended; no error when it was not live. With @id NULL all that are live: for start-up. */
gboolean gr_studio_store_end_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error);

/* From live back to scheduled, when it could not begin after all. */
gboolean gr_studio_store_postpone_broadcast (GrStudioStore *store, const char *id, GError **error);

/* With its destinations. NOT_FOUND; CONFLICT while it is live. */
gboolean gr_studio_store_delete_broadcast (GrStudioStore *store, const char *id, GError **error);

/* GrBroadcastRecords, newest first. */
GPtrArray *gr_studio_store_list_broadcasts (
    GrStudioStore *store, const GrBroadcastFilter *filter, gint limit, const char *after, GError **error);

/* CONFLICT past GR_MAX_SAVED_SCENES. */
gboolean gr_studio_store_add_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error);

/* Writes name and document of the one that has the id and the room; gives it whole. NOT_FOUND. */
GrSavedScene *gr_studio_store_replace_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error);
gboolean gr_studio_store_delete_saved_scene (GrStudioStore *store, const char *room_id, const char *id, GError **error);

/* GrSavedScenes in the order they were made. */
GPtrArray *gr_studio_store_list_saved_scenes (GrStudioStore *store, const char *room_id, GError **error);

/* Revision 0, with nothing in it, where none was set. */
GrBrand *gr_studio_store_get_brand (GrStudioStore *store, const char *room_id, GError **error);

/* @brand: what is to be, with the revision that it takes the place of. CONFLICT (field revision) when it is another. */
gboolean gr_studio_store_set_brand (GrStudioStore *store, const char *room_id, const GrBrand *brand, GError **error);

/* CONFLICT past GR_MAX_DESTINATIONS. */
gboolean gr_studio_store_add_destination (GrStudioStore *store, const GrDestination *destination, GError **error);

/* NOT_FOUND; likewise below. */
GrDestination *
gr_studio_store_get_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error);

/* Writes name, URL, secret and whether it is enabled. */
gboolean gr_studio_store_update_destination (GrStudioStore *store, const GrDestination *destination, GError **error);
gboolean
gr_studio_store_delete_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error);

/* GrDestinations in the order they were made. */
GPtrArray *gr_studio_store_list_destinations (GrStudioStore *store, const char *broadcast_id, GError **error);

gboolean gr_studio_store_add_recording (GrStudioStore *store, const GrRecording *recording, GError **error);
GrRecording *gr_studio_store_get_recording (GrStudioStore *store, const char *id, GError **error);

/* Writes state, message, length, size and end. */
gboolean gr_studio_store_update_recording (GrStudioStore *store, const GrRecording *recording, GError **error);
gboolean gr_studio_store_delete_recording (GrStudioStore *store, const char *id, GError **error);

/* GrRecordings, newest first: of a broadcast, or else of an owner. */
GPtrArray *gr_studio_store_list_recordings (GrStudioStore *store,
                                            const char *owner_id,
                                            const char *broadcast_id,
                                            gint limit,
                                            const char *after,
                                            GError **error);

/* GrRecordings that are being written or put in order: for start-up. */
GPtrArray *gr_studio_store_list_unfinished (GrStudioStore *store, GError **error);

G_END_DECLS
