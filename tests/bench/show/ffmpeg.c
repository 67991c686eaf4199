/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/resource.h>

#include "figure.h"
#include "guests.h"
#include "media/program/layout.h"

void
figure_print (const Format *format, const char *name, double value, const char *unit, double target)
{
  g_print ("{\"bench\":\"show\",\"programme\":\"%dp%d\",\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\"", format->height,
           format->rate, name, value, unit);
  if (target >= 0)
    g_print (",\"target\":%g", target);
  g_print ("}\n");
}

static char *
filter (const Format *format)
{
  GrLayoutPicture pictures[GUESTS] = { 0 };
  GrLayoutBox boxes[GUESTS];
  GString *graph = g_string_new (NULL);

  gr_layout_arrange (GR_LAYOUT_GRID, format->width, format->height, pictures, GUESTS, boxes);
  g_string_append_printf (graph, "color=0x101614:size=%dx%d:rate=%d,format=yuv420p[c];", format->width, format->height,
                          format->rate);
  for (guint i = 0; i < GUESTS; i++)
    {
      const GrRect *cell = &boxes[i].cell;

      g_string_append_printf (graph,
                              "[%u:v]scale=%d:%d:force_original_aspect_ratio=increase:flags=bilinear,crop=%d:%d[s%u];",
                              i, cell->width, cell->height, cell->width, cell->height, i);
    }
  for (guint i = 0; i < GUESTS; i++)
    g_string_append_printf (graph, "[%s%.0u][s%u]overlay=%d:%d[%s%.0u];", i == 0 ? "c" : "o", i, i, boxes[i].cell.x,
                            boxes[i].cell.y, "o", i + 1);
  g_string_append (graph, "[0:a][1:a][2:a][3:a]amix=inputs=4,asplit[a][b]");
  return g_string_free (graph, FALSE);
}

void
ffmpeg_measure (const Format *format, const char *folder, gint64 seconds)
{
  g_autofree char *graph = filter (format);
  g_autofree char *bits = g_strdup_printf ("%dk", format->kilobits);
  g_autofree char *buffer = g_strdup_printf ("%dk", format->kilobits * 6 / 10); /* x264enc's default, 600 ms */
  g_autofree char *keyframes = g_strdup_printf ("%d", 2 * format->rate);
  g_autofree char *length = g_strdup_printf ("%d", (int) seconds);
  g_autofree char *last = g_strdup_printf ("[o%d]", GUESTS);
  g_autofree char *rate = g_strdup_printf ("%d", format->rate);
  g_autofree char *file = g_build_filename (folder, "ffmpeg.mkv", NULL);
  g_autofree char *opus = g_build_filename (folder, "ffmpeg.mka", NULL);
  g_autoptr (GPtrArray) line = g_ptr_array_new_with_free_func (g_free);
  const char *const outputs[] = { "-filter_complex",
                                  graph,
                                  "-map",
                                  last,
                                  "-map",
                                  "[a]",
                                  "-r",
                                  rate,
                                  "-c:v",
                                  "libx264",
                                  "-preset",
                                  "veryfast",
                                  "-tune",
                                  "zerolatency",
                                  "-profile:v",
                                  "main",
                                  "-b:v",
                                  bits,
                                  "-maxrate",
                                  bits,
                                  "-bufsize",
                                  buffer,
                                  "-g",
                                  keyframes,
                                  "-bf",
                                  "0",
                                  "-c:a",
                                  "aac",
                                  "-b:a",
                                  "160k",
                                  "-t",
                                  length,
                                  file,
                                  "-map",
                                  "[b]",
                                  "-c:a",
                                  "libopus",
                                  "-b:a",
                                  "96k",
                                  "-t",
                                  length,
                                  opus };
  const char *const begin[] = { "ffmpeg", "-v", "error", "-nostdin", "-y" };
  g_autoptr (GError) error = NULL;
  struct rusage before, after;
  g_autoptr (GSubprocess) process = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (begin); i++)
    g_ptr_array_add (line, g_strdup (begin[i]));
  for (guint i = 0; i < GUESTS; i++)
    {
      const char *const input[] = { "-re", "-stream_loop", "-1", "-i" };

      for (guint j = 0; j < G_N_ELEMENTS (input); j++)
        g_ptr_array_add (line, g_strdup (input[j]));
      g_ptr_array_add (line, g_strdup_printf ("%s/%u.mkv", folder, i));
    }
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    g_ptr_array_add (line, g_strdup (outputs[i]));
  g_ptr_array_add (line, NULL);

  getrusage (RUSAGE_CHILDREN, &before);
  process = g_subprocess_newv ((const char *const *) line->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  if (!g_subprocess_wait_check (process, NULL, &error))
    g_error ("ffmpeg: %s", error->message);
  getrusage (RUSAGE_CHILDREN, &after);
  figure_print (
      format, "CPU of FFmpeg",
      100.0
          * ((after.ru_utime.tv_sec - before.ru_utime.tv_sec) + (after.ru_stime.tv_sec - before.ru_stime.tv_sec)
             + (after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec)
                   / 1e6)
          / seconds,
      "% of a core", -1);
  g_unlink (file);
  g_unlink (opus);
}
