/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus-fixture.h"

#include <glib/gstdio.h>

#define DEADLINE_SECONDS 20

static GAsyncResult *last_result;

void
dbus_keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  last_result = g_object_ref (result);
}

static gboolean
on_deadline (gpointer data)
{
  g_error ("nothing happened for %d seconds", DEADLINE_SECONDS);

  return G_SOURCE_REMOVE;
}

void
dbus_wait_while (gboolean (*pending) (gpointer), gpointer data)
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

GAsyncResult *
dbus_wait_result (void)
{
  dbus_wait_while (has_no_result, NULL);

  return g_steal_pointer (&last_result);
}

static GDBusConnection *
try_connect (DBusFixture *fixture, GError **error)
{
  g_autofree char *address = g_strconcat ("unix:path=", fixture->socket, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL,
                                     dbus_keep_result, NULL);
  result = dbus_wait_result ();

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
                          dbus_keep_result, NULL);
  result = dbus_wait_result ();

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

void
dbus_tear_down (DBusFixture *fixture, gconstpointer bus)
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

  gr_house_enter_async (fixture->house, &entry, NULL, dbus_keep_result, NULL);
  result = dbus_wait_result ();
  admission = gr_house_enter_finish (fixture->house, result, error);

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

  dbus_wait_while (has_not_heard, &heard);
}
