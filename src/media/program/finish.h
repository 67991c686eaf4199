/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording is Matroska while it grows, since that survives a process that dies; when it ends, or at the next start,
 * it is put in order: MP4 with its index in front (pipelines/finish-mp4), and a small picture of it
 * (pipelines/thumbnail). Nothing is decoded but that one picture. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  GR_FINISHED_WHOLE,
  GR_FINISHED_CROWDED, /* there was no room for a second copy */
  GR_FINISHED_HALF,    /* its sound or its pictures never came: an MP4 wants both */
} GrFinishedAs;

typedef struct
{
  GrFinishedAs as;
  char *path;      /* ID.mp4; ID.mkv unless it is whole */
  char *thumbnail; /* ID.jpg, or NULL */
  double seconds;
} GrFinished;

void gr_finished_free (GrFinished *finished);

/* @path: ID.mkv, which goes once ID.mp4 is complete. On a thread of its own; cancelled, it leaves ID.mkv as it was.
 * GR_ERROR_NOT_FOUND; GR_ERROR_INVALID_INPUT if nothing can be read from it. */
void gr_finish_async (const char *path,
                      const char *pipelines,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
GrFinished *gr_finish_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GrFinished, gr_finished_free)

G_END_DECLS
