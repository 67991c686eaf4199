/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What greenroomd asks of a show, as values: its settings, its scene, the people in it. Read from JSON that came over
 * the private D-Bus; bounded and checked all the same. Pure; main thread. */
#pragma once

#include <glib.h>

#include "media/program/layout.h"
#include "plugins/layoutmix/shot.h"

G_BEGIN_DECLS

typedef struct
{
  gint width;
  gint height;
  gint frames_per_second;
  gint video_bits;
  gint audio_bits;
  gint keyframe_seconds;
  char *pipelines_directory; /* NULL: what is built in */
} GrShowSettings;

void gr_show_settings_clear (GrShowSettings *settings);
/* Even sizes from 320×180 to 1920×1080, 24 to 60 frames. GR_ERROR_INVALID_INPUT, GR_ERROR_MALFORMED. */
gboolean gr_show_settings_read (GrShowSettings *settings, const char *json, GError **error);

/* Who is seen. */
typedef struct
{
  char *participant;
  gboolean screen; /* else the camera */
  GrFit fit;
} GrSceneEntry;

typedef enum
{
  GR_CORNER_TOP_LEFT,
  GR_CORNER_TOP_RIGHT,
  GR_CORNER_BOTTOM_LEFT,
  GR_CORNER_BOTTOM_RIGHT
} GrCorner;

/* Texts and paths are NULL where there is nothing to show. */
typedef struct
{
  GrLayout layout;
  GArray *order; /* of GrSceneEntry */
  GrTransition transition;
  guint transition_ms;
  gboolean name_tags;
  guint32 colour; /* 0xRRGGBB */
  guint32 background;
  char *background_path;
  char *logo_path;
  GrCorner logo_corner;
  char *overlay_path;
  char *banner_title;
  char *banner_subtitle;
  char *title; /* of the show */
  char *ticker;
  char *message_name;
  char *message_text;
} GrScene;

/* An empty grid. */
GrScene *gr_scene_new (void);
GrScene *gr_scene_read (const char *json, GError **error);
void gr_scene_free (GrScene *scene);

typedef struct
{
  char *participant;
  char *name;
  double gain; /* 0 to 4, linear */
  gboolean on_stage;
  gboolean camera; /* FALSE: switched off */
} GrPersonOnShow;

/* (transfer full): of GrPersonOnShow. */
GArray *gr_people_read (const char *json, GError **error);
GArray *gr_people_new (void);
const GrPersonOnShow *gr_people_find (GArray *people, const char *participant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrScene, gr_scene_free)

G_END_DECLS
