/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "media/program/scene.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static void
must_explain (const GError *error)
{
  if (error == NULL || !g_utf8_validate (error->message, -1, NULL))
    abort ();
}

static void
read_settings (const char *text)
{
  GrShowSettings settings = { 0 };
  g_autoptr (GError) error = NULL;

  if (!gr_show_settings_read (&settings, text, &error))
    must_explain (error);
  else if (settings.width % 2 != 0 || settings.height % 2 != 0 || settings.width < 320 || settings.width > 1920
           || settings.height < 180 || settings.height > 1080 || settings.frames_per_second < 1
           || settings.frames_per_second > 60 || settings.video_bits <= 0 || settings.audio_bits <= 0
           || settings.keyframe_seconds <= 0)
    abort ();
  gr_show_settings_clear (&settings);
}

static void
read_scene (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrScene) scene = gr_scene_read (text, &error);

  if (scene == NULL)
    must_explain (error);
  else if (scene->order->len > 16 || scene->transition_ms > 2000 || scene->colour > 0xffffff
           || scene->background > 0xffffff)
    abort ();
}

static void
read_people (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) people = gr_people_read (text, &error);

  if (people == NULL)
    must_explain (error);
  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      const GrPersonOnShow *person = &g_array_index (people, GrPersonOnShow, i);

      if (person->participant == NULL || !(person->gain >= 0 && person->gain <= 4))
        abort ();
    }
}

/* Any text is what the program process is told, within its bounds, or is refused with a reason. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);

  read_settings (text);
  read_scene (text);
  read_people (text);

  return 0;
}
