/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whoever is inside is judged again when their account changes: a session that is over ends the seats that were taken
 * with it, and who is no moderator any more has to come in anew, as whoever they are now. From main to a pool thread,
 * which reads the session, and back to main. */
#define GR_LOG_TOPIC "house"

#include "base/error.h"
#include "base/log.h"
#include "base/main-call.h"
#include "base/time.h"
#include "domain/rooms/house-private.h"

/* Reference counted: of the two threads either may let go of it last. */
typedef struct
{
  GrHouse *house;
  char *session_id;

  gboolean over;
  gboolean known; /* else the store did not say */
  GrRole role;
} Check;

static void
check_clear (gpointer data)
{
  Check *check = data;

  g_object_unref (check->house);
  g_free (check->session_id);
}

static void
check_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, check_clear);
}

/* Everybody of @account_id, or with @session_id, who is inside: GrParticipants, referenced, and their rooms. */
static GPtrArray *
find_inside (GrHouse *house, const char *account_id, const char *session_id, GPtrArray *rooms)
{
  g_autoptr (GPtrArray) live = gr_house_list (house);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < live->len; i++)
    {
      GPtrArray *participants = gr_room_get_participants (g_ptr_array_index (live, i));

      for (guint j = 0; j < participants->len; j++)
        {
          GrParticipant *participant = g_ptr_array_index (participants, j);

          if (participant->session_id == NULL
              || (account_id != NULL && g_strcmp0 (participant->account_id, account_id) != 0)
              || (session_id != NULL && g_strcmp0 (participant->session_id, session_id) != 0))
            continue;
          g_ptr_array_add (found, g_object_ref (participant));
          g_ptr_array_add (rooms, g_object_ref (g_ptr_array_index (live, i)));
        }
    }

  return found;
}

/* Who was host as a moderator may be a guest now, or not let in at all: the door decides. So it does where the store
 * could not say who they are. */
static void
apply (const Check *check, GrRoom *room, GrParticipant *participant)
{
  GrRole was = participant->server_role;

  if (check->over)
    {
      gr_info ("participant %s leaves: the session is over", participant->id);
      gr_room_leave (room, participant->id, GR_LEAVE_SIGNED_OUT, NULL);
      return;
    }

  if (check->known)
    participant->server_role = check->role;
  if (!check->known || (was >= GR_ROLE_MODERATOR && check->role < GR_ROLE_MODERATOR))
    gr_room_leave (room, participant->id, GR_LEAVE_LOST, NULL);
}

static void
conclude (gpointer data)
{
  Check *check = data;
  g_autoptr (GPtrArray) rooms = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) inside = find_inside (check->house, NULL, check->session_id, rooms);

  for (guint i = 0; i < inside->len; i++)
    apply (check, g_ptr_array_index (rooms, i), g_ptr_array_index (inside, i));
}

/* On a pool thread. */
static void
look_up (gpointer data)
{
  Check *check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) account
      = gr_store_get_session_account (check->house->store, check->session_id, gr_now (), &error);

  check->known = account != NULL;
  check->over = g_error_matches (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
  if (account != NULL)
    check->role = account->role;

  gr_main_post (conclude, g_atomic_rc_box_acquire (check), check_unref);
}

static void
judge_session (GrHouse *house, const char *session_id)
{
  Check *check = g_atomic_rc_box_new0 (Check);
  g_autoptr (GError) error = NULL;

  check->house = g_object_ref (house);
  check->session_id = g_strdup (session_id);
  if (gr_pool_push (house->door, look_up, check, check_unref, &error))
    return;

  gr_warning ("cannot look a session up: %s", error->message);
  conclude (check);
  check_unref (check);
}

static void
judge_account (GrHouse *house, const char *account_id)
{
  g_autoptr (GPtrArray) rooms = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) inside = find_inside (house, account_id, NULL, rooms);
  g_autoptr (GHashTable) sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer session_id;

  for (guint i = 0; i < inside->len; i++)
    {
      const GrParticipant *participant = g_ptr_array_index (inside, i);

      g_hash_table_add (sessions, g_strdup (participant->session_id));
    }

  g_hash_table_iter_init (&iter, sessions);
  while (g_hash_table_iter_next (&iter, &session_id, NULL))
    judge_session (house, session_id);
}

static void
on_account_changed (GrAccounts *accounts, const char *account_id, GrHouse *house)
{
  if (house->draining)
    return;

  if (house->at_door > 0)
    g_hash_table_add (house->doubtful, g_strdup (account_id));
  judge_account (house, account_id);
}

void
gr_house_watch_accounts (GrHouse *house)
{
  g_signal_connect_object (house->accounts, "changed", G_CALLBACK (on_account_changed), house, 0);
}

void
gr_house_judge_newcomer (GrHouse *house, const char *account_id)
{
  if (account_id != NULL && g_hash_table_contains (house->doubtful, account_id))
    judge_account (house, account_id);
}
