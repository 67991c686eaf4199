/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of greenroom-media hub: the real process at the other end of a socketpair, webrtcbins as people. */
#include <string.h>

#include "person.h"
#include "worker.h"

/* Seconds; a test that hangs is killed. */
#define WATCHDOG 240

#define LOUD 0.8
#define SILENT 0.0

typedef struct
{
  Worker *worker;
  guint seen;
  GHashTable *slots; /* participant → "mid=participant/kind …" */
  char *speakers;    /* "A B" */
  char *gone;
} Scene;

static void
on_slots (Scene *scene, GVariant *arguments)
{
  g_autoptr (GVariantIter) iter = NULL;
  GString *text = g_string_new (NULL);
  const char *participant, *other, *kind;

  g_variant_get (arguments, "(&s&sa(sss))", NULL, &participant, &iter);
  while (g_variant_iter_next (iter, "(&s&s&s)", NULL, &other, &kind))
    g_string_append_printf (text, "%s/%s ", other, kind);
  g_hash_table_replace (scene->slots, g_strdup (participant), g_string_free (text, FALSE));
}

static void
on_speakers (Scene *scene, GVariant *arguments)
{
  g_autoptr (GVariantIter) iter = NULL;
  GString *text = g_string_new (NULL);
  const char *participant;
  double level;

  g_variant_get (arguments, "(&sa(sd))", NULL, &iter);
  while (g_variant_iter_next (iter, "(&sd)", &participant, &level))
    {
      g_assert_true (level >= 0.0 && level <= 1.0);
      g_string_append_printf (text, "%s ", participant);
    }
  g_free (scene->speakers);
  scene->speakers = g_string_free (text, FALSE);
}

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  Scene *scene = user_data;

  if (g_str_equal (name, "Slots"))
    on_slots (scene, arguments);
  else if (g_str_equal (name, "Speakers"))
    on_speakers (scene, arguments);
  else if (g_str_equal (name, "TrackSeen"))
    scene->seen++;
  else if (g_str_equal (name, "Gone"))
    g_variant_get (arguments, "(ss)", NULL, &scene->gone);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->worker = worker_start (WATCHDOG);
  g_dbus_connection_signal_subscribe (scene->worker->hub, NULL, "org.greenroom.Media1.Hub", NULL, NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, scene, NULL);
  scene->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  worker_stop (scene->worker);
  g_hash_table_unref (scene->slots);
  g_free (scene->speakers);
  g_free (scene->gone);
}

static gboolean
carries (Scene *scene, const char *participant, const char *what)
{
  const char *slots = g_hash_table_lookup (scene->slots, participant);

  return slots != NULL && strstr (slots, what) != NULL;
}

static void
subscribe (Scene *scene, const char *participant, const char *first, const char *second)
{
  GVariantBuilder pictures;

  g_variant_builder_init (&pictures, G_VARIANT_TYPE ("a(ss)"));
  g_variant_builder_add (&pictures, "(ss)", first, "camera");
  if (second != NULL)
    g_variant_builder_add (&pictures, "(ss)", second, "camera");
  worker_call (scene->worker, "Subscribe", g_variant_new ("(ssa(ss))", ROOM, participant, &pictures));
}

static void
leave (Scene *scene, Person *person)
{
  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, person->id));
  person_free (person);
}

static gint
decoded (Person *person, guint line)
{
  return g_atomic_int_get (&person->decoded[line]);
}

/* M-lines of a person: its microphone and camera, then audio slots, then video slots. */
static void
test_both_ways (Scene *scene, gconstpointer data)
{
  Person *ann, *ben;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_test_summary ("Two people hear and see each other; who leaves is gone from the slots and the statistics");
  ann = person_new (scene->worker->hub, "ann", LOUD, 1, 1);
  ben = person_new (scene->worker->hub, "ben", LOUD, 1, 1);
  subscribe (scene, "ann", "ben", NULL);
  subscribe (scene, "ben", "ann", NULL);
  person_offer (ann);
  person_offer (ben);
  worker_wait_until (scene->worker->connected == 2 && scene->seen == 4);
  worker_wait_until (carries (scene, "ann", "ben/microphone") && carries (scene, "ann", "ben/camera"));
  worker_wait_until (decoded (ann, 2) > 10 && decoded (ann, 3) > 5 && decoded (ben, 2) > 10 && decoded (ben, 3) > 5);

  before = worker_statistics (scene->worker);
  g_assert_nonnull (strstr (before, "\"participant\":\"ben\",\"kind\":\"camera\""));
  leave (scene, ben);
  worker_wait_until (!carries (scene, "ann", "ben"));
  after = worker_statistics (scene->worker);
  g_assert_null (strstr (after, "\"ben\""));
  leave (scene, ann);
}

static void
test_speakers (Scene *scene, gconstpointer data)
{
  Person *ann, *ben, *cam;
  gint heard;

  g_test_summary ("The one audio slot of a listener goes to whoever speaks, and not to who is muted");
  ann = person_new (scene->worker->hub, "ann", LOUD, 0, 0);
  ben = person_new (scene->worker->hub, "ben", SILENT, 0, 0);
  cam = person_new (scene->worker->hub, "cam", SILENT, 1, 0);
  person_offer (ann);
  person_offer (ben);
  person_offer (cam);
  worker_wait_until (g_strcmp0 (scene->speakers, "ann ") == 0 && carries (scene, "cam", "ann/microphone"));
  worker_wait_until (decoded (cam, 2) > 10);

  person_set_volume (ann, SILENT);
  person_set_volume (ben, LOUD);
  worker_wait_until (g_strcmp0 (scene->speakers, "ben ") == 0 && carries (scene, "cam", "ben/microphone"));
  heard = decoded (cam, 2);
  worker_wait_until (decoded (cam, 2) > heard + 25);

  worker_call (scene->worker, "Allow", g_variant_new_parsed ("(%s, 'ben', ['camera'], false, false)", ROOM));
  worker_wait_until (g_strcmp0 (scene->speakers, "") == 0 && !carries (scene, "cam", "ben"));
  worker_call (scene->worker, "Allow",
               g_variant_new_parsed ("(%s, 'ben', ['camera', 'microphone'], false, false)", ROOM));
  worker_wait_until (g_strcmp0 (scene->speakers, "ben ") == 0 && carries (scene, "cam", "ben/microphone"));
  leave (scene, ann);
  leave (scene, ben);
  leave (scene, cam);
}

static void
allow (Scene *scene, const char *participant, gboolean backstage, gboolean hears_backstage)
{
  worker_call (scene->worker, "Allow",
               g_variant_new_parsed ("(%s, %s, ['camera', 'microphone'], %b, %b)", ROOM, participant, backstage,
                                     hears_backstage));
}

static void
test_green_room (Scene *scene, gconstpointer data)
{
  Person *ann, *ben, *cam;
  gint seen, heard;

  g_test_summary ("Who is backstage reaches those who hear backstage and nobody else, whoever is the loudest");
  ann = person_new (scene->worker->hub, "ann", SILENT, 1, 1);
  ben = person_new (scene->worker->hub, "ben", LOUD, 1, 1);
  cam = person_new (scene->worker->hub, "cam", SILENT, 1, 1);
  allow (scene, "ann", FALSE, TRUE);
  allow (scene, "ben", TRUE, TRUE);
  allow (scene, "cam", FALSE, FALSE);
  subscribe (scene, "ann", "ben", NULL);
  subscribe (scene, "ben", "cam", NULL);
  subscribe (scene, "cam", "ben", NULL);
  person_offer (ann);
  person_offer (ben);
  person_offer (cam);
  worker_wait_until (g_strcmp0 (scene->speakers, "ben ") == 0);
  worker_wait_until (carries (scene, "ann", "ben/microphone") && carries (scene, "ann", "ben/camera"));
  worker_wait_until (decoded (ann, 2) > 25 && decoded (ann, 3) > 10);
  worker_wait_until (carries (scene, "ben", "cam/camera") && decoded (ben, 3) > 10);
  g_assert_false (carries (scene, "cam", "ben"));
  worker_wait_until (carries (scene, "cam", "ann/microphone"));
  g_assert_cmpint (decoded (cam, 3), ==, 0);

  allow (scene, "ben", FALSE, FALSE);
  worker_wait_until (carries (scene, "cam", "ben/microphone") && carries (scene, "cam", "ben/camera"));
  worker_wait_until (decoded (cam, 3) > 10);

  allow (scene, "ben", TRUE, TRUE);
  worker_wait_until (!carries (scene, "cam", "ben"));
  /* What was on its way is decoded by then. */
  heard = decoded (ann, 3);
  worker_wait_until (decoded (ann, 3) > heard + 15);
  seen = decoded (cam, 3);
  heard = decoded (ann, 3);
  worker_wait_until (decoded (ann, 3) > heard + 25);
  g_assert_cmpint (decoded (cam, 3), ==, seen);

  leave (scene, ann);
  leave (scene, ben);
  leave (scene, cam);
}

static void
test_growth (Scene *scene, gconstpointer data)
{
  Person *ann, *ben, *cam;
  gint seen;

  g_test_summary ("A second offer adds a slot, and what was there goes on");
  ann = person_new (scene->worker->hub, "ann", SILENT, 1, 1);
  ben = person_new (scene->worker->hub, "ben", SILENT, 0, 0);
  cam = person_new (scene->worker->hub, "cam", SILENT, 0, 0);
  person_offer (ann);
  person_offer (ben);
  person_offer (cam);
  subscribe (scene, "ann", "ben", "cam");
  worker_wait_until (decoded (ann, 3) > 5);
  g_assert_true (carries (scene, "ann", "ben/camera"));
  g_assert_false (carries (scene, "ann", "cam/camera"));

  seen = decoded (ann, 3);
  person_add_slot (ann, "video");
  person_offer (ann);
  worker_wait_until (carries (scene, "ann", "ben/camera") && carries (scene, "ann", "cam/camera"));
  worker_wait_until (decoded (ann, 3) > seen + 5 && decoded (ann, 4) > 5);
  g_assert_cmpuint (scene->worker->connected, ==, 3);

  leave (scene, ann);
  leave (scene, ben);
  leave (scene, cam);
}

static void
test_vanishing (Scene *scene, gconstpointer data)
{
  Person *ann;

  g_test_summary ("Who falls silent is told of, stays until it leaves, and may come back with new credentials");
  ann = person_new (scene->worker->hub, "ann", SILENT, 0, 0);
  person_offer (ann);
  worker_wait_until (scene->worker->connected == 1);
  person_vanish (ann);
  worker_wait_until (g_strcmp0 (scene->gone, "ann") == 0);
  person_free (ann);

  ann = person_new (scene->worker->hub, "ann", SILENT, 0, 0);
  person_offer (ann);
  worker_wait_until (scene->worker->connected == 2);
  leave (scene, ann);
}

static void
test_refusal (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) reply = NULL;

  g_test_summary ("An offer that is none is refused with the number of its line and leaves nothing behind");
  reply = hub_call (scene->worker->hub, "Offer",
                    g_variant_new_parsed ("(%s, 'ann', 'v=0\\no=- 1 1 IN IP4 0.0.0.0\\nnonsense\\n', @a(ss) [])", ROOM),
                    &error);
  g_assert_null (reply);
  name = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (name, ==, "org.greenroom.Error.InvalidInput");
  g_assert_nonnull (strstr (error->message, "Line 3"));
  g_clear_error (&error);
  g_clear_pointer (&name, g_free);

  reply = hub_call (scene->worker->hub, "Graph", g_variant_new ("(s)", ROOM), &error);
  g_assert_null (reply);
  name = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (name, ==, "org.greenroom.Error.NotFound");
}

static void
test_graph (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  const char *dot;
  Person *ann;

  g_test_summary ("A room's graph shows the transports of those in it");
  ann = person_new (scene->worker->hub, "ann", SILENT, 0, 0);
  person_offer (ann);
  reply = hub_call (scene->worker->hub, "Graph", g_variant_new ("(s)", ROOM), &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(&s)", &dot);
  g_assert_true (g_str_has_prefix (dot, "digraph"));
  g_assert_nonnull (strstr (dot, "GrHubSource"));
  leave (scene, ann);
}

/* An offer of somebody who will never connect; @number makes the credentials. */
static void
offer_in_vain (Scene *scene, const char *participant, guint number)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE 0 1\na=setup:actpass\n");
  g_string_append_printf (text, "a=ice-ufrag:user%u\na=ice-pwd:password%020u\na=fingerprint:sha-256 AB", number,
                          number);
  for (guint i = 1; i < 32; i++)
    g_string_append (text, ":CD");
  g_string_append (text, "\nm=audio 9 UDP/TLS/RTP/SAVPF 111\nc=IN IP4 0.0.0.0\na=mid:0\na=sendonly\na=rtcp-mux\n"
                         "a=rtpmap:111 opus/48000/2\n"
                         "m=video 9 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=mid:1\na=recvonly\na=rtcp-mux\n"
                         "a=rtpmap:96 VP8/90000\n");
  /* Not waited for: what comes next finds it in the midst of its handshake. */
  g_dbus_connection_call (scene->worker->hub, NULL, "/org/greenroom/Media1", "org.greenroom.Media1.Hub", "Offer",
                          g_variant_new_parsed ("(%s, %s, %s, [('0', 'microphone')])", ROOM, participant, text->str),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static void
test_coming_and_going (Scene *scene, gconstpointer data)
{
  guint before;

  g_test_summary ("Those who leave, also in the midst of a handshake, leave no descriptor behind");
  worker_call (scene->worker, "Statistics", NULL);
  before = worker_figures (scene->worker).descriptors;
  for (guint i = 0; i < 60; i++)
    {
      offer_in_vain (scene, "ann", i);
      if (i % 3 == 0)
        offer_in_vain (scene, "ann", 1000 + i);
      worker_call (scene->worker, i % 3 == 1 ? "Statistics" : "Leave",
                   i % 3 == 1 ? NULL : g_variant_new ("(ss)", ROOM, "ann"));
    }

  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, "ann"));
  worker_wait_until (worker_figures (scene->worker).descriptors <= before);
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

#define scene_test(path, function) g_test_add (path, Scene, NULL, set_up, function, tear_down)
  scene_test ("/hub-role/both-ways", test_both_ways);
  scene_test ("/hub-role/speakers", test_speakers);
  scene_test ("/hub-role/green-room", test_green_room);
  scene_test ("/hub-role/growth", test_growth);
  scene_test ("/hub-role/vanishing", test_vanishing);
  scene_test ("/hub-role/refusal", test_refusal);
  scene_test ("/hub-role/graph", test_graph);
  scene_test ("/hub-role/coming-and-going", test_coming_and_going);

  return g_test_run ();
}
