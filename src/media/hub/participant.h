/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrParticipant: one person at the hub: what was negotiated (the slot table), what it sends (tracks), what it asked to
 * see and what its slots carry. It tells the forwarding plane; the room decides. Owned by the room. Main thread. */
#pragma once

#include "media/hub/assignment.h"
#include "media/hub/sdp-writer.h"
#include "media/hub/track-kind.h"
#include "plugins/hubtransport/hub.h"

G_BEGIN_DECLS

/* More are not looked at. */
#define GR_MAX_PICTURES 64

/* Where a m-line's packets belong. */
typedef struct
{
  char mid[GR_SDP_MAX_MID + 1];
  GrTrackKind kind;
} GrTrackLine;

/* A wish to see somebody, who may not be there yet. */
typedef struct
{
  char *participant;
  GrSourceKind source;
} GrPicture;

typedef struct
{
  GrHubTrackId id; /* 0: not sent */
  GrHubTrack described;
  gboolean seen;     /* a packet came */
  gboolean seen_due; /* and nobody was told */
} GrPublished;

typedef struct
{
  guint line; /* index of its m-line, and the hub's name of the slot less 1 */
  GrSdpKind kind;
  guint index; /* among the slots of its kind */
  GrHubSlot described;
  GrHubTrackId track; /* what it carries, 0: nothing */
  GrSourceId source;  /* and whose that is */
} GrCarried;

/* A track that travels over the link. */
typedef struct
{
  char *participant;
  GrTrackKind kind;
  GrHubSlotId slot;
  GrHubSlot described;
  GrHubTrackId track; /* what it carries, 0: nothing */
} GrWatched;

typedef struct
{
  char *id;
  guint32 number; /* its sources' names, as long as it is there */
  GrHub *hub;

  /* Of the transport; a new one begins anew. */
  GrHubPeerId peer;      /* 0: none */
  gboolean linked;       /* a program process, by a link: there is nothing of what follows but tracks */
  GstElement *webrtcbin; /* referenced; NULL once the pipeline has to end it */
  guint8 fingerprint[GR_SDP_FINGERPRINT_SIZE];
  char *ufrag;
  char *password;
  GrSlotTable *table;
  GrSdpLocal local;
  char *local_ufrag; /* NULL until webrtcbin has answered */
  char *local_password;
  GrCodecSet decodes; /* as told to the room's codec rule, while `counted` */
  gboolean counted;
  GrPublished tracks[GR_N_TRACK_KINDS];
  GArray *slots; /* of GrCarried */

  guint allowed;      /* bits 1 << GrTrackKind */
  gboolean backstage; /* goes only to those who hear backstage */
  gboolean hears_backstage;
  GArray *pictures;             /* of GrPicture */
  GrAssignment *assignments[2]; /* by GrSdpKind */
  GArray *watched;              /* of GrWatched, with a link */

  /* What greenroomd has to be told. */
  gboolean slots_due;
  gboolean connected_due;
  gboolean gone_due;
} GrParticipant;

GrParticipant *gr_participant_new (GrHub *hub, const char *id);

/* A source is named after its participant, a track after its peer: facts are routed without a table of either. */
static inline GrSourceId
gr_participant_source (const GrParticipant *participant, GrSourceKind kind)
{
  return participant->number << 2 | kind;
}

/* A number is not used again in a process's life: what comes late speaks of nobody. */
guint32 gr_participant_next_number (void);

#define GR_SOURCE_NUMBER(source) ((guint32) (source) >> 2)
#define GR_SOURCE_KIND(source) ((GrSourceKind) ((source) &3))
#define GR_TRACK_ID(peer, kind) ((GrHubTrackId) ((peer) << 3 | (kind)))
#define GR_TRACK_PEER(track) ((GrHubPeerId) ((track) >> 3))
#define GR_TRACK_KIND(track) ((GrTrackKind) ((track) &7))

/* An empty list of GrWatched. */
GArray *gr_participant_new_watched (void);

/* Leaves the hub as well; webrtcbin has to be taken before. */
void gr_participant_free (GrParticipant *participant);

/* Whether @offer is about the transport that there is. */
gboolean gr_participant_knows (const GrParticipant *participant, const GrSdp *offer);

/* Begins a new transport, without the tracks and slots of an old one.
 *
 * Returns: (transfer none): its webrtcbin; NULL with GR_ERROR_INVALID_INPUT and nothing changed. */
GstElement *gr_participant_begin (
    GrParticipant *participant, const GrSdp *offer, const GrSlotPolicy *policy, GArray *tracks, GError **error);

/* Takes what webrtcbin answered. FALSE, GR_ERROR_INTERNAL, if that is nothing that we know. */
gboolean gr_participant_take_answer (GrParticipant *participant, const char *answer, GError **error);

/* Changes tracks and slots of the transport; nothing on error. */
gboolean gr_participant_renew (
    GrParticipant *participant, const GrSdp *offer, const GrSlotPolicy *policy, GArray *tracks, GError **error);

/* Our answer to the last offer. */
char *gr_participant_write_answer (GrParticipant *participant, const GrSdpAddress *addresses, guint n_addresses);

/* Ends the transport. Returns: (transfer full) (nullable): the webrtcbin that the pipeline has to remove. */
GstElement *gr_participant_end (GrParticipant *participant);

/* @kinds: bits; the others are received and go nowhere. */
void gr_participant_allow (GrParticipant *participant, guint kinds);

/* Whether a track is sent and allowed. */
gboolean gr_participant_sends (const GrParticipant *participant, GrTrackKind kind);

/* Whether all that it sends is negotiated in one of @codecs at least. */
gboolean gr_participant_can_send (const GrParticipant *participant, GrCodecSet codecs);

/* By the hub's name of the slot; NULL if there is none any more. */
const char *gr_participant_mid_of_slot (const GrParticipant *participant, GrHubSlotId slot);

void gr_participant_forget_pictures (GrParticipant *participant);

/* Tells the hub what the slots carry by the assignments. @track_of: the track of a source's kind. */
typedef GrHubTrackId (*GrTrackOfFunc) (GrSourceId source, GrSdpKind kind, gpointer user_data);
void gr_participant_switch (GrParticipant *participant, GrTrackOfFunc track_of, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrParticipant, gr_participant_free)

G_END_DECLS
