/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an m-line says of its streams. */
#include <string.h>

#include "media/hub/sdp-private.h"

/* RFC 8866, section 9: what a token may have besides letters and digits; and the braces that Firefox puts around its
 * ids. */
#define TOKEN_CHARACTERS "!#$%&'*+-.^_`{|}~"
#define MID_CHARACTERS "-_."
#define RID_CHARACTERS "-_"

static const char *const extension_uris[GR_N_EXTENSIONS] = {
  [GR_EXTENSION_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
  [GR_EXTENSION_AUDIO_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
  [GR_EXTENSION_ABS_SEND_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  [GR_EXTENSION_TRANSPORT_CC] = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  [GR_EXTENSION_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  [GR_EXTENSION_REPAIRED_RID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
  [GR_EXTENSION_DEPENDENCY_DESCRIPTOR]
  = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
};

const char *
gr_extension_uri (GrExtension extension)
{
  g_return_val_if_fail (extension < GR_N_EXTENSIONS, NULL);

  return extension_uris[extension];
}

static gboolean
read_formats (GrSdpParser *parser, GrSdpText value, GError **error)
{
  while (value.length > 0)
    {
      GrSdpText format = gr_sdp_text_cut (&value, ' ');
      guint64 payload_type;

      if (!gr_sdp_text_number (format, GR_SDP_N_PAYLOAD_TYPES - 1, &payload_type))
        return gr_sdp_reader_fail (&parser->reader, error, "a payload type is a number from 0 to 127");
      if (parser->payloads[payload_type].listed)
        return gr_sdp_reader_fail (&parser->reader, error, "a payload type is listed twice");
      parser->payloads[payload_type].listed = TRUE;
      parser->payloads[payload_type].line = parser->reader.number;
      parser->formats[parser->n_formats++] = payload_type;
    }

  return parser->n_formats > 0 || gr_sdp_reader_fail (&parser->reader, error, "payload types are missing");
}

static void
begin_media (GrSdpParser *parser)
{
  parser->media = &parser->sdp->media[parser->sdp->n_media++];
  parser->media->direction = parser->session_direction;
  parser->media_line = parser->reader.number;
  parser->media_seen = 0;
  parser->bundle_only = FALSE;
  parser->n_formats = 0;
  parser->common_feedback = 0;
  parser->simulcast = (GrSdpText){ NULL, 0 };
  parser->n_pairs = 0;
  memset (&parser->media_peer, 0, sizeof parser->media_peer);
  memset (parser->payloads, 0, sizeof parser->payloads);
  memset (parser->extension_seen, 0, sizeof parser->extension_seen);
}

gboolean
gr_sdp_read_media (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText kind = gr_sdp_text_cut (&value, ' ');
  GrSdpText port = gr_sdp_text_cut (&value, ' ');
  GrSdpText protocol = gr_sdp_text_cut (&value, ' ');
  guint64 number;

  if (parser->sdp->n_media == GR_SDP_MAX_MEDIA)
    return gr_sdp_reader_fail (&parser->reader, error, "there are too many m-lines");
  if (!gr_sdp_text_number (port, G_MAXUINT16, &number))
    return gr_sdp_reader_fail (&parser->reader, error, "the port is not a number");

  begin_media (parser);
  parser->port_zero = number == 0;

  if (gr_sdp_text_is (kind, "application"))
    {
      parser->media->kind = GR_SDP_APPLICATION;
      parser->media->legacy_sctp = gr_sdp_text_is (protocol, "DTLS/SCTP");
      if (!parser->media->legacy_sctp && !gr_sdp_text_is (protocol, "UDP/DTLS/SCTP"))
        return gr_sdp_reader_fail (&parser->reader, error, "the protocol is not UDP/DTLS/SCTP");
      return TRUE;
    }

  if (!gr_sdp_text_is (kind, "audio") && !gr_sdp_text_is (kind, "video"))
    return gr_sdp_reader_fail (&parser->reader, error, "it is neither audio, video nor application");
  if (!gr_sdp_text_is (protocol, "UDP/TLS/RTP/SAVPF"))
    return gr_sdp_reader_fail (&parser->reader, error, "the protocol is not UDP/TLS/RTP/SAVPF");

  parser->media->kind = gr_sdp_text_is (kind, "audio") ? GR_SDP_AUDIO : GR_SDP_VIDEO;
  return read_formats (parser, value, error);
}

gboolean
gr_sdp_read_mid (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdp *sdp = parser->sdp;

  if (!gr_sdp_text_copy (value, MID_CHARACTERS, parser->media->mid, sizeof parser->media->mid))
    return gr_sdp_reader_fail (&parser->reader, error, "it is not well formed or too long");

  for (guint i = 0; i + 1 < sdp->n_media; i++)
    if (strcmp (sdp->media[i].mid, parser->media->mid) == 0)
      return gr_sdp_reader_fail (&parser->reader, error, "another m-line has the same");

  return TRUE;
}

gboolean
gr_sdp_read_msid (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText stream = gr_sdp_text_cut (&value, ' ');
  char name[GR_SDP_MAX_STREAM + 1];
  char track[GR_SDP_MAX_STREAM + 1] = "";

  if (!gr_sdp_text_copy (stream, TOKEN_CHARACTERS, name, sizeof name)
      || (value.length > 0 && !gr_sdp_text_copy (value, TOKEN_CHARACTERS, track, sizeof track)))
    return gr_sdp_reader_fail (&parser->reader, error, "it is not well formed or too long");

  /* A track may be in more streams than one; the first counts. */
  if (*parser->media->stream == '\0')
    {
      memcpy (parser->media->stream, name, sizeof name);
      memcpy (parser->media->track, track, sizeof track);
    }

  return TRUE;
}

/* "3/sendonly urn:…": RFC 8285, section 5. */
gboolean
gr_sdp_read_extmap (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText entry = gr_sdp_text_cut (&value, ' ');
  GrSdpText uri = gr_sdp_text_cut (&value, ' ');
  GrSdpText id_text = gr_sdp_text_cut (&entry, '/');
  GrExtension extension = 0;
  guint64 id;

  if (!gr_sdp_text_number (id_text, 4351, &id) || id == 0 || id == 15 || (id > 255 && id < 4096) || uri.length == 0)
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be an id from 1 to 14 or 16 to 255, and a URI");
  if (entry.length > 0 && !gr_sdp_text_is (entry, "sendrecv") && !gr_sdp_text_is (entry, "sendonly")
      && !gr_sdp_text_is (entry, "recvonly") && !gr_sdp_text_is (entry, "inactive"))
    return gr_sdp_reader_fail (&parser->reader, error, "the direction is none");

  if (id <= 255)
    {
      if (parser->extension_seen[id / 32] & 1u << id % 32)
        return gr_sdp_reader_fail (&parser->reader, error, "an id is given twice");
      parser->extension_seen[id / 32] |= 1u << id % 32;
    }

  while (extension < GR_N_EXTENSIONS && !gr_sdp_text_is (uri, extension_uris[extension]))
    extension++;

  if (id <= GR_EXTENSION_MAX_ID)
    {
      guint8 meaning = extension < GR_N_EXTENSIONS ? extension + 1 : GR_SDP_FOREIGN;
      guint8 *known = &parser->extension_ids[id];

      if (*known != 0 && *known != meaning)
        return gr_sdp_reader_fail (&parser->reader, error, "the id means something else in another m-line");
      *known = meaning;
    }

  if (extension == GR_N_EXTENSIONS)
    return TRUE;
  if (parser->media->extensions[extension] != 0)
    return gr_sdp_reader_fail (&parser->reader, error, "an extension is given twice");

  /* What would need two-byte headers is left out, as if it had not been offered. */
  if (id <= GR_EXTENSION_MAX_ID && !gr_sdp_text_is (entry, "inactive"))
    parser->media->extensions[extension] = id;
  return TRUE;
}

gboolean
gr_sdp_read_rid (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpMedia *media = parser->media;
  GrSdpText id = gr_sdp_text_cut (&value, ' ');
  GrSdpText direction = gr_sdp_text_cut (&value, ' ');

  if (media->n_rids == GR_SDP_MAX_RIDS)
    return gr_sdp_reader_fail (&parser->reader, error, "there are too many layers");
  if (!gr_sdp_text_copy (id, RID_CHARACTERS, media->rids[media->n_rids], sizeof media->rids[0]))
    return gr_sdp_reader_fail (&parser->reader, error, "it is not well formed or too long");
  if (!gr_sdp_text_is (direction, "send") && !gr_sdp_text_is (direction, "recv"))
    return gr_sdp_reader_fail (&parser->reader, error, "it is neither sent nor received");
  for (guint i = 0; i < media->n_rids; i++)
    if (strcmp (media->rids[i], media->rids[media->n_rids]) == 0)
      return gr_sdp_reader_fail (&parser->reader, error, "a layer is given twice");

  media->n_rids++;
  return TRUE;
}

gboolean
gr_sdp_read_simulcast (GrSdpParser *parser, GrSdpText value, GError **error)
{
  parser->simulcast = value;
  parser->simulcast_line = parser->reader.number;
  return TRUE;
}

gboolean
gr_sdp_read_ssrc (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpMedia *media = parser->media;
  guint64 ssrc;

  if (!gr_sdp_text_number (gr_sdp_text_cut (&value, ' '), G_MAXUINT32, &ssrc) || ssrc == 0)
    return gr_sdp_reader_fail (&parser->reader, error, "it is not a number of 32 bits");

  for (guint i = 0; i < media->n_ssrcs; i++)
    if (media->ssrcs[i] == ssrc)
      return TRUE;

  if (media->n_ssrcs == GR_SDP_MAX_SSRCS)
    return gr_sdp_reader_fail (&parser->reader, error, "there are too many in this m-line");
  if (gr_sdp_announces (parser->sdp, ssrc))
    return gr_sdp_reader_fail (&parser->reader, error, "another m-line has the same");

  media->ssrcs[media->n_ssrcs++] = ssrc;
  return TRUE;
}

/* "FID 1 2": 2 repairs 1 (RFC 5576, section 4.2). */
gboolean
gr_sdp_read_ssrc_group (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText semantics = gr_sdp_text_cut (&value, ' ');
  GrSdpText first = gr_sdp_text_cut (&value, ' ');
  guint64 ssrc, rtx;

  if (!gr_sdp_text_is (semantics, "FID"))
    return TRUE;

  if (!gr_sdp_text_number (first, G_MAXUINT32, &ssrc) || !gr_sdp_text_number (value, G_MAXUINT32, &rtx) || ssrc == 0
      || rtx == 0 || ssrc == rtx)
    return gr_sdp_reader_fail (&parser->reader, error, "FID takes two different SSRCs");
  if (parser->n_pairs == GR_SDP_MAX_SSRCS)
    return gr_sdp_reader_fail (&parser->reader, error, "there are too many in this m-line");
  for (guint i = 0; i < parser->n_pairs; i++)
    for (guint j = 0; j < 2; j++)
      if (parser->pairs[i][j] == ssrc || parser->pairs[i][j] == rtx)
        return gr_sdp_reader_fail (&parser->reader, error, "an SSRC is in two groups");

  parser->pairs[parser->n_pairs][0] = ssrc;
  parser->pairs[parser->n_pairs++][1] = rtx;
  return TRUE;
}

static gboolean
has_rid (const GrSdpMedia *media, GrSdpText rid)
{
  for (guint i = 0; i < media->n_rids; i++)
    if (gr_sdp_text_is (rid, media->rids[i]))
      return TRUE;

  return FALSE;
}

/* "send q;h,x;~f recv …": RFC 8853, section 5.1. */
static gboolean
check_simulcast (GrSdpParser *parser, GError **error)
{
  GrSdpText value = parser->simulcast;

  while (value.length > 0)
    {
      GrSdpText direction = gr_sdp_text_cut (&value, ' ');
      GrSdpText list = gr_sdp_text_cut (&value, ' ');

      if ((!gr_sdp_text_is (direction, "send") && !gr_sdp_text_is (direction, "recv")) || list.length == 0)
        return gr_sdp_fail_at (parser, parser->simulcast_line, error, "simulcast is sent or received");

      while (list.length > 0)
        {
          GrSdpText alternatives = gr_sdp_text_cut (&list, ';');

          while (alternatives.length > 0)
            {
              GrSdpText rid = gr_sdp_text_cut (&alternatives, ',');

              if (rid.length > 0 && rid.at[0] == '~')
                rid = (GrSdpText){ rid.at + 1, rid.length - 1 };
              if (!has_rid (parser->media, rid))
                return gr_sdp_fail_at (parser, parser->simulcast_line, error, "simulcast names a layer without a=rid");
            }
        }
    }

  parser->media->simulcast = parser->simulcast.length > 0;
  return TRUE;
}

gboolean
gr_sdp_finish_streams (GrSdpParser *parser, GError **error)
{
  GrSdpMedia *media = parser->media;

  if (!check_simulcast (parser, error))
    return FALSE;

  for (guint i = 0; i < parser->n_pairs; i++)
    {
      guint repaired = media->n_ssrcs, repair = media->n_ssrcs;

      for (guint j = 0; j < media->n_ssrcs; j++)
        {
          if (media->ssrcs[j] == parser->pairs[i][0])
            repaired = j;
          else if (media->ssrcs[j] == parser->pairs[i][1])
            repair = j;
        }
      if (repaired == media->n_ssrcs || repair == media->n_ssrcs)
        return gr_sdp_fail_at (parser, parser->media_line, error, "a=ssrc-group names an SSRC without a=ssrc");

      /* What repairs another is no stream of its own. */
      media->rtx[repaired] = media->ssrcs[repair];
      for (guint j = repair; j + 1 < media->n_ssrcs; j++)
        {
          media->ssrcs[j] = media->ssrcs[j + 1];
          media->rtx[j] = media->rtx[j + 1];
        }
      media->n_ssrcs--;
      media->ssrcs[media->n_ssrcs] = media->rtx[media->n_ssrcs] = 0;
    }

  return TRUE;
}
