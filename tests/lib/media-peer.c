/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media of a person whose words to the server are a test's: a webrtcbin that sends a voice and a picture and
 * decodes what one slot of each carries. Lines on stdout: "tracks MID KIND …", "offer BASE64", then "frames N" as the
 * picture's come; on stdin the answer in base64; it ends with stdin. Main thread. */
#include <stdio.h>
#include <unistd.h>

#include "person.h"

/* The person's two own lines come first, then the slot for sound. */
#define PICTURE_LINE 3
#define TELL_EVERY_MS 50

typedef struct
{
  Person *person;
  GMainLoop *loop;
  gint told;
} Peer;

static void
tell (const char *word, const char *text)
{
  printf ("%s %s\n", word, text);
  fflush (stdout);
}

static gboolean
tell_frames (gpointer user_data)
{
  Peer *peer = user_data;
  gint frames = g_atomic_int_get (&peer->person->decoded[PICTURE_LINE]);
  g_autofree char *text = g_strdup_printf ("%d", frames);

  if (frames != peer->told)
    tell ("frames", text);
  peer->told = frames;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_line (GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
  Peer *peer = user_data;
  g_autofree char *line = NULL;
  g_autofree guchar *bytes = NULL;
  g_autofree char *sdp = NULL;
  gsize length;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (peer->loop);
      return G_SOURCE_REMOVE;
    }

  bytes = g_base64_decode (g_strstrip (line), &length);
  sdp = g_strndup ((const char *) bytes, length);
  person_take_answer (peer->person, sdp);
  g_timeout_add (TELL_EVERY_MS, tell_frames, peer);
  return G_SOURCE_CONTINUE;
}

static void
offer (Person *person)
{
  g_autoptr (GVariant) tracks = NULL;
  g_autofree char *sdp = person_make_offer (person, &tracks);
  g_autofree char *text = g_base64_encode ((const guchar *) sdp, strlen (sdp));
  g_autoptr (GString) kinds = g_string_new (NULL);
  GVariantIter iter;
  const char *mid, *kind;

  g_variant_iter_init (&iter, tracks);
  while (g_variant_iter_next (&iter, "(&s&s)", &mid, &kind))
    g_string_append_printf (kinds, "%s %s ", mid, kind);
  tell ("tracks", kinds->str);
  tell ("offer", text);
}

int
main (int argc, char **argv)
{
  Peer peer = { .loop = g_main_loop_new (NULL, FALSE) };
  GIOChannel *input = g_io_channel_unix_new (STDIN_FILENO);

  gst_init (&argc, &argv);
  peer.person = person_new (NULL, "peer", 0.5, 1, 1);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_line, &peer);
  offer (peer.person);
  g_main_loop_run (peer.loop);

  person_free (peer.person);
  g_io_channel_unref (input);
  g_main_loop_unref (peer.loop);
  return 0;
}
