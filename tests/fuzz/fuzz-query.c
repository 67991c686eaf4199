/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "http/cookies.h"
#include "http/query.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

/* Any text is a query or a Cookie header or neither; what comes out is clean and fits where it is used. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autoptr (GHashTable) pairs = gr_query_parse (text, NULL);
  g_autofree char *cookie = gr_cookies_get (text, "refresh");

  if (pairs != NULL)
    {
      GHashTableIter iter;
      gpointer name, value;

      if (g_hash_table_size (pairs) > GR_QUERY_MAX_PAIRS)
        abort ();

      g_hash_table_iter_init (&iter, pairs);
      while (g_hash_table_iter_next (&iter, &name, &value))
        if (*(char *) name == '\0' || !g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
          abort ();
    }

  if (cookie != NULL)
    {
      g_autofree char *header = gr_cookies_build ("refresh", cookie, "/", 1, GR_COOKIE_SECURE);
      g_autofree char *sent_back = g_strndup (header, strcspn (header, ";"));
      g_autofree char *again = gr_cookies_get (sent_back, "refresh");

      if (g_strcmp0 (cookie, again) != 0)
        abort ();
    }

  return 0;
}
