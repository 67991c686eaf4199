/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/studio-store.h"

G_DEFINE_INTERFACE (GrStudioStore, gr_studio_store, G_TYPE_OBJECT)

static void
gr_studio_store_default_init (GrStudioStoreInterface *iface)
{
}

gboolean
gr_studio_store_add_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->add_broadcast (store, broadcast, error);
}

GrBroadcastRecord *
gr_studio_store_get_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->get_broadcast (store, id, error);
}

gboolean
gr_studio_store_update_broadcast (GrStudioStore *store, const GrBroadcastRecord *broadcast, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->update_broadcast (store, broadcast, error);
}

gboolean
gr_studio_store_set_scene (GrStudioStore *store, const char *id, const char *scene, gint64 revision, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->set_scene (store, id, scene, revision, error);
}

gboolean
gr_studio_store_begin_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->begin_broadcast (store, id, now, error);
}

gboolean
gr_studio_store_end_broadcast (GrStudioStore *store, const char *id, gint64 now, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->end_broadcast (store, id, now, error);
}

gboolean
gr_studio_store_postpone_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->postpone_broadcast (store, id, error);
}

gboolean
gr_studio_store_delete_broadcast (GrStudioStore *store, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->delete_broadcast (store, id, error);
}

GPtrArray *
gr_studio_store_list_broadcasts (
    GrStudioStore *store, const GrBroadcastFilter *filter, gint limit, const char *after, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->list_broadcasts (store, filter, limit, after, error);
}

gboolean
gr_studio_store_add_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->add_saved_scene (store, scene, error);
}

GrSavedScene *
gr_studio_store_replace_saved_scene (GrStudioStore *store, const GrSavedScene *scene, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->replace_saved_scene (store, scene, error);
}

gboolean
gr_studio_store_delete_saved_scene (GrStudioStore *store, const char *room_id, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->delete_saved_scene (store, room_id, id, error);
}

GPtrArray *
gr_studio_store_list_saved_scenes (GrStudioStore *store, const char *room_id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->list_saved_scenes (store, room_id, error);
}

GrBrand *
gr_studio_store_get_brand (GrStudioStore *store, const char *room_id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->get_brand (store, room_id, error);
}

gboolean
gr_studio_store_set_brand (GrStudioStore *store, const char *room_id, const GrBrand *brand, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->set_brand (store, room_id, brand, error);
}

gboolean
gr_studio_store_add_destination (GrStudioStore *store, const GrDestination *destination, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->add_destination (store, destination, error);
}

GrDestination *
gr_studio_store_get_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->get_destination (store, broadcast_id, id, error);
}

gboolean
gr_studio_store_update_destination (GrStudioStore *store, const GrDestination *destination, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->update_destination (store, destination, error);
}

gboolean
gr_studio_store_delete_destination (GrStudioStore *store, const char *broadcast_id, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->delete_destination (store, broadcast_id, id, error);
}

GPtrArray *
gr_studio_store_list_destinations (GrStudioStore *store, const char *broadcast_id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->list_destinations (store, broadcast_id, error);
}

gboolean
gr_studio_store_add_recording (GrStudioStore *store, const GrRecording *recording, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->add_recording (store, recording, error);
}

GrRecording *
gr_studio_store_get_recording (GrStudioStore *store, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->get_recording (store, id, error);
}

gboolean
gr_studio_store_update_recording (GrStudioStore *store, const GrRecording *recording, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->update_recording (store, recording, error);
}

gboolean
gr_studio_store_delete_recording (GrStudioStore *store, const char *id, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->delete_recording (store, id, error);
}

GPtrArray *
gr_studio_store_list_recordings (
    GrStudioStore *store, const char *owner_id, const char *broadcast_id, gint limit, const char *after, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->list_recordings (store, owner_id, broadcast_id, limit, after, error);
}

GPtrArray *
gr_studio_store_list_unfinished (GrStudioStore *store, GError **error)
{
  return GR_STUDIO_STORE_GET_IFACE (store)->list_unfinished (store, error);
}
