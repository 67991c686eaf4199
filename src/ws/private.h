/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the session layer share. Main thread. */
#pragma once

#include <json-glib/json-glib.h>

#include "base/json-writer.h"
#include "base/metrics.h"
#include "contract.h"
#include "ws/connection.h"
#include "ws/sockets.h"

G_BEGIN_DECLS

typedef struct _GrSocket GrSocket;
typedef struct _GrWsSeat GrWsSeat;

struct _GrSockets
{
  GObject parent;

  GrHouse *house;
  GrSwitchboard *board;
  GrStudio *studio;
  GrShows *shows;
  GrConfig *config;
  GHashTable *open;      /* set of GrSocket, a reference each */
  GHashTable *seats;     /* participant id → GrWsSeat, owned */
  GHashTable *by_resume; /* resume token → GrWsSeat */
  GrMetric *count;       /* of open */
  gboolean draining;
};

/* A client's connection. Reference counted (g_rc_box) because a join may outlast it. */
struct _GrSocket
{
  GrSockets *sockets;         /* NULL once closed */
  GrWsConnection *connection; /* NULL once closed */
  GrWsSeat *seat;             /* NULL until joined; not owned */
  char *address;
  GCancellable *entering; /* while at a room's door */
  guint join_timer;       /* until joined */
  guint mistakes;
  gboolean asking; /* how its media fares */
};

/* A participant's place, which outlives a dropped socket for a while. */
struct _GrWsSeat
{
  GrSockets *sockets;
  GrRoom *room;
  GrParticipant *participant;
  GPtrArray *messages; /* GrMessage, for the first joined after the waiting list; NULL afterwards */
  GrSocket *socket;    /* NULL while away; not owned */
  char *resume;
  guint away_timer; /* while away */
  GrLeaveReason away_reason;
  GQueue missed; /* GBytes: what must not be lost while away or waiting */
  gsize missed_bytes;
};

/* sockets.c */
void gr_socket_send (GrSocket *socket, GBytes *frame);
void gr_socket_send_error (GrSocket *socket, const GError *error, const char *to);
void gr_socket_close (GrSocket *socket, guint code, const char *reason);
void gr_socket_unref (GrSocket *socket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSocket, gr_socket_unref)

/* seat.c. The participant of @admission has sat down; @socket gets its joined. */
GrWsSeat *gr_ws_seat_new (GrSockets *sockets, const GrAdmission *admission, GrSocket *socket);
void gr_ws_seat_free (GrWsSeat *seat);
GrWsSeat *gr_ws_seat_find (GrSockets *sockets, const char *participant_id);
GrActor gr_ws_seat_actor (GrWsSeat *seat);

/* Sends @frame if somebody is there to read it. */
void gr_ws_seat_send (GrWsSeat *seat, GBytes *frame);

/* Likewise, but keeps it (within bounds) for when the socket is back or the waiting is over. */
void gr_ws_seat_send_sure (GrWsSeat *seat, GBytes *frame);

/* Sends the whole state, then what was missed. */
void gr_ws_seat_send_joined (GrWsSeat *seat, gboolean resumed);

/* The socket is gone: the seat waits for another, and is left for @reason if none comes. Of a page that went
 * (GR_LEAVE_LEFT) it waits for as long as a page takes to load. */
void gr_ws_seat_detach (GrWsSeat *seat, GrLeaveReason reason);

/* @socket takes the seat over; the socket that held it, if any, is told so and closed. */
void gr_ws_seat_resume (GrWsSeat *seat, GrSocket *socket);

/* feed.c */
void gr_ws_feed_watch (GrSockets *sockets, GrRoom *room);

/* Sends @frame to everybody inside @room. */
void gr_ws_feed_tell_inside (GrSockets *sockets, GrRoom *room, GBytes *frame);

/* Likewise @backstage to those who hear backstage, and @others to the others. */
void gr_ws_feed_tell_apart (GrSockets *sockets, GrRoom *room, GBytes *backstage, GBytes *others);

/* Likewise to its hosts. */
void gr_ws_feed_tell_hosts (GrSockets *sockets, GrRoom *room, GBytes *frame);

/* studio.c: what happens to shows. */
void gr_ws_studio_watch (GrSockets *sockets);

/* The member of "joined" that tells of the running show, if one runs; and its scene, or NULL. */
void gr_ws_studio_write_running (GrJsonWriter *json, GrSockets *sockets, GrRoom *room);
GBytes *gr_ws_studio_frame_scene (GrSockets *sockets, GrRoom *room);

/* media.c: what the hub tells. */
void gr_ws_media_watch (GrSockets *sockets);

/* frames.c: a frame each, to be unreffed. */
GBytes *gr_ws_frame_error (const GError *error, const char *to);
GBytes *gr_ws_frame_joined (GrWsSeat *seat, gboolean resumed);
GBytes *gr_ws_frame_participant (const char *type, const GrParticipant *participant);
GBytes *gr_ws_frame_left (const char *participant_id, GrLeaveReason reason);
GBytes *gr_ws_frame_room (GrRoom *room, const char *account_id);
GBytes *gr_ws_frame_removed (const char *reason);
GBytes *gr_ws_frame_request (const char *type, GrMedia media, const char *by);
GBytes *gr_ws_frame_message (const GrMessage *message);
GBytes *gr_ws_frame_message_removed (const char *message_id);
GBytes *gr_ws_frame_reconnecting (guint after_ms);

GBytes *gr_ws_frame_media (GrRoom *room);
GBytes *gr_ws_frame_track (const char *type, const char *participant_id, GrTracks track);
GBytes *gr_ws_frame_answer (const char *sdp);
GBytes *gr_ws_frame_slots (GVariant *slots);       /* a(sss) */
GBytes *gr_ws_frame_speakers (GVariant *speakers); /* a(sd) */
GBytes *gr_ws_frame_codecs (const char *const *video);
GBytes *gr_ws_frame_quality (const char *json); /* an object */

/* A signalling message as it came, with "from" set by us. */
GBytes *gr_ws_frame_signal (JsonObject *message, const char *from);

/* dispatch.c: what a client sent. */
void gr_ws_dispatch (GrSocket *socket, const char *text, gsize length);

/* The families: each handles some message types. @message is valid by its schema; but for join, @socket has a seat. */
typedef gboolean (*GrWsHandler) (GrSocket *socket, JsonObject *message, GError **error);

gboolean gr_ws_handle_join (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_leave (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_status (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_signal (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_subscribe (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_quality (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_offer_to_hub (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_chat (GrSocket *socket, JsonObject *message, GError **error);
gboolean gr_ws_handle_stage (GrSocket *socket, JsonObject *message, GError **error);

G_END_DECLS
