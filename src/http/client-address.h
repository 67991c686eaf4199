/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who a request really comes from, behind the reverse proxies that the operator trusts. Any thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The textual address of the client: @peer, unless that lies in one of @proxies (GInetAddressMask): then the last
 * address in @forwarded (the X-Forwarded-For header, or NULL) that does not. */
char *gr_client_address (GInetAddress *peer, GPtrArray *proxies, const char *forwarded);

/* Whether @peer is one of @proxies. */
gboolean gr_is_trusted_proxy (GInetAddress *peer, GPtrArray *proxies);

G_END_DECLS
