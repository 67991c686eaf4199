/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* greenroom-pipeline: what greenroomctl pipeline runs: lists, shows, checks and runs the chains of pipelines/, the
 * operator's among them. greenroomctl itself knows no GStreamer. One thread. */
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "media/launch.h"

typedef gboolean (*Act) (const char *directory, const char *name, GError **error);

static char *
own_path (const char *directory, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".launch", NULL);
  char *path = directory != NULL ? g_build_filename (directory, file, NULL) : NULL;

  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

/* The first comment below the licence says what it is for. */
static char *
purpose (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && lines[i][0] == '#'; i++)
    if (strstr (lines[i], "SPDX") == NULL)
      {
        char *end = strstr (lines[i], ". ");

        return g_strndup (lines[i] + 2, end != NULL ? (gsize) (end - lines[i] - 1) : strlen (lines[i] + 2));
      }

  return g_strdup ("");
}

static gboolean
list (const char *directory, const char *name, GError **error)
{
  g_autofree char *own = own_path (directory, name);
  g_autofree char *text = gr_launch_read (directory, name, error);
  g_autofree char *what = text != NULL ? purpose (text) : NULL;

  if (text == NULL)
    return FALSE;

  printf ("%-20s  %-10s  %s\n", name, own != NULL ? "operator's" : "built in", what);
  return TRUE;
}

static gboolean
show (const char *directory, const char *name, GError **error)
{
  g_autofree char *text = gr_launch_read (directory, name, error);

  if (text == NULL)
    return FALSE;

  fputs (text, stdout);
  return TRUE;
}

static gboolean
check (const char *directory, const char *name, GError **error)
{
  g_autoptr (GstElement) bin = gr_launch_make_whole (directory, name, NULL, error);

  if (bin == NULL)
    return FALSE;

  gst_object_ref_sink (bin);
  printf ("%-20s ok\n", name);
  return TRUE;
}

/* Its line for gst-launch-1.0, to its end. */
static gboolean
run (const char *directory, const char *name, GError **error)
{
  g_autofree char *text = gr_launch_example (directory, name, error);
  g_autoptr (GstElement) pipeline = text != NULL ? gst_parse_launch (text, error) : NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  if (pipeline == NULL)
    return FALSE;

  printf ("gst-launch-1.0 %s\n", text);
  fflush (stdout);
  gst_object_ref_sink (pipeline);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      g_autofree char *debug = NULL;

      gst_message_parse_error (message, error, &debug);
      if (debug != NULL)
        fprintf (stderr, "%s\n", debug);
      return FALSE;
    }

  return TRUE;
}

static const struct
{
  const char *word;
  Act act;
  gboolean all; /* without a name, of all of them */
} acts[] = { { "list", list, TRUE }, { "show", show, FALSE }, { "check", check, TRUE }, { "run", run, FALSE } };

/* All of them are tried, however many fail. */
static gboolean
act_on (Act act, const char *directory, char **names)
{
  gboolean well = TRUE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!act (directory, names[i], &error))
        {
          fprintf (stderr, "%s: %s\n", names[i], error->message);
          well = FALSE;
        }
    }

  return well;
}

int
main (int argc, char *argv[])
{
  g_autofree char *directory = NULL;
  const GOptionEntry entries[]
      = { { "dir", 0, 0, G_OPTION_ARG_FILENAME, &directory, "The operator's directory of *.launch", "DIR" }, { 0 } };
  g_autoptr (GOptionContext) context = g_option_context_new ("list|show|check|run [NAME]");
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "greenroom-pipeline: %s\n", error->message);
      return 2;
    }

  for (guint i = 0; i < G_N_ELEMENTS (acts) && argc >= 2; i++)
    {
      if (!g_str_equal (acts[i].word, argv[1]) || (argc < 3 && !acts[i].all))
        continue;

      names = argc < 3 ? gr_launch_names () : g_strdupv (argv + 2);
      return act_on (acts[i].act, directory, names) ? EXIT_SUCCESS : EXIT_FAILURE;
    }

  fputs ("Usage: greenroom-pipeline [--dir DIR] list | show NAME | check [NAME] | run NAME\n", stderr);
  return 2;
}
