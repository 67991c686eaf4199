/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/casting.h"

static gboolean
is_among (const GrSourceId *sources, guint n, GrSourceId source)
{
  for (guint i = 0; i < n; i++)
    if (sources[i] == source)
      return TRUE;

  return FALSE;
}

/* Somebody silent keeps an idle slot; a picture that is not wanted would go on costing what it costs. */
static void
forget_all_but (GrAssignment *slots,
                gboolean sound,
                const GrSourceId *shown,
                guint n_shown,
                GrCastSendsFunc sends,
                gpointer user_data)
{
  for (guint slot = 0; slot < gr_assignment_get_n_slots (slots); slot++)
    {
      GrSourceId source = gr_assignment_get (slots, slot);

      if (source != 0 && !(sends (source, sound, user_data) && (sound || is_among (shown, n_shown, source))))
        gr_assignment_forget (slots, source);
    }
}

void
gr_cast (const GrSpeakers *speakers,
         const GrCastWish *wish,
         GrCastSendsFunc sends,
         gpointer user_data,
         GrAssignment *audio,
         GrAssignment *video)
{
  GrSourceId heard[GR_CAST_MAX_SOUNDS];
  guint n_sounds = MIN (gr_assignment_get_n_slots (audio), GR_CAST_MAX_SOUNDS);
  guint n_unranked = MIN (wish->n_unranked, n_sounds);
  guint n_heard = n_unranked
                  + gr_speakers_choose (speakers, wish->pinned, wish->n_pinned, wish->own, wish->n_own,
                                        heard + n_unranked, n_sounds - n_unranked);
  guint n_shown = MIN (wish->n_shown, gr_assignment_get_n_slots (video));

  for (guint i = 0; i < n_unranked; i++)
    heard[i] = wish->unranked[i];

  forget_all_but (audio, TRUE, NULL, 0, sends, user_data);
  forget_all_but (video, FALSE, wish->shown, n_shown, sends, user_data);
  gr_assignment_update (audio, heard, n_heard, video);
  gr_assignment_update (video, wish->shown, n_shown, audio);
}
