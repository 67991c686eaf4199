/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/bus-name.h"

#include "base/log.h"

#define PAUSE_MIN_SECONDS 1
#define PAUSE_MAX_SECONDS 30

struct _GrBusName
{
  GBusType bus;
  char *name;
  GrBusNameFunc taken;
  GrBusNameFunc refused;
  gpointer user_data;

  guint owner;
  guint retry;
  guint pause; /* seconds until the next try */
};

static void own (GrBusName *bus_name);

static gboolean
on_retry (gpointer user_data)
{
  GrBusName *bus_name = user_data;

  bus_name->retry = 0;
  g_clear_handle_id (&bus_name->owner, g_bus_unown_name);
  own (bus_name);
  return G_SOURCE_REMOVE;
}

static void
on_bus (GDBusConnection *connection, const char *name, gpointer user_data)
{
  GrBusName *bus_name = user_data;

  /* The daemon lives on when its bus ends. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  bus_name->taken (connection, bus_name->user_data);
}

static void
on_name (GDBusConnection *connection, const char *name, gpointer user_data)
{
  GrBusName *bus_name = user_data;

  bus_name->pause = PAUSE_MIN_SECONDS;
  gr_info ("reachable as %s on the bus", name);
}

static void
on_no_name (GDBusConnection *connection, const char *name, gpointer user_data)
{
  GrBusName *bus_name = user_data;

  if (connection != NULL)
    {
      gr_info ("the bus does not grant the name %s; greenroomctl still reaches the control socket", name);
      bus_name->refused (connection, bus_name->user_data);
      return;
    }

  if (bus_name->pause == PAUSE_MIN_SECONDS)
    gr_info ("there is no bus; greenroomctl still reaches the control socket");
  g_clear_handle_id (&bus_name->retry, g_source_remove);
  bus_name->retry = g_timeout_add_seconds (bus_name->pause, on_retry, bus_name);
  bus_name->pause = MIN (bus_name->pause * 2, PAUSE_MAX_SECONDS);
}

/* GLib watches for the name, and not for the bus: once that is gone, it has to be asked anew. */
static void
own (GrBusName *bus_name)
{
  bus_name->owner = g_bus_own_name (bus_name->bus, bus_name->name, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, on_bus, on_name,
                                    on_no_name, bus_name, NULL);
}

GrBusName *
gr_bus_name_new (GBusType bus, const char *name, GrBusNameFunc taken, GrBusNameFunc refused, gpointer user_data)
{
  GrBusName *bus_name = g_new0 (GrBusName, 1);

  bus_name->bus = bus;
  bus_name->name = g_strdup (name);
  bus_name->taken = taken;
  bus_name->refused = refused;
  bus_name->user_data = user_data;
  bus_name->pause = PAUSE_MIN_SECONDS;
  own (bus_name);
  return bus_name;
}

void
gr_bus_name_free (GrBusName *bus_name)
{
  g_clear_handle_id (&bus_name->retry, g_source_remove);
  g_clear_handle_id (&bus_name->owner, g_bus_unown_name);
  g_free (bus_name->name);
  g_free (bus_name);
}
