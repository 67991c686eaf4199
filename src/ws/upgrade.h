/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The opening handshake (RFC 6455, section 4.2): from a request at SoupServer to a GrWsConnection. Main thread. */
#pragma once

#include <libsoup/soup.h>

#include "ws/connection.h"

G_BEGIN_DECLS

/* Gets the connection, which it then owns, once the 101 response is written. */
typedef void (*GrWsUpgraded) (GrWsConnection *connection, gpointer user_data);

/* Whether @origin may open a WebSocket at the server that was addressed as @host (the Host header): it names the same
 * host and port, or is in @allowed ("https://example.org"; NULL-terminated, may be NULL), or is NULL, which only
 * programs other than browsers send. */
gboolean gr_ws_origin_is_allowed (const char *origin, const char *host, const char *const *allowed);

/* Checks that @message asks for a WebSocket of version 13 from an allowed origin. Fails with GR_ERROR_METHOD,
 * GR_ERROR_MALFORMED, GR_ERROR_INVALID_INPUT (and sets Sec-WebSocket-Version in the response) or
 * GR_ERROR_ORIGIN_FORBIDDEN. */
gboolean gr_ws_upgrade_check (SoupServerMessage *message, const char *const *allowed_origins, GError **error);

/* Answers a checked @message with 101 and calls @upgraded when that is sent; if the client is gone before, only
 * @destroy is called for @user_data. */
void gr_ws_upgrade_accept (SoupServerMessage *message,
                           const GrWsLimits *limits,
                           GrWsUpgraded upgraded,
                           gpointer user_data,
                           GDestroyNotify destroy);

G_END_DECLS
