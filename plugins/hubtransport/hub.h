/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrHub: the forwarding plane of one process. One UDP port carries all its peers (ICE-lite, DTLS-SRTP); a thread of its
 * own, "hub", receives, decrypts, routes, rewrites, encrypts and sends, and speaks RTCP. A webrtcbin per peer shakes
 * hands in DTLS and never sees a packet of media.
 *
 * Whoever makes the hub owns it, on the thread of that moment's default main context ("main"): every function is called
 * there, and what happens is told there as facts. Nothing here waits for the hub thread except gr_hub_new() and the
 * last unref. Peers, tracks and slots go by numbers that the caller chooses, none of them 0; a peer's is
 * not used again, since facts about the one before may be under way. */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

#include "plugins/hubtransport/hub-codec.h"

G_BEGIN_DECLS

typedef guint32 GrHubPeerId;
typedef guint32 GrHubTrackId;
typedef guint32 GrHubSlotId; /* unique within its peer */

#define GR_HUB_MAX_ADDRESSES 8
#define GR_HUB_MAX_CODECS 16
#define GR_HUB_MID_BYTES 16

typedef enum
{
  GR_HUB_AUDIO,
  GR_HUB_VIDEO
} GrHubMedia;

/* The header extensions that matter here; whatever else a packet bears is not passed on. */
typedef enum
{
  GR_HUB_MID,                   /* RFC 9143: read, and rewritten */
  GR_HUB_AUDIO_LEVEL,           /* RFC 6464: read, and passed on */
  GR_HUB_VIDEO_ORIENTATION,     /* 3GPP TS 26.114: passed on */
  GR_HUB_DEPENDENCY_DESCRIPTOR, /* AV1 RTP specification: passed on */
  GR_HUB_N_EXTENSIONS
} GrHubExtension;

/* A payload type of a peer's session, the same in both directions. A packet goes from one peer to another as the
 * payload type with the same format. */
typedef struct
{
  guint8 payload_type;
  guint8 rtx_payload_type; /* RFC 4588; 0: none */
  guint8 format;           /* the caller's number of what a decoder has to agree to */
  GrHubCodec codec;
  guint32 clock_rate;
} GrHubPayload;

/* What was negotiated with a peer. */
typedef struct
{
  GrHubPayload payloads[GR_HUB_MAX_CODECS];
  guint n_payloads;
  guint8 extensions[GR_HUB_N_EXTENSIONS]; /* identifiers 1 to 14, 0: not negotiated */
} GrHubSession;

/* A stream that a peer sends. Its SSRCs, where the offer does not name them, are learnt from the mid. */
typedef struct
{
  GrHubMedia media;
  guint32 ssrc;
  guint32 rtx_ssrc;
  char mid[GR_HUB_MID_BYTES + 1];
  guint32 max_bits; /* per second: what its sender may use, told in REMB, and what to remember for retransmissions;
                       0: 128 kbit/s for audio, 4 Mbit/s for video */
} GrHubTrack;

/* A stream that a peer receives, from whichever track is subscribed to. */
typedef struct
{
  GrHubMedia media;
  guint32 ssrc;
  guint32 rtx_ssrc; /* 0: no retransmissions */
  char mid[GR_HUB_MID_BYTES + 1];
} GrHubSlot;

typedef enum
{
  GR_HUB_CONNECTED,       /* a peer may send and receive */
  GR_HUB_REFUSED,         /* its certificate is not the one it announced: no packet passes */
  GR_HUB_GONE,            /* silent for liveness_ms, or it never came: told once, the peer stays until it is removed */
  GR_HUB_TRACK_SEEN,      /* the first packet of a track */
  GR_HUB_KEYFRAME_WANTED, /* a publisher was asked for a keyframe */
  GR_HUB_LEVELS           /* how loud the audio tracks were, ten times a second while any is heard */
} GrHubFactKind;

typedef struct
{
  GrHubTrackId track;
  guint8 level; /* −dBov: 0 loudest, 127 silent; the loudest packet of the period */
} GrHubLevel;

#define GR_HUB_MAX_LEVELS 32

typedef struct
{
  GrHubFactKind kind;
  GrHubPeerId peer;
  GrHubTrackId track;
  guint n_levels;
  GrHubLevel levels[GR_HUB_MAX_LEVELS]; /* one fact of the kind per 32 tracks that were heard */
} GrHubFact;

#define GR_TYPE_HUB (gr_hub_get_type ())
G_DECLARE_FINAL_TYPE (GrHub, gr_hub, GR, HUB, GObject)

typedef void (*GrHubFactFunc) (GrHub *hub, const GrHubFact *fact, gpointer user_data);

typedef struct
{
  /* Numeric addresses of this machine, IPv4 and IPv6. What the candidates say instead, where a NAT stands before it. */
  const char *addresses[GR_HUB_MAX_ADDRESSES];
  const char *announced[GR_HUB_MAX_ADDRESSES]; /* NULL: the address itself */
  guint n_addresses;
  guint16 port;      /* 0: any */
  guint liveness_ms; /* 0: 8 s */
  GrHubFactFunc on_fact;
  gpointer user_data;
} GrHubOptions;

/* Opens the port and starts the thread. Errors are G_IO_ERROR: an address that is none, a port in use. */
GrHub *gr_hub_new (const GrHubOptions *options, GError **error);

guint16 gr_hub_get_port (GrHub *hub);

/* What the kernel gave of the 4 MiB that each socket wants for what comes in; less loses packets in bursts
 * (net.core.rmem_max, data/60-greenroom.sysctl.conf). */
guint gr_hub_get_receive_buffer (GrHub *hub);
#define GR_HUB_RECEIVE_BUFFER (4 * 1024 * 1024)

/* A new peer. Returns (transfer floating) its webrtcbin for the room's pipeline, or NULL if @peer exists already or
 * webrtcbin does not. The caller gives it a remote description made from an allow-list, with one m-line that says
 * sendrecv (an inactive one does no handshake), takes its answer or offer for our ICE credentials and fingerprint, and
 * writes the SDP that the peer sees. */
GstElement *gr_hub_add_peer (GrHub *hub, GrHubPeerId peer);

/* A new peer that is a process of ours: packets go over @fd, one end of a SOCK_SEQPACKET pair, in batches and plain
 * (link-wire.h), with the same RTCP as to a browser. Takes over @fd, also where it returns FALSE: @peer exists already.
 * It is told of as connected, and as gone as soon as the other end is. */
gboolean gr_hub_add_link (GrHub *hub, GrHubPeerId peer, int fd);

/* What the link's slots carry, in its own words (link-wire.h, GR_LINK_RECORD): repeated once a second. */
void gr_hub_describe_link (GrHub *hub, GrHubPeerId peer, GBytes *record);

/* The certificate that the peer announced: "AB:CD:…" of SHA-256 (RFC 8122), in any case. Keys wait until it is known,
 * and are never used if the certificate is another. FALSE if this is no such fingerprint. */
gboolean gr_hub_expect_fingerprint (GrHub *hub, GrHubPeerId peer, const char *sha256);

/* What was negotiated: before the first track or slot, and again after another offer. */
void gr_hub_set_session (GrHub *hub, GrHubPeerId peer, const GrHubSession *session);

/* Forgets the peer with its tracks and slots. The caller then brings its webrtcbin to NULL. */
void gr_hub_remove_peer (GrHub *hub, GrHubPeerId peer);

/* Tracks are unique in the whole hub. */
void gr_hub_publish (GrHub *hub, GrHubPeerId peer, GrHubTrackId track, const GrHubTrack *what);
void gr_hub_unpublish (GrHub *hub, GrHubTrackId track);
/* Muted, a track is received and counted, and goes nowhere. */
void gr_hub_mute (GrHub *hub, GrHubTrackId track, gboolean muted);

void gr_hub_add_slot (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot, const GrHubSlot *what);
void gr_hub_remove_slot (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot);
/* From now on the slot carries @track; 0 empties it. A picture changes at the next keyframe, which is asked for. */
void gr_hub_subscribe (GrHub *hub, GrHubPeerId peer, GrHubSlotId slot, GrHubTrackId track);

typedef struct
{
  GrHubTrackId track;
  GrHubPeerId peer;
  guint32 ssrc;
  GrHubMedia media;
  guint64 packets;
  guint64 bytes;
  guint64 lost;       /* never came */
  guint64 recovered;  /* came as a retransmission */
  guint64 nacks_sent; /* packets asked for */
  guint64 plis_sent;
  guint64 keyframes;
  guint32 jitter_us;
  guint32 bits_per_second;
} GrHubTrackStats;

typedef struct
{
  GrHubPeerId peer;
  GrHubSlotId slot;
  GrHubTrackId track; /* 0: empty */
  guint64 packets;
  guint64 bytes;
  guint64 nacks;        /* packets that the peer asked for */
  guint64 rtx;          /* and those that were sent again */
  guint64 plis;         /* keyframes that the peer asked for, one way */
  guint64 firs;         /* and the other */
  guint8 fraction_lost; /* of 256, from its last receiver report */
  guint64 lost;
  guint32 jitter_us;
  guint32 round_trip_us; /* 0: not known */
} GrHubSlotStats;

typedef struct
{
  GrHubPeerId peer;
  gboolean connected;
  guint64 packets_in;
  guint64 packets_out;
  guint64 bytes_in;
  guint64 bytes_out;
  guint32 estimate_bits; /* its last REMB: what its downlink carries, 0 if it said nothing */
  guint64 dropped;       /* packets that its link had no room for: it asks for them again */
} GrHubPeerStats;

/* Why a datagram was not used. */
typedef struct
{
  guint64 packets_in;
  guint64 packets_out;
  guint64 bytes_in;
  guint64 bytes_out;
  guint64 messages_out;
  guint64 receive_calls;
  guint64 send_calls;
  guint64 send_dropped;    /* the socket's buffer was full, or the network said no */
  guint64 unknown_address; /* not STUN, and nobody is known there */
  guint64 unknown_ufrag;
  guint64 stun_refused; /* malformed, or the wrong password */
  guint64 dtls_refused; /* too many for one peer, or nobody to take them */
  guint64 without_keys; /* media before the handshake is done and the certificate compared */
  guint64 srtp_refused; /* forged, replayed, malformed */
  guint64 unknown_ssrc;
  guint64 unknown_payload;
  guint64 truncated;    /* longer than a packet can be */
  guint64 unclassified; /* none of STUN, DTLS, SRTP (RFC 7983) */
  guint64 facts_lost;   /* main was too slow to read */
} GrHubCounters;

/* Values at one moment. */
typedef struct
{
  GrHubCounters counters;
  GArray *peers;  /* GrHubPeerStats */
  GArray *tracks; /* GrHubTrackStats */
  GArray *slots;  /* GrHubSlotStats */
} GrHubSnapshot;

void gr_hub_snapshot_free (GrHubSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrHubSnapshot, gr_hub_snapshot_free)

/* The hub thread writes the snapshot between two turns: no counter has a lock. Fails with G_IO_ERROR_BUSY. */
void gr_hub_take_snapshot_async (GrHub *hub, GAsyncReadyCallback callback, gpointer user_data);
GrHubSnapshot *gr_hub_take_snapshot_finish (GrHub *hub, GAsyncResult *result, GError **error);

/* The elements, for a process that links them in and loads no plugin. */
gboolean gr_hub_register_elements (GstPlugin *plugin);

G_END_DECLS
