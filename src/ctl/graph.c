/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/graph.h"

#include <gio/gio.h>
#include <stdio.h>

#include "base/error.h"
#include "ctl/output.h"

/* What Graphviz makes of @dot, or NULL with @error. */
static char *
draw (const char *dot, GError **error)
{
  g_autofree char *program = g_find_program_in_path ("dot");
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *svg = NULL;

  if (program == NULL)
    {
      gr_set_error (error, GR_ERROR_UNAVAILABLE, NULL, "A drawing needs dot(1): install the package graphviz");
      return NULL;
    }

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, program, "-Tsvg",
                              NULL);

  if (process == NULL || !g_subprocess_communicate_utf8 (process, dot, NULL, &svg, NULL, error)
      || !g_subprocess_wait_check (process, NULL, error))
    return NULL;

  return g_steal_pointer (&svg);
}

gboolean
gr_graph_print (const char *dot, gboolean as_json, gboolean as_svg, GError **error)
{
  g_autofree char *svg = as_svg ? draw (dot, error) : NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (as_svg && svg == NULL)
    return FALSE;

  if (!as_json || as_svg)
    {
      fputs (as_svg ? svg : dot, stdout);
      return TRUE;
    }

  g_variant_dict_insert (&dict, "dot", "s", dot);
  gr_print_json (g_variant_dict_end (&dict));

  return TRUE;
}
