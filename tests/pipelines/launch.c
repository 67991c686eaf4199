/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of chains as text. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "media/launch.h"

typedef struct
{
  char *directory;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->directory = g_dir_make_tmp ("greenroom-XXXXXX", NULL);
  g_assert_nonnull (scene->directory);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  g_autofree char *path = g_build_filename (scene->directory, "encode-aac.launch", NULL);

  g_unlink (path);
  g_assert_cmpint (g_rmdir (scene->directory), ==, 0);
  g_free (scene->directory);
}

static void
override (Scene *scene, const char *text)
{
  g_autofree char *path = g_build_filename (scene->directory, "encode-aac.launch", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_built_in (Scene *scene, gconstpointer data)
{
  g_auto (GStrv) names = gr_launch_names ();

  g_test_summary ("GStreamer can make each chain that is built in, with what it declares");
  g_assert_cmpuint (g_strv_length (names), >=, 3);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GstElement) bin = gr_launch_make (NULL, names[i], NULL, &error);

      g_assert_no_error (error);
      gst_object_ref_sink (bin);
    }
}

static void
test_fills (Scene *scene, gconstpointer data)
{
  const char *const parameters[] = { "bits", "96000", "unheard-of", "1", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gr_launch_text (scene->directory, "encode-aac", parameters, &error);

  g_test_summary ("A value that is given takes the place of the declared one, and can be read by the program");
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "bitrate=96000"));
  g_assert_null (strchr (text, '{'));
  g_assert_cmpint (gr_launch_number (scene->directory, "encode-aac", "delay-us", 0), ==, 21333);
  g_assert_cmpint (gr_launch_number (scene->directory, "encode-aac", "nothing", 7), ==, 7);
}

static void
test_override (Scene *scene, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("The operator's file of the same name wins");
  override (scene, "# {delay-us} = 33400: of voaacenc\nidentity\n# more\n! identity\n");
  text = gr_launch_text (scene->directory, "encode-aac", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "identity ! identity");
  g_assert_cmpint (gr_launch_number (scene->directory, "encode-aac", "delay-us", 0), ==, 33400);
}

static void
test_says_what_is_wrong (Scene *scene, gconstpointer data)
{
  const char *const parameters[] = { "bits", "1 ! filesink location=x", NULL };
  g_autoptr (GError) undeclared = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) value = NULL;

  g_test_summary ("A mistake names its file and line, or the element that is missing");
  override (scene, "identity\n! capsfilter caps={caps}\n");
  g_assert_null (gr_launch_text (scene->directory, "encode-aac", NULL, &undeclared));
  g_assert_error (undeclared, GR_ERROR, GR_ERROR_INVALID_INPUT);
  g_assert_cmpstr (undeclared->message, ==, "encode-aac.launch, line 2: {caps} is not declared above");

  override (scene, "identity ! noelementofthisname\n");
  g_assert_null (gr_launch_make (scene->directory, "encode-aac", NULL, &missing));
  g_assert_error (missing, GR_ERROR, GR_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (missing->message, "noelementofthisname"));

  g_assert_null (gr_launch_make (scene->directory, "nothing", NULL, &none));
  g_assert_error (none, GR_ERROR, GR_ERROR_NOT_FOUND);

  g_assert_null (gr_launch_make (NULL, "encode-aac", parameters, &value));
  g_assert_error (value, GR_ERROR, GR_ERROR_INVALID_INPUT);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);

  g_test_add ("/launch/built-in", Scene, NULL, set_up, test_built_in, tear_down);
  g_test_add ("/launch/fills", Scene, NULL, set_up, test_fills, tear_down);
  g_test_add ("/launch/override", Scene, NULL, set_up, test_override, tear_down);
  g_test_add ("/launch/says-what-is-wrong", Scene, NULL, set_up, test_says_what_is_wrong, tear_down);

  return g_test_run ();
}
