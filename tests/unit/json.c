/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/json and base/json-scan: what RFC 8259 allows passes, all else stops before json-glib. */
#include <string.h>

#include "base/error.h"
#include "base/json.h"

/* A literal with its length, so that a case may hold NUL. */
#define TEXT(literal)                                                                                                  \
  {                                                                                                                    \
    literal, sizeof (literal) - 1                                                                                      \
  }

typedef struct
{
  const char *text;
  gsize length;
} Text;

static const Text good[] = {
  TEXT ("null"),
  TEXT ("true"),
  TEXT (" \t\r\n false \n"),
  TEXT ("0"),
  TEXT ("-0"),
  TEXT ("1E5"),
  TEXT ("1e+05"),
  TEXT ("-12.50e-3"),
  TEXT ("9223372036854775807"),
  TEXT ("-9223372036854775808"),
  TEXT ("1e308"),
  TEXT ("\"\""),
  TEXT ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
  TEXT ("\"\\u00e9\\uD83D\\uDE00\""),
  TEXT ("\"\xc3\xa9 \xf0\x9f\x98\x80\""),
  TEXT ("\"\x7f\""),
  TEXT ("[]"),
  TEXT ("{}"),
  TEXT ("[ ]"),
  TEXT ("{ }"),
  TEXT ("[1,2, [3] ,{\"a\":4}]"),
  TEXT ("{\"a\":{\"a\":1},\"b\":{\"a\":2}}"),
  TEXT ("{ \"a\" : [ ] , \"A\" : null }"),
};

static const Text bad[] = {
  TEXT (""),
  TEXT (" "),
  TEXT ("nul"),
  TEXT ("nulll"),
  TEXT ("True"),
  TEXT ("NaN"),
  TEXT ("Infinity"),
  TEXT ("-Infinity"),
  TEXT ("undefined"),
  TEXT ("01"),
  TEXT ("-01"),
  TEXT ("+1"),
  TEXT ("-"),
  TEXT (".5"),
  TEXT ("5."),
  TEXT ("1e"),
  TEXT ("1e+"),
  TEXT ("0x10"),
  TEXT ("0b1"),
  TEXT ("1_000"),
  TEXT ("1e309"),
  TEXT ("-1e999"),
  TEXT ("9223372036854775808"),
  TEXT ("-9223372036854775809"),
  TEXT ("18446744073709551616"),
  TEXT ("0.00000000000000000000000000000000000000000000000000000000000000001"),
  TEXT ("'a'"),
  TEXT ("\""),
  TEXT ("\"a"),
  TEXT ("\"\\"),
  TEXT ("\"\\\""),
  TEXT ("\"\\x41\""),
  TEXT ("\"\\'\""),
  TEXT ("\"\\u12\""),
  TEXT ("\"\\u12g4\""),
  TEXT ("\"\\u0000\""),
  TEXT ("\"\\uD800\""),
  TEXT ("\"\\uD800x\""),
  TEXT ("\"\\uD800\\n\""),
  TEXT ("\"\\uD800\\u0041\""),
  TEXT ("\"\\uDC00\""),
  TEXT ("\"\\uDC00\\uD800\""),
  TEXT ("\"\n\""),
  TEXT ("\"\t\""),
  TEXT ("\"\x01\""),
  TEXT ("\"\0\""),
  TEXT ("null\0"),
  TEXT ("\"\xff\""),
  TEXT ("\"\xc0\x80\""),
  TEXT ("\"\xed\xa0\x80\""),
  TEXT ("\"\xf4\x90\x80\x80\""),
  TEXT ("\"\xc3\""),
  TEXT ("\xef\xbb\xbf{}"),
  TEXT ("["),
  TEXT ("]"),
  TEXT ("[1"),
  TEXT ("[1,"),
  TEXT ("[1,]"),
  TEXT ("[,1]"),
  TEXT ("[1 2]"),
  TEXT ("[1}"),
  TEXT ("{"),
  TEXT ("{\"a\""),
  TEXT ("{\"a\":"),
  TEXT ("{\"a\":}"),
  TEXT ("{\"a\":1,}"),
  TEXT ("{,}"),
  TEXT ("{a:1}"),
  TEXT ("{'a':1}"),
  TEXT ("{1:1}"),
  TEXT ("{\"a\" 1}"),
  TEXT ("{\"a\":1]"),
  TEXT ("{\"a\":1 \"b\":2}"),
  TEXT ("{\"a\":1,\"a\":2}"),
  TEXT ("{\"a\":1,\"\\u0061\":2}"),
  TEXT ("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}"),
  TEXT ("{\"a\":{\"b\":1,\"b\":2}}"),
  TEXT ("{\"a\":[{\"x\":1}],\"b\":1,\"a\":2}"),
  TEXT ("// comment\n1"),
  TEXT ("/* comment */1"),
  TEXT ("# comment\n1"),
  TEXT ("[1 /* comment */]"),
  TEXT ("1 2"),
  TEXT ("{} {}"),
  TEXT ("{};"),
  TEXT ("var x = 1;"),
  TEXT ("\xc2\xa0"
        "1"),
  TEXT ("\f1"),
};

static void
test_good (void)
{
  g_test_summary ("Everything that RFC 8259 allows is read");

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = NULL;

      g_assert_true (gr_json_scan (good[i].text, good[i].length, NULL, &error));
      g_assert_no_error (error);
      node = gr_json_parse (good[i].text, good[i].length, &error);
      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
}

static void
test_bad (void)
{
  g_test_summary ("What RFC 8259 does not allow, or json-glib would misread, is malformed");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      /* A copy of the exact size, so that ASan sees a read past the end. */
      g_autofree char *text = g_memdup2 (bad[i].text, bad[i].length);
      g_autofree char *shown = g_strescape (bad[i].text, NULL);

      g_test_message ("%s", shown);
      g_assert_null (gr_json_parse (text, bad[i].length, &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_MALFORMED);
    }
}

static void
test_prefixes (void)
{
  static const char text[] = "{\"a\":[1,-2.5e3,\"x\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":null,\"d\":true}}";

  g_test_summary ("No beginning of a text is taken for the text");

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autofree char *prefix = g_memdup2 (text, length);

      g_assert_false (gr_json_scan (prefix, length, NULL, NULL));
    }
  g_assert_true (gr_json_scan (text, sizeof text - 1, NULL, NULL));
}

static void
test_values (void)
{
  static const char text[] = "{\"min\":-9223372036854775808,\"big\":9007199254740993,\"exp\":1E3,\"neg\":-0.5,"
                             "\"text\":\"a\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\",\"whole\":3.0,\"null\":null}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = gr_json_parse (text, sizeof text - 1, &error);
  JsonObject *object;

  g_test_summary ("json-glib reads the same values that were scanned");

  g_assert_no_error (error);
  object = json_node_get_object (node);
  g_assert_cmpint (gr_json_int (object, "min", 0), ==, G_MININT64);
  g_assert_cmpint (gr_json_int (object, "big", 0), ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_cmpfloat (json_object_get_double_member (object, "exp"), ==, 1000);
  g_assert_cmpfloat (json_object_get_double_member (object, "neg"), ==, -0.5);
  g_assert_cmpstr (gr_json_string (object, "text"), ==, "a\xc3\xa9\xf0\x9f\x98\x80/\b\f\n");
  g_assert_cmpint (gr_json_int (object, "whole", 0), ==, 3);
}

static void
test_depth (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *open = g_strnfill (32, '[');
  g_autofree char *close = g_strnfill (32, ']');
  g_autofree char *allowed = g_strconcat (open, close, NULL);
  g_autofree char *refused = g_strconcat ("[", open, close, "]", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("Depth 32 passes and 33 does not; 100,000 brackets end nothing but the request");

  g_assert_true (gr_json_scan (allowed, strlen (allowed), NULL, NULL));
  g_assert_false (gr_json_scan (refused, strlen (refused), NULL, NULL));
  g_assert_null (gr_json_parse (deep, strlen (deep), &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_MALFORMED);
  g_assert_cmpstr (error->message, ==, "This is not valid JSON: it is nested too deeply at byte 32");
}

static void
test_limits (void)
{
  static const GrJsonLimits limits = { .max_size = 20, .max_depth = 2, .max_values = 4, .max_members = 2 };
  static const struct
  {
    const char *text;
    int code; /* -1: fits */
  } cases[] = {
    { "[1,2,3]", -1 },
    { "[1,2,3,4]", GR_ERROR_MALFORMED },
    { "[[1]]", -1 },
    { "[[[1]]]", GR_ERROR_MALFORMED },
    { "{\"a\":1,\"b\":2}", -1 },
    { "{\"a\":1,\"b\":2,\"c\":3}", GR_ERROR_MALFORMED },
    { "\"123456789012345678\"", -1 },
    { "\"1234567890123456789\"", GR_ERROR_TOO_LARGE },
  };

  g_test_summary ("Size, depth, values and members are bounded");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      if (gr_json_scan (cases[i].text, strlen (cases[i].text), &limits, &error))
        g_assert_cmpint (cases[i].code, ==, -1);
      else
        g_assert_error (error, GR_ERROR, cases[i].code);
    }
}

static void
test_offset (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "{\"a\":1,\"a\":2}", "This is not valid JSON: a member name comes twice at byte 7" },
    { "[1,]", "This is not valid JSON: a value is missing at byte 3" },
    { "\"\xff\"", "This is not valid JSON: it is not UTF-8 at byte 1" },
    { "[1] x", "This is not valid JSON: something follows the value at byte 4" },
  };

  g_test_summary ("The error names the byte");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (gr_json_scan (cases[i].text, strlen (cases[i].text), NULL, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_getters (void)
{
  static const char text[] = "{\"s\":\"x\",\"i\":5,\"b\":true,\"n\":null,\"o\":{},\"a\":[1],\"huge\":1e300}";
  g_autoptr (JsonNode) node = gr_json_parse (text, sizeof text - 1, NULL);
  JsonObject *object = json_node_get_object (node);

  g_test_summary ("A getter falls back where the member is absent, null or of another type");

  g_assert_cmpstr (gr_json_string (object, "s"), ==, "x");
  g_assert_null (gr_json_string (object, "i"));
  g_assert_null (gr_json_string (object, "n"));
  g_assert_null (gr_json_string (object, "o"));
  g_assert_null (gr_json_string (object, "absent"));
  g_assert_cmpint (gr_json_int (object, "i", 9), ==, 5);
  g_assert_cmpint (gr_json_int (object, "s", 9), ==, 9);
  g_assert_cmpint (gr_json_int (object, "n", 9), ==, 9);
  g_assert_cmpint (gr_json_int (object, "huge", 9), ==, 9);
  g_assert_true (gr_json_bool (object, "b", FALSE));
  g_assert_true (gr_json_bool (object, "i", TRUE));
  g_assert_false (gr_json_bool (object, "absent", FALSE));
  g_assert_nonnull (gr_json_object (object, "o"));
  g_assert_null (gr_json_object (object, "a"));
  g_assert_cmpuint (json_array_get_length (gr_json_array (object, "a")), ==, 1);
  g_assert_true (gr_json_has (object, "n"));
  g_assert_false (gr_json_has (object, "absent"));
}

static void
test_text (void)
{
  static const char text[] = "{\"a\":[1,\"x\",null,true,1e+308,{}],\"b\":\"é\"}";
  g_autoptr (JsonNode) node = gr_json_parse (text, sizeof text - 1, NULL);
  g_autofree char *written = gr_json_text (node);

  g_test_summary ("A tree is written back as compact text");

  g_assert_cmpstr (written, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/reads-rfc-8259", test_good);
  g_test_add_func ("/json/refuses-all-else", test_bad);
  g_test_add_func ("/json/refuses-every-prefix", test_prefixes);
  g_test_add_func ("/json/values-arrive-unchanged", test_values);
  g_test_add_func ("/json/depth-is-bounded", test_depth);
  g_test_add_func ("/json/limits-hold", test_limits);
  g_test_add_func ("/json/errors-name-the-byte", test_offset);
  g_test_add_func ("/json/getters-fall-back", test_getters);
  g_test_add_func ("/json/writes-compact-text", test_text);
  return g_test_run ();
}
