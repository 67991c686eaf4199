/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/speakers.h"

/* Loudness here is 127 - level: 0 is silence, 127 the loudest. */
#define SPEAKS_ABOVE 77.0f /* -50 dBov, for START_US */
#define SILENT_BELOW 69.0f /* -58 dBov, for STOP_US */
#define START_US (150 * G_TIME_SPAN_MILLISECOND)
#define STOP_US (700 * G_TIME_SPAN_MILLISECOND)

/* Time constants. Loudness rises faster than it falls, so the gaps between words do not count. */
#define FAST_RISE_US (60 * G_TIME_SPAN_MILLISECOND)
#define FAST_FALL_US (300 * G_TIME_SPAN_MILLISECOND)
#define SLOW_RISE_US (400 * G_TIME_SPAN_MILLISECOND)
#define SLOW_FALL_US (2 * G_TIME_SPAN_SECOND)

/* How much louder somebody has to be to overtake another who speaks, in dB, and how long that one keeps its rank. */
#define MARGIN 6.0f
#define DWELL_US (1500 * G_TIME_SPAN_MILLISECOND)

/* A main loop that stood still does not make everybody silent at once. */
#define MAX_STEP_US G_TIME_SPAN_SECOND

typedef struct
{
  GrSourceId id;
  guint loudest; /* since the last tick */
  float fast, slow;
  gint64 crossing_us; /* for how long it has been beyond the threshold of the other state */
  gint64 ranked_us;   /* for how long it has had its rank */
  gboolean speaking;
} Speaker;

struct _GrSpeakers
{
  GPtrArray *ranking; /* (element-type Speaker), owned */
  GHashTable *by_id;  /* id → Speaker */
  gint64 last_us;
  gboolean started;
  gboolean changed; /* since the last tick, by coming or going */
};

static Speaker *
find (const GrSpeakers *speakers, GrSourceId source)
{
  return g_hash_table_lookup (speakers->by_id, GUINT_TO_POINTER (source));
}

/* One step of an exponential average with its own constants up and down; an approximation that never overshoots. */
static float
approach (float from, float to, gint64 step_us, gint64 rise_us, gint64 fall_us)
{
  gint64 constant_us = to > from ? rise_us : fall_us;

  return from + (to - from) * (float) step_us / (float) (step_us + constant_us);
}

/* Returns: whether it began or stopped to speak. */
static gboolean
weigh (Speaker *speaker, gint64 step_us)
{
  gboolean beyond;

  speaker->fast = approach (speaker->fast, speaker->loudest, step_us, FAST_RISE_US, FAST_FALL_US);
  speaker->slow = approach (speaker->slow, speaker->loudest, step_us, SLOW_RISE_US, SLOW_FALL_US);
  speaker->loudest = 0;
  speaker->ranked_us += step_us;

  beyond = speaker->speaking ? speaker->fast < SILENT_BELOW : speaker->fast >= SPEAKS_ABOVE;
  speaker->crossing_us = beyond ? speaker->crossing_us + step_us : 0;
  if (speaker->crossing_us < (speaker->speaking ? STOP_US : START_US))
    return FALSE;

  speaker->speaking = !speaker->speaking;
  speaker->crossing_us = 0;
  return TRUE;
}

static gboolean
overtakes (const Speaker *behind, const Speaker *ahead)
{
  if (!behind->speaking)
    return FALSE;

  return !ahead->speaking || (ahead->ranked_us >= DWELL_US && behind->slow >= ahead->slow + MARGIN);
}

/* Insertion: the array is nearly in order, so this is linear nearly always. */
static gboolean
rank (GrSpeakers *speakers)
{
  gboolean changed = FALSE;
  gpointer *all = speakers->ranking->pdata;

  for (guint i = 1; i < speakers->ranking->len; i++)
    {
      Speaker *speaker = all[i];
      guint at = i;

      for (; at > 0 && overtakes (speaker, all[at - 1]); at--)
        all[at] = all[at - 1];
      if (at == i)
        continue;

      all[at] = speaker;
      speaker->ranked_us = 0;
      changed = TRUE;
    }

  return changed;
}

GrSpeakers *
gr_speakers_new (void)
{
  GrSpeakers *speakers = g_new0 (GrSpeakers, 1);

  speakers->ranking = g_ptr_array_new_with_free_func (g_free);
  speakers->by_id = g_hash_table_new (NULL, NULL);
  return speakers;
}

void
gr_speakers_free (GrSpeakers *speakers)
{
  g_hash_table_unref (speakers->by_id);
  g_ptr_array_unref (speakers->ranking);
  g_free (speakers);
}

void
gr_speakers_add (GrSpeakers *speakers, GrSourceId source)
{
  Speaker *speaker;

  g_return_if_fail (source != 0);

  if (find (speakers, source) != NULL)
    return;

  speaker = g_new0 (Speaker, 1);
  speaker->id = source;
  g_ptr_array_add (speakers->ranking, speaker);
  g_hash_table_insert (speakers->by_id, GUINT_TO_POINTER (source), speaker);
  speakers->changed = TRUE;
}

void
gr_speakers_remove (GrSpeakers *speakers, GrSourceId source)
{
  Speaker *speaker = find (speakers, source);

  if (speaker == NULL)
    return;

  g_hash_table_remove (speakers->by_id, GUINT_TO_POINTER (source));
  g_ptr_array_remove (speakers->ranking, speaker);
  speakers->changed = TRUE;
}

void
gr_speakers_hear (GrSpeakers *speakers, GrSourceId source, guint level)
{
  Speaker *speaker = find (speakers, source);

  if (speaker != NULL && level < GR_AUDIO_LEVEL_SILENT)
    speaker->loudest = MAX (speaker->loudest, GR_AUDIO_LEVEL_SILENT - level);
}

gboolean
gr_speakers_tick (GrSpeakers *speakers, gint64 now_us)
{
  gint64 step_us = speakers->started ? CLAMP (now_us - speakers->last_us, 0, MAX_STEP_US) : 0;
  gboolean changed = speakers->changed;

  speakers->started = TRUE;
  speakers->last_us = now_us;
  speakers->changed = FALSE;
  if (step_us == 0)
    return changed;

  for (guint i = 0; i < speakers->ranking->len; i++)
    changed |= weigh (g_ptr_array_index (speakers->ranking, i), step_us);
  changed |= rank (speakers);

  return changed;
}

gboolean
gr_speakers_is_speaking (const GrSpeakers *speakers, GrSourceId source)
{
  const Speaker *speaker = find (speakers, source);

  return speaker != NULL && speaker->speaking;
}

guint
gr_speakers_get_n (const GrSpeakers *speakers)
{
  return speakers->ranking->len;
}

GrSourceId
gr_speakers_get_ranked (const GrSpeakers *speakers, guint at)
{
  const Speaker *speaker;

  g_return_val_if_fail (at < speakers->ranking->len, 0);

  speaker = g_ptr_array_index (speakers->ranking, at);
  return speaker->id;
}

static gboolean
contains (const GrSourceId *sources, guint n, GrSourceId source)
{
  for (guint i = 0; i < n; i++)
    if (sources[i] == source)
      return TRUE;

  return FALSE;
}

guint
gr_speakers_choose (const GrSpeakers *speakers,
                    const GrSourceId *pinned,
                    guint n_pinned,
                    const GrSourceId *own,
                    guint n_own,
                    GrSourceId *chosen,
                    guint n_slots)
{
  guint n = 0;

  for (guint i = 0; i < n_pinned && n < n_slots; i++)
    if (find (speakers, pinned[i]) != NULL && !contains (own, n_own, pinned[i]) && !contains (chosen, n, pinned[i]))
      chosen[n++] = pinned[i];

  for (guint i = 0; i < speakers->ranking->len && n < n_slots; i++)
    {
      GrSourceId source = gr_speakers_get_ranked (speakers, i);

      if (!contains (own, n_own, source) && !contains (chosen, n, source))
        chosen[n++] = source;
    }

  return n;
}
