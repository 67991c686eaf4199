/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "house"

#include "domain/rooms/house-private.h"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"

#define DOOR_THREADS 4
#define DOOR_QUEUE 512
#define LEDGER_QUEUE 20000
#define MESSAGES_PER_SECOND 2
#define MESSAGES_BURST 12

/* Longer than anybody can stand at the door of a room that is deleted meanwhile. */
#define DELETED_MEMORY (5 * G_TIME_SPAN_MINUTE)

enum
{
  SIGNAL_ROOM_ADDED,
  SIGNAL_ROOM_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GrHouse, gr_house, G_TYPE_OBJECT)

static void
on_room_event (GrRoom *room, const GrRoomEvent *event, GrHouse *house)
{
  if (event->type == GR_ROOM_EVENT_CHANGED && event->participant->role != event->was_role)
    gr_house_write_role (house, event->participant->id, event->participant->role);

  if (event->type != GR_ROOM_EVENT_LEFT)
    return;

  gr_house_write_leave (house, event->participant->id);

  if (gr_room_get_participants (room)->len == 0)
    {
      g_autoptr (GrRoom) alive = g_object_ref (room);

      g_signal_handlers_disconnect_by_data (room, house);
      g_hash_table_remove (house->rooms, gr_room_get_id (room));
      g_signal_emit (house, signals[SIGNAL_ROOM_REMOVED], 0, room);
    }
}

static gboolean
is_over (gpointer key, gpointer value, gpointer data)
{
  return GPOINTER_TO_SIZE (value) < *(gsize *) data;
}

static void
gr_house_dispose (GObject *object)
{
  GrHouse *house = GR_HOUSE (object);

  g_clear_pointer (&house->door, gr_pool_free);
  g_clear_pointer (&house->ledger, gr_pool_free);

  G_OBJECT_CLASS (gr_house_parent_class)->dispose (object);
}

static void
gr_house_finalize (GObject *object)
{
  GrHouse *house = GR_HOUSE (object);

  g_hash_table_unref (house->rooms);
  g_hash_table_unref (house->deleted);
  g_hash_table_unref (house->changed);
  g_hash_table_unref (house->air);
  g_hash_table_unref (house->shows);
  g_hash_table_unref (house->doubtful);
  g_clear_pointer (&house->joins, gr_rate_limiter_free);
  g_clear_pointer (&house->messages, gr_rate_limiter_free);
  g_clear_object (&house->accounts);
  g_clear_object (&house->store);

  G_OBJECT_CLASS (gr_house_parent_class)->finalize (object);
}

static void
gr_house_class_init (GrHouseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gr_house_dispose;
  object_class->finalize = gr_house_finalize;

  signals[SIGNAL_ROOM_ADDED] = g_signal_new ("room-added", GR_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                             G_TYPE_NONE, 1, GR_TYPE_ROOM);
  signals[SIGNAL_ROOM_REMOVED] = g_signal_new ("room-removed", GR_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                               G_TYPE_NONE, 1, GR_TYPE_ROOM);
}

static void
gr_house_init (GrHouse *house)
{
  house->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  house->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  house->changed = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_room_record_free);
  house->air = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  house->shows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  house->doubtful = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  house->messages = gr_rate_limiter_new (MESSAGES_PER_SECOND, MESSAGES_BURST, 10000);
}

GrHouse *
gr_house_new (GrStore *store, GrAccounts *accounts, GrConfig *config)
{
  GrHouse *house = g_object_new (GR_TYPE_HOUSE, NULL);
  double joins = gr_config_get_int (config, "limits", "joins-per-second");

  house->store = g_object_ref (store);
  house->accounts = g_object_ref (accounts);
  house->door = gr_pool_new ("door", DOOR_THREADS, DOOR_QUEUE);
  house->ledger = gr_pool_new ("ledger", 1, LEDGER_QUEUE);
  house->joins = gr_rate_limiter_new (joins, joins * 2, 10000);
  gr_house_watch_accounts (house);

  return house;
}

GPtrArray *
gr_house_list (GrHouse *house)
{
  GPtrArray *rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer room;

  gr_assert_main ();
  g_hash_table_iter_init (&iter, house->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    g_ptr_array_add (rooms, room);

  return rooms;
}

GrRoom *
gr_house_get_room (GrHouse *house, const char *id)
{
  gr_assert_main ();

  return g_hash_table_lookup (house->rooms, id);
}

guint
gr_house_count_participants (GrHouse *house)
{
  g_autoptr (GPtrArray) rooms = gr_house_list (house);
  guint count = 0;

  for (guint i = 0; i < rooms->len; i++)
    count += gr_room_get_participants (g_ptr_array_index (rooms, i))->len;

  return count;
}

GrRoom *
gr_house_ensure_room (GrHouse *house, GrRoomRecord **record)
{
  GrRoom *room = g_hash_table_lookup (house->rooms, (*record)->id);
  gpointer newest;

  if (room != NULL)
    return room;

  if (g_hash_table_steal_extended (house->changed, (*record)->id, NULL, &newest))
    {
      gr_room_record_free (*record);
      *record = newest;
    }

  room = gr_room_new (g_steal_pointer (record));
  gr_room_set_air (room, gr_house_get_air (house, gr_room_get_id (room)),
                   g_hash_table_lookup (house->shows, gr_room_get_id (room)));
  g_hash_table_insert (house->rooms, g_strdup (gr_room_get_id (room)), room);

  /* After everybody else, so that all hear of the last one leaving before the room goes. */
  g_signal_connect_after (room, "event", G_CALLBACK (on_room_event), house);
  g_signal_emit (house, signals[SIGNAL_ROOM_ADDED], 0, room);

  return room;
}

void
gr_house_left_door (GrHouse *house)
{
  if (--house->at_door == 0)
    {
      g_hash_table_remove_all (house->changed);
      g_hash_table_remove_all (house->doubtful);
    }
}

/* The newest of @record and what is known to have changed, for those who read the room before it did. */
static void
remember_change (GrHouse *house, GrRoomRecord *record)
{
  const GrRoomRecord *known = g_hash_table_lookup (house->changed, record->id);

  if (house->at_door == 0 || (known != NULL && known->revision > record->revision))
    gr_room_record_free (record);
  else
    g_hash_table_replace (house->changed, record->id, record);
}

GrAir
gr_house_get_air (GrHouse *house, const char *room_id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (house->air, room_id));
}

void
gr_house_set_air (GrHouse *house, const char *room_id, GrAir air, const char *show)
{
  GrRoom *room = gr_house_get_room (house, room_id);

  if (air != 0)
    g_hash_table_replace (house->air, g_strdup (room_id), GUINT_TO_POINTER (air));
  else
    g_hash_table_remove (house->air, room_id);

  if (show != NULL)
    g_hash_table_replace (house->shows, g_strdup (room_id), g_strdup (show));
  else
    g_hash_table_remove (house->shows, room_id);

  if (room != NULL)
    gr_room_set_air (room, air, show);
}

void
gr_house_room_updated (GrHouse *house, GrRoomRecord *record)
{
  GrRoom *room = gr_house_get_room (house, record->id);

  /* News of two changes may come in the other order. */
  if (room == NULL)
    remember_change (house, record);
  else if (record->revision > gr_room_get_record (room)->revision)
    gr_room_set_record (room, record);
  else
    gr_room_record_free (record);
}

void
gr_house_room_deleted (GrHouse *house, const char *room_id)
{
  GrRoom *room = gr_house_get_room (house, room_id);
  gsize now = g_get_monotonic_time ();

  g_hash_table_foreach_remove (house->deleted, is_over, &now);
  g_hash_table_insert (house->deleted, g_strdup (room_id), GSIZE_TO_POINTER (now + DELETED_MEMORY));

  if (room != NULL)
    gr_room_close (room);
}

void
gr_house_drain (GrHouse *house, gint64 deadline_us)
{
  g_autoptr (GError) error = NULL;

  gr_assert_main ();
  house->draining = TRUE;
  gr_house_close_ledger (house);

  if (!gr_pool_drain (house->ledger, deadline_us))
    gr_warning ("not everything was written down in time");

  if (!gr_store_leave_all_seats (house->store, gr_now (), &error))
    gr_warning ("seats stay taken until the next start: %s", error->message);
}

void
gr_house_stop (GrHouse *house)
{
  gr_assert_main ();
  house->draining = TRUE;
  gr_house_close_ledger (house);
  gr_pool_stop (house->door);
  gr_pool_stop (house->ledger);
}
