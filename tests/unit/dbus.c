/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The D-Bus objects over a real store and a real socket, in one main loop with their client. */
#include "base/error.h"
#include "base/main-call.h"
#include "dbus-fixture.h"

static void
test_manager (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
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

  dbus_add_administrator (connection);
  path = dbus_create_room (connection, "Tuesday call", &id);
  g_assert_true (g_str_has_prefix (path, ROOT "/rooms/"));

  found = dbus_call (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "tuesday CALL"));
  g_variant_get_child (found, 0, "&o", &found_path);
  g_assert_cmpstr (found_path, ==, path);

  rooms = dbus_call (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 0, ""));
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

  statistics = dbus_call (connection, MANAGER, NAME ".Manager.Statistics", NULL);
  closed = dbus_call (connection, MANAGER, NAME ".Manager.CloseRoom", g_variant_new ("(sb)", id, TRUE));
  g_variant_get (closed, "(u)", &n_left);
  g_assert_cmpuint (n_left, ==, 0);

  none = dbus_call (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 10, ""));
  {
    g_autoptr (GVariant) list = g_variant_get_child_value (none, 0);

    g_assert_cmpuint (g_variant_n_children (list), ==, 0);
  }
}

static void
test_live_room (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) people = NULL;
  g_autoptr (GVariant) tree = NULL;
  g_autoptr (GVariant) statistics = NULL;
  g_autoptr (GVariant) kicked = NULL;
  g_autofree char *id = NULL, *path = NULL, *participant = NULL, *again = NULL, *left = NULL, *text = NULL;

  g_test_summary ("A room has an object while somebody is inside; who is banned there goes and stays out");

  g_dbus_connection_signal_subscribe (connection, NULL, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, dbus_hear,
                                      heard, NULL);
  dbus_add_administrator (connection);
  path = dbus_create_room (connection, "Tuesday call", &id);
  dbus_expect_error (connection, path, NAME ".Room.GetParticipants", NULL, "org.freedesktop.DBus.Error.UnknownMethod");

  participant = dbus_enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);
  dbus_wait_signal (heard, "InterfacesAdded");
  dbus_wait_signal (heard, "ParticipantJoined");
  dbus_wait_signal (heard, "'Participants': <uint32 1>");

  people = dbus_call (connection, path, NAME ".Room.GetParticipants", NULL);
  text = g_variant_print (people, FALSE);
  g_assert_nonnull (strstr (text, "'name': <'Bob'>"));
  g_assert_nonnull (strstr (text, participant));
  tree = dbus_call (connection, ROOT, "org.freedesktop.DBus.ObjectManager.GetManagedObjects", NULL);
  {
    g_autofree char *printed = g_variant_print (tree, FALSE);

    g_assert_nonnull (strstr (printed, path));
    g_assert_nonnull (strstr (printed, MANAGER));
    g_assert_nonnull (strstr (printed, "'Title': <'Tuesday call'>"));
  }

  statistics = dbus_call (connection, path, NAME ".Room.Statistics", NULL);
  dbus_expect_error (connection, path, NAME ".Room.Kick", g_variant_new ("(sb)", "nobody", TRUE),
                     "org.greenroom.Error.NotFound");

  kicked = dbus_call (connection, path, NAME ".Room.Kick", g_variant_new ("(sb)", participant, TRUE));
  left = g_strdup_printf ("ParticipantLeft ('%s', 'banned')", participant);
  dbus_wait_signal (heard, left);
  dbus_wait_signal (heard, "InterfacesRemoved");

  again = dbus_enter (fixture, id, "Bob", &error);
  g_assert_error (error, GR_ERROR, GR_ERROR_BANNED);
}

static void
test_close (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) closed = NULL;
  g_autoptr (GVariant) closed_by_room = NULL;
  g_autofree char *id = NULL, *path = NULL, *bob = NULL, *eve = NULL, *late = NULL;
  guint n_left;

  g_test_summary ("Closing a room sends everybody out, and the room can be entered again");

  g_dbus_connection_signal_subscribe (connection, NULL, NAME ".Room", "ParticipantLeft", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, dbus_hear, heard, NULL);
  dbus_add_administrator (connection);
  path = dbus_create_room (connection, "Tuesday call", &id);
  bob = dbus_enter (fixture, id, "Bob", &error);
  eve = dbus_enter (fixture, id, "Eve", &error);
  g_assert_no_error (error);

  closed = dbus_call (connection, MANAGER, NAME ".Manager.CloseRoom", g_variant_new ("(sb)", "Tuesday call", FALSE));
  g_variant_get (closed, "(u)", &n_left);
  g_assert_cmpuint (n_left, ==, 2);
  dbus_wait_signal (heard, bob);
  dbus_wait_signal (heard, eve);
  dbus_wait_signal (heard, "'closed'");

  late = dbus_enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);
  closed_by_room = dbus_call (connection, path, NAME ".Room.Close", NULL);
  dbus_wait_signal (heard, late);
}

static void
test_media (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) graph = NULL;
  g_autoptr (GVariant) media = NULL;
  g_autofree char *id = NULL, *path = NULL, *bob = NULL, *expected = NULL;
  const char *text;

  g_test_summary ("The hub draws a live room and counts everything; while it is away, that is said");

  dbus_add_administrator (connection);
  path = dbus_create_room (connection, "Tuesday call", &id);
  bob = dbus_enter (fixture, id, "Bob", &error);
  g_assert_no_error (error);

  dbus_expect_error (connection, MANAGER, NAME ".Manager.Media", NULL, "org.greenroom.Error.NotFound");
  gr_fake_hub_set_statistics (fixture->hub, "{\"hub\":{},\"rooms\":[]}");
  media = dbus_call (connection, MANAGER, NAME ".Manager.Media", NULL);
  g_variant_get (media, "(&s)", &text);
  g_assert_cmpstr (text, ==, "{\"hub\":{},\"rooms\":[]}");

  graph = dbus_call (connection, path, NAME ".Room.Graph", NULL);
  g_variant_get (graph, "(&s)", &text);
  expected = g_strdup_printf ("digraph \"%s\" { }\n", id);
  g_assert_cmpstr (text, ==, expected);

  gr_fake_hub_set_up (fixture->hub, FALSE);
  dbus_expect_error (connection, MANAGER, NAME ".Manager.Media", NULL, "org.greenroom.Error.Unavailable");
  dbus_expect_error (connection, path, NAME ".Room.Graph", NULL, "org.greenroom.Error.Unavailable");
}

static void
test_users (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GVariant) added = NULL;
  g_autoptr (GVariant) promoted = NULL;
  g_autoptr (GVariant) users = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Users are added, promoted and listed, and the last administrator stays one");

  dbus_add_administrator (connection);
  added = dbus_call (connection, MANAGER, NAME ".Manager.AddUser",
                     g_variant_new ("(ssss)", "Bob@example.org", "Bob", "battery staple", "user"));
  promoted = dbus_call (connection, MANAGER, NAME ".Manager.SetUserRole", g_variant_new ("(ss)", "bob", "moderator"));
  users = dbus_call (connection, MANAGER, NAME ".Manager.ListUsers", g_variant_new ("(us)", 0, ""));
  text = g_variant_print (users, FALSE);
  g_assert_nonnull (strstr (text, "'email': <'bob@example.org'>, 'role': <'moderator'>"));
  g_assert_null (strstr (text, "argon2"));

  dbus_expect_error (connection, MANAGER, NAME ".Manager.SetUserRole",
                     g_variant_new ("(ss)", "ann@example.org", "user"), "org.greenroom.Error.Conflict");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                     g_variant_new ("(ssss)", "bob@example.org", "Bob II", "battery staple", "user"),
                     "org.greenroom.Error.EmailTaken");
}

static void
test_errors (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
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

  dbus_expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", "Ownerless", NULL),
                     "org.greenroom.Error.Conflict");
  dbus_add_administrator (connection);

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      GVariant *options = g_variant_parse (G_VARIANT_TYPE_VARDICT, rooms[i].options, NULL, NULL, NULL);

      dbus_expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(s@a{sv})", "Room", options),
                         rooms[i].error);
      g_variant_unref (options);
    }

  dbus_expect_error (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", " \n", NULL),
                     "org.greenroom.Error.InvalidInput");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "nowhere"),
                     "org.greenroom.Error.NotFound");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.ListRooms", g_variant_new ("(us)", 1, "x"),
                     "org.greenroom.Error.InvalidInput");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                     g_variant_new ("(ssss)", "eve", "Eve", "long enough", "user"), "org.greenroom.Error.InvalidInput");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.AddUser",
                     g_variant_new ("(ssss)", "eve@example.org", "Eve", "long enough", "guest"),
                     "org.greenroom.Error.InvalidInput");
  dbus_expect_error (connection, MANAGER, NAME ".Manager.SetUserRole", g_variant_new ("(ss)", "eve", "admin"),
                     "org.greenroom.Error.NotFound");

  first_path = dbus_create_room (connection, "Twins", &first);
  second_path = dbus_create_room (connection, "Twins", &second);
  dbus_expect_error (connection, MANAGER, NAME ".Manager.FindRoom", g_variant_new ("(s)", "twins"),
                     "org.greenroom.Error.Conflict");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  dbus_add_test ("/dbus/manager-keeps-rooms", test_manager);
  dbus_add_test ("/dbus/room-lives-with-its-people", test_live_room);
  dbus_add_test ("/dbus/closing-sends-everybody-out", test_close);
  dbus_add_test ("/dbus/users", test_users);
  dbus_add_test ("/dbus/the-hub-shows-its-inside", test_media);
  dbus_add_test ("/dbus/errors-have-names", test_errors);

  return g_test_run ();
}
