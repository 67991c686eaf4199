/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroomctl: what an operator asks of a running greenroomd, over D-Bus. */
#include "ctl/commands.h"

#include "base/error.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum
{
  EXIT_REFUSED = 1, /* the daemon said no */
  EXIT_USAGE = 2,
  EXIT_NO_DAEMON = 3,
};

static GrOptions options;

static const GOptionEntry common_options[] = {
  { "socket", 's', 0, G_OPTION_ARG_FILENAME, &options.socket, "The daemon's control socket", "PATH" },
  { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options.config, "The daemon's key file, for its data directory", "FILE" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print JSON instead of tables", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Print the version and exit", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry create_options[] = {
  { "owner", 0, 0, G_OPTION_ARG_STRING, &options.owner, "Whose room it is; else the first administrator's", "USER" },
  { "slug", 0, 0, G_OPTION_ARG_STRING, &options.slug, "Its address; else one is made up", "SLUG" },
  { "description", 0, 0, G_OPTION_ARG_STRING, &options.description, "A few words about it", "TEXT" },
  { "visibility", 0, 0, G_OPTION_ARG_STRING, &options.visibility, "private, unlisted or public", "WORD" },
  { "capacity", 0, 0, G_OPTION_ARG_INT, &options.capacity, "How many fit in", "N" },
  { "waiting-room", 0, 0, G_OPTION_ARG_NONE, &options.waiting_room, "Newcomers wait until a host lets them in", NULL },
  { "no-guests", 0, 0, G_OPTION_ARG_NONE, &options.no_guests, "Only people with an account come in", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry close_options[] = {
  { "delete", 0, 0, G_OPTION_ARG_NONE, &options.forget, "Delete the room and its chat, too", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry kick_options[] = {
  { "ban", 0, 0, G_OPTION_ARG_NONE, &options.ban, "They may not come back", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry graph_options[] = {
  { "svg", 0, 0, G_OPTION_ARG_NONE, &options.svg, "Draw it, with Graphviz", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry start_options[] = {
  { "record", 0, 0, G_OPTION_ARG_NONE, &options.record, "Record the mix", NULL },
  { "tracks", 0, 0, G_OPTION_ARG_NONE, &options.tracks, "Record each participant apart, too", NULL },
  G_OPTION_ENTRY_NULL,
};

static const GOptionEntry add_options[] = {
  { "role", 0, 0, G_OPTION_ARG_STRING, &options.role, "user (unless said otherwise), moderator or admin", "ROLE" },
  { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &options.password_stdin, "Read the password from standard input", NULL },
  G_OPTION_ENTRY_NULL,
};

/* clang-format off */
static const GrCommand commands[] = {
  { "status", "", 0, 0, "How the daemon is", gr_command_status, NULL, FALSE },
  { "rooms", "", 0, 0, "List all rooms", gr_command_rooms, NULL, FALSE },
  { "room", "NAME", 1, 1, "Show a room and who is inside", gr_command_room, NULL, FALSE },
  { "create", "TITLE", 1, 1, "Make a room", gr_command_create, create_options, FALSE },
  { "close", "NAME", 1, 1, "Send everybody out of a room", gr_command_close, close_options, FALSE },
  { "kick", "ROOM PARTICIPANT", 2, 2, "Remove somebody from a room", gr_command_kick, kick_options, FALSE },
  { "graph", "ROOM", 1, 1, "The hub's pipeline for a room, in the language of Graphviz", gr_command_graph, graph_options, FALSE },
  { "tracks", "[ROOM]", 0, 1, "What comes to the hub, and how well", gr_command_tracks, NULL, FALSE },
  { "show list", "[STATUS]", 0, 1, "List broadcasts: all, or those scheduled, live, ended", gr_command_show_list, NULL, FALSE },
  { "show start", "BROADCAST", 1, 1, "Go live", gr_command_show_start, start_options, FALSE },
  { "show end", "BROADCAST", 1, 1, "End a broadcast", gr_command_show_end, NULL, FALSE },
  { "show stats", "BROADCAST", 1, 1, "How a running broadcast fares: destinations, queues, latency", gr_command_show_stats, NULL, FALSE },
  { "show graph", "BROADCAST", 1, 1, "The pipelines of a running broadcast, in the language of Graphviz", gr_command_show_graph, graph_options, FALSE },
  { "pipeline list", "", 0, 0, "The chains of elements for encoding, sending and recording", gr_command_pipeline_list, NULL, TRUE },
  { "pipeline show", "NAME", 1, 1, "The text of one", gr_command_pipeline_show, NULL, TRUE },
  { "pipeline check", "[NAME]", 0, 1, "Whether GStreamer can make one, or all", gr_command_pipeline_check, NULL, TRUE },
  { "pipeline run", "NAME", 1, 1, "Run its line for gst-launch-1.0, in the current directory", gr_command_pipeline_run, NULL, TRUE },
  { "user list", "", 0, 0, "List all accounts", gr_command_user_list, NULL, FALSE },
  { "user add", "EMAIL NAME", 2, 2, "Make an account; asks for the password", gr_command_user_add, add_options, FALSE },
  { "user promote", "USER [ROLE]", 1, 2, "Give an account another role: admin, moderator, user", gr_command_user_promote, NULL, FALSE },
};
/* clang-format on */

/* The row of the command that @arguments begin with; *@n_words of them are its name. */
static const GrCommand *
find_command (char **arguments, guint *n_words)
{
  g_autofree char *two = NULL;

  if (arguments[0] == NULL)
    return NULL;

  two = g_strjoin (" ", arguments[0], arguments[1], NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      gboolean long_name = strchr (commands[i].name, ' ') != NULL;

      if (!g_str_equal (commands[i].name, long_name ? two : arguments[0]))
        continue;

      *n_words = long_name ? 2 : 1;
      return &commands[i];
    }

  return NULL;
}

static char *
describe_commands (void)
{
  g_autoptr (GString) text = g_string_new ("Commands:");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = g_strdup_printf ("%s %s", commands[i].name, commands[i].arguments);

      g_string_append_printf (text, "\n  %-28s %s", usage, commands[i].help);
    }

  g_string_append (
      text, "\n\nA room is named by its address, id or title; a user by name, e-mail or id; a participant by\n"
            "name or id; a broadcast by title or id. \"greenroomctl COMMAND --help\" shows a command's own options.\n\n"
            "Exit status: 0 done, 1 the daemon refused, 2 wrong usage, 3 no daemon answers.");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static int
complain (int status, const char *message)
{
  fprintf (stderr, "greenroomctl: %s\n", message);

  return status;
}

static int
complain_about_usage (const char *message)
{
  complain (EXIT_USAGE, message);
  fputs ("Try \"greenroomctl --help\".\n", stderr);

  return EXIT_USAGE;
}

/* Takes the options before the command. */
static gboolean
parse_common (char ***arguments, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_autofree char *description = describe_commands ();

  g_option_context_set_summary (context, "Asks things of a running greenroomd.");
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, common_options, NULL);

  return g_option_context_parse_strv (context, arguments, error);
}

/* Takes the options after the command, its own and the common ones. */
static gboolean
parse_command (const GrCommand *command, char ***arguments, GError **error)
{
  g_autofree char *usage = g_strdup_printf ("%s %s", command->name, command->arguments);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);

  g_option_context_set_summary (context, command->help);
  g_option_context_add_main_entries (context, common_options, NULL);
  if (command->options != NULL)
    g_option_context_add_main_entries (context, command->options, NULL);

  return g_option_context_parse_strv (context, arguments, error);
}

/* "--" only said where the options end. */
static char **
skip_dashes (char **arguments)
{
  return g_strcmp0 (arguments[0], "--") == 0 ? arguments + 1 : arguments;
}

static int
run (const GrCommand *command, char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrDaemon) daemon = NULL;

  if (!command->alone)
    daemon = gr_daemon_find (options.socket, options.config, &error);
  if (error != NULL)
    return complain (g_error_matches (error, GR_ERROR, GR_ERROR_INVALID_INPUT) ? EXIT_USAGE : EXIT_NO_DAEMON,
                     error->message);

  if (!command->run (daemon, &options, arguments, &error))
    {
      g_dbus_error_strip_remote_error (error);
      return complain (EXIT_REFUSED, error->message);
    }

  if (fflush (stdout) != 0)
    return complain (EXIT_REFUSED, "The answer could not be written");

  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  const GrCommand *command;
  char **words;
  guint n_words, n_arguments;

  setlocale (LC_ALL, "");

  if (!parse_common (&arguments, &error))
    return complain_about_usage (error->message);

  if (options.version)
    {
      puts ("greenroomctl " GREENROOM_VERSION);
      return EXIT_SUCCESS;
    }

  words = skip_dashes (arguments + 1);
  if (words[0] == NULL)
    return complain_about_usage ("Say what to do");

  command = find_command (words, &n_words);
  if (command == NULL)
    {
      g_autofree char *message = g_strdup_printf ("There is no command \"%s\"", words[0]);

      return complain_about_usage (message);
    }

  /* The command's last word stands for the program's name from here on. */
  {
    char **rest = g_strdupv (words + n_words - 1);

    g_strfreev (arguments);
    arguments = rest;
  }

  if (!parse_command (command, &arguments, &error))
    return complain_about_usage (error->message);

  words = skip_dashes (arguments + 1);
  n_arguments = g_strv_length (words);

  if (n_arguments < command->least || n_arguments > command->most)
    {
      g_autofree char *message = g_strdup_printf ("Usage: greenroomctl %s %s", command->name, command->arguments);

      return complain_about_usage (message);
    }

  return run (command, words);
}
