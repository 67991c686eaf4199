/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "party.h"

#include <arpa/inet.h>
#include <gst/sdp/sdp.h>
#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Seconds. */
#define WATCHDOG 240

/* So many at once, and then the hub is asked what it counted, which it answers when it has read them. */
#define BURST 100
/* Of the pictures of the two. */
#define FRAMES 15
#define KEPT 64
#define SLOT_LINE 3

GstElement *
party_find_element (Person *person, const char *factory)
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
  Party *party = user_data;

  g_mutex_lock (&party->lock);
  if (party->heard->len < KEPT)
    g_ptr_array_add (party->heard, gst_buffer_copy_deep (GST_PAD_PROBE_INFO_BUFFER (info)));
  g_mutex_unlock (&party->lock);
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

char *
party_answer_of (Person *person)
{
  return description_of (person, "current-remote-description");
}

char *
party_offer_of (Person *person)
{
  return description_of (person, "current-local-description");
}

char *
party_word_after (const char *text, const char *before)
{
  const char *found = strstr (text, before);

  g_assert_nonnull (found);
  found += strlen (before);
  return g_strndup (found, strcspn (found, " \r\n"));
}

void
party_subscribe (Party *party, const char *who, const char *whom)
{
  worker_call (party->worker, "Subscribe",
               g_variant_new ("(ss@a(ss))", ROOM, who, g_variant_new_parsed ("[(%s, 'camera')]", whom)));
}

gint
party_frames (Person *person)
{
  return g_atomic_int_get (&person->decoded[SLOT_LINE]);
}

guint32
party_slot_ssrc (Person *person)
{
  g_autofree char *sdp = party_answer_of (person);
  const char *line = sdp;
  g_autofree char *ssrc = NULL;

  for (guint i = 0; i <= SLOT_LINE; i++)
    line = strstr (line, "\r\nm=") + 2;
  ssrc = party_word_after (line, "a=ssrc:");
  return strtoul (ssrc, NULL, 10);
}

static int
open_socket (const char *sdp)
{
  g_autofree char *candidate = party_word_after (sdp, "a=candidate:");
  const char *address = strstr (sdp, " 127.0.0.1 ");
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_nonnull (address);
  to.sin_port = htons (strtoul (address + strlen (" 127.0.0.1 "), NULL, 10));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &to, sizeof to), ==, 0);
  return fd;
}

void
party_set_up (Party *party, gconstpointer data)
{
  g_autofree char *sdp = NULL;

  party->worker = worker_start (WATCHDOG);
  party->dice = g_rand_new_with_seed (3);
  party->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  g_mutex_init (&party->lock);
  party->ann = person_new (party->worker->hub, "ann", 0.0, 1, 1);
  party->ben = person_new (party->worker->hub, "ben", 0.0, 1, 1);
  party->eve = person_new (party->worker->hub, "eve", 0.0, 1, 1);
  g_signal_connect (party->eve->webrtcbin, "deep-element-added", G_CALLBACK (on_element), party);
  person_offer (party->ann);
  person_offer (party->ben);
  person_offer (party->eve);
  party_subscribe (party, "ann", "ben");
  party_subscribe (party, "ben", "ann");
  party_subscribe (party, "eve", "ann");

  sdp = party_answer_of (party->eve);
  party->ufrag = party_word_after (sdp, "a=ice-ufrag:");
  party->password = party_word_after (sdp, "a=ice-pwd:");
  party->stranger = open_socket (sdp);
  worker_wait_until (party->worker->connected == 3);
  worker_wait_until (party_frames (party->ann) > 5 && party_frames (party->ben) > 5 && party_frames (party->eve) > 5);
}

void
party_tear_down (Party *party, gconstpointer data)
{
  Person *people[] = { party->ann, party->ben, party->eve };

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      worker_call (party->worker, "Leave", g_variant_new ("(ss)", ROOM, people[i]->id));
      person_free (people[i]);
    }
  worker_stop (party->worker);
  close (party->stranger);
  g_rand_free (party->dice);
  g_ptr_array_unref (party->heard);
  g_mutex_clear (&party->lock);
  g_free (party->ufrag);
  g_free (party->password);
}

void
party_send_as_stranger (Party *party, const guint8 *datagram, gsize length)
{
  send (party->stranger, datagram, length, MSG_NOSIGNAL);
}

static void
push (Party *party, const char *factory, const char *pad_name, const guint8 *bytes, gsize length)
{
  g_autoptr (GstElement) element = party_find_element (party->eve, factory);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_chain (pad, gst_buffer_new_memdup (bytes, length));
}

/* From eve's own port: what a peer whose keys are known may send as it likes. */
void
party_send_as_peer (Party *party, const guint8 *datagram, gsize length)
{
  push (party, "nicesink", "sink", datagram, length);
}

/* Encrypted with eve's keys. */
void
party_send_rtp (Party *party, const guint8 *datagram, gsize length)
{
  push (party, "dtlssrtpenc", "rtp_sink_0", datagram, length);
}

void
party_send_rtcp (Party *party, const guint8 *datagram, gsize length)
{
  push (party, "dtlssrtpenc", "rtcp_sink_0", datagram, length);
}

/* Until @counter rose by PARTY_ENOUGH. */
void
party_flood (Party *party, PartyMake make, PartySend send_it, const char *counter)
{
  gint64 before = worker_sum (party->worker, counter);
  guint8 datagram[PARTY_DATAGRAM_BYTES];

  while (worker_sum (party->worker, counter) < before + PARTY_ENOUGH)
    for (guint i = 0; i < BURST; i++)
      send_it (party, datagram, make (party, datagram));
  g_test_message ("%s rose by %" G_GINT64_FORMAT, counter, worker_sum (party->worker, counter) - before);
}

void
party_pour (Party *party, PartyMake make, PartySend send_it)
{
  guint8 datagram[PARTY_DATAGRAM_BYTES];

  for (guint i = 0; i < PARTY_ENOUGH; i++)
    {
      send_it (party, datagram, make (party, datagram));
      /* Answered when it has read what came before. */
      if (i % BURST == BURST - 1)
        worker_counter (party->worker, "packetsIn");
    }
}

void
party_assert_undisturbed (Party *party)
{
  gint ann = party_frames (party->ann);
  gint ben = party_frames (party->ben);

  worker_wait_until (party_frames (party->ann) > ann + FRAMES && party_frames (party->ben) > ben + FRAMES);
  g_assert_cmpuint (party->worker->connected, ==, 3);
}

gsize
party_fill (Party *party, guint8 *datagram, gsize length)
{
  for (gsize i = 0; i < length; i++)
    datagram[i] = g_rand_int_range (party->dice, 0, 256);
  return length;
}
