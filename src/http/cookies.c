/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/cookies.h"

#include <string.h>

/* RFC 6265, section 4.1.1: cookie-octet. */
static gboolean
is_cookie_octet (guint8 byte)
{
  return byte > ' ' && byte < 0x7f && strchr ("\",;\\", byte) == NULL;
}

/* The value of "name=value", without the double quotes that the grammar allows around it, or NULL. */
static char *
value_of_pair (const char *value, gsize length)
{
  if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
    {
      value++;
      length -= 2;
    }

  for (gsize i = 0; i < length; i++)
    if (!is_cookie_octet ((guint8) value[i]))
      return NULL;

  return g_strndup (value, length);
}

char *
gr_cookies_get (const char *header, const char *name)
{
  g_autofree char *found = NULL;
  gsize name_length = strlen (name);
  guint pairs = 0;

  if (header == NULL || strnlen (header, GR_COOKIES_MAX_BYTES + 1) > GR_COOKIES_MAX_BYTES)
    return NULL;

  for (const char *pair = header; *pair != '\0';)
    {
      gsize length = strcspn (pair, ";");
      gsize trimmed = length;

      if (++pairs > GR_COOKIES_MAX_PAIRS)
        return NULL;

      while (trimmed > 0 && (pair[trimmed - 1] == ' ' || pair[trimmed - 1] == '\t'))
        trimmed--;

      if (trimmed > name_length && pair[name_length] == '=' && strncmp (pair, name, name_length) == 0)
        {
          g_autofree char *value = value_of_pair (pair + name_length + 1, trimmed - name_length - 1);

          /* Two values mean that someone planted a cookie on a wider domain or path: trust neither. */
          if (value == NULL || (found != NULL && strcmp (found, value) != 0))
            return NULL;
          g_free (found);
          found = g_steal_pointer (&value);
        }

      pair += length;
      pair += strspn (pair, "; \t");
    }

  return g_steal_pointer (&found);
}

char *
gr_cookies_build (const char *name, const char *value, const char *path, gint64 max_age, GrCookieReach reach)
{
  static const char *const attributes[] = {
    [GR_COOKIE_PLAIN] = "SameSite=Lax",
    [GR_COOKIE_SECURE] = "SameSite=Lax; Secure",
    [GR_COOKIE_CROSS_SITE] = "SameSite=None; Secure",
  };

  for (const char *byte = value; *byte != '\0'; byte++)
    g_return_val_if_fail (is_cookie_octet ((guint8) *byte), NULL);

  return g_strdup_printf ("%s=%s; Path=%s; Max-Age=%" G_GINT64_FORMAT "; HttpOnly; %s", name, value, path, max_age,
                          attributes[reach]);
}
