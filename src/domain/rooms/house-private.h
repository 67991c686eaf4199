/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What house.c (the live rooms), door.c (coming in), judgement.c (staying in) and ledger.c (what is written down)
 * share. Main thread, but for what runs on the pools. */
#pragma once

#include "base/pool.h"
#include "base/rate-limiter.h"
#include "domain/rooms/house.h"

G_BEGIN_DECLS

struct _GrHouse
{
  GObject parent;

  GrStore *store;
  GrAccounts *accounts;
  GrPool *door;   /* joins */
  GrPool *ledger; /* one thread, so that what happened in a room is stored in that order */
  GrRateLimiter *joins;
  GrRateLimiter *messages;

  GHashTable *rooms;    /* id → GrRoom */
  GHashTable *deleted;  /* id → monotonic time until which it is remembered */
  GHashTable *changed;  /* id → GrRoomRecord: what changed while somebody was at the door */
  GHashTable *doubtful; /* set of accounts that changed while somebody was at the door */
  GHashTable *air;      /* id → GrAir of the rooms that are on air or recorded */
  GHashTable *shows;    /* id → id of the show there */
  guint at_door;
  GQueue unwritten; /* lines that the ledger could not take while the database was away */
  guint retry;
  gboolean draining;
};

/* house.c: the live room of *@record, which it takes (and sets to NULL) if the room was not live yet. */
GrRoom *gr_house_ensure_room (GrHouse *house, GrRoomRecord **record);

/* house.c: somebody less is at the door. */
void gr_house_left_door (GrHouse *house);

/* judgement.c: whoever is inside is judged again when their account changes (GrAccounts::changed). */
void gr_house_watch_accounts (GrHouse *house);

/* judgement.c: somebody has come in who may have been judged before their account changed. */
void gr_house_judge_newcomer (GrHouse *house, const char *account_id);

/* ledger.c: what outlives the participant. */
void gr_house_write_leave (GrHouse *house, const char *participant_id);
void gr_house_write_role (GrHouse *house, const char *participant_id, GrRoomRole role);

/* Gives up what could not be written. */
void gr_house_close_ledger (GrHouse *house);

G_END_DECLS
