/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The payload types of an m-line. Lines come in any order (Firefox puts a=fmtp before a=rtpmap), so they are kept until
 * the m-line ends. */
#include <string.h>

#include "media/hub/sdp-private.h"

/* RFC 5761, section 4: with RTP and RTCP on one port these would look like RTCP. */
#define FIRST_RTCP_PAYLOAD_TYPE 64
#define LAST_RTCP_PAYLOAD_TYPE 95

/* Cuts "111 " off @value. *@payload is NULL for a payload type that this m-line does not list: Firefox goes on
 * describing those that setCodecPreferences() took out. */
static gboolean
cut_payload (GrSdpParser *parser, GrSdpText *value, GrSdpPayload **payload, GError **error)
{
  GrSdpText text = gr_sdp_text_cut (value, ' ');
  guint64 payload_type;

  if (!gr_sdp_text_number (text, GR_SDP_N_PAYLOAD_TYPES - 1, &payload_type) || value->length == 0)
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be a payload type from 0 to 127, and a value");

  *payload = parser->payloads[payload_type].listed ? &parser->payloads[payload_type] : NULL;
  return TRUE;
}

gboolean
gr_sdp_read_rtpmap (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPayload *payload;

  if (parser->media->kind == GR_SDP_APPLICATION)
    return TRUE;
  if (!cut_payload (parser, &value, &payload, error))
    return FALSE;
  if (payload == NULL)
    return TRUE;
  if (payload->rtpmap.length > 0)
    return gr_sdp_reader_fail (&parser->reader, error, "a payload type is described twice");

  payload->rtpmap = value;
  payload->line = parser->reader.number;
  return TRUE;
}

gboolean
gr_sdp_read_fmtp (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPayload *payload;

  if (parser->media->kind == GR_SDP_APPLICATION)
    return TRUE;
  if (!cut_payload (parser, &value, &payload, error))
    return FALSE;
  if (payload == NULL)
    return TRUE;
  if (payload->fmtp.length > 0)
    return gr_sdp_reader_fail (&parser->reader, error, "a payload type has two sets of parameters");

  payload->fmtp = value;
  return TRUE;
}

static guint8
feedback_bit (GrSdpText value)
{
  static const struct
  {
    const char *text;
    GrFeedback bit;
  } known[] = {
    { "nack", GR_FEEDBACK_NACK },
    { "nack pli", GR_FEEDBACK_PLI },
    { "ccm fir", GR_FEEDBACK_FIR },
    { "goog-remb", GR_FEEDBACK_REMB },
    { "transport-cc", GR_FEEDBACK_TRANSPORT_CC },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (gr_sdp_text_is (value, known[i].text))
      return known[i].bit;

  return 0;
}

gboolean
gr_sdp_read_rtcp_fb (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPayload *payload;

  if (parser->media->kind == GR_SDP_APPLICATION)
    return TRUE;
  if (value.length > 2 && value.at[0] == '*' && value.at[1] == ' ')
    {
      parser->common_feedback |= feedback_bit ((GrSdpText){ value.at + 2, value.length - 2 });
      return TRUE;
    }

  if (!cut_payload (parser, &value, &payload, error))
    return FALSE;

  if (payload != NULL)
    payload->feedback |= feedback_bit (value);
  return TRUE;
}

/* The same payload type in two m-lines of a bundle is the same thing (RFC 8843, section 9.1). */
static gboolean
agree (GrSdpParser *parser, guint8 payload_type, guint8 meaning, GError **error)
{
  guint8 *known = &parser->payload_types[payload_type];

  if (*known != 0 && *known != meaning)
    return gr_sdp_fail_at (parser, parser->payloads[payload_type].line, error,
                           "the payload type means something else in another m-line");

  *known = meaning;
  return TRUE;
}

/* "VP8/90000", "opus/48000/2". */
static gboolean
split_rtpmap (GrSdpParser *parser,
              const GrSdpPayload *payload,
              GrSdpText *encoding,
              guint *clock_rate,
              guint *channels,
              GError **error)
{
  GrSdpText rest = payload->rtpmap;
  guint64 rate, count = 0;

  *encoding = gr_sdp_text_cut (&rest, '/');
  if (encoding->length == 0 || !gr_sdp_text_number (gr_sdp_text_cut (&rest, '/'), G_MAXUINT32, &rate) || rate == 0
      || (rest.length > 0 && !gr_sdp_text_number (rest, 255, &count)))
    return gr_sdp_fail_at (parser, payload->line, error, "a=rtpmap has to be an encoding and a clock rate");

  *clock_rate = rate;
  *channels = count;
  return TRUE;
}

/* Reads a payload type of a format that we speak into media->codecs; anything else is marked as foreign. RTX waits. */
static gboolean
finish_payload (GrSdpParser *parser, guint8 payload_type, GrCodecMatch matches[GR_N_CODECS], GError **error)
{
  GrSdpMedia *media = parser->media;
  const GrSdpPayload *payload = &parser->payloads[payload_type];
  GrSdpCodec entry = { .payload_type = payload_type, .feedback = payload->feedback | parser->common_feedback };
  GrSdpText encoding;
  guint clock_rate, channels, at = 0;
  GrCodecMatch match;
  GrCodec codec;
  const char *problem;

  /* Static payload types need no a=rtpmap (RFC 3551), and none of them is ours. */
  if (payload->rtpmap.length == 0)
    return agree (parser, payload_type, GR_SDP_FOREIGN, error);
  if (!split_rtpmap (parser, payload, &encoding, &clock_rate, &channels, error))
    return FALSE;
  if (gr_sdp_text_is_nocase (encoding, "rtx"))
    return TRUE;

  /* The encoding alone tells whose the parameters are; those of a stranger may use our names for other things. */
  gr_codec_parameters_init (&entry.parameters);
  match = gr_codec_match (encoding.at, encoding.length, clock_rate, channels, &entry.parameters, &codec);
  if (match == GR_CODEC_MATCH_NONE)
    return agree (parser, payload_type, GR_SDP_FOREIGN, error);

  problem = gr_codec_parameters_parse (&entry.parameters, payload->fmtp.at, payload->fmtp.length);
  if (problem != NULL)
    return gr_sdp_fail_at (parser, payload->line, error, problem);
  match = gr_codec_match (encoding.at, encoding.length, clock_rate, channels, &entry.parameters, &codec);
  if (match == GR_CODEC_MATCH_NONE || (GR_CODEC_BIT (codec) & GR_CODECS_AUDIO) != (media->kind == GR_SDP_AUDIO))
    return agree (parser, payload_type, GR_SDP_FOREIGN, error);

  if (payload_type == GR_PAYLOAD_TYPE_NONE
      || (payload_type >= FIRST_RTCP_PAYLOAD_TYPE && payload_type <= LAST_RTCP_PAYLOAD_TYPE))
    return gr_sdp_fail_at (parser, payload->line, error, "the payload type is reserved");
  if (!agree (parser, payload_type, codec + 1, error))
    return FALSE;

  while (at < media->n_codecs && media->codecs[at].codec != codec)
    at++;
  if (at < media->n_codecs && match <= matches[codec])
    return TRUE;

  entry.codec = codec;
  media->codecs[at] = entry;
  media->n_codecs = MAX (media->n_codecs, at + 1);
  matches[codec] = match;
  return TRUE;
}

/* "apt=96": RFC 4588, section 8.6. */
static gboolean
finish_rtx (GrSdpParser *parser, guint8 payload_type, GError **error)
{
  GrSdpMedia *media = parser->media;
  const GrSdpPayload *payload = &parser->payloads[payload_type];
  GrSdpText encoding, value = payload->fmtp;
  guint clock_rate, channels;
  guint64 repaired = GR_PAYLOAD_TYPE_NONE;
  guint8 meaning;

  if (payload->rtpmap.length == 0 || !split_rtpmap (parser, payload, &encoding, &clock_rate, &channels, NULL)
      || !gr_sdp_text_is_nocase (encoding, "rtx"))
    return TRUE;

  while (value.length > 0)
    {
      GrSdpText parameter = gr_sdp_text_cut (&value, ';');
      GrSdpText name = gr_sdp_text_cut (&parameter, '=');

      if (gr_sdp_text_is (name, "apt")
          && (!gr_sdp_text_number (parameter, GR_SDP_N_PAYLOAD_TYPES - 1, &repaired)
              || !parser->payloads[repaired].listed || repaired == payload_type))
        return gr_sdp_fail_at (parser, payload->line, error, "rtx repairs a payload type that is not there");
    }
  if (repaired == GR_PAYLOAD_TYPE_NONE)
    return gr_sdp_fail_at (parser, payload->line, error, "rtx has no apt");

  /* What it repairs was dropped, perhaps for a better entry of the same format. */
  meaning = parser->payload_types[repaired];
  if (meaning == GR_SDP_FOREIGN || (meaning & GR_SDP_RTX) != 0 || meaning == 0)
    return agree (parser, payload_type, GR_SDP_FOREIGN, error);

  if (payload_type >= FIRST_RTCP_PAYLOAD_TYPE && payload_type <= LAST_RTCP_PAYLOAD_TYPE)
    return gr_sdp_fail_at (parser, payload->line, error, "the payload type is reserved");
  for (guint i = 0; i < media->n_codecs; i++)
    {
      GrSdpCodec *codec = &media->codecs[i];

      if (codec->payload_type != repaired)
        continue;
      if (codec->rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
        return gr_sdp_fail_at (parser, payload->line, error, "a payload type is repaired by two");
      if (clock_rate != gr_codec_traits (codec->codec)->clock_rate)
        return gr_sdp_fail_at (parser, payload->line, error, "rtx has another clock rate than what it repairs");
      codec->rtx_payload_type = payload_type;
    }

  return agree (parser, payload_type, GR_SDP_RTX | meaning, error);
}

gboolean
gr_sdp_finish_codecs (GrSdpParser *parser, GError **error)
{
  GrCodecMatch matches[GR_N_CODECS] = { GR_CODEC_MATCH_NONE };

  for (guint i = 0; i < parser->n_formats; i++)
    if (!finish_payload (parser, parser->formats[i], matches, error))
      return FALSE;
  for (guint i = 0; i < parser->n_formats; i++)
    if (!finish_rtx (parser, parser->formats[i], error))
      return FALSE;

  return TRUE;
}
