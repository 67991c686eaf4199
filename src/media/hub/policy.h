/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a room agrees to in its answers. Any thread. */
#pragma once

#include "media/hub/slots.h"

G_BEGIN_DECLS

/* How many may be heard at once: everybody of a large meeting. A page asks for as many as it plays. */
#define GR_MAX_AUDIO_SLOTS 32

/* The room codec rule. A sender may use what all others can decode, in the order of gr_codec_preference(): VP8 first,
 * which everybody decodes, so whoever goes by that order never has to change for a newcomer. A line that would have
 * nothing left keeps what it has: a source of H.264 alone is better seen by some than by none. But where a show is
 * made, that has to be able to take it.
 * @room: the others.
 * @needed: what a show can take, or all. */
GrSlotPolicy gr_policy_for (const GrRoomCodecs *room, const GrSdp *offer, GrCodecSet needed);

/* Whether each line that sends has one of @needed. GR_ERROR_INVALID_INPUT. */
gboolean gr_policy_admits (const GrSdp *offer, GrCodecSet needed, GError **error);

G_END_DECLS
