/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats that the hub forwards, which SDP describes them, and which of them a room may use. A format is a codec
 * with everything that a decoder has to agree to (profile, packetization mode), so "can decode" is one bit of a set.
 * Plain values, owned by whoever holds them; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  GR_CODEC_OPUS,
  GR_CODEC_VP8,
  GR_CODEC_VP9,             /* profile 0 */
  GR_CODEC_VP9_10BIT,       /* profile 2 */
  GR_CODEC_AV1,             /* profile 0, main */
  GR_CODEC_H264,            /* constrained baseline, packetization mode 1 */
  GR_CODEC_H264_SINGLE_NAL, /* constrained baseline, packetization mode 0 */
  GR_CODEC_H264_MAIN,       /* packetization mode 1 */
  GR_CODEC_H264_HIGH,       /* packetization mode 1 */
  GR_N_CODECS
} GrCodec;

/* Bit 1 << codec. */
typedef guint32 GrCodecSet;

#define GR_CODEC_BIT(codec) ((GrCodecSet) 1 << (codec))
#define GR_CODECS_ALL ((GrCodecSet) ((1 << GR_N_CODECS) - 1))
#define GR_CODECS_AUDIO GR_CODEC_BIT (GR_CODEC_OPUS)
#define GR_CODECS_VIDEO (GR_CODECS_ALL & ~GR_CODECS_AUDIO)

/* Of each codec for pictures the format that its name alone means: what browsers offer first. */
#define GR_CODECS_NAMED                                                                                                \
  (GR_CODEC_BIT (GR_CODEC_VP8) | GR_CODEC_BIT (GR_CODEC_VP9) | GR_CODEC_BIT (GR_CODEC_AV1)                             \
   | GR_CODEC_BIT (GR_CODEC_H264))

/* What nobody may lack: RFC 7874 and RFC 7742 make every browser decode these. */
#define GR_CODECS_ALWAYS (GR_CODEC_BIT (GR_CODEC_OPUS) | GR_CODEC_BIT (GR_CODEC_VP8))

typedef struct
{
  const char *encoding; /* of a=rtpmap: "VP8" */
  guint clock_rate;     /* Hz */
  guint channels;       /* 0 for video */
  const char *name;     /* for people, statistics and logs: "H.264 main" */
} GrCodecTraits;

/* Of a codec below GR_N_CODECS. */
const GrCodecTraits *gr_codec_traits (GrCodec codec);

/* What a=fmtp said about one payload type; zero (gr_codec_parameters_init()) where it said nothing. */
typedef struct
{
  guint32 h264_profile;      /* profile-level-id, 24 bits; 0 if absent */
  guint8 h264_packetization; /* packetization-mode */
  guint8 h264_asymmetric;    /* level-asymmetry-allowed */
  guint8 vp9_profile;
  guint8 av1_profile;
  guint8 av1_level;         /* level-idx; GR_AV1_LEVEL_UNSET if absent */
  guint8 av1_tier;          /* 0 or 1 */
  guint8 opus_stereo;       /* stereo: the receiver likes two channels */
  guint8 opus_sprop_stereo; /* sprop-stereo: the sender is likely to send two */
} GrCodecParameters;

#define GR_AV1_LEVEL_UNSET 0xff

void gr_codec_parameters_init (GrCodecParameters *parameters);

/* Reads the value of an a=fmtp line, @length bytes of "name=value;name=value" (RFC 6184, RFC 7587, RFC 9628, the AV1
 * RTP specification). Names that are not ours are skipped unseen.
 *
 * Returns: NULL, or what is wrong with it, a constant: a value out of range or a name given twice. */
const char *gr_codec_parameters_parse (GrCodecParameters *parameters, const char *text, gsize length);

/* Appends the value of an a=fmtp line for @codec; nothing for a codec that needs none.
 *
 * Returns: whether something was appended. */
gboolean gr_codec_parameters_write (const GrCodecParameters *parameters, GrCodec codec, GString *text);

/* How well a payload type stands for a format. A baseline H.264 offer stands in for constrained baseline, since no
 * encoder in use makes what the constraint removes; an exact one wins over it. */
typedef enum
{
  GR_CODEC_MATCH_NONE,
  GR_CODEC_MATCH_CLOSE,
  GR_CODEC_MATCH_EXACT,
} GrCodecMatch;

/* The format of an rtpmap: @encoding of @length bytes (any case) at @clock_rate with @channels (0 or 1 if not given).
 * Sets
 * *@codec unless the answer is GR_CODEC_MATCH_NONE. */
GrCodecMatch gr_codec_match (const char *encoding,
                             gsize length,
                             guint clock_rate,
                             guint channels,
                             const GrCodecParameters *parameters,
                             GrCodec *codec);

/* What a sender encodes, given what it shows. Ends with GR_N_CODECS. */
typedef enum
{
  GR_CODEC_USE_CAMERA, /* cheap first: encoded on anybody's laptop while it decodes many others */
  GR_CODEC_USE_SCREEN, /* tools for screen content first: sharp text for few bits */
} GrCodecUse;

const GrCodec *gr_codec_preference (GrCodecUse use);

/* The room codec rule: what everyone present can decode, and VP8 and Opus always. A newcomer that lacks a codec makes
 * its senders switch; when the last such person left, they may switch back. Zero-initialised: an empty room. */
typedef struct
{
  guint people;
  guint decoders[GR_N_CODECS];
} GrRoomCodecs;

void gr_room_codecs_join (GrRoomCodecs *room, GrCodecSet decodes);

/* @decodes: as given to gr_room_codecs_join() for this person. */
void gr_room_codecs_leave (GrRoomCodecs *room, GrCodecSet decodes);

/* All codecs for an empty room. */
GrCodecSet gr_room_codecs_common (const GrRoomCodecs *room);

G_END_DECLS
