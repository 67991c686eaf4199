/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The link half of a GrParticipant: a program process that comes by a socket instead of an offer, says nothing of
 * codecs and is told nothing of slots by greenroomd: what travels is what it watches, and the link's record says which
 * stream that is. Owned by the room. Main thread. */
#pragma once

#include "media/hub/participant.h"

G_BEGIN_DECLS

/* What a program decodes. AV1 is missing: GStreamer 1.22 cannot take it out of RTP. */
#define GR_LINK_DECODES (GR_CODECS_ALL & ~GR_CODEC_BIT (GR_CODEC_AV1))

/* Takes over @fd. @participant has no transport now. It publishes programme and programme-audio from here on. */
void gr_participant_link (GrParticipant *participant, int fd);

/* @tracks: a(ss) of participant and kind, GR_LINK_MAX_STREAMS at most. What was watched before keeps its stream.
 * GR_ERROR_INVALID_INPUT, field "tracks". Holds for a link that comes later, too. */
gboolean gr_participant_watch (GrParticipant *participant, GVariant *tracks, GError **error);

/* The track of a participant's kind, or 0: it is not there. */
typedef GrHubTrackId (*GrWatchedTrackFunc) (const char *participant, GrTrackKind kind, gpointer user_data);

/* Tells the hub what the link's streams carry. */
void gr_participant_settle_link (GrParticipant *participant, GrWatchedTrackFunc track_of, gpointer user_data);

G_END_DECLS
