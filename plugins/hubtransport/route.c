/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The slow half of forward.h: what changes when somebody joins, leaves, mutes or speaks. */
#include "plugins/hubtransport/forward.h"

void
gr_forward_publish (GrPlane *plane, GrPeer *peer, GrTrack *track)
{
  track->peer = peer;
  track->stats.peer = peer->id;
  track->stats.ssrc = track->what.ssrc;
  g_ptr_array_add (peer->tracks, track);
  g_hash_table_insert (plane->tracks, GUINT_TO_POINTER (track->id), track);

  /* An SSRC that another track of the peer has already stays with that one. */
  if (track->what.ssrc != 0 && g_hash_table_lookup (peer->streams, GUINT_TO_POINTER (track->what.ssrc)) == NULL)
    g_hash_table_insert (peer->streams, GUINT_TO_POINTER (track->what.ssrc), track);
  if (track->what.rtx_ssrc != 0 && g_hash_table_lookup (peer->streams, GUINT_TO_POINTER (track->what.rtx_ssrc)) == NULL)
    g_hash_table_insert (peer->streams, GUINT_TO_POINTER (track->what.rtx_ssrc), track);
}

static void
leave (GrSlot *slot, GrTrack *track)
{
  if (track != NULL)
    g_ptr_array_remove_fast (track->slots, slot);
}

static gboolean
is_of_track (gpointer ssrc, gpointer value, gpointer track)
{
  return value == track;
}

void
gr_forward_unpublish (GrPlane *plane, GrTrack *track)
{
  GrPeer *peer = track->peer;

  for (guint i = 0; i < track->slots->len; i++)
    {
      GrSlot *slot = g_ptr_array_index (track->slots, i);

      gr_slot_unmap (slot);
      if (slot->track == track)
        slot->track = NULL;
      if (slot->next == track)
        slot->next = NULL;
    }
  g_hash_table_foreach_remove (peer->streams, is_of_track, track);
  g_hash_table_remove (plane->tracks, GUINT_TO_POINTER (track->id));
  g_ptr_array_remove_fast (peer->tracks, track);
}

void
gr_forward_add_slot (GrPlane *plane, GrPeer *peer, GrSlot *slot)
{
  slot->peer = peer;
  slot->stats.peer = peer->id;
  g_ptr_array_add (peer->slots, slot);
  g_hash_table_insert (peer->slots_by_ssrc, GUINT_TO_POINTER (slot->what.ssrc), slot);
}

void
gr_forward_remove_slot (GrPlane *plane, GrSlot *slot)
{
  GrPeer *peer = slot->peer;

  leave (slot, slot->track);
  if (slot->next != slot->track)
    leave (slot, slot->next);
  if (g_hash_table_lookup (peer->slots_by_ssrc, GUINT_TO_POINTER (slot->what.ssrc)) == slot)
    g_hash_table_remove (peer->slots_by_ssrc, GUINT_TO_POINTER (slot->what.ssrc));
  g_ptr_array_remove_fast (peer->slots, slot);
}

void
gr_forward_subscribe (GrPlane *plane, GrSlot *slot, GrTrack *track)
{
  if (track == NULL)
    {
      leave (slot, slot->track);
      if (slot->next != slot->track)
        leave (slot, slot->next);
      slot->track = slot->next = NULL;
      return;
    }
  if (track->what.media != slot->what.media || (slot->next == track || (slot->next == NULL && slot->track == track)))
    return;

  if (slot->next != NULL && slot->next != slot->track)
    leave (slot, slot->next);
  slot->next = NULL;
  /* Back to what it still shows: nothing was switched yet. */
  if (slot->track == track)
    return;

  slot->next = track;
  g_ptr_array_add (track->slots, slot);
  /* A slot that never carried anything is only now described to its peer, which would not know a picture that came
   * before the description. Of a newcomer's whose handshake is still under way, what comes meanwhile is kept. */
  if (slot->stats.packets == 0 || !gr_forward_catch_up (plane, slot))
    gr_plane_want_keyframe (plane, track);
}

void
gr_forward_mute (GrPlane *plane, GrTrack *track, gboolean muted)
{
  if (track->muted == muted)
    return;

  track->muted = muted;
  track->keyframe_at = 0;
  if (muted)
    return;

  /* What the slots last saw is no reference for what comes now. */
  for (guint i = 0; i < track->slots->len; i++)
    {
      GrSlot *slot = g_ptr_array_index (track->slots, i);

      if (slot->track != track || slot->next != NULL)
        continue;
      slot->track = NULL;
      slot->next = track;
    }
  gr_plane_want_keyframe (plane, track);
}
