/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The slot table: what was negotiated with one participant, m-line by m-line, and so what its transport may carry.
 *
 * A slot is an m-line on which we send: an audio slot for one of the loudest, a video slot for something that the page
 * shows. Whatever a slot carries at the moment is switched by rewriting packets to the slot's SSRC, payload type and
 * mid; nothing here changes when somebody joins, leaves or speaks. Audio slot i and video slot i share a stream (msid),
 * because browsers synchronise within one. A page that needs more slots adds m-lines by one re-offer; slots that exist
 * keep their index, mid and SSRCs through it.
 *
 * Owned by the participant. The hub's thread; no locks, no I/O. */
#pragma once

#include "media/hub/sdp.h"

G_BEGIN_DECLS

/* A bit 1 << extension. */
typedef guint32 GrExtensionSet;

/* What we speak unless told otherwise. The dependency descriptor has its place in the tables and waits for SVC; RIDs
 * wait for simulcast. */
#define GR_EXTENSIONS_DEFAULT                                                                                          \
  ((GrExtensionSet) (1 << GR_EXTENSION_MID | 1 << GR_EXTENSION_AUDIO_LEVEL | 1 << GR_EXTENSION_ABS_SEND_TIME           \
                     | 1 << GR_EXTENSION_TRANSPORT_CC))
#define GR_FEEDBACK_ALL                                                                                                \
  (GR_FEEDBACK_NACK | GR_FEEDBACK_PLI | GR_FEEDBACK_FIR | GR_FEEDBACK_REMB | GR_FEEDBACK_TRANSPORT_CC)

/* What we agree to. */
typedef struct
{
  GrCodecSet inbound;        /* what a sender may use now: the room's codecs */
  GrCodecSet outbound;       /* what may ever be forwarded to a slot */
  const GrCodec *preference; /* of senders, all codecs, ends with GR_N_CODECS; NULL: gr_codec_preference() of cameras */
  GrExtensionSet extensions;
  guint8 feedback;     /* GrFeedback. A browser that may send transport-cc expects transport-cc. */
  guint max_slots[2];  /* audio, video; by GrSdpKind */
  guint max_tracks[2]; /* that it may send: audio, video */
} GrSlotPolicy;

/* Everything on, VP8 first, slots and tracks without a limit but that of m-lines. */
extern const GrSlotPolicy gr_slot_policy_default;

#define GR_NO_SLOT G_MAXUINT

typedef struct
{
  GrSdpMedia local;  /* as we describe it: what both sides agreed to, our direction */
  GrSdpMedia remote; /* as the other side does: its streams, SSRCs and rids */

  /* Of a slot. */
  guint slot; /* index among the slots of its kind, or GR_NO_SLOT */
  guint32 ssrc;
  guint32 rtx_ssrc; /* 0 where nothing has RTX: browsers' audio */
} GrSlotLine;

typedef struct _GrSlotTable GrSlotTable;

GrSlotTable *gr_slot_table_new (void);
void gr_slot_table_free (GrSlotTable *table);

/* Takes an offer, first or renewed, and makes our answer of it. Lines past the limits of @policy become inactive; lines
 * without a codec in common, and data channels, are rejected.
 *
 * Returns: FALSE with GR_ERROR_INVALID_INPUT and an unchanged table for an offer of an ICE-lite peer, whose first
 * m-line has no codec of ours, or that contradicts what was negotiated: fewer m-lines, another kind or mid, a payload
 * type or an extension id with another meaning. */
gboolean gr_slot_table_apply_offer (GrSlotTable *table, const GrSdp *offer, const GrSlotPolicy *policy, GError **error);

guint gr_slot_table_get_n_lines (const GrSlotTable *table);
const GrSlotLine *gr_slot_table_get_line (const GrSlotTable *table, guint index);

/* The line of a mid, or NULL. */
const GrSlotLine *gr_slot_table_find_mid (const GrSlotTable *table, const char *mid);

/* The line of slot @slot of @kind, or NULL if there is none (any more). It carries something only while its local
 * direction has GR_SDP_SENDONLY: a page may pause a slot. */
const GrSlotLine *gr_slot_table_get_slot (const GrSlotTable *table, GrSdpKind kind, guint slot);

/* One more than the highest slot of @kind. */
guint gr_slot_table_get_n_slots (const GrSlotTable *table, GrSdpKind kind);

/* What all slots can carry: what this participant brings to the room codec rule. GR_CODECS_ALL of a kind without slots.
 */
GrCodecSet gr_slot_table_decodes (const GrSlotTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSlotTable, gr_slot_table_free)

G_END_DECLS
