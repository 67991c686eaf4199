/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who sits in a room. Taking a seat reads, judges and writes in one transaction, so that two who come at the same
 * moment cannot both have the last one. */
#include "base/error.h"
#include "store/queries.h"

/* Moderators are hosts by their office, which is no standing: nothing of it is left once they are moderators no more.
 */
#define OF_A_MODERATOR "s.role = 0 AND s.standing <> 0"
G_STATIC_ASSERT (GR_ROOM_ROLE_HOST == 0);

/* All that a join is judged by, but for the invite. $2: account, $3: address. */
#define READ_DOOR                                                                                                      \
  "SELECT r.owner_id, r.visibility, r.capacity, r.guests, r.locked,"                                                   \
  " EXISTS (SELECT 1 FROM bans AS b WHERE b.room_id = r.id AND b.account_id = $2)"                                     \
  " OR EXISTS (SELECT 1 FROM bans AS b WHERE b.room_id = r.id AND b.address_hash = $3),"                               \
  " (SELECT s.standing FROM seats AS s WHERE s.room_id = r.id AND s.account_id = $2 AND NOT (" OF_A_MODERATOR ")"      \
  " ORDER BY s.id DESC LIMIT 1),"                                                                                      \
  " (SELECT count (*) FROM seats AS s WHERE s.room_id = r.id AND s.left_at IS NULL)"                                   \
  " FROM rooms AS r WHERE r.id = $1"

#define FIND_INVITE "SELECT " GR_INVITE_COLUMNS " FROM invites WHERE code = $1 AND room_id = $2"

#define USE_INVITE "UPDATE invites SET used = used + 1 WHERE code = $1"

#define ADD_SEAT                                                                                                       \
  "INSERT INTO seats (id, room_id, account_id, address_hash, name, role, standing, joined_at)"                         \
  " VALUES ($1, $2, $3, coalesce ($4, ''), $5, $6, $7, $8)"

#define LEAVE_SEAT "UPDATE seats SET left_at = $2 WHERE id = $1 AND left_at IS NULL"
#define LEAVE_ALL "UPDATE seats SET left_at = $1 WHERE left_at IS NULL"
#define SET_ROLE "UPDATE seats SET role = $2, standing = $2 WHERE id = $1"

/* The room as seen by the one who comes. */
typedef struct
{
  gboolean owner;
  GrVisibility visibility;
  gint capacity;
  gboolean guests;
  gboolean locked;
  gboolean banned;
  gboolean member;     /* had a seat here before */
  GrRoomRole standing; /* of a member */
  gint taken;
} GrDoor;

typedef struct
{
  const GrJoin *join;
  GrRoomRole role;
} GrSeating;

static gboolean
read_door (GrConnection *connection, const GrJoin *join, GrDoor *door, GError **error)
{
  g_autoptr (GrRows) rows = gr_connection_query (connection, READ_DOOR,
                                                 GR_VALUES (GR_TEXT (join->room_id), GR_TEXT (join->account_id),
                                                            GR_TEXT (join->address_hash)),
                                                 error);

  if (rows == NULL)
    return FALSE;

  if (!gr_rows_next (rows))
    {
      gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "There is no such room.");
      return FALSE;
    }

  door->owner = join->account_id != NULL && g_strcmp0 (gr_rows_text (rows, 0), join->account_id) == 0;
  door->visibility = gr_rows_integer (rows, 1);
  door->capacity = gr_rows_integer (rows, 2);
  door->guests = gr_rows_boolean (rows, 3);
  door->locked = gr_rows_boolean (rows, 4);
  door->banned = gr_rows_boolean (rows, 5);
  door->member = gr_rows_text (rows, 6) != NULL;
  door->standing = gr_rows_integer (rows, 6);
  door->taken = gr_rows_integer (rows, 7);
  return TRUE;
}

/* The invite that the join brings, if it is one for this room and still works. */
static GrInvite *
find_good_invite (GrConnection *connection, const GrJoin *join, GError **error)
{
  GrRows *rows = gr_connection_query (connection, FIND_INVITE,
                                      GR_VALUES (GR_TEXT (join->invite), GR_TEXT (join->room_id)), error);
  g_autoptr (GrInvite) invite = NULL;

  if (rows == NULL)
    return NULL;

  if (!gr_rows_next (rows))
    {
      gr_rows_free (rows);
      gr_set_error (error, GR_ERROR_NOT_FOUND, "invite", "There is no such invite to this room.");
      return NULL;
    }

  invite = gr_store_read_invite (rows);
  gr_rows_free (rows);
  if (!gr_store_check_invite (invite, join->now, error))
    return NULL;

  return g_steal_pointer (&invite);
}

static gboolean
is_bad_invite (const GError *error)
{
  return g_error_matches (error, GR_ERROR, GR_ERROR_NOT_FOUND)
         || g_error_matches (error, GR_ERROR, GR_ERROR_INVITE_EXPIRED);
}

static gboolean
refuse (GError **error, GrErrorCode code, const char *message)
{
  gr_set_error (error, code, NULL, "%s", message);
  return FALSE;
}

/* What can be judged before the invite is looked at. */
static gboolean
may_knock (const GrDoor *door, const GrJoin *join, GError **error)
{
  if (door->owner || join->moderator)
    return TRUE;

  if (door->banned)
    return refuse (error, GR_ERROR_BANNED, "You are banned from this room.");

  if (!door->guests && !join->registered)
    return refuse (error, GR_ERROR_FORBIDDEN, "Only people with an account may enter this room.");

  if (door->visibility == GR_VISIBILITY_PRIVATE && !door->member && join->invite == NULL)
    return refuse (error, GR_ERROR_INVITE_REQUIRED, "This room is private: ask for an invite.");

  return TRUE;
}

static gboolean
has_room (const GrDoor *door, const GrJoin *join, GError **error)
{
  if (door->locked && !door->owner && !join->moderator)
    return refuse (error, GR_ERROR_ROOM_LOCKED, "This room is locked.");

  if (door->taken >= door->capacity)
    return refuse (error, GR_ERROR_ROOM_FULL, "This room is full.");

  return TRUE;
}

/* Finds the role, and the invite that is to be counted for it (NULL: none). Those who may enter anyway need no good
 * invite, and use one only to become more than they are. */
static gboolean
find_standing (GrConnection *connection,
               const GrDoor *door,
               const GrJoin *join,
               GrRoomRole *standing,
               GrInvite **counted,
               GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GrInvite) invite = NULL;

  *standing = door->member ? door->standing : GR_ROOM_ROLE_GUEST;
  if (door->owner)
    *standing = GR_ROOM_ROLE_HOST;

  if (join->invite == NULL || join->moderator || *standing == GR_ROOM_ROLE_HOST)
    return TRUE;

  invite = find_good_invite (connection, join, &reason);
  if (invite == NULL && !(door->member && is_bad_invite (reason)))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }

  if (invite != NULL && (!door->member || invite->role < *standing))
    {
      *standing = invite->role;
      *counted = g_steal_pointer (&invite);
    }

  return TRUE;
}

static gboolean
take_in_transaction (GrConnection *connection, gpointer data, GError **error)
{
  GrSeating *seating = data;
  const GrJoin *join = seating->join;
  g_autoptr (GrInvite) counted = NULL;
  GrRoomRole standing;
  GrRows *rows;
  GrDoor door;

  if (!read_door (connection, join, &door, error) || !may_knock (&door, join, error)
      || !find_standing (connection, &door, join, &standing, &counted, error) || !has_room (&door, join, error))
    return FALSE;

  if (counted != NULL)
    {
      rows = gr_connection_query (connection, USE_INVITE, GR_VALUES (GR_TEXT (counted->code)), error);
      if (!gr_store_changed (rows, NULL, error))
        return FALSE;
    }

  seating->role = join->viewer ? GR_ROOM_ROLE_VIEWER : join->moderator ? GR_ROOM_ROLE_HOST : standing;
  rows = gr_connection_query (connection, ADD_SEAT,
                              GR_VALUES (GR_TEXT (join->participant_id), GR_TEXT (join->room_id),
                                         GR_TEXT (join->account_id), GR_TEXT (join->address_hash), GR_TEXT (join->name),
                                         GR_INTEGER (seating->role), GR_INTEGER (standing), GR_INTEGER (join->now)),
                              error);
  return gr_store_changed (rows, NULL, error);
}

static GrSeat *
take_seat (GrStore *store, const GrJoin *join, GError **error)
{
  GrSeating seating = { .join = join };
  GrSeat *seat;

  if (!gr_database_transact (gr_store_get_database (store), GR_WRITE, take_in_transaction, &seating, error))
    return NULL;

  seat = g_new0 (GrSeat, 1);
  seat->id = g_strdup (join->participant_id);
  seat->room_id = g_strdup (join->room_id);
  seat->account_id = g_strdup (join->account_id);
  seat->address_hash = g_strdup (join->address_hash);
  seat->name = g_strdup (join->name);
  seat->role = seating.role;
  seat->joined_at = join->now;
  return seat;
}

static gboolean
leave_seat (GrStore *store, const char *participant_id, gint64 now, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, LEAVE_SEAT,
                                    GR_VALUES (GR_TEXT (participant_id), GR_INTEGER (now)), error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
leave_all_seats (GrStore *store, gint64 now, GError **error)
{
  GrRows *rows
      = gr_database_query (gr_store_get_database (store), GR_WRITE, LEAVE_ALL, GR_VALUES (GR_INTEGER (now)), error);

  return gr_store_changed (rows, NULL, error);
}

static gboolean
set_seat_role (GrStore *store, const char *participant_id, GrRoomRole role, GError **error)
{
  GrRows *rows = gr_database_query (gr_store_get_database (store), GR_WRITE, SET_ROLE,
                                    GR_VALUES (GR_TEXT (participant_id), GR_INTEGER (role)), error);

  return gr_store_changed (rows, "There is no such participant.", error);
}

void
gr_store_implement_seats (GrStoreInterface *iface)
{
  iface->take_seat = take_seat;
  iface->leave_seat = leave_seat;
  iface->leave_all_seats = leave_all_seats;
  iface->set_seat_role = set_seat_role;
}
