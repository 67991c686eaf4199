/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/commands.h"
#include "ctl/output.h"
#include "ctl/password.h"

#include <stdio.h>

#define PAGE 1000

/* All accounts, newest first, page by page. */
static GVariant *
fetch_users (GrDaemon *daemon, GError **error)
{
  GVariantBuilder all;
  g_autofree char *after = g_strdup ("");
  gsize n_users;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));

  do
    {
      g_autoptr (GVariant) page = NULL;

      if (!gr_dbus_manager_call_list_users_sync (daemon->manager, PAGE, after, &page, NULL, error))
        {
          g_variant_builder_clear (&all);
          return NULL;
        }

      n_users = g_variant_n_children (page);

      for (gsize i = 0; i < n_users; i++)
        {
          g_autoptr (GVariant) user = g_variant_get_child_value (page, i);

          g_variant_builder_add_value (&all, user);
          g_free (after);
          after = g_strdup (gr_member_text (user, "id"));
        }
    }
  while (n_users == PAGE);

  return g_variant_ref_sink (g_variant_builder_end (&all));
}

static void
print_user (GVariant *user, const GrOptions *options, const char *sentence)
{
  g_autofree char *name = gr_printable (gr_member_text (user, "name"));

  if (options->json)
    gr_print_json (user);
  else
    printf ("%s %s: %s\n", name, sentence, gr_member_text (user, "role"));
}

gboolean
gr_command_user_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  static const char *const titles[] = { "NAME", "E-MAIL", "ROLE", "SINCE", "ID", NULL };
  g_autoptr (GVariant) users = fetch_users (daemon, error);
  g_autoptr (GrTable) table = NULL;

  if (users == NULL)
    return FALSE;

  if (options->json)
    {
      gr_print_json (users);
      return TRUE;
    }

  table = gr_table_new (titles);

  for (gsize i = 0; i < g_variant_n_children (users); i++)
    {
      g_autoptr (GVariant) user = g_variant_get_child_value (users, i);

      gr_table_add (table, gr_member_text (user, "name"));
      gr_table_add (table, gr_member_text (user, "email"));
      gr_table_add (table, gr_member_text (user, "role"));
      gr_table_add_format (table, "%.10s", gr_member_text (user, "createdAt"));
      gr_table_add (table, gr_member_text (user, "id"));
    }

  gr_table_print (table);

  return TRUE;
}

gboolean
gr_command_user_add (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autofree char *password = gr_password_ask (options->password_stdin, error);
  g_autoptr (GVariant) user = NULL;

  if (password == NULL
      || !gr_dbus_manager_call_add_user_sync (daemon->manager, arguments[0], arguments[1], password,
                                              options->role != NULL ? options->role : "user", &user, NULL, error))
    return FALSE;

  print_user (user, options, "has an account now");

  return TRUE;
}

gboolean
gr_command_user_promote (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error)
{
  g_autoptr (GVariant) user = NULL;

  if (!gr_dbus_manager_call_set_user_role_sync (daemon->manager, arguments[0],
                                                arguments[1] != NULL ? arguments[1] : "admin", &user, NULL, error))
    return FALSE;

  print_user (user, options, "has a new role");

  return TRUE;
}
