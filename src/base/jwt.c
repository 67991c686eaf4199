/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/jwt.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "base/json-writer.h"
#include "base/json.h"

/* {"alg":"HS256","typ":"JWT"}: the only header we write, so the only one we read. Nothing in a token chooses how
 * it is checked. */
#define HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
#define HEADER_LENGTH (sizeof HEADER - 1)

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define SIGNATURE_BYTES crypto_auth_hmacsha256_BYTES
#define SIGNATURE_LENGTH 43 /* 32 bytes in base64 */

#define SECONDS_MAX (G_MAXINT64 / G_USEC_PER_SEC)

G_STATIC_ASSERT (GR_JWT_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES);

static const GrJsonLimits payload_limits = {
  .max_size = GR_JWT_MAX_LENGTH,
  .max_depth = 2,
  .max_values = 32,
  .max_members = 16,
};

static gboolean
invalid (GError **error)
{
  gr_set_error (error, GR_ERROR_TOKEN_INVALID, NULL, "The token is not valid");
  return FALSE;
}

static void
append_base64 (GString *token, const guint8 *bytes, gsize n_bytes)
{
  gsize size = sodium_base64_ENCODED_LEN (n_bytes, VARIANT);
  g_autofree char *text = g_malloc (size);

  g_string_append (token, sodium_bin2base64 (text, size, bytes, n_bytes, VARIANT));
}

static void
sign (const GrJwtKey *key, const char *text, gsize length, guint8 signature[SIGNATURE_BYTES])
{
  crypto_auth_hmacsha256 (signature, (const guint8 *) text, length, key->bytes);
}

/* Whether the last part of @token is the signature of what stands before @dot. */
static gboolean
is_signed (const GrJwtKey *key, const char *token, const char *dot)
{
  guint8 expected[SIGNATURE_BYTES], given[SIGNATURE_BYTES];
  const char *end;
  gsize n_bytes;

  if (strlen (dot + 1) != SIGNATURE_LENGTH
      || sodium_base642bin (given, sizeof given, dot + 1, SIGNATURE_LENGTH, NULL, &n_bytes, &end, VARIANT) != 0
      || n_bytes != sizeof given || *end != '\0')
    return FALSE;

  sign (key, token, dot - token, expected);
  return sodium_memcmp (expected, given, sizeof expected) == 0;
}

/* The payload between @from and @dot as a JSON object, or NULL. */
static JsonNode *
parse_payload (const char *from, const char *dot)
{
  gsize n_bytes, length = dot - from;
  guint8 bytes[GR_JWT_MAX_LENGTH];
  g_autoptr (JsonNode) node = NULL;
  const char *end;

  if (sodium_base642bin (bytes, sizeof bytes, from, length, NULL, &n_bytes, &end, VARIANT) != 0 || end != dot)
    return NULL;

  node = gr_json_parse_limited ((const char *) bytes, n_bytes, &payload_limits, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  return g_steal_pointer (&node);
}

static GrClaims *
claims_from_payload (JsonObject *payload)
{
  g_autoptr (GrClaims) claims = g_new0 (GrClaims, 1);
  gint64 iat = gr_json_int (payload, "iat", 0);
  gint64 exp = gr_json_int (payload, "exp", 0);

  claims->sub = g_strdup (gr_json_string (payload, "sub"));
  claims->sid = g_strdup (gr_json_string (payload, "sid"));
  claims->role = g_strdup (gr_json_string (payload, "role"));
  claims->name = g_strdup (gr_json_string (payload, "name"));
  claims->aud = g_strdup (gr_json_string (payload, "aud"));

  if (claims->sub == NULL || claims->aud == NULL || iat < 0 || iat > SECONDS_MAX || exp <= 0 || exp > SECONDS_MAX)
    return NULL;

  claims->iat = iat * G_USEC_PER_SEC;
  claims->exp = exp * G_USEC_PER_SEC;
  return g_steal_pointer (&claims);
}

static void
write_optional (GrJsonWriter *json, const char *name, const char *value)
{
  if (value != NULL)
    gr_json_writer_string_member (json, name, value);
}

void
gr_claims_free (GrClaims *claims)
{
  g_free (claims->sub);
  g_free (claims->sid);
  g_free (claims->role);
  g_free (claims->name);
  g_free (claims->aud);
  g_free (claims);
}

char *
gr_jwt_sign (const GrJwtKey *key, const GrClaims *claims)
{
  g_autoptr (GString) payload = g_string_new (NULL);
  GString *token = g_string_new (HEADER);
  GrJsonWriter json = GR_JSON_WRITER (payload);
  guint8 signature[SIGNATURE_BYTES];

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "sub", claims->sub);
  write_optional (&json, "sid", claims->sid);
  write_optional (&json, "role", claims->role);
  write_optional (&json, "name", claims->name);
  gr_json_writer_string_member (&json, "aud", claims->aud);
  gr_json_writer_int_member (&json, "iat", claims->iat / G_USEC_PER_SEC);
  gr_json_writer_int_member (&json, "exp", claims->exp / G_USEC_PER_SEC);
  gr_json_writer_end_object (&json);

  append_base64 (token, (const guint8 *) payload->str, payload->len);
  sign (key, token->str, token->len, signature);
  g_string_append_c (token, '.');
  append_base64 (token, signature, sizeof signature);
  return g_string_free (token, FALSE);
}

GrClaims *
gr_jwt_verify (const GrJwtKey *key, const char *token, const char *audience, gint64 now, GError **error)
{
  g_autoptr (JsonNode) payload = NULL;
  g_autoptr (GrClaims) claims = NULL;
  const char *dot;

  if (token == NULL || strnlen (token, GR_JWT_MAX_LENGTH + 1) > GR_JWT_MAX_LENGTH
      || strncmp (token, HEADER, HEADER_LENGTH) != 0)
    return invalid (error), NULL;

  /* Nothing is decoded, let alone parsed, before the signature is right. */
  dot = strchr (token + HEADER_LENGTH, '.');
  if (dot == NULL || !is_signed (key, token, dot))
    return invalid (error), NULL;

  payload = parse_payload (token + HEADER_LENGTH, dot);
  claims = payload != NULL ? claims_from_payload (json_node_get_object (payload)) : NULL;
  if (claims == NULL || !g_str_equal (claims->aud, audience))
    return invalid (error), NULL;

  if (now >= claims->exp)
    {
      gr_set_error (error, GR_ERROR_TOKEN_EXPIRED, NULL, "The token has expired");
      return NULL;
    }

  return g_steal_pointer (&claims);
}
