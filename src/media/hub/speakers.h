/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who speaks in a room, from the audio-level extension (RFC 6464) of the packets that pass. Pure: time is what the
 * caller says it is. Owned by the room. The hub's thread; nothing is allocated for a packet.
 *
 * A source is a stream of one person: the microphone with the camera, or a screen's sound with the screen. Two smoothed
 * loudnesses are kept of each. A fast one says whether it speaks: it has to stay above a level for a moment, and below
 * a lower one for a longer moment. A slow one ranks: a source overtakes another only while it speaks, and only when
 * that one has stopped or is much quieter, so the order does not flicker between two who talk over each other, and
 * those who spoke last stay in front in silence. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names a source within a hub; 0 is none. */
typedef guint32 GrSourceId;

#define GR_AUDIO_LEVEL_SILENT 127 /* -dBov */

typedef struct _GrSpeakers GrSpeakers;

GrSpeakers *gr_speakers_new (void);
void gr_speakers_free (GrSpeakers *speakers);

/* Adds @source behind all others. One that is there is left as it is. */
void gr_speakers_add (GrSpeakers *speakers, GrSourceId source);
void gr_speakers_remove (GrSpeakers *speakers, GrSourceId source);

/* A packet of @source passed: @level in -dBov, 0 (loudest) to 127; more is taken for silence. Unknown sources are
 * ignored. */
void gr_speakers_hear (GrSpeakers *speakers, GrSourceId source, guint level);

/* Weighs what was heard since the last call; every 50 to 200 ms. @now_us is monotonic; a jump back counts as no time.
 *
 * Returns: whether the order or who speaks has changed. */
gboolean gr_speakers_tick (GrSpeakers *speakers, gint64 now_us);

gboolean gr_speakers_is_speaking (const GrSpeakers *speakers, GrSourceId source);

guint gr_speakers_get_n (const GrSpeakers *speakers);

/* The source at @rank, 0 the first; below gr_speakers_get_n(). */
GrSourceId gr_speakers_get_ranked (const GrSpeakers *speakers, guint rank);

/* Who should be heard by somebody with @n_slots audio slots: first @pinned, then the ranking, never @own (those of the
 * listener). Writes at most @n_slots ids to @chosen.
 *
 * Returns: how many were written. */
guint gr_speakers_choose (const GrSpeakers *speakers,
                          const GrSourceId *pinned,
                          guint n_pinned,
                          const GrSourceId *own,
                          guint n_own,
                          GrSourceId *chosen,
                          guint n_slots);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSpeakers, gr_speakers_free)

G_END_DECLS
