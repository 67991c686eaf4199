/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHouse: all live rooms, and the way into and out of them. Owned by the composition root. Main thread.
 *
 * Signals: "room-added" (GrRoom *), "room-removed" (GrRoom *). A room lives while it has participants. Storing happens
 * on the house's own pool; main never waits for it. */
#pragma once

#include "base/pool.h"
#include "domain/accounts/accounts.h"
#include "domain/ports/store.h"
#include "domain/rooms/room.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_HOUSE (gr_house_get_type ())
G_DECLARE_FINAL_TYPE (GrHouse, gr_house, GR, HOUSE, GObject)

/* What somebody at the door says. */
typedef struct
{
  const char *room;    /* id or slug */
  const char *name;    /* for the anonymous; an account brings its own */
  const char *token;   /* access token or NULL */
  const char *invite;  /* code or NULL */
  const char *address; /* textual network address */
  gboolean watch;      /* come in as a viewer */
} GrEntry;

/* A seat in a live room. */
typedef struct
{
  GrRoom *room;
  GrParticipant *participant;
  GPtrArray *messages; /* GrMessage, the last fifty, oldest first */
} GrAdmission;

GrHouse *gr_house_new (GrStore *store, GrAccounts *accounts, GrConfig *config);

/* Live rooms. The array is the caller's, the rooms are not. */
GPtrArray *gr_house_list (GrHouse *house);

/* A live room by id, or NULL. */
GrRoom *gr_house_get_room (GrHouse *house, const char *id);

guint gr_house_count_participants (GrHouse *house);

/* Comes in. Errors: those of gr_store_take_seat() and gr_accounts_authenticate(); INVALID_INPUT (field name) for an
 * anonymous without a name; BUSY when too many are at the door; UNAVAILABLE while draining. If @cancellable is
 * cancelled, the seat is given back. */
void gr_house_enter_async (
    GrHouse *house, const GrEntry *entry, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GrAdmission *gr_house_enter_finish (GrHouse *house, GAsyncResult *result, GError **error);

/* Stores what a participant says, then tells the room. FORBIDDEN for the waiting, RATE_LIMITED, BUSY; what goes wrong
 * later comes through @callback. */
void gr_house_say_async (GrHouse *house,
                         GrRoom *room,
                         const char *participant_id,
                         const char *text,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean gr_house_say_finish (GrHouse *house, GAsyncResult *result, GError **error);

/* Whether the room is on air or recorded, with somebody inside or not; told to those inside. */
GrAir gr_house_get_air (GrHouse *house, const char *room_id);
void gr_house_set_air (GrHouse *house, const char *room_id, GrAir air, const char *show);

/* The room behind @record changed in the store: takes @record. */
void gr_house_room_updated (GrHouse *house, GrRoomRecord *record);

/* The room is gone from the store: everybody leaves, and who is at the door finds nothing. */
void gr_house_room_deleted (GrHouse *house, const char *room_id);

/* Lets nobody in any more, waits until what happened is stored or @deadline_us (monotonic) comes, and frees all seats
 * in the store. For shutdown, once the main loop has ended; blocks. */
void gr_house_drain (GrHouse *house, gint64 deadline_us);

/* Ends the house's threads, which would otherwise release it where it cannot be: call it on main before the last
 * reference goes. Waits for what they do at the moment. */
void gr_house_stop (GrHouse *house);

void gr_admission_free (GrAdmission *admission);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrAdmission, gr_admission_free)

G_END_DECLS
