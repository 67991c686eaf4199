/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/layout.h"

#include <math.h>

/* A tile in a grid, a strip or a column is between square and a camera's picture; what is wider or taller is cropped or
 * letterboxed inside. */
#define WIDEST (16.0 / 9.0)
#define TALLEST 1.0

static const char *const names[] = { "grid", "spotlight", "sidebar", "solo", "screen", "pip" };

/* Where each picture goes; pictures are named by their place in the scene's order. */
typedef struct
{
  GrRect canvas;
  gint gap;
  GrLayoutBox *boxes;
} Sheet;

typedef struct
{
  gint columns;
  gint rows;
  double width;
  double height;
} Tiles;

static void
put (Sheet *sheet, guint picture, GrRect cell, gint z)
{
  sheet->boxes[picture].shown = TRUE;
  sheet->boxes[picture].z = z;
  sheet->boxes[picture].cell = gr_rect_even (&cell);
}

static Tiles
tiles_in (const GrRect *area, gint gap, gint columns, gint rows)
{
  double width = (area->width - gap * (columns - 1.0)) / columns;
  double height = (area->height - gap * (rows - 1.0)) / rows;

  /* Even at once, so that rounding never makes two tiles touch or differ. */
  return (Tiles){ columns, rows, 2 * floor (MIN (width, height * WIDEST) / 2),
                  2 * floor (MIN (height, width / TALLEST) / 2) };
}

/* The number of columns that makes @n tiles largest. */
static Tiles
largest_tiles (const GrRect *area, gint gap, gint n)
{
  Tiles best = { 0 };

  for (gint columns = 1; columns <= n; columns++)
    {
      Tiles tiles = tiles_in (area, gap, columns, (n + columns - 1) / columns);

      if (best.columns == 0 || tiles.width * tiles.height > best.width * best.height)
        best = tiles;
    }
  return best;
}

/* Packs the pictures @first … @first + @n - 1 but @featured into @area, each row centred. */
static void
pack (Sheet *sheet, GrRect area, guint first, guint n, guint featured)
{
  gint count = n - (featured >= first && featured < first + n ? 1 : 0), done = 0;
  Tiles tiles = largest_tiles (&area, sheet->gap, count);
  double top = area.y + (area.height - tiles.rows * tiles.height - (tiles.rows - 1) * sheet->gap) / 2.0;

  for (guint picture = first; picture < first + n; picture++)
    {
      gint row = done / MAX (tiles.columns, 1), column = done % MAX (tiles.columns, 1);
      gint in_row = MIN (tiles.columns, count - row * tiles.columns);
      double left = area.x + (area.width - in_row * tiles.width - (in_row - 1) * sheet->gap) / 2.0;

      if (picture == featured)
        continue;
      put (sheet, picture,
           (GrRect){ 2 * (gint) ((left + column * (tiles.width + sheet->gap)) / 2),
                     2 * (gint) ((top + row * (tiles.height + sheet->gap)) / 2), tiles.width, tiles.height },
           picture);
      done++;
    }
}

static GrRect
inside (const Sheet *sheet)
{
  return (GrRect){ sheet->gap, sheet->gap, sheet->canvas.width - 2 * sheet->gap,
                   sheet->canvas.height - 2 * sheet->gap };
}

static void
arrange_grid (Sheet *sheet, guint n)
{
  pack (sheet, inside (sheet), 0, n, n);
}

/* @featured in the upper @share of the canvas, the others below. */
static void
arrange_above (Sheet *sheet, guint n, guint featured, double share)
{
  GrRect all = inside (sheet);
  gint main_height = n == 1 ? all.height : (all.height - sheet->gap) * share;
  gint main_width = MIN (all.width, main_height * WIDEST);
  gint below = all.y + main_height + sheet->gap;

  put (sheet, featured, (GrRect){ all.x + (all.width - main_width) / 4 * 2, all.y, main_width & ~1, main_height & ~1 },
       0);
  pack (sheet, (GrRect){ all.x, below, all.width, all.y + all.height - below }, 0, n, featured);
}

/* @featured in the left @share of the canvas, the others at its right. */
static void
arrange_beside (Sheet *sheet, guint n, guint featured, double share)
{
  GrRect all = inside (sheet);
  gint main_width = n == 1 ? all.width : (all.width - sheet->gap) * share;
  gint main_height = MIN (all.height, main_width / TALLEST);
  gint beside = all.x + main_width + sheet->gap;

  put (sheet, featured,
       (GrRect){ all.x, all.y + (all.height - main_height) / 4 * 2, main_width & ~1, main_height & ~1 }, 0);
  pack (sheet, (GrRect){ beside, all.y, all.x + all.width - beside, all.height }, 0, n, featured);
}

/* An upright canvas has no room at the side of a picture. */
static void
arrange_featured (Sheet *sheet, guint n, guint featured, double share)
{
  if (sheet->canvas.width < sheet->canvas.height)
    arrange_above (sheet, n, featured, 0.5);
  else
    arrange_beside (sheet, n, featured, share);
}

static void
arrange_spotlight (Sheet *sheet, guint n)
{
  /* Two rows of small ones need more room than one. */
  arrange_above (sheet, n, 0, n > 9 ? 0.62 : 0.72);
}

static void
arrange_solo (Sheet *sheet, guint n)
{
  put (sheet, 0, sheet->canvas, 0);
}

/* From the lower right corner to the left, then upwards. */
static void
arrange_pip (Sheet *sheet, guint n)
{
  gint small = n - 1, columns = small <= 3 ? 3 : small <= 8 ? 4 : 5;
  GrRect all = inside (sheet);
  gint rows = (small + columns - 1) / columns;
  double widest = MIN (all.width * 0.26, (all.width - sheet->gap * (columns - 1.0)) / columns);
  double tallest = (all.height - sheet->gap * (rows - 1.0)) / MAX (rows, 1);
  gint width = 2 * floor (MIN (widest, tallest * WIDEST) / 2), height = 2 * floor (width / WIDEST / 2);

  arrange_solo (sheet, n);
  for (gint i = 0; i < small; i++)
    put (sheet, i + 1,
         (GrRect){ all.x + all.width - width - i % columns * (width + sheet->gap),
                   all.y + all.height - height - i / columns * (height + sheet->gap), width, height },
         i + 1);
}

static guint
first_screen (const GrLayoutPicture *pictures, guint n)
{
  for (guint i = 0; i < n; i++)
    if (pictures[i].screen)
      return i;
  return 0;
}

gboolean
gr_layout_from_name (const char *name, GrLayout *layout)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      {
        *layout = i;
        return TRUE;
      }
  return FALSE;
}

gint
gr_layout_gap (gint canvas_width, gint canvas_height)
{
  return MAX (MIN (canvas_width, canvas_height) / 60 * 2, 2);
}

void
gr_layout_arrange (GrLayout layout,
                   gint canvas_width,
                   gint canvas_height,
                   const GrLayoutPicture *pictures,
                   gsize n_pictures,
                   GrLayoutBox *boxes)
{
  Sheet sheet = { { 0, 0, canvas_width, canvas_height }, gr_layout_gap (canvas_width, canvas_height), boxes };
  guint n = MIN (n_pictures, GR_LAYOUT_MAX_PICTURES);

  for (gsize i = 0; i < n_pictures; i++)
    boxes[i] = (GrLayoutBox){ 0 };
  if (n == 0)
    return;

  switch (layout)
    {
    case GR_LAYOUT_GRID:
      arrange_grid (&sheet, n);
      break;
    case GR_LAYOUT_SPOTLIGHT:
      arrange_spotlight (&sheet, n);
      break;
    case GR_LAYOUT_SIDEBAR:
      arrange_featured (&sheet, n, 0, 0.68);
      break;
    case GR_LAYOUT_SOLO:
      arrange_solo (&sheet, n);
      break;
    case GR_LAYOUT_SCREEN:
      arrange_featured (&sheet, n, first_screen (pictures, n), 0.76);
      break;
    case GR_LAYOUT_PIP:
      arrange_pip (&sheet, n);
      break;
    }

  for (guint i = 0; i < n; i++)
    if (boxes[i].shown)
      gr_place (&boxes[i].cell, pictures[i].fit, pictures[i].width, pictures[i].height, &boxes[i].source,
                &boxes[i].destination);
}
