/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrScene: what a show looks like: layout, who is seen, titles, brand; SceneDocument of the contract as a value.
 * Immutable, owned by whoever holds the pointer; any thread. Where the people's boxes lie is the mixer's business. */
#pragma once

#include <json-glib/json-glib.h>

#include "base/json-writer.h"

G_BEGIN_DECLS

#define GR_SCENE_MAX_SOURCES 16

typedef struct _GrScene GrScene;

/* One of those who are seen. */
typedef struct
{
  const char *participant_id;
  const char *kind; /* "camera" or "screen" */
  const char *fit;  /* "crop" or "fit" */
} GrSceneSource;

/* What a show looks like until somebody says otherwise. */
GrScene *gr_scene_new_default (void);

/* A stored document, or NULL with @error: INVALID_INPUT names the member, MALFORMED is not JSON. */
GrScene *gr_scene_parse (const char *text, GError **error);

/* @scene changed by a merge patch (RFC 7396); the member "revision" is left out of account. INVALID_INPUT names the
 * member that does not fit, such as "order.1.participantId" for somebody who is seen twice. */
GrScene *gr_scene_merge (GrScene *scene, JsonObject *patch, GError **error);

/* The document. */
char *gr_scene_to_text (GrScene *scene);

/* Those that the scene names, the featured one first. None: whoever is on stage. */
guint gr_scene_count_sources (GrScene *scene);
GrSceneSource gr_scene_get_source (GrScene *scene, guint index);

/* The file of a picture, for the program process; the caller's. NULL: it is gone. */
typedef char *(*GrPicturePath) (const char *picture_id, gpointer user_data);

/* Appends the document as the program process wants it: with @show_title, @sources as the order, and beside each
 * picture its path. */
void gr_scene_write_for_program (GrJsonWriter *writer,
                                 GrScene *scene,
                                 const char *show_title,
                                 GArray *sources,
                                 GrPicturePath path,
                                 gpointer user_data);

void gr_scene_free (GrScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrScene, gr_scene_free)

G_END_DECLS
