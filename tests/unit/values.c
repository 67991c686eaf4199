/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of the domain's enumerations, as they stand in JSON. */
#include "domain/accounts/account.h"
#include "domain/rooms/record.h"

static void
test_words (void)
{
  GrVisibility visibility;
  GrRoomRole room_role;
  GrRole role;

  g_test_summary ("Every role and visibility comes back from its word");
  for (guint i = GR_ROLE_GUEST; i <= GR_ROLE_ADMIN; i++)
    g_assert_true (gr_role_from_string (gr_role_to_string (i), &role) && role == i);
  for (guint i = GR_VISIBILITY_PRIVATE; i <= GR_VISIBILITY_PUBLIC; i++)
    g_assert_true (gr_visibility_from_string (gr_visibility_to_string (i), &visibility) && visibility == i);
  for (guint i = GR_ROOM_ROLE_HOST; i <= GR_ROOM_ROLE_VIEWER; i++)
    g_assert_true (gr_room_role_from_string (gr_room_role_to_string (i), &room_role) && room_role == i);
}

static void
test_other_words (void)
{
  static const char *const words[] = { "", "Host", "guests", NULL };
  GrVisibility visibility = GR_VISIBILITY_UNLISTED;
  GrRoomRole room_role = GR_ROOM_ROLE_GUEST;
  GrRole role = GR_ROLE_USER;

  g_test_summary ("Another word is refused and changes nothing");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_false (gr_role_from_string (words[i], &role));
      g_assert_false (gr_visibility_from_string (words[i], &visibility));
      g_assert_false (gr_room_role_from_string (words[i], &room_role));
    }
  g_assert_cmpint (role, ==, GR_ROLE_USER);
  g_assert_cmpint (visibility, ==, GR_VISIBILITY_UNLISTED);
  g_assert_cmpint (room_role, ==, GR_ROOM_ROLE_GUEST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/values/words", test_words);
  g_test_add_func ("/values/other-words", test_other_words);
  return g_test_run ();
}
