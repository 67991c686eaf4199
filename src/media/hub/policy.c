/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/policy.h"

#include "media/hub/track-kind.h"

static GrCodecSet
inbound_codecs (const GrRoomCodecs *room, const GrSdp *offer)
{
  GrCodecSet common = gr_room_codecs_common (room);
  GrCodecSet inbound = common;

  for (guint i = 0; i < offer->n_media; i++)
    {
      const GrSdpMedia *media = &offer->media[i];
      GrCodecSet offered = 0;

      for (guint j = 0; j < media->n_codecs; j++)
        offered |= GR_CODEC_BIT (media->codecs[j].codec);
      if ((media->direction & GR_SDP_SENDONLY) && (offered & common) == 0)
        inbound |= offered;
    }

  return inbound;
}

GrSlotPolicy
gr_policy_for (const GrRoomCodecs *room, const GrSdp *offer)
{
  GrSlotPolicy policy = gr_slot_policy_default;

  policy.inbound = inbound_codecs (room, offer);
  /* What the forwarding plane speaks: REMB, not transport-cc. */
  policy.extensions = 1u << GR_EXTENSION_MID | 1u << GR_EXTENSION_AUDIO_LEVEL;
  policy.feedback = GR_FEEDBACK_NACK | GR_FEEDBACK_PLI | GR_FEEDBACK_FIR | GR_FEEDBACK_REMB;
  policy.max_slots[GR_SDP_AUDIO] = GR_MAX_AUDIO_SLOTS;
  /* Itself and its screen. */
  policy.max_tracks[GR_SDP_AUDIO] = policy.max_tracks[GR_SDP_VIDEO] = 2;
  return policy;
}
