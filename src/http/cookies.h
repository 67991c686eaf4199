/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Cookie and Set-Cookie headers (RFC 6265), as little of them as a refresh token needs. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_COOKIES_MAX_BYTES 4096
#define GR_COOKIES_MAX_PAIRS 50

/* The value of the cookie @name in a Cookie @header (which may be NULL), or NULL if it is not there, there twice with
 * different values, not a cookie-value by the RFC's grammar, or the header is beyond the bounds above. */
char *gr_cookies_get (const char *header, const char *name);

/* How far a cookie goes. */
typedef enum
{
  GR_COOKIE_PLAIN,     /* SameSite=Lax */
  GR_COOKIE_SECURE,    /* likewise, over TLS only */
  GR_COOKIE_CROSS_SITE /* also with requests of pages of other sites; over TLS only, or browsers would not take it */
} GrCookieReach;

/* A Set-Cookie header value: HttpOnly, for @path and @max_age seconds (0 deletes the cookie). @name is a token and
 * @value a cookie-value. */
char *gr_cookies_build (const char *name, const char *value, const char *path, gint64 max_age, GrCookieReach reach);

G_END_DECLS
