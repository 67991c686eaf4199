/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugins/hubtransport/track.h"

#define AUDIO_MAX_BITS 128000
#define VIDEO_MAX_BITS 4000000
/* Of packets: what a jitter buffer still waits for. */
#define REMEMBERED_MS 500
#define AUDIO_RING_PACKETS 64
#define VIDEO_RING_PACKETS 1024
#define MIN_RING_BYTES (16 * 1024)
#define MAX_RING_BYTES (4 * 1024 * 1024)
#define KEYFRAME_INTERVAL (500 * 1000)
#define SILENT 127

GrTrack *
gr_track_new (GrHubTrackId id, const GrHubTrack *what)
{
  gboolean video = what->media == GR_HUB_VIDEO;
  GrTrack *track = g_new0 (GrTrack, 1);

  track->id = id;
  track->what = *what;
  if (track->what.max_bits == 0)
    track->what.max_bits = video ? VIDEO_MAX_BITS : AUDIO_MAX_BITS;
  track->clock_rate = video ? 90000 : 48000;
  track->ring = gr_ring_new (video ? VIDEO_RING_PACKETS : AUDIO_RING_PACKETS,
                             CLAMP (track->what.max_bits / 8 * REMEMBERED_MS / 1000, MIN_RING_BYTES, MAX_RING_BYTES));
  gr_throttle_init (&track->keyframes, KEYFRAME_INTERVAL);
  track->slots = g_ptr_array_new ();
  track->first_arrival = track->last_arrival = -1;
  track->loudest = SILENT;
  track->stats.track = id;
  track->stats.media = what->media;
  return track;
}

void
gr_track_free (GrTrack *track)
{
  gr_ring_free (track->ring);
  g_ptr_array_unref (track->slots);
  g_free (track);
}
