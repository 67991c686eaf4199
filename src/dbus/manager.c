/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/manager.h"

#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "base/main-call.h"
#include "dbus/statistics.h"
#include "dbus/values.h"

#include "contract.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 1000

/* Main is asked about live rooms from a pool thread that waits. */
typedef struct
{
  GrHouse *house;
  GPtrArray *records; /* GrRoomRecord */
  guint *counts;      /* of those inside, one per record */
  gboolean close;     /* counts them out, too */
} LiveQuestion;

static gboolean
answer_live (gpointer data, GError **error)
{
  LiveQuestion *question = data;

  for (guint i = 0; i < question->records->len; i++)
    {
      const GrRoomRecord *record = g_ptr_array_index (question->records, i);
      GrRoom *room = gr_house_get_room (question->house, record->id);

      question->counts[i] = room != NULL ? gr_room_get_participants (room)->len : 0;

      if (room != NULL && question->close)
        gr_room_close (room);
    }

  return TRUE;
}

static gboolean
ask_live (const GrDBusServices *services, GPtrArray *records, gboolean close, guint *counts, GError **error)
{
  LiveQuestion question = { services->house, records, counts, close };

  return gr_main_call (answer_live, &question, g_get_monotonic_time () + GR_DBUS_MAIN_PATIENCE, error);
}

static gboolean
ask_live_room (const GrDBusServices *services, GrRoomRecord *record, gboolean close, guint *count, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();

  g_ptr_array_add (records, record);

  return ask_live (services, records, close, count, error);
}

static gint
page_limit (guint32 limit)
{
  return limit == 0 ? DEFAULT_LIMIT : (gint) MIN (limit, MAX_LIMIT);
}

/* Where a page starts: "" is the beginning. */
static gboolean
page_after (const char **after, GError **error)
{
  if (**after == '\0')
    *after = NULL;
  else if (!gr_id_is_valid (*after))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "after", "\"after\" must be an id");
      return FALSE;
    }

  return TRUE;
}

/* The only room with this title. NOT_FOUND, CONFLICT. */
static GrRoomRecord *
find_by_title (GrStore *store, const char *title, GError **error)
{
  g_autofree char *wanted = g_utf8_casefold (title, -1);
  g_autofree char *after = NULL;
  g_autoptr (GrRoomRecord) found = NULL;
  guint n_rooms;

  do
    {
      g_autoptr (GPtrArray) page = gr_store_list_rooms (store, GR_ROOMS_ALL, NULL, MAX_LIMIT, after, error);

      if (page == NULL)
        return NULL;

      n_rooms = page->len;

      for (guint i = 0; i < n_rooms; i++)
        {
          const GrRoomRecord *room = g_ptr_array_index (page, i);
          g_autofree char *folded = g_utf8_casefold (room->title, -1);

          if (!g_str_equal (folded, wanted))
            continue;

          if (found != NULL)
            {
              gr_set_error (error, GR_ERROR_CONFLICT, "name", "Several rooms are called \"%s\": say %s or %s", title,
                            found->slug, room->slug);
              return NULL;
            }

          found = gr_store_find_room (store, room->id, error);
          if (found == NULL)
            return NULL;
        }

      if (n_rooms > 0)
        {
          const GrRoomRecord *last = g_ptr_array_index (page, n_rooms - 1);

          g_free (after);
          after = g_strdup (last->id);
        }
    }
  while (n_rooms == MAX_LIMIT);

  if (found == NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, "name", "There is no room \"%s\"", title);

  return g_steal_pointer (&found);
}

static GrRoomRecord *
find_by_name (GrStore *store, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GrRoomRecord *room = gr_store_find_room (store, name, &local_error);

  if (room != NULL)
    return room;

  if (g_error_matches (local_error, GR_ERROR, GR_ERROR_NOT_FOUND))
    return find_by_title (store, name, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

static GrAccount *
find_user (GrStore *store, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GrAccount *account;

  account = gr_id_is_valid (name) ? gr_store_get_account (store, name, &local_error)
                                  : gr_store_find_account (store, name, &local_error);

  if (account != NULL)
    return account;

  if (g_error_matches (local_error, GR_ERROR, GR_ERROR_NOT_FOUND))
    gr_set_error (error, GR_ERROR_NOT_FOUND, "user", "There is no user \"%s\"", name);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return NULL;
}

/* Who has been an administrator the longest. CONFLICT. */
static GrAccount *
find_first_administrator (GrStore *store, GError **error)
{
  g_autoptr (GrAccount) found = NULL;
  g_autofree char *after = NULL;
  guint n_accounts;

  do
    {
      g_autoptr (GPtrArray) page = gr_store_list_accounts (store, MAX_LIMIT, after, error);

      if (page == NULL)
        return NULL;

      n_accounts = page->len;
      g_ptr_array_set_free_func (page, NULL);

      for (guint i = 0; i < n_accounts; i++)
        {
          GrAccount *account = g_ptr_array_index (page, i);

          g_free (after);
          after = g_strdup (account->id);

          if (account->role == GR_ROLE_ADMIN)
            {
              g_clear_pointer (&found, gr_account_free);
              found = account;
            }
          else
            gr_account_free (account);
        }
    }
  while (n_accounts == MAX_LIMIT);

  if (found == NULL)
    gr_set_error (error, GR_ERROR_CONFLICT, "owner", "A room needs an owner, and there is no administrator yet");

  return g_steal_pointer (&found);
}

static GVariant *
list_rooms (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GPtrArray) rooms = NULL;
  g_autofree guint *counts = NULL;
  GVariantBuilder builder;
  guint32 limit;
  const char *after;

  g_variant_get (parameters, "(u&s)", &limit, &after);

  if (!page_after (&after, error))
    return NULL;

  rooms = gr_store_list_rooms (services->store, GR_ROOMS_ALL, NULL, page_limit (limit), after, error);
  if (rooms == NULL)
    return NULL;

  counts = g_new0 (guint, rooms->len);
  if (!ask_live (services, rooms, FALSE, counts, error))
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < rooms->len; i++)
    g_variant_builder_add_value (&builder, gr_dbus_room_value (g_ptr_array_index (rooms, i), counts[i]));

  return g_variant_new ("(aa{sv})", &builder);
}

static GVariant *
room_reply (GrRoomRecord *room, guint n_participants)
{
  g_autofree char *path = gr_dbus_room_path (room->id);

  return g_variant_new ("(o@a{sv})", path, gr_dbus_room_value (room, n_participants));
}

static GVariant *
find_room (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GrRoomRecord) room = NULL;
  const char *name;
  guint count = 0;

  g_variant_get (parameters, "(&s)", &name);
  room = find_by_name (services->store, name, error);

  if (room == NULL || !ask_live_room (services, room, FALSE, &count, error))
    return NULL;

  return room_reply (room, count);
}

static GVariant *
create_room (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autoptr (JsonNode) node = json_gvariant_serialize (options);
  JsonObject *wish = json_node_get_object (node);
  g_autoptr (GrAccount) owner = NULL;
  g_autoptr (GrRoomRecord) made = NULL;
  g_autoptr (GrRoomRecord) room = NULL;
  GrRoomChange change = GR_ROOM_CHANGE_NONE;
  const char *title, *owner_name = NULL;

  g_variant_get_child (parameters, 0, "&s", &title);
  g_variant_lookup (options, "owner", "&s", &owner_name);
  json_object_remove_member (wish, "owner");
  json_object_set_string_member (wish, "title", title);

  if (!gr_schema_validate (gr_contract_routes[GR_OP_CREATE_ROOM].body, node, error))
    return NULL;

  owner = owner_name != NULL ? find_user (services->store, owner_name, error)
                             : find_first_administrator (services->store, error);
  if (owner == NULL)
    return NULL;

  change.title = title;
  change.description = gr_json_string (wish, "description");
  change.slug = gr_json_string (wish, "slug");
  change.has_visibility = gr_json_has (wish, "visibility")
                          && gr_visibility_from_string (gr_json_string (wish, "visibility"), &change.visibility);
  change.capacity = (gint) gr_json_int (wish, "capacity", 0);
  change.waiting_room = gr_json_bool (wish, "waitingRoom", -1);
  change.guests = gr_json_bool (wish, "guests", -1);
  change.p2p_max = (gint) gr_json_int (wish, "p2pMax", -1);

  made = gr_rooms_create (services->rooms, owner->id, &change, error);
  if (made == NULL)
    return NULL;

  room = gr_store_find_room (services->store, made->id, error);
  if (room == NULL)
    return NULL;

  return room_reply (room, 0);
}

typedef struct
{
  GrHouse *house;
  char *room_id;
} Deletion;

static void
deletion_free (gpointer memory)
{
  Deletion *deletion = memory;

  g_object_unref (deletion->house);
  g_free (deletion->room_id);
  g_free (deletion);
}

static void
tell_deleted (gpointer memory)
{
  Deletion *deletion = memory;

  gr_house_room_deleted (deletion->house, deletion->room_id);
}

static GVariant *
close_room (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GrRoomRecord) room = NULL;
  const char *name;
  gboolean forget;
  guint count = 0;

  g_variant_get (parameters, "(&sb)", &name, &forget);
  room = find_by_name (services->store, name, error);

  if (room == NULL || !ask_live_room (services, room, !forget, &count, error))
    return NULL;

  if (forget)
    {
      Deletion *deletion;

      if (!gr_store_delete_room (services->store, room->id, error))
        return NULL;

      deletion = g_new0 (Deletion, 1);
      deletion->house = g_object_ref (services->house);
      deletion->room_id = g_strdup (room->id);
      gr_main_post (tell_deleted, deletion, deletion_free);
    }

  return g_variant_new ("(u)", count);
}

static GVariant *
list_users (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GPtrArray) accounts = NULL;
  GVariantBuilder builder;
  guint32 limit;
  const char *after;

  g_variant_get (parameters, "(u&s)", &limit, &after);

  if (!page_after (&after, error))
    return NULL;

  accounts = gr_store_list_accounts (services->store, page_limit (limit), after, error);
  if (accounts == NULL)
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < accounts->len; i++)
    g_variant_builder_add_value (&builder, gr_dbus_user_value (g_ptr_array_index (accounts, i)));

  return g_variant_new ("(aa{sv})", &builder);
}

static gboolean
parse_role (const char *word, GrRole *role, GError **error)
{
  if (gr_role_from_string (word, role) && *role != GR_ROLE_GUEST)
    return TRUE;

  gr_set_error (error, GR_ERROR_INVALID_INPUT, "role", "A role is user, moderator or admin, not \"%s\"", word);

  return FALSE;
}

static GVariant *
add_user (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  g_autoptr (JsonObject) registration = json_object_new ();
  g_autoptr (GrAccount) account = NULL;
  const char *email, *name, *password, *role_word;
  GrRole role;

  g_variant_get (parameters, "(&s&s&s&s)", &email, &name, &password, &role_word);

  json_object_set_string_member (registration, "email", email);
  json_object_set_string_member (registration, "name", name);
  json_object_set_string_member (registration, "password", password);
  json_node_set_object (node, registration);

  if (!parse_role (role_word, &role, error)
      || !gr_schema_validate (gr_contract_routes[GR_OP_REGISTER].body, node, error))
    return NULL;

  account = gr_accounts_add (services->accounts, email, password, name, role, error);
  if (account == NULL)
    return NULL;

  return g_variant_new ("(@a{sv})", gr_dbus_user_value (account));
}

static GVariant *
set_user_role (const GrDBusServices *services, const char *subject, GVariant *parameters, GError **error)
{
  g_autoptr (GrAccount) account = NULL;
  g_autoptr (GrAccount) changed = NULL;
  const char *name, *role_word;
  GrRole role;

  g_variant_get (parameters, "(&s&s)", &name, &role_word);

  if (!parse_role (role_word, &role, error))
    return NULL;

  account = find_user (services->store, name, error);
  if (account == NULL)
    return NULL;

  changed = gr_accounts_set_role (services->accounts, account->id, role, error);
  if (changed == NULL)
    return NULL;

  return g_variant_new ("(@a{sv})", gr_dbus_user_value (changed));
}

static gboolean
on_statistics (GrDBusManager *manager, GDBusMethodInvocation *invocation, GrDBusServices *services)
{
  gr_dbus_manager_complete_statistics (manager, invocation, gr_dbus_statistics (services));

  return TRUE;
}

/* Rooms come and go seldom, people often: both are told by one change of properties per turn of the main loop. */
static void
follow_counts (GrDBusManager *manager)
{
  GrHouse *house = g_object_get_data (G_OBJECT (manager), "house");
  g_autoptr (GPtrArray) rooms = gr_house_list (house);

  gr_dbus_manager_set_rooms (manager, rooms->len);
  gr_dbus_manager_set_participants (manager, gr_house_count_participants (house));
}

static void
on_room_event (GrRoom *room, const GrRoomEvent *event, GrDBusManager *manager)
{
  if (event->type == GR_ROOM_EVENT_JOINED || event->type == GR_ROOM_EVENT_LEFT)
    follow_counts (manager);
}

static void
on_room_added (GrHouse *house, GrRoom *room, GrDBusManager *manager)
{
  g_signal_connect_object (room, "event", G_CALLBACK (on_room_event), manager, 0);
  follow_counts (manager);
}

static void
on_room_removed (GrHouse *house, GrRoom *room, GrDBusManager *manager)
{
  g_signal_handlers_disconnect_by_func (room, on_room_event, manager);
  follow_counts (manager);
}

static void
release_services (gpointer services, GClosure *closure)
{
  gr_dbus_services_unref (services);
}

GrDBusManager *
gr_dbus_manager_for (GrDBusServices *services)
{
  static const struct
  {
    const char *signal;
    GrDBusWork work;
  } methods[] = {
    { "handle-list-rooms", list_rooms },       { "handle-find-room", find_room },
    { "handle-create-room", create_room },     { "handle-close-room", close_room },
    { "handle-list-users", list_users },       { "handle-add-user", add_user },
    { "handle-set-user-role", set_user_role },
  };
  GrDBusManager *manager = gr_dbus_manager_skeleton_new ();
  g_autoptr (GPtrArray) rooms = gr_house_list (services->house);

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    gr_dbus_call_connect (manager, methods[i].signal, services, NULL, methods[i].work);

  gr_dbus_call_connect_hub (manager, "handle-media", services, NULL);
  g_signal_connect_data (manager, "handle-statistics", G_CALLBACK (on_statistics), gr_dbus_services_ref (services),
                         release_services, 0);

  g_object_set_data_full (G_OBJECT (manager), "house", g_object_ref (services->house), g_object_unref);
  g_signal_connect_object (services->house, "room-added", G_CALLBACK (on_room_added), manager, 0);
  g_signal_connect_object (services->house, "room-removed", G_CALLBACK (on_room_removed), manager, 0);

  for (guint i = 0; i < rooms->len; i++)
    on_room_added (services->house, g_ptr_array_index (rooms, i), manager);

  gr_dbus_manager_set_version (manager, GREENROOM_VERSION);
  follow_counts (manager);

  return manager;
}
