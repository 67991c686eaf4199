/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session description as the hub sees it: only what the hub speaks, in memory that does not depend on what was sent.
 * The parser keeps an allow-list (RFC 8866, 8829, 8839, 8843, 8122, 8285, 8851, 8853, 4585, 4588) and drops the rest
 * unseen: names, addresses and candidates of the other side among it. A plain value, owned by its caller; any thread.
 */
#pragma once

#include "media/hub/codecs.h"

G_BEGIN_DECLS

#define GR_SDP_MAX_MEDIA 64
/* What an m-line takes that says everything we speak, and what stands before the first (tests/unit/sdp-writer.c). What
 * does not fit is not from our pages: a browser's own words take thrice that. */
#define GR_SDP_MAX_MEDIA_SIZE 2048
#define GR_SDP_MAX_MEDIA_LINES 64
#define GR_SDP_MAX_SESSION_SIZE 4096
#define GR_SDP_MAX_SIZE (GR_SDP_MAX_MEDIA * GR_SDP_MAX_MEDIA_SIZE + GR_SDP_MAX_SESSION_SIZE) /* bytes */
#define GR_SDP_MAX_LINES (GR_SDP_MAX_MEDIA * GR_SDP_MAX_MEDIA_LINES)
#define GR_SDP_MAX_RIDS 4
/* Three layers, each with its RTX. */
#define GR_SDP_MAX_SSRCS 8
/* RFC 8843, section 15.2: a mid travels in each packet, so it should be short. */
#define GR_SDP_MAX_MID 16
#define GR_SDP_MAX_LINE (GR_SDP_MAX_MEDIA * (GR_SDP_MAX_MID + 1) + 16) /* a=group:BUNDLE with all mids */
#define GR_SDP_MAX_RID 16
#define GR_SDP_MAX_STREAM 64
/* RFC 8839, section 5.4. */
#define GR_SDP_MIN_UFRAG 4
#define GR_SDP_MIN_PASSWORD 22
#define GR_SDP_MAX_CREDENTIAL 256
#define GR_SDP_FINGERPRINT_SIZE 32

typedef enum
{
  GR_SDP_OFFER,
  GR_SDP_ANSWER,
} GrSdpType;

typedef enum
{
  GR_SDP_AUDIO,
  GR_SDP_VIDEO,
  GR_SDP_APPLICATION, /* a data channel, which we refuse */
  GR_SDP_N_KINDS
} GrSdpKind;

/* As the describing side sees itself. Bits: may send, may receive. */
typedef enum
{
  GR_SDP_INACTIVE = 0,
  GR_SDP_SENDONLY = 1 << 0,
  GR_SDP_RECVONLY = 1 << 1,
  GR_SDP_SENDRECV = GR_SDP_SENDONLY | GR_SDP_RECVONLY,
} GrSdpDirection;

/* RFC 4145, section 4; holdconn is refused. */
typedef enum
{
  GR_SDP_ACTPASS,
  GR_SDP_ACTIVE,
  GR_SDP_PASSIVE,
} GrSdpSetup;

/* RFC 4585, RFC 5104 and what browsers add. Bits. */
typedef enum
{
  GR_FEEDBACK_NACK = 1 << 0,
  GR_FEEDBACK_PLI = 1 << 1,
  GR_FEEDBACK_FIR = 1 << 2,
  GR_FEEDBACK_REMB = 1 << 3,
  GR_FEEDBACK_TRANSPORT_CC = 1 << 4,
} GrFeedback;

/* RTP header extensions that we speak. */
typedef enum
{
  GR_EXTENSION_MID,
  GR_EXTENSION_AUDIO_LEVEL,
  GR_EXTENSION_ABS_SEND_TIME,
  GR_EXTENSION_TRANSPORT_CC,
  GR_EXTENSION_RID,
  GR_EXTENSION_REPAIRED_RID,
  GR_EXTENSION_DEPENDENCY_DESCRIPTOR,
  GR_N_EXTENSIONS
} GrExtension;

/* An id of a header extension in its one-byte form (RFC 8285, section 4.2), the only one that we write: 1 to this. */
#define GR_EXTENSION_MAX_ID 14

/* Payload type 0 is PCMU for ever (RFC 3551), so it stands for "none". */
#define GR_PAYLOAD_TYPE_NONE 0
#define GR_SDP_N_PAYLOAD_TYPES 128

typedef struct
{
  guint8 codec; /* GrCodec */
  guint8 payload_type;
  guint8 rtx_payload_type; /* or GR_PAYLOAD_TYPE_NONE */
  guint8 feedback;         /* GrFeedback */
  GrCodecParameters parameters;
} GrSdpCodec;

typedef struct
{
  GrSdpKind kind;
  gboolean rejected;    /* port 0 without bundle-only: not there any more */
  gboolean bundled;     /* named by a=group:BUNDLE */
  gboolean legacy_sctp; /* m=application DTLS/SCTP 5000, of old browsers */
  gboolean rtcp_mux;
  gboolean rtcp_rsize;
  char mid[GR_SDP_MAX_MID + 1];
  GrSdpDirection direction;
  /* Of a=msid; the stream "-" is none. Empty where nothing was said. */
  char stream[GR_SDP_MAX_STREAM + 1];
  char track[GR_SDP_MAX_STREAM + 1];
  /* In the order of preference of the describing side, at most one entry for each format. */
  GrSdpCodec codecs[GR_N_CODECS];
  guint n_codecs;
  guint8 extensions[GR_N_EXTENSIONS]; /* ids, or 0 */
  /* Layers that it can send or receive (a=rid), in its order; used by a=simulcast if that flag is set. */
  char rids[GR_SDP_MAX_RIDS][GR_SDP_MAX_RID + 1];
  guint n_rids;
  gboolean simulcast;
  /* Announced SSRCs; rtx[i] is the SSRC that repairs ssrcs[i], or 0 (a=ssrc-group:FID). */
  guint32 ssrcs[GR_SDP_MAX_SSRCS];
  guint32 rtx[GR_SDP_MAX_SSRCS];
  guint n_ssrcs;
} GrSdpMedia;

typedef struct
{
  GrSdpType type;
  guint64 session_id;
  guint64 session_version;
  gboolean ice_lite;
  /* Of the m-line that speaks for the bundle (RFC 8843, section 7.2.1). */
  char ufrag[GR_SDP_MAX_CREDENTIAL + 1];
  char password[GR_SDP_MAX_CREDENTIAL + 1];
  guint8 fingerprint[GR_SDP_FINGERPRINT_SIZE]; /* SHA-256 of the certificate */
  GrSdpSetup setup;
  guint n_media;
  GrSdpMedia media[GR_SDP_MAX_MEDIA];
} GrSdp;

/* Reads @length bytes of a description. All m-lines that are not rejected have to be bundled (one alone need not be),
 * with RTP and RTCP on one port, and secured by one certificate.
 *
 * Returns: (transfer full): the description, or NULL with GR_ERROR_TOO_LARGE past GR_SDP_MAX_SIZE, else with
 * GR_ERROR_INVALID_INPUT, whose message names the line; the field is "sdp". */
GrSdp *gr_sdp_parse (const char *text, gsize length, GrSdpType type, GError **error);

void gr_sdp_free (GrSdp *sdp);

/* The URI of @extension. */
const char *gr_extension_uri (GrExtension extension);

/* The first m-line that is bundled and not rejected: it speaks for the transport. NULL if there is none. */
const GrSdpMedia *gr_sdp_tagged_media (const GrSdp *sdp);

/* The entry for @codec, or NULL. */
const GrSdpCodec *gr_sdp_media_codec (const GrSdpMedia *media, GrCodec codec);

/* Whether @ssrc is announced in some m-line, as a stream or as its RTX. */
gboolean gr_sdp_announces (const GrSdp *sdp, guint32 ssrc);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrSdp, gr_sdp_free)

G_END_DECLS
