/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/policy.h"

#include "base/error.h"

static GrCodecSet
offered_codecs (const GrSdpMedia *media)
{
  GrCodecSet offered = 0;

  for (guint i = 0; i < media->n_codecs; i++)
    offered |= GR_CODEC_BIT (media->codecs[i].codec);

  return offered;
}

static GrCodecSet
inbound_codecs (const GrRoomCodecs *room, const GrSdp *offer, GrCodecSet needed)
{
  GrCodecSet common = gr_room_codecs_common (room);
  GrCodecSet inbound = common;

  for (guint i = 0; i < offer->n_media; i++)
    {
      GrCodecSet offered = offered_codecs (&offer->media[i]);

      if ((offer->media[i].direction & GR_SDP_SENDONLY) && (offered & common) == 0)
        inbound |= offered & needed;
    }

  return inbound;
}

gboolean
gr_policy_admits (const GrSdp *offer, GrCodecSet needed, GError **error)
{
  for (guint i = 0; i < offer->n_media; i++)
    {
      GrCodecSet offered = offered_codecs (&offer->media[i]);

      if (!(offer->media[i].direction & GR_SDP_SENDONLY) || offered == 0 || (offered & needed) != 0)
        continue;

      gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp",
                    "A show is made of this room, which cannot take AV1: send VP8, VP9 or H.264");
      return FALSE;
    }

  return TRUE;
}

GrSlotPolicy
gr_policy_for (const GrRoomCodecs *room, const GrSdp *offer, GrCodecSet needed)
{
  GrSlotPolicy policy = gr_slot_policy_default;

  policy.inbound = inbound_codecs (room, offer, needed);
  /* What the forwarding plane speaks: REMB, not transport-cc. */
  policy.extensions = 1u << GR_EXTENSION_MID | 1u << GR_EXTENSION_AUDIO_LEVEL;
  policy.feedback = GR_FEEDBACK_NACK | GR_FEEDBACK_PLI | GR_FEEDBACK_FIR | GR_FEEDBACK_REMB;
  policy.max_slots[GR_SDP_AUDIO] = GR_MAX_AUDIO_SLOTS;
  /* Itself and its screen. */
  policy.max_tracks[GR_SDP_AUDIO] = policy.max_tracks[GR_SDP_VIDEO] = 2;
  return policy;
}
