/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "domain/studio/scene.h"

#include <string.h>

#include "base/error.h"
#include "base/json.h"
#include "base/schema.h"

#define LINE "^[^\\p{Cc}]*$"
#define LINES "^(\\n|[^\\p{Cc}])*$"

#define DEFAULT                                                                                                        \
  "{\"layout\":\"grid\",\"order\":[],\"transition\":{\"kind\":\"move\",\"ms\":400},\"nameTags\":true,"                 \
  "\"colour\":\"#1b7f5a\",\"background\":{\"colour\":\"#101614\",\"picture\":null},\"logo\":null,\"overlay\":null,"    \
  "\"banner\":null,\"ticker\":null,\"message\":null}"

struct _GrScene
{
  JsonNode *node; /* an object, never changed */
};

/* The document whole: SceneUpdate of the contract with nothing left out. */
#define WORDS(...)                                                                                                     \
  (const char *const[])                                                                                                \
  {                                                                                                                    \
    __VA_ARGS__, NULL                                                                                                  \
  }

static const GrSchema uuid = { .type = GR_SCHEMA_STRING, .format = GR_SCHEMA_FORMAT_UUID };
static const GrSchema colour = { .type = GR_SCHEMA_STRING, .pattern = "^#[0-9a-f]{6}$" };
static const GrSchema flag = { .type = GR_SCHEMA_BOOLEAN };
static const GrSchema title = { .type = GR_SCHEMA_STRING, .min_length = 1, .max_length = 80, .pattern = LINE };
static const GrSchema subtitle = { .type = GR_SCHEMA_STRING, .max_length = 120, .pattern = LINE };
static const GrSchema name = { .type = GR_SCHEMA_STRING, .min_length = 1, .max_length = 40, .pattern = LINE };
static const GrSchema words = { .type = GR_SCHEMA_STRING, .min_length = 1, .max_length = 500, .pattern = LINES };
static const GrSchema picture = { .type = GR_SCHEMA_STRING, .nullable = TRUE, .format = GR_SCHEMA_FORMAT_UUID };
static const GrSchema milliseconds
    = { .type = GR_SCHEMA_INTEGER, .has_minimum = TRUE, .has_maximum = TRUE, .maximum = 2000 };
static const GrSchema layout
    = { .type = GR_SCHEMA_STRING, .enumeration = WORDS ("grid", "spotlight", "sidebar", "solo", "screen", "pip") };
static const GrSchema source_kind = { .type = GR_SCHEMA_STRING, .enumeration = WORDS ("camera", "screen") };
static const GrSchema source_fit = { .type = GR_SCHEMA_STRING, .enumeration = WORDS ("crop", "fit") };
static const GrSchema transition_kind = { .type = GR_SCHEMA_STRING, .enumeration = WORDS ("cut", "fade", "move") };
static const GrSchema corner
    = { .type = GR_SCHEMA_STRING, .enumeration = WORDS ("top-left", "top-right", "bottom-left", "bottom-right") };
static const GrSchema ticker
    = { .type = GR_SCHEMA_STRING, .nullable = TRUE, .min_length = 1, .max_length = 500, .pattern = LINE };

#define OBJECT(...)                                                                                                    \
  .type = GR_SCHEMA_OBJECT, .closed = TRUE, .properties = (const GrProperty[])                                         \
  {                                                                                                                    \
    __VA_ARGS__,                                                                                                       \
    {                                                                                                                  \
      NULL, NULL, FALSE                                                                                                \
    }                                                                                                                  \
  }

static const GrSchema source
    = { OBJECT ({ "participantId", &uuid, TRUE }, { "kind", &source_kind, TRUE }, { "fit", &source_fit, TRUE }) };
static const GrSchema order = { .type = GR_SCHEMA_ARRAY, .items = &source, .max_items = GR_SCENE_MAX_SOURCES };
static const GrSchema transition = { OBJECT ({ "kind", &transition_kind, TRUE }, { "ms", &milliseconds, TRUE }) };
static const GrSchema background = { OBJECT ({ "colour", &colour, TRUE }, { "picture", &picture, TRUE }) };
static const GrSchema logo = { OBJECT ({ "picture", &uuid, TRUE }, { "corner", &corner, TRUE }), .nullable = TRUE };
static const GrSchema overlay = { OBJECT ({ "picture", &uuid, TRUE }), .nullable = TRUE };
static const GrSchema banner
    = { OBJECT ({ "title", &title, TRUE }, { "subtitle", &subtitle, TRUE }), .nullable = TRUE };
static const GrSchema message = { OBJECT ({ "name", &name, TRUE }, { "text", &words, TRUE }), .nullable = TRUE };

static const GrSchema document = { OBJECT ({ "layout", &layout, TRUE },
                                           { "order", &order, TRUE },
                                           { "transition", &transition, TRUE },
                                           { "nameTags", &flag, TRUE },
                                           { "colour", &colour, TRUE },
                                           { "background", &background, TRUE },
                                           { "logo", &logo, TRUE },
                                           { "overlay", &overlay, TRUE },
                                           { "banner", &banner, TRUE },
                                           { "ticker", &ticker, TRUE },
                                           { "message", &message, TRUE }) };

/* A member of the member; NULL where either is null. */
static JsonObject *
member_of (JsonObject *object, const char *member)
{
  return gr_json_object (object, member);
}

static void
set_default (JsonObject *object, const char *member, const char *value)
{
  if (object != NULL && !gr_json_has (object, member))
    json_object_set_string_member (object, member, value);
}

/* What may be left out in a patch and has a value nevertheless. */
static void
complete (JsonObject *scene)
{
  JsonArray *sources = gr_json_array (scene, "order");

  set_default (member_of (scene, "logo"), "corner", "top-right");
  set_default (member_of (scene, "banner"), "subtitle", "");

  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);
      JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (one != NULL)
        set_default (one, "fit", g_strcmp0 (gr_json_string (one, "kind"), "screen") == 0 ? "fit" : "crop");
    }
}

static gboolean
shows_each_once (JsonArray *sources, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < json_array_get_length (sources); i++)
    {
      JsonObject *one = json_array_get_object_element (sources, i);
      char *key = g_strconcat (gr_json_string (one, "participantId"), " ", gr_json_string (one, "kind"), NULL);

      if (!g_hash_table_add (seen, key))
        {
          g_autofree char *field = g_strdup_printf ("order.%u.participantId", i);

          gr_set_error (error, GR_ERROR_INVALID_INPUT, field, "The same picture cannot be seen twice");
          return FALSE;
        }
    }

  return TRUE;
}

/* Takes @node. */
static GrScene *
make (JsonNode *node, GError **error)
{
  g_autoptr (JsonNode) owned = node;
  GrScene *scene;

  if (JSON_NODE_HOLDS_OBJECT (owned))
    complete (json_node_get_object (owned));

  if (!gr_schema_validate (&document, owned, error)
      || !shows_each_once (gr_json_array (json_node_get_object (owned), "order"), error))
    return NULL;

  scene = g_new0 (GrScene, 1);
  scene->node = g_steal_pointer (&owned);
  json_node_seal (scene->node);

  return scene;
}

GrScene *
gr_scene_new_default (void)
{
  GrScene *scene = gr_scene_parse (DEFAULT, NULL);

  g_assert (scene != NULL);

  return scene;
}

GrScene *
gr_scene_parse (const char *text, GError **error)
{
  JsonNode *node = gr_json_parse (text, strlen (text), error);

  return node != NULL ? make (node, error) : NULL;
}

static JsonNode *merge_nodes (JsonNode *target, JsonNode *patch);

/* RFC 7396, section 2, but for null, which stays as what says that there is none. */
static JsonNode *
merge_objects (JsonObject *target, JsonObject *patch)
{
  JsonObject *merged = json_object_new ();
  JsonNode *node = json_node_init_object (json_node_alloc (), merged);
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  for (GList *members = target != NULL ? json_object_get_members (target) : NULL; members != NULL;
       members = g_list_delete_link (members, members))
    json_object_set_member (merged, members->data, json_node_copy (json_object_get_member (target, members->data)));

  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &member, &value))
    json_object_set_member (merged, member, merge_nodes (json_object_get_member (merged, member), value));
  json_object_unref (merged);

  return node;
}

static JsonNode *
merge_nodes (JsonNode *target, JsonNode *patch)
{
  if (!JSON_NODE_HOLDS_OBJECT (patch))
    return json_node_copy (patch);

  return merge_objects (target != NULL && JSON_NODE_HOLDS_OBJECT (target) ? json_node_get_object (target) : NULL,
                        json_node_get_object (patch));
}

/* json_node_copy() shares objects and arrays; a text between parts them, so that completing one changes no other. */
static JsonNode *
part (JsonNode *shared)
{
  g_autofree char *text = gr_json_text (shared);

  return json_from_string (text, NULL);
}

GrScene *
gr_scene_merge (GrScene *scene, JsonObject *patch, GError **error)
{
  g_autoptr (JsonNode) merged = merge_objects (json_node_get_object (scene->node), patch);

  json_object_remove_member (json_node_get_object (merged), "revision");

  return make (part (merged), error);
}

char *
gr_scene_to_text (GrScene *scene)
{
  return gr_json_text (scene->node);
}

guint
gr_scene_count_sources (GrScene *scene)
{
  return json_array_get_length (gr_json_array (json_node_get_object (scene->node), "order"));
}

GrSceneSource
gr_scene_get_source (GrScene *scene, guint index)
{
  JsonArray *sources = gr_json_array (json_node_get_object (scene->node), "order");
  JsonObject *one = json_array_get_object_element (sources, index);

  return (GrSceneSource){ .participant_id = gr_json_string (one, "participantId"),
                          .kind = gr_json_string (one, "kind"),
                          .fit = gr_json_string (one, "fit") };
}

static void
write_sources (GrJsonWriter *writer, GArray *sources)
{
  gr_json_writer_begin_array (writer);
  for (guint i = 0; i < sources->len; i++)
    {
      const GrSceneSource *one = &g_array_index (sources, GrSceneSource, i);

      gr_json_writer_begin_object (writer);
      gr_json_writer_string_member (writer, "participantId", one->participant_id);
      gr_json_writer_string_member (writer, "kind", one->kind);
      gr_json_writer_string_member (writer, "fit", one->fit);
      gr_json_writer_end_object (writer);
    }
  gr_json_writer_end_array (writer);
}

/* What holds a picture, with the picture's path. */
static void
write_pictured (GrJsonWriter *writer, JsonObject *holder, GrPicturePath path, gpointer user_data)
{
  const char *id = gr_json_string (holder, "picture");
  g_autofree char *file = id != NULL ? path (id, user_data) : NULL;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  gr_json_writer_begin_object (writer);
  json_object_iter_init (&iter, holder);
  while (json_object_iter_next (&iter, &member, &value))
    {
      g_autofree char *text = gr_json_text (value);

      gr_json_writer_raw_member (writer, member, text);
    }
  gr_json_writer_string_member (writer, "path", file);
  gr_json_writer_end_object (writer);
}

void
gr_scene_write_for_program (GrJsonWriter *writer,
                            GrScene *scene,
                            const char *show_title,
                            GArray *sources,
                            GrPicturePath path,
                            gpointer user_data)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  gr_json_writer_begin_object (writer);
  gr_json_writer_string_member (writer, "title", show_title);
  json_object_iter_init (&iter, json_node_get_object (scene->node));
  while (json_object_iter_next (&iter, &member, &value))
    {
      gr_json_writer_name (writer, member);

      if (g_str_equal (member, "order"))
        {
          write_sources (writer, sources);
        }
      else if (JSON_NODE_HOLDS_OBJECT (value) && json_object_has_member (json_node_get_object (value), "picture"))
        {
          write_pictured (writer, json_node_get_object (value), path, user_data);
        }
      else
        {
          g_autofree char *text = gr_json_text (value);

          gr_json_writer_raw (writer, text);
        }
    }
  gr_json_writer_end_object (writer);
}

void
gr_scene_free (GrScene *scene)
{
  json_node_unref (scene->node);
  g_free (scene);
}
