/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrStage: puts a scene onto the mixer: who stands where, with which titles. Titles are drawn once per change. Owned by
 * the show. Main thread. */
#pragma once

#include "media/program/input.h"
#include "media/program/scene.h"
#include "plugins/layoutmix/layout-mix.h"

G_BEGIN_DECLS

typedef struct _GrStage GrStage;

GrStage *gr_stage_new (GrLayoutMix *mix, gint width, gint height);
void gr_stage_free (GrStage *stage);

/* @people: of GrPersonOnShow; @inputs: of GrInput. With @animated false it is a cut. */
void gr_stage_apply (GrStage *stage, const GrScene *scene, GArray *people, GPtrArray *inputs, gboolean animated);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrStage, gr_stage_free)

G_END_DECLS
