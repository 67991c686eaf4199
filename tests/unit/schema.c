/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of base/schema. */
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/schema.h"

static const char *const colours[] = { "red", "green", NULL };
static const char *const only[] = { "join", NULL };

static const GrSchema title = { .type = GR_SCHEMA_STRING, .min_length = 1, .max_length = 5 };
static const GrSchema password = { .type = GR_SCHEMA_STRING, .min_length = 3 };
static const GrSchema colour = { .type = GR_SCHEMA_STRING, .enumeration = colours };
static const GrSchema type = { .type = GR_SCHEMA_STRING, .enumeration = only };
static const GrSchema slug = { .type = GR_SCHEMA_STRING, .pattern = "^[a-z]+$" };
static const GrSchema email = { .type = GR_SCHEMA_STRING, .format = GR_SCHEMA_FORMAT_EMAIL };
static const GrSchema uuid = { .type = GR_SCHEMA_STRING, .format = GR_SCHEMA_FORMAT_UUID };
static const GrSchema moment = { .type = GR_SCHEMA_STRING, .format = GR_SCHEMA_FORMAT_DATE_TIME, .nullable = TRUE };
static const GrSchema uri = { .type = GR_SCHEMA_STRING, .format = GR_SCHEMA_FORMAT_URI };
static const GrSchema capacity
    = { .type = GR_SCHEMA_INTEGER, .has_minimum = TRUE, .minimum = 1, .has_maximum = TRUE, .maximum = 500 };
static const GrSchema level = { .type = GR_SCHEMA_NUMBER, .has_maximum = TRUE };
static const GrSchema flag = { .type = GR_SCHEMA_BOOLEAN };
static const GrSchema any = { .type = GR_SCHEMA_ANY };

static const GrProperty item_properties[] = {
  { .name = "title", .schema = &title, .required = TRUE },
  { .name = "at", .schema = &moment },
  { 0 },
};
static const GrSchema item = { .type = GR_SCHEMA_OBJECT, .properties = item_properties, .closed = TRUE };
static const GrSchema items = { .type = GR_SCHEMA_ARRAY, .items = &item, .min_items = 1, .max_items = 4 };
static const GrProperty list_properties[] = {
  { .name = "items", .schema = &items, .required = TRUE },
  { 0 },
};
static const GrSchema list = { .type = GR_SCHEMA_OBJECT, .properties = list_properties };
static const GrSchema map = { .type = GR_SCHEMA_OBJECT, .additional = &flag };

static const struct
{
  const GrSchema *schema;
  const char *text;
  const char *field;
  const char *message; /* NULL: it fits */
} cases[] = {
  { &any, "[{}]", NULL, NULL },
  { &title, "\"a\"", NULL, NULL },
  { &title, "\"ééééé\"", NULL, NULL },
  { &title, "\"éééééé\"", NULL, "This must have at most 5 characters" },
  { &title, "\"\"", NULL, "This must not be empty" },
  { &title, "1", NULL, "This must be text" },
  { &title, "null", NULL, "This must be text" },
  { &title, "[]", NULL, "This must be text" },
  { &password, "\"ab\"", NULL, "This must have at least 3 characters" },
  { &colour, "\"green\"", NULL, NULL },
  { &colour, "\"blue\"", NULL, "This must be one of red, green" },
  { &type, "\"leave\"", NULL, "This must be join" },
  { &slug, "\"abc\"", NULL, NULL },
  { &slug, "\"abc1\"", NULL, "This must match ^[a-z]+$" },
  { &slug, "\"abc\\n\"", NULL, "This must match ^[a-z]+$" },
  { &email, "\"a.b+c@example.org\"", NULL, NULL },
  { &email, "\"root@localhost\"", NULL, NULL },
  { &email, "\"жук@пример.укр\"", NULL, NULL },
  { &email, "\"a@b@c\"", NULL, "This must be an e-mail address" },
  { &email, "\"a b@c.d\"", NULL, "This must be an e-mail address" },
  { &email, "\"@c.d\"", NULL, "This must be an e-mail address" },
  { &email, "\"a@\"", NULL, "This must be an e-mail address" },
  { &email, "\"a@.c\"", NULL, "This must be an e-mail address" },
  { &email, "\"a@c.\"", NULL, "This must be an e-mail address" },
  { &email, "\"a@-c.d\"", NULL, "This must be an e-mail address" },
  { &email, "\"a@c.d\\r\\nBcc: x@y.z\"", NULL, "This must be an e-mail address" },
  { &uuid, "\"0190a6b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b\"", NULL, NULL },
  { &uuid, "\"1\"", NULL, "This must be an id" },
  { &moment, "\"2026-11-21T10:00:00Z\"", NULL, NULL },
  { &moment, "null", NULL, NULL },
  { &moment, "\"tomorrow\"", NULL, "This must be a time such as 2026-11-21T10:00:00Z" },
  { &uri, "\"https://example.org/a?b\"", NULL, NULL },
  { &uri, "\"example.org\"", NULL, "This must be a complete URL" },
  { &capacity, "1", NULL, NULL },
  { &capacity, "500", NULL, NULL },
  { &capacity, "15.0", NULL, NULL },
  { &capacity, "0", NULL, "This must be at least 1" },
  { &capacity, "501", NULL, "This must be at most 500" },
  { &capacity, "1.5", NULL, "This must be a whole number" },
  { &capacity, "\"1\"", NULL, "This must be a whole number" },
  { &capacity, "true", NULL, "This must be a whole number" },
  { &capacity, "null", NULL, "This must be a whole number" },
  { &capacity, "9223372036854775807", NULL, "This must be a whole number" },
  { &level, "-0.5", NULL, NULL },
  { &level, "0.5", NULL, "This must be at most 0" },
  { &level, "{}", NULL, "This must be a number" },
  { &flag, "true", NULL, NULL },
  { &flag, "1", NULL, "This must be true or false" },
  { &flag, "\"true\"", NULL, "This must be true or false" },
  { &list, "{\"items\":[{\"title\":\"a\"}],\"other\":1}", NULL, NULL },
  { &list, "[]", NULL, "This must be an object" },
  { &list, "{}", "items", "items is missing" },
  { &list, "{\"items\":null}", "items", "items must be a list" },
  { &list, "{\"items\":[]}", "items", "items must have at least 1 items" },
  { &list, "{\"items\":[1]}", "items.0", "items.0 must be an object" },
  { &list, "{\"items\":[{\"title\":\"a\"},{\"title\":\"b\"},{\"title\":\"c\"},{\"title\":7}]}", "items.3.title",
    "items.3.title must be text" },
  { &list, "{\"items\":[{\"title\":\"a\"},{}]}", "items.1.title", "items.1.title is missing" },
  { &list, "{\"items\":[{\"title\":\"a\",\"x\":1}]}", "items.0.x", "items.0.x is not known here" },
  { &list, "{\"items\":[{\"title\":\"a\"},{\"title\":\"a\"},{\"title\":\"a\"},{\"title\":\"a\"},{\"title\":\"a\"}]}",
    "items", "items must have at most 4 items" },
  { &map, "{\"a\":true,\"b\":false}", NULL, NULL },
  { &map, "{\"a\":true,\"b\":0}", "b", "b must be true or false" },
};

static void
test_cases (void)
{
  g_test_summary ("A document fits, or the error names the field and says what was expected");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = gr_json_parse (cases[i].text, strlen (cases[i].text), &error);

      g_assert_no_error (error);
      g_test_message ("%s", cases[i].text);
      g_assert_true (gr_schema_validate (cases[i].schema, node, &error) == (cases[i].message == NULL));
      if (cases[i].message == NULL)
        continue;

      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpstr (gr_error_get_field (error), ==, cases[i].field);
    }
}

static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *text = g_strdup_printf ("{\"title\":\"a\",\"%s\":1}", name);
  g_autoptr (JsonNode) node = gr_json_parse (text, strlen (text), NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("An error does not repeat a name of any length");

  g_assert_false (gr_schema_validate (&item, node, &error));
  g_assert_cmpuint (strlen (error->message), <, 100);
}

static void
test_no_body (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("No body is not an empty object");

  g_assert_false (gr_schema_validate (&list, NULL, &error));
  g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
}

static void
test_text (void)
{
  static const struct
  {
    const GrSchema *schema;
    const char *text;
    gboolean fits;
  } texts[] = {
    { &capacity, "20", TRUE },   { &capacity, "0", FALSE },      { &capacity, "", FALSE },
    { &capacity, " 20", FALSE }, { &capacity, "0x14", FALSE },   { &capacity, "2e1", FALSE },
    { &level, "-1.5", TRUE },    { &level, " -1", FALSE },       { &level, "nan", FALSE },
    { &level, "-inf", FALSE },   { &level, "-1x", FALSE },       { &flag, "true", TRUE },
    { &flag, "yes", FALSE },     { &colour, "red", TRUE },       { &colour, "blue", FALSE },
    { &title, "\xff", FALSE },   { &uuid, "not-a-uuid", FALSE },
  };

  g_test_summary ("A query parameter is read as what its schema says");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (texts[i].text, NULL);

      g_test_message ("%s", shown);
      g_assert_true (gr_schema_validate_text (texts[i].schema, texts[i].text, "limit", &error) == texts[i].fits);
      if (!texts[i].fits)
        g_assert_cmpstr (gr_error_get_field (error), ==, "limit");
    }
}

static gpointer
match_many (gpointer data)
{
  for (guint i = 0; i < 1000; i++)
    g_assert_true (gr_schema_validate_text (&slug, "abc", "slug", NULL));

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  g_test_summary ("Threads may validate against one schema at once");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("matcher", match_many, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/names-the-field-at-fault", test_cases);
  g_test_add_func ("/schema/errors-stay-short", test_long_name);
  g_test_add_func ("/schema/wants-a-body", test_no_body);
  g_test_add_func ("/schema/reads-parameters", test_text);
  g_test_add_func ("/schema/is-thread-safe", test_threads);
  return g_test_run ();
}
