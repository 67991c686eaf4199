/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The port to the processes that make programmes, one for each running show. GrProgramPort is implemented in
 * src/workers; the domain knows only this page. Main thread, no call blocks. Documents are the JSON of
 * org.greenroom.Media1.Program. A show is named by its broadcast's id, which is also its name as a participant of the
 * room in the hub.
 *
 * A process that dies is replaced by itself: "down", then "up", after which it knows nothing and is told everything
 * again. Calls on a show that is down are dropped.
 *
 * Signals, each with the show:
 *  up (const char *show)                      it listens, and is linked with the hub if there is one
 *  down (const char *show)
 *  started (const char *show)                 the programme runs
 *  failed (const char *show, const char *why) the process gives up; "down" follows
 *  output (const char *show, const char *id, const char *status) */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GR_TYPE_PROGRAM_PORT (gr_program_port_get_type ())
G_DECLARE_INTERFACE (GrProgramPort, gr_program_port, GR, PROGRAM_PORT, GObject)

typedef enum
{
  GR_PROGRAM_STATISTICS, /* JSON */
  GR_PROGRAM_GRAPH,      /* in the language of Graphviz */
} GrProgramQuestion;

struct _GrProgramPortInterface
{
  GTypeInterface parent;

  gboolean (*open) (GrProgramPort *port, const char *show, const char *room, GError **error);
  void (*close) (GrProgramPort *port, const char *show);
  void (*start) (GrProgramPort *port, const char *show, const char *settings);
  void (*set_scene) (GrProgramPort *port, const char *show, const char *scene);
  void (*set_people) (GrProgramPort *port, const char *show, const char *people);
  void (*watch) (GrProgramPort *port, const char *show, GVariant *tracks);
  void (*add_output) (GrProgramPort *port, const char *show, const char *id, const char *output);
  void (*remove_output) (GrProgramPort *port, const char *show, const char *id);
  void (*ask_async) (GrProgramPort *port,
                     const char *show,
                     GrProgramQuestion question,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  char *(*ask_finish) (GrProgramPort *port, GAsyncResult *result, GError **error);
  void (*end_async) (GrProgramPort *port, const char *show, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*end_finish) (GrProgramPort *port, GAsyncResult *result, GError **error);
};

/* Begins a process for the show; "up" follows. @room: NULL for one that takes no part in any, and is only to finish
 * files. UNAVAILABLE where there is no program to run. */
gboolean gr_program_port_open (GrProgramPort *port, const char *show, const char *room, GError **error);

/* Ends it for good; no signal follows. */
void gr_program_port_close (GrProgramPort *port, const char *show);

void gr_program_port_start (GrProgramPort *port, const char *show, const char *settings);
void gr_program_port_set_scene (GrProgramPort *port, const char *show, const char *scene);
void gr_program_port_set_people (GrProgramPort *port, const char *show, const char *people);

/* Which tracks travel to it: a(ss) of participant and kind, taken if floating. Kept when the hub is replaced. */
void gr_program_port_watch (GrProgramPort *port, const char *show, GVariant *tracks);

void gr_program_port_add_output (GrProgramPort *port, const char *show, const char *id, const char *output);
void gr_program_port_remove_output (GrProgramPort *port, const char *show, const char *id);

/* UNAVAILABLE while it is down. */
void gr_program_port_ask_async (GrProgramPort *port,
                                const char *show,
                                GrProgramQuestion question,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
char *gr_program_port_ask_finish (GrProgramPort *port, GAsyncResult *result, GError **error);

/* Finishes all outputs; answers when they are, within minutes. */
void
gr_program_port_end_async (GrProgramPort *port, const char *show, GAsyncReadyCallback callback, gpointer user_data);
gboolean gr_program_port_end_finish (GrProgramPort *port, GAsyncResult *result, GError **error);

G_END_DECLS
