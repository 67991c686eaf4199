/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/head.h"

#include <string.h>

#include "base/error.h"

/* Longer than any method in the IANA registry. */
#define MAX_METHOD_LENGTH 20
/* Fits a guint64 with room to spare. */
#define MAX_LENGTH_DIGITS 15

static gboolean
malformed (GError **error, const char *message)
{
  gr_set_error (error, GR_ERROR_MALFORMED, NULL, "%s", message);
  return FALSE;
}

/* RFC 9110, section 5.6.2. */
static gboolean
is_token_char (guint8 byte)
{
  return g_ascii_isalnum (byte) || (byte != '\0' && strchr ("!#$%&'*+-.^_`|~", byte) != NULL);
}

static gboolean
is_token (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!is_token_char ((guint8) text[i]))
      return FALSE;

  return length > 0;
}

static gboolean
is_named (const char *name, gsize length, const char *expected)
{
  return strlen (expected) == length && g_ascii_strncasecmp (name, expected, length) == 0;
}

/* The path of an origin-form, absolute-form or asterisk-form target (RFC 9112, section 3.2), or NULL. */
static char *
path_of_target (const char *target, gsize length)
{
  g_autofree char *copy = g_strndup (target, length);
  const char *path = copy;

  if (strcmp (copy, "*") == 0)
    return g_steal_pointer (&copy);

  if (g_ascii_strncasecmp (copy, "http://", 7) == 0)
    path = copy + 7 + strcspn (copy + 7, "/?#");
  else if (g_ascii_strncasecmp (copy, "https://", 8) == 0)
    path = copy + 8 + strcspn (copy + 8, "/?#");
  else if (*copy != '/')
    return NULL;

  if (*path != '/')
    return g_strdup ("/");

  return g_strndup (path, strcspn (path, "?#"));
}

static gboolean
take_request_line (GrHead *head, const char *line, gsize length, GError **error)
{
  const char *end = line + length;
  const char *method_end = memchr (line, ' ', length);
  const char *target, *target_end, *version;

  if (method_end == NULL || method_end - line > MAX_METHOD_LENGTH || !is_token (line, method_end - line))
    return malformed (error, "The request line has no method");

  target = method_end + 1;
  target_end = memchr (target, ' ', end - target);
  if (target_end == NULL || target_end == target)
    return malformed (error, "The request line has no target");

  for (const char *byte = target; byte < target_end; byte++)
    if ((guint8) *byte <= ' ' || (guint8) *byte >= 0x7f)
      return malformed (error, "The request target has a byte that must be percent-encoded");

  version = target_end + 1;
  if (!is_named (version, end - version, "HTTP/1.1") && !is_named (version, end - version, "HTTP/1.0"))
    return malformed (error, "The request is not HTTP/1.1");

  head->http_1_0 = end[-1] == '0';
  head->method = g_strndup (line, method_end - line);
  head->path = path_of_target (target, target_end - target);
  if (head->path == NULL)
    return malformed (error, "The request target is not a path");

  /* A tunnel would leave the framing, and an echo of cookies serves only an attacker. */
  if (strcmp (head->method, "CONNECT") == 0 || strcmp (head->method, "TRACE") == 0)
    {
      gr_set_error (error, GR_ERROR_METHOD, NULL, "The method %s is not served here", head->method);
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_content_length (GrHead *head, const char *value, gsize length, GError **error)
{
  if (head->has_length)
    return malformed (error, "Content-Length is given twice");

  if (length == 0 || length > MAX_LENGTH_DIGITS)
    return malformed (error, "Content-Length is not a number");

  head->has_length = TRUE;
  head->content_length = 0;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return malformed (error, "Content-Length is not a number");
      head->content_length = head->content_length * 10 + (value[i] - '0');
    }

  return TRUE;
}

static gboolean
take_field (GrHead *head, const char *line, gsize length, GError **error)
{
  const char *colon = memchr (line, ':', length);
  const char *value;
  gsize name_length, value_length;

  if (++head->lines > GR_HEAD_MAX_LINES)
    {
      gr_set_error (error, GR_ERROR_HEADERS_TOO_LARGE, NULL, "More than %d header lines", GR_HEAD_MAX_LINES);
      return FALSE;
    }

  /* This also refuses a folded line, which starts with a blank. */
  name_length = colon != NULL ? (gsize) (colon - line) : 0;
  if (!is_token (line, name_length))
    return malformed (error, "A header line has no valid name");

  value = colon + 1;
  value_length = length - name_length - 1;
  for (gsize i = 0; i < value_length; i++)
    if (((guint8) value[i] < ' ' && value[i] != '\t') || value[i] == 0x7f)
      return malformed (error, "A header line has a control character");

  if (!g_utf8_validate_len (value, value_length, NULL))
    return malformed (error, "A header line is not UTF-8");

  for (; value_length > 0 && (*value == ' ' || *value == '\t'); value_length--)
    value++;
  while (value_length > 0 && (value[value_length - 1] == ' ' || value[value_length - 1] == '\t'))
    value_length--;

  if (is_named (line, name_length, "Content-Length"))
    return take_content_length (head, value, value_length, error);

  if (is_named (line, name_length, "Transfer-Encoding"))
    {
      gr_set_error (error, GR_ERROR_LENGTH_REQUIRED, NULL, "Send the body with a Content-Length");
      return FALSE;
    }

  if (is_named (line, name_length, "Host") && ++head->hosts > 1)
    return malformed (error, "Host is given twice");

  if (is_named (line, name_length, "Origin"))
    {
      g_free (head->origin);
      head->origin = g_strndup (value, value_length);
    }

  if (is_named (line, name_length, "Upgrade") && is_named (value, value_length, "websocket"))
    head->websocket = TRUE;

  if (is_named (line, name_length, "Expect"))
    {
      if (!is_named (value, value_length, "100-continue"))
        return malformed (error, "Only 100-continue can be expected");

      /* The guard answers this itself: libsoup 3.2, when it refuses early, would take the body for a request. */
      head->continues = TRUE;
      g_byte_array_set_size (head->bytes, head->line_start);
    }

  return TRUE;
}

static gboolean
finish (GrHead *head, GError **error)
{
  if (head->hosts == 0 && !head->http_1_0)
    return malformed (error, "Host is missing");

  head->websocket = head->websocket && !head->http_1_0 && strcmp (head->method, "GET") == 0;
  head->continues = head->continues && !head->http_1_0 && head->content_length > 0;
  head->complete = TRUE;
  return TRUE;
}

/* The last line of the bytes is whole, with its line feed. */
static gboolean
take_line (GrHead *head, GError **error)
{
  const char *line = (const char *) head->bytes->data + head->line_start;
  gsize length = head->bytes->len - head->line_start - 1;

  if (length == 0 || line[length - 1] != '\r')
    return malformed (error, "A line does not end in CR LF");

  length--;
  if (memchr (line, '\r', length) != NULL || memchr (line, '\0', length) != NULL)
    return malformed (error, "A line has a control character");

  if (length == 0 && head->method != NULL)
    return finish (head, error);

  if (length == 0)
    {
      /* RFC 9112, section 2.2: one empty line before the request is forgiven. */
      if (head->lines++ > 0)
        return malformed (error, "Empty lines in place of a request");
      g_byte_array_set_size (head->bytes, 0);
      return TRUE;
    }

  if (head->method == NULL)
    {
      head->lines = 0;
      if (!take_request_line (head, line, length, error))
        return FALSE;
    }
  else if (!take_field (head, line, length, error))
    {
      return FALSE;
    }

  head->line_start = head->bytes->len;
  return TRUE;
}

void
gr_head_init (GrHead *head)
{
  *head = (GrHead){ .bytes = NULL };
  head->bytes = g_byte_array_new ();
}

void
gr_head_clear (GrHead *head)
{
  g_clear_pointer (&head->bytes, g_byte_array_unref);
  g_clear_pointer (&head->method, g_free);
  g_clear_pointer (&head->path, g_free);
  g_clear_pointer (&head->origin, g_free);
}

void
gr_head_reset (GrHead *head)
{
  g_autoptr (GByteArray) bytes = g_steal_pointer (&head->bytes);

  gr_head_clear (head);
  *head = (GrHead){ .bytes = NULL };
  g_byte_array_set_size (bytes, 0);
  head->bytes = g_steal_pointer (&bytes);
}

gssize
gr_head_feed (GrHead *head, const guint8 *bytes, gsize length, GError **error)
{
  gsize taken = 0;

  while (taken < length && !head->complete)
    {
      const guint8 *line_feed = memchr (bytes + taken, '\n', length - taken);
      gsize part = line_feed != NULL ? (gsize) (line_feed - bytes) + 1 - taken : length - taken;

      if (head->bytes->len + part > GR_HEAD_MAX_BYTES)
        {
          gr_set_error (error, GR_ERROR_HEADERS_TOO_LARGE, NULL, "More than %d bytes of headers", GR_HEAD_MAX_BYTES);
          return -1;
        }

      g_byte_array_append (head->bytes, bytes + taken, part);
      taken += part;
      if (line_feed != NULL && !take_line (head, error))
        return -1;
    }

  return taken;
}
