/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the D-Bus objects share: the parts of the daemon they speak for, and how a method call that must wait for the
 * store is answered: a plain blocking function on a pool thread, its reply sent from the main thread. */
#pragma once

#include "base/config.h"
#include "base/pool.h"
#include "domain/accounts/accounts.h"
#include "domain/ports/hub.h"
#include "domain/rooms/house.h"
#include "domain/rooms/rooms.h"
#include "domain/studio/shows.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_DBUS_NAME "org.greenroom.Greenroom1"
#define GR_DBUS_ROOT "/org/greenroom/Greenroom1"

/* Reference-counted, since a call may outlive the server. Any thread; @house, @hub and @pool are for main. */
typedef struct
{
  GrHouse *house;
  GrRooms *rooms;
  GrAccounts *accounts;
  GrStore *store;
  GrHubPort *hub;
  GrStudio *studio; /* NULL: none; likewise below */
  GrShows *shows;   /* for main */
  GrConfig *config;
  GrPool *pool; /* outlives every call */
  gint64 started_at;
} GrDBusServices;

GrDBusServices *gr_dbus_services_new (GrHouse *house,
                                      GrRooms *rooms,
                                      GrAccounts *accounts,
                                      GrStore *store,
                                      GrHubPort *hub,
                                      GrConfig *config,
                                      GrPool *pool);
GrDBusServices *gr_dbus_services_ref (GrDBusServices *services);
void gr_dbus_services_unref (gpointer services);

/* How long a call waits for main to look at the live rooms. */
#define GR_DBUS_MAIN_PATIENCE (5 * G_TIME_SPAN_SECOND)

/* The reply to a call with @parameters (tuples, both) on @subject, or NULL with @error. Pool thread. */
typedef GVariant *(*GrDBusWork) (const GrDBusServices *services,
                                 const char *subject,
                                 GVariant *parameters,
                                 GError **error);

/* From now on calls of the method behind @signal ("handle-list-rooms") of the skeleton @interface are answered, in
 * every case, by what @work gives on the pool. @subject: the id of what the object stands for, or NULL. Main thread. */
void gr_dbus_call_connect (
    gpointer interface, const char *signal, GrDBusServices *services, const char *subject, GrDBusWork work);

/* From now on calls of the method behind @signal are answered, in every case, by what the hub says when it is asked
 * about the room with the id @subject, or about everything (NULL): gr_hub_port_ask_async(). Main thread. */
void gr_dbus_call_connect_hub (gpointer interface, const char *signal, GrDBusServices *services, const char *subject);

/* Answers with the D-Bus name of @error. What went wrong inside stays in the log. Takes @invocation. Any thread. */
void gr_dbus_call_fail (GDBusMethodInvocation *invocation, const GError *error);

G_END_DECLS
