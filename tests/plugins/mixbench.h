/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* MixBench: a layoutmix with a clock of the test's, inputs that send when they are told to, and the frames that come
 * out. Each frame must follow the one before without a gap. The test's thread. */
#pragma once

#include <gst/check/gsttestclock.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "plugins/layoutmix/layout-mix.h"

typedef struct _MixBench MixBench;

typedef struct
{
  MixBench *bench;
  GstPad *src;
  GstPad *sink; /* of the mixer */
  gint width;
  gint height;
} MixInput;

struct _MixBench
{
  GstElement *pipeline;
  GrLayoutMix *mix;
  GstElement *sink;
  GstTestClock *clock;
  GPtrArray *inputs;
  GstSample *sample; /* the last frame */
  GstClockTime pts;
  GstClockTime next; /* the time of the next frame */
  guint shown;
};

/* A programme of 30 frames a second; @properties as gst-launch-1.0 takes them. */
MixBench *mix_bench_new (gint width, gint height, const char *properties);
void mix_bench_free (MixBench *bench);

MixInput *mix_bench_add (MixBench *bench, gint width, gint height);
void mix_input_set_size (MixInput *input, gint width, gint height);
/* A frame of one colour, for the next frame of the programme or at a time. */
void mix_input_push (MixInput *input, guint32 colour);
void mix_input_push_at (MixInput *input, guint32 colour, GstClockTime time);
/* Three colours side by side, the second from the column @second on. */
void mix_input_push_striped (MixInput *input, guint32 a, gint second, guint32 b, gint third, guint32 c);
void mix_input_end (MixInput *input);
void mix_input_release (MixInput *input);

/* Waits for the next frame, which must follow the last one; the clock goes on as far as that needs. */
void mix_bench_next (MixBench *bench);
void mix_bench_next_with (MixBench *bench, MixInput *input, guint32 colour);
/* The same, whatever its time. */
void mix_bench_pull (MixBench *bench);
void mix_bench_jump (MixBench *bench, GstClockTime time);

gint mix_bench_luma (MixBench *bench, gint x, gint y);
gboolean mix_bench_is_colour (MixBench *bench, gint x, gint y, guint32 colour);
void mix_bench_assert_colour (MixBench *bench, gint x, gint y, guint32 colour);
/* The serial of the last layout that was shown, 0: none. */
guint mix_bench_shown (MixBench *bench);
void mix_bench_stats (MixBench *bench, guint64 *drawn, guint64 *hidden);

/* An image of one premultiplied colour, 0xAARRGGBB. */
GrMixImage *mix_image (gint width, gint height, guint32 colour);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MixBench, mix_bench_free)
