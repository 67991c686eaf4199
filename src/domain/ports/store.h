/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to what lasts. GrStore is implemented in src/store (SQLite, PostgreSQL); the domain knows only this page.
 *
 * Every function is a blocking call for a pool thread and is one transaction: it happens whole or, with an error,
 * not at all. Serialization failures are retried inside. Errors: those named at the function; besides, every
 * function may fail with GR_ERROR_UNAVAILABLE (the database is away) and GR_ERROR_INTERNAL. Returned values are the
 * caller's; lists are GPtrArrays that free their items. `after` is the id of the last item of the page before, or NULL.
 */
#pragma once

#include "domain/accounts/account.h"
#include "domain/rooms/record.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define GR_TYPE_STORE (gr_store_get_type ())
G_DECLARE_INTERFACE (GrStore, gr_store, GR, STORE, GObject)

typedef enum
{
  GR_ROOMS_PUBLIC, /* listed for all */
  GR_ROOMS_OF,     /* owned by the account */
  GR_ROOMS_ALL,    /* for moderators */
} GrRoomScope;

/* Who comes in: what a join is judged by. */
typedef struct
{
  const char *room_id;
  const char *account_id; /* NULL: anonymous */
  const char *address_hash;
  const char *invite;  /* a code, or NULL */
  gboolean moderator;  /* the account may enter any room, as host */
  gboolean registered; /* not a guest, not anonymous */
  gboolean viewer;     /* asks for a viewer's seat */
  const char *participant_id;
  const char *name;
  gint64 now;
} GrJoin;

struct _GrStoreInterface
{
  GTypeInterface parent;

  gboolean (*ping) (GrStore *store, GError **error);

  /* Accounts */
  gboolean (*add_account) (GrStore *store, const GrAccount *account, GError **error);
  GrAccount *(*get_account) (GrStore *store, const char *id, GError **error);
  GrAccount *(*find_account) (GrStore *store, const char *email_or_name, GError **error);
  gboolean (*update_account) (GrStore *store, const GrAccount *account, GError **error);
  GPtrArray *(*list_accounts) (GrStore *store, gint limit, const char *after, GError **error);
  gboolean (*has_administrator) (GrStore *store, gboolean *answer, GError **error);

  /* Sessions */
  gboolean (*add_session) (GrStore *store, const GrSession *session, const char *token_hash, GError **error);
  GrSession *(*rotate_session) (GrStore *store,
                                const char *token_hash,
                                const char *next_hash,
                                const char *address,
                                gint64 now,
                                gint64 expires_at,
                                GError **error);
  GrAccount *(*get_session_account) (GrStore *store, const char *session_id, gint64 now, GError **error);
  GPtrArray *(*list_sessions) (GrStore *store, const char *account_id, gint64 now, GError **error);
  gboolean (*revoke_session) (GrStore *store, const char *account_id, const char *session_id, GError **error);
  gboolean (*revoke_session_by_token) (GrStore *store, const char *token_hash, char **account_id, GError **error);
  gboolean (*revoke_other_sessions) (GrStore *store,
                                     const char *account_id,
                                     const char *keep_session_id,
                                     GError **error);

  /* Rooms */
  gboolean (*add_room) (GrStore *store, const GrRoomRecord *room, GError **error);
  GrRoomRecord *(*find_room) (GrStore *store, const char *id_or_slug, GError **error);
  gboolean (*update_room) (GrStore *store, const GrRoomRecord *room, GError **error);
  gboolean (*delete_room) (GrStore *store, const char *id, GError **error);
  GPtrArray *(*list_rooms) (
      GrStore *store, GrRoomScope scope, const char *account_id, gint limit, const char *after, GError **error);
  gboolean (*was_inside) (
      GrStore *store, const char *room_id, const char *account_id, gboolean *answer, GError **error);

  /* Invites */
  gboolean (*add_invite) (GrStore *store, const GrInvite *invite, GError **error);
  GrInvite *(*get_invite) (GrStore *store, const char *code, gint64 now, GError **error);
  GPtrArray *(*list_invites) (GrStore *store, const char *room_id, gint64 now, GError **error);
  gboolean (*delete_invite) (GrStore *store, const char *room_id, const char *code, GError **error);

  /* Seats */
  GrSeat *(*take_seat) (GrStore *store, const GrJoin *join, GError **error);
  gboolean (*leave_seat) (GrStore *store, const char *participant_id, gint64 now, GError **error);
  gboolean (*leave_all_seats) (GrStore *store, gint64 now, GError **error);
  gboolean (*set_seat_role) (GrStore *store, const char *participant_id, GrRoomRole role, GError **error);

  /* Bans */
  gboolean (*add_ban) (GrStore *store, const GrBan *ban, GError **error);
  gboolean (*is_banned) (GrStore *store,
                         const char *room_id,
                         const char *account_id,
                         const char *address_hash,
                         gboolean *banned,
                         GError **error);
  GPtrArray *(*list_bans) (GrStore *store, const char *room_id, GError **error);
  gboolean (*delete_ban) (GrStore *store, const char *room_id, const char *ban_id, GError **error);

  /* Chat */
  gboolean (*add_message) (GrStore *store, const GrMessage *message, GError **error);
  GPtrArray *(*list_messages) (GrStore *store, const char *room_id, gint limit, const char *after, GError **error);
  gboolean (*delete_message) (GrStore *store, const char *room_id, const char *message_id, GError **error);

  /* Housekeeping */
  gboolean (*forget_expired) (GrStore *store, gint64 now, GError **error);
};

/* The database answers. */
gboolean gr_store_ping (GrStore *store, GError **error);

/* EMAIL_TAKEN (field email), NAME_TAKEN (field name). */
gboolean gr_store_add_account (GrStore *store, const GrAccount *account, GError **error);

/* NOT_FOUND. */
GrAccount *gr_store_get_account (GrStore *store, const char *id, GError **error);

/* By e-mail or by name, whatever their case; never a guest. NOT_FOUND. */
GrAccount *gr_store_find_account (GrStore *store, const char *email_or_name, GError **error);

/* Writes e-mail, name, password hash and role. NOT_FOUND, EMAIL_TAKEN, NAME_TAKEN; CONFLICT when it would leave the
 * server without an administrator. */
gboolean gr_store_update_account (GrStore *store, const GrAccount *account, GError **error);

/* GrAccounts that are not guests, newest first. */
GPtrArray *gr_store_list_accounts (GrStore *store, gint limit, const char *after, GError **error);

gboolean gr_store_has_administrator (GrStore *store, gboolean *answer, GError **error);

/* Begins a session whose first refresh token has @token_hash. */
gboolean gr_store_add_session (GrStore *store, const GrSession *session, const char *token_hash, GError **error);

/* Trades the token for the next one. TOKEN_INVALID when it is unknown, its session is revoked, or it was used before:
 * then, and this lasts although the call fails, the session is revoked. TOKEN_EXPIRED. */
GrSession *gr_store_rotate_session (GrStore *store,
                                    const char *token_hash,
                                    const char *next_hash,
                                    const char *address,
                                    gint64 now,
                                    gint64 expires_at,
                                    GError **error);

/* The account behind a session that is neither revoked nor expired; TOKEN_INVALID otherwise. */
GrAccount *gr_store_get_session_account (GrStore *store, const char *session_id, gint64 now, GError **error);

/* GrSessions of the account that are still good, most recently used first. */
GPtrArray *gr_store_list_sessions (GrStore *store, const char *account_id, gint64 now, GError **error);

/* NOT_FOUND when the account has no such session. */
gboolean gr_store_revoke_session (GrStore *store, const char *account_id, const char *session_id, GError **error);

/* Does nothing for an unknown token. @account_id (out): whose session that was, or NULL. */
gboolean gr_store_revoke_session_by_token (GrStore *store, const char *token_hash, char **account_id, GError **error);

gboolean
gr_store_revoke_other_sessions (GrStore *store, const char *account_id, const char *keep_session_id, GError **error);

/* SLUG_TAKEN (field slug). */
gboolean gr_store_add_room (GrStore *store, const GrRoomRecord *room, GError **error);

/* By id or by slug, with its owner's name. NOT_FOUND. */
GrRoomRecord *gr_store_find_room (GrStore *store, const char *id_or_slug, GError **error);

/* Writes all but id, owner and creation. NOT_FOUND, SLUG_TAKEN. */
gboolean gr_store_update_room (GrStore *store, const GrRoomRecord *room, GError **error);

/* With its invites, seats, bans and messages. NOT_FOUND. */
gboolean gr_store_delete_room (GrStore *store, const char *id, GError **error);

/* GrRoomRecords, newest first. @account_id is read for GR_ROOMS_OF only. */
GPtrArray *gr_store_list_rooms (
    GrStore *store, GrRoomScope scope, const char *account_id, gint limit, const char *after, GError **error);

/* Whether the account owns the room or ever had a seat in it and is not banned. */
gboolean
gr_store_was_inside (GrStore *store, const char *room_id, const char *account_id, gboolean *answer, GError **error);

gboolean gr_store_add_invite (GrStore *store, const GrInvite *invite, GError **error);

/* NOT_FOUND; INVITE_EXPIRED when its time or its uses are over. */
GrInvite *gr_store_get_invite (GrStore *store, const char *code, gint64 now, GError **error);

/* GrInvites that still work, newest first. */
GPtrArray *gr_store_list_invites (GrStore *store, const char *room_id, gint64 now, GError **error);

/* NOT_FOUND. */
gboolean gr_store_delete_invite (GrStore *store, const char *room_id, const char *code, GError **error);

/* Judges the join and takes a seat, all in one transaction, so that a room for N never seats N + 1. In this order:
 * NOT_FOUND; BANNED (by account or address); FORBIDDEN (guests are not let in here and the caller is not registered);
 * INVITE_REQUIRED (private room, and neither owner, former member, moderator nor invite), NOT_FOUND or INVITE_EXPIRED
 * for a bad invite (field invite); ROOM_LOCKED; ROOM_FULL. Owner and moderators pass all but NOT_FOUND and ROOM_FULL.
 * The role: host for owner and moderators; for a former member the one last held here (who was made host stays host)
 * or, if it gives more, the invite's; else the invite's, else guest; a viewer's seat on request, which is not
 * remembered as a role. An invite that gave entry or a higher role is counted as used; one that a former member,
 * owner or moderator did not need is not looked at, so that they may keep coming by a link that has expired. */
GrSeat *gr_store_take_seat (GrStore *store, const GrJoin *join, GError **error);

/* Frees the seat; no error when it was free already. */
gboolean gr_store_leave_seat (GrStore *store, const char *participant_id, gint64 now, GError **error);

/* Frees every seat: for start-up, when nobody can be inside. */
gboolean gr_store_leave_all_seats (GrStore *store, gint64 now, GError **error);

/* NOT_FOUND. */
gboolean gr_store_set_seat_role (GrStore *store, const char *participant_id, GrRoomRole role, GError **error);

gboolean gr_store_add_ban (GrStore *store, const GrBan *ban, GError **error);

/* By account or by address; either may be NULL. */
gboolean gr_store_is_banned (GrStore *store,
                             const char *room_id,
                             const char *account_id,
                             const char *address_hash,
                             gboolean *banned,
                             GError **error);

/* GrBans, newest first. */
GPtrArray *gr_store_list_bans (GrStore *store, const char *room_id, GError **error);

/* NOT_FOUND. */
gboolean gr_store_delete_ban (GrStore *store, const char *room_id, const char *ban_id, GError **error);

/* NOT_FOUND when the room is gone. */
gboolean gr_store_add_message (GrStore *store, const GrMessage *message, GError **error);

/* GrMessages, newest first. */
GPtrArray *gr_store_list_messages (GrStore *store, const char *room_id, gint limit, const char *after, GError **error);

/* NOT_FOUND. */
gboolean gr_store_delete_message (GrStore *store, const char *room_id, const char *message_id, GError **error);

/* Removes sessions and tokens that expired, guests without a session (an hour after they came), invites a month past,
 * all left seats older than ninety days. */
gboolean gr_store_forget_expired (GrStore *store, gint64 now, GError **error);

G_END_DECLS
