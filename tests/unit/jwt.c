/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/jwt. */
#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "base/jwt.h"

#define NOW (G_GINT64_CONSTANT (1795255200) * G_USEC_PER_SEC)
#define HEADER "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

static const GrJwtKey key = { .bytes = "0123456789abcdef0123456789abcde" };
static const GrJwtKey other_key = { .bytes = "fedcba9876543210fedcba987654321" };

static char *
encode (const char *text)
{
  gsize size = sodium_base64_ENCODED_LEN (strlen (text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);

  return sodium_bin2base64 (g_malloc (size), size, (const guint8 *) text, strlen (text),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A token with a genuine signature over whatever @header and @payload say. */
static char *
forge (const char *header, const char *payload)
{
  g_autofree char *head = encode (header);
  g_autofree char *body = encode (payload);
  g_autofree char *text = g_strdup_printf ("%s.%s", head, body);
  guint8 mac[crypto_auth_hmacsha256_BYTES];
  char signature[44];

  crypto_auth_hmacsha256 (mac, (const guint8 *) text, strlen (text), key.bytes);
  sodium_bin2base64 (signature, sizeof signature, mac, sizeof mac, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return g_strdup_printf ("%s.%s", text, signature);
}

static char *
genuine (void)
{
  GrClaims claims = { .sub = (char *) "u1", .aud = (char *) "access", .iat = NOW, .exp = NOW + G_USEC_PER_SEC };

  return gr_jwt_sign (&key, &claims);
}

static void
assert_refused (const char *token, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW, &error));
  g_assert_error (error, GR_ERROR, code);
}

static void
test_round_trip (void)
{
  GrClaims claims = { .sub = (char *) "user-1",
                      .sid = (char *) "session-1",
                      .role = (char *) "admin",
                      .name = (char *) "Олена \"О\" 😀",
                      .aud = (char *) "access",
                      .iat = NOW,
                      .exp = NOW + 900 * G_USEC_PER_SEC };
  g_autofree char *token = gr_jwt_sign (&key, &claims);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrClaims) read = gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW, &error);

  g_test_summary ("A token gives back the claims it was made of");

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (token, HEADER "."));
  g_assert_cmpstr (read->sub, ==, claims.sub);
  g_assert_cmpstr (read->sid, ==, claims.sid);
  g_assert_cmpstr (read->role, ==, claims.role);
  g_assert_cmpstr (read->name, ==, claims.name);
  g_assert_cmpstr (read->aud, ==, claims.aud);
  g_assert_cmpint (read->iat, ==, claims.iat);
  g_assert_cmpint (read->exp, ==, claims.exp);
}

static void
test_known_answer (void)
{
  /* Computed with Python's hmac module. */
  static const char token[] = HEADER
      ".eyJzdWIiOiJ1MSIsImF1ZCI6ImFjY2VzcyIsImlhdCI6MSwiZXhwIjoyfQ.dshEdhQ94Kv11J7iNpoAmezBmba6RlJkjrSL1i8hdQA";
  GrClaims claims = { .sub = (char *) "u1", .aud = (char *) "access", .iat = 1000000, .exp = 2000000 };
  g_autofree char *made = gr_jwt_sign (&key, &claims);

  g_test_summary ("The signature is HMAC-SHA256 as another implementation computes it");

  g_assert_cmpstr (made, ==, token);
}

static void
test_optional (void)
{
  g_autofree char *token = genuine ();
  g_autoptr (GrClaims) claims = gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW, NULL);

  g_test_summary ("Claims that were not given are NULL");

  g_assert_nonnull (claims);
  g_assert_null (claims->sid);
  g_assert_null (claims->role);
  g_assert_null (claims->name);
}

static void
test_expiry (void)
{
  g_autofree char *token = genuine ();
  g_autoptr (GrClaims) last = gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW + G_USEC_PER_SEC - 1, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("A token is good until, and not at, its expiry");

  g_assert_nonnull (last);
  g_assert_null (gr_jwt_verify (&key, token, GR_AUDIENCE_ACCESS, NOW + G_USEC_PER_SEC, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_EXPIRED);
}

static void
test_foreign_key (void)
{
  g_autofree char *token = genuine ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("Another key's signature is not valid, expired or not");

  g_assert_null (gr_jwt_verify (&other_key, token, GR_AUDIENCE_ACCESS, NOW + 9 * G_USEC_PER_SEC, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
}

static void
test_audience (void)
{
  g_autofree char *token = genuine ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("An access token does not resume a seat");

  g_assert_null (gr_jwt_verify (&key, token, GR_AUDIENCE_RESUME, NOW, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_TOKEN_INVALID);
}

static void
test_every_byte (void)
{
  g_autofree char *token = genuine ();

  g_test_summary ("Changing, dropping or adding any byte makes a token invalid");

  for (gsize i = 0; token[i] != '\0'; i++)
    for (guint bit = 0; bit < 7; bit++)
      {
        g_autofree char *changed = g_strdup (token);

        changed[i] ^= 1 << bit;
        assert_refused (changed, GR_ERROR_TOKEN_INVALID);
      }

  for (gsize length = 0; length < strlen (token); length++)
    {
      g_autofree char *shorter = g_strndup (token, length);
      g_autofree char *longer = g_strdup_printf ("%.*sA%s", (int) length, token, token + length);

      assert_refused (shorter, GR_ERROR_TOKEN_INVALID);
      assert_refused (longer, GR_ERROR_TOKEN_INVALID);
    }
}

static void
test_headers (void)
{
  static const char payload[] = "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1795255200,\"exp\":1795255300}";
  static const char *const headers[] = {
    "{\"alg\":\"none\"}",
    "{\"alg\":\"none\",\"typ\":\"JWT\"}",
    "{\"alg\":\"HS512\",\"typ\":\"JWT\"}",
    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}",
    "{\"alg\":\"hs256\",\"typ\":\"JWT\"}",
    "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"/dev/null\"}",
    "{\"alg\":\"HS256\",\"typ\":\"JWT\"} ",
    "",
  };
  g_autofree char *control = forge ("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload);
  g_autoptr (GrClaims) claims = gr_jwt_verify (&key, control, GR_AUDIENCE_ACCESS, NOW, NULL);

  g_test_summary ("No header but ours is accepted, not even with the right signature");

  g_assert_nonnull (claims);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *token = forge (headers[i], payload);

      assert_refused (token, GR_ERROR_TOKEN_INVALID);
    }
}

static void
test_payloads (void)
{
  static const char *const payloads[] = {
    "",
    "null",
    "[]",
    "{}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":null}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":\"1795255300\"}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":-1}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":9223372036854775807}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":-1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":1e400}",
    "{\"aud\":\"access\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":1,\"aud\":\"access\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"aud\":[\"access\"],\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"aud\":\"Access\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"sub\":\"u2\",\"aud\":\"access\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\\u0000\",\"aud\":\"access\",\"iat\":1,\"exp\":1795255300}",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":1795255300} x",
    "{\"sub\":\"u1\",\"aud\":\"access\",\"iat\":1,\"exp\":1795255300,\"x\":[[[1]]]}",
  };

  g_test_summary ("A genuine token without the claims it needs is not valid");

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *token = forge ("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payloads[i]);

      assert_refused (token, GR_ERROR_TOKEN_INVALID);
    }
}

static void
test_shapes (void)
{
  static const char *const tokens[]
      = { NULL, "", ".", "..", "...", HEADER, HEADER ".", HEADER "..", HEADER "...", "x" };
  g_autofree char *name = g_strnfill (2000, 'n');
  GrClaims claims
      = { .sub = (char *) "u1", .name = name, .aud = (char *) "access", .iat = NOW, .exp = NOW + G_USEC_PER_SEC };
  g_autofree char *too_long = gr_jwt_sign (&key, &claims);
  g_autofree char *padded = genuine ();
  g_autofree char *with_padding = g_strconcat (padded, "=", NULL);
  g_autofree char *with_newline = g_strconcat (padded, "\n", NULL);

  g_test_summary ("What is not three parts, or longer than 2 KiB, is not valid");

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    assert_refused (tokens[i], GR_ERROR_TOKEN_INVALID);
  assert_refused (too_long, GR_ERROR_TOKEN_INVALID);
  assert_refused (with_padding, GR_ERROR_TOKEN_INVALID);
  assert_refused (with_newline, GR_ERROR_TOKEN_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/jwt/gives-back-its-claims", test_round_trip);
  g_test_add_func ("/jwt/is-hmac-sha256", test_known_answer);
  g_test_add_func ("/jwt/optional-claims-are-null", test_optional);
  g_test_add_func ("/jwt/expires", test_expiry);
  g_test_add_func ("/jwt/foreign-keys-are-refused", test_foreign_key);
  g_test_add_func ("/jwt/audiences-do-not-mix", test_audience);
  g_test_add_func ("/jwt/every-byte-counts", test_every_byte);
  g_test_add_func ("/jwt/header-is-pinned", test_headers);
  g_test_add_func ("/jwt/claims-are-mandatory", test_payloads);
  g_test_add_func ("/jwt/shape-and-size-are-bounded", test_shapes);
  return g_test_run ();
}
