/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/sdp-writer.h"

#include <string.h>

/* All slots come from one clock, ours; browsers that pair by CNAME may pair any two. */
#define CNAME "hub"

#define END "\r\n"

static const char *const kinds[GR_SDP_N_KINDS] = { "audio", "video", "application" };
static const char *const setups[]
    = { [GR_SDP_ACTPASS] = "actpass", [GR_SDP_ACTIVE] = "active", [GR_SDP_PASSIVE] = "passive" };
static const char *const directions[] = { [GR_SDP_INACTIVE] = "inactive",
                                          [GR_SDP_SENDONLY] = "sendonly",
                                          [GR_SDP_RECVONLY] = "recvonly",
                                          [GR_SDP_SENDRECV] = "sendrecv" };

/* An answer bundles only what the offer did (RFC 5888, section 9.2): one m-line alone may not be. */
static void
write_group (GString *text, const GrSlotTable *table)
{
  gboolean begun = FALSE;

  for (guint i = 0; i < gr_slot_table_get_n_lines (table); i++)
    {
      const GrSdpMedia *media = &gr_slot_table_get_line (table, i)->local;

      if (!media->bundled)
        continue;
      g_string_append_printf (text, "%s %s", begun ? "" : "a=group:BUNDLE", media->mid);
      begun = TRUE;
    }

  if (begun)
    g_string_append (text, END);
}

static void
write_fingerprint (GString *text, const guint8 *fingerprint)
{
  g_string_append (text, "a=fingerprint:sha-256 ");
  for (guint i = 0; i < GR_SDP_FINGERPRINT_SIZE; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", fingerprint[i]);
  g_string_append (text, END);
}

static void
write_transport (GString *text, const char *ufrag, const char *password, const guint8 *fingerprint)
{
  g_string_append_printf (text, "a=ice-ufrag:%s" END "a=ice-pwd:%s" END, ufrag, password);
  write_fingerprint (text, fingerprint);
}

static void
write_session (GString *text, guint64 id, guint64 version)
{
  g_string_append_printf (text,
                          "v=0" END "o=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " IN IP4 0.0.0.0" END "s=-" END
                          "t=0 0" END,
                          id, version);
}

/* RFC 8839, section 5.1; RFC 6544, sections 4.2 and 4.5 for the passive TCP ones, which are a last resort. */
static void
write_candidates (GString *text, const GrSdpLocal *local)
{
  for (guint i = 0; i < local->n_addresses; i++)
    {
      const GrSdpAddress *address = &local->addresses[i];
      guint32 type_preference = address->is_tcp ? 90 : 126;
      guint32 local_preference = (address->is_tcp ? (4 << 13) : G_MAXUINT16) - i;
      guint32 priority = type_preference << 24 | local_preference << 8 | (256 - 1);

      g_return_if_fail (g_hostname_is_ip_address (address->address));

      g_string_append_printf (text, "a=candidate:%u 1 %s %u %s %u typ host%s" END, i + 1,
                              address->is_tcp ? "tcp" : "udp", priority, address->address, address->port,
                              address->is_tcp ? " tcptype passive" : "");
    }

  g_string_append (text, "a=end-of-candidates" END);
}

static void
write_feedback (GString *text, const char *payload_type, guint8 feedback)
{
  static const struct
  {
    GrFeedback bit;
    const char *text;
  } known[] = {
    { GR_FEEDBACK_REMB, "goog-remb" }, { GR_FEEDBACK_TRANSPORT_CC, "transport-cc" },
    { GR_FEEDBACK_FIR, "ccm fir" },    { GR_FEEDBACK_NACK, "nack" },
    { GR_FEEDBACK_PLI, "nack pli" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (feedback & known[i].bit)
      g_string_append_printf (text, "a=rtcp-fb:%s %s" END, payload_type, known[i].text);
}

static void
write_codec (GString *text, const GrSdpCodec *codec)
{
  const GrCodecTraits *traits = gr_codec_traits (codec->codec);
  gsize before;

  g_string_append_printf (text, "a=rtpmap:%u %s/%u", codec->payload_type, traits->encoding, traits->clock_rate);
  if (traits->channels > 0)
    g_string_append_printf (text, "/%u", traits->channels);
  g_string_append (text, END);

  before = text->len;
  g_string_append_printf (text, "a=fmtp:%u ", codec->payload_type);
  if (gr_codec_parameters_write (&codec->parameters, codec->codec, text))
    g_string_append (text, END);
  else
    g_string_truncate (text, before);

  if (codec->rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
    g_string_append_printf (text, "a=rtpmap:%u rtx/%u" END "a=fmtp:%u apt=%u" END, codec->rtx_payload_type,
                            traits->clock_rate, codec->rtx_payload_type, codec->payload_type);
}

/* A page with fifty slots gets a long answer: what all codecs of an m-line share is said once (RFC 4585, section 4.2).
 */
static void
write_codecs (GString *text, const GrSdpMedia *media)
{
  guint8 all = 0xff, any = 0;

  for (guint i = 0; i < media->n_codecs; i++)
    {
      all &= media->codecs[i].feedback;
      any |= media->codecs[i].feedback;
    }
  if (media->n_codecs > 1 && all == any)
    write_feedback (text, "*", all);

  for (guint i = 0; i < media->n_codecs; i++)
    {
      char payload_type[4];

      write_codec (text, &media->codecs[i]);
      g_snprintf (payload_type, sizeof payload_type, "%u", media->codecs[i].payload_type);
      if (media->n_codecs == 1 || all != any)
        write_feedback (text, payload_type, media->codecs[i].feedback);
    }
}

static gboolean
has_rtx (const GrSdpMedia *media)
{
  for (guint i = 0; i < media->n_codecs; i++)
    if (media->codecs[i].rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
      return TRUE;

  return FALSE;
}

static void
write_slot (GString *text, const GrSlotLine *line)
{
  gboolean rtx = line->rtx_ssrc != 0 && has_rtx (&line->local);

  g_string_append_printf (text, "a=msid:%s %s" END, line->local.stream, line->local.track);
  if (rtx)
    g_string_append_printf (text, "a=ssrc-group:FID %u %u" END, line->ssrc, line->rtx_ssrc);
  g_string_append_printf (text, "a=ssrc:%u cname:" CNAME END, line->ssrc);
  if (rtx)
    g_string_append_printf (text, "a=ssrc:%u cname:" CNAME END, line->rtx_ssrc);
}

/* RFC 8829, section 5.3.1: a rejected m-line is repeated with port 0 and a format of the offer's. */
static void
write_rejected (GString *text, const GrSdpMedia *media)
{
  if (media->kind == GR_SDP_APPLICATION)
    g_string_append_printf (text, "m=application 0 %s" END,
                            media->legacy_sctp ? "DTLS/SCTP 5000" : "UDP/DTLS/SCTP webrtc-datachannel");
  else
    g_string_append_printf (text, "m=%s 0 UDP/TLS/RTP/SAVPF 0" END, kinds[media->kind]);

  g_string_append_printf (text, "c=IN IP4 0.0.0.0" END "a=mid:%s" END "a=inactive" END, media->mid);
}

static void
write_media (GString *text, const GrSlotLine *line, const GrSdpLocal *local, gboolean is_first)
{
  const GrSdpMedia *media = &line->local;
  const GrSdpAddress *first = is_first && local->n_addresses > 0 ? &local->addresses[0] : NULL;

  g_string_append_printf (text, "m=%s %u UDP/TLS/RTP/SAVPF", kinds[media->kind], first != NULL ? first->port : 9);
  for (guint i = 0; i < media->n_codecs; i++)
    {
      g_string_append_printf (text, " %u", media->codecs[i].payload_type);
      if (media->codecs[i].rtx_payload_type != GR_PAYLOAD_TYPE_NONE)
        g_string_append_printf (text, " %u", media->codecs[i].rtx_payload_type);
    }

  g_string_append_printf (text, END "c=IN IP%c %s" END "a=mid:%s" END,
                          first != NULL && strchr (first->address, ':') != NULL ? '6' : '4',
                          first != NULL ? first->address : "0.0.0.0", media->mid);
  if (is_first)
    write_candidates (text, local);
  /* webrtcbin looks for the role in each m-line. */
  g_string_append_printf (text, "a=setup:%s" END "a=%s" END "a=rtcp-mux" END, setups[local->setup],
                          directions[media->direction]);
  if (media->rtcp_rsize)
    g_string_append (text, "a=rtcp-rsize" END);

  for (GrExtension extension = 0; extension < GR_N_EXTENSIONS; extension++)
    if (media->extensions[extension] != 0)
      g_string_append_printf (text, "a=extmap:%u %s" END, media->extensions[extension], gr_extension_uri (extension));
  if (media->direction & GR_SDP_SENDONLY)
    write_slot (text, line);
  write_codecs (text, media);
}

void
gr_sdp_local_take (GrSdpLocal *local, const GrSdp *bin)
{
  local->ufrag = bin->ufrag;
  local->password = bin->password;
  local->setup = bin->setup;
  memcpy (local->fingerprint, bin->fingerprint, GR_SDP_FINGERPRINT_SIZE);
}

char *
gr_sdp_write (const GrSlotTable *table, const GrSdpLocal *local)
{
  g_autoptr (GString) text = g_string_sized_new (4096);
  gboolean is_first = TRUE;

  g_return_val_if_fail (local->setup != GR_SDP_ACTPASS, NULL);

  write_session (text, local->session_id, local->session_version);
  g_string_append (text, "a=ice-lite" END);
  write_group (text, table);
  write_transport (text, local->ufrag, local->password, local->fingerprint);

  for (guint i = 0; i < gr_slot_table_get_n_lines (table); i++)
    {
      const GrSlotLine *line = gr_slot_table_get_line (table, i);

      if (line->local.rejected)
        {
          write_rejected (text, &line->local);
          continue;
        }
      /* The candidates belong to the first m-line, which speaks for the bundle. */
      write_media (text, line, local, is_first);
      is_first = FALSE;
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
gr_sdp_write_for_bin (const GrSdp *offer)
{
  const GrSdpMedia *media = gr_sdp_tagged_media (offer);
  g_autoptr (GString) text = g_string_new (NULL);
  GrSdpCodec codec;

  if (media->n_codecs == 0)
    return NULL;

  /* No feedback and no RTX, since it is not to act upon either. */
  codec = media->codecs[0];
  codec.feedback = 0;
  codec.rtx_payload_type = GR_PAYLOAD_TYPE_NONE;

  write_session (text, offer->session_id, offer->session_version);
  g_string_append_printf (text, "a=group:BUNDLE %s" END, media->mid);
  g_string_append_printf (text, "m=%s 9 UDP/TLS/RTP/SAVPF %u" END "c=IN IP4 0.0.0.0" END "a=mid:%s" END,
                          kinds[media->kind], codec.payload_type, media->mid);
  write_transport (text, offer->ufrag, offer->password, offer->fingerprint);
  g_string_append_printf (text, "a=setup:%s" END "a=sendrecv" END "a=rtcp-mux" END, setups[offer->setup]);
  write_codec (text, &codec);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
