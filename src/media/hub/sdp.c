/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/sdp.h"

#include <string.h>

#include "base/error.h"
#include "media/hub/sdp-private.h"

/* RFC 8839, section 5.4: ice-char, besides letters and digits. */
#define ICE_CHARACTERS "+/"
#define FINGERPRINT_TEXT (GR_SDP_FINGERPRINT_SIZE * 3 - 1)

/* An attribute that we read. All others are dropped. */
typedef struct
{
  const char *name;
  gboolean in_session, in_media;
  gboolean many;
  gboolean is_flag; /* without a value */
  gboolean (*read) (GrSdpParser *parser, GrSdpText value, GError **error);
} Attribute;

static GrSdpPeer *
current_peer (GrSdpParser *parser)
{
  return parser->media != NULL ? &parser->media_peer : &parser->session_peer;
}

static gboolean
read_group (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText semantics = gr_sdp_text_cut (&value, ' ');

  if (!gr_sdp_text_is (semantics, "BUNDLE"))
    return TRUE;
  if (parser->has_group)
    return gr_sdp_reader_fail (&parser->reader, error, "there is more than one bundle");

  parser->has_group = TRUE;
  while (value.length > 0)
    {
      GrSdpText mid = gr_sdp_text_cut (&value, ' ');

      if (mid.length == 0 && value.length == 0)
        break;
      if (parser->n_bundle == GR_SDP_MAX_MEDIA)
        return gr_sdp_reader_fail (&parser->reader, error, "there are too many m-lines");
      if (!gr_sdp_text_copy (mid, "-_.", parser->bundle[parser->n_bundle], sizeof parser->bundle[0]))
        return gr_sdp_reader_fail (&parser->reader, error, "a mid is not well formed or too long");
      for (guint i = 0; i < parser->n_bundle; i++)
        if (strcmp (parser->bundle[i], parser->bundle[parser->n_bundle]) == 0)
          return gr_sdp_reader_fail (&parser->reader, error, "a mid is bundled twice");
      parser->n_bundle++;
    }

  return TRUE;
}

static gboolean
read_ice_ufrag (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPeer *peer = current_peer (parser);

  if (value.length < GR_SDP_MIN_UFRAG || !gr_sdp_text_copy (value, ICE_CHARACTERS, peer->ufrag, sizeof peer->ufrag))
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be 4 to 256 characters of ICE");

  return TRUE;
}

static gboolean
read_ice_pwd (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPeer *peer = current_peer (parser);

  if (value.length < GR_SDP_MIN_PASSWORD
      || !gr_sdp_text_copy (value, ICE_CHARACTERS, peer->password, sizeof peer->password))
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be 22 to 256 characters of ICE");

  return TRUE;
}

static gboolean
read_ice_lite (GrSdpParser *parser, GrSdpText value, GError **error)
{
  parser->sdp->ice_lite = TRUE;
  return TRUE;
}

static gboolean
read_fingerprint (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPeer *peer = current_peer (parser);
  GrSdpText function = gr_sdp_text_cut (&value, ' ');

  if (!gr_sdp_text_is_nocase (function, "sha-256"))
    return gr_sdp_reader_fail (&parser->reader, error, "only sha-256 is good enough");
  if (value.length != FINGERPRINT_TEXT)
    return gr_sdp_reader_fail (&parser->reader, error, "a sha-256 is 32 bytes in hexadecimal");

  for (guint i = 0; i < GR_SDP_FINGERPRINT_SIZE; i++)
    {
      const char *byte = value.at + i * 3;

      if (!g_ascii_isxdigit (byte[0]) || !g_ascii_isxdigit (byte[1])
          || (i + 1 < GR_SDP_FINGERPRINT_SIZE && byte[2] != ':'))
        return gr_sdp_reader_fail (&parser->reader, error, "a sha-256 is 32 bytes in hexadecimal");
      peer->fingerprint[i] = g_ascii_xdigit_value (byte[0]) << 4 | g_ascii_xdigit_value (byte[1]);
    }

  peer->has_fingerprint = TRUE;
  return TRUE;
}

static gboolean
read_setup (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpPeer *peer = current_peer (parser);

  if (gr_sdp_text_is (value, "active"))
    peer->setup = GR_SDP_ACTIVE;
  else if (gr_sdp_text_is (value, "passive"))
    peer->setup = GR_SDP_PASSIVE;
  else if (gr_sdp_text_is (value, "actpass") && parser->sdp->type == GR_SDP_OFFER)
    peer->setup = GR_SDP_ACTPASS;
  else
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be active or passive, or actpass in an offer");

  peer->has_setup = TRUE;
  return TRUE;
}

static gboolean
set_direction (GrSdpParser *parser, GrSdpDirection direction)
{
  if (parser->media != NULL)
    parser->media->direction = direction;
  else
    parser->session_direction = direction;

  return TRUE;
}

static gboolean
read_sendrecv (GrSdpParser *parser, GrSdpText value, GError **error)
{
  return set_direction (parser, GR_SDP_SENDRECV);
}

static gboolean
read_sendonly (GrSdpParser *parser, GrSdpText value, GError **error)
{
  return set_direction (parser, GR_SDP_SENDONLY);
}

static gboolean
read_recvonly (GrSdpParser *parser, GrSdpText value, GError **error)
{
  return set_direction (parser, GR_SDP_RECVONLY);
}

static gboolean
read_inactive (GrSdpParser *parser, GrSdpText value, GError **error)
{
  return set_direction (parser, GR_SDP_INACTIVE);
}

static gboolean
read_rtcp_mux (GrSdpParser *parser, GrSdpText value, GError **error)
{
  parser->media->rtcp_mux = TRUE;
  return TRUE;
}

static gboolean
read_rtcp_rsize (GrSdpParser *parser, GrSdpText value, GError **error)
{
  parser->media->rtcp_rsize = TRUE;
  return TRUE;
}

static gboolean
read_bundle_only (GrSdpParser *parser, GrSdpText value, GError **error)
{
  parser->bundle_only = TRUE;
  return TRUE;
}

/* The four directions are one attribute: a second one contradicts the first. */
static const Attribute attributes[] = {
  { "sendrecv", TRUE, TRUE, FALSE, TRUE, read_sendrecv },
  { "sendonly", TRUE, TRUE, FALSE, TRUE, read_sendonly },
  { "recvonly", TRUE, TRUE, FALSE, TRUE, read_recvonly },
  { "inactive", TRUE, TRUE, FALSE, TRUE, read_inactive },
  { "group", TRUE, FALSE, TRUE, FALSE, read_group },
  { "ice-ufrag", TRUE, TRUE, FALSE, FALSE, read_ice_ufrag },
  { "ice-pwd", TRUE, TRUE, FALSE, FALSE, read_ice_pwd },
  { "ice-lite", TRUE, FALSE, FALSE, TRUE, read_ice_lite },
  { "fingerprint", TRUE, TRUE, FALSE, FALSE, read_fingerprint },
  { "setup", TRUE, TRUE, FALSE, FALSE, read_setup },
  { "mid", FALSE, TRUE, FALSE, FALSE, gr_sdp_read_mid },
  { "rtcp-mux", FALSE, TRUE, FALSE, TRUE, read_rtcp_mux },
  { "rtcp-rsize", FALSE, TRUE, FALSE, TRUE, read_rtcp_rsize },
  { "bundle-only", FALSE, TRUE, FALSE, TRUE, read_bundle_only },
  { "msid", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_msid },
  { "extmap", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_extmap },
  { "rid", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_rid },
  { "simulcast", FALSE, TRUE, FALSE, FALSE, gr_sdp_read_simulcast },
  { "ssrc", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_ssrc },
  { "ssrc-group", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_ssrc_group },
  { "rtpmap", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_rtpmap },
  { "fmtp", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_fmtp },
  { "rtcp-fb", FALSE, TRUE, TRUE, FALSE, gr_sdp_read_rtcp_fb },
};
#define N_DIRECTIONS 4
G_STATIC_ASSERT (G_N_ELEMENTS (attributes) <= 32);

static gboolean
read_attribute (GrSdpParser *parser, GError **error)
{
  GrSdpText value = parser->reader.value;
  gboolean has_value = memchr (value.at, ':', value.length) != NULL;
  GrSdpText name = gr_sdp_text_cut (&value, ':');
  guint32 *seen = parser->media != NULL ? &parser->media_seen : &parser->session_seen;
  guint row = 0;

  while (row < G_N_ELEMENTS (attributes) && !gr_sdp_text_is (name, attributes[row].name))
    row++;
  if (row == G_N_ELEMENTS (attributes))
    return TRUE;

  parser->reader.attribute = name;
  if (!(parser->media != NULL ? attributes[row].in_media : attributes[row].in_session))
    return gr_sdp_reader_fail (&parser->reader, error,
                               parser->media != NULL ? "it belongs before the first m-line"
                                                     : "it belongs to an m-line");
  if (attributes[row].is_flag ? has_value : value.length == 0)
    return gr_sdp_reader_fail (&parser->reader, error, has_value ? "it takes no value" : "it needs a value");

  if (!attributes[row].many)
    {
      guint32 bit = 1u << (row < N_DIRECTIONS ? 0 : row);

      if (*seen & bit)
        return gr_sdp_reader_fail (&parser->reader, error, "it is said twice");
      *seen |= bit;
    }

  return attributes[row].read (parser, value, error);
}

static gboolean
is_bundled (const GrSdpParser *parser, const char *mid)
{
  for (guint i = 0; i < parser->n_bundle; i++)
    if (strcmp (parser->bundle[i], mid) == 0)
      return TRUE;

  return FALSE;
}

/* The first m-line that carries media speaks for the transport; whatever others say of the certificate has to agree. */
static gboolean
finish_peer (GrSdpParser *parser, GError **error)
{
  GrSdp *sdp = parser->sdp;
  const GrSdpPeer *peer = &parser->media_peer;
  const GrSdpPeer *session = &parser->session_peer;
  const guint8 *fingerprint = peer->has_fingerprint ? peer->fingerprint : session->fingerprint;
  gboolean has_fingerprint = peer->has_fingerprint || session->has_fingerprint;
  const char *ufrag = *peer->ufrag != '\0' ? peer->ufrag : session->ufrag;
  const char *password = *peer->password != '\0' ? peer->password : session->password;

  if (peer->has_fingerprint && session->has_fingerprint
      && memcmp (peer->fingerprint, session->fingerprint, GR_SDP_FINGERPRINT_SIZE) != 0)
    return gr_sdp_fail_at (parser, parser->media_line, error, "its fingerprint is not the session's");

  if (parser->tagged)
    {
      if (has_fingerprint && memcmp (fingerprint, sdp->fingerprint, GR_SDP_FINGERPRINT_SIZE) != 0)
        return gr_sdp_fail_at (parser, parser->media_line, error, "its fingerprint is not the first m-line's");
      return TRUE;
    }

  if (!has_fingerprint)
    return gr_sdp_fail_at (parser, parser->media_line, error, "a=fingerprint is missing");
  if (*ufrag == '\0' || *password == '\0')
    return gr_sdp_fail_at (parser, parser->media_line, error, "a=ice-ufrag or a=ice-pwd is missing");
  if (!peer->has_setup && !session->has_setup)
    return gr_sdp_fail_at (parser, parser->media_line, error, "a=setup is missing");
  if (!parser->media->rtcp_mux)
    return gr_sdp_fail_at (parser, parser->media_line, error, "a=rtcp-mux is missing");

  memcpy (sdp->fingerprint, fingerprint, GR_SDP_FINGERPRINT_SIZE);
  g_strlcpy (sdp->ufrag, ufrag, sizeof sdp->ufrag);
  g_strlcpy (sdp->password, password, sizeof sdp->password);
  sdp->setup = peer->has_setup ? peer->setup : session->setup;
  parser->tagged = TRUE;
  return TRUE;
}

static gboolean
finish_media (GrSdpParser *parser, GError **error)
{
  GrSdpMedia *media = parser->media;

  if (media == NULL)
    return TRUE;

  if (*media->mid == '\0')
    return gr_sdp_fail_at (parser, parser->media_line, error, "a=mid is missing");

  media->rejected = parser->port_zero && !parser->bundle_only;
  media->bundled = is_bundled (parser, media->mid);
  if (media->rejected && media->bundled)
    return gr_sdp_fail_at (parser, parser->media_line, error, "it is bundled and rejected");
  if (parser->bundle_only && !media->bundled)
    return gr_sdp_fail_at (parser, parser->media_line, error, "it is bundle-only, and not bundled");
  if (media->rejected)
    return TRUE;
  if (!media->bundled && (parser->has_group || parser->tagged))
    return gr_sdp_fail_at (parser, parser->media_line, error, "it is not bundled");
  if (media->kind == GR_SDP_APPLICATION)
    return TRUE;

  return finish_peer (parser, error) && gr_sdp_finish_streams (parser, error) && gr_sdp_finish_codecs (parser, error);
}

static gboolean
read_origin (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText name = gr_sdp_text_cut (&value, ' ');
  GrSdpText id = gr_sdp_text_cut (&value, ' ');
  GrSdpText version = gr_sdp_text_cut (&value, ' ');
  GrSdpText net = gr_sdp_text_cut (&value, ' ');
  GrSdpText family = gr_sdp_text_cut (&value, ' ');

  if (name.length == 0 || !gr_sdp_text_number (id, G_MAXUINT64, &parser->sdp->session_id)
      || !gr_sdp_text_number (version, G_MAXUINT64, &parser->sdp->session_version) || !gr_sdp_text_is (net, "IN")
      || !(gr_sdp_text_is (family, "IP4") || gr_sdp_text_is (family, "IP6")) || value.length == 0)
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be a name, an id, a version and an address");

  return TRUE;
}

static gboolean
read_connection (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText net = gr_sdp_text_cut (&value, ' ');
  GrSdpText family = gr_sdp_text_cut (&value, ' ');

  if (!gr_sdp_text_is (net, "IN") || !(gr_sdp_text_is (family, "IP4") || gr_sdp_text_is (family, "IP6"))
      || value.length == 0)
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be “IN”, “IP4” or “IP6”, and an address");

  return TRUE;
}

static gboolean
read_time (GrSdpParser *parser, GrSdpText value, GError **error)
{
  GrSdpText start = gr_sdp_text_cut (&value, ' ');
  guint64 number;

  if (!gr_sdp_text_number (start, G_MAXUINT64, &number) || !gr_sdp_text_number (value, G_MAXUINT64, &number))
    return gr_sdp_reader_fail (&parser->reader, error, "it has to be two numbers");

  return TRUE;
}

/* RFC 8866, section 5: the first three lines and what else there may be. */
static gboolean
read_line (GrSdpParser *parser, GError **error)
{
  static const char head[] = "vos";
  const GrSdpReader *reader = &parser->reader;

  if (reader->number < sizeof head ? reader->type != head[reader->number - 1] : strchr (head, reader->type) != NULL)
    return gr_sdp_reader_fail (reader, error, "a description begins with v=, o= and s=, once each");

  switch (reader->type)
    {
    case 'v':
      return gr_sdp_text_is (reader->value, "0") || gr_sdp_reader_fail (reader, error, "the version is 0");
    case 'o':
      return read_origin (parser, reader->value, error);
    case 's':
      return reader->value.length > 0 || gr_sdp_reader_fail (reader, error, "it needs a value");
    case 'c':
      return read_connection (parser, reader->value, error);
    case 't':
      if (parser->media != NULL)
        return gr_sdp_reader_fail (reader, error, "it belongs before the first m-line");
      return read_time (parser, reader->value, error);
    case 'a':
      return read_attribute (parser, error);
    case 'm':
      return finish_media (parser, error) && gr_sdp_read_media (parser, reader->value, error);
    case 'i':
    case 'b':
    case 'k':
      return TRUE;
    case 'u':
    case 'e':
    case 'p':
    case 'r':
    case 'z':
      if (parser->media == NULL)
        return TRUE;
      G_GNUC_FALLTHROUGH;
    default:
      return gr_sdp_reader_fail (reader, error, "no such line belongs here");
    }
}

static gboolean
finish (GrSdpParser *parser, GError **error)
{
  if (!finish_media (parser, error))
    return FALSE;
  if (!parser->tagged)
    return gr_sdp_reader_fail (&parser->reader, error, "there is no audio or video before the end");

  for (guint i = 0; i < parser->n_bundle; i++)
    {
      guint line = 0;

      while (line < parser->sdp->n_media && strcmp (parser->sdp->media[line].mid, parser->bundle[i]) != 0)
        line++;
      if (line == parser->sdp->n_media)
        return gr_sdp_reader_fail (&parser->reader, error, "the bundle names an m-line that is not there");
    }

  return TRUE;
}

gboolean
gr_sdp_fail_at (GrSdpParser *parser, guint line, GError **error, const char *message)
{
  const GrSdpReader reader = { .number = line, .type = line == parser->media_line ? 'm' : 'a' };

  return gr_sdp_reader_fail (&reader, error, message);
}

GrSdp *
gr_sdp_parse (const char *text, gsize length, GrSdpType type, GError **error)
{
  g_autoptr (GrSdp) sdp = NULL;
  g_autofree GrSdpParser *parser = NULL;
  GError *problem = NULL;

  if (length > GR_SDP_MAX_SIZE)
    {
      gr_set_error (error, GR_ERROR_TOO_LARGE, "sdp", "A description has at most %d bytes", GR_SDP_MAX_SIZE);
      return NULL;
    }

  sdp = g_new0 (GrSdp, 1);
  sdp->type = type;
  parser = g_new0 (GrSdpParser, 1);
  parser->sdp = sdp;
  parser->session_direction = GR_SDP_SENDRECV;
  gr_sdp_reader_init (&parser->reader, text, length);

  while (gr_sdp_reader_next (&parser->reader, &problem))
    if (!read_line (parser, &problem))
      break;

  if (problem != NULL || !finish (parser, &problem))
    {
      g_propagate_error (error, problem);
      return NULL;
    }

  return g_steal_pointer (&sdp);
}

void
gr_sdp_free (GrSdp *sdp)
{
  g_free (sdp);
}

const GrSdpMedia *
gr_sdp_tagged_media (const GrSdp *sdp)
{
  for (guint i = 0; i < sdp->n_media; i++)
    if (!sdp->media[i].rejected && sdp->media[i].kind != GR_SDP_APPLICATION)
      return &sdp->media[i];

  return NULL;
}

const GrSdpCodec *
gr_sdp_media_codec (const GrSdpMedia *media, GrCodec codec)
{
  for (guint i = 0; i < media->n_codecs; i++)
    if (media->codecs[i].codec == codec)
      return &media->codecs[i];

  return NULL;
}

gboolean
gr_sdp_announces (const GrSdp *sdp, guint32 ssrc)
{
  for (guint i = 0; i < sdp->n_media; i++)
    for (guint j = 0; j < sdp->media[i].n_ssrcs; j++)
      if (sdp->media[i].ssrcs[j] == ssrc || sdp->media[i].rtx[j] == ssrc)
        return TRUE;

  return FALSE;
}
