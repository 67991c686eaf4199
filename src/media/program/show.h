/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrShow: a programme while it runs: people's tracks come over the link, are decoded and mixed, encoded once, and
 * fanned out; and go back to the hub. The background and silence are always there, so its clock runs from the first
 * second to the last, whatever people do. Owned by the service. Main thread; facts of streaming threads are posted
 * there. */
#pragma once

#include "base/json-writer.h"
#include "media/program/fanout.h"
#include "media/program/scene.h"

G_BEGIN_DECLS

#define GR_TYPE_SHOW (gr_show_get_type ())
G_DECLARE_FINAL_TYPE (GrShow, gr_show, GR, SHOW, GObject)

typedef void (*GrShowTrackFunc) (
    GrShow *show, const char *participant, const char *kind, GrFanout *fanout, gboolean here, gpointer user_data);

typedef struct
{
  void (*started) (GrShow *show, gpointer user_data);
  /* It cannot go on. */
  void (*failed) (GrShow *show, const char *why, gpointer user_data);
  /* A track of a participant came or goes: @fanout has one stream, in the codec it is sent in. For recordings of single
   * tracks. NULL: not told. */
  GrShowTrackFunc track;
  gpointer user_data;
} GrShowEvents;

GrShow *gr_show_new (const GrShowEvents *events);

/* Takes over @fd, the program's end of a link; at any time, and again when the hub was replaced. */
void gr_show_set_socket (GrShow *show, int fd);

/* GR_ERROR_CONFLICT, GR_ERROR_UNAVAILABLE. */
gboolean gr_show_start (GrShow *show, const GrShowSettings *settings, GError **error);

/* Take them over. */
void gr_show_set_scene (GrShow *show, GrScene *scene);
void gr_show_set_people (GrShow *show, GArray *people);

/* (transfer none): the programme's streams; NULL before it runs. */
GrFanout *gr_show_get_fanout (GrShow *show);
/* The directory of the settings, or NULL. */
const char *gr_show_get_pipelines_directory (GrShow *show);
/* A participant's name, or NULL if it is not among the people. */
const char *gr_show_get_name (GrShow *show, const char *participant);
/* Calls @func for those that are there, as the event `track`. */
void gr_show_list_tracks (GrShow *show, GrShowTrackFunc func, gpointer user_data);

/* Members of an object: seconds, latencyMs, link, video, audio, inputs. */
void gr_show_describe (GrShow *show, GrJsonWriter *json);
/* What was made and what was skipped, at the end of it all. */
void gr_show_log_totals (GrShow *show);
/* In the language of Graphviz. */
char *gr_show_draw (GrShow *show);

/* Ends the pipelines; they may take a moment, elsewhere. */
void gr_show_stop (GrShow *show);

G_END_DECLS
