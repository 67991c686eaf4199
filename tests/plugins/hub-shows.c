/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a show means for those who send: greenroom-media hub with a link beside people who only negotiate. */
#include <gio/gunixfdlist.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "person.h"
#include "worker.h"

/* Seconds; a test that hangs is killed. */
#define WATCHDOG 120
#define SHOW "the-show"

typedef struct
{
  Worker *worker;
  char *codecs; /* what ann was told last: "VP8 H264" */
  char *gone;
  guint number; /* of an offer: makes its credentials */
  int end;      /* of the link */
} Scene;

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
  g_autofree const char **codecs = NULL;
  const char *participant;

  if (g_str_equal (name, "Gone"))
    {
      g_free (scene->gone);
      g_variant_get (arguments, "(ss)", NULL, &scene->gone);
    }
  if (!g_str_equal (name, "Codecs"))
    return;

  g_variant_get (arguments, "(&s&s^a&s)", NULL, &participant, &codecs);
  if (!g_str_equal (participant, "ann"))
    return;

  g_free (scene->codecs);
  scene->codecs = g_strjoinv (" ", (char **) codecs);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->worker = worker_start (WATCHDOG);
  scene->end = -1;
  g_dbus_connection_signal_subscribe (scene->worker->hub, NULL, "org.greenroom.Media1.Hub", NULL, NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_signal, scene, NULL);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  worker_stop (scene->worker);
  g_free (scene->codecs);
  g_free (scene->gone);
  if (scene->end >= 0)
    close (scene->end);
}

/* An m-line for pictures in @formats: "VP8 AV1". */
static void
append_line (GString *text, guint mid, const char *direction, const char *formats)
{
  g_auto (GStrv) names = g_strsplit (formats, " ", -1);

  g_string_append (text, "m=video 9 UDP/TLS/RTP/SAVPF");
  for (guint i = 0; names[i] != NULL; i++)
    g_string_append_printf (text, " %u", 96 + names[i][0] % 26);
  g_string_append_printf (text, "\nc=IN IP4 0.0.0.0\na=mid:%u\na=%s\na=rtcp-mux\n", mid, direction);
  for (guint i = 0; names[i] != NULL; i++)
    {
      guint payload_type = 96 + names[i][0] % 26;

      g_string_append_printf (text, "a=rtpmap:%u %s/90000\n", payload_type, names[i]);
      if (g_str_equal (names[i], "H264"))
        g_string_append_printf (text,
                                "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n",
                                payload_type);
    }
}

/* The answer to @participant, who sends a camera in @formats and, with @slots, receives in them; NULL with @error. */
static char *
offer (Scene *scene, const char *participant, const char *formats, const char *slots, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GVariant) reply = NULL;
  char *answer = NULL;

  g_string_printf (text, "v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\na=group:BUNDLE 0%s\na=setup:actpass\n",
                   slots != NULL ? " 1" : "");
  g_string_append_printf (text, "a=ice-ufrag:user%u\na=ice-pwd:password%020u\na=fingerprint:sha-256 AB", scene->number,
                          scene->number);
  scene->number++;
  for (guint i = 1; i < 32; i++)
    g_string_append (text, ":CD");
  g_string_append_c (text, '\n');
  append_line (text, 0, "sendonly", formats);
  if (slots != NULL)
    append_line (text, 1, "recvonly", slots);

  reply = hub_call (scene->worker->hub, "Offer",
                    g_variant_new_parsed ("(%s, %s, %s, [('0', 'camera')])", ROOM, participant, text->str), error);
  if (reply != NULL)
    g_variant_get (reply, "(s)", &answer);

  return answer;
}

static void
attach (Scene *scene)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[0], &error), ==, 0);
  g_assert_no_error (error);
  close (ends[0]);
  scene->end = ends[1];
  reply = g_dbus_connection_call_with_unix_fd_list_sync (scene->worker->hub, NULL, "/org/greenroom/Media1",
                                                         "org.greenroom.Media1.Hub", "Attach",
                                                         g_variant_new ("(ssh)", ROOM, SHOW, 0), NULL,
                                                         G_DBUS_CALL_FLAGS_NONE, 10000, fds, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
leave (Scene *scene, const char *participant)
{
  worker_call (scene->worker, "Leave", g_variant_new ("(ss)", ROOM, participant));
}

static void
assert_agreed (const char *answer, const char *wanted, const char *unwanted)
{
  g_autofree char *yes = g_strdup_printf (" %s/90000", wanted);
  g_autofree char *no = g_strdup_printf (" %s/90000", unwanted);

  g_assert_nonnull (answer);
  g_assert_nonnull (strstr (answer, yes));
  if (unwanted != NULL)
    g_assert_null (strstr (answer, no));
}

static void
test_switch (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = offer (scene, "ann", "VP8 AV1", "VP8 AV1 H264", &error);
  g_autofree char *during = NULL;

  g_test_summary ("Who may send AV1 is told not to when a show begins, agrees to it no more, and may again after it");
  assert_agreed (before, "AV1", NULL);
  worker_wait_until (scene->codecs != NULL && strstr (scene->codecs, "AV1") != NULL);

  attach (scene);
  worker_wait_until (strstr (scene->codecs, "AV1") == NULL);
  g_assert_nonnull (strstr (scene->codecs, "VP8"));
  during = offer (scene, "ben", "AV1 H264", NULL, &error);
  assert_agreed (during, "H264", "AV1");

  leave (scene, SHOW);
  worker_wait_until (strstr (scene->codecs, "AV1") != NULL);
  g_assert_null (scene->gone);
  leave (scene, "ann");
  leave (scene, "ben");
}

static void
test_nothing_else (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = offer (scene, "obs", "AV1", NULL, &error);
  g_autofree char *name = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *after = NULL;

  g_test_summary ("An encoder that sends AV1 alone is let go when a show begins, and hears why when it comes again");
  assert_agreed (before, "AV1", NULL);
  attach (scene);
  worker_wait_until (g_strcmp0 (scene->gone, "obs") == 0);

  refused = offer (scene, "obs", "AV1", NULL, &error);
  g_assert_null (refused);
  name = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (name, ==, "org.greenroom.Error.InvalidInput");
  g_assert_nonnull (strstr (error->message, "AV1"));
  g_clear_error (&error);

  leave (scene, SHOW);
  after = offer (scene, "obs", "AV1", NULL, &error);
  assert_agreed (after, "AV1", NULL);
  leave (scene, "obs");
}

int
main (int argc, char *argv[])
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/hub-shows/codecs-change-over", Scene, NULL, set_up, test_switch, tear_down);
  g_test_add ("/hub-shows/nothing-but-av1", Scene, NULL, set_up, test_nothing_else, tear_down);

  return g_test_run ();
}
