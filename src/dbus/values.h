/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rooms, users and participants as D-Bus dictionaries (a{sv}), with the members that openapi.yaml gives them. Floating.
 * Any thread for what is plain; participants on main. */
#pragma once

#include "domain/accounts/account.h"
#include "domain/rooms/participant.h"
#include "domain/rooms/record.h"

G_BEGIN_DECLS

/* The object path of the room with this id. */
char *gr_dbus_room_path (const char *room_id);

GVariant *gr_dbus_room_value (const GrRoomRecord *room, guint n_participants);
GVariant *gr_dbus_user_value (const GrAccount *account);
GVariant *gr_dbus_participant_value (const GrParticipant *participant);

/* A JSON object as a dictionary: objects in it likewise, numbers as t (none of ours is negative) or d; what is null is
 * left out, as D-Bus has no word for it, and so are lists. NULL for no object. */
GVariant *gr_dbus_json_value (const char *json);

G_END_DECLS
