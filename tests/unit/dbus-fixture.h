/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DBusFixture: the D-Bus objects over a real store and a real socket, in one main loop with their client. */
#pragma once

#include "dbus/server.h"
#include "fake-hub.h"
#include "house-fixture.h"

#define ROOT "/org/greenroom/Greenroom1"
#define MANAGER ROOT "/Manager"
#define NAME "org.greenroom.Greenroom1"

typedef struct
{
  HouseFixture home;
  char *socket;
  GrFakeHub *hub;
  GrPool *pool;
  GrDBusServer *server;
} DBusFixture;

/* @bus: of [dbus] bus, NULL: "none". */
void dbus_set_up (DBusFixture *fixture, gconstpointer bus);
/* Whatever was made has to go. */
void dbus_tear_down (DBusFixture *fixture, gconstpointer bus);

/* A test between these two. */
void dbus_add_test (const char *path, void (*test) (DBusFixture *fixture, gconstpointer bus));

GDBusConnection *dbus_connect (DBusFixture *fixture);

/* @method: "org.example.Interface.Method". */
GVariant *
dbus_try_call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, GError **error);
GVariant *dbus_call (GDBusConnection *connection, const char *path, const char *method, GVariant *parameters);
void dbus_expect_error (
    GDBusConnection *connection, const char *path, const char *method, GVariant *parameters, const char *name);

/* A GDBusSignalCallback: adds "Signal (arguments)" to the GString @text. */
void dbus_hear (GDBusConnection *connection,
                const char *sender,
                const char *path,
                const char *interface,
                const char *signal,
                GVariant *parameters,
                gpointer text);
void dbus_wait_signal (GString *text, const char *wanted);

void dbus_add_administrator (GDBusConnection *connection);
/* The path of a new room, and its id. */
char *dbus_create_room (GDBusConnection *connection, const char *title, char **id);
/* The participant's id. */
char *dbus_enter (DBusFixture *fixture, const char *room, const char *name, GError **error);
