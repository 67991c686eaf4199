/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/rooms.h"

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"

#define INVITE_SECONDS (7 * 24 * 60 * 60)
#define SLUG_ATTEMPTS 8

struct _GrRooms
{
  GObject parent;

  GrStore *store;
  GrConfig *config;

  GMutex updating;  /* held from reading a record to writing it, or two changes would undo each other */
  guint64 revision; /* (lock: updating) */
};

G_DEFINE_FINAL_TYPE (GrRooms, gr_rooms, G_TYPE_OBJECT)

static void
replace (char **member, const char *value)
{
  if (value == NULL)
    return;

  g_free (*member);
  *member = g_strdup (value);
}

static gboolean
apply (GrRooms *rooms, GrRoomRecord *record, const GrRoomChange *change, GError **error)
{
  gint capacity_max = gr_config_get_int (rooms->config, "rooms", "capacity-max");

  if (change->capacity > capacity_max)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "capacity", "This server allows at most %d people in a room",
                    capacity_max);
      return FALSE;
    }

  replace (&record->title, change->title);
  replace (&record->description, change->description);
  replace (&record->slug, change->slug);

  if (change->has_visibility)
    record->visibility = change->visibility;

  if (change->capacity > 0)
    record->capacity = change->capacity;

  if (change->waiting_room >= 0)
    record->waiting_room = change->waiting_room;

  if (change->guests >= 0)
    record->guests = change->guests;

  if (change->locked >= 0)
    record->locked = change->locked;

  if (change->p2p_max >= 0)
    record->p2p_max = change->p2p_max;

  return TRUE;
}

static gboolean
may_see (GrRooms *rooms, const GrRoomRecord *record, const GrAccount *caller, const char *invite, GError **error)
{
  gboolean was_inside = FALSE;

  if (record->visibility != GR_VISIBILITY_PRIVATE)
    return TRUE;

  if (caller != NULL)
    {
      if (caller->role >= GR_ROLE_MODERATOR)
        return TRUE;

      if (!gr_store_was_inside (rooms->store, record->id, caller->id, &was_inside, error))
        return FALSE;

      if (was_inside)
        return TRUE;
    }

  if (invite != NULL)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GrInvite) found = gr_store_get_invite (rooms->store, invite, gr_now (), &local_error);

      if (found != NULL && g_str_equal (found->room_id, record->id))
        return TRUE;

      /* A code that nobody made is no better than that of another room. */
      if (found == NULL && !g_error_matches (local_error, GR_ERROR, GR_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  gr_set_error (error, GR_ERROR_INVITE_REQUIRED, "invite", "This room is private: ask its host for an invite");
  return FALSE;
}

static void
gr_rooms_finalize (GObject *object)
{
  GrRooms *rooms = GR_ROOMS (object);

  g_clear_object (&rooms->store);
  g_clear_pointer (&rooms->config, gr_config_unref);
  g_mutex_clear (&rooms->updating);

  G_OBJECT_CLASS (gr_rooms_parent_class)->finalize (object);
}

static void
gr_rooms_class_init (GrRoomsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_rooms_finalize;
}

static void
gr_rooms_init (GrRooms *rooms)
{
  g_mutex_init (&rooms->updating);
}

GrRooms *
gr_rooms_new (GrStore *store, GrConfig *config)
{
  GrRooms *rooms = g_object_new (GR_TYPE_ROOMS, NULL);

  rooms->store = g_object_ref (store);
  rooms->config = gr_config_ref (config);

  return rooms;
}

GrRoomRecord *
gr_rooms_create (GrRooms *rooms, const char *owner_id, const GrRoomChange *change, GError **error)
{
  g_autoptr (GrRoomRecord) record = g_new0 (GrRoomRecord, 1);
  g_autoptr (GError) local_error = NULL;

  record->id = gr_id_new ();
  record->owner_id = g_strdup (owner_id);
  record->description = g_strdup ("");
  record->visibility = GR_VISIBILITY_UNLISTED;
  record->capacity = gr_config_get_int (rooms->config, "rooms", "capacity");
  record->guests = TRUE;
  record->p2p_max = gr_config_get_int (rooms->config, "rooms", "p2p-max");
  record->created_at = gr_now ();

  if (!apply (rooms, record, change, error))
    return NULL;

  if (change->slug != NULL)
    return gr_store_add_room (rooms->store, record, error) ? gr_store_find_room (rooms->store, record->id, error)
                                                           : NULL;

  for (guint attempt = 0; attempt < SLUG_ATTEMPTS; attempt++)
    {
      g_autofree char *code = gr_code_new ();

      g_clear_error (&local_error);
      replace (&record->slug, code);

      if (gr_store_add_room (rooms->store, record, &local_error))
        return gr_store_find_room (rooms->store, record->id, error);

      if (!g_error_matches (local_error, GR_ERROR, GR_ERROR_SLUG_TAKEN))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

GrRoomRecord *
gr_rooms_update (GrRooms *rooms, const char *id, const GrRoomChange *change, GError **error)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&rooms->updating);
  g_autoptr (GrRoomRecord) record = gr_store_find_room (rooms->store, id, error);

  if (record == NULL || !apply (rooms, record, change, error) || !gr_store_update_room (rooms->store, record, error))
    return NULL;

  record->revision = ++rooms->revision;

  return g_steal_pointer (&record);
}

/* FALSE for the banned. Owners and moderators cannot be. */
static gboolean
is_welcome (GrRooms *rooms, const GrRoomRecord *record, const GrAccount *caller, const char *address, GError **error)
{
  const char *account_id = caller != NULL ? caller->id : NULL;
  g_autofree char *address_hash = gr_room_hash_address (record->id, address);
  gboolean banned;

  if (caller != NULL && (caller->role >= GR_ROLE_MODERATOR || g_str_equal (caller->id, record->owner_id)))
    return TRUE;
  if (!gr_store_is_banned (rooms->store, record->id, account_id, address_hash, &banned, error))
    return FALSE;
  if (banned)
    gr_set_error (error, GR_ERROR_BANNED, NULL, "You are banned from this room.");

  return !banned;
}

GrRoomRecord *
gr_rooms_find (GrRooms *rooms,
               const char *id_or_slug,
               const GrAccount *caller,
               const char *address,
               const char *invite,
               GError **error)
{
  g_autoptr (GrRoomRecord) record = gr_store_find_room (rooms->store, id_or_slug, error);

  if (record == NULL || !is_welcome (rooms, record, caller, address, error)
      || !may_see (rooms, record, caller, invite, error))
    return NULL;

  return g_steal_pointer (&record);
}

GrRoomRecord *
gr_rooms_find_by_code (GrRooms *rooms, const char *code, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GrInvite) invite = gr_store_get_invite (rooms->store, code, gr_now (), &local_error);
  g_autoptr (GrRoomRecord) record = NULL;

  if (invite != NULL)
    return gr_store_find_room (rooms->store, invite->room_id, error);

  if (!g_error_matches (local_error, GR_ERROR, GR_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  record = gr_store_find_room (rooms->store, code, error);
  if (record == NULL)
    return NULL;

  if (record->visibility == GR_VISIBILITY_PRIVATE)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "code", "No room has this code");
      return NULL;
    }

  return g_steal_pointer (&record);
}

GrInvite *
gr_rooms_invite (GrRooms *rooms, const char *room_id, GrRoomRole role, gint64 expires_in, gint uses, GError **error)
{
  g_autoptr (GrInvite) invite = g_new0 (GrInvite, 1);

  invite->code = gr_invite_code_new ();
  invite->room_id = g_strdup (room_id);
  invite->role = role;
  invite->uses = uses;
  invite->created_at = gr_now ();
  invite->expires_at = invite->created_at + (expires_in > 0 ? expires_in : INVITE_SECONDS) * G_TIME_SPAN_SECOND;

  if (!gr_store_add_invite (rooms->store, invite, error))
    return NULL;

  return g_steal_pointer (&invite);
}
