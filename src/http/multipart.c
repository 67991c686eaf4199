/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE /* memmem */
#include "http/multipart.h"

#include <string.h>

#include "base/error.h"

/* RFC 2046, section 5.1.1. */
#define MAX_BOUNDARY 70
#define BOUNDARY_MARKS "'()+_,-./:=? "

#define DISPOSITION "content-disposition:"
#define FORM_DATA "form-data"

static gboolean
is_boundary (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > MAX_BOUNDARY || text[length - 1] == ' ')
    return FALSE;

  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr (BOUNDARY_MARKS, *text) == NULL)
      return FALSE;

  return TRUE;
}

/* Whether the header line @line says: form-data; name="@name", with whatever else. */
static gboolean
names (const char *line, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("name=\"%s\"", name);

  if (g_ascii_strncasecmp (line, DISPOSITION, strlen (DISPOSITION)) != 0)
    return FALSE;

  line += strlen (DISPOSITION);
  line += strspn (line, " \t");
  if (!g_str_has_prefix (line, FORM_DATA ";"))
    return FALSE;

  /* Browsers put the name first; the file's name after it may hold anything but a quotation mark. */
  line += strlen (FORM_DATA ";");
  line += strspn (line, " \t");
  return g_str_has_prefix (line, wanted) && (line[strlen (wanted)] == '\0' || line[strlen (wanted)] == ';');
}

static gboolean
head_names (const char *head, gsize length, const char *name)
{
  g_autofree char *text = g_strndup (head, length);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
  guint dispositions = 0;
  gboolean named = FALSE;

  for (char **line = lines; *line != NULL; line++)
    if (g_ascii_strncasecmp (*line, DISPOSITION, strlen (DISPOSITION)) == 0)
      {
        dispositions++;
        named = names (*line, name);
      }

  return dispositions == 1 && named;
}

static GBytes *
refuse (GError **error, GrErrorCode code, const char *field, const char *sentence)
{
  gr_set_error (error, code, field, "%s", sentence);
  return NULL;
}

GBytes *
gr_multipart_get_file (GBytes *body, const char *boundary, const char *name, GError **error)
{
  g_autofree char *opening = NULL;
  g_autofree char *delimiter = NULL;
  gsize length, opening_length, delimiter_length;
  const char *start = g_bytes_get_data (body, &length);
  const char *end = start + length;
  const char *head, *content, *after;

  if (!is_boundary (boundary))
    return refuse (error, GR_ERROR_MALFORMED, NULL, "The Content-Type of a form names its boundary");

  opening = g_strdup_printf ("--%s\r\n", boundary);
  opening_length = strlen (opening);
  if (length < opening_length || memcmp (start, opening, opening_length) != 0)
    return refuse (error, GR_ERROR_MALFORMED, NULL, "The form does not begin with its boundary");

  head = start + opening_length;
  content = memmem (head, MIN (end - head, GR_MULTIPART_MAX_HEAD), "\r\n\r\n", 4);
  if (content == NULL || memchr (head, '\0', content - head) != NULL)
    return refuse (error, GR_ERROR_MALFORMED, NULL, "A part of the form has no head, or too long a one");

  if (!head_names (head, content - head, name))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "Send one file, in the field “%s”", name);
      return NULL;
    }

  content += 4;
  delimiter = g_strdup_printf ("\r\n--%s", boundary);
  delimiter_length = strlen (delimiter);
  after = memmem (content, end - content, delimiter, delimiter_length);
  if (after == NULL)
    return refuse (error, GR_ERROR_MALFORMED, NULL, "The form is cut off");

  start = after + delimiter_length;
  if (end - start >= 2 && memcmp (start, "\r\n", 2) == 0)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "Send one file, and nothing else, in the field “%s”", name);
      return NULL;
    }

  if (end - start < 2 || memcmp (start, "--", 2) != 0
      || (end - start > 2 && (end - start != 4 || memcmp (start + 2, "\r\n", 2) != 0)))
    return refuse (error, GR_ERROR_MALFORMED, NULL, "The form does not end with its boundary");

  return g_bytes_new_from_bytes (body, content - (const char *) g_bytes_get_data (body, NULL), after - content);
}
