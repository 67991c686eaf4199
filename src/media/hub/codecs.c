/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/codecs.h"

#include <string.h>

static const GrCodecTraits traits[GR_N_CODECS] = {
  [GR_CODEC_OPUS] = { "opus", 48000, 2, "Opus" },
  [GR_CODEC_VP8] = { "VP8", 90000, 0, "VP8" },
  [GR_CODEC_VP9] = { "VP9", 90000, 0, "VP9" },
  [GR_CODEC_VP9_10BIT] = { "VP9", 90000, 0, "VP9 10 bit" },
  [GR_CODEC_AV1] = { "AV1", 90000, 0, "AV1" },
  [GR_CODEC_H264] = { "H264", 90000, 0, "H.264" },
  [GR_CODEC_H264_SINGLE_NAL] = { "H264", 90000, 0, "H.264 single NAL" },
  [GR_CODEC_H264_MAIN] = { "H264", 90000, 0, "H.264 main" },
  [GR_CODEC_H264_HIGH] = { "H264", 90000, 0, "H.264 high" },
};

/* RFC 6184, section 8.1: without a profile-level-id it is baseline at level 1. */
#define H264_DEFAULT_PROFILE 0x420010

/* The names that we read, and how: decimal up to a limit, or six hexadecimal digits. */
enum
{
  PROFILE_ID,
  PROFILE,
  LEVEL_IDX,
  TIER,
  PACKETIZATION_MODE,
  LEVEL_ASYMMETRY,
  PROFILE_LEVEL_ID,
  STEREO,
  SPROP_STEREO,
  N_NAMES
};

static const struct
{
  const char *name;
  guint maximum; /* 0: six hexadecimal digits */
} names[N_NAMES] = {
  [PROFILE_ID] = { "profile-id", 3 },
  [PROFILE] = { "profile", 2 },
  [LEVEL_IDX] = { "level-idx", 31 },
  [TIER] = { "tier", 1 },
  [PACKETIZATION_MODE] = { "packetization-mode", 2 },
  [LEVEL_ASYMMETRY] = { "level-asymmetry-allowed", 1 },
  [PROFILE_LEVEL_ID] = { "profile-level-id", 0 },
  [STEREO] = { "stereo", 1 },
  [SPROP_STEREO] = { "sprop-stereo", 1 },
};

static gboolean
parse_number (const char *text, gsize length, guint base, guint *value)
{
  guint64 number = 0;

  if (length == 0 || length > 8)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0 || (guint) digit >= base)
        return FALSE;
      number = number * base + digit;
    }

  *value = number;
  return TRUE;
}

static guint
find_name (const char *text, gsize length)
{
  guint name = 0;

  while (name < N_NAMES
         && !(strlen (names[name].name) == length && g_ascii_strncasecmp (names[name].name, text, length) == 0))
    name++;

  return name;
}

static void
store (GrCodecParameters *parameters, guint name, guint value)
{
  switch (name)
    {
    case PROFILE_ID:
      parameters->vp9_profile = value;
      break;
    case PROFILE:
      parameters->av1_profile = value;
      break;
    case LEVEL_IDX:
      parameters->av1_level = value;
      break;
    case TIER:
      parameters->av1_tier = value;
      break;
    case PACKETIZATION_MODE:
      parameters->h264_packetization = value;
      break;
    case LEVEL_ASYMMETRY:
      parameters->h264_asymmetric = value;
      break;
    case PROFILE_LEVEL_ID:
      parameters->h264_profile = value;
      break;
    case STEREO:
      parameters->opus_stereo = value;
      break;
    case SPROP_STEREO:
      parameters->opus_sprop_stereo = value;
      break;
    default:
      g_assert_not_reached ();
    }
}

/* RFC 6184, table 5: which profile the profile_idc and the constraint flags of a profile-level-id mean. */
static GrCodecMatch
match_h264 (const GrCodecParameters *parameters, GrCodec *codec)
{
  guint32 profile = parameters->h264_profile != 0 ? parameters->h264_profile : H264_DEFAULT_PROFILE;
  guint idc = profile >> 16;
  guint flags = profile >> 8 & 0xff;
  gboolean single = parameters->h264_packetization == 0;

  if (parameters->h264_packetization > 1 || (flags & 0x0f) != 0)
    {
      /* Constrained high, 640c, is what a decoder of high decodes. */
      if (idc != 0x64 || flags != 0x0c || parameters->h264_packetization != 1)
        return GR_CODEC_MATCH_NONE;
      *codec = GR_CODEC_H264_HIGH;
      return GR_CODEC_MATCH_CLOSE;
    }

  if ((idc == 0x42 && (flags & 0x40)) || (idc == 0x4d && (flags & 0x80)) || (idc == 0x58 && (flags & 0xc0) == 0xc0))
    {
      *codec = single ? GR_CODEC_H264_SINGLE_NAL : GR_CODEC_H264;
      return GR_CODEC_MATCH_EXACT;
    }
  if (idc == 0x42 || (idc == 0x58 && (flags & 0x80)))
    {
      *codec = single ? GR_CODEC_H264_SINGLE_NAL : GR_CODEC_H264;
      return GR_CODEC_MATCH_CLOSE;
    }
  if (single || (idc != 0x4d && idc != 0x64))
    return GR_CODEC_MATCH_NONE;

  *codec = idc == 0x4d ? GR_CODEC_H264_MAIN : GR_CODEC_H264_HIGH;
  return GR_CODEC_MATCH_EXACT;
}

const GrCodecTraits *
gr_codec_traits (GrCodec codec)
{
  g_return_val_if_fail (codec < GR_N_CODECS, NULL);

  return &traits[codec];
}

void
gr_codec_parameters_init (GrCodecParameters *parameters)
{
  *parameters = (GrCodecParameters){ .av1_level = GR_AV1_LEVEL_UNSET };
}

const char *
gr_codec_parameters_parse (GrCodecParameters *parameters, const char *text, gsize length)
{
  const char *end = text + length;
  guint seen = 0;

  while (text < end)
    {
      const char *semicolon = memchr (text, ';', end - text);
      const char *stop = semicolon != NULL ? semicolon : end;
      const char *equals = memchr (text, '=', stop - text);
      guint name, value;

      while (text < stop && *text == ' ')
        text++;

      name = equals != NULL && equals > text ? find_name (text, equals - text) : N_NAMES;
      if (name < N_NAMES)
        {
          gsize digits = stop - equals - 1;

          if (seen & 1u << name)
            return "a parameter is given twice";
          seen |= 1u << name;

          if (names[name].maximum == 0 ? digits != 6 || !parse_number (equals + 1, digits, 16, &value)
                                       : !parse_number (equals + 1, digits, 10, &value) || value > names[name].maximum)
            return "a parameter is out of range";
          store (parameters, name, value);
        }

      text = stop + 1;
    }

  return NULL;
}

gboolean
gr_codec_parameters_write (const GrCodecParameters *parameters, GrCodec codec, GString *text)
{
  switch (codec)
    {
    case GR_CODEC_OPUS:
      g_string_append (text, "minptime=10;useinbandfec=1");
      if (parameters->opus_stereo)
        g_string_append (text, ";stereo=1");
      if (parameters->opus_sprop_stereo)
        g_string_append (text, ";sprop-stereo=1");
      return TRUE;

    case GR_CODEC_VP9:
    case GR_CODEC_VP9_10BIT:
      g_string_append_printf (text, "profile-id=%d", codec == GR_CODEC_VP9 ? 0 : 2);
      return TRUE;

    case GR_CODEC_AV1:
      /* Nothing said means level 3.1, main tier: what the other side said is said again. */
      if (parameters->av1_level == GR_AV1_LEVEL_UNSET)
        return FALSE;
      g_string_append_printf (text, "level-idx=%u;profile=0;tier=%u", parameters->av1_level, parameters->av1_tier);
      return TRUE;

    case GR_CODEC_H264:
    case GR_CODEC_H264_SINGLE_NAL:
    case GR_CODEC_H264_MAIN:
    case GR_CODEC_H264_HIGH:
      g_string_append_printf (text, "level-asymmetry-allowed=1;packetization-mode=%d;profile-level-id=%06x",
                              codec != GR_CODEC_H264_SINGLE_NAL,
                              parameters->h264_profile != 0 ? parameters->h264_profile : H264_DEFAULT_PROFILE);
      return TRUE;

    default:
      return FALSE;
    }
}

GrCodecMatch
gr_codec_match (const char *encoding,
                gsize length,
                guint clock_rate,
                guint channels,
                const GrCodecParameters *parameters,
                GrCodec *codec)
{
  GrCodec found;

  for (found = 0; found < GR_N_CODECS; found++)
    {
      const char *name = traits[found].encoding;

      if (strlen (name) == length && g_ascii_strncasecmp (name, encoding, length) == 0)
        break;
    }

  if (found == GR_N_CODECS || clock_rate != traits[found].clock_rate)
    return GR_CODEC_MATCH_NONE;
  if (traits[found].channels != 0 ? channels != traits[found].channels : channels > 1)
    return GR_CODEC_MATCH_NONE;

  if (found == GR_CODEC_H264)
    return match_h264 (parameters, codec);
  if (found == GR_CODEC_VP9 && parameters->vp9_profile == 2)
    found = GR_CODEC_VP9_10BIT;
  else if (found == GR_CODEC_VP9 && parameters->vp9_profile != 0)
    return GR_CODEC_MATCH_NONE;
  else if (found == GR_CODEC_AV1 && parameters->av1_profile != 0)
    return GR_CODEC_MATCH_NONE;

  *codec = found;
  return GR_CODEC_MATCH_EXACT;
}

const GrCodec *
gr_codec_preference (GrCodecUse use)
{
  static const GrCodec camera[] = {
    GR_CODEC_OPUS,      GR_CODEC_VP8,       GR_CODEC_H264,
    GR_CODEC_VP9,       GR_CODEC_AV1,       GR_CODEC_H264_MAIN,
    GR_CODEC_H264_HIGH, GR_CODEC_VP9_10BIT, GR_CODEC_H264_SINGLE_NAL,
    GR_N_CODECS,
  };
  static const GrCodec screen[] = {
    GR_CODEC_OPUS, GR_CODEC_AV1, GR_CODEC_VP9,       GR_CODEC_H264_HIGH,       GR_CODEC_H264_MAIN,
    GR_CODEC_H264, GR_CODEC_VP8, GR_CODEC_VP9_10BIT, GR_CODEC_H264_SINGLE_NAL, GR_N_CODECS,
  };

  return use == GR_CODEC_USE_SCREEN ? screen : camera;
}

void
gr_room_codecs_join (GrRoomCodecs *room, GrCodecSet decodes)
{
  room->people++;
  for (GrCodec codec = 0; codec < GR_N_CODECS; codec++)
    room->decoders[codec] += (decodes >> codec) & 1;
}

void
gr_room_codecs_leave (GrRoomCodecs *room, GrCodecSet decodes)
{
  g_return_if_fail (room->people > 0);

  room->people--;
  for (GrCodec codec = 0; codec < GR_N_CODECS; codec++)
    room->decoders[codec] -= (decodes >> codec) & 1;
}

GrCodecSet
gr_room_codecs_common (const GrRoomCodecs *room)
{
  GrCodecSet common = GR_CODECS_ALWAYS;

  for (GrCodec codec = 0; codec < GR_N_CODECS; codec++)
    if (room->decoders[codec] == room->people)
      common |= GR_CODEC_BIT (codec);

  return common;
}
