/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrPlane: everything the hub thread owns: its sockets, its peers by name and by address, its tracks, the counters. No
 * locks: only that thread touches it. Main speaks to it through `commands` and is told through `notices`. */
#pragma once

#include "plugins/hubtransport/batch.h"
#include "plugins/hubtransport/mailbox.h"
#include "plugins/hubtransport/peer.h"

G_BEGIN_DECLS

/* Datagrams of one turn and socket. */
#define GR_PLANE_ARRIVALS 64
#define GR_PLANE_RECEIVE_BYTES 2048

typedef enum
{
  GR_COMMAND_ADD_PEER, /* object: GrPeer */
  GR_COMMAND_REMOVE_PEER,
  GR_COMMAND_CREDENTIALS, /* object: GrCredentials */
  GR_COMMAND_KEYS,        /* object, other: GrSrtp in and out; or NULL: refused */
  GR_COMMAND_DTLS,        /* object: GBytes, to send */
  GR_COMMAND_SESSION,     /* object: GrHubSession */
  GR_COMMAND_PUBLISH,     /* object: GrTrack */
  GR_COMMAND_UNPUBLISH,
  GR_COMMAND_MUTE,        /* value: gboolean */
  GR_COMMAND_ADD_SLOT,    /* object: GrSlot */
  GR_COMMAND_REMOVE_SLOT, /* value: GrHubSlotId */
  GR_COMMAND_SUBSCRIBE,   /* value: GrHubSlotId */
  GR_COMMAND_RECORD,      /* object: GBytes, for the peer's link */
  GR_COMMAND_SNAPSHOT,    /* object: GTask */
  GR_COMMAND_QUIT
} GrCommandKind;

typedef struct
{
  GrCommandKind kind;
  GrHubPeerId peer;
  GrHubTrackId track;
  guint32 value;
  gpointer object; /* owned by the command */
  gpointer other;
} GrCommand;

/* Frees what a command that nobody will take owns. */
void gr_command_clear (GrCommand *command);

typedef struct
{
  gboolean nominated; /* no fact for the owner of the hub: ICE of the peer is connected */
  GrHubFact fact;
} GrNotice;

typedef struct
{
  int fd;
  GrBatch *batch;
} GrPlaneSocket;

/* A packet of media of this turn, decrypted. */
typedef struct
{
  const guint8 *packet;
  gsize length;
  GrRtpHeader header;
  const GrHubPayload *payload;
  gboolean keyframe; /* begins one */
  gint next;         /* of the same track, −1: none */
} GrArrival;

typedef struct _GrPlane
{
  gint64 now;      /* µs, monotonic, of this turn */
  gint64 ntp_base; /* µs from 1900 to the start of the monotonic clock: our NTP time never jumps */
  GrPlaneSocket sockets[GR_HUB_MAX_ADDRESSES];
  guint n_sockets;
  int link_epoll;    /* of the links' sockets, the peers' ids with them */
  GPtrArray *linked; /* GrPeer, those with a link */
  GrMailbox *commands;
  GrMailbox *notices;
  gint64 liveness; /* µs */

  GHashTable *peers;      /* id → GrPeer, owned */
  GHashTable *by_ufrag;   /* GrCredentials.ufrag → GrPeer */
  GHashTable *by_address; /* GrAddress, of the peer → GrPeer */
  GHashTable *tracks;     /* id → GrTrack */

  GrArrival arrivals[GR_PLANE_ARRIVALS];
  guint n_arrivals;
  GrTrack *touched[GR_PLANE_ARRIVALS]; /* tracks with arrivals */
  guint n_touched;

  GrHubCounters counters;
  gint64 next_levels;
  gint64 next_rates;
  gint64 next_check; /* when a NACK or a keyframe request may be due */
  gint64 next_liveness;
  guint8 received[GR_PLANE_ARRIVALS][GR_PLANE_RECEIVE_BYTES];
} GrPlane;

/* Takes over the sockets (bound, not blocking); references both mailboxes. */
GrPlane *gr_plane_new (const int *fds, guint n_fds, GrMailbox *commands, GrMailbox *notices, gint64 liveness);
void gr_plane_free (GrPlane *plane);

/* Carries out a command and frees what it owns. */
void gr_plane_obey (GrPlane *plane, GrCommand *command);

GrPeer *gr_plane_peer (GrPlane *plane, GrHubPeerId peer);
GrTrack *gr_plane_track (GrPlane *plane, GrHubTrackId track);

/* FALSE if main is too slow: counted. */
gboolean gr_plane_tell (GrPlane *plane, const GrNotice *notice);
gboolean gr_plane_tell_of (GrPlane *plane, GrHubFactKind kind, GrHubPeerId peer, GrHubTrackId track);

/* Something is due at @due (µs, monotonic; G_MAXINT64: nothing). */
void gr_plane_check_at (GrPlane *plane, gint64 due);
/* Of a video track. */
void gr_plane_want_keyframe (GrPlane *plane, GrTrack *track);
/* 32.32 bits (RFC 5905, section 6). */
guint64 gr_plane_ntp (const GrPlane *plane);

/* Where the next packet to @peer is written; send it with gr_plane_commit(). */
guint8 *gr_plane_reserve (GrPlane *plane, const GrPeer *peer);
void gr_plane_commit (GrPlane *plane, GrPeer *peer, gsize length);
/* Encrypts what was reserved and queues it; FALSE if it cannot be. */
gboolean gr_plane_protect_and_commit (GrPlane *plane, GrPeer *peer, guint8 *packet, gsize length);

void gr_plane_flush (GrPlane *plane);

G_END_DECLS
