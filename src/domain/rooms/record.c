/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/rooms/record.h"

#include "base/household.h"
#include "base/id.h"

static const char *const visibilities[] = {
  [GR_VISIBILITY_PRIVATE] = "private",
  [GR_VISIBILITY_UNLISTED] = "unlisted",
  [GR_VISIBILITY_PUBLIC] = "public",
};

static const char *const room_roles[] = {
  [GR_ROOM_ROLE_HOST] = "host",
  [GR_ROOM_ROLE_GUEST] = "guest",
  [GR_ROOM_ROLE_VIEWER] = "viewer",
};

/* The place of @word among @words, or -1. */
static gint
find_word (const char *const *words, gint n_words, const char *word)
{
  for (gint i = 0; i < n_words; i++)
    if (g_strcmp0 (word, words[i]) == 0)
      return i;

  return -1;
}

void
gr_room_record_free (GrRoomRecord *room)
{
  g_free (room->id);
  g_free (room->slug);
  g_free (room->title);
  g_free (room->description);
  g_free (room->owner_id);
  g_free (room->owner_name);
  g_free (room);
}

void
gr_invite_free (GrInvite *invite)
{
  g_free (invite->code);
  g_free (invite->room_id);
  g_free (invite);
}

void
gr_seat_free (GrSeat *seat)
{
  g_free (seat->id);
  g_free (seat->room_id);
  g_free (seat->account_id);
  g_free (seat->address_hash);
  g_free (seat->name);
  g_free (seat);
}

void
gr_ban_free (GrBan *ban)
{
  g_free (ban->id);
  g_free (ban->room_id);
  g_free (ban->account_id);
  g_free (ban->address_hash);
  g_free (ban->name);
  g_free (ban);
}

void
gr_message_free (GrMessage *message)
{
  g_free (message->id);
  g_free (message->room_id);
  g_free (message->participant_id);
  g_free (message->account_id);
  g_free (message->name);
  g_free (message->text);
  g_free (message);
}

char *
gr_room_hash_address (const char *room_id, const char *address)
{
  g_autofree char *household = gr_household_of_text (address);
  g_autofree char *scoped = g_strconcat (room_id, " ", household, NULL);

  return gr_hash_token (scoped);
}

const char *
gr_visibility_to_string (GrVisibility visibility)
{
  return visibilities[visibility];
}

gboolean
gr_visibility_from_string (const char *word, GrVisibility *visibility)
{
  gint place = find_word (visibilities, G_N_ELEMENTS (visibilities), word);

  if (place < 0)
    return FALSE;

  *visibility = place;
  return TRUE;
}

const char *
gr_room_role_to_string (GrRoomRole role)
{
  return room_roles[role];
}

gboolean
gr_room_role_from_string (const char *word, GrRoomRole *role)
{
  gint place = find_word (room_roles, G_N_ELEMENTS (room_roles), word);

  if (place < 0)
    return FALSE;

  *role = place;
  return TRUE;
}
