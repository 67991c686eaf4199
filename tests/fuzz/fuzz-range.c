/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "http/file-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static void
try_length (const char *range, gint64 bytes)
{
  GrFilePart part;

  if (!gr_file_part_parse (range, bytes, &part))
    return;
  if (part.from < 0 || part.length < 0 || part.from > bytes || part.length > bytes - part.from)
    abort ();
  if (!part.part && (part.from != 0 || part.length != bytes))
    abort ();
  if (part.part
      && (part.length == 0 || !g_regex_match_simple ("^bytes=(\\d+-\\d*|-\\d+)$", range, G_REGEX_DOLLAR_ENDONLY, 0)))
    abort ();
}

/* Whatever a Range header says, what is sent lies within the file; a part is sent for a range of bytes alone. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  static const gint64 lengths[] = { 0, 1, 22, 4096, G_MAXINT64 };
  g_autofree char *range = g_strndup ((const char *) bytes, length);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    try_length (range, lengths[i]);

  return 0;
}
