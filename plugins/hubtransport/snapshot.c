/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/snapshot.h"

#define SILENT 127

static void
add_track (GArray *tracks, const GrTrack *track)
{
  GrHubTrackStats stats = track->stats;

  stats.lost = track->missing.given_up;
  stats.jitter_us = (guint64) gr_reception_jitter (&track->reception) * G_USEC_PER_SEC / track->clock_rate;
  g_array_append_val (tracks, stats);
}

static void
add_slot (GArray *slots, const GrSlot *slot)
{
  GrHubSlotStats stats = slot->stats;

  stats.track = slot->track != NULL ? slot->track->id : 0;
  g_array_append_val (slots, stats);
}

static void
add_sockets (GrHubCounters *counters, const GrPlane *plane)
{
  for (guint i = 0; i < plane->n_sockets; i++)
    {
      const GrBatchCounters *sent = gr_batch_get_counters (plane->sockets[i].batch);

      counters->packets_out += sent->packets;
      counters->bytes_out += sent->bytes;
      counters->messages_out += sent->messages;
      counters->send_calls += sent->system_calls;
      counters->send_dropped += sent->dropped;
    }
}

static void
free_snapshot (gpointer snapshot)
{
  gr_hub_snapshot_free (snapshot);
}

void
gr_snapshot_give (GrPlane *plane, GTask *task)
{
  GrHubSnapshot *snapshot = g_new0 (GrHubSnapshot, 1);
  GHashTableIter iter;
  gpointer value;

  snapshot->counters = plane->counters;
  snapshot->peers = g_array_new (FALSE, FALSE, sizeof (GrHubPeerStats));
  snapshot->tracks = g_array_new (FALSE, FALSE, sizeof (GrHubTrackStats));
  snapshot->slots = g_array_new (FALSE, FALSE, sizeof (GrHubSlotStats));
  add_sockets (&snapshot->counters, plane);

  g_hash_table_iter_init (&iter, plane->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrPeer *peer = value;

      peer->stats.connected = peer->link != NULL ? gr_link_is_open (peer->link) : peer->in != NULL;
      peer->stats.dropped = peer->link != NULL ? gr_link_get_counters (peer->link)->dropped : 0;
      g_array_append_val (snapshot->peers, peer->stats);
      for (guint i = 0; i < peer->tracks->len; i++)
        add_track (snapshot->tracks, g_ptr_array_index (peer->tracks, i));
      for (guint i = 0; i < peer->slots->len; i++)
        add_slot (snapshot->slots, g_ptr_array_index (peer->slots, i));
    }

  g_task_return_pointer (task, snapshot, free_snapshot);
}

void
gr_snapshot_tell_levels (GrPlane *plane)
{
  GrNotice notice = { .fact.kind = GR_HUB_LEVELS };
  GrHubFact *fact = &notice.fact;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, plane->tracks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrTrack *track = value;

      if (!track->heard)
        continue;

      fact->levels[fact->n_levels++] = (GrHubLevel){ track->id, track->loudest };
      track->heard = FALSE;
      track->loudest = SILENT;
      if (fact->n_levels == GR_HUB_MAX_LEVELS)
        {
          gr_plane_tell (plane, &notice);
          fact->n_levels = 0;
        }
    }

  if (fact->n_levels > 0)
    gr_plane_tell (plane, &notice);
}

void
gr_snapshot_take_rates (GrPlane *plane, gint64 interval)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, plane->tracks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GrTrack *track = value;

      track->stats.bits_per_second = (track->stats.bytes - track->bytes_before) * 8 * G_USEC_PER_SEC / interval;
      track->bytes_before = track->stats.bytes;
    }
}
