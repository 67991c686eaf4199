/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What greenroomctl can do: a row per command. One thread. */
#pragma once

#include "ctl/daemon.h"

G_BEGIN_DECLS

/* All that the command line said. */
typedef struct
{
  char *socket;
  char *config;
  gboolean json;
  gboolean version;

  /* create */
  char *owner;
  char *slug;
  char *description;
  char *visibility;
  int capacity;
  gboolean waiting_room;
  gboolean no_guests;

  /* close */
  gboolean forget;

  /* kick */
  gboolean ban;

  /* graph, show graph */
  gboolean svg;

  /* show start */
  gboolean record;
  gboolean tracks;

  /* user add */
  char *role;
  gboolean password_stdin;
} GrOptions;

/* @daemon: NULL for a row that needs none. @arguments: as many as the row allows, NULL-terminated. */
typedef gboolean (*GrCommandFunc) (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);

typedef struct
{
  const char *name;      /* one word or two */
  const char *arguments; /* for people */
  guint least;
  guint most;
  const char *help;
  GrCommandFunc run;
  const GOptionEntry *options; /* of this command alone, or NULL */
  gboolean alone;              /* needs no daemon */
} GrCommand;

gboolean gr_command_status (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_rooms (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_room (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_create (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_close (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_kick (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_graph (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_tracks (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_show_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_show_start (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_show_end (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_show_stats (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_show_graph (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_pipeline_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_pipeline_show (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_pipeline_check (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_pipeline_run (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_user_list (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_user_add (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);
gboolean gr_command_user_promote (GrDaemon *daemon, const GrOptions *options, char **arguments, GError **error);

G_END_DECLS
