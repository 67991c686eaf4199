/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ws/upgrade.h"

#include <string.h>

#include "base/error.h"

typedef struct
{
  GrWsLimits limits;
  GrWsUpgraded upgraded;
  gpointer user_data;
  GDestroyNotify destroy;
} Upgrade;

/* "host:port" in lower case, without the port that @scheme implies. */
static char *
normalize_authority (const char *authority, const char *scheme)
{
  const char *implied = strcmp (scheme, "https") == 0 ? ":443" : ":80";
  g_autofree char *lower = g_ascii_strdown (authority, -1);

  if (g_str_has_suffix (lower, implied))
    lower[strlen (lower) - strlen (implied)] = '\0';
  return g_steal_pointer (&lower);
}

gboolean
gr_ws_origin_is_allowed (const char *origin, const char *host, const char *const *allowed)
{
  g_autofree char *scheme = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  const char *authority;

  if (origin == NULL)
    return TRUE;

  for (; allowed != NULL && *allowed != NULL; allowed++)
    if (g_ascii_strcasecmp (origin, *allowed) == 0)
      return TRUE;

  authority = strstr (origin, "://");
  if (authority == NULL || host == NULL)
    return FALSE;

  scheme = g_ascii_strdown (origin, authority - origin);
  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)
    return FALSE;

  /* The scheme itself cannot be compared: behind a proxy that does TLS we are spoken to in plain HTTP. */
  ours = normalize_authority (host, scheme);
  theirs = normalize_authority (authority + strlen ("://"), scheme);
  return *ours != '\0' && strcmp (ours, theirs) == 0;
}

gboolean
gr_ws_upgrade_check (SoupServerMessage *message, const char *const *allowed_origins, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *origin = soup_message_headers_get_list (headers, "Origin");
  g_autofree char *accept = gr_ws_accept_key (soup_message_headers_get_list (headers, "Sec-WebSocket-Key"));

  if (strcmp (soup_server_message_get_method (message), "GET") != 0
      || soup_server_message_get_http_version (message) != SOUP_HTTP_1_1)
    {
      gr_set_error (error, GR_ERROR_METHOD, NULL, "A WebSocket is opened with GET over HTTP/1.1");
      return FALSE;
    }

  if (!soup_message_headers_header_equals (headers, "Upgrade", "websocket")
      || !soup_message_headers_header_contains (headers, "Connection", "upgrade") || accept == NULL)
    {
      gr_set_error (error, GR_ERROR_MALFORMED, NULL, "The request does not ask for a WebSocket");
      return FALSE;
    }

  if (!soup_message_headers_header_equals (headers, "Sec-WebSocket-Version", "13"))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Sec-WebSocket-Version", "13");
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "Sec-WebSocket-Version", "Only version 13 is spoken here");
      return FALSE;
    }

  if (!gr_ws_origin_is_allowed (origin, soup_message_headers_get_one (headers, "Host"), allowed_origins))
    {
      gr_set_error (error, GR_ERROR_ORIGIN_FORBIDDEN, NULL, "Pages of %s may not connect here", origin);
      return FALSE;
    }

  return TRUE;
}

static void
on_wrote_informational (SoupServerMessage *message, gpointer user_data)
{
  Upgrade *upgrade = user_data;
  g_autoptr (SoupServerMessage) kept = g_object_ref (message);
  g_autoptr (GIOStream) stream = NULL;

  /* "100 Continue" is informational too. */
  if (soup_server_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;

  stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    upgrade->upgraded (gr_ws_connection_new (stream, &upgrade->limits), upgrade->user_data);
}

static void
upgrade_free (gpointer user_data, GClosure *closure)
{
  Upgrade *upgrade = user_data;

  if (upgrade->destroy != NULL)
    upgrade->destroy (upgrade->user_data);
  g_free (upgrade);
}

void
gr_ws_upgrade_accept (SoupServerMessage *message,
                      const GrWsLimits *limits,
                      GrWsUpgraded upgraded,
                      gpointer user_data,
                      GDestroyNotify destroy)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  g_autofree char *accept = gr_ws_accept_key (soup_message_headers_get_list (request, "Sec-WebSocket-Key"));
  Upgrade *upgrade = g_new (Upgrade, 1);

  *upgrade = (Upgrade){ *limits, upgraded, user_data, destroy };
  soup_server_message_set_status (message, SOUP_STATUS_SWITCHING_PROTOCOLS, NULL);
  soup_message_headers_replace (response, "Upgrade", "websocket");
  soup_message_headers_replace (response, "Connection", "Upgrade");
  soup_message_headers_replace (response, "Sec-WebSocket-Accept", accept);
  g_signal_connect_data (message, "wrote-informational", G_CALLBACK (on_wrote_informational), upgrade, upgrade_free, 0);
}
