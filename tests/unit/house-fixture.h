/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HouseFixture: a house over a real store in a folder of its own, for tests of what lives in it. Owned by the test.
 * Main thread. */
#pragma once

#include "domain/rooms/house.h"
#include "domain/rooms/rooms.h"
#include "store/store.h"

typedef struct
{
  char *dir;
  GrConfig *config;
  GrStore *store;
  GrAccounts *accounts;
  GrRooms *rooms;
  GrHouse *house;
} HouseFixture;

void house_set_up (HouseFixture *fixture);

/* Sends everybody out and lets end what was under way. */
void house_stop (HouseFixture *fixture);

/* After house_stop(). Whatever was made has to go. */
void house_tear_down (HouseFixture *fixture);

/* The id of a new public room of Ann's; the caller's. */
char *house_add_room (HouseFixture *fixture, const char *title);
