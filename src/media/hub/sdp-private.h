/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rooms of the parser share: sdp.c reads the session and what secures it, sdp-media.c what an m-line says of
 * its streams, sdp-codecs.c its payload types. Lives for one gr_sdp_parse(). */
#pragma once

#include "media/hub/sdp-text.h"
#include "media/hub/sdp.h"

G_BEGIN_DECLS

/* Who is on the other side of a transport, as far as the session or one m-line says. */
typedef struct
{
  gboolean has_fingerprint, has_setup;
  char ufrag[GR_SDP_MAX_CREDENTIAL + 1];
  char password[GR_SDP_MAX_CREDENTIAL + 1];
  guint8 fingerprint[GR_SDP_FINGERPRINT_SIZE];
  GrSdpSetup setup;
} GrSdpPeer;

/* What was said of a payload type of the current m-line; the texts are pieces of the input. */
typedef struct
{
  gboolean listed;
  guint line; /* of a=rtpmap, or of the m-line */
  guint8 feedback;
  GrSdpText rtpmap;
  GrSdpText fmtp;
} GrSdpPayload;

/* Marks a payload type or an extension id as used for something that we drop. */
#define GR_SDP_FOREIGN 0xff
/* Marks a payload type as RTX of the format in the lower bits. */
#define GR_SDP_RTX 0x80

typedef struct
{
  GrSdpReader reader;
  GrSdp *sdp;
  gboolean has_group;
  char bundle[GR_SDP_MAX_MEDIA][GR_SDP_MAX_MID + 1];
  guint n_bundle;
  GrSdpPeer session_peer;
  guint32 session_seen; /* attributes that may come once, by their row */
  GrSdpDirection session_direction;
  gboolean tagged; /* the peer of the bundle is known */

  /* Under BUNDLE a payload type and an extension id mean the same in each m-line (RFC 8843, section 9.1; RFC 8285,
   * section 6): the format + 1, perhaps with GR_SDP_RTX, or GR_SDP_FOREIGN; the extension + 1, or GR_SDP_FOREIGN. */
  guint8 payload_types[GR_SDP_N_PAYLOAD_TYPES];
  guint8 extension_ids[GR_EXTENSION_MAX_ID + 1];

  /* The current m-line; NULL before the first. */
  GrSdpMedia *media;
  guint media_line;
  guint32 media_seen;
  GrSdpPeer media_peer;
  gboolean port_zero, bundle_only;
  guint8 formats[GR_SDP_N_PAYLOAD_TYPES]; /* in the order of the m-line */
  guint n_formats;
  GrSdpPayload payloads[GR_SDP_N_PAYLOAD_TYPES];
  guint8 common_feedback;                                    /* a=rtcp-fb:* */
  guint32 extension_seen[(GR_SDP_N_PAYLOAD_TYPES * 2) / 32]; /* ids 0 to 255 */
  GrSdpText simulcast;
  guint simulcast_line;
  guint32 pairs[GR_SDP_MAX_SSRCS][2]; /* a=ssrc-group:FID */
  guint n_pairs;
} GrSdpParser;

/* Each reads the value of its line, and sets @error and answers FALSE if it is not well formed. */
gboolean gr_sdp_read_media (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_mid (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_msid (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_extmap (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_rid (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_simulcast (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_ssrc (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_ssrc_group (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_rtpmap (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_fmtp (GrSdpParser *parser, GrSdpText value, GError **error);
gboolean gr_sdp_read_rtcp_fb (GrSdpParser *parser, GrSdpText value, GError **error);

/* When all lines of an m-line were read: what they say together. */
gboolean gr_sdp_finish_streams (GrSdpParser *parser, GError **error);
gboolean gr_sdp_finish_codecs (GrSdpParser *parser, GError **error);

/* As gr_sdp_reader_fail(), for an earlier line. */
gboolean gr_sdp_fail_at (GrSdpParser *parser, guint line, GError **error, const char *message);

G_END_DECLS
