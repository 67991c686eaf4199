/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrRouter: from a SoupServer's messages to handlers and back. It gives each request an id, tells static files,
 * WebSockets and API apart, limits rates, finds the operation, and has a pool thread authenticate, validate and run
 * it. Owned by the composition root. Main thread. */
#pragma once

#include <libsoup/soup.h>

#include "base/pool.h"
#include "http/guard.h"
#include "http/request.h"
#include "http/static.h"

G_BEGIN_DECLS

#define GR_TYPE_ROUTER (gr_router_get_type ())
G_DECLARE_FINAL_TYPE (GrRouter, gr_router, GR, ROUTER, GObject)

/* Answers a WebSocket handshake on /ws, or says why not. @address is the client's, behind trusted proxies. */
typedef gboolean (*GrUpgradeFunc) (SoupServerMessage *message, const char *address, gpointer user_data, GError **error);

/* The pools that handlers run on: what hashes passwords, what waits for the image worker, and all else. */
typedef struct
{
  GrPool *requests;
  GrPool *sign_ins;
  GrPool *uploads;
} GrRouterPools;

/* Serves @server's requests. Everything given outlives the router. @files: NULL where there is no client to serve. */
GrRouter *gr_router_new (SoupServer *server, const GrServices *services, GrStatic *files, const GrRouterPools *pools);

void gr_router_set_upgrade (GrRouter *router, GrUpgradeFunc func, gpointer user_data);

/* What a body for @method on @path may be: a GrBodyBoundsFunc for the listener. */
GrBodyBounds gr_router_body_bounds (const char *method, const char *path, gpointer user_data);

/* The operation that @method on the encoded @path means, with the path's decoded parameters in *@values (g_strfreev());
 * NULL if there is none, and then *@other_method says whether another method would do. */
const GrContractRoute *gr_router_match (const char *method, const char *path, char ***values, gboolean *other_method);

G_END_DECLS
