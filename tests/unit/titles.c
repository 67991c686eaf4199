/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/program/titles, by the pixels. */
#include "media/program/titles.h"

#include <cairo.h>
#include <glib/gstdio.h>
#include <string.h>

#define COLOUR 0x1b7f5a

/* Blue, green, red, alpha. */
static const guint8 *
pixel (const GrTitle *title, gint x, gint y)
{
  return title->pixels + (gsize) y * title->stride + 4 * x;
}

static gboolean
is_colour (const GrTitle *title, gint x, gint y, guint32 colour)
{
  const guint8 *at = pixel (title, x, y);

  return ABS (at[0] - (gint) (colour & 0xff)) <= 2 && ABS (at[1] - (gint) (colour >> 8 & 0xff)) <= 2
         && ABS (at[2] - (gint) (colour >> 16 & 0xff)) <= 2 && at[3] >= 253;
}

static guint
count (const GrTitle *title, guint32 colour)
{
  guint found = 0;

  for (gint y = 0; y < title->height; y++)
    for (gint x = 0; x < title->width; x++)
      found += is_colour (title, x, y, colour);
  return found;
}

static void
assert_sound (const GrTitle *title, gint max_width, gint max_height)
{
  g_assert_nonnull (title);
  g_assert_cmpint (title->width, <=, max_width);
  g_assert_cmpint (title->height, <=, max_height);
  for (gint y = 0; y < title->height; y++)
    for (gint x = 0; x < title->width; x++)
      for (guint i = 0; i < 3; i++)
        g_assert_cmpint (pixel (title, x, y)[i], <=, pixel (title, x, y)[3]);
}

static void
test_clean (void)
{
  static const struct
  {
    const char *text;
    const char *clean;
  } cases[] = {
    { "Olena Koval", "Olena Koval" },
    { "  two\t\r\n lines\x0b ", "two lines" },
    { "a\x1b[31mb\x7f\xc2\x85 c", "a [31mb c" },
    { "\xe2\x80\xaetxet\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9", "txet x" },
    { "\xe2\x80\xa8line\xe2\x80\xa9", "line" },
    { "bad \xff\xfe bytes", "bad \xef\xbf\xbd\xef\xbf\xbd bytes" },
    { "<b>&amp;</b>", "<b>&amp;</b>" },
    { "звук \xf0\x9f\x91\x8c", "звук \xf0\x9f\x91\x8c" },
    { " \n\t\xe2\x80\x8f", "" },
    { "", "" },
    { NULL, "" },
  };

  g_test_summary ("Control characters become spaces, marks that turn the text go, markup is text");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = gr_title_clean (cases[i].text, 100);

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

static void
test_bounds (void)
{
  g_autofree char *long_text = g_strnfill (1000000, 'W');
  g_autofree char *clean = gr_title_clean (long_text, 80), *marks = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_test_summary ("However long the text is, only its beginning is looked at");
  g_assert_cmpuint (strlen (clean), ==, 80);
  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "\xe2\x80\xae");
  marks = gr_title_clean (text->str, 80);
  g_assert_cmpstr (marks, ==, "");
}

static void
test_name_tag (void)
{
  g_autoptr (GrTitle) tag = gr_title_name_tag ("Olena Koval", COLOUR, 720, 400);
  g_autoptr (GrTitle) large = gr_title_name_tag ("Olena Koval", COLOUR, 1440, 800);
  g_autoptr (GrTitle) bright = gr_title_name_tag ("Olena Koval", 0xf0d060, 720, 400);

  g_test_summary ("A name stands on a plate of the show's colour, in white or, on a bright one, in black");
  assert_sound (tag, 400, 72);
  g_assert_true (is_colour (tag, 4, tag->height / 2, COLOUR));
  g_assert_cmpint (pixel (tag, 0, 0)[3], <, 200); /* round */
  g_assert_cmpuint (count (tag, 0xffffff), >, 100);
  g_assert_cmpuint (count (bright, 0xffffff), ==, 0);
  g_assert_cmpuint (count (bright, 0x04150d), >, 100);
  g_assert_cmpint (large->width, >, tag->width * 3 / 2);
}

static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (80, 'W');
  g_autoptr (GrTitle) tag = gr_title_name_tag (name, COLOUR, 720, 200);
  g_autoptr (GrTitle) other = gr_title_name_tag ("W", COLOUR, 720, 200);

  g_test_summary ("A name that does not fit ends in an ellipsis on the same line; one without room is not shown");
  assert_sound (tag, 200, 72);
  g_assert_cmpint (tag->height, ==, other->height);
  g_assert_null (gr_title_name_tag (name, COLOUR, 720, 20));
  g_assert_null (gr_title_name_tag ("\n \t", COLOUR, 720, 200));
}

static void
test_banner (void)
{
  g_autofree char *text = g_strnfill (300, 'w');
  g_autoptr (GrTitle) one = gr_title_banner ("How one UDP port serves a room", NULL, COLOUR, 720, 800);
  g_autoptr (GrTitle) two = gr_title_banner ("How one UDP port serves a room", "Part two of four", COLOUR, 720, 800);
  g_autoptr (GrTitle) endless = gr_title_banner (text, text, COLOUR, 720, 800);

  g_test_summary ("A banner is a dark plate with a bar of the show's colour, and grows with its lines, three at most");
  assert_sound (one, 800, 200);
  assert_sound (two, 800, 200);
  assert_sound (endless, 800, 200);
  g_assert_true (is_colour (two, 2, two->height / 2, COLOUR));
  g_assert_true (is_colour (two, 14, two->height / 2, 0x0d1413));
  g_assert_cmpint (two->height, >, one->height);
  g_assert_cmpint (endless->width, >, 700);
  g_assert_null (gr_title_banner ("", " ", COLOUR, 720, 800));
}

static void
test_message (void)
{
  g_autofree char *text = g_strnfill (5000, 'w');
  g_autoptr (GrTitle) message
      = gr_title_message ("dot.product", "what happens when a phone changes network?", COLOUR, 720, 600);
  g_autoptr (GrTitle) endless = gr_title_message (text, text, COLOUR, 720, 600);
  g_autoptr (GrTitle) nameless = gr_title_message (NULL, "hello", COLOUR, 720, 600);

  g_test_summary ("A chat message has a name and at most three lines");
  assert_sound (message, 600, 250);
  assert_sound (endless, 600, 250);
  assert_sound (nameless, 600, 250);
  g_assert_null (gr_title_message ("somebody", "", COLOUR, 720, 600));
}

static void
test_ticker (void)
{
  g_autofree char *text = g_strnfill (5000, 'w');
  g_autoptr (GrTitle) ticker = gr_title_ticker ("Next Friday: the mixer, 40 lines at a time", 720, 16384);
  g_autoptr (GrTitle) endless = gr_title_ticker (text, 720, 16384);
  g_autoptr (GrTitle) strip = gr_title_strip (COLOUR, 720, 1280);

  g_test_summary ("A ticker is one long line on nothing, as high as the strip that it runs over");
  assert_sound (ticker, 16384, 60);
  assert_sound (endless, 16384, 60);
  g_assert_cmpint (ticker->width, >, 400);
  g_assert_cmpint (pixel (ticker, 0, 0)[3], ==, 0);
  g_assert_cmpint (strip->height, ==, ticker->height);
  g_assert_true (is_colour (strip, 600, 0, COLOUR));
  g_assert_true (is_colour (strip, 600, 20, 0x0d1413));
}

static void
test_slate (void)
{
  g_autofree char *text = g_strnfill (300, 'w');
  g_autoptr (GrTitle) slate = gr_title_slate ("Friday build show", 720, 1024);
  g_autoptr (GrTitle) endless = gr_title_slate (text, 720, 1024);

  g_test_summary ("While nobody is seen the show's title is, large, in two lines at most");
  assert_sound (slate, 1024, 150);
  assert_sound (endless, 1024, 250);
  g_assert_cmpuint (count (slate, 0xffffff), >, 1000);
  g_assert_null (gr_title_slate (" ", 720, 1024));
  g_assert_null (gr_title_slate (NULL, 720, 1024));
}

static void
test_stand_in (void)
{
  g_autoptr (GrTitle) tile = gr_title_stand_in ("olena  Koval the third", COLOUR, 640, 360);
  g_autoptr (GrTitle) nameless = gr_title_stand_in (NULL, COLOUR, 640, 360);

  g_test_summary ("Who shows no camera is a tile with initials on a disc of the show's colour");
  assert_sound (tile, 640, 360);
  g_assert_cmpint (tile->width, ==, 640);
  g_assert_cmpint (tile->height, ==, 360);
  g_assert_true (is_colour (tile, 2, 2, 0x1c2725));
  g_assert_true (is_colour (tile, 320, 180 - 75, COLOUR));
  g_assert_true (is_colour (tile, 320, 180 - 95, 0x1c2725));
  g_assert_cmpuint (count (tile, 0xffffff), >, 500);
  g_assert_cmpuint (count (nameless, 0xffffff), ==, 0);
  g_assert_null (gr_title_stand_in ("Olena", COLOUR, 15, 360));
}

static void
test_picture (void)
{
  g_autofree char *folder = g_dir_make_tmp ("greenroom-titles-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "logo.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrTitle) small = NULL, large = NULL, none = NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 200, 100);
  cairo_t *cairo = cairo_create (surface);

  g_test_summary ("A logo keeps its shape and its alpha, and is made smaller, never larger");
  cairo_set_source_rgba (cairo, 1, 0, 0, 0.5);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);

  small = gr_title_picture (path, 50, 50, &error);
  g_assert_no_error (error);
  assert_sound (small, 50, 25);
  g_assert_cmpint (small->width, ==, 50);
  g_assert_cmpint (pixel (small, 25, 12)[3], ==, 128);
  g_assert_cmpint (pixel (small, 25, 12)[2], ==, 128);
  large = gr_title_picture (path, 5000, 5000, &error);
  g_assert_cmpint (large->width, ==, 200);

  g_assert_cmpint (g_unlink (path), ==, 0);
  none = gr_title_picture (path, 50, 50, &error);
  g_assert_null (none);
  g_assert_nonnull (error);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/titles/clean", test_clean);
  g_test_add_func ("/titles/bounds", test_bounds);
  g_test_add_func ("/titles/name-tag", test_name_tag);
  g_test_add_func ("/titles/long-name", test_long_name);
  g_test_add_func ("/titles/banner", test_banner);
  g_test_add_func ("/titles/message", test_message);
  g_test_add_func ("/titles/ticker", test_ticker);
  g_test_add_func ("/titles/slate", test_slate);
  g_test_add_func ("/titles/stand-in", test_stand_in);
  g_test_add_func ("/titles/picture", test_picture);
  return g_test_run ();
}
