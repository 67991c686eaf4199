/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scene: a plane of plugins/hubtransport without its thread, for tests that turn it and set its clock. Owned by the
 * test, on its thread. */
#pragma once

#include "plugins/hubtransport/plane.h"

typedef struct
{
  GrPlane *plane;
  GrMailbox *commands;
  GrMailbox *notices;
} Scene;

/* A UDP socket on a free port of the loopback interface; the caller's. */
int scene_open_socket (void);

#define SCENE_LIVENESS (8 * G_USEC_PER_SEC)

/* Around a test (g_test_add()): a plane at a socket, with SCENE_LIVENESS. */
void scene_set_up (Scene *scene, gconstpointer data);
void scene_tear_down (Scene *scene, gconstpointer data);

/* The plane listens at @fd, which it takes, or nowhere where that is -1. @liveness: microseconds. */
void scene_open (Scene *scene, int fd, gint64 liveness);
void scene_close (Scene *scene);

void scene_obey (Scene *scene, GrCommand command);

/* Lets @time, in microseconds, pass, and does what is due. */
void scene_pass (Scene *scene, gint64 time);

/* Whether main was told a fact of @kind since it was asked last; the last one. */
gboolean scene_was_told (Scene *scene, GrHubFactKind kind, GrHubFact *fact);
