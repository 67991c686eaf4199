/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access and resume tokens: JWT (RFC 7519) with exactly one algorithm, HS256 (RFC 7518, section 3.2), and exactly the
 * claims below. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_JWT_KEY_BYTES 32
#define GR_JWT_MAX_LENGTH 2048

#define GR_AUDIENCE_ACCESS "access"
#define GR_AUDIENCE_RESUME "resume"

typedef struct
{
  guint8 bytes[GR_JWT_KEY_BYTES];
} GrJwtKey;

typedef struct
{
  char *sub;  /* user or participant id; mandatory */
  char *sid;  /* session id, or NULL */
  char *role; /* "user", "moderator", "admin", "guest", or NULL */
  char *name; /* display name, or NULL */
  char *aud;  /* GR_AUDIENCE_...; mandatory */
  gint64 iat; /* microseconds, like every time in the program; whole seconds in the token */
  gint64 exp; /* likewise; mandatory */
} GrClaims;

void gr_claims_free (GrClaims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrClaims, gr_claims_free)

/* The compact serialisation of @claims. */
char *gr_jwt_sign (const GrJwtKey *key, const GrClaims *claims);

/* The claims of @token, if @key signed it for @audience and it has not expired at @now (microseconds).
 * GR_ERROR_TOKEN_EXPIRED for a genuine one that has, GR_ERROR_TOKEN_INVALID for all else. */
GrClaims *gr_jwt_verify (const GrJwtKey *key, const char *token, const char *audience, gint64 now, GError **error);

G_END_DECLS
