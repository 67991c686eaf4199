/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "domain/studio/scene.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length);

static void
must_explain (const GError *error)
{
  if (error == NULL || !g_utf8_validate (error->message, -1, NULL))
    abort ();
}

/* What is written is read again, as the same. */
static void
must_last (GrScene *scene)
{
  g_autofree char *text = gr_scene_to_text (scene);
  g_autoptr (GrScene) again = gr_scene_parse (text, NULL);
  g_autofree char *text_again = again != NULL ? gr_scene_to_text (again) : NULL;

  if (g_strcmp0 (text, text_again) != 0 || gr_scene_count_sources (scene) > 16)
    abort ();
}

/* Any text is a scene, or a patch of one, or is refused with a reason; and what was accepted once is so for ever. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, size_t length)
{
  g_autofree char *text = g_strndup ((const char *) bytes, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GrScene) scene = gr_scene_parse (text, &error);
  g_autoptr (JsonNode) node = gr_json_parse (text, strlen (text), NULL);
  g_autoptr (GrScene) blank = gr_scene_new_default ();
  g_autoptr (GrScene) merged = NULL;

  if (scene != NULL)
    must_last (scene);
  else
    must_explain (error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return 0;

  g_clear_error (&error);
  merged = gr_scene_merge (blank, json_node_get_object (node), &error);
  if (merged != NULL)
    must_last (merged);
  else
    must_explain (error);

  return 0;
}
