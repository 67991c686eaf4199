/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The D-Bus objects over a real store and a real socket, in one main loop with their client. */
#include "base/error.h"
#include "base/main-call.h"
#include "dbus/server.h"
#include "domain/rooms/house.h"
#include "fake-hub.h"
#include "store/store.h"

#include "greenroom-dbus.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT "/org/greenroom/Greenroom1"
#define MANAGER ROOT "/Manager"
#define NAME "org.greenroom.Greenroom1"
#define DEADLINE_SECONDS 20

typedef struct
{
  char *dir;
  char *socket;
  GrConfig *config;
  GrStore *store;
  GrAccounts *accounts;
  GrRooms *rooms;
  GrHouse *house;
  GrFakeHub *hub;
  GrPool *pool;
  GrDBusServer *server;
} Fixture;

static GAsyncResult *last_result;

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  last_result = g_object_ref (result);
}

static gboolean
on_deadline (gpointer data)
{
  g_error ("nothing happened for %d seconds", DEADLINE_SECONDS);

  return G_SOURCE_REMOVE;
}

static void
wait_while (gboolean (*pending) (gpointer), gpointer data)
{
  guint watchdog = g_timeout_add_seconds (DEADLINE_SECONDS, on_deadline, NULL);

  while (pending (data))
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (watchdog);
}

static gboolean
has_no_result (gpointer data)
{
  return last_result == NULL;
}

static GAsyncResult *
wait_result (void)
{
  wait_while (has_no_result, NULL);

  return g_steal_pointer (&last_result);
}

static GDBusConnection *
try_connect (Fixture *fixture, GError **error)
{
  g_autofree char *address = g_strconcat ("unix:path=", fixture->socket, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, keep_result,
                                     NULL);
  result = wait_result ();

  return g_dbus_connection_new_for_address_finish (result, error);
}

static GDBusConnection *
connect_to (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = try_connect (fixture, &error);

  g_assert_no_error (error);

  return connection;
}

static GVariant *
try_call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, GError **error)
{
  g_autofree char *interface = g_strndup (method, strrchr (method, '.') - method);
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_call (connection, g_dbus_connection_get_unique_name (connection) != NULL ? NAME : NULL, path,
                          interface, strrchr (method, '.') + 1, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          keep_result, NULL);
  result = wait_result ();

  return g_dbus_connection_call_finish (connection, result, error);
}

static GVariant *
call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = try_call (connection, path, method, parameters, &error);

  g_assert_no_error (error);

  return reply;
}

static void
expect_error (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *remote = NULL;

  g_assert_null (try_call (connection, path, method, parameters, &error));
  remote = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (remote, ==, name);
}

static void
set_up (Fixture *fixture, gconstpointer bus)
{
  static const GrJwtKey key = { 0 };
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("greenroom-dbus-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->socket = g_build_filename (fixture->dir, "control.sock", NULL);
  fixture->config = gr_config_new (NULL, &error);
  g_assert_no_error (error);
  g_assert_true (gr_config_set (fixture->config, "dbus", "bus", bus != NULL ? bus : "none", &error));
  fixture->store = gr_store_open (NULL, fixture->dir, 2, &error);
  g_assert_no_error (error);
  fixture->accounts = gr_accounts_new (fixture->store, fixture->config, &key);
  fixture->rooms = gr_rooms_new (fixture->store, fixture->config);
  fixture->house = gr_house_new (fixture->store, fixture->accounts, fixture->config);
  fixture->pool = gr_pool_new ("dbus-test", 2, 64);
  fixture->hub = gr_fake_hub_new ();
  fixture->server = gr_dbus_server_new (fixture->house, fixture->rooms, fixture->accounts, fixture->store,
                                        GR_HUB_PORT (fixture->hub), fixture->config, fixture->pool);
  gr_dbus_server_start (fixture->server, fixture->dir, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  gr_dbus_server_stop (fixture->server);
  g_assert_false (g_file_test (fixture->socket, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  gr_house_drain (fixture->house, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
  gr_house_stop (fixture->house);
  g_clear_pointer (&fixture->pool, gr_pool_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->house));
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_assert_finalize_object (g_steal_pointer (&fixture->rooms));
  g_assert_finalize_object (g_steal_pointer (&fixture->accounts));
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
  g_clear_pointer (&fixture->config, gr_config_unref);

  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->socket);
}

static void
add_administrator (GDBusConnection *connection)
{
  g_autoptr (GVariant) reply = call (connection, MANAGER, NAME ".Manager.AddUser",
                                     g_variant_new ("(ssss)", "ann@example.org", "Ann", "correct horse", "admin"));
}

/* The path of a new room, and its id. */
static char *
create_room (GDBusConnection *connection, const char *title, char **id)
{
  g_autoptr (GVariant) reply
      = call (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", title, NULL));
  g_autoptr (GVariant) room = g_variant_get_child_value (reply, 1);
  char *path;

  g_variant_get_child (reply, 0, "o", &path);
  g_assert_true (g_variant_lookup (room, "id", "s", id));

  return path;
}

static char *
enter (Fixture *fixture, const char *room, const char *name, GError **error)
{
  GrEntry entry = { .room = room, .name = name, .address = "192.0.2.7" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GrAdmission) admission = NULL;

  gr_house_enter_async (fixture->house, &entry, NULL, keep_result, NULL);
  result = wait_result ();
  admission = gr_house_enter_finish (fixture->house, result, error);

  return admission != NULL ? g_strdup (admission->participant->id) : NULL;
}

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *signal,
           GVariant *parameters,
           gpointer data)
{
  g_autofree char *text = g_variant_print (parameters, FALSE);

  g_string_append_printf (data, "%s %s\n", signal, text);
}

typedef struct
{
  GString *text;
  const char *wanted;
} Heard;

static gboolean
has_not_heard (gpointer data)
{
  Heard *heard = data;

  return strstr (heard->text->str, heard->wanted) == NULL;
}

static void
wait_signal (GString *text, const char *wanted)
{
  Heard heard = { text, wanted };

  wait_while (has_not_heard, &heard);
}

static void
test_manager (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GVariant) rooms = NULL;
  g_autoptr (GVariant) found = NULL;
  g_autoptr (GVariant) closed = NULL;
  g_autoptr (GVariant) none = NULL;
  g_autoptr (GVariant) statistics = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  const char *found_path;
  guint n_left;

  g_test_summary ("The manager makes a room, finds it by title, lists and deletes it");

  add_administrator (connection);
  path = create_room (connection, "Tuesday call", &id);
  g_assert_true (g_str_has_prefix (path, ROOT "/rooms/"));

  found = call (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "tuesday CALL"));
  g_variant_get_child (found, 0, "&o", &found_path);
  g_assert_cmpstr (found_path, ==, path);

  rooms = call (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 0, ""));
  {
    g_autoptr (GVariant) list = g_variant_get_child_value (rooms, 0);
    g_autoptr (GVariant) room = g_variant_get_child_value (list, 0);
    const char *owner, *title;

    g_assert_cmpuint (g_variant_n_children (list), ==, 1);
    g_assert_true (g_variant_lookup (room, "owner", "&s", &owner));
    g_assert_true (g_variant_lookup (room, "title", "&s", &title));
    g_assert_cmpstr (owner, ==, "Ann");
    g_assert_cmpstr (title, ==, "Tuesday call");
  }

  statistics = call (connection, MANAGER, NAME ".Manager.Statistics", NULL);
  closed = call (connection, MANAGER, NAME ".Manager.CloseRoom", g_variant_new ("(sb)", id, TRUE));
  g_variant_get (closed, "(u)", &n_left);
  g_assert_cmpuint (n_left, ==, 0);

  none = call (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 10, ""));
  {
    g_autoptr (GVariant) list = g_variant_get_child_value (none, 0);

    g_assert_cmpuint (g_variant_n_children (list), ==, 0);
  }
}

static void
test_live_room (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) people = NULL;
  g_autoptr (GVariant) tree = NULL;
  g_autoptr (GVariant) statistics = NULL;
  g_autoptr (GVariant) kicked = NULL;
  g_autofree char *id = NULL, *path = NULL, *participant = NULL, *again = NULL, *left = NULL, *text = NULL;

  g_test_summary ("A room has an object while somebody is inside; who is banned there goes and stays out");

  g_dbus_connection_signal_subscribe (connection, NULL, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal,
                                      heard, NULL);
  add_administrator (connection);
  path = create_room (connection, "Tuesday call", &id);
  expect_error (connection, path, NAME ".Room.GetParticipants", NULL, "org.freedesktop.DBus.Error.UnknownMethod");

  participant = enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);
  wait_signal (heard, "InterfacesAdded");
  wait_signal (heard, "ParticipantJoined");
  wait_signal (heard, "'Participants': <uint32 1>");

  people = call (connection, path, NAME ".Room.GetParticipants", NULL);
  text = g_variant_print (people, FALSE);
  g_assert_nonnull (strstr (text, "'name': <'Bob'>"));
  g_assert_nonnull (strstr (text, participant));
  tree = call (connection, ROOT, "org.freedesktop.DBus.ObjectManager.GetManagedObjects", NULL);
  {
    g_autofree char *printed = g_variant_print (tree, FALSE);

    g_assert_nonnull (strstr (printed, path));
    g_assert_nonnull (strstr (printed, MANAGER));
    g_assert_nonnull (strstr (printed, "'Title': <'Tuesday call'>"));
  }

  statistics = call (connection, path, NAME ".Room.Statistics", NULL);
  expect_error (connection, path, NAME ".Room.Kick", g_variant_new ("(sb)", "nobody", TRUE),
                "org.greenroom.Error.NotFound");

  kicked = call (connection, path, NAME ".Room.Kick", g_variant_new ("(sb)", participant, TRUE));
  left = g_strdup_printf ("ParticipantLeft ('%s', 'banned')", participant);
  wait_signal (heard, left);
  wait_signal (heard, "InterfacesRemoved");

  again = enter (fixture, id, "Bob", &error);
  g_assert_error (error, GR_ERROR, GR_ERROR_BANNED);
}

static void
test_close (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) closed = NULL;
  g_autoptr (GVariant) closed_by_room = NULL;
  g_autofree char *id = NULL, *path = NULL, *bob = NULL, *eve = NULL, *late = NULL;
  guint n_left;

  g_test_summary ("Closing a room sends everybody out, and the room can be entered again");

  g_dbus_connection_signal_subscribe (connection, NULL, NAME ".Room", "ParticipantLeft", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, heard, NULL);
  add_administrator (connection);
  path = create_room (connection, "Tuesday call", &id);
  bob = enter (fixture, id, "Bob", &error);
  eve = enter (fixture, id, "Eve", &error);
  g_assert_no_error (error);

  closed = call (connection, MANAGER, NAME ".Manager.CloseRoom", g_variant_new ("(sb)", "Tuesday call", FALSE));
  g_variant_get (closed, "(u)", &n_left);
  g_assert_cmpuint (n_left, ==, 2);
  wait_signal (heard, bob);
  wait_signal (heard, eve);
  wait_signal (heard, "'closed'");

  late = enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);
  closed_by_room = call (connection, path, NAME ".Room.Close", NULL);
  wait_signal (heard, late);
}

static void
test_media (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) graph = NULL;
  g_autoptr (GVariant) media = NULL;
  g_autofree char *id = NULL, *path = NULL, *bob = NULL, *expected = NULL;
  const char *text;

  g_test_summary ("The hub draws a live room and counts everything; while it is away, that is said");

  add_administrator (connection);
  path = create_room (connection, "Tuesday call", &id);
  bob = enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);

  expect_error (connection, MANAGER, NAME ".Manager.Media", NULL, "org.greenroom.Error.NotFound");
  gr_fake_hub_set_statistics (fixture->hub, "{\"hub\":{},\"rooms\":[]}");
  media = call (connection, MANAGER, NAME ".Manager.Media", NULL);
  g_variant_get (media, "(&s)", &text);
  g_assert_cmpstr (text, ==, "{\"hub\":{},\"rooms\":[]}");

  graph = call (connection, path, NAME ".Room.Graph", NULL);
  g_variant_get (graph, "(&s)", &text);
  expected = g_strdup_printf ("digraph \"%s\" { }\n", id);
  g_assert_cmpstr (text, ==, expected);

  gr_fake_hub_set_up (fixture->hub, FALSE);
  expect_error (connection, MANAGER, NAME ".Manager.Media", NULL, "org.greenroom.Error.Unavailable");
  expect_error (connection, path, NAME ".Room.Graph", NULL, "org.greenroom.Error.Unavailable");
}

static void
test_users (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GVariant) added = NULL;
  g_autoptr (GVariant) promoted = NULL;
  g_autoptr (GVariant) users = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Users are added, promoted and listed, and the last administrator stays one");

  add_administrator (connection);
  added = call (connection, MANAGER, NAME ".Manager.AddUser",
                g_variant_new ("(ssss)", "Bob@example.org", "Bob", "battery staple", "user"));
  promoted = call (connection, MANAGER, NAME ".Manager.SetUserRole", g_variant_new ("(ss)", "bob", "moderator"));
  users = call (connection, MANAGER, NAME ".Manager.ListUsers", g_variant_new ("(us)", 0, ""));
  text = g_variant_print (users, FALSE);
  g_assert_nonnull (strstr (text, "'email': <'bob@example.org'>, 'role': <'moderator'>"));
  g_assert_null (strstr (text, "argon2"));

  expect_error (connection, MANAGER, NAME ".Manager.SetUserRole", g_variant_new ("(ss)", "ann@example.org", "user"),
                "org.greenroom.Error.Conflict");
  expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                g_variant_new ("(ssss)", "bob@example.org", "Bob II", "battery staple", "user"),
                "org.greenroom.Error.EmailTaken");
}

static void
test_errors (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autofree char *first = NULL, *second = NULL, *first_path = NULL, *second_path = NULL;
  static const struct
  {
    const char *options;
    const char *error;
  } rooms[] = {
    { "{'owner': <'nobody'>}", "org.greenroom.Error.NotFound" },
    { "{'capacity': <1>}", "org.greenroom.Error.InvalidInput" },
    { "{'capacity': <'many'>}", "org.greenroom.Error.InvalidInput" },
    { "{'capacity': <nan>}", "org.greenroom.Error.InvalidInput" },
    { "{'colour': <'green'>}", "org.greenroom.Error.InvalidInput" },
    { "{'slug': <'No Slug'>}", "org.greenroom.Error.InvalidInput" },
    { "{'visibility': <'secret'>}", "org.greenroom.Error.InvalidInput" },
  };

  g_test_summary ("What is wrong has the name of its error, and nothing comes of it");

  expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", "Ownerless", NULL),
                "org.greenroom.Error.Conflict");
  add_administrator (connection);

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      GVariant *options = g_variant_parse (G_VARIANT_TYPE_VARDICT, rooms[i].options, NULL, NULL, NULL);

      expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(s@a{sv})", "Room", options),
                    rooms[i].error);
      g_variant_unref (options);
    }

  expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", " \n", NULL),
                "org.greenroom.Error.InvalidInput");
  expect_error (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "nowhere"),
                "org.greenroom.Error.NotFound");
  expect_error (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 1, "x"),
                "org.greenroom.Error.InvalidInput");
  expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                g_variant_new ("(ssss)", "eve", "Eve", "long enough", "user"), "org.greenroom.Error.InvalidInput");
  expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                g_variant_new ("(ssss)", "eve@example.org", "Eve", "long enough", "guest"),
                "org.greenroom.Error.InvalidInput");
  expect_error (connection, MANAGER, NAME ".Manager.SetUserRole", g_variant_new ("(ss)", "eve", "admin"),
                "org.greenroom.Error.NotFound");

  first_path = create_room (connection, "Twins", &first);
  second_path = create_room (connection, "Twins", &second);
  expect_error (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "twins"),
                "org.greenroom.Error.Conflict");
}

static void
test_socket (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrDBusServer) other = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autofree char *long_dir = g_strnfill (200, 'x');
  struct stat status;

  g_test_summary ("The socket is the daemon's user's alone; a second daemon is refused, a dead one's socket replaced");

  g_assert_cmpint (g_stat (fixture->socket, &status), ==, 0);
  g_assert_true (S_ISSOCK (status.st_mode));
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  other = gr_dbus_server_new (fixture->house, fixture->rooms, fixture->accounts, fixture->store,
                              GR_HUB_PORT (fixture->hub), fixture->config, fixture->pool);
  g_assert_false (gr_dbus_server_start (other, fixture->dir, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (gr_dbus_server_start (other, long_dir, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_clear_error (&error);

  /* A socket that nobody listens at is what kill -9 leaves. */
  gr_dbus_server_stop (fixture->server);
  {
    g_autoptr (GSocket) dead = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
    g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->socket);

    g_assert_true (g_socket_bind (dead, address, FALSE, NULL));
  }
  g_assert_true (gr_dbus_server_start (fixture->server, fixture->dir, &error));
  connection = connect_to (fixture);
  g_clear_object (&connection);

  gr_dbus_server_stop (fixture->server);
  g_assert_true (g_file_set_contents (fixture->socket, "a file", -1, NULL));
  g_assert_false (gr_dbus_server_start (fixture->server, fixture->dir, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);
  g_unlink (fixture->socket);
}

static void
test_stop (Fixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = connect_to (fixture);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A server that stops closes its connections, and Ready tells beforehand");

  gr_dbus_server_set_ready (fixture->server, TRUE);
  {
    g_autoptr (GVariant) ready = call (connection, MANAGER, "org.freedesktop.DBus.Properties.Get",
                                       g_variant_new ("(ss)", NAME ".Manager", "Ready"));
    g_autofree char *text = g_variant_print (ready, FALSE);

    g_assert_cmpstr (text, ==, "(<true>,)");
  }
  gr_dbus_server_stop (fixture->server);
  g_assert_null (try_call (connection, MANAGER, NAME ".Manager.Statistics", NULL, &error));
  g_assert_nonnull (error);
}

static void
on_name_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer appeared)
{
  *(gboolean *) appeared = TRUE;
}

static gboolean
is_false (gpointer flag)
{
  return !*(gboolean *) flag;
}

static void
test_bus (void)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GDBusConnection) client = NULL;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (GVariant) over_bus = NULL;
  g_autoptr (GVariant) over_socket = NULL;
  gboolean appeared = FALSE;
  Fixture fixture = { 0 };
  guint watch;

  g_test_summary ("The same objects are on the session bus; without its bus the daemon lives on");

  g_test_dbus_up (bus);
  set_up (&fixture, "session");
  client = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, NULL);
  g_assert_nonnull (client);
  watch = g_bus_watch_name_on_connection (client, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared, NULL,
                                          &appeared, NULL);
  wait_while (is_false, &appeared);
  g_bus_unwatch_name (watch);

  over_bus = call (client, MANAGER, NAME ".Manager.Statistics", NULL);
  g_clear_object (&client);

  g_test_dbus_stop (bus);
  connection = connect_to (&fixture);
  over_socket = call (connection, MANAGER, NAME ".Manager.Statistics", NULL);
  tear_down (&fixture, NULL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer bus);
  } tests[] = {
    { "/dbus/manager-keeps-rooms", test_manager },       { "/dbus/room-lives-with-its-people", test_live_room },
    { "/dbus/closing-sends-everybody-out", test_close }, { "/dbus/users", test_users },
    { "/dbus/the-hub-shows-its-inside", test_media },    { "/dbus/errors-have-names", test_errors },
    { "/dbus/socket-is-private", test_socket },          { "/dbus/stopping-closes-connections", test_stop },
  };

  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);

  g_test_add_func ("/dbus/on-the-bus", test_bus);

  return g_test_run ();
}
