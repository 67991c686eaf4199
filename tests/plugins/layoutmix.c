/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the element layoutmix, by the pixels and time stamps of what comes out. The clock is the test's: a frame is
 * made when its time has come or when everybody has sent, and nothing here waits for real time. */
#include "mixbench.h"

#define FRAME (GST_SECOND / 30)

static const guint32 red = 0xd02020, green = 0x20c040, blue = 0x2040d0, dark = 0x101614;

static void
test_empty (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");

  g_test_summary ("Without a single input the background comes out, frame by frame");
  for (guint i = 0; i < 10; i++)
    mix_bench_next (bench);
  mix_bench_assert_colour (bench, 0, 0, dark);
  mix_bench_assert_colour (bench, 318, 178, dark);
}

static void
test_places (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *left = mix_bench_add (bench, 160, 90), *right = mix_bench_add (bench, 90, 160);
  GrMixBox boxes[]
      = { { left->sink, { 0, 0, 160, 180 }, GR_FIT_CROP, 0 }, { right->sink, { 160, 0, 160, 180 }, GR_FIT_WHOLE, 0 } };

  g_test_summary ("A cropped picture covers its box, a whole one stands in the middle of it");
  gr_layout_mix_commit (bench->mix, 1, boxes, 2, GR_TRANSITION_CUT, 0);
  mix_input_push (left, red);
  mix_input_push (right, blue);
  mix_bench_next (bench);

  mix_bench_assert_colour (bench, 0, 0, red);
  mix_bench_assert_colour (bench, 158, 178, red);
  mix_bench_assert_colour (bench, 240, 90, blue);
  mix_bench_assert_colour (bench, 162, 90, dark);
  mix_bench_assert_colour (bench, 316, 90, dark);
  /* 90 × 160 in 160 × 180 is 102 pixels wide. */
  mix_bench_assert_colour (bench, 194, 4, blue);
  mix_bench_assert_colour (bench, 184, 4, dark);
}

static void
test_crop (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (180, 180, "live=true fade=0");
  MixInput *input = mix_bench_add (bench, 320, 180);
  GrMixBox box = { input->sink, { 0, 0, 180, 180 }, GR_FIT_CROP, 0 };

  g_test_summary ("What is cut off is cut off on both sides");
  gr_layout_mix_commit (bench->mix, 1, &box, 1, GR_TRANSITION_CUT, 0);
  /* 70 columns fall away on each side. */
  mix_input_push_striped (input, red, 60, green, 260, blue);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 0, 90, green);
  mix_bench_assert_colour (bench, 178, 90, green);
  mix_input_push_striped (input, red, 90, green, 230, blue);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 10, 90, red);
  mix_bench_assert_colour (bench, 90, 90, green);
  mix_bench_assert_colour (bench, 168, 90, blue);
}

static void
test_background (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  g_autoptr (GrMixImage) image = mix_image (64, 64, 0xff2040d0);

  g_test_summary ("A picture covers the background, and a colour again after it");
  gr_layout_mix_set_background (bench->mix, red, image);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 0, 0, blue);
  mix_bench_assert_colour (bench, 318, 178, blue);
  gr_layout_mix_set_background (bench->mix, red, NULL);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 0, 0, red);
}

static void
test_overlay (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  g_autoptr (GrMixImage) opaque = mix_image (40, 20, 0xff20c040), clear = mix_image (40, 20, 0);
  g_autoptr (GrMixImage) half = mix_image (40, 20, 0x80808080);
  GrMixOverlay overlay = { .image = opaque, .z = 100, .x = 10, .y = 20 };

  g_test_summary ("A title is where it belongs, as opaque as it is, and cut off at the canvas's edge");
  gr_layout_mix_set_overlay (bench->mix, 0, &overlay, 0);
  overlay = (GrMixOverlay){ .image = half, .z = 101, .x = 100, .y = 20 };
  gr_layout_mix_set_overlay (bench->mix, 1, &overlay, 0);
  overlay = (GrMixOverlay){ .image = clear, .z = 101, .x = 200, .y = 20 };
  gr_layout_mix_set_overlay (bench->mix, 2, &overlay, 0);
  overlay = (GrMixOverlay){ .image = opaque, .z = 101, .x = 300, .y = -10 };
  gr_layout_mix_set_overlay (bench->mix, 3, &overlay, 0);
  gr_layout_mix_set_background (bench->mix, 0, NULL);
  mix_bench_next (bench);

  mix_bench_assert_colour (bench, 10, 20, green);
  mix_bench_assert_colour (bench, 48, 38, green);
  mix_bench_assert_colour (bench, 8, 20, 0);
  mix_bench_assert_colour (bench, 50, 38, 0);
  mix_bench_assert_colour (bench, 120, 30, 0x808080);
  mix_bench_assert_colour (bench, 220, 30, 0);
  mix_bench_assert_colour (bench, 318, 8, green);

  gr_layout_mix_set_overlay (bench->mix, 0, NULL, 0);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 20, 30, 0);
}

static void
test_overlay_fades (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  g_autoptr (GrMixImage) white = mix_image (40, 20, 0xffffffff);
  GrMixOverlay overlay = { .image = white, .z = 100 };
  gint before = 0;

  g_test_summary ("A title fades in and out, never back, and costs nothing when it has gone");
  gr_layout_mix_set_background (bench->mix, 0, NULL);
  gr_layout_mix_set_overlay (bench->mix, 0, &overlay, 10 * FRAME);
  for (guint i = 0; i < 10; i++)
    {
      mix_bench_next (bench);
      g_assert_cmpint (mix_bench_luma (bench, 10, 10), >, before);
      before = mix_bench_luma (bench, 10, 10);
    }
  mix_bench_assert_colour (bench, 10, 10, 0xffffff);

  gr_layout_mix_set_overlay (bench->mix, 0, NULL, 5 * FRAME);
  for (guint i = 0; i < 5; i++)
    {
      mix_bench_next (bench);
      g_assert_cmpint (mix_bench_luma (bench, 10, 10), <, before);
      before = mix_bench_luma (bench, 10, 10);
    }
  mix_bench_assert_colour (bench, 10, 10, 0);
}

static void
test_ticker (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  g_autoptr (GrMixImage) white = mix_image (100, 20, 0xffffffff);
  GrMixOverlay overlay = { .image = white, .z = 100, .x = 20, .y = 100, .width = 280, .speed = 60 };

  g_test_summary (
      "A ticker enters its window at the right, two pixels a frame here, leaves at the left and comes again");
  gr_layout_mix_set_background (bench->mix, 0, NULL);
  gr_layout_mix_set_overlay (bench->mix, 0, &overlay, 0);
  for (gint i = 0; i < 400; i++)
    {
      gint entered = 2 * (i % 190);

      mix_bench_next (bench);
      /* A multiple of the period falls on one side of it or the other. */
      if (i % 190 < 2 || i % 190 > 188)
        continue;
      mix_bench_assert_colour (bench, 10, 110, 0);
      mix_bench_assert_colour (bench, 304, 110, 0);
      if (entered > 6 && entered < 106)
        mix_bench_assert_colour (bench, 300 - entered + 4, 110, 0xffffff);
      if (entered < 280)
        mix_bench_assert_colour (bench, 300 - entered - 2, 110, 0);
    }
}

static void
test_move (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  g_autoptr (GrMixImage) tag = mix_image (20, 10, 0xffffffff);
  MixInput *input = mix_bench_add (bench, 160, 90);
  GrMixOverlay overlay = { .image = tag, .z = 100, .x = 4, .y = 6, .anchor = input->sink };
  GrMixBox from = { input->sink, { 0, 0, 160, 90 }, GR_FIT_CROP, 0 };
  GrMixBox to = { input->sink, { 160, 90, 160, 90 }, GR_FIT_CROP, 0 };
  gint before = 0;

  g_test_summary ("A box moves with its title, fast at first, arrives on time and says so");
  gr_layout_mix_set_overlay (bench->mix, 0, &overlay, 0);
  gr_layout_mix_commit (bench->mix, 1, &from, 1, GR_TRANSITION_CUT, 0);
  mix_bench_next_with (bench, input, red);
  g_assert_cmpuint (mix_bench_shown (bench), ==, 1);
  mix_bench_assert_colour (bench, 4, 76, 0xffffff);

  gr_layout_mix_commit (bench->mix, 2, &to, 1, GR_TRANSITION_MOVE, 12 * FRAME);
  for (gint i = 0; i <= 12; i++)
    {
      gint left = 0;

      mix_bench_next_with (bench, input, red);
      while (left < 320 && !mix_bench_is_colour (bench, left, MAX (left * 90 / 160, 0) + 10, red))
        left += 2;
      g_assert_cmpint (left, >=, before);
      if (i == 6)
        g_assert_cmpint (left, >, 120); /* of 160, when half of the time is over */
      before = left;
    }
  g_assert_cmpint (before, ==, 160);
  g_assert_cmpuint (mix_bench_shown (bench), ==, 2);
  mix_bench_assert_colour (bench, 80, 40, dark);
  mix_bench_assert_colour (bench, 164, 166, 0xffffff);
}

static void
test_tag_above_its_picture (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  g_autoptr (GrMixImage) tag = mix_image (20, 10, 0xffffffff);
  MixInput *below = mix_bench_add (bench, 320, 180), *above = mix_bench_add (bench, 160, 90);
  GrMixOverlay overlays[] = { { .image = tag, .z = 0, .x = 4, .y = 6, .anchor = below->sink },
                              { .image = tag, .z = 1, .x = 4, .y = 6, .anchor = above->sink } };
  GrMixBox boxes[]
      = { { below->sink, { 0, 0, 320, 180 }, GR_FIT_CROP, 0 }, { above->sink, { 160, 90, 160, 90 }, GR_FIT_CROP, 1 } };

  g_test_summary ("A title as high as its picture lies above that one, and below the pictures that are higher");
  gr_layout_mix_set_overlay (bench->mix, 0, &overlays[0], 0);
  gr_layout_mix_set_overlay (bench->mix, 1, &overlays[1], 0);
  gr_layout_mix_commit (bench->mix, 1, boxes, 2, GR_TRANSITION_CUT, 0);
  mix_input_push (below, red);
  mix_input_push (above, blue);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 8, 166, 0xffffff);
  mix_bench_assert_colour (bench, 168, 166, 0xffffff);

  boxes[1].cell = (GrRect){ 0, 90, 160, 90 };
  gr_layout_mix_set_overlay (bench->mix, 1, NULL, 0);
  gr_layout_mix_commit (bench->mix, 2, boxes, 2, GR_TRANSITION_CUT, 0);
  mix_input_push (below, red);
  mix_input_push (above, blue);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 8, 166, blue);
}

static void
test_move_comes_and_goes (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *goes = mix_bench_add (bench, 160, 90), *comes = mix_bench_add (bench, 160, 90);
  GrMixBox first = { goes->sink, { 0, 0, 160, 180 }, GR_FIT_CROP, 0 };
  GrMixBox second = { comes->sink, { 160, 0, 160, 180 }, GR_FIT_CROP, 0 };

  g_test_summary ("In a move who comes fades in and who goes fades out");
  gr_layout_mix_set_background (bench->mix, 0, NULL);
  gr_layout_mix_commit (bench->mix, 1, &first, 1, GR_TRANSITION_CUT, 0);
  mix_input_push (comes, 0xffffff);
  mix_bench_next_with (bench, goes, 0xffffff);
  mix_bench_assert_colour (bench, 80, 90, 0xffffff);
  mix_bench_assert_colour (bench, 240, 90, 0);

  gr_layout_mix_commit (bench->mix, 2, &second, 1, GR_TRANSITION_MOVE, 10 * FRAME);
  for (gint i = 0; i < 4; i++)
    {
      mix_input_push (comes, 0xffffff);
      mix_bench_next_with (bench, goes, 0xffffff);
    }
  g_assert_cmpint (mix_bench_luma (bench, 80, 90), <, 140);
  g_assert_cmpint (mix_bench_luma (bench, 80, 90), >, 20);
  g_assert_cmpint (mix_bench_luma (bench, 240, 90), >, 140);
  g_assert_cmpint (mix_bench_luma (bench, 240, 90), <, 230);
}

static void
test_fade (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *one = mix_bench_add (bench, 160, 90), *other = mix_bench_add (bench, 160, 90);
  GrMixBox first = { one->sink, { 0, 0, 320, 180 }, GR_FIT_CROP, 0 };
  GrMixBox second = { other->sink, { 0, 0, 320, 180 }, GR_FIT_CROP, 0 };
  gint before = 255;

  g_test_summary ("A fade dissolves one scene into the other without the background between them");
  gr_layout_mix_set_background (bench->mix, 0, NULL);
  gr_layout_mix_commit (bench->mix, 1, &first, 1, GR_TRANSITION_CUT, 0);
  mix_input_push (other, 0x808080);
  mix_bench_next_with (bench, one, 0xffffff);
  gr_layout_mix_commit (bench->mix, 2, &second, 1, GR_TRANSITION_FADE, 10 * FRAME);
  for (gint i = 0; i <= 10; i++)
    {
      mix_input_push (other, 0x808080);
      mix_bench_next_with (bench, one, 0xffffff);
      g_assert_cmpint (mix_bench_luma (bench, 160, 90), <=, before);
      g_assert_cmpint (mix_bench_luma (bench, 160, 90), >, 120);
      before = mix_bench_luma (bench, 160, 90);
    }
  mix_bench_assert_colour (bench, 160, 90, 0x808080);
  g_assert_cmpuint (mix_bench_shown (bench), ==, 2);
}

static void
test_late (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  MixInput *input = mix_bench_add (bench, 160, 90), *silent = mix_bench_add (bench, 160, 90);
  gint before = 0;

  g_test_summary ("Who never sends holds nobody up, and who comes late fades in");
  g_assert_nonnull (silent);
  for (guint i = 0; i < 20; i++)
    mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, dark);

  for (guint i = 0; i < 9; i++)
    {
      mix_bench_next_with (bench, input, 0xffffff);
      g_assert_cmpint (mix_bench_luma (bench, 160, 90), >=, before);
      g_assert_true (i != 2 || mix_bench_luma (bench, 160, 90) < 150);
      before = mix_bench_luma (bench, 160, 90);
    }
  mix_bench_assert_colour (bench, 160, 90, 0xffffff);
}

static void
test_stall (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *input = mix_bench_add (bench, 160, 90);

  g_test_summary ("Who freezes keeps the last frame for a while, goes, and is there again with the next frame");
  g_object_set (input->sink, "hold", (guint64) (GST_SECOND / 2), NULL);
  mix_bench_next_with (bench, input, red);
  for (guint i = 0; i < 14; i++)
    mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, red);
  for (guint i = 0; i < 3; i++)
    mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, dark);

  mix_bench_next_with (bench, input, blue);
  mix_bench_assert_colour (bench, 160, 90, blue);
}

static void
test_leave (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");
  MixInput *stays = mix_bench_add (bench, 160, 90), *leaves = mix_bench_add (bench, 160, 90);

  g_test_summary ("Who leaves fades out of the picture, whether the stream ends or the pad is taken away");
  g_object_set (leaves->sink, "xpos", 160, "width", 160, NULL);
  g_object_set (stays->sink, "width", 160, NULL);
  for (guint i = 0; i < 10; i++)
    {
      mix_input_push (stays, green);
      mix_bench_next_with (bench, leaves, red);
    }
  mix_bench_assert_colour (bench, 240, 90, red);

  mix_input_end (stays);
  for (guint i = 0; i < 10; i++)
    mix_bench_next_with (bench, leaves, red);
  mix_bench_assert_colour (bench, 80, 90, dark);
  mix_bench_assert_colour (bench, 240, 90, red);

  mix_input_release (leaves);
  mix_bench_next (bench);
  g_assert_false (mix_bench_is_colour (bench, 240, 90, dark));
  for (guint i = 0; i < 10; i++)
    mix_bench_next (bench);
  mix_bench_assert_colour (bench, 240, 90, dark);
}

static void
test_caps_change (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *input = mix_bench_add (bench, 320, 180);

  g_test_summary ("A phone that is turned leaves no gap, and no frame is stretched");
  g_object_set (input->sink, "whole", TRUE, NULL);
  for (guint i = 0; i < 3; i++)
    mix_bench_next_with (bench, input, red);
  mix_bench_assert_colour (bench, 4, 90, red);

  mix_input_set_size (input, 180, 320);
  for (guint i = 0; i < 3; i++)
    {
      mix_bench_next_with (bench, input, blue);
      mix_bench_assert_colour (bench, 160, 90, blue);
      mix_bench_assert_colour (bench, 104, 90, dark);
      mix_bench_assert_colour (bench, 216, 90, dark);
    }

  mix_input_set_size (input, 641, 359);
  mix_bench_next_with (bench, input, green);
  mix_bench_assert_colour (bench, 160, 90, green);
  mix_bench_assert_colour (bench, 4, 90, green);
}

static void
test_nearest (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=false fade=0");
  MixInput *input = mix_bench_add (bench, 160, 90);

  g_test_summary ("A frame of the programme shows the input's frame nearest in time, early or late");
  /* A camera at 60 fps, 10 ms off: 10, 26.7, 43.3, 60, 76.7, 93.3… Nearest to 0, 33.3, 66.7, 100: 10, 26.7, 60, 93.3.
   */
  for (guint i = 0; i < 10; i++)
    mix_input_push_at (input, 0x202020 + i * 0x141414, 10 * GST_MSECOND + i * GST_SECOND / 60);
  mix_input_end (input);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, 0x202020);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, 0x202020 + 1 * 0x141414);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, 0x202020 + 3 * 0x141414);
  mix_bench_next (bench);
  mix_bench_assert_colour (bench, 160, 90, 0x202020 + 5 * 0x141414);
}

static void
test_hidden (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true fade=0");
  MixInput *below = mix_bench_add (bench, 160, 90), *above = mix_bench_add (bench, 160, 90);
  MixInput *unseen = mix_bench_add (bench, 160, 90);
  GrMixBox boxes[]
      = { { below->sink, { 20, 20, 100, 100 }, GR_FIT_CROP, 0 }, { above->sink, { 0, 0, 320, 180 }, GR_FIT_CROP, 1 } };
  guint64 drawn, hidden;

  g_test_summary ("What is covered or not in the scene is not drawn");
  gr_layout_mix_commit (bench->mix, 1, boxes, 2, GR_TRANSITION_CUT, 0);
  mix_input_push (unseen, blue);
  mix_input_push (below, red);
  mix_bench_next_with (bench, above, green);
  mix_bench_next (bench);
  mix_bench_stats (bench, &drawn, &hidden);
  g_assert_cmpuint (drawn, >=, 1);
  g_assert_cmpuint (drawn, ==, hidden);
  mix_bench_assert_colour (bench, 60, 60, green);
}

static void
test_held_up (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (320, 180, "live=true");

  g_test_summary ("After seconds without a turn it goes on in time, rather than behind for ever");
  mix_bench_next (bench);
  mix_bench_jump (bench, 5 * GST_SECOND);
  mix_bench_pull (bench);
  mix_bench_pull (bench);
  g_assert_cmpuint (bench->pts, >=, 4 * GST_SECOND);
}

static void
test_many (void)
{
  g_autoptr (MixBench) bench = mix_bench_new (640, 360, "live=true fade=0");
  MixInput *inputs[16];

  g_test_summary ("Scenes change at random among sixteen people who come and go, and no frame is missing");
  for (guint i = 0; i < 16; i++)
    inputs[i] = mix_bench_add (bench, 64 + 2 * i, 48 + 4 * i);
  for (guint turn = 0; turn < 150; turn++)
    {
      guint leaving = g_test_rand_int_range (0, 16);
      GrMixBox boxes[16];
      guint n = 0;

      if (turn % 10 == 0)
        {
          mix_input_release (inputs[leaving]);
          inputs[leaving] = mix_bench_add (bench, 96, 64 + 2 * leaving);
        }
      for (guint i = 0; i < 16; i++)
        if (g_test_rand_bit ())
          boxes[n++] = (GrMixBox){ inputs[i]->sink,
                                   { g_test_rand_int_range (-40, 500), g_test_rand_int_range (-40, 300),
                                     g_test_rand_int_range (1, 400), g_test_rand_int_range (1, 300) },
                                   g_test_rand_bit () ? GR_FIT_CROP : GR_FIT_WHOLE,
                                   g_test_rand_int_range (0, 4) };
      if (turn % 4 == 0)
        gr_layout_mix_commit (bench->mix, turn, boxes, n, g_test_rand_int_range (0, 3),
                              g_test_rand_int_range (0, 8) * FRAME);
      for (guint i = 0; i < 16; i++)
        if (i % 5 != 0 || g_test_rand_bit ())
          mix_input_push (inputs[i], g_test_rand_int_range (0, 0xffffff));
      mix_bench_next (bench);
    }
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (gr_layout_mix_register (NULL));

  g_test_add_func ("/layoutmix/empty", test_empty);
  g_test_add_func ("/layoutmix/places", test_places);
  g_test_add_func ("/layoutmix/crop", test_crop);
  g_test_add_func ("/layoutmix/background", test_background);
  g_test_add_func ("/layoutmix/overlay", test_overlay);
  g_test_add_func ("/layoutmix/overlay-fades", test_overlay_fades);
  g_test_add_func ("/layoutmix/ticker", test_ticker);
  g_test_add_func ("/layoutmix/move", test_move);
  g_test_add_func ("/layoutmix/tag-above-its-picture", test_tag_above_its_picture);
  g_test_add_func ("/layoutmix/move-comes-and-goes", test_move_comes_and_goes);
  g_test_add_func ("/layoutmix/fade", test_fade);
  g_test_add_func ("/layoutmix/late", test_late);
  g_test_add_func ("/layoutmix/stall", test_stall);
  g_test_add_func ("/layoutmix/leave", test_leave);
  g_test_add_func ("/layoutmix/caps-change", test_caps_change);
  g_test_add_func ("/layoutmix/nearest", test_nearest);
  g_test_add_func ("/layoutmix/hidden", test_hidden);
  g_test_add_func ("/layoutmix/held-up", test_held_up);
  g_test_add_func ("/layoutmix/many", test_many);
  return g_test_run ();
}
