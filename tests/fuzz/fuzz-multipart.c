/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "http/multipart.h"

#define BOUNDARY "----WebKitFormBoundary7MA4YWxk"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* Any body is a form with one file, which lies within it and has no boundary inside, or is refused. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autoptr (GBytes) body = g_bytes_new (bytes, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = gr_multipart_get_file (body, BOUNDARY, "file", &error);
  const char *start = g_bytes_get_data (body, NULL);
  const char *content;
  gsize content_length;

  if (file == NULL)
    {
      if (error == NULL || !g_utf8_validate (error->message, -1, NULL))
        abort ();
      return 0;
    }

  content = g_bytes_get_data (file, &content_length);
  if (content_length > 0 && (content < start || content + content_length > start + length))
    abort ();
  if (content_length > 0 && g_strstr_len (content, content_length, "\r\n--" BOUNDARY) != NULL)
    abort ();

  return 0;
}
