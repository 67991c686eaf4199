/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fuzz target: tokens as they come, and payloads under a genuine signature. */
#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "base/jwt.h"

#define NOW (G_GINT64_CONSTANT (1795255200) * G_USEC_PER_SEC)
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static const GrJwtKey key = { .bytes = "0123456789abcdef0123456789abcde" };

static void
append_base64 (GString *text, const guint8 *bytes, gsize length)
{
  gsize size = sodium_base64_ENCODED_LEN (length, VARIANT);
  g_autofree char *encoded = g_malloc (size);

  g_string_append (text, sodium_bin2base64 (encoded, size, bytes, length, VARIANT));
}

/* Whatever is accepted says who, for what and until when, and signs to a token that is accepted again. */
static void
verify (const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrClaims) claims = gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW, &error);
  g_autoptr (GrClaims) again = NULL;
  g_autofree char *signed_again = NULL;

  if (claims == NULL)
    {
      g_assert_true (g_error_matches (error, GR_ERROR, GR_ERROR_TOKEN_INVALID)
                     || g_error_matches (error, GR_ERROR, GR_ERROR_TOKEN_EXPIRED));
      return;
    }

  g_assert_cmpstr (claims->aud, ==, GR_AUDIENCE_ACCESS);
  g_assert_nonnull (claims->sub);
  g_assert_cmpint (claims->exp, >, NOW);

  signed_again = gr_jwt_sign (&key, claims);
  again = gr_jwt_verify (&key, signed_again, GR_AUDIENCE_ACCESS, NOW, NULL);
  /* Escaping may make it longer than a token may be. */
  g_assert_true (again != NULL || strlen (signed_again) > GR_JWT_MAX_LENGTH);
  if (again != NULL)
    g_assert_cmpstr (again->name, ==, claims->name);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree char *token = g_strndup ((const char *) bytes, length);
  g_autoptr (GString) forged = g_string_new ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.");
  guint8 mac[crypto_auth_hmacsha256_BYTES];

  g_assert_cmpint (sodium_init (), >=, 0);
  verify (token);

  append_base64 (forged, bytes, length);
  crypto_auth_hmacsha256 (mac, (const guint8 *) forged->str, forged->len, key.bytes);
  g_string_append_c (forged, '.');
  append_base64 (forged, mac, sizeof mac);
  verify (forged->str);

  return 0;
}
