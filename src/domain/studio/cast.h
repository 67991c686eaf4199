/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is in a show: a scene and the people of a live room, put together for the program process. @room may be NULL:
 * then nobody is. Main thread. */
#pragma once

#include "domain/rooms/room.h"
#include "domain/studio/scene.h"

G_BEGIN_DECLS

/* GrSceneSources that can be seen now: of those that the scene names who is on stage, or, when it names none, everybody
 * on stage as they came, screens first. They point into @room and @scene. */
GArray *gr_cast_resolve (GrRoom *room, GrScene *scene);

/* The tracks that make it, as a(ss) of participant and kind, floating: @sources, and what can be heard. */
GVariant *gr_cast_get_tracks (GrRoom *room, GArray *sources);

/* Everybody who could be in it, with name and gain, as JSON; the caller's. */
char *gr_cast_write_people (GrRoom *room);

char *gr_cast_write_scene (GrScene *scene, const char *title, GArray *sources, GrPicturePath path, gpointer user_data);

/* Who only watches. */
guint gr_cast_count_viewers (GrRoom *room);

G_END_DECLS
