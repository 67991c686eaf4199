/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers/environment.h"

char **
gr_worker_environment (void)
{
  g_auto (GStrv) ours = g_get_environ ();
  g_autoptr (GStrvBuilder) theirs = g_strv_builder_new ();

  for (char **variable = ours; *variable != NULL; variable++)
    if (!g_str_has_prefix (*variable, "GREENROOM_") && !g_str_has_prefix (*variable, "PG"))
      g_strv_builder_add (theirs, *variable);

  return g_strv_builder_end (theirs);
}
