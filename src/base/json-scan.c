/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json-scan.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

/* The longest number we read; longer ones say nothing that a double can hold. */
#define NUMBER_MAX 64

const GrJsonLimits gr_json_default_limits = {
  .max_size = 1024 * 1024,
  .max_depth = 32,
  .max_values = 16384,
  .max_members = 512,
};

/* A member name of an object that is still open. */
typedef struct
{
  gsize offset; /* of the decoded name in GrJsonScan.names */
  gsize length;
  guint32 hash;
} GrMemberName;

typedef struct
{
  const char *start;
  const char *at;
  const char *end;
  const GrJsonLimits *limits;
  guint n_values;
  GString *names;       /* decoded names of the open objects, one after the other */
  GArray *member_names; /* GrMemberName of the open objects, innermost last */
  GError **error;
} GrJsonScan;

static gboolean scan_value (GrJsonScan *scan, guint depth);

static gboolean
malformed (GrJsonScan *scan, const char *problem)
{
  gr_set_error (scan->error, GR_ERROR_MALFORMED, NULL, "This is not valid JSON: %s at byte %" G_GSIZE_FORMAT, problem,
                (gsize) (scan->at - scan->start));
  return FALSE;
}

static inline gboolean
at_char (GrJsonScan *scan, char c)
{
  return scan->at < scan->end && *scan->at == c;
}

static inline gboolean
at_digit (GrJsonScan *scan)
{
  return scan->at < scan->end && g_ascii_isdigit (*scan->at);
}

static inline void
skip_space (GrJsonScan *scan)
{
  while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
    scan->at++;
}

static gboolean
scan_word (GrJsonScan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return malformed (scan, "there is no such value");

  scan->at += length;
  return TRUE;
}

static gboolean
scan_digits (GrJsonScan *scan)
{
  if (!at_digit (scan))
    return malformed (scan, "a digit is missing");

  while (at_digit (scan))
    scan->at++;

  return TRUE;
}

static gboolean
number_in_range (const char *from, gsize length, gboolean integer)
{
  char text[NUMBER_MAX + 1];

  memcpy (text, from, length);
  text[length] = '\0';

  /* json-glib would wrap an integer that gint64 cannot hold. */
  if (integer)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, NULL, NULL);

  return isfinite (g_ascii_strtod (text, NULL));
}

static gboolean
scan_number (GrJsonScan *scan)
{
  const char *from = scan->at;
  gboolean integer = TRUE;

  if (at_char (scan, '-'))
    scan->at++;

  if (at_char (scan, '0'))
    {
      scan->at++;
      if (at_digit (scan))
        return malformed (scan, "a number starts with zero");
    }
  else if (!scan_digits (scan))
    return FALSE;

  if (at_char (scan, '.'))
    {
      integer = FALSE;
      scan->at++;
      if (!scan_digits (scan))
        return FALSE;
    }

  if (at_char (scan, 'e') || at_char (scan, 'E'))
    {
      integer = FALSE;
      scan->at++;
      if (at_char (scan, '+') || at_char (scan, '-'))
        scan->at++;
      if (!scan_digits (scan))
        return FALSE;
    }

  if (scan->at - from > NUMBER_MAX || !number_in_range (from, scan->at - from, integer))
    {
      scan->at = from;
      return malformed (scan, "a number is out of range");
    }

  return TRUE;
}

/* Four hex digits. */
static gboolean
scan_unit (GrJsonScan *scan, gunichar *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      if (scan->at == scan->end || !g_ascii_isxdigit (*scan->at))
        return malformed (scan, "\\u needs four hex digits");
      *unit = *unit << 4 | g_ascii_xdigit_value (*scan->at);
    }

  return TRUE;
}

/* What follows a backslash and "u", including the second half of a surrogate pair. */
static gboolean
scan_unicode_escape (GrJsonScan *scan, gunichar *c)
{
  gunichar low;

  if (!scan_unit (scan, c))
    return FALSE;
  if (*c == 0)
    return malformed (scan, "\\u0000 is not accepted");
  if (*c < 0xd800 || *c > 0xdfff)
    return TRUE;

  if (*c > 0xdbff || scan->end - scan->at < 6 || scan->at[0] != '\\' || scan->at[1] != 'u')
    return malformed (scan, "half of a surrogate pair");

  scan->at += 2;
  if (!scan_unit (scan, &low))
    return FALSE;
  if (low < 0xdc00 || low > 0xdfff)
    return malformed (scan, "half of a surrogate pair");

  *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
  return TRUE;
}

static gboolean
scan_escape (GrJsonScan *scan, gunichar *c)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter;

  if (at_char (scan, 'u'))
    {
      scan->at++;
      return scan_unicode_escape (scan, c);
    }

  letter = scan->at < scan->end ? strchr (letters, *scan->at) : NULL;
  if (letter == NULL)
    return malformed (scan, "there is no such escape");

  *c = meanings[letter - letters];
  scan->at++;
  return TRUE;
}

/* One string; its decoded text is appended to @decoded unless that is NULL. The bytes are known to be UTF-8. */
static gboolean
scan_string (GrJsonScan *scan, GString *decoded)
{
  scan->at++;

  for (;;)
    {
      const char *run = scan->at;
      gunichar c;

      while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\' && (guchar) *scan->at >= 0x20)
        scan->at++;
      if (decoded != NULL)
        g_string_append_len (decoded, run, scan->at - run);

      if (scan->at == scan->end)
        return malformed (scan, "a string does not end");
      if (*scan->at == '"')
        break;
      if (*scan->at != '\\')
        return malformed (scan, "a control character in a string");

      scan->at++;
      if (!scan_escape (scan, &c))
        return FALSE;
      if (decoded != NULL)
        g_string_append_unichar (decoded, c);
    }

  scan->at++;
  return TRUE;
}

static guint32
hash_bytes (const char *bytes, gsize length)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar) bytes[i]) * 16777619u;

  return hash;
}

/* A member name, which must be new among those of its object, which start at @first. */
static gboolean
scan_name (GrJsonScan *scan, guint first)
{
  const char *from = scan->at;
  GrMemberName name = { .offset = scan->names->len };

  if (!at_char (scan, '"'))
    return malformed (scan, "a member name is missing");
  if (!scan_string (scan, scan->names))
    return FALSE;

  name.length = scan->names->len - name.offset;
  name.hash = hash_bytes (scan->names->str + name.offset, name.length);

  for (guint i = first; i < scan->member_names->len; i++)
    {
      GrMemberName *other = &g_array_index (scan->member_names, GrMemberName, i);

      if (other->hash == name.hash && other->length == name.length
          && memcmp (scan->names->str + other->offset, scan->names->str + name.offset, name.length) == 0)
        {
          scan->at = from;
          return malformed (scan, "a member name comes twice");
        }
    }

  if (scan->member_names->len - first >= scan->limits->max_members)
    return malformed (scan, "an object has too many members");

  g_array_append_val (scan->member_names, name);
  return TRUE;
}

static gboolean
scan_object (GrJsonScan *scan, guint depth)
{
  guint first = scan->member_names->len;
  gsize names_length = scan->names->len;

  scan->at++;
  skip_space (scan);

  if (!at_char (scan, '}'))
    for (;;)
      {
        skip_space (scan);
        if (!scan_name (scan, first))
          return FALSE;

        skip_space (scan);
        if (!at_char (scan, ':'))
          return malformed (scan, "a colon is missing");
        scan->at++;

        if (!scan_value (scan, depth))
          return FALSE;
        if (!at_char (scan, ','))
          break;
        scan->at++;
      }

  if (!at_char (scan, '}'))
    return malformed (scan, "an object does not end");

  scan->at++;
  g_array_set_size (scan->member_names, first);
  g_string_truncate (scan->names, names_length);
  return TRUE;
}

static gboolean
scan_array (GrJsonScan *scan, guint depth)
{
  scan->at++;
  skip_space (scan);

  if (!at_char (scan, ']'))
    for (;;)
      {
        if (!scan_value (scan, depth))
          return FALSE;
        if (!at_char (scan, ','))
          break;
        scan->at++;
      }

  if (!at_char (scan, ']'))
    return malformed (scan, "an array does not end");

  scan->at++;
  return TRUE;
}

static gboolean
scan_one (GrJsonScan *scan, guint depth)
{
  switch (scan->at < scan->end ? *scan->at : '\0')
    {
    case '{':
    case '[':
      if (depth >= scan->limits->max_depth)
        return malformed (scan, "it is nested too deeply");
      return *scan->at == '{' ? scan_object (scan, depth + 1) : scan_array (scan, depth + 1);
    case '"':
      return scan_string (scan, NULL);
    case 't':
      return scan_word (scan, "true");
    case 'f':
      return scan_word (scan, "false");
    case 'n':
      return scan_word (scan, "null");
    case '-':
    case '0' ... '9':
      return scan_number (scan);
    default:
      return malformed (scan, "a value is missing");
    }
}

/* One value and the white space around it. */
static gboolean
scan_value (GrJsonScan *scan, guint depth)
{
  if (++scan->n_values > scan->limits->max_values)
    return malformed (scan, "there are too many values");

  skip_space (scan);
  if (!scan_one (scan, depth))
    return FALSE;

  skip_space (scan);
  return TRUE;
}

gboolean
gr_json_scan (const char *text, gsize length, const GrJsonLimits *limits, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GArray) member_names = g_array_new (FALSE, FALSE, sizeof (GrMemberName));
  GrJsonScan scan = {
    .start = text,
    .at = text,
    .end = text + length,
    .limits = limits != NULL ? limits : &gr_json_default_limits,
    .names = names,
    .member_names = member_names,
    .error = error,
  };

  g_return_val_if_fail (scan.limits->max_depth <= 64, FALSE);

  if (length > scan.limits->max_size)
    {
      gr_set_error (error, GR_ERROR_TOO_LARGE, NULL, "The JSON text is longer than %" G_GSIZE_FORMAT " bytes",
                    scan.limits->max_size);
      return FALSE;
    }

  /* Also refuses NUL and encoded surrogates. */
  if (!g_utf8_validate_len (text, length, &scan.at))
    return malformed (&scan, "it is not UTF-8");

  scan.at = text;
  if (!scan_value (&scan, 0))
    return FALSE;
  if (scan.at != scan.end)
    return malformed (&scan, "something follows the value");

  return TRUE;
}
