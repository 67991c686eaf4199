/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/scene.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"

#define ANN "01890000-0000-7000-8000-000000000001"
#define BOB "01890000-0000-7000-8000-000000000002"
#define PICTURE "01890000-0000-7000-8000-0000000000aa"

static GrScene *
merge (GrScene *scene, const char *patch, GError **error)
{
  g_autoptr (JsonNode) node = gr_json_parse (patch, strlen (patch), error);

  g_assert_nonnull (node);

  return gr_scene_merge (scene, json_node_get_object (node), error);
}

static void
test_merge (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrScene) blank = gr_scene_new_default ();
  g_autoptr (GrScene) dressed = merge (blank,
                                       "{\"layout\":\"pip\",\"order\":[{\"participantId\":\"" ANN
                                       "\",\"kind\":\"screen\"},{\"participantId\":\"" ANN "\",\"kind\":\"camera\"}],"
                                       "\"banner\":{\"title\":\"Привіт\"},\"background\":{\"picture\":\"" PICTURE
                                       "\"},\"logo\":{\"picture\":\"" PICTURE "\"},\"revision\":4}",
                                       &error);
  g_autoptr (GrScene) bare = NULL;
  g_autofree char *text = NULL;
  g_autofree char *before = gr_scene_to_text (blank);

  g_test_summary ("A patch changes what it names, takes away by null, and leaves the scene before as it was");
  g_assert_no_error (error);
  g_assert_cmpuint (gr_scene_count_sources (dressed), ==, 2);
  g_assert_cmpstr (gr_scene_get_source (dressed, 0).fit, ==, "fit");
  g_assert_cmpstr (gr_scene_get_source (dressed, 1).fit, ==, "crop");
  text = gr_scene_to_text (dressed);
  g_assert_nonnull (strstr (text, "\"background\":{\"colour\":\"#101614\",\"picture\":\"" PICTURE "\"}"));
  g_assert_nonnull (strstr (text, "\"subtitle\":\"\""));
  g_assert_nonnull (strstr (text, "\"corner\":\"top-right\""));
  g_assert_null (strstr (text, "revision"));

  bare = merge (dressed, "{\"banner\":null,\"logo\":null,\"order\":[],\"background\":{\"picture\":null}}", &error);
  g_assert_no_error (error);
  g_clear_pointer (&text, g_free);
  text = gr_scene_to_text (bare);
  g_assert_nonnull (strstr (text, "\"banner\":null"));
  g_assert_nonnull (strstr (text, "\"layout\":\"pip\""));
  g_assert_nonnull (strstr (before, "\"layout\":\"grid\""));
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *patch;
    const char *field;
  } rows[] = {
    { "{\"layout\":\"circle\"}", "layout" },
    { "{\"layout\":null}", "layout" },
    { "{\"colour\":\"red\"}", "colour" },
    { "{\"transition\":{\"ms\":2001}}", "transition.ms" },
    { "{\"transition\":{\"kind\":\"spin\"}}", "transition.kind" },
    { "{\"banner\":{\"subtitle\":\"no title\"}}", "banner.title" },
    { "{\"banner\":{\"title\":\"a\\u0007b\"}}", "banner.title" },
    { "{\"ticker\":\"\"}", "ticker" },
    { "{\"ticker\":\"one\\ntwo\"}", "ticker" },
    { "{\"logo\":{\"corner\":\"top-left\"}}", "logo.picture" },
    { "{\"logo\":{\"picture\":\"../../etc/passwd\"}}", "logo.picture" },
    { "{\"message\":{\"name\":\"Ann\"}}", "message.text" },
    { "{\"nameTags\":\"yes\"}", "nameTags" },
    { "{\"order\":{}}", "order" },
    { "{\"order\":[{\"participantId\":\"" ANN "\"}]}", "order.0.kind" },
    { "{\"order\":[{\"participantId\":\"" ANN "\",\"kind\":\"camera\"},{\"participantId\":\"" ANN
      "\",\"kind\":\"camera\",\"fit\":\"fit\"}]}",
      "order.1.participantId" },
    { "{\"sparkles\":true}", "sparkles" },
    { "{\"background\":{\"colour\":\"#ffffff\",\"tile\":1}}", "background.tile" },
  };
  g_autoptr (GrScene) blank = gr_scene_new_default ();

  g_test_summary ("What does not fit is refused by the name of its member");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (merge (blank, rows[i].patch, &error));
      g_assert_error (error, GR_ERROR, GR_ERROR_INVALID_INPUT);
      g_assert_cmpstr (gr_error_get_field (error), ==, rows[i].field);
    }
}

static char *
path_of (const char *picture_id, gpointer data)
{
  return g_strdup_printf ("/pictures/%s.png", picture_id);
}

static void
test_for_program (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GrScene) blank = gr_scene_new_default ();
  g_autoptr (GrScene) scene = merge (blank,
                                     "{\"overlay\":{\"picture\":\"" PICTURE "\"},\"order\":[{\"participantId\":\"" ANN
                                     "\",\"kind\":\"camera\"}]}",
                                     &error);
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (GrSceneSource));
  GrSceneSource bob = { BOB, "screen", "fit" };
  g_autoptr (GString) text = g_string_new (NULL);
  GrJsonWriter json = GR_JSON_WRITER (text);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_test_summary ("The program process gets who is to be seen, and files in place of pictures");
  g_array_append_val (sources, bob);
  gr_scene_write_for_program (&json, scene, "Friday", sources, path_of, NULL);
  node = gr_json_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  object = json_node_get_object (node);
  g_assert_cmpstr (gr_json_string (object, "title"), ==, "Friday");
  g_assert_cmpstr (gr_json_string (gr_json_object (object, "overlay"), "path"), ==, "/pictures/" PICTURE ".png");
  g_assert_null (gr_json_string (gr_json_object (object, "background"), "path"));
  g_assert_true (gr_json_has (gr_json_object (object, "background"), "path"));
  g_assert_cmpstr (gr_json_string (json_array_get_object_element (gr_json_array (object, "order"), 0), "participantId"),
                   ==, BOB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scene/merge", test_merge);
  g_test_add_func ("/scene/refusals", test_refusals);
  g_test_add_func ("/scene/for-program", test_for_program);

  return g_test_run ();
}
