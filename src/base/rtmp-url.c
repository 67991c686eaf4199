/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/rtmp-url.h"

#include <string.h>

#include "base/error.h"

#define RTMP_PORT 1935
#define RTMPS_PORT 443

static GrRtmpUrl *
fail (const char *field, const char *sentence, GError **error)
{
  gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "%s", sentence);

  return NULL;
}

static gboolean
is_clean (const char *text)
{
  for (const char *character = text; *character != '\0'; character++)
    if ((guchar) *character <= ' ' || *character == '"' || *character == '\\' || *character == 0x7f)
      return FALSE;

  return g_utf8_validate (text, -1, NULL);
}

/* Of user and password, which may hold any character. */
static gboolean
decode (const char *text, char **decoded)
{
  *decoded = text != NULL ? g_uri_unescape_string (text, NULL) : NULL;

  return text == NULL || (*decoded != NULL && g_utf8_validate (*decoded, -1, NULL));
}

GrRtmpUrl *
gr_rtmp_url_parse (const char *text, const char *field, GError **error)
{
  g_autoptr (GrRtmpUrl) url = g_new0 (GrRtmpUrl, 1);
  g_autoptr (GUri) uri = NULL;
  const char *query;
  gint port;

  if (strlen (text) > GR_RTMP_URL_MAX)
    return fail (field, "The address is too long", error);
  if (!is_clean (text))
    return fail (field, "The address must not have spaces, quotes or control characters in it", error);

  url->secure = g_ascii_strncasecmp (text, "rtmps://", strlen ("rtmps://")) == 0;
  if (!url->secure && g_ascii_strncasecmp (text, "rtmp://", strlen ("rtmp://")) != 0)
    return fail (field, "The address must begin with rtmp:// or rtmps://", error);

  uri = g_uri_parse (text, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL)
    return fail (field, "The address cannot be read; it must be like rtmp://host/live", error);
  if (g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0')
    return fail (field, "The address must name a host", error);
  if (!is_clean (g_uri_get_host (uri)))
    return fail (field, "The address must not have spaces, quotes or control characters in its host", error);
  if (strlen (g_uri_get_path (uri)) < 2)
    return fail (field, "The address must name an application after the host, such as rtmp://host/live", error);
  if (g_uri_get_fragment (uri) != NULL)
    return fail (field, "The address must not have a # in it", error);

  port = g_uri_get_port (uri);
  if (port == 0)
    return fail (field, "There is no port 0", error);
  if (!decode (g_uri_get_user (uri), &url->user) || !decode (g_uri_get_password (uri), &url->password))
    return fail (field, "The name or the password before the host cannot be read", error);

  query = g_uri_get_query (uri);
  url->host = g_strdup (g_uri_get_host (uri));
  url->port = port > 0 ? port : url->secure ? RTMPS_PORT : RTMP_PORT;
  url->application = g_strconcat (g_uri_get_path (uri) + 1, query != NULL ? "?" : NULL, query, NULL);

  return g_steal_pointer (&url);
}

void
gr_rtmp_url_free (GrRtmpUrl *url)
{
  g_free (url->host);
  g_free (url->application);
  g_free (url->user);
  if (url->password != NULL)
    memset (url->password, 0, strlen (url->password));
  g_free (url->password);
  g_free (url);
}
