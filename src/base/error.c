/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"

typedef struct
{
  char *field;
} GrErrorPrivate;

static const GrErrorTraits traits[GR_ERROR_LAST] = {
  [GR_ERROR_INTERNAL] = { "internal", 500, "org.greenroom.Error.Internal" },
  [GR_ERROR_INVALID_INPUT] = { "invalid_input", 400, "org.greenroom.Error.InvalidInput" },
  [GR_ERROR_MALFORMED] = { "malformed", 400, "org.greenroom.Error.Malformed" },
  [GR_ERROR_UNAUTHENTICATED] = { "unauthenticated", 401, "org.greenroom.Error.Unauthenticated" },
  [GR_ERROR_TOKEN_INVALID] = { "token_invalid", 401, "org.greenroom.Error.TokenInvalid" },
  [GR_ERROR_TOKEN_EXPIRED] = { "token_expired", 401, "org.greenroom.Error.TokenExpired" },
  [GR_ERROR_BAD_CREDENTIALS] = { "bad_credentials", 401, "org.greenroom.Error.BadCredentials" },
  [GR_ERROR_FORBIDDEN] = { "forbidden", 403, "org.greenroom.Error.Forbidden" },
  [GR_ERROR_ORIGIN_FORBIDDEN] = { "origin_forbidden", 403, "org.greenroom.Error.OriginForbidden" },
  [GR_ERROR_BANNED] = { "banned", 403, "org.greenroom.Error.Banned" },
  [GR_ERROR_INVITE_REQUIRED] = { "invite_required", 403, "org.greenroom.Error.InviteRequired" },
  [GR_ERROR_NOT_FOUND] = { "not_found", 404, "org.greenroom.Error.NotFound" },
  [GR_ERROR_METHOD] = { "method_not_allowed", 405, "org.greenroom.Error.MethodNotAllowed" },
  [GR_ERROR_TIMEOUT] = { "timeout", 408, "org.greenroom.Error.Timeout" },
  [GR_ERROR_CONFLICT] = { "conflict", 409, "org.greenroom.Error.Conflict" },
  [GR_ERROR_EMAIL_TAKEN] = { "email_taken", 409, "org.greenroom.Error.EmailTaken" },
  [GR_ERROR_NAME_TAKEN] = { "name_taken", 409, "org.greenroom.Error.NameTaken" },
  [GR_ERROR_SLUG_TAKEN] = { "slug_taken", 409, "org.greenroom.Error.SlugTaken" },
  [GR_ERROR_ROOM_FULL] = { "room_full", 409, "org.greenroom.Error.RoomFull" },
  [GR_ERROR_QUOTA_EXCEEDED] = { "quota_exceeded", 409, "org.greenroom.Error.QuotaExceeded" },
  [GR_ERROR_INVITE_EXPIRED] = { "invite_expired", 410, "org.greenroom.Error.InviteExpired" },
  [GR_ERROR_LENGTH_REQUIRED] = { "length_required", 411, "org.greenroom.Error.LengthRequired" },
  [GR_ERROR_TOO_LARGE] = { "too_large", 413, "org.greenroom.Error.TooLarge" },
  [GR_ERROR_UNSUPPORTED] = { "unsupported_media_type", 415, "org.greenroom.Error.UnsupportedMediaType" },
  [GR_ERROR_ROOM_LOCKED] = { "room_locked", 423, "org.greenroom.Error.RoomLocked" },
  [GR_ERROR_RATE_LIMITED] = { "rate_limited", 429, "org.greenroom.Error.RateLimited" },
  [GR_ERROR_HEADERS_TOO_LARGE] = { "headers_too_large", 431, "org.greenroom.Error.HeadersTooLarge" },
  [GR_ERROR_BUSY] = { "busy", 503, "org.greenroom.Error.Busy" },
  [GR_ERROR_UNAVAILABLE] = { "unavailable", 503, "org.greenroom.Error.Unavailable" },
};

static void
gr_error_private_init (GrErrorPrivate *priv)
{
}

static void
gr_error_private_copy (const GrErrorPrivate *source, GrErrorPrivate *copy)
{
  copy->field = g_strdup (source->field);
}

static void
gr_error_private_clear (GrErrorPrivate *priv)
{
  g_free (priv->field);
}

G_DEFINE_EXTENDED_ERROR (GrError, gr_error)

const GrErrorTraits *
gr_error_code_traits (GrErrorCode code)
{
  return &traits[(guint) code < GR_ERROR_LAST ? code : GR_ERROR_INTERNAL];
}

const GrErrorTraits *
gr_error_traits (const GError *error)
{
  return gr_error_code_traits (error->domain == GR_ERROR ? (GrErrorCode) error->code : GR_ERROR_INTERNAL);
}

void
gr_set_error (GError **error, GrErrorCode code, const char *field, const char *format, ...)
{
  va_list arguments;

  if (error == NULL)
    return;

  va_start (arguments, format);
  *error = g_error_new_valist (GR_ERROR, code, format, arguments);
  va_end (arguments);

  if (field != NULL)
    gr_error_get_private (*error)->field = g_strdup (field);
}

const char *
gr_error_get_field (const GError *error)
{
  if (error->domain != GR_ERROR)
    return NULL;

  return gr_error_get_private (error)->field;
}
