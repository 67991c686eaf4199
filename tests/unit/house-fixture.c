/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "house-fixture.h"

void
house_set_up (HouseFixture *fixture)
{
  static const GrJwtKey key = { 0 };
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("greenroom-house-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->config = gr_config_new (NULL, &error);
  g_assert_no_error (error);
  fixture->store = gr_store_open (NULL, fixture->dir, 2, &error);
  g_assert_no_error (error);
  fixture->accounts = gr_accounts_new (fixture->store, fixture->config, &key);
  fixture->rooms = gr_rooms_new (fixture->store, fixture->config);
  fixture->house = gr_house_new (fixture->store, fixture->accounts, fixture->config);
}

void
house_stop (HouseFixture *fixture)
{
  gr_house_drain (fixture->house, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
  gr_house_stop (fixture->house);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
house_tear_down (HouseFixture *fixture)
{
  const char *const remove[] = { "rm", "-r", fixture->dir, NULL };
  g_autoptr (GError) error = NULL;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->house));
  g_assert_finalize_object (g_steal_pointer (&fixture->rooms));
  g_assert_finalize_object (g_steal_pointer (&fixture->accounts));
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
  g_clear_pointer (&fixture->config, gr_config_unref);

  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_free (fixture->dir);
}

char *
house_add_room (HouseFixture *fixture, const char *title)
{
  GrRoomChange change = GR_ROOM_CHANGE_NONE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GrAccount) owner = NULL;
  g_autoptr (GrRoomRecord) room = NULL;

  owner = gr_accounts_add (fixture->accounts, "ann@example.org", "correct horse", "Ann", GR_ROLE_USER, &error);
  g_assert_no_error (error);
  change.title = title;
  change.has_visibility = TRUE;
  change.visibility = GR_VISIBILITY_PUBLIC;
  room = gr_rooms_create (fixture->rooms, owner->id, &change, &error);
  g_assert_no_error (error);
  return g_strdup (room->id);
}
