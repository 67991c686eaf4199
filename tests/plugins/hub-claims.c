/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of oneself and is not so: another's streams, certificate, password or names. */
#include "party.h"

#include <string.h>

#include "plugins/hubtransport/bytes.h"

/* libnice asks three times, and then gives up. */
#define FEW 1
#define N_OFFERS 200
#define NAMES_BYTES (30 * 1000)
/* With a quark for each name they took 333 MB (FINDINGS.md). */
#define NAMES_KILOBYTES (12 * 1024)

/* Says all that @person said, under another name. */
static void
offer_as (Party *party, const char *name, Person *person)
{
  g_autofree char *sdp = party_offer_of (person);
  g_autofree char *first = party_word_after (sdp, "a=mid:");
  g_autofree char *second = party_word_after (strstr (sdp, "a=mid:") + 1, "a=mid:");

  worker_call (party->worker, "Offer",
               g_variant_new ("(sss@a(ss))", ROOM, name, sdp,
                              g_variant_new_parsed ("[(%s, 'microphone'), (%s, 'camera')]", first, second)));
}

static void
test_collisions (Party *party, gconstpointer data)
{
  g_test_summary ("Somebody who claims another's streams, credentials and certificate takes nothing away from them");
  offer_as (party, "twin", party->ann);
  offer_as (party, "other twin", party->ben);
  party_subscribe (party, "eve", "twin");
  party_assert_undisturbed (party);
  worker_call (party->worker, "Leave", g_variant_new_parsed ("(%s, 'twin')", ROOM));
  worker_call (party->worker, "Leave", g_variant_new_parsed ("(%s, 'other twin')", ROOM));
  party_assert_undisturbed (party);
}

/* Claims it for Eve's camera and sends under it; FALSE: the hub refused to hear of it. */
static gboolean
claim_ssrc (Party *party, guint32 ssrc)
{
  g_autofree char *sdp = party_offer_of (party->eve);
  char *camera = strstr (sdp, "m=video");
  g_autofree char *own = party_word_after (camera, "a=ssrc:");
  g_autofree char *claimed = g_strdup_printf ("a=ssrc:%u", ssrc);
  g_autofree char *line = g_strdup_printf ("a=ssrc:%s", own);
  g_auto (GStrv) parts = g_strsplit (sdp, line, -1);
  g_autofree char *changed = g_strjoinv (claimed, parts);
  g_autofree char *first = party_word_after (sdp, "a=mid:");
  g_autofree char *second = party_word_after (strstr (sdp, "a=mid:") + 1, "a=mid:");
  g_autoptr (GVariant) reply
      = hub_call (party->worker->hub, "Offer",
                  g_variant_new ("(sss@a(ss))", ROOM, "eve", changed,
                                 g_variant_new_parsed ("[(%s, 'microphone'), (%s, 'camera')]", first, second)),
                  NULL);

  return reply != NULL;
}

static gsize
make_claimed_rtp (Party *party, guint8 *datagram)
{
  static guint16 sequence;
  gsize length = party_fill (party, datagram, g_rand_int_range (party->dice, 12, 200));

  datagram[0] = 0x80;
  datagram[1] = 96;
  gr_write_u16 (datagram + 2, sequence++);
  gr_write_u32 (datagram + 8, party_slot_ssrc (party->eve));
  return length;
}

static void
test_own_ssrcs (Party *party, gconstpointer data)
{
  g_test_summary ("Somebody who sends under the SSRC that the hub uses towards them disturbs nobody");
  g_test_message ("the claim was %s", claim_ssrc (party, party_slot_ssrc (party->eve)) ? "taken" : "refused");
  party_pour (party, make_claimed_rtp, party_send_rtp);
  party_assert_undisturbed (party);
}

static char *
with_another (const char *sdp, const char *attribute, const char *value)
{
  g_autofree char *word = party_word_after (sdp, attribute);
  g_auto (GStrv) parts = g_strsplit (sdp, word, -1);

  return g_strjoinv (value, parts);
}

static char *
with_another_fingerprint (const char *sdp)
{
  static const char wrong[] = "AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:"
                              "AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD:AB:CD";

  return with_another (sdp, "a=fingerprint:sha-256 ", wrong);
}

static char *
with_another_password (const char *sdp)
{
  return with_another (sdp, "a=ice-pwd:", "abcdefghijklmnopqrstuvwxyzabcdef");
}

/* Mallory comes, and @counter rises; then everything is as before. */
static void
assert_kept_out (Party *party, Person *mallory, const char *counter)
{
  gint64 before = worker_counter (party->worker, counter);

  party_subscribe (party, "mallory", "ann");
  person_offer (mallory);
  party_subscribe (party, "eve", "mallory");
  worker_wait_until (worker_counter (party->worker, counter) > before + FEW);
  party_assert_undisturbed (party);
  g_assert_cmpint (party_frames (mallory), ==, 0);
  worker_call (party->worker, "Leave", g_variant_new_parsed ("(%s, 'mallory')", ROOM));
  person_free (mallory);
  party_assert_undisturbed (party);
}

static void
test_fingerprint (Party *party, gconstpointer data)
{
  Person *mallory = person_new (party->worker->hub, "mallory", 0.0, 1, 1);

  g_test_summary ("With another certificate than the announced one no media passes, either way");
  mallory->says = with_another_fingerprint;
  assert_kept_out (party, mallory, "withoutKeys");
}

static void
test_password (Party *party, gconstpointer data)
{
  Person *mallory = person_new (party->worker->hub, "mallory", 0.0, 1, 1);

  g_test_summary ("With another ICE password nobody gets in");
  mallory->hears = with_another_password;
  assert_kept_out (party, mallory, "stunRefused");
}

/* Names that nobody ever used, where webrtcbin would make a quark of each. */
static char *
with_names (const char *sdp, guint number)
{
  g_autoptr (GString) text = g_string_new (sdp);

  for (guint i = 0; text->len < strlen (sdp) + NAMES_BYTES; i++)
    g_string_append_printf (text, "a=fmtp:96 n%x-%x=1;m%x-%x=2\r\na=x%x-%x:1\r\n", number, i, number, i, number, i);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_names (Party *party, gconstpointer data)
{
  g_autofree char *sdp = party_offer_of (party->eve);
  guint before = 0, after;

  g_test_summary ("Offers with thousands of names cost the hub no memory");
  for (guint i = 0; i < 2 * N_OFFERS; i++)
    {
      g_autofree char *text = with_names (sdp, i);
      /* Some are refused for the doubled line; that costs no more. */
      g_autoptr (GVariant) reply
          = hub_call (party->worker->hub, "Offer",
                      g_variant_new ("(sss@a(ss))", ROOM, "mallory", text, g_variant_new_parsed ("@a(ss) []")), NULL);

      worker_call (party->worker, "Leave", g_variant_new_parsed ("(%s, 'mallory')", ROOM));
      if (i == N_OFFERS)
        before = worker_figures (party->worker).kilobytes;
    }

  after = worker_figures (party->worker).kilobytes;
  g_test_message ("%u offers of %u bytes: %u to %u kB", N_OFFERS, NAMES_BYTES, before, after);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (after, <, before + NAMES_KILOBYTES);
#endif
  party_assert_undisturbed (party);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define party_test(path, function) g_test_add (path, Party, NULL, party_set_up, function, party_tear_down)
  party_test ("/hub-claims/streams", test_collisions);
  party_test ("/hub-claims/own-ssrcs", test_own_ssrcs);
  party_test ("/hub-claims/fingerprint", test_fingerprint);
  party_test ("/hub-claims/password", test_password);
  party_test ("/hub-claims/names", test_names);

  return g_test_run ();
}
