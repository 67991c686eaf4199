/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/query.h"

#include <string.h>

#include "base/error.h"

/* The decoded text, or NULL if it is not percent-encoded UTF-8 without control characters. */
static char *
decode (const char *text, gsize length)
{
  g_autoptr (GString) decoded = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      char byte = text[i];

      if (byte == '%')
        {
          if (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]))
            return NULL;
          byte = (char) (g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]));
          i += 2;
        }
      else if (byte == '+')
        {
          byte = ' ';
        }

      if ((guint8) byte < ' ' || byte == 0x7f)
        return NULL;
      g_string_append_c (decoded, byte);
    }

  if (!g_utf8_validate_len (decoded->str, decoded->len, NULL))
    return NULL;

  return g_string_free (g_steal_pointer (&decoded), FALSE);
}

static gboolean
take_pair (GHashTable *pairs, const char *pair, gsize length, GError **error)
{
  const char *equals = memchr (pair, '=', length);
  gsize name_length = equals != NULL ? (gsize) (equals - pair) : length;
  g_autofree char *name = decode (pair, name_length);
  g_autofree char *value = equals != NULL ? decode (equals + 1, length - name_length - 1) : g_strdup ("");

  if (name == NULL || *name == '\0')
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "The query has a name that is not percent-encoded UTF-8");
      return FALSE;
    }

  if (value == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "The value is not percent-encoded UTF-8");
      return FALSE;
    }

  if (g_hash_table_contains (pairs, name))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "The query gives the same name twice");
      return FALSE;
    }

  g_hash_table_insert (pairs, g_steal_pointer (&name), g_steal_pointer (&value));
  return TRUE;
}

GHashTable *
gr_query_parse (const char *query, GError **error)
{
  g_autoptr (GHashTable) pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *pair = query != NULL ? query : "";

  /* A bounded look: the text may be far longer than we would ever accept. */
  if (strnlen (pair, GR_QUERY_MAX_BYTES + 1) > GR_QUERY_MAX_BYTES)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "The query is longer than %d bytes", GR_QUERY_MAX_BYTES);
      return NULL;
    }

  while (*pair != '\0')
    {
      gsize length = strcspn (pair, "&");

      if (g_hash_table_size (pairs) == GR_QUERY_MAX_PAIRS)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL, "The query has more than %d names", GR_QUERY_MAX_PAIRS);
          return NULL;
        }

      /* "a=1&&b=2" and a trailing "&" are common and harmless. */
      if (length > 0 && !take_pair (pairs, pair, length, error))
        return NULL;

      pair += length + (pair[length] == '&' ? 1 : 0);
    }

  return g_steal_pointer (&pairs);
}
