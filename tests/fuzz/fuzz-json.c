/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: the strict JSON scan, and what must hold of json-glib and the writer behind it. */
#include <string.h>

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static void
check_writer (const char *bytes, gsize length)
{
  g_autofree char *string = g_strndup (bytes, length);
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, string, string);
  gr_json_writer_end_object (&json);
  g_assert_true (gr_json_scan (text->str, text->len, &(GrJsonLimits){ G_MAXSIZE, 1, 2, 1 }, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  static const GrJsonLimits narrow = { .max_size = 256, .max_depth = 3, .max_values = 16, .max_members = 4 };
  const char *text = (const char *) bytes;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *written = NULL;

  check_writer (text, length);

  if (!gr_json_scan (text, length, NULL, &error))
    {
      g_assert_true (g_error_matches (error, GR_ERROR, GR_ERROR_MALFORMED)
                     || g_error_matches (error, GR_ERROR, GR_ERROR_TOO_LARGE));
      /* What does not pass the default limits passes no narrower ones. */
      g_assert_false (gr_json_scan (text, length, &narrow, NULL));
      return 0;
    }

  /* json-glib reads all that passes, and what it read is written as something that passes again. */
  node = gr_json_parse (text, length, &error);
  g_assert_no_error (error);
  written = gr_json_text (node);
  if (!gr_json_scan (written, strlen (written), NULL, &error))
    g_error ("“%s” was written: %s", written, error->message);

  return 0;
}
