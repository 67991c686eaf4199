/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who reaches the D-Bus objects, and how: the control socket, the bus, and what goes wrong with both. */
#include "base/error.h"
#include "base/main-call.h"
#include "dbus-fixture.h"
#include "dbus/flow.h"
#include "waiting.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_socket (DBusFixture *fixture, gconstpointer bus)
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

  other = gr_dbus_server_new (fixture->home.house, fixture->home.rooms, fixture->home.accounts, fixture->home.store,
                              GR_HUB_PORT (fixture->hub), fixture->home.config, fixture->pool);
  g_assert_false (gr_dbus_server_start (other, fixture->home.dir, &error));
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
  g_assert_true (gr_dbus_server_start (fixture->server, fixture->home.dir, &error));
  connection = dbus_connect (fixture);
  g_clear_object (&connection);

  gr_dbus_server_stop (fixture->server);
  g_assert_true (g_file_set_contents (fixture->socket, "a file", -1, NULL));
  g_assert_false (gr_dbus_server_start (fixture->server, fixture->home.dir, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_CONFLICT);
  g_unlink (fixture->socket);
}

static void
test_stop (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A server that stops closes its connections, and Ready tells beforehand");

  gr_dbus_server_set_ready (fixture->server, TRUE);
  {
    g_autoptr (GVariant) ready = dbus_call (connection, MANAGER, "org.freedesktop.DBus.Properties.Get",
                                            g_variant_new ("(ss)", NAME ".Manager", "Ready"));
    g_autofree char *text = g_variant_print (ready, FALSE);

    g_assert_cmpstr (text, ==, "(<true>,)");
  }
  gr_dbus_server_stop (fixture->server);
  g_assert_null (dbus_try_call (connection, MANAGER, NAME ".Manager.Statistics", NULL, &error));
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
  DBusFixture fixture = { 0 };
  guint watch;

  g_test_summary ("The same objects are on the session bus; without its bus the daemon lives on");

  g_test_dbus_up (bus);
  dbus_set_up (&fixture, "session");
  client = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (bus),
                                                   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                       | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                   NULL, NULL, NULL);
  g_assert_nonnull (client);
  watch = g_bus_watch_name_on_connection (client, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared, NULL,
                                          &appeared, NULL);
  wait_while (is_false, &appeared);
  g_bus_unwatch_name (watch);

  over_bus = dbus_call (client, MANAGER, NAME ".Manager.Statistics", NULL);
  g_clear_object (&client);

  g_test_dbus_stop (bus);
  connection = dbus_connect (&fixture);
  over_socket = dbus_call (connection, MANAGER, NAME ".Manager.Statistics", NULL);
  dbus_tear_down (&fixture, NULL);
}

static void
test_two (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) first = dbus_connect (fixture);
  g_autoptr (GDBusConnection) second = dbus_connect (fixture);
  g_autofree char *id = NULL, *path = NULL, *participant = NULL;

  g_test_summary ("Of two clients, each sees all objects, and the one that stays still does when the other has left");
  dbus_add_administrator (first);
  path = dbus_create_room (first, "Tuesday call", &id);
  participant = dbus_enter (fixture, id, "Bob", NULL);
  for (guint i = 0; i < 3; i++)
    {
      GDBusConnection *connection = i == 0 ? first : second;
      g_autoptr (GVariant) statistics = dbus_call (connection, MANAGER, NAME ".Manager.Statistics", NULL);
      g_autoptr (GVariant) people = dbus_call (connection, path, NAME ".Room.GetParticipants", NULL);
      g_autoptr (GVariant) tree
          = dbus_call (connection, ROOT, "org.freedesktop.DBus.ObjectManager.GetManagedObjects", NULL);
      g_autofree char *text = g_variant_print (tree, FALSE);

      g_assert_nonnull (strstr (text, path));
      if (i == 1)
        {
          g_dbus_connection_close (first, NULL, keep_result, NULL);
          g_object_unref (wait_result ());
        }
    }
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer silent)
{
  *(gboolean *) silent = FALSE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

static void
wait_readable (GSocket *socket)
{
  g_autoptr (GSource) source = g_socket_create_source (socket, G_IO_IN, NULL);
  gboolean silent = TRUE;

  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), &silent, NULL);
  g_source_attach (source, NULL);
  wait_while (is_true, &silent);
}

/* A client that never reads: past the handshake (D-Bus specification, "Authentication Protocol") the test only writes.
 */
static GSocket *
connect_deaf (DBusFixture *fixture)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->socket);
  g_autofree char *user = g_strdup_printf ("%u", (guint) geteuid ());
  GString *hello = g_string_new (NULL);
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  char answer[64] = "";

  g_string_append_c (hello, '\0');
  g_string_append (hello, "AUTH EXTERNAL ");
  for (const char *digit = user; *digit != '\0'; digit++)
    g_string_append_printf (hello, "%02x", *digit);
  g_string_append (hello, "\r\n");

  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  g_assert_cmpint (g_socket_send (socket, hello->str, hello->len, NULL, NULL), ==, (gssize) hello->len);
  wait_readable (socket);
  g_assert_cmpint (g_socket_receive (socket, answer, sizeof answer - 1, NULL, NULL), >, 0);
  g_assert_true (g_str_has_prefix (answer, "OK "));
  g_assert_cmpint (g_socket_send (socket, "BEGIN\r\n", 7, NULL, NULL), ==, 7);
  g_socket_set_blocking (socket, FALSE);
  g_string_free (hello, TRUE);
  /* The server warns when it cuts it off. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  return socket;
}

static gboolean
is_open (gpointer socket)
{
  return (g_socket_condition_check (socket, G_IO_HUP) & G_IO_HUP) == 0;
}

static void
assert_cut_off (GSocket *deaf)
{
  g_assert_false (is_open (deaf));
  g_log_set_always_fatal (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
}

/* One signal for each turn of the main loop: changes are gathered until then. */
static void
signal_once (DBusFixture *fixture)
{
  static gboolean ready;

  ready = !ready;
  gr_dbus_server_set_ready (fixture->server, ready);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_served (GDBusConnection *connection)
{
  g_autoptr (GVariant) statistics = dbus_call (connection, MANAGER, NAME ".Manager.Statistics", NULL);

  g_assert_nonnull (statistics);
}

static void
test_deaf (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GSocket) deaf = connect_deaf (fixture);
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  guint signals = 0;

  g_test_summary (
      "A client that does not read is disconnected when a thousand messages wait for it; others are served");
  while (is_open (deaf) && g_get_monotonic_time () < deadline)
    {
      signal_once (fixture);
      signals++;
    }
  g_test_message ("%u signals", signals);
  assert_cut_off (deaf);
  g_assert_cmpuint (signals, >, GR_DBUS_MAX_QUEUE);
  assert_served (connection);
}

static void
test_stalled (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GSocket) deaf = connect_deaf (fixture);

  g_test_summary ("A client that reads nothing for ten seconds is disconnected, however little waits for it");
  /* More than the kernel keeps for it. */
  for (guint i = 0; i < 700; i++)
    signal_once (fixture);
  g_assert_true (is_open (deaf));
  wait_while (is_open, deaf);
  assert_cut_off (deaf);
  assert_served (connection);
}

static void
test_asks_too_much (DBusFixture *fixture, gconstpointer bus)
{
  g_autoptr (GDBusConnection) connection = dbus_connect (fixture);
  g_autoptr (GSocket) deaf = connect_deaf (fixture);
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_test_summary ("A client that asks and does not read the answers is disconnected at 64 of them; others are served");
  for (guint32 serial = 1; is_open (deaf) && g_get_monotonic_time () < deadline; serial++)
    {
      g_autoptr (GDBusMessage) message
          = g_dbus_message_new_method_call (NULL, ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects");
      gsize size;
      g_autofree guchar *blob = NULL;

      g_dbus_message_set_serial (message, serial);
      blob = g_dbus_message_to_blob (message, &size, G_DBUS_CAPABILITY_FLAGS_NONE, NULL);
      g_socket_send (deaf, (const char *) blob, size, NULL, NULL);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  assert_cut_off (deaf);
  assert_served (connection);
}

/* A bus at an address of the test's choice, that can come back there; ready when it says where it is. */
static GSubprocess *
start_bus (const char *address)
{
  g_autofree char *option = g_strconcat ("--address=", address, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  GSubprocess *bus = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "dbus-daemon", "--session", "--nofork",
                                       "--nopidfile", "--print-address", option, NULL);

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus));
  line = g_data_input_stream_read_line (output, NULL, NULL, NULL);
  g_assert_nonnull (line);
  return bus;
}

static void
stop_bus (GSubprocess *bus)
{
  g_subprocess_force_exit (bus);
  g_subprocess_wait (bus, NULL, NULL);
  g_object_unref (bus);
}

static void
wait_for_name (const char *address)
{
  g_autoptr (GDBusConnection) client
      = g_dbus_connection_new_for_address_sync (address,
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                    | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, NULL);
  gboolean appeared = FALSE;
  guint watch;

  g_assert_nonnull (client);
  watch = g_bus_watch_name_on_connection (client, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared, NULL,
                                          &appeared, NULL);
  wait_while (is_false, &appeared);
  g_bus_unwatch_name (watch);
  assert_served (client);
}

static void
test_bus_restart (void)
{
  g_autofree char *dir = g_dir_make_tmp ("greenroom-bus-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "bus", NULL);
  g_autofree char *address = g_strconcat ("unix:path=", path, NULL);
  GSubprocess *bus = start_bus (address);
  DBusFixture fixture = { 0 };

  g_test_summary ("The name is taken again when the bus was away, and again");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  dbus_set_up (&fixture, "session");
  wait_for_name (address);
  for (guint i = 0; i < 2; i++)
    {
      stop_bus (bus);
      bus = start_bus (address);
      wait_for_name (address);
    }
  dbus_tear_down (&fixture, NULL);
  stop_bus (bus);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unlink (path);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gr_main_init ();

  dbus_add_test ("/dbus/socket-is-private", test_socket);
  dbus_add_test ("/dbus/stopping-closes-connections", test_stop);
  dbus_add_test ("/dbus/two-see-the-same", test_two);
  dbus_add_test ("/dbus/who-does-not-read", test_deaf);
  dbus_add_test ("/dbus/who-stalls", test_stalled);
  dbus_add_test ("/dbus/who-asks-too-much", test_asks_too_much);
  g_test_add_func ("/dbus/on-the-bus", test_bus);
  g_test_add_func ("/dbus/bus-comes-back", test_bus_restart);

  return g_test_run ();
}
