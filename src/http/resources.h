/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resources: each file serves some operations of the contract and lists them in a table that a row without
 * handler ends. */
#pragma once

#include "http/request.h"

G_BEGIN_DECLS

extern const GrBinding gr_server_bindings[];
extern const GrBinding gr_auth_bindings[];
extern const GrBinding gr_user_bindings[];
extern const GrBinding gr_room_bindings[];
extern const GrBinding gr_invite_bindings[];
extern const GrBinding gr_participant_bindings[];
extern const GrBinding gr_message_bindings[];
extern const GrBinding gr_whip_bindings[];
extern const GrBinding gr_broadcast_bindings[];
extern const GrBinding gr_scene_bindings[];
extern const GrBinding gr_destination_bindings[];
extern const GrBinding gr_recording_bindings[];
extern const GrBinding gr_picture_bindings[];

/* An account as the contract shows it; the e-mail only if @whole. */
void gr_account_write (GrJsonWriter *writer, const GrAccount *account, gboolean whole);

/* Writes @record with who is inside now. */
gboolean gr_request_write_room (GrRequest *request, const GrRoomRecord *record, GError **error);

G_END_DECLS
