/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "leg.h"

#include <arpa/inet.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/stun.h"

#define FRAMES_PER_SECOND 30
#define FRAME_PACKETS 10
#define VIDEO_BYTES 1200
#define VOICE_PER_SECOND 50
#define VOICE_BYTES 100
#define VIDEO_TYPE 96
#define RTX_TYPE 97
#define VOICE_TYPE 111
#define UFRAG "load"
#define PASSWORD "loadloadloadloadloadload"
#define SERVER_STREAMS 128 /* SSRCs of RTP and RTCP that a server may have */
#define STAMP_OFFSET 24    /* of the send time, in the payload */
#define FILLING 0x5a
#define SAMPLE 7 /* every which packet is decrypted; no divisor of a frame's packets */
#define BATCH 32
#define DTLS_PATIENCE_US 50000

void G_GNUC_NORETURN
gr_load_die (const char *what, const char *why)
{
  fprintf (stderr, "hubload: %s: %s\n", what, why);
  exit (1);
}

static gint64
wall_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* ── A transport ── */

void
gr_load_init (GrLoad *load, gboolean voice)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *certificate = X509_new ();
  guint8 digest[32];
  GString *text = g_string_new (NULL);

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -3600);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 86400);
  X509_set_pubkey (certificate, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_ASC, (const guint8 *) "load", -1, -1,
                              0);
  X509_set_issuer_name (certificate, X509_get_subject_name (certificate));
  X509_sign (certificate, key, EVP_sha256 ());
  X509_digest (certificate, EVP_sha256 (), digest, NULL);
  for (guint i = 0; i < sizeof digest; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);

  load->voice = voice;
  load->legs = g_ptr_array_new ();
  load->epoll = epoll_create1 (EPOLL_CLOEXEC);
  load->counters.delays = g_array_new (FALSE, FALSE, sizeof (double));
  load->fingerprint = g_string_free (text, FALSE);
  load->tls = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_use_certificate (load->tls, certificate);
  SSL_CTX_use_PrivateKey (load->tls, key);
  SSL_CTX_set_tlsext_use_srtp (load->tls, "SRTP_AES128_CM_SHA1_80");
}

GrLeg *
gr_leg_new (GrLoad *load, gboolean publishes, guint receives)
{
  GrLeg *leg = g_new0 (GrLeg, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr (load->address) };
  int buffer = 4 << 20;
  int on = 1;

  leg->publishes = publishes;
  leg->controls = TRUE;
  leg->receives = receives;
  leg->ssrc = 1000 + load->legs->len;
  leg->fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  setsockopt (leg->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt (leg->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (bind (leg->fd, (struct sockaddr *) &address, sizeof address) < 0)
    gr_load_die ("bind", g_strerror (errno));
  g_ptr_array_add (load->legs, leg);
  return leg;
}

char *
gr_leg_describe (const GrLoad *load, const GrLeg *leg)
{
  const char *format = load->voice ? "audio 9 UDP/TLS/RTP/SAVPF 111" : "video 9 UDP/TLS/RTP/SAVPF 96 97";
  const char *codec = load->voice
                          ? "a=rtpmap:111 opus/48000/2\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                          : "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
                            "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n";
  GString *text = g_string_new ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
  guint lines = leg->publishes + leg->receives;
  struct sockaddr_in address;
  socklen_t length = sizeof address;

  getsockname (leg->fd, (struct sockaddr *) &address, &length);
  for (guint i = 0; i < lines; i++)
    g_string_append_printf (text, " %u", i);
  g_string_append_printf (text,
                          "\r\na=ice-ufrag:" UFRAG "\r\na=ice-pwd:" PASSWORD
                          "\r\na=fingerprint:sha-256 %s\r\na=setup:active\r\n",
                          load->fingerprint);
  for (guint i = 0; i < lines; i++)
    {
      gboolean sends = leg->publishes && i == 0;

      g_string_append_printf (text, "m=%s\r\nc=IN IP4 0.0.0.0\r\na=mid:%u\r\na=%s\r\na=rtcp-mux\r\n%s", format, i,
                              sends ? "sendonly" : "recvonly", codec);
      if (i == 0)
        g_string_append_printf (text, "a=candidate:1 1 udp 2130706431 %s %u typ host\r\n", load->address,
                                ntohs (address.sin_port));
      if (sends)
        g_string_append_printf (text, "a=ssrc:%u cname:load\r\n", leg->ssrc);
    }
  return g_string_free (text, FALSE);
}

static guint32
crc32_of (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

/* A connectivity check that nominates (RFC 8445, section 7.2.2). */
static void
send_check (GrLeg *leg)
{
  guint8 message[512] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
  g_autofree char *username = g_strconcat (leg->ufrag, ":" UFRAG, NULL);
  gsize length = strlen (username);
  gsize at = 20;
  gsize digest_length = 20;
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) leg->password, strlen (leg->password));

  for (guint i = 8; i < 20; i += 4)
    gr_write_u32 (message + i, g_random_int ());
  gr_write_u16 (message + at, 0x0006);
  gr_write_u16 (message + at + 2, length);
  memcpy (message + at + 4, username, length);
  at += 4 + (length + 3) / 4 * 4;
  gr_write_u32 (message + at, 0x00240004);
  gr_write_u32 (message + at + 4, 0x6e0001ff);
  gr_write_u32 (message + at + 8, 0x802a0008);
  gr_write_u32 (message + at + 12, 1);
  gr_write_u32 (message + at + 16, 2);
  gr_write_u32 (message + at + 20, 0x00250000);
  at += 24;
  gr_write_u16 (message + 2, at + 24 - 20);
  g_hmac_update (hmac, message, at);
  gr_write_u32 (message + at, 0x00080014);
  g_hmac_get_digest (hmac, message + at + 4, &digest_length);
  at += 24;
  gr_write_u16 (message + 2, at + 8 - 20);
  gr_write_u32 (message + at + 4, crc32_of (message, at) ^ 0x5354554e);
  gr_write_u32 (message + at, 0x80280004);
  send (leg->fd, message, at + 8, 0);
}

/* The first word behind @before. */
static char *
word_after (const char *text, const char *before)
{
  const char *found = strstr (text, before);

  if (found == NULL)
    gr_load_die ("the server's description lacks", before);
  found += strlen (before);
  return g_strndup (found, strcspn (found, " \r\n"));
}

static guint
handshake_timer (SSL *ssl, guint microseconds)
{
  return DTLS_PATIENCE_US;
}

/* Answers a check. TRUE once the way is known. */
static gboolean
take_stun (GrLeg *leg, const guint8 *bytes, gsize length)
{
  guint8 answer[GR_STUN_MAX_ANSWER];
  GrStunMessage message;
  struct sockaddr_in server;
  socklen_t server_length = sizeof server;

  if (!gr_stun_parse (&message, bytes, length))
    return FALSE;
  if (message.type != GR_STUN_BINDING_REQUEST)
    return message.type == GR_STUN_BINDING_SUCCESS;

  getpeername (leg->fd, (struct sockaddr *) &server, &server_length);
  length = gr_stun_write_success (answer, sizeof answer, &message, (struct sockaddr *) &server, PASSWORD);
  send (leg->fd, answer, length, 0);
  return !leg->controls && message.use_candidate;
}

/* Takes what has come of ICE; what is of DTLS stays. TRUE once the way is known. */
static gboolean
take_checks (GrLeg *leg)
{
  guint8 bytes[2048];
  gboolean known = FALSE;
  gssize length;

  while ((length = recv (leg->fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT)) > 0
         && gr_datagram_kind (bytes, length) == GR_DATAGRAM_STUN)
    {
      recv (leg->fd, bytes, sizeof bytes, MSG_DONTWAIT);
      known |= take_stun (leg, bytes, length);
    }
  return known;
}

/* What comes meanwhile that is not of DTLS is answered, or dropped by OpenSSL. */
static void
shake_hands (GrLoad *load, GrLeg *leg)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  struct pollfd readable = { .fd = leg->fd, .events = POLLIN };
  SSL *ssl = SSL_new (load->tls);
  BIO *bio = BIO_new_dgram (leg->fd, BIO_NOCLOSE);
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  gboolean checked = FALSE;
  guint8 keys[60], client[30], server[30];

  getpeername (leg->fd, (struct sockaddr *) &address, &length);
  BIO_ctrl (bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &address);
  SSL_set_bio (ssl, bio, bio);
  DTLS_set_timer_cb (ssl, handshake_timer);
  for (guint turn = 0; !checked || SSL_connect (ssl) != 1; turn++)
    {
      if (g_get_monotonic_time () > deadline)
        gr_load_die (checked ? "DTLS" : "ICE", "no connection within 10 s");
      /* Also later: a server may have to be told again that this way it shall be. */
      if (leg->controls && (!checked || turn % 8 == 0))
        send_check (leg);
      poll (&readable, 1, 10);
      checked |= take_checks (leg);
      DTLSv1_handle_timeout (ssl);
    }

  SSL_export_keying_material (ssl, keys, sizeof keys, "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
  memcpy (client, keys, 16);
  memcpy (client + 16, keys + 32, 14);
  memcpy (server, keys + 16, 16);
  memcpy (server + 16, keys + 46, 14);
  leg->out = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, client, 4);
  leg->in = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, server, SERVER_STREAMS);
  SSL_free (ssl);
}

void
gr_leg_connect (GrLoad *load, GrLeg *leg, const char *sdp)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr (load->address) };
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = leg };
  g_autofree char *before = g_strdup_printf (" %s ", load->address);
  const char *candidate = strstr (sdp, "a=candidate:");
  g_autofree char *port = word_after (candidate != NULL ? candidate : "", before);

  leg->ufrag = word_after (sdp, "a=ice-ufrag:");
  leg->password = word_after (sdp, "a=ice-pwd:");
  address.sin_port = htons (atoi (port));
  if (connect (leg->fd, (struct sockaddr *) &address, sizeof address) < 0)
    gr_load_die ("connect", g_strerror (errno));
  shake_hands (load, leg);
  epoll_ctl (load->epoll, EPOLL_CTL_ADD, leg->fd, &event);
}

/* ── Out ── */

static void
publish (GrLoad *load, GrLeg *leg)
{
  guint8 packet[VIDEO_BYTES + 64];
  guint header = load->voice ? 20 : 12;
  gsize length = load->voice ? VOICE_BYTES : VIDEO_BYTES;
  guint place = leg->sent % FRAME_PACKETS;
  static const guint8 keyframe[] = { 0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01 };
  gssize protected;
  gint64 now;

  memset (packet, FILLING, length);
  packet[0] = load->voice ? 0x90 : 0x80;
  packet[1] = load->voice ? VOICE_TYPE : VIDEO_TYPE | (place == FRAME_PACKETS - 1 ? 0x80 : 0);
  gr_rtp_set_sequence (packet, leg->sequence++);
  gr_rtp_set_timestamp (packet, load->voice ? leg->sent * 960 : leg->sent / FRAME_PACKETS * 3000);
  gr_rtp_set_ssrc (packet, leg->ssrc);
  if (load->voice)
    {
      gr_write_u32 (packet + 12, 0xbede0001);
      gr_write_u32 (packet + 16, 0x10940000); /* voice at -20 dBov */
    }
  else if (place == 0)
    memcpy (packet + header, keyframe, sizeof keyframe);
  now = wall_ns ();
  memcpy (packet + header + STAMP_OFFSET, &now, sizeof now);
  protected = gr_srtp_protect (leg->out, packet, length, sizeof packet);
  send (leg->fd, packet, protected, 0);
  leg->sent++;
}

static void
send_rtcp (GrLeg *leg, GrRtcpWriter *writer)
{
  gssize length = gr_srtp_protect (leg->out, writer->bytes, writer->length, writer->size + 64);

  send (leg->fd, writer->bytes, length, 0);
}

static void
write_sender_report (const GrLoad *load, const GrLeg *leg, GrRtcpWriter *writer)
{
  guint64 now = wall_ns () / 1000;
  GrRtcpSenderReport report = {
    .ssrc = leg->ssrc,
    .ntp = (now / G_USEC_PER_SEC + 2208988800) << 32 | (now % G_USEC_PER_SEC << 32) / G_USEC_PER_SEC,
    .rtp_timestamp = load->voice ? leg->sent * 960 : leg->sent / FRAME_PACKETS * 3000,
    .packets = leg->sent,
  };

  gr_rtcp_write_sender_report (writer, &report, NULL, 0);
  gr_rtcp_write_cname (writer, leg->ssrc, "load");
}

/* What a browser says about once a second: that it is there, what it sent, and what it got. */
static void
report (GrLoad *load)
{
  for (guint i = 0; i < load->legs->len; i++)
    {
      GrLeg *leg = g_ptr_array_index (load->legs, i);
      guint8 bytes[1400];
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes - 64);
      GrRtcpReportBlock blocks[GR_LEG_STREAMS] = { 0 };
      guint n = 0;

      if (leg->publishes)
        write_sender_report (load, leg, &writer);
      for (; n < GR_LEG_STREAMS && leg->streams[n].ssrc != 0; n++)
        {
          blocks[n].ssrc = leg->streams[n].ssrc;
          blocks[n].highest_sequence = leg->streams[n].sequence;
          leg->streams[n].loses = load->measuring && !load->voice;
        }
      if (n > 0)
        {
          gr_rtcp_write_receiver_report (&writer, leg->ssrc, blocks, n);
          gr_rtcp_write_cname (&writer, leg->ssrc, "load");
        }
      if (writer.length > 0)
        send_rtcp (leg, &writer);
      if (leg->controls)
        send_check (leg);
    }
}

/* ── In ── */

static GrLegStream *
find_stream (GrLeg *leg, guint32 ssrc)
{
  for (guint i = 0; i < leg->receives; i++)
    if (leg->streams[i].ssrc == ssrc || leg->streams[i].ssrc == 0)
      return &leg->streams[i];
  return NULL;
}

/* One packet is treated as lost: the server has to bring it again. */
static void
lose (GrLoad *load, GrLeg *leg, GrLegStream *stream)
{
  guint8 bytes[256];
  GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes - 64);
  GrRtcpReportBlock block = { .ssrc = stream->ssrc, .highest_sequence = stream->sequence, .fraction_lost = 1 };

  stream->loses = FALSE;
  stream->waits = TRUE;
  stream->lost = stream->sequence;
  load->counters.asked++;
  gr_rtcp_write_receiver_report (&writer, leg->ssrc, &block, 1);
  gr_rtcp_write_cname (&writer, leg->ssrc, "load");
  gr_rtcp_write_nack (&writer, leg->ssrc, stream->ssrc, &stream->lost, 1);
  send_rtcp (leg, &writer);
}

static gboolean
is_filled (const guint8 *payload, gsize length)
{
  for (gsize i = STAMP_OFFSET + sizeof (gint64); i < length; i++)
    if (payload[i] != FILLING)
      return FALSE;
  return length > STAMP_OFFSET + sizeof (gint64);
}

/* Decrypts one of a few, and looks at what is in it. */
static void
examine (GrLoad *load, GrLeg *leg, guint8 *packet, gsize length, gint64 arrived)
{
  gssize plain = gr_srtp_unprotect (leg->in, packet, length);
  GrRtpHeader header;
  gint64 stamp;
  double ms;

  load->counters.decrypted++;
  if (plain < 0 || !gr_rtp_parse (&header, packet, plain)
      || !is_filled (packet + header.payload_offset, header.payload_length))
    {
      load->counters.wrong++;
      return;
    }

  memcpy (&stamp, packet + header.payload_offset + STAMP_OFFSET, sizeof stamp);
  ms = (arrived - stamp) / 1e6;
  g_array_append_val (load->counters.delays, ms);
}

/* What was asked for comes as a stream of its own (RFC 4588), or as it was. */
static gboolean
is_repair (GrLoad *load, GrLeg *leg, guint8 *packet, gsize length)
{
  GrLegStream *stream;
  gsize header;
  gssize plain;

  if ((packet[1] & 0x7f) != RTX_TYPE)
    {
      stream = find_stream (leg, gr_read_u32 (packet + 8));
      if (stream == NULL || !stream->waits || stream->lost != gr_read_u16 (packet + 2))
        return FALSE;
      stream->waits = FALSE;
      load->counters.repaired++;
      return TRUE;
    }

  plain = gr_srtp_unprotect (leg->in, packet, length);
  header = plain > 0 ? gr_rtp_header_length (packet, plain) : 0;
  for (guint i = 0; header > 0 && (gsize) plain >= header + 2 && i < leg->receives; i++)
    if (leg->streams[i].waits && leg->streams[i].lost == gr_read_u16 (packet + header))
      {
        leg->streams[i].waits = FALSE;
        load->counters.repaired++;
      }
  return TRUE;
}

static void
take (GrLoad *load, GrLeg *leg, guint8 *packet, gsize length, gint64 arrived)
{
  GrLegStream *stream;
  guint16 sequence;

  if (gr_datagram_kind (packet, length) == GR_DATAGRAM_STUN)
    take_stun (leg, packet, length);
  if (length < 12 || packet[0] >> 6 != 2 || gr_is_rtcp (packet, length) || is_repair (load, leg, packet, length))
    return;

  stream = find_stream (leg, gr_read_u32 (packet + 8));
  if (stream == NULL)
    {
      load->counters.strangers += load->measuring;
      return;
    }

  sequence = gr_read_u16 (packet + 2);
  if (load->measuring && stream->ssrc != 0 && sequence != (guint16) (stream->sequence + 1))
    load->counters.gaps++;
  stream->ssrc = gr_read_u32 (packet + 8);
  stream->sequence = sequence;
  if (!load->measuring)
    return;

  leg->received++;
  load->counters.received++;
  if (stream->loses)
    lose (load, leg, stream);
  else if (sequence % SAMPLE == 0)
    examine (load, leg, packet, length, arrived);
}

static gint64
arrival_of (struct msghdr *message)
{
  struct timespec at = { 0 };

  for (struct cmsghdr *option = CMSG_FIRSTHDR (message); option != NULL; option = CMSG_NXTHDR (message, option))
    if (option->cmsg_level == SOL_SOCKET && option->cmsg_type == SCM_TIMESTAMPNS)
      memcpy (&at, CMSG_DATA (option), sizeof at);
  return at.tv_sec * G_GINT64_CONSTANT (1000000000) + at.tv_nsec;
}

static void
receive (GrLoad *load, GrLeg *leg)
{
  static guint8 packets[BATCH][2048];
  struct mmsghdr messages[BATCH] = { 0 };
  struct iovec spans[BATCH];
  char controls[BATCH][CMSG_SPACE (sizeof (struct timespec))];
  int n;

  do
    {
      for (guint i = 0; i < BATCH; i++)
        {
          spans[i] = (struct iovec){ packets[i], sizeof packets[i] };
          messages[i].msg_hdr = (struct msghdr){
            .msg_iov = &spans[i], .msg_iovlen = 1, .msg_control = controls[i], .msg_controllen = sizeof controls[i]
          };
        }
      n = recvmmsg (leg->fd, messages, BATCH, MSG_DONTWAIT, NULL);
      for (int i = 0; i < n; i++)
        take (load, leg, packets[i], messages[i].msg_len, arrival_of (&messages[i].msg_hdr));
    }
  while (n == BATCH);
}

void
gr_load_run (GrLoad *load, double seconds)
{
  gint64 began = g_get_monotonic_time ();
  gint64 next_report = began;
  guint burst = load->voice || load->even ? 1 : FRAME_PACKETS;
  guint64 per_second = load->voice ? VOICE_PER_SECOND : FRAMES_PER_SECOND * FRAME_PACKETS / burst;
  guint64 done = 0;
  gint64 now;

  while ((now = g_get_monotonic_time ()) < began + seconds * G_USEC_PER_SEC)
    {
      struct epoll_event events[256];
      int n;

      for (; done < (now - began) * per_second / G_USEC_PER_SEC; done++)
        for (guint i = 0; i < load->legs->len; i++)
          for (guint j = 0; j < burst && ((GrLeg *) g_ptr_array_index (load->legs, i))->publishes; j++)
            publish (load, g_ptr_array_index (load->legs, i));
      if (now >= next_report)
        {
          report (load);
          next_report += G_USEC_PER_SEC;
        }
      n = epoll_wait (load->epoll, events, G_N_ELEMENTS (events), 1);
      for (int i = 0; i < n; i++)
        receive (load, events[i].data.ptr);
    }
}
