/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GrImageWorker: the GrPictureMaker that starts a greenroom-image for each picture, so that what one file does to a
 * decoder meets nobody else's: the process has seen one picture, has bounds of time and memory that are this picture's,
 * and is killed when it is late. Owned by the composition root; pool threads call it. */
#pragma once

#include "base/config.h"
#include "domain/ports/picture-maker.h"

G_BEGIN_DECLS

#define GR_TYPE_IMAGE_WORKER (gr_image_worker_get_type ())
G_DECLARE_FINAL_TYPE (GrImageWorker, gr_image_worker, GR, IMAGE_WORKER, GObject)

/* The program is [pictures] program; without one every call is UNAVAILABLE. */
GrImageWorker *gr_image_worker_new (GrConfig *config);

/* Ends the calls under way, which fail with UNAVAILABLE, and those to come. */
void gr_image_worker_stop (GrImageWorker *worker);

G_END_DECLS
