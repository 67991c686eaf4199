/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/ports/store.h"

G_DEFINE_INTERFACE (GrStore, gr_store, G_TYPE_OBJECT)

static void
gr_store_default_init (GrStoreInterface *iface)
{
}

gboolean
gr_store_ping (GrStore *store, GError **error)
{
  return GR_STORE_GET_IFACE (store)->ping (store, error);
}

gboolean
gr_store_add_account (GrStore *store, const GrAccount *account, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_account (store, account, error);
}

GrAccount *
gr_store_get_account (GrStore *store, const char *id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->get_account (store, id, error);
}

GrAccount *
gr_store_find_account (GrStore *store, const char *email_or_name, GError **error)
{
  return GR_STORE_GET_IFACE (store)->find_account (store, email_or_name, error);
}

gboolean
gr_store_update_account (GrStore *store, const GrAccount *account, GError **error)
{
  return GR_STORE_GET_IFACE (store)->update_account (store, account, error);
}

GPtrArray *
gr_store_list_accounts (GrStore *store, gint limit, const char *after, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_accounts (store, limit, after, error);
}

gboolean
gr_store_has_administrator (GrStore *store, gboolean *answer, GError **error)
{
  return GR_STORE_GET_IFACE (store)->has_administrator (store, answer, error);
}

gboolean
gr_store_add_session (GrStore *store, const GrSession *session, const char *token_hash, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_session (store, session, token_hash, error);
}

GrSession *
gr_store_rotate_session (GrStore *store,
                         const char *token_hash,
                         const char *next_hash,
                         const char *address,
                         gint64 now,
                         gint64 expires_at,
                         GError **error)
{
  return GR_STORE_GET_IFACE (store)->rotate_session (store, token_hash, next_hash, address, now, expires_at, error);
}

GrAccount *
gr_store_get_session_account (GrStore *store, const char *session_id, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->get_session_account (store, session_id, now, error);
}

GPtrArray *
gr_store_list_sessions (GrStore *store, const char *account_id, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_sessions (store, account_id, now, error);
}

gboolean
gr_store_revoke_session (GrStore *store, const char *account_id, const char *session_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->revoke_session (store, account_id, session_id, error);
}

gboolean
gr_store_revoke_session_by_token (GrStore *store, const char *token_hash, char **account_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->revoke_session_by_token (store, token_hash, account_id, error);
}

gboolean
gr_store_revoke_other_sessions (GrStore *store, const char *account_id, const char *keep_session_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->revoke_other_sessions (store, account_id, keep_session_id, error);
}

gboolean
gr_store_add_room (GrStore *store, const GrRoomRecord *room, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_room (store, room, error);
}

GrRoomRecord *
gr_store_find_room (GrStore *store, const char *id_or_slug, GError **error)
{
  return GR_STORE_GET_IFACE (store)->find_room (store, id_or_slug, error);
}

gboolean
gr_store_update_room (GrStore *store, const GrRoomRecord *room, GError **error)
{
  return GR_STORE_GET_IFACE (store)->update_room (store, room, error);
}

gboolean
gr_store_delete_room (GrStore *store, const char *id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->delete_room (store, id, error);
}

GPtrArray *
gr_store_list_rooms (
    GrStore *store, GrRoomScope scope, const char *account_id, gint limit, const char *after, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_rooms (store, scope, account_id, limit, after, error);
}

gboolean
gr_store_was_inside (GrStore *store, const char *room_id, const char *account_id, gboolean *answer, GError **error)
{
  return GR_STORE_GET_IFACE (store)->was_inside (store, room_id, account_id, answer, error);
}

gboolean
gr_store_add_invite (GrStore *store, const GrInvite *invite, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_invite (store, invite, error);
}

GrInvite *
gr_store_get_invite (GrStore *store, const char *code, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->get_invite (store, code, now, error);
}

GPtrArray *
gr_store_list_invites (GrStore *store, const char *room_id, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_invites (store, room_id, now, error);
}

gboolean
gr_store_delete_invite (GrStore *store, const char *room_id, const char *code, GError **error)
{
  return GR_STORE_GET_IFACE (store)->delete_invite (store, room_id, code, error);
}

GrSeat *
gr_store_take_seat (GrStore *store, const GrJoin *join, GError **error)
{
  return GR_STORE_GET_IFACE (store)->take_seat (store, join, error);
}

gboolean
gr_store_leave_seat (GrStore *store, const char *participant_id, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->leave_seat (store, participant_id, now, error);
}

gboolean
gr_store_leave_all_seats (GrStore *store, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->leave_all_seats (store, now, error);
}

gboolean
gr_store_set_seat_role (GrStore *store, const char *participant_id, GrRoomRole role, GError **error)
{
  return GR_STORE_GET_IFACE (store)->set_seat_role (store, participant_id, role, error);
}

gboolean
gr_store_add_ban (GrStore *store, const GrBan *ban, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_ban (store, ban, error);
}

gboolean
gr_store_is_banned (GrStore *store,
                    const char *room_id,
                    const char *account_id,
                    const char *address_hash,
                    gboolean *banned,
                    GError **error)
{
  return GR_STORE_GET_IFACE (store)->is_banned (store, room_id, account_id, address_hash, banned, error);
}

GPtrArray *
gr_store_list_bans (GrStore *store, const char *room_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_bans (store, room_id, error);
}

gboolean
gr_store_delete_ban (GrStore *store, const char *room_id, const char *ban_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->delete_ban (store, room_id, ban_id, error);
}

gboolean
gr_store_add_message (GrStore *store, const GrMessage *message, GError **error)
{
  return GR_STORE_GET_IFACE (store)->add_message (store, message, error);
}

GPtrArray *
gr_store_list_messages (GrStore *store, const char *room_id, gint limit, const char *after, GError **error)
{
  return GR_STORE_GET_IFACE (store)->list_messages (store, room_id, limit, after, error);
}

gboolean
gr_store_delete_message (GrStore *store, const char *room_id, const char *message_id, GError **error)
{
  return GR_STORE_GET_IFACE (store)->delete_message (store, room_id, message_id, error);
}

gboolean
gr_store_forget_expired (GrStore *store, gint64 now, GError **error)
{
  return GR_STORE_GET_IFACE (store)->forget_expired (store, now, error);
}
