/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Garbage and floods at greenroom-media's port, from strangers and from somebody who is in the room, while two others
 * see each other: these must not notice, and the counters must tell. */
#include <arpa/inet.h>
#define GST_USE_UNSTABLE_API
#include <gst/sdp/sdp.h>
#include <gst/webrtc/webrtc.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "person.h"
#include "plugins/hubtransport/bytes.h"
#include "worker.h"

/* Seconds. */
#define WATCHDOG 240

/* So many at once, and then the hub is asked what it counted, which it answers when it has read them. */
#define BURST 100
#define ENOUGH 1500
/* Of the pictures of the two. */
#define FRAMES 15
#define KEPT 64
#define MAX_DATAGRAM 4000
#define SLOT_LINE 3

typedef struct
{
  Worker *worker;
  Person *ann; /* ann and ben see each other */
  Person *ben;
  Person *eve;
  GRand *dice; /* the same in every run */
  int stranger;
  char *ufrag; /* the hub's, towards eve */
  char *password;

  GMutex lock;      /* of what follows */
  GPtrArray *heard; /* GstBuffer: what eve sent, encrypted */
} Scene;

/* What eve does, and a stranger: fills in a datagram and returns its length. */
typedef gsize (*Make) (Scene *scene, guint8 *datagram);
typedef void (*Send) (Scene *scene, const guint8 *datagram, gsize length);

static GstElement *
find_element (Person *person, const char *factory)
{
  GstIterator *iterator = gst_bin_iterate_all_by_element_factory_name (GST_BIN (person->webrtcbin), factory);
  GValue item = G_VALUE_INIT;
  GstElement *element = NULL;

  if (gst_iterator_next (iterator, &item) == GST_ITERATOR_OK)
    element = g_value_dup_object (&item);
  g_value_unset (&item);
  gst_iterator_free (iterator);
  g_assert_nonnull (element);
  return element;
}

static GstPadProbeReturn
keep_datagram (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Scene *scene = user_data;

  g_mutex_lock (&scene->lock);
  if (scene->heard->len < KEPT)
    g_ptr_array_add (scene->heard, gst_buffer_copy_deep (GST_PAD_PROBE_INFO_BUFFER (info)));
  g_mutex_unlock (&scene->lock);
  return GST_PAD_PROBE_OK;
}

static void
on_element (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "nicesink"))
    {
      GstPad *pad = gst_element_get_static_pad (element, "sink");

      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, keep_datagram, user_data, NULL);
      gst_object_unref (pad);
    }
}

static char *
description_of (Person *person, const char *property)
{
  GstWebRTCSessionDescription *description = NULL;
  char *text;

  g_object_get (person->webrtcbin, property, &description, NULL);
  g_assert_nonnull (description);
  text = gst_sdp_message_as_text (description->sdp);
  gst_webrtc_session_description_free (description);
  return text;
}

static char *
answer_of (Person *person)
{
  return description_of (person, "current-remote-description");
}

static char *
offer_of (Person *person)
{
  return description_of (person, "current-local-description");
}

static char *
word_after (const char *text, const char *before)
{
  const char *found = strstr (text, before);

  g_assert_nonnull (found);
  found += strlen (before);
  return g_strndup (found, strcspn (found, " \r\n"));
}

static void
subscribe (Scene *scene, const char *who, const char *whom)
{
  worker_call (scene->worker, "Subscribe",
               g_variant_new ("(ss@a(ss))", ROOM, who, g_variant_new_parsed ("[(%s, 'camera')]", whom)));
}

static gint
frames (Person *person)
{
  return g_atomic_int_get (&person->decoded[SLOT_LINE]);
}

static int
open_socket (const char *sdp)
{
  g_autofree char *candidate = word_after (sdp, "a=candidate:");
  const char *address = strstr (sdp, " 127.0.0.1 ");
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_nonnull (address);
  to.sin_port = htons (strtoul (address + strlen (" 127.0.0.1 "), NULL, 10));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &to, sizeof to), ==, 0);
  return fd;
}

static void
set_up (Scene *scene, gconstpointer data)
{
  g_autofree char *sdp = NULL;

  scene->worker = worker_start (WATCHDOG);
  scene->dice = g_rand_new_with_seed (3);
  scene->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  g_mutex_init (&scene->lock);
  scene->ann = person_new (scene->worker->hub, "ann", 0.0, 1, 1);
  scene->ben = person_new (scene->worker->hub, "ben", 0.0, 1, 1);
  scene->eve = person_new (scene->worker->hub, "eve", 0.0, 1, 1);
  g_signal_connect (scene->eve->webrtcbin, "deep-element-added", G_CALLBACK (on_element), scene);
  person_offer (scene->ann);
  person_offer (scene->ben);
  person_offer (scene->eve);
  subscribe (scene, "ann", "ben");
  subscribe (scene, "ben", "ann");
  subscribe (scene, "eve", "ann");

  sdp = answer_of (scene->eve);
  scene->ufrag = word_after (sdp, "a=ice-ufrag:");
  scene->password = word_after (sdp, "a=ice-pwd:");
  scene->stranger = open_socket (sdp);
  worker_wait_until (scene->worker->connected == 3);
  worker_wait_until (frames (scene->ann) > 5 && frames (scene->ben) > 5 && frames (scene->eve) > 5);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  Person *people[] = { scene->ann, scene->ben, scene->eve };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, people[i]->id));
      person_free (people[i]);
    }
  worker_stop (scene->worker);
  close (scene->stranger);
  g_rand_free (scene->dice);
  g_ptr_array_unref (scene->heard);
  g_mutex_clear (&scene->lock);
  g_free (scene->ufrag);
  g_free (scene->password);
}

static void
send_as_stranger (Scene *scene, const guint8 *datagram, gsize length)
{
  send (scene->stranger, datagram, length, MSG_NOSIGNAL);
}

static void
push (Scene *scene, const char *factory, const char *pad_name, const guint8 *bytes, gsize length)
{
  g_autoptr (GstElement) element = find_element (scene->eve, factory);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_chain (pad, gst_buffer_new_memdup (bytes, length));
}

/* From eve's own port: what a peer whose keys are known may send as it likes. */
static void
send_as_peer (Scene *scene, const guint8 *datagram, gsize length)
{
  push (scene, "nicesink", "sink", datagram, length);
}

/* Encrypted with eve's keys. */
static void
send_rtp (Scene *scene, const guint8 *datagram, gsize length)
{
  push (scene, "dtlssrtpenc", "rtp_sink_0", datagram, length);
}

static void
send_rtcp (Scene *scene, const guint8 *datagram, gsize length)
{
  push (scene, "dtlssrtpenc", "rtcp_sink_0", datagram, length);
}

/* Until @counter rose by ENOUGH. */
static void
flood (Scene *scene, Make make, Send send_it, const char *counter)
{
  gint64 before = worker_sum (scene->worker, counter);
  guint8 datagram[MAX_DATAGRAM];

  while (worker_sum (scene->worker, counter) < before + ENOUGH)
    for (guint i = 0; i < BURST; i++)
      send_it (scene, datagram, make (scene, datagram));
  g_test_message ("%s rose by %" G_GINT64_FORMAT, counter, worker_sum (scene->worker, counter) - before);
}

static void
assert_undisturbed (Scene *scene)
{
  gint ann = frames (scene->ann);
  gint ben = frames (scene->ben);

  worker_wait_until (frames (scene->ann) > ann + FRAMES && frames (scene->ben) > ben + FRAMES);
  g_assert_cmpuint (scene->worker->connected, ==, 3);
}

static gsize
fill (Scene *scene, guint8 *datagram, gsize length)
{
  for (gsize i = 0; i < length; i++)
    datagram[i] = g_rand_int_range (scene->dice, 0, 256);
  return length;
}

static gsize
make_unclassified (Scene *scene, guint8 *datagram)
{
  gsize length = fill (scene, datagram, g_rand_int_range (scene->dice, 1, 100));

  datagram[0] = 192 + datagram[0] % 64;
  return length;
}

static gsize
make_rtp (Scene *scene, guint8 *datagram)
{
  gsize length = fill (scene, datagram, g_rand_int_range (scene->dice, 1, 200));

  datagram[0] = 128 + datagram[0] % 64;
  return length;
}

static gsize
make_dtls (Scene *scene, guint8 *datagram)
{
  gsize length = fill (scene, datagram, g_rand_int_range (scene->dice, 1, 200));

  datagram[0] = 20 + datagram[0] % 44;
  return length;
}

static gsize
make_oversized (Scene *scene, guint8 *datagram)
{
  datagram[0] = 128;
  return MAX_DATAGRAM;
}

static gsize
write_stun (guint8 *datagram, const char *ufrag, const char *password)
{
  g_autofree char *username = g_strconcat (ufrag, ":eve", NULL);
  gsize length = strlen (username);
  gsize padded = (length + 3) & ~(gsize) 3;
  gsize at = 20 + 4 + padded;
  g_autoptr (GHmac) hmac = NULL;
  gsize digest_bytes = 20;

  memset (datagram, 0, at);
  gr_write_u16 (datagram, 0x0001);
  gr_write_u16 (datagram + 2, 4 + padded + 24);
  gr_write_u32 (datagram + 4, 0x2112a442);
  gr_write_u16 (datagram + 20, 0x0006);
  gr_write_u16 (datagram + 22, length);
  memcpy (datagram + 24, username, length);
  gr_write_u16 (datagram + at, 0x0008);
  gr_write_u16 (datagram + at + 2, digest_bytes);
  hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) password, strlen (password));
  g_hmac_update (hmac, datagram, at);
  g_hmac_get_digest (hmac, datagram + at + 4, &digest_bytes);
  return at + 4 + digest_bytes;
}

static gsize
make_stun_of_nobody (Scene *scene, guint8 *datagram)
{
  return write_stun (datagram, "nobody", scene->password);
}

static gsize
make_stun_with_wrong_password (Scene *scene, guint8 *datagram)
{
  return write_stun (datagram, scene->ufrag, "guessed by a stranger");
}

/* Cut anywhere, or with a bit that fell over; what is still right by chance is answered and not counted. */
static gsize
make_broken_stun (Scene *scene, guint8 *datagram)
{
  gsize length = write_stun (datagram, scene->ufrag, scene->password);

  if (g_rand_boolean (scene->dice))
    return g_rand_int_range (scene->dice, 1, length);

  datagram[g_rand_int_range (scene->dice, 1, length)] ^= 1 << g_rand_int_range (scene->dice, 0, 8);
  return length;
}

static void
test_strangers (Scene *scene, gconstpointer data)
{
  g_test_summary (
      "Whatever strangers send is counted and forgotten, and people in a room see each other all the while");
  flood (scene, make_unclassified, send_as_stranger, "unclassified");
  flood (scene, make_rtp, send_as_stranger, "unknownAddress");
  flood (scene, make_dtls, send_as_stranger, "unknownAddress");
  flood (scene, make_oversized, send_as_stranger, "truncated");
  flood (scene, make_stun_of_nobody, send_as_stranger, "unknownUfrag");
  flood (scene, make_stun_with_wrong_password, send_as_stranger, "stunRefused");
  flood (scene, make_broken_stun, send_as_stranger, "stunRefused");
  assert_undisturbed (scene);
}

/* What eve sent before, whole or cut, its handshake too. */
static gsize
make_repetition (Scene *scene, guint8 *datagram)
{
  GstBuffer *buffer;
  gsize length;

  g_mutex_lock (&scene->lock);
  buffer = g_ptr_array_index (scene->heard, g_rand_int_range (scene->dice, 0, scene->heard->len));
  length = gst_buffer_extract (buffer, 0, datagram, MAX_DATAGRAM);
  g_mutex_unlock (&scene->lock);
  return g_rand_boolean (scene->dice) ? length : (gsize) g_rand_int_range (scene->dice, 1, length + 1);
}

static void
test_peer (Scene *scene, gconstpointer data)
{
  g_test_summary ("Whoever is in a room and replays, cuts and forges datagrams disturbs none of the others");
  flood (scene, make_repetition, send_as_peer, "srtpRefused");
  flood (scene, make_rtp, send_as_peer, "srtpRefused");
  flood (scene, make_dtls, send_as_peer, "dtlsRefused");
  flood (scene, make_broken_stun, send_as_peer, "stunRefused");
  assert_undisturbed (scene);
}

/* Of a stream that another sends. */
static gsize
make_colliding_rtp (Scene *scene, guint8 *datagram)
{
  static const guint8 payload_types[] = { 96, 111, 0, 127 };
  g_autofree char *sdp = offer_of (scene->ann);
  g_autofree char *ssrc = word_after (sdp, "a=ssrc:");
  gsize length = fill (scene, datagram, g_rand_int_range (scene->dice, 12, 200));

  datagram[0] = 0x80;
  datagram[1] = payload_types[datagram[1] % G_N_ELEMENTS (payload_types)];
  gr_write_u32 (datagram + 8, strtoul (ssrc, NULL, 10));
  return length;
}

static guint32
slot_ssrc (Person *person)
{
  g_autofree char *sdp = answer_of (person);
  const char *line = sdp;
  g_autofree char *ssrc = NULL;

  for (guint i = 0; i <= SLOT_LINE; i++)
    line = strstr (line, "\r\nm=") + 2;
  ssrc = word_after (line, "a=ssrc:");
  return strtoul (ssrc, NULL, 10);
}

/* Feedback about eve's slot; a word of @parameters behind it. */
static gsize
write_feedback (Scene *scene, guint8 *datagram, guint8 kind, guint8 format, guint words)
{
  datagram[0] = 0x80 | format;
  datagram[1] = kind;
  gr_write_u16 (datagram + 2, 2 + words);
  gr_write_u32 (datagram + 4, 1);
  gr_write_u32 (datagram + 8, slot_ssrc (scene->eve));
  for (guint i = 0; i < words; i++)
    gr_write_u32 (datagram + 12 + 4 * i, g_rand_int (scene->dice) | 0xffff);
  return 12 + 4 * words;
}

static gsize
make_nack (Scene *scene, guint8 *datagram)
{
  return write_feedback (scene, datagram, 205, 1, 100);
}

static gsize
make_pli (Scene *scene, guint8 *datagram)
{
  return write_feedback (scene, datagram, 206, 1, 0);
}

/* A report that lies about its own length and about what is in it, or nothing but noise. */
static gsize
make_rtcp (Scene *scene, guint8 *datagram)
{
  gsize length = 8 + 4 * g_rand_int_range (scene->dice, 0, 40);

  fill (scene, datagram, length);
  datagram[0] = 0x80 | (datagram[0] & 0x3f);
  datagram[1] = 200 + datagram[1] % 8;
  if (g_rand_boolean (scene->dice))
    gr_write_u16 (datagram + 2, length / 4 - 1);
  return length;
}

static void
test_floods (Scene *scene, gconstpointer data)
{
  g_autoptr (GstElement) encoder = find_element (scene->eve, "dtlssrtpenc");
  g_autoptr (GstPad) reports = gst_element_get_static_pad (encoder, "rtcp_sink_0");
  gint64 asked, began, packets;

  g_test_summary (
      "Floods of NACKs, keyframe requests, reports and strange streams under right keys are held in bounds");
  /* Whoever never reported has not said what its stream is. */
  worker_wait_until (gst_pad_has_current_caps (reports));
  flood (scene, make_colliding_rtp, send_rtp, "unknownSsrc");
  flood (scene, make_nack, send_rtcp, "nacks");

  began = g_get_monotonic_time ();
  asked = worker_sum (scene->worker, "plisSent");
  flood (scene, make_pli, send_rtcp, "plis");
  asked = worker_sum (scene->worker, "plisSent") - asked;
  /* Twice a second and track, and three cameras. */
  g_assert_cmpint (asked, <=, 3 * (2 * (g_get_monotonic_time () - began) / G_USEC_PER_SEC + 2));

  packets = worker_counter (scene->worker, "packetsIn");
  while (worker_counter (scene->worker, "packetsIn") < packets + ENOUGH)
    for (guint i = 0; i < BURST; i++)
      {
        guint8 report[MAX_DATAGRAM];

        send_rtcp (scene, report, make_rtcp (scene, report));
      }
  assert_undisturbed (scene);
}

/* Says all that @person said, under another name. */
static void
offer_as (Scene *scene, const char *name, Person *person)
{
  g_autofree char *sdp = offer_of (person);
  g_autofree char *first = word_after (sdp, "a=mid:");
  g_autofree char *second = word_after (strstr (sdp, "a=mid:") + 1, "a=mid:");

  worker_call (scene->worker, "Offer",
               g_variant_new ("(sss@a(ss))", ROOM, name, sdp,
                              g_variant_new_parsed ("[(%s, 'microphone'), (%s, 'camera')]", first, second)));
}

static void
test_collisions (Scene *scene, gconstpointer data)
{
  g_test_summary ("Somebody who claims another's streams, credentials and certificate takes nothing away from them");
  offer_as (scene, "twin", scene->ann);
  offer_as (scene, "other twin", scene->ben);
  subscribe (scene, "eve", "twin");
  assert_undisturbed (scene);
  worker_call (scene->worker, "Leave", g_variant_new_parsed ("(%s, 'twin')", ROOM));
  worker_call (scene->worker, "Leave", g_variant_new_parsed ("(%s, 'other twin')", ROOM));
  assert_undisturbed (scene);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define scene_test(path, function) g_test_add (path, Scene, NULL, set_up, function, tear_down)
  scene_test ("/hub-floods/strangers", test_strangers);
  scene_test ("/hub-floods/peer", test_peer);
  scene_test ("/hub-floods/floods", test_floods);
  scene_test ("/hub-floods/collisions", test_collisions);

  return g_test_run ();
}
