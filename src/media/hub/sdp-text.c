/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/hub/sdp-text.h"

#include <string.h>

#include "base/error.h"
#include "media/hub/sdp.h"

void
gr_sdp_reader_init (GrSdpReader *reader, const char *text, gsize length)
{
  *reader = (GrSdpReader){ .rest = { text, length } };
}

gboolean
gr_sdp_reader_next (GrSdpReader *reader, GError **error)
{
  GrSdpText line;

  if (reader->rest.length == 0)
    return FALSE;

  reader->number++;
  reader->type = 0;
  reader->attribute = (GrSdpText){ NULL, 0 };
  line = gr_sdp_text_cut (&reader->rest, '\n');
  if (line.length > 0 && line.at[line.length - 1] == '\r')
    line.length--;

  if (reader->number > GR_SDP_MAX_LINES)
    return gr_sdp_reader_fail (reader, error, "there are too many lines");
  if (line.length > GR_SDP_MAX_LINE)
    return gr_sdp_reader_fail (reader, error, "the line is too long");
  for (gsize i = 0; i < line.length; i++)
    if ((guchar) line.at[i] < ' ' || line.at[i] == 0x7f)
      return gr_sdp_reader_fail (reader, error, "there is a control character");
  if (line.length < 2 || line.at[1] != '=' || !g_ascii_islower (line.at[0]))
    return gr_sdp_reader_fail (reader, error, "a line is a letter, “=” and a value");

  reader->type = line.at[0];
  reader->value = (GrSdpText){ line.at + 2, line.length - 2 };
  return TRUE;
}

gboolean
gr_sdp_reader_fail (const GrSdpReader *reader, GError **error, const char *message)
{
  if (reader->attribute.length > 0)
    gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "Line %u (a=%.*s): %s", reader->number,
                  (int) reader->attribute.length, reader->attribute.at, message);
  else if (reader->type != 0)
    gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "Line %u (%c=): %s", reader->number, reader->type, message);
  else
    gr_set_error (error, GR_ERROR_INVALID_INPUT, "sdp", "Line %u: %s", reader->number, message);

  return FALSE;
}

GrSdpText
gr_sdp_text_cut (GrSdpText *rest, char delimiter)
{
  const char *found = rest->length > 0 ? memchr (rest->at, delimiter, rest->length) : NULL;
  GrSdpText head = { rest->at, found != NULL ? (gsize) (found - rest->at) : rest->length };
  gsize taken = head.length + (found != NULL);

  if (taken > 0)
    *rest = (GrSdpText){ rest->at + taken, rest->length - taken };
  return head;
}

gboolean
gr_sdp_text_is (GrSdpText text, const char *literal)
{
  return strlen (literal) == text.length && strncmp (text.at, literal, text.length) == 0;
}

gboolean
gr_sdp_text_is_nocase (GrSdpText text, const char *literal)
{
  return strlen (literal) == text.length && g_ascii_strncasecmp (text.at, literal, text.length) == 0;
}

gboolean
gr_sdp_text_number (GrSdpText text, guint64 maximum, guint64 *number)
{
  guint64 value = 0;

  if (text.length == 0)
    return FALSE;

  for (gsize i = 0; i < text.length; i++)
    {
      guint digit;

      if (!g_ascii_isdigit (text.at[i]))
        return FALSE;
      digit = text.at[i] - '0';
      if (value > (maximum - MIN (digit, maximum)) / 10)
        return FALSE;
      value = value * 10 + digit;
      if (value > maximum)
        return FALSE;
    }

  *number = value;
  return TRUE;
}

gboolean
gr_sdp_text_copy (GrSdpText text, const char *others, char *copy, gsize size)
{
  if (text.length == 0 || text.length >= size)
    return FALSE;

  for (gsize i = 0; i < text.length; i++)
    if (!g_ascii_isalnum (text.at[i]) && (text.at[i] == '\0' || strchr (others, text.at[i]) == NULL))
      return FALSE;

  memcpy (copy, text.at, text.length);
  copy[text.length] = '\0';
  return TRUE;
}
