/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrListener: opens or inherits the listening sockets, accepts, counts connections (WebSockets among them) per address
 * and altogether, and hands each, guarded, to SoupServer. Owned by the application. Main thread. */
#pragma once

#include <libsoup/soup.h>

#include "http/guard.h"

G_BEGIN_DECLS

typedef struct
{
  guint per_address;  /* connections of one IPv4 address or IPv6 /64; beyond: 429 */
  guint total;        /* connections of the process; beyond: 503 */
  GPtrArray *proxies; /* networks (GInetAddressMask) whose peers stand for everyone: only totals bound them; or NULL */
  gsize large_bodies; /* bytes that all bodies together may take that are not small; beyond: 503 */
  gsize large_share;  /* of these, what those of one address may take; beyond: 429 */
  GrGuardSettings guard;
} GrListenerSettings;

/* An address may be that of an office behind NAT, hence the generous first number. */
#define GR_LISTENER_SETTINGS_DEFAULT                                                                                   \
  {                                                                                                                    \
    .per_address = 256, .total = 4096, .large_bodies = 128 * 1024 * 1024, .large_share = 48 * 1024 * 1024,             \
    .guard = GR_GUARD_SETTINGS_DEFAULT                                                                                 \
  }

#define GR_TYPE_LISTENER (gr_listener_get_type ())
G_DECLARE_FINAL_TYPE (GrListener, gr_listener, GR, LISTENER, GObject)

GrListener *gr_listener_new (SoupServer *server, const GrListenerSettings *settings);

/* Listens on the addresses in @text (gr_listen_parse() says how it is written); port 0 is any free one. Fails with
 * GR_ERROR_INVALID_INPUT or GR_ERROR_UNAVAILABLE; sockets opened before the failure stay. */
gboolean gr_listener_listen (GrListener *listener, const char *text, GError **error);

/* Takes the sockets that systemd passed (sd_listen_fds(3)), if any, and returns how many; -1 with an error. */
int gr_listener_inherit (GrListener *listener, GError **error);

/* The port of the first socket, 0 without one. */
guint16 gr_listener_get_port (GrListener *listener);

/* Connections that are open now. */
guint gr_listener_get_connections (GrListener *listener);

/* Accepts no more; idle connections end, busy ones after their response. WebSockets stay. */
void gr_listener_stop (GrListener *listener);

G_END_DECLS
