/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrGuardStream: what stands between a client's socket and SoupServer, because libsoup bounds neither (FINDINGS.md).
 * libsoup gets a request's head only when it is whole and well framed, then exactly its body, and the next request
 * only when it asks for it. Everything else is refused here: a complete error response, then end of file for libsoup.
 * After a "101 Switching Protocols" it passes bytes through untouched. Owned by SoupServer's connection (and later by
 * whoever steals that). Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a body may be: of how many bytes, and how long it may take to come (0: as long as any request). */
typedef struct
{
  gsize bytes;
  guint ms;
} GrBodyBounds;

/* Of @method on @path (still percent-encoded, without query). */
typedef GrBodyBounds (*GrBodyBoundsFunc) (const char *method, const char *path, gpointer user_data);

/* What all bodies together that are longer than GR_GUARD_BODY_BYTES may take, since each is kept until it is answered.
 */
typedef struct
{
  gsize limit;
  gsize taken;
} GrBodyBudget;

typedef struct
{
  guint idle_ms;                      /* between requests, and before the first */
  guint header_ms;                    /* from the first byte of a head to its last: 408 */
  guint request_ms;                   /* from the first byte of a head to the body's last: 408 */
  guint stall_ms;                     /* of a response of which the client reads nothing: closed */
  const char *const *allowed_origins; /* whose pages may read a refusal; outlives the guard; or NULL */
  GrBodyBoundsFunc body_bounds;
  gpointer body_bounds_data;
  GrBodyBudget *budget; /* outlives the stream; NULL: no bound. Past it: 503 */
  GrBodyBudget *share;  /* of it, of who connects; likewise. Past it: 429 */
} GrGuardSettings;

#define GR_GUARD_SETTINGS_DEFAULT                                                                                      \
  {                                                                                                                    \
    .idle_ms = 60000, .header_ms = 10000, .request_ms = 30000, .stall_ms = 30000                                       \
  }

/* The limit of body bytes where settings name no function. */
#define GR_GUARD_BODY_BYTES (64 * 1024)

#define GR_TYPE_GUARD_STREAM (gr_guard_stream_get_type ())
G_DECLARE_FINAL_TYPE (GrGuardStream, gr_guard_stream, GR, GUARD_STREAM, GIOStream)

/* Guards @base, whose streams must be pollable. @closed is called with @user_data once, when the base is closed. */
GIOStream *
gr_guard_stream_new (GIOStream *base, const GrGuardSettings *settings, GDestroyNotify closed, gpointer user_data);

/* No further request: an idle connection ends now, a busy one after its response. Does not touch a WebSocket. */
void gr_guard_stream_drain (GrGuardStream *guard);

G_END_DECLS
