/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dbus/room.h"

#include "base/error.h"
#include "base/id.h"
#include "base/main-call.h"
#include "base/time.h"
#include "dbus/values.h"

/* Whoever reaches the interface has passed the socket's or the bus's policy and is the operator. */
static const GrActor the_operator = { .role = GR_ROLE_ADMIN, .name = "The operator" };

static void
follow_record (GrDBusRoom *object, GrRoom *room)
{
  const GrRoomRecord *record = gr_room_get_record (room);

  gr_dbus_room_set_id (object, record->id);
  gr_dbus_room_set_slug (object, record->slug);
  gr_dbus_room_set_title (object, record->title);
  gr_dbus_room_set_locked (object, record->locked);
  gr_dbus_room_set_capacity (object, (guint) record->capacity);
}

static void
follow_participants (GrDBusRoom *object, GrRoom *room)
{
  gr_dbus_room_set_participants (object, gr_room_get_participants (room)->len);
}

static void
on_event (GrRoom *room, const GrRoomEvent *event, GrDBusRoom *object)
{
  switch (event->type)
    {
    case GR_ROOM_EVENT_JOINED:
      follow_participants (object, room);
      gr_dbus_room_emit_participant_joined (object, gr_dbus_participant_value (event->participant));
      break;

    case GR_ROOM_EVENT_LEFT:
      follow_participants (object, room);
      gr_dbus_room_emit_participant_left (object, event->participant->id, gr_leave_reason_to_string (event->reason));
      break;

    case GR_ROOM_EVENT_RECORD:
      follow_record (object, room);
      break;

    default:
      break;
    }
}

static gboolean
on_get_participants (GrDBusRoom *object, GDBusMethodInvocation *invocation, GrRoom *room)
{
  GPtrArray *participants = gr_room_get_participants (room);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < participants->len; i++)
    g_variant_builder_add_value (&builder, gr_dbus_participant_value (g_ptr_array_index (participants, i)));

  gr_dbus_room_complete_get_participants (object, invocation, g_variant_builder_end (&builder));

  return TRUE;
}

/* A pool thread asks main first, then writes, then has main do it. */
typedef struct
{
  GrHouse *house;
  const char *room_id;
  const char *participant_id;
  gboolean ban;
  GrBan *record; /* what a ban will say */
} Removal;

static GrRoom *
require_room (GrHouse *house, const char *room_id, GError **error)
{
  GrRoom *room = gr_house_get_room (house, room_id);

  if (room == NULL)
    gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "Nobody is in the room any more");

  return room;
}

static gboolean
describe (gpointer data, GError **error)
{
  Removal *removal = data;
  GrRoom *room = require_room (removal->house, removal->room_id, error);
  GrParticipant *participant;

  if (room == NULL)
    return FALSE;

  participant = gr_room_get_participant (room, removal->participant_id);
  if (participant == NULL)
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, "participant", "Nobody with this id is in the room");
      return FALSE;
    }

  removal->record = g_new0 (GrBan, 1);
  removal->record->id = gr_id_new ();
  removal->record->room_id = g_strdup (removal->room_id);
  removal->record->account_id = g_strdup (participant->account_id);
  removal->record->address_hash = g_strdup (participant->address_hash);
  removal->record->name = g_strdup (participant->name);
  removal->record->created_at = gr_now ();

  return TRUE;
}

static gboolean
carry_out (gpointer data, GError **error)
{
  Removal *removal = data;
  GrRoom *room = require_room (removal->house, removal->room_id, error);

  return room != NULL && gr_room_remove (room, &the_operator, removal->participant_id, removal->ban, error);
}

static GVariant *
kick (const GrDBusServices *services, const char *room_id, GVariant *parameters, GError **error)
{
  Removal removal = { .house = services->house, .room_id = room_id };
  g_autoptr (GrBan) record = NULL;
  gint64 deadline = g_get_monotonic_time () + GR_DBUS_MAIN_PATIENCE;

  g_variant_get (parameters, "(&sb)", &removal.participant_id, &removal.ban);

  if (removal.ban)
    {
      if (!gr_main_call (describe, &removal, deadline, error))
        return NULL;

      record = removal.record;
      if (!gr_store_add_ban (services->store, record, error))
        return NULL;
    }

  if (!gr_main_call (carry_out, &removal, deadline, error))
    return NULL;

  return g_variant_new ("()");
}

static gboolean
on_close (GrDBusRoom *object, GDBusMethodInvocation *invocation, GrRoom *room)
{
  gr_room_close (room);
  gr_dbus_room_complete_close (object, invocation);

  return TRUE;
}

static gboolean
on_statistics (GrDBusRoom *object, GDBusMethodInvocation *invocation, GrRoom *room)
{
  GPtrArray *participants = gr_room_get_participants (room);
  guint waiting = 0, on_stage = 0, audio = 0, video = 0, screens = 0;
  GVariantBuilder builder;

  for (guint i = 0; i < participants->len; i++)
    {
      const GrParticipant *participant = g_ptr_array_index (participants, i);

      waiting += participant->stage == GR_STAGE_WAITING;
      on_stage += participant->stage == GR_STAGE_ON;
      audio += (participant->media & GR_MEDIA_AUDIO) != 0;
      video += (participant->media & GR_MEDIA_VIDEO) != 0;
      screens += (participant->media & GR_MEDIA_SCREEN) != 0;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "participants", g_variant_new_uint32 (participants->len));
  g_variant_builder_add (&builder, "{sv}", "waiting", g_variant_new_uint32 (waiting));
  g_variant_builder_add (&builder, "{sv}", "onStage", g_variant_new_uint32 (on_stage));
  g_variant_builder_add (&builder, "{sv}", "audio", g_variant_new_uint32 (audio));
  g_variant_builder_add (&builder, "{sv}", "video", g_variant_new_uint32 (video));
  g_variant_builder_add (&builder, "{sv}", "screens", g_variant_new_uint32 (screens));

  if (participants->len > 0)
    {
      const GrParticipant *first = g_ptr_array_index (participants, 0);

      g_variant_builder_add (&builder, "{sv}", "since", g_variant_new_take_string (gr_time_format (first->joined_at)));
    }

  gr_dbus_room_complete_statistics (object, invocation, g_variant_builder_end (&builder));

  return TRUE;
}

static void
release_room (gpointer room, GClosure *closure)
{
  g_object_unref (room);
}

static void
handle (GrDBusRoom *object, const char *method, GCallback handler, GrRoom *room)
{
  g_signal_connect_data (object, method, handler, g_object_ref (room), release_room, 0);
}

GrDBusRoom *
gr_dbus_room_for (GrRoom *room, GrDBusServices *services)
{
  GrDBusRoom *object = gr_dbus_room_skeleton_new ();

  follow_record (object, room);
  follow_participants (object, room);
  g_signal_connect_object (room, "event", G_CALLBACK (on_event), object, 0);

  handle (object, "handle-get-participants", G_CALLBACK (on_get_participants), room);
  gr_dbus_call_connect (object, "handle-kick", services, gr_room_get_id (room), kick);
  handle (object, "handle-close", G_CALLBACK (on_close), room);
  gr_dbus_call_connect_hub (object, "handle-graph", services, gr_room_get_id (room));
  handle (object, "handle-statistics", G_CALLBACK (on_statistics), room);

  return object;
}
