/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/launch.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static char *directory;

static void
remove_directory (void)
{
  g_autofree char *path = g_build_filename (directory, "fuzz.launch", NULL);

  g_unlink (path);
  g_rmdir (directory);
}

static void
check (const char *text, const GError *error)
{
  if ((text == NULL) == (error == NULL))
    abort ();
  if (!g_utf8_validate (text != NULL ? text : error->message, -1, NULL))
    abort ();
}

/* Any file of an operator's is text with its parameters filled in, or is refused with a reason. What GStreamer makes of
 * the text is GStreamer's, and would open files. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  static const char *const given[] = { "bits", "160000", "speed", "fast", NULL };
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *example = NULL;
  g_autoptr (GError) error = NULL;

  if (directory == NULL)
    {
      directory = g_dir_make_tmp ("greenroom-fuzz-XXXXXX", NULL);
      atexit (remove_directory);
    }

  path = g_build_filename (directory, "fuzz.launch", NULL);
  if (!g_file_set_contents_full (path, (const char *) bytes, length, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
    abort ();

  text = gr_launch_text (directory, "fuzz", given, &error);
  check (text, error);
  if (text != NULL && strchr (text, '\n') != NULL)
    abort ();
  g_clear_error (&error);
  example = gr_launch_example (directory, "fuzz", &error);
  check (example, error);
  gr_launch_number (directory, "fuzz", "bits", 0);

  return 0;
}
