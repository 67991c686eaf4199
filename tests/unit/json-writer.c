/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/json-writer: what it writes passes our own strict scan and reads back the same. */
#include <math.h>

#include "base/json-writer.h"
#include "base/json.h"

static void
test_structure (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  g_test_summary ("Nested objects and arrays get their commas right");

  gr_json_writer_begin_object (&json);
  gr_json_writer_string_member (&json, "type", "joined");
  gr_json_writer_begin_array_member (&json, "people");
  gr_json_writer_begin_object (&json);
  gr_json_writer_int_member (&json, "n", G_MININT64);
  gr_json_writer_bool_member (&json, "muted", TRUE);
  gr_json_writer_end_object (&json);
  gr_json_writer_begin_object (&json);
  gr_json_writer_end_object (&json);
  gr_json_writer_int (&json, 3);
  gr_json_writer_bool (&json, FALSE);
  gr_json_writer_string (&json, NULL);
  gr_json_writer_end_array (&json);
  gr_json_writer_begin_object_member (&json, "empty");
  gr_json_writer_end_object (&json);
  gr_json_writer_null_member (&json, "next");
  gr_json_writer_raw_member (&json, "raw", "[1]");
  gr_json_writer_double_member (&json, "level", -0.5);
  gr_json_writer_time_member (&json, "at", 1000);
  gr_json_writer_time_member (&json, "never", 0);
  gr_json_writer_end_object (&json);

  g_assert_cmpstr (text->str, ==,
                   "{\"type\":\"joined\",\"people\":[{\"n\":-9223372036854775808,\"muted\":true},{},3,false,null],"
                   "\"empty\":{},\"next\":null,\"raw\":[1],\"level\":-0.5,\"at\":\"1970-01-01T00:00:00.001Z\","
                   "\"never\":null}");
  g_assert_true (gr_json_scan (text->str, text->len, NULL, NULL));
}

static void
test_strings (void)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  GrJsonWriter json = GR_JSON_WRITER (text);

  g_test_summary ("Every character of a string survives, control characters escaped");

  for (guint c = 1; c < 0x250; c++)
    g_string_append_unichar (all, c);
  g_string_append (all, "😀</script>");

  gr_json_writer_string (&json, all->str);
  node = gr_json_parse (text->str, text->len, NULL);
  g_assert_nonnull (node);
  g_assert_cmpstr (json_node_get_string (node), ==, all->str);
}

static void
test_not_utf8 (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);

  g_test_summary ("What is not UTF-8 is replaced, so that the text as a whole stays valid");

  gr_json_writer_string (&json, "a\xff\n");
  g_assert_cmpstr (text->str, ==, "\"a\xef\xbf\xbd\\n\"");
}

static void
test_doubles (void)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    { 0, "0" },
    { 0.1, "0.1" },
    { 1.0 / 3, NULL },
    { -2.5e-7, "-2.5e-07" },
    { 1e300, NULL },
    { NAN, "null" },
    { INFINITY, "null" },
    { 5e-324, NULL },
    { 123456789.125, "123456789.125" },
  };

  g_test_summary ("Doubles read back as they were; what is not finite is null");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      GrJsonWriter json = GR_JSON_WRITER (text);

      gr_json_writer_double (&json, cases[i].value);
      g_assert_true (gr_json_scan (text->str, text->len, NULL, NULL));
      if (cases[i].text != NULL)
        g_assert_cmpstr (text->str, ==, cases[i].text);
      if (isfinite (cases[i].value))
        g_assert_cmpfloat (g_ascii_strtod (text->str, NULL), ==, cases[i].value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-writer/commas-and-brackets", test_structure);
  g_test_add_func ("/json-writer/strings-survive", test_strings);
  g_test_add_func ("/json-writer/repairs-utf-8", test_not_utf8);
  g_test_add_func ("/json-writer/doubles-survive", test_doubles);
  return g_test_run ();
}
