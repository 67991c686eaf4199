/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/program/scene.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"

#define MAX_PEOPLE 256
#define MAX_TRANSITION_MS 2000

static JsonNode *
parse (const char *json, JsonNodeType type, GError **error)
{
  g_autoptr (JsonNode) node = gr_json_parse (json, strlen (json), error);

  if (node != NULL && JSON_NODE_TYPE (node) != type)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, NULL,
                    type == JSON_NODE_ARRAY ? "A list is wanted" : "An object is wanted");
      return NULL;
    }
  return g_steal_pointer (&node);
}

static gboolean
read_number (
    JsonObject *object, const char *name, gint64 least, gint64 most, gint64 fallback, gint *value, GError **error)
{
  gint64 given = gr_json_int (object, name, fallback);

  if (given < least || given > most)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "%s is %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, name, least,
                    most);
      return FALSE;
    }

  *value = given;
  return TRUE;
}

void
gr_show_settings_clear (GrShowSettings *settings)
{
  g_clear_pointer (&settings->pipelines_directory, g_free);
}

gboolean
gr_show_settings_read (GrShowSettings *settings, const char *json, GError **error)
{
  g_autoptr (JsonNode) node = parse (json, JSON_NODE_OBJECT, error);
  JsonObject *object;

  memset (settings, 0, sizeof *settings);
  if (node == NULL)
    return FALSE;

  object = json_node_get_object (node);
  if (!read_number (object, "width", 320, 1920, 1280, &settings->width, error)
      || !read_number (object, "height", 180, 1920, 720, &settings->height, error)
      || !read_number (object, "framesPerSecond", 15, 60, 30, &settings->frames_per_second, error)
      || !read_number (object, "videoBits", 200000, 20000000, 4500000, &settings->video_bits, error)
      || !read_number (object, "audioBits", 32000, 320000, 160000, &settings->audio_bits, error)
      || !read_number (object, "keyframeSeconds", 1, 10, 2, &settings->keyframe_seconds, error))
    return FALSE;
  if (settings->width % 2 != 0 || settings->height % 2 != 0)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "width", "Width and height are even");
      return FALSE;
    }

  settings->pipelines_directory = g_strdup (gr_json_string (object, "pipelinesDir"));
  return TRUE;
}

static void
entry_clear (gpointer data)
{
  GrSceneEntry *entry = data;

  g_free (entry->participant);
}

GrScene *
gr_scene_new (void)
{
  GrScene *scene = g_new0 (GrScene, 1);

  scene->order = g_array_new (FALSE, TRUE, sizeof (GrSceneEntry));
  g_array_set_clear_func (scene->order, entry_clear);
  scene->name_tags = TRUE;
  scene->colour = 0x1b7f5a;
  scene->background = 0x101614;
  return scene;
}

void
gr_scene_free (GrScene *scene)
{
  g_array_unref (scene->order);
  g_free (scene->background_path);
  g_free (scene->logo_path);
  g_free (scene->overlay_path);
  g_free (scene->banner_title);
  g_free (scene->banner_subtitle);
  g_free (scene->title);
  g_free (scene->ticker);
  g_free (scene->message_name);
  g_free (scene->message_text);
  g_free (scene);
}

/* "#1b7f5a" */
static gboolean
read_colour (JsonObject *object, const char *name, guint32 *colour, GError **error)
{
  const char *text = object != NULL ? gr_json_string (object, name) : NULL;

  if (text == NULL)
    return TRUE;
  if (text[0] != '#' || strlen (text) != 7 || strspn (text + 1, "0123456789abcdefABCDEF") != 6)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "A colour is # and six hexadecimal digits");
      return FALSE;
    }

  *colour = g_ascii_strtoull (text + 1, NULL, 16);
  return TRUE;
}

/* Which of @names, NULL-terminated, the member is; 0 if it is absent. */
static gboolean
read_name (JsonObject *object, const char *name, const char *const *names, guint *found, GError **error)
{
  const char *text = object != NULL ? gr_json_string (object, name) : NULL;

  *found = 0;
  if (text == NULL)
    return TRUE;
  while (names[*found] != NULL && !g_str_equal (names[*found], text))
    (*found)++;
  if (names[*found] == NULL)
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, name, "%s cannot be “%s”", name, text);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_order (GrScene *scene, JsonArray *order, GError **error)
{
  static const char *const kinds[] = { "camera", "screen", NULL };
  static const char *const fits[] = { "crop", "fit", NULL };
  guint n = order != NULL ? json_array_get_length (order) : 0;

  for (guint i = 0; i < n && scene->order->len < GR_LAYOUT_MAX_PICTURES; i++)
    {
      JsonNode *node = json_array_get_element (order, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *participant = object != NULL ? gr_json_string (object, "participantId") : NULL;
      GrSceneEntry entry = { 0 };
      guint kind, fit;

      if (participant == NULL)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "order", "Each picture in order names its participantId");
          return FALSE;
        }
      if (!read_name (object, "kind", kinds, &kind, error) || !read_name (object, "fit", fits, &fit, error))
        return FALSE;

      entry.participant = g_strdup (participant);
      entry.screen = kind == 1;
      entry.fit = fit == 1 ? GR_FIT_WHOLE : GR_FIT_CROP;
      g_array_append_val (scene->order, entry);
    }

  return TRUE;
}

static gboolean
read_look (GrScene *scene, JsonObject *object, GError **error)
{
  static const char *const transitions[] = { "cut", "fade", "move", NULL };
  static const GrTransition meant[] = { GR_TRANSITION_CUT, GR_TRANSITION_FADE, GR_TRANSITION_MOVE };
  static const char *const corners[] = { "top-left", "top-right", "bottom-left", "bottom-right", NULL };
  JsonObject *transition = gr_json_object (object, "transition");
  JsonObject *background = gr_json_object (object, "background");
  JsonObject *logo = gr_json_object (object, "logo");
  JsonObject *overlay = gr_json_object (object, "overlay");
  gint ms = 0;
  guint kind, corner;

  if (!read_name (transition, "kind", transitions, &kind, error) || !read_name (logo, "corner", corners, &corner, error)
      || !read_colour (object, "colour", &scene->colour, error)
      || !read_colour (background, "colour", &scene->background, error)
      || (transition != NULL && !read_number (transition, "ms", 0, MAX_TRANSITION_MS, 0, &ms, error)))
    return FALSE;

  scene->transition = meant[kind];
  scene->transition_ms = ms;
  scene->name_tags = gr_json_bool (object, "nameTags", TRUE);
  scene->background_path = background != NULL ? g_strdup (gr_json_string (background, "path")) : NULL;
  scene->logo_path = logo != NULL ? g_strdup (gr_json_string (logo, "path")) : NULL;
  scene->logo_corner = (GrCorner) corner;
  scene->overlay_path = overlay != NULL ? g_strdup (gr_json_string (overlay, "path")) : NULL;
  return TRUE;
}

static void
read_texts (GrScene *scene, JsonObject *object)
{
  JsonObject *banner = gr_json_object (object, "banner");
  JsonObject *message = gr_json_object (object, "message");

  scene->banner_title = banner != NULL ? g_strdup (gr_json_string (banner, "title")) : NULL;
  scene->banner_subtitle = banner != NULL ? g_strdup (gr_json_string (banner, "subtitle")) : NULL;
  scene->title = g_strdup (gr_json_string (object, "title"));
  scene->ticker = g_strdup (gr_json_string (object, "ticker"));
  scene->message_name = message != NULL ? g_strdup (gr_json_string (message, "name")) : NULL;
  scene->message_text = message != NULL ? g_strdup (gr_json_string (message, "text")) : NULL;
}

GrScene *
gr_scene_read (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = parse (json, JSON_NODE_OBJECT, error);
  g_autoptr (GrScene) scene = gr_scene_new ();
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  const char *layout = object != NULL ? gr_json_string (object, "layout") : NULL;

  if (object == NULL)
    return NULL;
  if (layout != NULL && !gr_layout_from_name (layout, &scene->layout))
    {
      gr_set_error (error, GR_ERROR_INVALID_INPUT, "layout", "There is no layout “%s”", layout);
      return NULL;
    }
  if (!read_order (scene, gr_json_array (object, "order"), error) || !read_look (scene, object, error))
    return NULL;

  read_texts (scene, object);
  return g_steal_pointer (&scene);
}

static void
person_clear (gpointer data)
{
  GrPersonOnShow *person = data;

  g_free (person->participant);
  g_free (person->name);
}

GArray *
gr_people_new (void)
{
  GArray *people = g_array_new (FALSE, TRUE, sizeof (GrPersonOnShow));

  g_array_set_clear_func (people, person_clear);
  return people;
}

static double
read_gain (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "gain");

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? CLAMP (json_node_get_double (node), 0, 4) : 1;
}

GArray *
gr_people_read (const char *json, GError **error)
{
  g_autoptr (JsonNode) node = parse (json, JSON_NODE_ARRAY, error);
  g_autoptr (GArray) people = gr_people_new ();
  JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array) && people->len < MAX_PEOPLE; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *participant = object != NULL ? gr_json_string (object, "participantId") : NULL;
      GrPersonOnShow person = { 0 };

      if (participant == NULL)
        {
          gr_set_error (error, GR_ERROR_INVALID_INPUT, "people", "Each of the people has a participantId");
          return NULL;
        }

      person.participant = g_strdup (participant);
      person.name = g_strdup (gr_json_string (object, "name"));
      person.gain = read_gain (object);
      person.on_stage = gr_json_bool (object, "onStage", FALSE);
      person.camera = gr_json_bool (object, "camera", TRUE);
      g_array_append_val (people, person);
    }

  return g_steal_pointer (&people);
}

const GrPersonOnShow *
gr_people_find (GArray *people, const char *participant)
{
  for (guint i = 0; i < people->len; i++)
    if (g_str_equal (g_array_index (people, GrPersonOnShow, i).participant, participant))
      return &g_array_index (people, GrPersonOnShow, i);

  return NULL;
}
