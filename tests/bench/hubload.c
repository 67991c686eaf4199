/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Load generator for the hub: starts greenroom-media, fills a room over D-Bus with people who do ICE and DTLS-SRTP like
 * a browser, sends made-up VP8 or Opus, and counts what comes back. One thread, so that its own cost stays small.
 *
 *   bench-hubload --media PATH --label "video 1→50" --publishers 1 --subscribers 50 [--voice]
 *
 * With --voice each publisher hears the others as well. Prints one line of JSON per figure. */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <gio/gio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugins/hubtransport/bytes.h"
#include "plugins/hubtransport/rtcp.h"
#include "plugins/hubtransport/rtp.h"
#include "plugins/hubtransport/srtp.h"

#define VIDEO_PER_SECOND 300
#define VIDEO_BYTES 1200
#define FRAME_PACKETS 10
#define VOICE_PER_SECOND 50
#define VOICE_BYTES 100
#define MAX_AUDIO_SLOTS 16
#define UFRAG "load"
#define PASSWORD "loadloadloadloadloadload"
#define STAMP_OFFSET 24 /* of the send time, in the payload */

typedef struct
{
  guint32 ssrc; /* 0: unused */
  guint16 sequence;
} Stream;

typedef struct
{
  int fd;
  gboolean publishes;
  char *ufrag; /* of the hub */
  char *password;
  GrSrtp *out;
  GrSrtp *in;
  guint32 ssrc;
  guint16 sequence;
  guint64 sent;
  guint64 received;
  guint64 gaps;
  Stream streams[MAX_AUDIO_SLOTS];
} Peer;

typedef struct
{
  gboolean voice;
  gboolean measuring;
  GDBusConnection *hub;
  SSL_CTX *tls;
  char *fingerprint;
  GPtrArray *peers;
  int epoll;
  GArray *delays; /* double, ms */
} Load;

static void G_GNUC_NORETURN
die (const char *what, const char *why)
{
  fprintf (stderr, "hubload: %s: %s\n", what, why);
  exit (1);
}

static void
make_certificate (Load *load)
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

  load->fingerprint = g_string_free (text, FALSE);
  load->tls = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_use_certificate (load->tls, certificate);
  SSL_CTX_use_PrivateKey (load->tls, key);
  SSL_CTX_set_tlsext_use_srtp (load->tls, "SRTP_AES128_CM_SHA1_80");
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
send_check (Peer *peer)
{
  guint8 message[512] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
  g_autofree char *username = g_strconcat (peer->ufrag, ":" UFRAG, NULL);
  gsize length = strlen (username);
  gsize at = 20;
  gsize digest_length = 20;
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) peer->password, strlen (peer->password));

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
  send (peer->fd, message, at + 8, 0);
}

static char *
write_offer (const Load *load, const Peer *peer, guint slots)
{
  const char *format = load->voice ? "audio 9 UDP/TLS/RTP/SAVPF 111" : "video 9 UDP/TLS/RTP/SAVPF 96";
  const char *codec = load->voice
                          ? "a=rtpmap:111 opus/48000/2\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                          : "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n";
  GString *text = g_string_new ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
  guint lines = peer->publishes + slots;

  for (guint i = 0; i < lines; i++)
    g_string_append_printf (text, " %u", i);
  g_string_append (text, "\r\n");
  for (guint i = 0; i < lines; i++)
    {
      gboolean sends = peer->publishes && i == 0;

      g_string_append_printf (text,
                              "m=%s\r\nc=IN IP4 0.0.0.0\r\na=mid:%u\r\na=%s\r\na=ice-ufrag:" UFRAG
                              "\r\na=ice-pwd:" PASSWORD
                              "\r\na=fingerprint:sha-256 %s\r\na=setup:active\r\na=rtcp-mux\r\n%s",
                              format, i, sends ? "sendonly" : "recvonly", load->fingerprint, codec);
      if (sends)
        g_string_append_printf (text, "a=ssrc:%u cname:load\r\n", peer->ssrc);
    }
  return g_string_free (text, FALSE);
}

static GVariant *
call (Load *load, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_sync (load->hub, NULL, "/org/greenroom/Media1", "org.greenroom.Media1.Hub",
                                                 method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, &error);

  if (reply == NULL)
    die (method, error->message);
  return reply;
}

static char *
word_after (const char *text, const char *before)
{
  const char *found = strstr (text, before);

  if (found == NULL)
    die ("the answer lacks", before);
  found += strlen (before);
  return g_strndup (found, strcspn (found, " \r\n"));
}

static void
shake_hands (Load *load, Peer *peer)
{
  struct timeval patience = { .tv_usec = 200000 };
  SSL *ssl = SSL_new (load->tls);
  BIO *bio = BIO_new_dgram (peer->fd, BIO_NOCLOSE);
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  guint8 keys[60], client[30], server[30];
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  getpeername (peer->fd, (struct sockaddr *) &address, &length);
  BIO_ctrl (bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &address);
  setsockopt (peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  SSL_set_bio (ssl, bio, bio);
  /* Answers to checks come in between: to OpenSSL they are records that it does not know, and drops. */
  while (SSL_connect (ssl) != 1)
    {
      if (g_get_monotonic_time () > deadline)
        die ("DTLS", "no handshake within 10 s");
      send_check (peer);
      DTLSv1_handle_timeout (ssl);
    }

  SSL_export_keying_material (ssl, keys, sizeof keys, "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
  memcpy (client, keys, 16);
  memcpy (client + 16, keys + 32, 14);
  memcpy (server, keys + 16, 16);
  memcpy (server + 16, keys + 46, 14);
  peer->out = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_SENDER, client, 4);
  peer->in = gr_srtp_new (GR_SRTP_AES_CM_128_HMAC_SHA1_80, GR_SRTP_RECEIVER, server, 128);
  SSL_free (ssl);
}

static void
join (Load *load, gboolean publishes, guint slots)
{
  Peer *peer = g_new0 (Peer, 1);
  guint number = load->peers->len;
  g_autofree char *id = g_strdup_printf ("person-%u", number);
  g_autofree char *offer = NULL;
  g_autofree char *candidate = NULL;
  g_autoptr (GVariant) reply = NULL;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
  GVariantBuilder tracks;
  const char *answer, *found;
  int buffer = 4 << 20;

  peer->publishes = publishes;
  peer->ssrc = 1000 + number;
  offer = write_offer (load, peer, slots);
  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a(ss)"));
  if (publishes)
    g_variant_builder_add (&tracks, "(ss)", "0", load->voice ? "microphone" : "camera");
  reply = call (load, "Offer", g_variant_new ("(sssa(ss))", "bench", id, offer, &tracks));
  g_variant_get (reply, "(&s)", &answer);
  peer->ufrag = word_after (answer, "a=ice-ufrag:");
  peer->password = word_after (answer, "a=ice-pwd:");
  found = strstr (answer, "a=candidate:");
  candidate = word_after (found != NULL ? found : "", " 127.0.0.1 ");
  address.sin_port = htons (atoi (candidate));

  peer->fd = socket (AF_INET, SOCK_DGRAM, 0);
  setsockopt (peer->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (connect (peer->fd, (struct sockaddr *) &address, sizeof address) < 0)
    die ("connect", g_strerror (errno));
  send_check (peer);
  shake_hands (load, peer);
  epoll_ctl (load->epoll, EPOLL_CTL_ADD, peer->fd, &event);
  g_ptr_array_add (load->peers, peer);
  if (!load->voice && slots > 0)
    g_variant_unref (call (load, "Subscribe", g_variant_new_parsed ("('bench', %s, [('person-0', 'camera')])", id)));
}

static void
publish (Load *load, Peer *peer)
{
  guint8 packet[VIDEO_BYTES + 64] = { 0x80 };
  guint header = load->voice ? 20 : 12;
  gsize length = load->voice ? VOICE_BYTES : VIDEO_BYTES;
  gint64 now = g_get_monotonic_time ();
  guint place = peer->sent % FRAME_PACKETS;
  static const guint8 keyframe[] = { 0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01 };
  gssize protected;

  packet[1] = load->voice ? 111 : 96 | (place == FRAME_PACKETS - 1 ? 0x80 : 0);
  gr_rtp_set_sequence (packet, peer->sequence++);
  gr_rtp_set_timestamp (packet, load->voice ? peer->sent * 960 : peer->sent / FRAME_PACKETS * 3000);
  gr_rtp_set_ssrc (packet, peer->ssrc);
  if (load->voice)
    {
      packet[0] |= 0x10;
      gr_write_u32 (packet + 12, 0xbede0001);
      gr_write_u32 (packet + 16, 0x10940000); /* voice at -20 dBov */
    }
  else if (place == 0)
    memcpy (packet + header, keyframe, sizeof keyframe);
  memcpy (packet + header + STAMP_OFFSET, &now, sizeof now);
  protected = gr_srtp_protect (peer->out, packet, length, sizeof packet);
  send (peer->fd, packet, protected, 0);
  peer->sent++;
}

static void
take (Load *load, Peer *peer, guint8 *packet, gsize length)
{
  gssize plain;
  GrRtpHeader header;
  gint64 stamp;
  double ms;

  if (packet[0] < 128 || (plain = gr_srtp_unprotect (peer->in, packet, length)) < 0 || gr_is_rtcp (packet, plain)
      || !gr_rtp_parse (&header, packet, plain) || header.payload_length < STAMP_OFFSET + sizeof stamp)
    return;

  for (guint i = 0; i < MAX_AUDIO_SLOTS; i++)
    {
      Stream *stream = &peer->streams[i];

      if (stream->ssrc != 0 && stream->ssrc != header.ssrc)
        continue;
      if (load->measuring && stream->ssrc != 0 && header.sequence != (guint16) (stream->sequence + 1))
        peer->gaps++;
      stream->ssrc = header.ssrc;
      stream->sequence = header.sequence;
      break;
    }
  if (!load->measuring)
    return;

  peer->received++;
  memcpy (&stamp, packet + header.payload_offset + STAMP_OFFSET, sizeof stamp);
  ms = (g_get_monotonic_time () - stamp) / 1000.0;
  g_array_append_val (load->delays, ms);
}

static void
pump (Load *load, int ms)
{
  struct epoll_event events[256];
  guint8 packet[2048];
  int n = epoll_wait (load->epoll, events, G_N_ELEMENTS (events), ms);
  gssize length;

  for (int i = 0; i < n; i++)
    {
      Peer *peer = events[i].data.ptr;

      while ((length = recv (peer->fd, packet, sizeof packet, MSG_DONTWAIT)) > 0)
        take (load, peer, packet, length);
    }
}

/* What a browser says about once a second: that it is there, and what it got. */
static void
report (Load *load)
{
  for (guint i = 0; i < load->peers->len; i++)
    {
      Peer *peer = g_ptr_array_index (load->peers, i);
      guint8 bytes[1024];
      GrRtcpWriter writer = GR_RTCP_WRITER (bytes, sizeof bytes - 64);
      GrRtcpReportBlock blocks[MAX_AUDIO_SLOTS] = { 0 };
      guint n = 0;
      gssize length;

      for (; n < MAX_AUDIO_SLOTS && peer->streams[n].ssrc != 0; n++)
        {
          blocks[n].ssrc = peer->streams[n].ssrc;
          blocks[n].highest_sequence = peer->streams[n].sequence;
        }
      gr_rtcp_write_receiver_report (&writer, peer->ssrc, blocks, n);
      gr_rtcp_write_cname (&writer, peer->ssrc, "load");
      length = gr_srtp_protect (peer->out, bytes, writer.length, sizeof bytes);
      send (peer->fd, bytes, length, 0);
      send_check (peer);
    }
}

/* Sends and receives for @seconds. */
static void
run (Load *load, double seconds)
{
  gint64 began = g_get_monotonic_time ();
  gint64 next_report = began;
  guint64 per_second = load->voice ? VOICE_PER_SECOND : VIDEO_PER_SECOND;
  guint64 done = 0;
  gint64 now;

  while ((now = g_get_monotonic_time ()) < began + seconds * G_USEC_PER_SEC)
    {
      for (; done < (now - began) * per_second / G_USEC_PER_SEC; done++)
        for (guint i = 0; i < load->peers->len; i++)
          if (((Peer *) g_ptr_array_index (load->peers, i))->publishes)
            publish (load, g_ptr_array_index (load->peers, i));
      if (now >= next_report)
        {
          report (load);
          next_report += G_USEC_PER_SEC;
        }
      pump (load, 1);
    }
}

static double
status_of (const char *pid, const char *field)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", pid);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return g_ascii_strtod (strstr (text, field) + strlen (field), NULL);
}

static double
cpu_seconds (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid);
  g_autofree char *stat = NULL;
  g_auto (GStrv) fields = NULL;

  g_file_get_contents (path, &stat, NULL, NULL);
  fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);
  return (g_ascii_strtod (fields[11], NULL) + g_ascii_strtod (fields[12], NULL)) / sysconf (_SC_CLK_TCK);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
print_figure (const char *label, const char *figure, double value, const char *unit, const char *target)
{
  printf ("{\"name\":\"%s: %s\",\"value\":%.2f,\"unit\":\"%s\"%s%s}\n", label, figure, value, unit,
          target[0] != '\0' ? ",\"target\":" : "", target);
}

static GSubprocess *
start_hub (Load *load, const char *media)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  GSubprocess *process;
  int ends[2];

  socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  g_subprocess_launcher_take_fd (launcher, ends[1], 3);
  process = g_subprocess_launcher_spawn (launcher, &error, media, "hub", "--fd", "3", "--listen", "127.0.0.1:0", NULL);
  if (process == NULL)
    die (media, error->message);
  socket = g_socket_new_from_fd (ends[0], NULL);
  stream = g_socket_connection_factory_create_connection (socket);
  load->hub = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
                                          NULL, NULL, &error);
  if (load->hub == NULL)
    die ("D-Bus", error->message);
  return process;
}

int
main (int argc, char **argv)
{
  int publishers = 1, subscribers = 50, seconds = 5;
  g_autofree char *media = NULL;
  g_autofree char *label = NULL;
  Load load = { .peers = g_ptr_array_new (), .delays = g_array_new (FALSE, FALSE, sizeof (double)) };
  const GOptionEntry entries[] = {
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, "greenroom-media", "PATH" },
    { "label", 0, 0, G_OPTION_ARG_FILENAME, &label, "Begins the name of each figure", "TEXT" },
    { "publishers", 0, 0, G_OPTION_ARG_INT, &publishers, "Who send", "N" },
    { "subscribers", 0, 0, G_OPTION_ARG_INT, &subscribers, "Who only receive", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to measure", "N" },
    { "voice", 0, 0, G_OPTION_ARG_NONE, &load.voice, "Opus instead of VP8, and publishers hear each other", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  struct rlimit files = { 16384, 16384 };
  const char *pid;
  double memory, threads, cpu;
  guint64 received = 0, gaps = 0;
  guint people, idle = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || media == NULL || label == NULL)
    die ("usage", error != NULL ? error->message : "say --media and --label");

  setrlimit (RLIMIT_NOFILE, &files);
  load.epoll = epoll_create1 (0);
  make_certificate (&load);
  process = start_hub (&load, media);
  pid = g_subprocess_get_identifier (process);
  g_variant_unref (call (&load, "Statistics", NULL));
  memory = status_of (pid, "VmRSS:");
  threads = status_of (pid, "Threads:");
  print_figure (label, "idle memory of the hub", memory / 1024, "MB", "");

  for (int i = 0; i < publishers + subscribers; i++)
    {
      join (&load, i < publishers, i >= publishers ? 1 : load.voice ? MIN (publishers - 1, MAX_AUDIO_SLOTS) : 0);
      if (i % 10 == 9)
        run (&load, 0.05);
    }
  run (&load, 2);
  people = load.peers->len;
  print_figure (label, "memory per participant", (status_of (pid, "VmRSS:") - memory) / 1024 / people, "MB", "0.6");
  print_figure (label, "threads per participant", (status_of (pid, "Threads:") - threads) / people, "threads", "4");

  load.measuring = TRUE;
  cpu = cpu_seconds (pid);
  run (&load, seconds);
  cpu = cpu_seconds (pid) - cpu;
  for (guint i = 0; i < people; i++)
    {
      Peer *peer = g_ptr_array_index (load.peers, i);

      received += peer->received;
      gaps += peer->gaps;
      idle += peer->received == 0 && (!peer->publishes || load.voice);
    }
  if (idle > 0 || load.delays->len == 0)
    die (label, "somebody received nothing");

  g_array_sort (load.delays, compare_doubles);
  print_figure (label, "packets forwarded per CPU-second", received / cpu, "packets/s", "");
  print_figure (label, "packets forwarded per second", (double) received / seconds, "packets/s", "");
  print_figure (label, "gaps in what arrived", gaps, "gaps", "0");
  print_figure (label, "forwarding delay, p99", g_array_index (load.delays, double, load.delays->len * 99 / 100), "ms",
                "2");
  g_dbus_connection_close_sync (load.hub, NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);
  return 0;
}
