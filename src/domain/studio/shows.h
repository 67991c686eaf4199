/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrShows: all running shows, between the people in the rooms, the store and the program processes. Owned by the
 * composition root. Main thread.
 *
 * Signals: "event" (const GrShowEvent *), of running shows and, to be told to hosts, of those to come; "show-added"
 * (GrBroadcast *), "show-removed" (GrBroadcast *). Storing happens on a thread of its own; main never waits for it. */
#pragma once

#include "domain/studio/broadcast.h"

G_BEGIN_DECLS

#define GR_TYPE_SHOWS (gr_shows_get_type ())
G_DECLARE_FINAL_TYPE (GrShows, gr_shows, GR, SHOWS, GObject)

GrShows *gr_shows_new (GrHouse *house, GrStudio *studio, GrProgramPort *programs, GrConfig *config);

/* Where the program process finds a picture. Before the first show. */
void gr_shows_set_picture_path (GrShows *shows, GrPicturePath path, gpointer user_data);

/* Has recordings put in order that the server left behind when it stopped: those of gr_studio_recover(). */
void gr_shows_finish_recordings (GrShows *shows, GPtrArray *recordings);

/* Begins a show that is marked live in the store; takes what it needs of @plan. UNAVAILABLE without a program to run.
 */
GrBroadcast *gr_shows_start (GrShows *shows, GrShowPlan *plan, GError **error);

/* The running show, or NULL; of a room likewise. */
GrBroadcast *gr_shows_get (GrShows *shows, const char *broadcast_id);
GrBroadcast *gr_shows_get_of_room (GrShows *shows, const char *room_id);

/* Running shows. The array is the caller's, the shows are not. */
GPtrArray *gr_shows_list (GrShows *shows);

/* How a broadcast stands, running or not. */
GrShowFacts gr_shows_get_facts (GrShows *shows, const GrBroadcastRecord *record);

/* What changed in the store: tells the show, or else the hosts. */
void gr_shows_record_changed (GrShows *shows, const GrBroadcastRecord *record, gboolean scene);

/* Likewise of a destination: new, changed or, with @destination NULL, gone. Takes @destination. */
void gr_shows_destination_changed (GrShows *shows,
                                   const GrBroadcastRecord *record,
                                   const char *destination_id,
                                   GrOpenDestination *destination);

/* And of what the room's hosts have at hand. */
void gr_shows_brand_changed (GrShows *shows, const GrBroadcastRecord *record, const GrBrand *brand);

/* How far a recording has come that is being made now, or NULL. */
const GrRecording *gr_shows_get_recording (GrShows *shows, const GrRecording *stored);

/* Asks the process of a running show (see gr_program_port_ask_async()); finish with the port that calls back. */
void gr_shows_ask_async (GrShows *shows,
                         const char *broadcast_id,
                         GrProgramQuestion question,
                         GAsyncReadyCallback callback,
                         gpointer user_data);

/* The room is gone from the store. */
void gr_shows_room_deleted (GrShows *shows, const char *room_id);

/* Ends all shows; FALSE while something of them is still being finished. For shutdown. */
gboolean gr_shows_wind_up (GrShows *shows);

/* Ends the thread. On main before the last reference goes. */
void gr_shows_stop (GrShows *shows);

G_END_DECLS
