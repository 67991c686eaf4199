/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/titles.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/error.h"

/* Debian's fonts-inter; where a glyph is missing fontconfig finds another font. */
#define FONT "Inter, Noto Sans, DejaVu Sans, sans-serif"
#define PLATE 0x0d1413
#define TILE 0x1c2725
#define LEAST_ROOM 16

/* One piece of text in a title. */
typedef struct
{
  const char *text;
  double size; /* of the canvas's height */
  PangoWeight weight;
  guint32 colour;
  gint lines;
} Line;

typedef struct
{
  cairo_t *cairo;
  cairo_surface_t *surface;
  PangoFontMap *fonts;
  PangoContext *context;
} Board;

void
gr_title_free (GrTitle *title)
{
  if (title == NULL)
    return;
  g_free (title->pixels);
  g_free (title);
}

/* Marks that change the direction of what follows them, and could turn a whole title around. */
static gboolean
turns (gunichar character)
{
  return (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069)
         || character == 0x200e || character == 0x200f || character == 0x061c;
}

static gboolean
breaks (gunichar character)
{
  return g_unichar_iscntrl (character) || character == 0x2028 || character == 0x2029;
}

/* How many bytes of @text are looked at: @most, which is enough for the characters that are shown and for some marks
 * between them, and none of half a character. */
static gsize
bounded (const char *text, gsize most)
{
  gsize length = text != NULL ? strnlen (text, most + 1) : 0;

  if (length <= most)
    return length;
  while (most > 0 && (text[most] & 0xc0) == 0x80)
    most--;
  return most;
}

char *
gr_title_clean (const char *text, gsize max)
{
  g_autofree char *start = g_strndup (text != NULL ? text : "", bounded (text, max * 8));
  g_autofree char *valid = g_utf8_make_valid (start, -1);
  GString *clean = g_string_new (NULL);
  gsize length = 0;

  for (const char *at = valid; *at != '\0' && length < max; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (turns (character))
        continue;
      if (breaks (character) || g_unichar_isspace (character))
        character = ' ';
      if (character == ' ' && (clean->len == 0 || clean->str[clean->len - 1] == ' '))
        continue;
      g_string_append_unichar (clean, character);
      length++;
    }
  return g_strchomp (g_string_free (clean, FALSE));
}

static void
set_colour (cairo_t *cairo, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0,
                         alpha);
}

/* White or nearly black, whichever is easier to read on @colour: relative luminance, WCAG 2.1. */
static guint32
colour_on (guint32 colour)
{
  static const double weights[] = { 0.0722, 0.7152, 0.2126 };
  double luminance = 0;

  for (guint i = 0; i < 3; i++)
    {
      double part = (colour >> (8 * i) & 0xff) / 255.0;

      luminance += weights[i] * (part <= 0.04045 ? part / 12.92 : pow ((part + 0.055) / 1.055, 2.4));
    }
  return luminance > 0.32 ? 0x04150d : 0xffffff;
}

/* The show's colour, light enough to be read on the plate. */
static guint32
light (guint32 colour)
{
  guint32 lighter = 0;

  for (gint i = 2; i >= 0; i--)
    {
      guint part = colour >> (8 * i) & 0xff;

      lighter = lighter << 8 | (part + (255 - part) * 45 / 100);
    }
  return lighter;
}

static void
board_init (Board *board, gint width, gint height)
{
  board->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  board->cairo = cairo_create (board->surface);
  board->fonts = pango_cairo_font_map_new ();
  pango_cairo_font_map_set_resolution (PANGO_CAIRO_FONT_MAP (board->fonts), 96);
  board->context = pango_font_map_create_context (board->fonts);
}

static void
board_clear (Board *board)
{
  g_object_unref (board->context);
  g_object_unref (board->fonts);
  cairo_destroy (board->cairo);
  cairo_surface_destroy (board->surface);
}

/* The board's pixels as a title, and the end of the board. NULL when Cairo had no memory for them. */
static GrTitle *
board_finish (Board *board)
{
  GrTitle *title = NULL;

  cairo_surface_flush (board->surface);
  if (cairo_surface_status (board->surface) == CAIRO_STATUS_SUCCESS)
    {
      title = g_new0 (GrTitle, 1);
      title->width = cairo_image_surface_get_width (board->surface);
      title->height = cairo_image_surface_get_height (board->surface);
      title->stride = cairo_image_surface_get_stride (board->surface);
      title->pixels = g_memdup2 (cairo_image_surface_get_data (board->surface), (gsize) title->stride * title->height);
    }
  board_clear (board);
  return title;
}

static PangoLayout *
lay_out (PangoContext *context, const Line *line, gint canvas_height, gint max_width)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();

  pango_font_description_set_family_static (font, FONT);
  pango_font_description_set_weight (font, line->weight);
  pango_font_description_set_absolute_size (font, MAX (line->size * canvas_height, 6) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, line->text, -1);
  pango_layout_set_width (layout, max_width * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (layout, -line->lines);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

/* A plate with lines of text on it. */
typedef struct
{
  gint canvas_height;
  gint max_width;
  double padding_x; /* of the canvas's height */
  double padding_y;
  double radius;
  double bar; /* the width of the coloured bar at the left edge */
  guint32 plate;
  double plate_alpha;
  guint32 bar_colour;
} Plate;

static void
draw_plate (cairo_t *cairo, const Plate *plate, gint width, gint height)
{
  double radius = plate->radius * plate->canvas_height, bar = round (plate->bar * plate->canvas_height);

  cairo_new_sub_path (cairo);
  cairo_arc (cairo, width - radius, radius, radius, -G_PI_2, 0);
  cairo_arc (cairo, width - radius, height - radius, radius, 0, G_PI_2);
  cairo_arc (cairo, radius, height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cairo, radius, radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cairo);
  cairo_clip (cairo);
  set_colour (cairo, plate->plate, plate->plate_alpha);
  cairo_paint (cairo);
  if (bar > 0)
    {
      set_colour (cairo, plate->bar_colour, 1);
      cairo_rectangle (cairo, 0, 0, bar, height);
      cairo_fill (cairo);
    }
}

static GrTitle *
draw (const Plate *plate, const Line *lines, guint n_lines)
{
  gint left = ceil ((plate->padding_x + plate->bar) * plate->canvas_height);
  gint right = ceil (plate->padding_x * plate->canvas_height), top = ceil (plate->padding_y * plate->canvas_height);
  gint room = plate->max_width - left - right, width = 0, height = 2 * top;
  Board measure, board;
  PangoLayout *layouts[2] = { NULL };

  if (room < LEAST_ROOM)
    return NULL;

  board_init (&measure, 1, 1);
  for (guint i = 0; i < n_lines; i++)
    {
      gint line_width, line_height;

      layouts[i] = lay_out (measure.context, &lines[i], plate->canvas_height, room);
      pango_layout_get_pixel_size (layouts[i], &line_width, &line_height);
      width = MAX (width, line_width);
      height += line_height;
    }

  width = (MIN (width, room) + left + right + 1) & ~1;
  board_init (&board, width, (height + 1) & ~1);
  draw_plate (board.cairo, plate, width, (height + 1) & ~1);
  cairo_translate (board.cairo, left, top);
  for (guint i = 0; i < n_lines; i++)
    {
      gint line_height;

      pango_layout_get_pixel_size (layouts[i], NULL, &line_height);
      set_colour (board.cairo, lines[i].colour, 1);
      pango_cairo_show_layout (board.cairo, layouts[i]);
      cairo_translate (board.cairo, 0, line_height);
      g_object_unref (layouts[i]);
    }
  board_clear (&measure);
  return board_finish (&board);
}

GrTitle *
gr_title_name_tag (const char *name, guint32 colour, gint canvas_height, gint max_width)
{
  g_autofree char *text = gr_title_clean (name, GR_TITLE_MAX_NAME);
  Plate plate = { canvas_height, max_width, 0.014, 0.006, 0.007, 0, colour, 1, 0 };
  Line line = { text, 0.031, PANGO_WEIGHT_SEMIBOLD, colour_on (colour), 1 };

  return *text != '\0' ? draw (&plate, &line, 1) : NULL;
}

GrTitle *
gr_title_banner (const char *title, const char *subtitle, guint32 colour, gint canvas_height, gint max_width)
{
  g_autofree char *first = gr_title_clean (title, GR_TITLE_MAX_LINE);
  g_autofree char *second = gr_title_clean (subtitle, GR_TITLE_MAX_LINE);
  Plate plate = { canvas_height, max_width, 0.028, 0.016, 0.009, 0.0107, PLATE, 1, colour };
  Line lines[]
      = { { first, 0.043, PANGO_WEIGHT_BOLD, 0xffffff, 2 }, { second, 0.0285, PANGO_WEIGHT_NORMAL, 0xffffff, 1 } };

  if (*first == '\0')
    return *second != '\0' ? draw (&plate, &lines[1], 1) : NULL;
  return draw (&plate, lines, *second != '\0' ? 2 : 1);
}

GrTitle *
gr_title_slate (const char *title, gint canvas_height, gint max_width)
{
  g_autofree char *text = gr_title_clean (title, GR_TITLE_MAX_LINE);
  Plate plate = { canvas_height, max_width, 0.05, 0.03, 0.02, 0, PLATE, 0.7, 0 };
  Line line = { text, 0.08, PANGO_WEIGHT_BOLD, 0xffffff, 2 };

  return *text != '\0' ? draw (&plate, &line, 1) : NULL;
}

GrTitle *
gr_title_message (const char *name, const char *text, guint32 colour, gint canvas_height, gint max_width)
{
  g_autofree char *first = gr_title_clean (name, GR_TITLE_MAX_NAME);
  g_autofree char *second = gr_title_clean (text, GR_TITLE_MAX_MESSAGE);
  Plate plate = { canvas_height, max_width, 0.028, 0.018, 0.014, 0.0107, PLATE, 0.92, colour };
  Line lines[] = { { first, 0.0285, PANGO_WEIGHT_SEMIBOLD, light (colour), 1 },
                   { second, 0.034, PANGO_WEIGHT_NORMAL, 0xffffff, 3 } };

  if (*second == '\0')
    return NULL;
  return *first != '\0' ? draw (&plate, lines, 2) : draw (&plate, &lines[1], 1);
}

/* The height of a ticker and its strip. */
static gint
strip_height (gint canvas_height)
{
  return 2 * (gint) ceil (canvas_height * 0.055 / 2);
}

GrTitle *
gr_title_ticker (const char *text, gint canvas_height, gint max_width)
{
  g_autofree char *clean = gr_title_clean (text, GR_TITLE_MAX_TICKER);
  Line line = { clean, 0.031, PANGO_WEIGHT_MEDIUM, 0xffffff, 1 };
  gint width, height, strip = strip_height (canvas_height);
  g_autoptr (PangoLayout) layout = NULL;
  Board measure, board;

  if (*clean == '\0' || max_width < LEAST_ROOM)
    return NULL;

  board_init (&measure, 1, 1);
  layout = lay_out (measure.context, &line, canvas_height, max_width);
  pango_layout_get_pixel_size (layout, &width, &height);
  board_init (&board, (CLAMP (width, 1, max_width) + 1) & ~1, strip);
  cairo_translate (board.cairo, 0, (strip - height) / 2);
  set_colour (board.cairo, line.colour, 1);
  pango_cairo_show_layout (board.cairo, layout);
  g_clear_object (&layout);
  board_clear (&measure);
  return board_finish (&board);
}

GrTitle *
gr_title_strip (guint32 colour, gint canvas_height, gint width)
{
  gint bar = MAX (canvas_height / 240, 2);
  Board board;

  if (width < LEAST_ROOM)
    return NULL;

  board_init (&board, width, strip_height (canvas_height));
  set_colour (board.cairo, PLATE, 1);
  cairo_paint (board.cairo);
  set_colour (board.cairo, colour, 1);
  cairo_rectangle (board.cairo, 0, 0, width, bar);
  cairo_fill (board.cairo);
  return board_finish (&board);
}

/* Of the first two words. */
static char *
initials (const char *name)
{
  g_autofree char *clean = gr_title_clean (name, GR_TITLE_MAX_NAME);
  g_auto (GStrv) words = g_strsplit (clean, " ", 3);
  g_autoptr (GString) letters = g_string_new (NULL);

  for (guint i = 0; i < 2 && words[0] != NULL && words[i] != NULL; i++)
    if (words[i][0] != '\0')
      g_string_append_unichar (letters, g_utf8_get_char (words[i]));

  return g_utf8_strup (letters->str, -1);
}

GrTitle *
gr_title_stand_in (const char *name, guint32 colour, gint width, gint height)
{
  g_autofree char *text = initials (name);
  double radius = MIN (width, height) * 0.24;
  Line line = { text, 0.8, PANGO_WEIGHT_SEMIBOLD, colour_on (colour), 1 };
  g_autoptr (PangoLayout) layout = NULL;
  gint text_width, text_height;
  Board board;

  if (width < LEAST_ROOM || height < LEAST_ROOM)
    return NULL;

  board_init (&board, width, height);
  set_colour (board.cairo, TILE, 1);
  cairo_paint (board.cairo);
  set_colour (board.cairo, colour, 1);
  cairo_arc (board.cairo, width / 2.0, height / 2.0, radius, 0, 2 * G_PI);
  cairo_fill (board.cairo);
  layout = lay_out (board.context, &line, round (radius), width);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  cairo_translate (board.cairo, (width - text_width) / 2.0, (height - text_height) / 2.0);
  set_colour (board.cairo, line.colour, 1);
  pango_cairo_show_layout (board.cairo, layout);
  g_clear_object (&layout);
  return board_finish (&board);
}

GrTitle *
gr_title_picture (const char *path, gint max_width, gint max_height, GError **error)
{
  cairo_surface_t *picture = cairo_image_surface_create_from_png (path);
  cairo_status_t status = cairo_surface_status (picture);
  Board board;
  double zoom;
  gint width, height;

  if (status != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (picture);
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "picture", "The picture cannot be read: %s",
                    cairo_status_to_string (status));
      return NULL;
    }

  width = cairo_image_surface_get_width (picture);
  height = cairo_image_surface_get_height (picture);
  zoom = MIN (1, MIN ((double) max_width / width, (double) max_height / height));
  board_init (&board, MAX (round (width * zoom), 1), MAX (round (height * zoom), 1));
  cairo_scale (board.cairo, zoom, zoom);
  cairo_set_source_surface (board.cairo, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (board.cairo), CAIRO_FILTER_GOOD);
  cairo_paint (board.cairo);
  cairo_surface_destroy (picture);
  return board_finish (&board);
}
