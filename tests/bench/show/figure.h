/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is measured, and how a figure is told. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a programme. */
typedef struct
{
  gint width, height, rate, kilobits;
} Format;

/* One line of JSON. @target below 0: none. */
void figure_print (const Format *format, const char *name, double value, const char *unit, double target);

/* The CPU of FFmpeg that makes the same of @folder's files, as fast as guests would send them, for @seconds. */
void ffmpeg_measure (const Format *format, const char *folder, gint64 seconds);

G_END_DECLS
