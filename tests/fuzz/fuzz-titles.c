/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "media/program/titles.h"

#define WIDTH 400
#define CANVAS 360

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static void
must_fit (GrTitle *title, gint width)
{
  if (title != NULL
      && (title->width < 1 || title->width > width || title->height < 1 || title->height > CANVAS
          || title->stride < title->width * 4))
    abort ();
  gr_title_free (title);
}

/* Any text becomes a line that cannot break, turn or outgrow its title; a few of them are drawn, too. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autofree char *clean = gr_title_clean (text, GR_TITLE_MAX_LINE);

  if (!g_utf8_validate (clean, -1, NULL) || g_utf8_strlen (clean, -1) > GR_TITLE_MAX_LINE)
    abort ();
  for (const char *at = clean; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (g_unichar_iscntrl (character) || (character >= 0x202a && character <= 0x202e)
          || (character >= 0x2066 && character <= 0x2069) || character == 0x2028 || character == 0x2029)
        abort ();
    }

  if (g_str_hash (text) % 32 != 0)
    return 0;
  must_fit (gr_title_name_tag (text, 0x1f8a5f, CANVAS, WIDTH), WIDTH);
  must_fit (gr_title_banner (text, text, 0x1f8a5f, CANVAS, WIDTH), WIDTH);
  must_fit (gr_title_slate (text, CANVAS, WIDTH), WIDTH);
  must_fit (gr_title_message (text, text, 0x1f8a5f, CANVAS, WIDTH), WIDTH);
  must_fit (gr_title_ticker (text, CANVAS, 10 * WIDTH), 10 * WIDTH);

  return 0;
}
