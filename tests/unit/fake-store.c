/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-store.h"

#include "base/error.h"

typedef struct
{
  char *account_id;
  gboolean revoked;
} Session;

typedef struct
{
  char *session_id;
  gboolean used;
} Token;

struct _GrFakeStore
{
  GObject parent;

  GMutex lock; /* of all below */
  GCond changed;
  gboolean away;
  gboolean held;
  GHashTable *accounts; /* id → GrAccount */
  GHashTable *sessions; /* id → Session */
  GHashTable *tokens;   /* hash → Token */
  GHashTable *rooms;    /* id → GrRoomRecord */
  GHashTable *seats;    /* id → GrSeat */
};

static void gr_fake_store_implement (GrStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GrFakeStore,
                               gr_fake_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GR_TYPE_STORE, gr_fake_store_implement))

static void
session_free (Session *session)
{
  g_free (session->account_id);
  g_free (session);
}

static void
token_free (Token *token)
{
  g_free (token->session_id);
  g_free (token);
}

static GrAccount *
copy_account (const GrAccount *account)
{
  GrAccount *copy = g_memdup2 (account, sizeof *account);

  copy->id = g_strdup (account->id);
  copy->email = g_strdup (account->email);
  copy->name = g_strdup (account->name);
  copy->password_hash = g_strdup (account->password_hash);

  return copy;
}

static GrRoomRecord *
copy_room (const GrRoomRecord *room)
{
  GrRoomRecord *copy = g_memdup2 (room, sizeof *room);

  copy->id = g_strdup (room->id);
  copy->slug = g_strdup (room->slug);
  copy->title = g_strdup (room->title);
  copy->description = g_strdup (room->description);
  copy->owner_id = g_strdup (room->owner_id);
  copy->owner_name = g_strdup (room->owner_name);

  return copy;
}

/* FALSE and an error while the store is away. The lock is held either way. */
static gboolean
is_there (GrFakeStore *store, GError **error)
{
  if (!store->away)
    return TRUE;

  gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "The database is away");
  return FALSE;
}

static gboolean
fail (GError **error, GrErrorCode code, const char *field)
{
  gr_set_error (error, code, field, "The fake store says no");
  return FALSE;
}

#define WITH(instance)                                                                                                 \
  GrFakeStore *fake = GR_FAKE_STORE (instance);                                                                        \
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fake->lock)

/* Another account that has the name or the e-mail. */
static gboolean
is_free (GrFakeStore *fake, const GrAccount *account, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, fake->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const GrAccount *other = value;

      if (g_str_equal (other->id, account->id) || other->email == NULL || account->email == NULL)
        continue;
      if (g_str_equal (other->email, account->email))
        return fail (error, GR_ERROR_EMAIL_TAKEN, "email");
      if (g_str_equal (other->name, account->name))
        return fail (error, GR_ERROR_NAME_TAKEN, "name");
    }

  return TRUE;
}

static gboolean
add_account (GrStore *store, const GrAccount *account, GError **error)
{
  GrAccount *copy;
  WITH (store);

  if (!is_there (fake, error) || !is_free (fake, account, error))
    return FALSE;

  copy = copy_account (account);
  g_hash_table_replace (fake->accounts, copy->id, copy);
  return TRUE;
}

static gboolean
update_account (GrStore *store, const GrAccount *account, GError **error)
{
  GrAccount *copy;
  WITH (store);

  if (!is_there (fake, error) || !is_free (fake, account, error))
    return FALSE;
  if (!g_hash_table_contains (fake->accounts, account->id))
    return fail (error, GR_ERROR_NOT_FOUND, NULL);

  copy = copy_account (account);
  g_hash_table_replace (fake->accounts, copy->id, copy);
  return TRUE;
}

static GrAccount *
get_account (GrStore *store, const char *id, GError **error)
{
  const GrAccount *account;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  account = g_hash_table_lookup (fake->accounts, id);
  if (account == NULL)
    return fail (error, GR_ERROR_NOT_FOUND, NULL), NULL;

  return copy_account (account);
}

static GrAccount *
find_account (GrStore *store, const char *email_or_name, GError **error)
{
  GHashTableIter iter;
  gpointer account;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  g_hash_table_iter_init (&iter, fake->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &account))
    if (g_strcmp0 (((GrAccount *) account)->email, email_or_name) == 0)
      return copy_account (account);

  return fail (error, GR_ERROR_NOT_FOUND, NULL), NULL;
}

static gboolean
has_administrator (GrStore *store, gboolean *answer, GError **error)
{
  GHashTableIter iter;
  gpointer account;
  WITH (store);

  *answer = FALSE;
  g_hash_table_iter_init (&iter, fake->accounts);
  while (g_hash_table_iter_next (&iter, NULL, &account))
    *answer |= ((GrAccount *) account)->role == GR_ROLE_ADMIN;

  return is_there (fake, error);
}

static void
add_token (GrFakeStore *fake, const char *hash, const char *session_id)
{
  Token *token = g_new0 (Token, 1);

  token->session_id = g_strdup (session_id);
  g_hash_table_replace (fake->tokens, g_strdup (hash), token);
}

static gboolean
add_session (GrStore *store, const GrSession *session, const char *token_hash, GError **error)
{
  Session *kept;
  WITH (store);

  if (!is_there (fake, error))
    return FALSE;

  kept = g_new0 (Session, 1);
  kept->account_id = g_strdup (session->account_id);
  g_hash_table_replace (fake->sessions, g_strdup (session->id), kept);
  add_token (fake, token_hash, session->id);
  return TRUE;
}

static GrSession *
rotate_session (GrStore *store,
                const char *token_hash,
                const char *next_hash,
                const char *address,
                gint64 now,
                gint64 expires_at,
                GError **error)
{
  GrSession *session;
  Session *kept;
  Token *token;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  token = g_hash_table_lookup (fake->tokens, token_hash);
  kept = token != NULL ? g_hash_table_lookup (fake->sessions, token->session_id) : NULL;
  if (kept == NULL || kept->revoked || token->used)
    {
      if (kept != NULL)
        kept->revoked = TRUE;
      return fail (error, GR_ERROR_TOKEN_INVALID, NULL), NULL;
    }

  token->used = TRUE;
  add_token (fake, next_hash, token->session_id);
  session = g_new0 (GrSession, 1);
  session->id = g_strdup (token->session_id);
  session->account_id = g_strdup (kept->account_id);
  return session;
}

static GrAccount *
get_session_account (GrStore *store, const char *session_id, gint64 now, GError **error)
{
  const Session *session;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  session = g_hash_table_lookup (fake->sessions, session_id);
  if (session == NULL || session->revoked)
    return fail (error, GR_ERROR_TOKEN_INVALID, NULL), NULL;

  return copy_account (g_hash_table_lookup (fake->accounts, session->account_id));
}

static gboolean
revoke_other_sessions (GrStore *store, const char *account_id, const char *keep_session_id, GError **error)
{
  GHashTableIter iter;
  gpointer id, session;
  WITH (store);

  g_hash_table_iter_init (&iter, fake->sessions);
  while (g_hash_table_iter_next (&iter, &id, &session))
    if (g_str_equal (((Session *) session)->account_id, account_id) && g_strcmp0 (id, keep_session_id) != 0)
      ((Session *) session)->revoked = TRUE;

  return is_there (fake, error);
}

static gboolean
revoke_session_by_token (GrStore *store, const char *token_hash, char **account_id, GError **error)
{
  const Token *token;
  WITH (store);

  *account_id = NULL;
  if (!is_there (fake, error))
    return FALSE;

  token = g_hash_table_lookup (fake->tokens, token_hash);
  if (token != NULL)
    {
      Session *session = g_hash_table_lookup (fake->sessions, token->session_id);

      session->revoked = TRUE;
      *account_id = g_strdup (session->account_id);
    }

  return TRUE;
}

static gboolean
add_room (GrStore *store, const GrRoomRecord *room, GError **error)
{
  GrRoomRecord *copy;
  WITH (store);

  if (!is_there (fake, error))
    return FALSE;

  copy = copy_room (room);
  g_hash_table_replace (fake->rooms, copy->id, copy);
  return TRUE;
}

static GrRoomRecord *
find_room (GrStore *store, const char *id, GError **error)
{
  const GrRoomRecord *room;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  room = g_hash_table_lookup (fake->rooms, id);
  if (room == NULL)
    return fail (error, GR_ERROR_NOT_FOUND, NULL), NULL;

  return copy_room (room);
}

static GrSeat *
make_seat (const GrRoomRecord *room, const GrJoin *join)
{
  GrSeat *seat = g_new0 (GrSeat, 1);
  gboolean hosts = join->moderator || g_strcmp0 (join->account_id, room->owner_id) == 0;

  seat->id = g_strdup (join->participant_id);
  seat->room_id = g_strdup (join->room_id);
  seat->account_id = g_strdup (join->account_id);
  seat->address_hash = g_strdup (join->address_hash);
  seat->name = g_strdup (join->name);
  seat->role = join->viewer ? GR_ROOM_ROLE_VIEWER : hosts ? GR_ROOM_ROLE_HOST : GR_ROOM_ROLE_GUEST;
  seat->joined_at = join->now;

  return seat;
}

static GrSeat *
take_seat (GrStore *store, const GrJoin *join, GError **error)
{
  const GrRoomRecord *room;
  GrSeat *seat;
  WITH (store);

  if (!is_there (fake, error))
    return NULL;

  room = g_hash_table_lookup (fake->rooms, join->room_id);
  if (g_hash_table_size (fake->seats) >= (guint) room->capacity)
    return fail (error, GR_ERROR_ROOM_FULL, NULL), NULL;

  seat = make_seat (room, join);
  g_hash_table_replace (fake->seats, seat->id, seat);
  while (fake->held)
    g_cond_wait (&fake->changed, &fake->lock);

  return make_seat (room, join);
}

static gboolean
leave_seat (GrStore *store, const char *participant_id, gint64 now, GError **error)
{
  WITH (store);

  if (!is_there (fake, error))
    return FALSE;

  g_hash_table_remove (fake->seats, participant_id);
  return TRUE;
}

static gboolean
leave_all_seats (GrStore *store, gint64 now, GError **error)
{
  WITH (store);

  if (!is_there (fake, error))
    return FALSE;

  g_hash_table_remove_all (fake->seats);
  return TRUE;
}

static gboolean
set_seat_role (GrStore *store, const char *participant_id, GrRoomRole role, GError **error)
{
  GrSeat *seat;
  WITH (store);

  if (!is_there (fake, error))
    return FALSE;

  seat = g_hash_table_lookup (fake->seats, participant_id);
  if (seat == NULL)
    return fail (error, GR_ERROR_NOT_FOUND, NULL);

  seat->role = role;
  return TRUE;
}

static gboolean
add_message (GrStore *store, const GrMessage *message, GError **error)
{
  WITH (store);

  return is_there (fake, error);
}

static GPtrArray *
list_messages (GrStore *store, const char *room_id, gint limit, const char *after, GError **error)
{
  WITH (store);

  return is_there (fake, error) ? g_ptr_array_new_with_free_func ((GDestroyNotify) gr_message_free) : NULL;
}

static void
gr_fake_store_finalize (GObject *object)
{
  GrFakeStore *fake = GR_FAKE_STORE (object);

  g_hash_table_unref (fake->accounts);
  g_hash_table_unref (fake->sessions);
  g_hash_table_unref (fake->tokens);
  g_hash_table_unref (fake->rooms);
  g_hash_table_unref (fake->seats);
  g_cond_clear (&fake->changed);
  g_mutex_clear (&fake->lock);

  G_OBJECT_CLASS (gr_fake_store_parent_class)->finalize (object);
}

static void
gr_fake_store_class_init (GrFakeStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gr_fake_store_finalize;
}

static void
gr_fake_store_init (GrFakeStore *fake)
{
  g_mutex_init (&fake->lock);
  g_cond_init (&fake->changed);
  fake->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_account_free);
  fake->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) session_free);
  fake->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) token_free);
  fake->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_room_record_free);
  fake->seats = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) gr_seat_free);
}

static void
gr_fake_store_implement (GrStoreInterface *iface)
{
  iface->add_account = add_account;
  iface->get_account = get_account;
  iface->find_account = find_account;
  iface->update_account = update_account;
  iface->has_administrator = has_administrator;
  iface->add_session = add_session;
  iface->rotate_session = rotate_session;
  iface->get_session_account = get_session_account;
  iface->revoke_other_sessions = revoke_other_sessions;
  iface->revoke_session_by_token = revoke_session_by_token;
  iface->add_room = add_room;
  iface->find_room = find_room;
  iface->take_seat = take_seat;
  iface->leave_seat = leave_seat;
  iface->leave_all_seats = leave_all_seats;
  iface->set_seat_role = set_seat_role;
  iface->add_message = add_message;
  iface->list_messages = list_messages;
}

GrFakeStore *
gr_fake_store_new (void)
{
  return g_object_new (GR_TYPE_FAKE_STORE, NULL);
}

void
gr_fake_store_set_away (GrFakeStore *store, gboolean away)
{
  WITH (store);

  fake->away = away;
}

void
gr_fake_store_hold_door (GrFakeStore *store, gboolean held)
{
  WITH (store);

  fake->held = held;
  g_cond_broadcast (&fake->changed);
}

guint
gr_fake_store_count_seats (GrFakeStore *store)
{
  WITH (store);

  return g_hash_table_size (fake->seats);
}

gint
gr_fake_store_get_role (GrFakeStore *store, const char *participant_id)
{
  const GrSeat *seat;
  WITH (store);

  seat = g_hash_table_lookup (fake->seats, participant_id);
  return seat != NULL ? (gint) seat->role : -1;
}
