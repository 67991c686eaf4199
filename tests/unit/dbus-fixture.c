/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus-fixture.h"

#include "waiting.h"

static GDBusConnection *
try_connect (DBusFixture *fixture, GError **error)
{
  g_autofree char *address = g_strconcat ("unix:path=", fixture->socket, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, keep_result,
                                     NULL);
  result = wait_result ();

  return g_dbus_connection_new_for_address_finish (result, error);
}

GDBusConnection *
dbus_connect (DBusFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = try_connect (fixture, &error);

  g_assert_no_error (error);

  return connection;
}

GVariant *
dbus_try_call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, GError **error)
{
  g_autofree char *interface = g_strndup (method, strrchr (method, '.') - method);
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_call (connection, g_dbus_connection_get_unique_name (connection) != NULL ? NAME : NULL, path,
                          interface, strrchr (method, '.') + 1, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          keep_result, NULL);
  result = wait_result ();

  return g_dbus_connection_call_finish (connection, result, error);
}

GVariant *
dbus_call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = dbus_try_call (connection, path, method, parameters, &error);

  g_assert_no_error (error);

  return reply;
}

void
dbus_expect_error (
    GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *remote = NULL;

  g_assert_null (dbus_try_call (connection, path, method, parameters, &error));
  remote = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (remote, ==, name);
}

void
dbus_set_up (DBusFixture *fixture, gconstpointer bus)
{
  HouseFixture *home = &fixture->home;
  g_autoptr (GError) error = NULL;

  house_set_up (home);
  g_assert_true (gr_config_set (home->config, "dbus", "bus", bus != NULL ? bus : "none", &error));
  fixture->socket = g_build_filename (home->dir, "control.sock", NULL);
  fixture->pool = gr_pool_new ("dbus-test", 2, 64);
  fixture->hub = gr_fake_hub_new ();
  fixture->server = gr_dbus_server_new (home->house, home->rooms, home->accounts, home->store,
                                        GR_HUB_PORT (fixture->hub), home->config, fixture->pool);
  gr_dbus_server_start (fixture->server, home->dir, &error);
  g_assert_no_error (error);
}

void
dbus_tear_down (DBusFixture *fixture, gconstpointer bus)
{
  gr_dbus_server_stop (fixture->server);
  g_assert_false (g_file_test (fixture->socket, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  house_stop (&fixture->home);
  g_clear_pointer (&fixture->pool, gr_pool_free);
  house_tear_down (&fixture->home);
  g_assert_finalize_object (g_steal_pointer (&fixture->hub));
  g_free (fixture->socket);
}

void
dbus_add_administrator (GDBusConnection *connection)
{
  g_autoptr (GVariant) reply = dbus_call (connection, MANAGER, NAME ".Manager.AddUser",
                                          g_variant_new ("(ssss)", "ann@example.org", "Ann", "correct horse", "admin"));
}

/* The path of a new room, and its id. */
char *
dbus_create_room (GDBusConnection *connection, const char *title, char **id)
{
  g_autoptr (GVariant) reply
      = dbus_call (connection, MANAGER, NAME ".Manager.CreateRoom", g_variant_new ("(sa{sv})", title, NULL));
  g_autoptr (GVariant) room = g_variant_get_child_value (reply, 1);
  char *path;

  g_variant_get_child (reply, 0, "o", &path);
  g_assert_true (g_variant_lookup (room, "id", "s", id));

  return path;
}

char *
dbus_enter (DBusFixture *fixture, const char *room, const char *name, GError **error)
{
  GrEntry entry = { .room = room, .name = name, .address = "192.0.2.7" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GrAdmission) admission = NULL;

  gr_house_enter_async (fixture->home.house, &entry, NULL, keep_result, NULL);
  result = wait_result ();
  admission = gr_house_enter_finish (fixture->home.house, result, error);

  return admission != NULL ? g_strdup (admission->participant->id) : NULL;
}

void
dbus_hear (GDBusConnection *connection,
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

void
dbus_wait_signal (GString *text, const char *wanted)
{
  Heard heard = { text, wanted };

  wait_while (has_not_heard, &heard);
}

void
dbus_add_test (const char *path, void (*test) (DBusFixture *fixture, gconstpointer bus))
{
  g_test_add (path, DBusFixture, NULL, dbus_set_up, test, dbus_tear_down);
}
