/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/commands.h"
#include "ctl/output.h"

#include "base/error.h"

#include <stdio.h>

#define PAGE 1000

/* All rooms, newest first, page by page. */
static GVariant *
fetch_rooms (GrDaemon *daemon, GError **error)
{
  GVariantBuilder all;
  g_autofree char *after = g_strdup ("");
  gsize n_rooms;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));

  do
    {
      g_autoptr (GVariant) page = NULL;

      if (!gr_dbus_manager_call_list_rooms_sync (daemon->manager, PAGE, after, &page, NULL, error))
        {
          g_variant_builder_clear (&all);
          return NULL;
        }

      n_rooms = g_variant_n_children (page);

      for (gsize i = 0; i < n_rooms; i++)
        {
          g_autoptr (GVariant) room = g_variant_get_child_value (page, i);

          g_variant_builder_add_value (&all, room);
          g_free (after);
          after = g_strdup (gr_member_text (room, "id"));
        }
    }
  while (n_rooms == PAGE);

  return g_variant_ref_sink (g_variant_builder_end (&all));
}

static char *
describe_state (GVariant *room)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  if (gr_member_flag (room, "locked"))
    g_ptr_array_add (words, (char *) "locked");
  if (gr_member_flag (room, "waitingRoom"))
    g_ptr_array_add (words, (char *) "waiting list");
  if (!gr_member_flag (room, "guests"))
    g_ptr_array_add (words, (char *) "accounts only");
  g_ptr_array_add (words, NULL);

  return g_strjoinv (", ", (char **) words->pdata);
}

static char *
describe_media (GVariant *participant)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  if (gr_member_flag (participant, "audio"))
    g_ptr_array_add (words, (char *) "microphone");
  if (gr_member_flag (participant, "video"))
    g_ptr_array_add (words, (char *) "camera");
  if (gr_member_flag (participant, "screen"))
    g_ptr_array_add (words, (char *) "screen");
  g_ptr_array_add (words, NULL);

  return g_strjoinv (", ", (char **) words->pdata);
}

static void
print_people (GVariant *people)
{
  static const char *const titles[] = { "NAME", "ROLE", "STAGE", "SENDS", "JOINED", "ID", NULL };
  g_autoptr (GrTable) table = gr_table_new (titles);

  for (gsize i = 0; i < g_variant_n_children (people); i++)
    {
      g_autoptr (GVariant) participant = g_variant_get_child_value (people, i);
      g_autofree char *media = describe_media (participant);

      gr_table_add (table, gr_member_text (participant, "name"));
      gr_table_add (table, gr_member_text (participant, "role"));
      gr_table_add (table, gr_member_text (participant, "stage"));
      gr_table_add (table, media);
      gr_table_add_format (table, "%.19s", gr_member_text (participant, "joinedAt"));
      gr_table_add (table, gr_member_text (participant, "id"));
    }

  gr_table_print (table);
}

static void
print_room (GVariant *room)
{
  g_autofree char *state = describe_state (room);

  gr_print_fact ("Title", "%s", gr_member_text (room, "title"));
  gr_print_fact ("Address", "%s", gr_member_text (room, "slug"));
  gr_print_fact ("Id", "%s", gr_member_text (room, "id"));
  gr_print_fact ("Owner", "%s", gr_member_text (room, "owner"));
  gr_print_fact ("Visibility", "%s", gr_member_text (room, "visibility"));
  if (*state != '\0')
    gr_print_fact ("State", "%s", state);
  gr_print_fact ("Made", "%.19s", gr_member_text (room, "createdAt"));
  gr_print_fact ("People", "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, gr_member_number (room, "participants"),
                 gr_member_number (room, "capacity"));
}

/* The id of the one participant that @name means: an id, or a name that nobody else there has. */
static char *
find_participant (GVariant *people, const char *name, GError **error)
{
  g_autofree char *wanted = g_utf8_casefold (name, -1);
  g_autoptr (GString) ids = g_string_new (NULL);
  guint n_found = 0;

  for (gsize i = 0; i < g_variant_n_children (people); i++)
    {
      g_autoptr (GVariant) participant = g_variant_get_child_value (people, i);
      const char *id = gr_member_text (participant, "id");
      g_autofree char *folded = g_utf8_casefold (gr_member_text (participant, "name"), -1);

      if (g_str_equal (id, name))
        return g_strdup (id);

      if (g_str_equal (folded, wanted))
        {
          g_string_append_printf (ids, "%s%s", n_found > 0 ? ", " : "", id);
          n_found++;
        }
    }

  if (n_found == 1)
    return g_string_free (g_steal_pointer (&ids), FALSE);

  if (n_found == 0)
    gr_set_error (error, GR_ERROR_NOT_FOUND, NULL, "Nobody called \"%s\" is in that room", name);
  else
    gr_set_error (error, GR_ERROR_CONFLICT, NULL, "Several are called \"%s\": say which by id: %s", name, ids->str);

  return NULL;
}

gboolean
gr_command_rooms (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  static const char *const titles[] = { "ADDRESS", "TITLE", "OWNER", "VISIBILITY", "PEOPLE", "STATE", NULL };
  g_autoptr (GVariant) rooms = fetch_rooms (daemon, error);
  g_autoptr (GrTable) table = NULL;

  if (rooms == NULL)
    return FALSE;

  if (options->json)
    {
      gr_print_json (rooms);
      return TRUE;
    }

  table = gr_table_new (titles);

  for (gsize i = 0; i < g_variant_n_children (rooms); i++)
    {
      g_autoptr (GVariant) room = g_variant_get_child_value (rooms, i);
      g_autofree char *state = describe_state (room);

      gr_table_add (table, gr_member_text (room, "slug"));
      gr_table_add (table, gr_member_text (room, "title"));
      gr_table_add (table, gr_member_text (room, "owner"));
      gr_table_add (table, gr_member_text (room, "visibility"));
      gr_table_add_format (table, "%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, gr_member_number (room, "participants"),
                           gr_member_number (room, "capacity"));
      gr_table_add (table, state);
    }

  gr_table_print (table);

  return TRUE;
}

gboolean
gr_command_room (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GVariant) room = NULL;
  g_autoptr (GVariant) people = NULL;

  if (!gr_dbus_manager_call_find_room_sync (daemon->manager, arguments[0], &path, &room, NULL, error))
    return FALSE;

  people = gr_daemon_get_people (daemon, path, error);
  if (people == NULL)
    return FALSE;

  if (options->json)
    {
      g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (room);

      g_variant_dict_insert_value (&dict, "people", people);
      gr_print_json (g_variant_dict_end (&dict));
      return TRUE;
    }

  print_room (room);
  if (g_variant_n_children (people) > 0)
    {
      puts ("");
      print_people (people);
    }

  return TRUE;
}

gboolean
gr_command_create (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_auto (GVariantDict) wish = G_VARIANT_DICT_INIT (NULL);
  const struct
  {
    const char *name;
    const char *text;
  } texts[] = {
    { "owner", options->owner },
    { "slug", options->slug },
    { "description", options->description },
    { "visibility", options->visibility },
  };
  g_autofree char *path = NULL;
  g_autoptr (GVariant) room = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].text != NULL)
      g_variant_dict_insert (&wish, texts[i].name, "s", texts[i].text);

  if (options->capacity != 0)
    g_variant_dict_insert (&wish, "capacity", "i", options->capacity);
  if (options->waiting_room)
    g_variant_dict_insert (&wish, "waitingRoom", "b", TRUE);
  if (options->no_guests)
    g_variant_dict_insert (&wish, "guests", "b", FALSE);

  if (!gr_dbus_manager_call_create_room_sync (daemon->manager, arguments[0], g_variant_dict_end (&wish), &path, &room,
                                              NULL, error))
    return FALSE;

  if (options->json)
    gr_print_json (room);
  else
    print_room (room);

  return TRUE;
}

gboolean
gr_command_close (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  guint n_people;

  if (!gr_dbus_manager_call_close_room_sync (daemon->manager, arguments[0], options->forget, &n_people, NULL, error))
    return FALSE;

  printf ("%s; %u had to leave\n", options->forget ? "The room is deleted" : "The room is closed", n_people);

  return TRUE;
}

gboolean
gr_command_kick (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GVariant) people = NULL;
  g_autoptr (GrDBusRoom) room = NULL;

  if (!gr_dbus_manager_call_find_room_sync (daemon->manager, arguments[0], &path, &record, NULL, error))
    return FALSE;

  people = gr_daemon_get_people (daemon, path, error);
  if (people == NULL)
    return FALSE;

  id = find_participant (people, arguments[1], error);
  if (id == NULL)
    return FALSE;

  room = gr_daemon_get_room (daemon, path, error);
  if (room == NULL || !gr_dbus_room_call_kick_sync (room, id, options->ban, NULL, error))
    return FALSE;

  puts (options->ban ? "Removed, and banned from the room" : "Removed from the room");

  return TRUE;
}
