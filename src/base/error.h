/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one error domain. Every code has a stable snake_case name, an HTTP status and a D-Bus name, translated
 * once at the edge by gr_error_traits(). An error may name the input field that caused it. Any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define GR_ERROR (gr_error_quark ())

typedef enum
{
  GR_ERROR_INTERNAL,          /* 500: our fault; the message goes to the log, not to the client */
  GR_ERROR_INVALID_INPUT,     /* 400: names the field where one is to blame */
  GR_ERROR_MALFORMED,         /* 400: not JSON, not HTTP, not a frame */
  GR_ERROR_UNAUTHENTICATED,   /* 401: no token */
  GR_ERROR_TOKEN_INVALID,     /* 401: forged, malformed or revoked */
  GR_ERROR_TOKEN_EXPIRED,     /* 401: refresh and try again */
  GR_ERROR_BAD_CREDENTIALS,   /* 401: e-mail or password is wrong */
  GR_ERROR_FORBIDDEN,         /* 403 */
  GR_ERROR_ORIGIN_FORBIDDEN,  /* 403: foreign Origin */
  GR_ERROR_BANNED,            /* 403 */
  GR_ERROR_INVITE_REQUIRED,   /* 403: a private room and no valid invite */
  GR_ERROR_NOT_FOUND,         /* 404 */
  GR_ERROR_METHOD,            /* 405 */
  GR_ERROR_TIMEOUT,           /* 408: the client was too slow */
  GR_ERROR_CONFLICT,          /* 409: the state does not allow it */
  GR_ERROR_EMAIL_TAKEN,       /* 409 */
  GR_ERROR_NAME_TAKEN,        /* 409 */
  GR_ERROR_SLUG_TAKEN,        /* 409 */
  GR_ERROR_ROOM_FULL,         /* 409 */
  GR_ERROR_QUOTA_EXCEEDED,    /* 409: no more of these for this account */
  GR_ERROR_INVITE_EXPIRED,    /* 410 */
  GR_ERROR_LENGTH_REQUIRED,   /* 411 */
  GR_ERROR_TOO_LARGE,         /* 413 */
  GR_ERROR_UNSUPPORTED,       /* 415: media type */
  GR_ERROR_ROOM_LOCKED,       /* 423 */
  GR_ERROR_RATE_LIMITED,      /* 429 */
  GR_ERROR_HEADERS_TOO_LARGE, /* 431 */
  GR_ERROR_BUSY,              /* 503: a queue is full; try again */
  GR_ERROR_UNAVAILABLE,       /* 503: something we depend on is down */
  GR_ERROR_LAST
} GrErrorCode;

typedef struct
{
  const char *name;      /* "room_full" */
  guint status;          /* 409 */
  const char *dbus_name; /* "org.greenroom.Error.RoomFull" */
} GrErrorTraits;

GQuark gr_error_quark (void);

/* Traits of @error: of its code in our domain, of GR_ERROR_INTERNAL for any other domain. */
const GrErrorTraits *gr_error_traits (const GError *error);

/* Traits of @code; GR_ERROR_INTERNAL's if out of range. */
const GrErrorTraits *gr_error_code_traits (GrErrorCode code);

/* Sets *@error (which may be NULL) to @code with a message for people and, if @field is not NULL, the name of
 * the input at fault, such as "email" or "items.3.title". */
void gr_set_error (GError **error, GrErrorCode code, const char *field, const char *format, ...) G_GNUC_PRINTF (4, 5);

/* The field at fault, owned by @error, or NULL. */
const char *gr_error_get_field (const GError *error);

G_END_DECLS
