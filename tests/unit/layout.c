/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of media/program/layout and of the placement of a picture in its cell. */
#include "media/program/layout.h"

static const gint canvases[][2] = { { 1280, 720 }, { 1920, 1080 }, { 640, 360 }, { 720, 1280 }, { 1080, 1080 } };

/* What cameras, phones and screens send, and one of which nothing is known. */
static const gint sizes[][2] = { { 1280, 720 }, { 720, 1280 }, { 640, 480 }, { 2560, 1080 }, { 0, 0 }, { 1921, 1081 } };

typedef struct
{
  GrLayout layout;
  GrRect canvas;
  guint n;
  GrLayoutPicture pictures[GR_LAYOUT_MAX_PICTURES];
  GrLayoutBox boxes[GR_LAYOUT_MAX_PICTURES];
} Case;

static void
arrange (Case *test, GrLayout layout, gint width, gint height, guint n)
{
  test->layout = layout;
  test->canvas = (GrRect){ 0, 0, width, height };
  test->n = n;
  gr_layout_arrange (layout, width, height, test->pictures, n, test->boxes);
}

/* Every layout on every canvas with 0…16 pictures of mixed shapes. */
static void
for_each_case (void (*check) (const Case *test))
{
  for (guint canvas = 0; canvas < G_N_ELEMENTS (canvases); canvas++)
    for (guint layout = GR_LAYOUT_GRID; layout <= GR_LAYOUT_PIP; layout++)
      for (guint n = 0; n <= GR_LAYOUT_MAX_PICTURES; n++)
        {
          Case test = { 0 };

          for (guint i = 0; i < n; i++)
            test.pictures[i]
                = (GrLayoutPicture){ sizes[(i + n) % G_N_ELEMENTS (sizes)][0], sizes[(i + n) % G_N_ELEMENTS (sizes)][1],
                                     i % 3 == 1 ? GR_FIT_WHOLE : GR_FIT_CROP, i == 2 };
          arrange (&test, layout, canvases[canvas][0], canvases[canvas][1], n);
          check (&test);
        }
}

static gboolean
is_even (const GrRect *rect)
{
  return ((rect->x | rect->y | rect->width | rect->height) & 1) == 0;
}

static void
check_bounds (const Case *test)
{
  for (guint i = 0; i < test->n; i++)
    {
      const GrLayoutBox *box = &test->boxes[i];

      if (!box->shown)
        continue;
      g_assert_true (is_even (&box->cell));
      g_assert_cmpint ((box->source.x | box->source.y) & 1, ==, 0);
      g_assert_true (is_even (&box->destination));
      g_assert_false (gr_rect_is_empty (&box->destination));
      g_assert_true (gr_rect_contains (&test->canvas, &box->cell));
      g_assert_true (gr_rect_contains (&box->cell, &box->destination));
      g_assert_true (
          gr_rect_contains (&(GrRect){ 0, 0, test->pictures[i].width, test->pictures[i].height }, &box->source));
      g_assert_cmpint (box->cell.width, >=, test->canvas.width / 32);
    }
}

static void
test_bounds (void)
{
  g_test_summary ("Nothing lies outside the canvas, outside its picture or on an odd pixel");
  for_each_case (check_bounds);
}

static void
check_overlap (const Case *test)
{
  for (guint i = 0; i < test->n; i++)
    for (guint j = i + 1; j < test->n; j++)
      {
        if (!test->boxes[i].shown || !test->boxes[j].shown || (test->layout == GR_LAYOUT_PIP && i == 0))
          continue;
        g_assert_false (gr_rect_intersect (&test->boxes[i].cell, &test->boxes[j].cell, NULL));
      }
}

static void
test_overlap (void)
{
  g_test_summary ("No picture hides another, but for those that lie upon the first in pip");
  for_each_case (check_overlap);
}

static void
check_shown (const Case *test)
{
  for (guint i = 0; i < test->n; i++)
    g_assert_cmpint (test->boxes[i].shown, ==, test->layout != GR_LAYOUT_SOLO || i == 0);
  if (test->layout == GR_LAYOUT_PIP)
    for (guint i = 1; i < test->n; i++)
      g_assert_cmpint (test->boxes[i].z, >, test->boxes[0].z);
}

static void
test_shown (void)
{
  g_test_summary ("Everybody is seen in every layout but solo, and pip's small ones lie above");
  for_each_case (check_shown);
}

static void
check_aspect (const Case *test)
{
  for (guint i = 0; i < test->n; i++)
    {
      const GrLayoutBox *box = &test->boxes[i];
      double zoom_x, zoom_y;

      if (!box->shown || test->pictures[i].width == 0)
        continue;
      if (test->pictures[i].fit == GR_FIT_WHOLE)
        {
          g_assert_cmpint (box->source.width, ==, test->pictures[i].width);
          g_assert_cmpint (box->source.height, ==, test->pictures[i].height);
        }
      else
        g_assert_true (gr_rect_equal (&box->destination, &box->cell));

      /* Rounding to even moves an edge by a pixel at most, on either side. */
      zoom_x = (double) box->destination.width / box->source.width;
      zoom_y = (double) box->destination.height / box->source.height;
      g_assert_cmpfloat (ABS (zoom_x - zoom_y) / zoom_x, <=,
                         2.0 / MIN (box->destination.width, box->destination.height)
                             + 2.0 / MIN (box->source.width, box->source.height));
    }
}

static void
test_aspect (void)
{
  g_test_summary ("No picture is stretched: one that is cropped fills its cell, one that fits is whole");
  for_each_case (check_aspect);
}

static void
check_centres (const Case *test)
{
  for (guint i = 0; i < test->n; i++)
    {
      const GrLayoutBox *box = &test->boxes[i];
      gint left = box->source.x, right = test->pictures[i].width - left - box->source.width;

      if (!box->shown)
        continue;
      g_assert_cmpint (ABS (left - right), <=, 3);
      left = box->destination.x - box->cell.x;
      right = box->cell.width - left - box->destination.width;
      g_assert_cmpint (ABS (left - right), <=, 2);
    }
}

static void
test_centres (void)
{
  g_test_summary ("What is cropped is cropped evenly, and what fits stands in the middle of its cell");
  for_each_case (check_centres);
}

static void
test_grid (void)
{
  /* 1…16 people on 16:9: columns. */
  static const gint columns[] = { 1, 2, 2, 2, 3, 3, 4, 4, 3, 4, 4, 4, 5, 5, 5, 4 };

  g_test_summary ("A grid has equal tiles, as large as can be, and its last row is centred");
  for (guint n = 1; n <= GR_LAYOUT_MAX_PICTURES; n++)
    {
      Case test = { 0 };
      guint first_row = 0, last_row = 0;
      gint left, right;

      arrange (&test, GR_LAYOUT_GRID, 1920, 1080, n);
      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpint (test.boxes[i].cell.width, ==, test.boxes[0].cell.width);
          g_assert_cmpint (test.boxes[i].cell.height, ==, test.boxes[0].cell.height);
          first_row += test.boxes[i].cell.y == test.boxes[0].cell.y;
          last_row += test.boxes[i].cell.y == test.boxes[n - 1].cell.y;
        }
      g_assert_cmpuint (first_row, ==, columns[n - 1]);

      left = test.boxes[n - last_row].cell.x;
      right = 1920 - test.boxes[n - 1].cell.x - test.boxes[n - 1].cell.width;
      g_assert_cmpint (ABS (left - right), <=, 2);
    }
}

static void
test_order (void)
{
  Case test = { 0 };

  g_test_summary ("The featured picture is the largest; in screen it is the first screen, wherever it stands");
  for (guint n = 2; n <= GR_LAYOUT_MAX_PICTURES; n++)
    for (guint layout = GR_LAYOUT_SPOTLIGHT; layout <= GR_LAYOUT_PIP; layout++)
      {
        guint featured = layout == GR_LAYOUT_SCREEN ? n - 1 : 0;

        for (guint i = 0; i < n; i++)
          test.pictures[i] = (GrLayoutPicture){ 1280, 720, GR_FIT_CROP, i == n - 1 };
        arrange (&test, layout, 1280, 720, n);
        for (guint i = 0; i < n; i++)
          if (i != featured && test.boxes[i].shown)
            g_assert_cmpint (test.boxes[featured].cell.width * test.boxes[featured].cell.height, >,
                             2 * test.boxes[i].cell.width * test.boxes[i].cell.height);
      }
}

static void
test_too_many (void)
{
  GrLayoutPicture pictures[GR_LAYOUT_MAX_PICTURES + 2] = { 0 };
  GrLayoutBox boxes[GR_LAYOUT_MAX_PICTURES + 2];

  g_test_summary ("Who comes seventeenth is not seen");
  gr_layout_arrange (GR_LAYOUT_GRID, 1280, 720, pictures, G_N_ELEMENTS (pictures), boxes);
  g_assert_true (boxes[GR_LAYOUT_MAX_PICTURES - 1].shown);
  g_assert_false (boxes[GR_LAYOUT_MAX_PICTURES].shown);
  g_assert_false (boxes[GR_LAYOUT_MAX_PICTURES + 1].shown);
}

static void
test_names (void)
{
  static const struct
  {
    const char *name;
    GrLayout layout;
  } layouts[] = {
    { "grid", GR_LAYOUT_GRID }, { "spotlight", GR_LAYOUT_SPOTLIGHT }, { "sidebar", GR_LAYOUT_SIDEBAR },
    { "solo", GR_LAYOUT_SOLO }, { "screen", GR_LAYOUT_SCREEN },       { "pip", GR_LAYOUT_PIP },
  };
  GrLayout layout;

  g_test_summary ("Layouts have the names of the contract, and no others");
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      g_assert_true (gr_layout_from_name (layouts[i].name, &layout));
      g_assert_cmpint (layout, ==, layouts[i].layout);
    }
  g_assert_false (gr_layout_from_name ("mosaic", &layout));
  g_assert_false (gr_layout_from_name (NULL, &layout));
}

static void
test_between (void)
{
  GrRect from = { 0, 0, 1280, 720 }, to = { 860, 480, 400, 226 };

  g_test_summary (
      "A box that moves starts where it was, ends where it shall be and never steps back or on an odd pixel");
  for (guint step = 0; step <= 100; step++)
    {
      GrRect rect = gr_rect_between (&from, &to, gr_ease_out (step / 100.0));
      GrRect next = gr_rect_between (&from, &to, gr_ease_out ((step + 1) / 100.0));

      g_assert_true (is_even (&rect));
      g_assert_cmpint (next.x, >=, rect.x);
      g_assert_cmpint (next.width, <=, rect.width);
    }
  g_assert_true (gr_rect_equal (&from, &(GrRect){ 0, 0, 1280, 720 }));
  from = gr_rect_between (&from, &to, gr_ease_out (1));
  g_assert_true (gr_rect_equal (&from, &to));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/bounds", test_bounds);
  g_test_add_func ("/layout/overlap", test_overlap);
  g_test_add_func ("/layout/shown", test_shown);
  g_test_add_func ("/layout/aspect", test_aspect);
  g_test_add_func ("/layout/centres", test_centres);
  g_test_add_func ("/layout/grid", test_grid);
  g_test_add_func ("/layout/order", test_order);
  g_test_add_func ("/layout/too-many", test_too_many);
  g_test_add_func ("/layout/names", test_names);
  g_test_add_func ("/layout/between", test_between);
  return g_test_run ();
}
