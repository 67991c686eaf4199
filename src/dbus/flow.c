/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define GR_LOG_TOPIC "dbus"

#include "dbus/flow.h"

#include "base/log.h"

#define LOOK_EVERY_SECONDS 1
#define FLOW "greenroom-flow"

typedef struct
{
  GSocket *socket;
  guint calls;   /* unanswered; GDBus's thread */
  guint written; /* atomic: the serial of what was written last, or is being written */

  /* Main thread. */
  guint timer;
  guint written_before;
  guint stalled; /* seconds without a message that was written, while others waited */
} Flow;

static void
clear_flow (gpointer flow)
{
  g_object_unref (((Flow *) flow)->socket);
}

/* One reference is the filter's, one the connection's. */
static void
unref_flow (gpointer flow)
{
  g_atomic_rc_box_release_full (flow, clear_flow);
}

/* A close through GDBus would wait for what is being written. */
static void
cut (Flow *flow, const char *why)
{
  gr_warning ("a client of the control socket %s and is disconnected", why);
  g_socket_shutdown (flow->socket, TRUE, TRUE, NULL);
}

/* Called for a message that has come, and for one just before it is written. */
static GDBusMessage *
count (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  Flow *flow = user_data;
  GDBusMessageType type = g_dbus_message_get_message_type (message);
  gboolean wants_reply = (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED) == 0;

  if (!incoming)
    {
      g_atomic_int_set (&flow->written, g_dbus_message_get_serial (message));
      if (flow->calls > 0 && (type == G_DBUS_MESSAGE_TYPE_METHOD_RETURN || type == G_DBUS_MESSAGE_TYPE_ERROR))
        flow->calls--;
    }
  else if (type == G_DBUS_MESSAGE_TYPE_METHOD_CALL && wants_reply && ++flow->calls == GR_DBUS_MAX_CALLS)
    {
      cut (flow, "asks without reading answers");
    }

  if (incoming && flow->calls >= GR_DBUS_MAX_CALLS)
    g_clear_object (&message);
  return message;
}

static gboolean
look (gpointer user_data)
{
  GDBusConnection *connection = user_data;
  Flow *flow = g_object_get_data (G_OBJECT (connection), FLOW);
  guint written = g_atomic_int_get (&flow->written);
  /* What main has queued: all signals and replies are its own. */
  gint waiting = (gint) (g_dbus_connection_get_last_serial (connection) - written);

  flow->stalled = waiting > 0 && written == flow->written_before ? flow->stalled + LOOK_EVERY_SECONDS : 0;
  flow->written_before = written;
  if (waiting > (flow->stalled > 0 ? GR_DBUS_MAX_QUEUE : GR_DBUS_MAX_BACKLOG) || flow->stalled >= GR_DBUS_STALL_SECONDS)
    {
      flow->timer = 0;
      cut (flow, "does not read");
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

static void
on_closed (GDBusConnection *connection, gboolean remote_vanished, GError *error, Flow *flow)
{
  g_clear_handle_id (&flow->timer, g_source_remove);
}

void
gr_dbus_bound_flow (GDBusConnection *connection)
{
  Flow *flow = g_atomic_rc_box_new0 (Flow);
  GIOStream *stream = g_dbus_connection_get_stream (connection);

  flow->socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  g_object_set_data_full (G_OBJECT (connection), FLOW, flow, unref_flow);
  g_dbus_connection_add_filter (connection, count, g_atomic_rc_box_acquire (flow), unref_flow);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), flow);
  flow->timer = g_timeout_add_seconds (LOOK_EVERY_SECONDS, look, connection);
}
